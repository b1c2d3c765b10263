//! A client that costs next to nothing: requests are made beforehand and written in one piece. On a machine
//! of few processors a comfortable client would take from the server what is to be measured.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::place::Subject;

/// A request to record `items` entries, with all its bytes.
pub(crate) struct Post {
    bytes: Vec<u8>,
    items: usize,
}

impl Post {
    /// One entry.
    pub(crate) fn of_one(subject: &Subject, entry: &str) -> Self {
        Self::new(subject, entry, 1)
    }

    /// An array of entries.
    pub(crate) fn of_many(subject: &Subject, entries: &[String]) -> Self {
        Self::new(subject, &format!("[{}]", entries.join(",")), entries.len())
    }

    fn new(Subject { program, key, .. }: &Subject, body: &str, items: usize) -> Self {
        let (address, length) = (&program.address, body.len());
        let head = format!(
            "POST /api/v1/logs HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        Self { bytes: [head.as_bytes(), body.as_bytes()].concat(), items }
    }
}

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(subject: &Subject) -> Self {
        let stream = TcpStream::connect(&subject.program.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, answer: Vec::new() }
    }

    /// Posts, and makes sure that all of it was recorded.
    pub(crate) async fn send(&mut self, post: &Post) {
        self.stream.write_all(&post.bytes).await.unwrap();
        self.answer.clear();
        let mut end = None;
        while end.is_none_or(|end| self.answer.len() < end) {
            let read = self.stream.read_buf(&mut self.answer).await.unwrap();
            assert!(read > 0, "the server hung up");
            end = end.or_else(|| end_of(&self.answer));
        }
        let recorded = format!(r#"{{"recorded":{},"duplicate":0,"rejected":0,"#, post.items);
        let answer = String::from_utf8_lossy(&self.answer);
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains(&recorded), "{answer}");
    }
}

/// Where an answer ends, once its head is there.
fn end_of(answer: &[u8]) -> Option<usize> {
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&answer[..head]).unwrap();
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
    });
    Some(head + 4 + length.unwrap_or_else(|| panic!("an answer without length: {text}")))
}
