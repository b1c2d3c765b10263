//! Writing an export's file, as fast as its client takes it and in flat memory.

use std::{
    io, mem,
    sync::Arc,
    task::{Poll, ready},
};

use axum::body::{Body, Bytes};
use futures_util::stream;
use http_body::Frame;
use http_body_util::StreamBody;
use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinHandle, spawn_blocking, yield_now},
};

use super::{
    encoding::Encoding,
    scribe::Scribe,
    seal::Seal,
    watch::{Progress, Watch},
    written::Written,
};
use crate::store::{
    StoreError,
    export::{Export, Registered, Row},
};

/// How many parts may wait for a slow client. The database then waits, too.
const WAITING: usize = 4;

/// What is to be written.
pub(super) struct Plan {
    pub(super) scribe: Scribe,
    pub(super) encoding: Encoding,
    /// Whether the last line is to prove that the file is whole.
    pub(super) end: bool,
}

/// Why a file is not whole.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the file could not be written: {0}")]
    Writing(#[from] io::Error),
    #[error("the client left")]
    Left,
    #[error("whoever took it ended it")]
    Cancelled,
    #[error("whoever wrote the file stopped")]
    Stopped,
}

/// A file that is being written.
pub(super) struct File {
    begun: oneshot::Receiver<Broken>,
    registering: oneshot::Sender<Registered>,
    frames: mpsc::Receiver<Result<Frame<Bytes>, Broken>>,
}

impl File {
    /// Begins to write it. Dropping it ends that.
    pub(super) fn write(export: Export, plan: Plan) -> io::Result<Self> {
        let (frames, waiting) = mpsc::channel(WAITING);
        let (begun, beginning) = oneshot::channel();
        let (registering, registered) = oneshot::channel();
        let progress = Arc::new(Progress::default());
        let seal = Seal::new(plan.encoding, plan.scribe.packs())?;
        let writer = Writer {
            scribe: plan.scribe,
            end: plan.end,
            entries: 0,
            lines: Written::default(),
            sealing: Sealing::Idle(Box::new(seal)),
            frames,
            begun: Some(begun),
            progress: Arc::clone(&progress),
        };
        tokio::spawn(run(export, writer, Watch::new(progress, registered)));
        Ok(Self { begun: beginning, registering, frames: waiting })
    }

    /// Waits for the first entries: what fails before them is still a proper answer.
    pub(super) async fn begun(&mut self) -> Result<(), Broken> {
        (&mut self.begun).await.map_or(Ok(()), Err)
    }

    /// The file as a body, at its place in the register. Where writing fails, the body does.
    pub(super) fn into_body(self, registered: Registered) -> Body {
        let _writer_panicked = self.registering.send(registered);
        let mut frames = self.frames;
        let mut whole = false;
        Body::new(StreamBody::new(stream::poll_fn(move |context| {
            let frame = ready!(frames.poll_recv(context));
            whole |= matches!(&frame, Some(Ok(frame)) if frame.is_trailers());
            // A writer that panicked just stops: that must not look like the end of a file.
            Poll::Ready(if frame.is_none() && !whole { Some(Err(Broken::Stopped)) } else { frame })
        })))
    }
}

async fn run(mut export: Export, mut writer: Writer, mut watch: Watch) {
    let frames = writer.frames.clone();
    let outcome = tokio::select! {
        outcome = writer.write(&mut export) => outcome,
        // The client left while the database was still working on the next row.
        () = frames.closed() => Err(Broken::Left),
        () = watch.unwanted() => Err(Broken::Cancelled),
    };
    drop(frames);
    match outcome {
        Ok(sha256) => {
            // The body ends with this.
            drop(writer);
            watch.end(Some(sha256)).await;
        }
        Err(broken) => {
            export.abandon().await;
            // A client that reads slowly gets the last line when it comes to it.
            tokio::join!(watch.end(None), writer.break_off(broken));
        }
    }
}

/// Hashing and encoding go on beside the reading of the next rows, on a thread for work that takes long.
enum Sealing {
    Idle(Box<Seal>),
    Busy(JoinHandle<io::Result<(Box<Seal>, Vec<u8>)>>),
    /// Something failed, or all is sealed.
    Over,
}

struct Writer {
    scribe: Scribe,
    /// Whether the last line is to prove that the file is whole.
    end: bool,
    entries: u64,
    /// What is written, and not yet sealed.
    lines: Written,
    sealing: Sealing,
    frames: mpsc::Sender<Result<Frame<Bytes>, Broken>>,
    /// Who waits for the first entries. Dropping it says that they are there.
    begun: Option<oneshot::Sender<Broken>>,
    progress: Arc<Progress>,
}

impl Writer {
    /// Writes all of it; gives the SHA-256 of the file.
    async fn write(&mut self, export: &mut Export) -> Result<[u8; 32], Broken> {
        let mut reading = export.read().await?;
        self.scribe.head(&mut self.lines);
        loop {
            if self.frames.capacity() == 0 {
                reading.rest();
                let _room = self.frames.reserve().await.map_err(|_| Broken::Left)?;
            }
            let Some(rows) = reading.next().await? else { break };
            let mut written = Ok(());
            rows.each(|row| {
                if written.is_ok() {
                    written = self.entry(row);
                }
            })?;
            written?;
            self.progress.has_entries(self.entries);
            self.begun = None;
            self.seal().await?;
            // Others work on this thread, too.
            yield_now().await;
        }
        drop(reading);
        export.finish().await?;
        self.begun = None;
        self.finish().await
    }

    fn entry(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.scribe.entry(row, &mut self.lines)?;
        self.entries += 1;
        Ok(())
    }

    /// Sends what was sealed, and seals what was written since.
    async fn seal(&mut self) -> Result<(), Broken> {
        let mut seal = self.sealed().await?;
        let more = self.lines.text.len() + self.lines.text.len() / 8;
        let lines = mem::replace(&mut self.lines, Vec::with_capacity(more).into());
        self.sealing = Sealing::Busy(spawn_blocking(move || {
            let part = seal.take(lines)?;
            Ok((seal, part))
        }));
        Ok(())
    }

    /// Waits until all that was given away is sealed, and sends it.
    async fn sealed(&mut self) -> Result<Box<Seal>, Broken> {
        match &mut self.sealing {
            Sealing::Idle(_) => {}
            // Awaited where it stands: whoever gives up on this meets it there.
            Sealing::Busy(sealing) => {
                let sealed = sealing.await.map_err(io::Error::other).flatten();
                self.sealing = Sealing::Over;
                let (seal, part) = sealed?;
                self.progress.has_bytes(seal.bytes());
                self.sealing = Sealing::Idle(seal);
                self.send(part).await?;
            }
            Sealing::Over => {}
        }
        match mem::replace(&mut self.sealing, Sealing::Over) {
            Sealing::Idle(seal) => Ok(seal),
            _ => Err(Broken::Stopped),
        }
    }

    async fn send(&self, part: Vec<u8>) -> Result<(), Broken> {
        if part.is_empty() {
            return Ok(());
        }
        self.frames.send(Ok(Frame::data(part.into()))).await.map_err(|_| Broken::Left)
    }

    /// The end of a whole file.
    async fn finish(&mut self) -> Result<[u8; 32], Broken> {
        let mut seal = self.sealed().await?;
        self.scribe.foot(self.entries, &mut self.lines)?;
        let part = seal.take(mem::take(&mut self.lines))?;
        self.send(part).await?;
        if self.end {
            let mut line = Written::default();
            self.scribe.end(self.entries, &seal.sha256(), &mut line);
            self.send(seal.take(line)?).await?;
        }
        let whole = seal.finish(self.entries)?;
        self.progress.has_bytes(whole.bytes);
        self.send(whole.left).await?;
        let trailers = Frame::trailers(whole.trailers);
        self.frames.send(Ok(trailers)).await.map_err(|_| Broken::Left)?;
        Ok(whole.sha256)
    }

    /// Says so, to whom it concerns.
    async fn break_off(&mut self, broken: Broken) {
        if let Some(begun) = self.begun.take() {
            let _nobody_waits = begun.send(broken);
            return;
        }
        if let Broken::Store(error) = &broken {
            crate::telemetry::store_failed(error);
        }
        // Nobody may be listening any more; that is why some exports end.
        if self.last_line().await.is_ok() {
            let _told = self.frames.send(Err(broken)).await;
        }
    }

    /// The last line of a file that is not whole. Waits until it has left: what breaks the transfer off would
    /// overtake it.
    async fn last_line(&mut self) -> Result<(), Broken> {
        let mut seal = self.sealed().await?;
        self.scribe.broken_off(self.entries, &mut self.lines);
        let mut part = seal.take(mem::take(&mut self.lines))?;
        part.extend(seal.broken_off()?);
        let (part, left) = leaving(part);
        self.frames.send(Ok(Frame::data(part))).await.map_err(|_| Broken::Left)?;
        let _dropped = left.await;
        Ok(())
    }
}

/// A part of a body. It is dropped when it was written to the socket, and tells by that.
struct Leaving {
    part: Vec<u8>,
    _left: oneshot::Sender<()>,
}

impl AsRef<[u8]> for Leaving {
    fn as_ref(&self) -> &[u8] {
        &self.part
    }
}

/// `part`, and what ends when it was written to the socket.
fn leaving(part: Vec<u8>) -> (Bytes, oneshot::Receiver<()>) {
    let (told, left) = oneshot::channel();
    (Bytes::from_owner(Leaving { part, _left: told }), left)
}
