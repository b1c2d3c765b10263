//! A client that reads. Like the one that posts it costs next to nothing; and it blocks, so that no other
//! task of this program stands between an answer and the clock.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

/// Longer than the server's own patience.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who asks.
#[derive(Clone)]
pub(crate) enum Identity {
    Key(String),
    Session(String),
    Nobody,
}

/// What came back, but for the body.
pub(crate) struct Head {
    pub(crate) status: u16,
    lines: Vec<String>,
}

impl Head {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.lines.iter().find_map(|line| {
            let (header, value) = line.split_once(':')?;
            header.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A connection that is kept.
pub(crate) struct Reader {
    stream: BufReader<TcpStream>,
    head: String,
    body: Vec<u8>,
}

impl Reader {
    pub(crate) fn open(address: &str, identity: &Identity) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let who = match identity {
            Identity::Key(key) => format!("authorization: Bearer {key}\r\n"),
            Identity::Session(cookie) => format!("cookie: {cookie}\r\n"),
            Identity::Nobody => String::new(),
        };
        let stream = BufReader::with_capacity(256 * 1024, stream);
        Self { stream, head: format!("host: {address}\r\n{who}"), body: Vec::new() }
    }

    /// How long it takes until all of the answer is here, which has to be a proper one.
    pub(crate) fn time(&mut self, path: &str) -> io::Result<Duration> {
        let began = Instant::now();
        self.get(path)?;
        Ok(began.elapsed())
    }

    /// The body of the answer, which has to be a proper one.
    pub(crate) fn get(&mut self, path: &str) -> io::Result<&[u8]> {
        let mut body = std::mem::take(&mut self.body);
        body.clear();
        let head = self.stream(path, "", |bytes| {
            body.extend_from_slice(bytes);
            Ok(())
        })?;
        self.body = body;
        if head.status != 200 {
            let said = String::from_utf8_lossy(&self.body);
            return Err(io::Error::other(format!("{}: {said}", head.status)));
        }
        Ok(&self.body)
    }

    /// Hands the body on as it comes, until `sink` has had enough. `headers` are whole lines.
    pub(crate) fn stream(
        &mut self,
        path: &str,
        headers: &str,
        sink: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<Head> {
        let request = format!("GET {path} HTTP/1.1\r\n{}{headers}\r\n", self.head);
        self.ask(&request, sink)
    }

    /// Sends a form; the answer's head says what came of it.
    pub(crate) fn post(&mut self, path: &str, form: &str) -> io::Result<Head> {
        let request = format!(
            "POST {path} HTTP/1.1\r\n{}content-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n\r\n{form}",
            self.head,
            form.len()
        );
        self.ask(&request, |_| Ok(()))
    }

    fn ask(
        &mut self,
        request: &str,
        mut sink: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<Head> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("not HTTP: {first}")))?;
        let mut lines = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            lines.push(line);
        }
        let head = Head { status, lines };
        if head.header("transfer-encoding").is_some() {
            self.chunks(&mut sink)?;
        } else if let Some(length) = head.header("content-length") {
            self.pass(length.parse().map_err(io::Error::other)?, &mut sink)?;
        }
        Ok(head)
    }

    fn chunks(&mut self, sink: &mut impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        loop {
            let size = usize::from_str_radix(&self.line()?, 16).map_err(io::Error::other)?;
            if size == 0 {
                break;
            }
            self.pass(size, sink)?;
            self.line()?;
        }
        // Trailers may follow, and an empty line ends them.
        while !self.line()?.is_empty() {}
        Ok(())
    }

    fn pass(
        &mut self,
        mut left: usize,
        sink: &mut impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        while left > 0 {
            let there = self.stream.fill_buf()?;
            if there.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let taken = left.min(there.len());
            sink(&there[..taken])?;
            self.stream.consume(taken);
            left -= taken;
        }
        Ok(())
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }
}
