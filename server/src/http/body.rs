//! A request's body as it comes: decoded, bounded, and read in lines.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use async_compression::{
    tokio::bufread::{GzipDecoder, ZstdDecoder},
    zstd::DParameter,
};
use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use futures_util::TryStreamExt;
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, BufReader},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_util::io::StreamReader;

use super::problem::Problem;

/// The most bytes that a request of items has, decoded.
pub const LARGEST: usize = 8 * 1024 * 1024;
/// The longest line, in bytes: the longest item is well below.
const LONGEST_LINE: usize = 512 * 1024;
/// How long a sender may be silent.
const SILENCE: Duration = Duration::from_secs(30);
/// The window that a zstd body may ask for, as a power of two: 8 MiB.
const ZSTD_WINDOW: u32 = 23;
/// What is counted at a time, in bytes.
const UNIT: usize = 64 * 1024;
/// How many units all requests' bodies may hold together: 128 MiB.
const UNITS: usize = 2048;

/// The memory that bodies may take, over all requests. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Budget(Arc<Semaphore>);

impl Default for Budget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(UNITS)))
    }
}

/// A body that is being read, and what it may take.
pub struct Incoming {
    reader: Pin<Box<dyn AsyncBufRead + Send>>,
    budget: Budget,
    held: Option<OwnedSemaphorePermit>,
}

/// What a sender's fault or a broken connection is answered with.
fn unreadable(error: &io::Error) -> Problem {
    Problem::Malformed(format!("The body could not be read to its end: {error}."))
}

impl Incoming {
    /// The body of a request with these headers.
    ///
    /// # Errors
    /// [`Problem::MediaType`] for an encoding that is not taken.
    pub fn new(headers: &HeaderMap, body: Body, budget: Budget) -> Result<Self, Problem> {
        let raw = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
        let encoding = headers
            .get(header::CONTENT_ENCODING)
            .map(|value| value.as_bytes().to_ascii_lowercase());
        let reader: Pin<Box<dyn AsyncBufRead + Send>> = match encoding.as_deref() {
            None | Some(b"identity") => Box::pin(raw),
            Some(b"gzip" | b"x-gzip") => {
                let mut decoder = GzipDecoder::new(raw);
                decoder.multiple_members(true);
                Box::pin(BufReader::with_capacity(UNIT, decoder))
            }
            Some(b"zstd") => {
                // A few bytes can ask for a window of gigabytes.
                let window = [DParameter::window_log_max(ZSTD_WINDOW)];
                let mut decoder = ZstdDecoder::with_params(raw, &window);
                decoder.multiple_members(true);
                Box::pin(BufReader::with_capacity(UNIT, decoder))
            }
            Some(_) => return Err(Problem::MediaType),
        };
        Ok(Self { reader, budget, held: None })
    }

    /// Makes sure that there is room for `bytes` in all.
    fn hold(&mut self, bytes: usize) -> Result<(), Problem> {
        let wanted = bytes.div_ceil(UNIT).max(1);
        let held = self.held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        if wanted > held {
            let more = u32::try_from(wanted - held).unwrap_or(u32::MAX);
            let room = Arc::clone(&self.budget.0).try_acquire_many_owned(more);
            let room = room.map_err(|_| Problem::Busy)?;
            match &mut self.held {
                Some(held) => held.merge(room),
                None => self.held = Some(room),
            }
        }
        Ok(())
    }

    /// All of it.
    ///
    /// # Errors
    /// [`Problem::Body`] where it is larger than [`LARGEST`], [`Problem::Malformed`] where it breaks off,
    /// [`Problem::Busy`] where all requests together hold too much.
    pub async fn whole(&mut self) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        loop {
            self.hold(bytes.len() + UNIT)?;
            let mut part = (&mut self.reader).take(UNIT as u64);
            let reading = part.read_to_end(&mut bytes);
            let read = timeout(SILENCE, reading).await.map_err(|_| Problem::Silent)?;
            if read.map_err(|error| unreadable(&error))? == 0 {
                return Ok(bytes);
            }
            if bytes.len() > LARGEST {
                return Err(Problem::Body);
            }
        }
    }

    /// Up to `most` lines, [`LARGEST`] bytes, or what comes within `patience` of the first; empty ones are
    /// left out. No lines mean that there are no more.
    ///
    /// # Errors
    /// As for [`Self::whole`].
    pub async fn lines(&mut self, most: usize, patience: Duration) -> Result<Lines, Problem> {
        let mut lines = Lines { lines: Vec::new(), ended: false };
        let mut bytes = 0;
        let mut line = Line::default();
        let mut began: Option<Instant> = None;
        while lines.lines.len() < most && bytes < LARGEST {
            self.hold(bytes + line.text.len() + UNIT)?;
            // Half a line has to be awaited, whatever the time.
            let waiting = began.filter(|_| line.text.is_empty() && !line.overlong);
            let left = waiting.map_or(SILENCE, |began| patience.saturating_sub(began.elapsed()));
            let available = match timeout(left, self.reader.fill_buf()).await {
                Ok(available) => available.map_err(|error| unreadable(&error))?,
                Err(_) if waiting.is_some() => break,
                Err(_) => return Err(Problem::Silent),
            };
            if available.is_empty() {
                lines.ended = true;
                line.finish(&mut lines.lines);
                break;
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let read = end.map_or(available.len(), |end| end + 1);
            line.add(&available[..end.unwrap_or(read)]);
            self.reader.as_mut().consume(read);
            bytes += read;
            if end.is_some() {
                line.finish(&mut lines.lines);
                if !lines.lines.is_empty() {
                    began.get_or_insert_with(Instant::now);
                }
            }
        }
        Ok(lines)
    }
}

/// Some lines of a body.
#[derive(Debug, Default)]
pub struct Lines {
    /// The lines; nothing for one that is too long, or not UTF-8.
    pub lines: Vec<Option<String>>,
    /// Whether they were the last.
    pub ended: bool,
}

/// A line that is being read.
#[derive(Default)]
struct Line {
    text: Vec<u8>,
    overlong: bool,
}

impl Line {
    fn add(&mut self, part: &[u8]) {
        if self.overlong || self.text.len() + part.len() > LONGEST_LINE {
            self.overlong = true;
            self.text = Vec::new();
        } else {
            self.text.extend_from_slice(part);
        }
    }

    fn finish(&mut self, lines: &mut Vec<Option<String>>) {
        let Self { text, overlong } = std::mem::take(self);
        if overlong {
            lines.push(None);
        } else if !text.trim_ascii().is_empty() {
            lines.push(String::from_utf8(text).ok());
        }
    }
}
