//! How a recorder is set up.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use crate::{backoff::Backoff, entry::Entry};

const HOUR: Duration = Duration::from_secs(3600);

/// An entry that the server does not take, and will not take however often it is sent.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rejected {
    /// The entry as it was sent, with its `id`.
    pub entry: Entry,
    /// The part of the entry at fault, as an RFC 6901 pointer such as `/user/name`; none when the
    /// server refused the entry as a whole.
    pub pointer: Option<String>,
    /// What is wrong with it, in the server's words.
    pub reason: String,
}

pub(crate) type OnRejected = Arc<dyn Fn(Rejected) + Send + Sync>;

/// How a [`Recorder`](crate::Recorder) is set up.
#[derive(Clone)]
pub struct Config {
    pub(crate) base_url: String,
    pub(crate) key: String,
    pub(crate) capacity: usize,
    pub(crate) batch: usize,
    pub(crate) linger: Duration,
    pub(crate) backoff: Backoff,
    pub(crate) timeout: Duration,
    pub(crate) spool: Option<PathBuf>,
    pub(crate) sync_each: bool,
    pub(crate) on_rejected: OnRejected,
}

impl Config {
    /// For the server at `base_url` (such as `https://logs.example.com`), by a key of it with the
    /// scope `write`.
    pub fn new(base_url: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            key: key.into(),
            capacity: 10_000,
            batch: 500,
            linger: Duration::from_millis(50),
            backoff: Backoff { first: Duration::from_millis(100), max: Duration::from_secs(30) },
            timeout: Duration::from_secs(30),
            spool: None,
            sync_each: false,
            on_rejected: Arc::new(log_rejected),
        }
    }

    /// How many entries may be reserved or not yet acknowledged before
    /// [`Full`](crate::Full) is the answer; 10,000 unless set. They are held in memory, with a spool
    /// as well. Entries of an earlier run do not count.
    #[must_use]
    pub fn capacity(mut self, entries: usize) -> Self {
        self.capacity = entries;
        self
    }

    /// How many entries go in one request, from 1 to 1,000 (what is outside is drawn to the nearer
    /// end); 500 unless set.
    #[must_use]
    pub fn batch(mut self, entries: usize) -> Self {
        self.batch = entries.clamp(1, 1000);
        self
    }

    /// How long an entry waits for others to share its request, at most an hour; 50 ms unless set.
    #[must_use]
    pub fn linger(mut self, linger: Duration) -> Self {
        self.linger = linger.min(HOUR);
        self
    }

    /// How long to wait before trying again: up to `first` at first, doubled with each failure, at
    /// most `max`, which is at most an hour. From 100 ms to 30 s unless set. The server's own
    /// `Retry-After` goes before it. A request that is refused for its key or address is tried
    /// again each `max`.
    #[must_use]
    pub fn backoff(mut self, first: Duration, max: Duration) -> Self {
        self.backoff = Backoff { first, max: max.min(HOUR) };
        self
    }

    /// How long one request may take before it counts as failed; 30 s unless set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Keeps each accepted entry in a file of this folder until it is acknowledged, so that a
    /// restart or a crash of the process loses nothing: what an earlier run left is sent first. The
    /// folder is made if it is not there, readable to its owner alone, as it holds what the entries
    /// hold. One recorder at a time may use it, until its last clone and its last slot are dropped.
    ///
    /// An entry has been given to the operating system when it is accepted, which outlives the
    /// process but not the machine: see [`sync_each`](Self::sync_each). When the file cannot be
    /// written (the disk is full), the entry is held in memory alone, and that is logged.
    #[must_use]
    pub fn spool(mut self, folder: impl Into<PathBuf>) -> Self {
        self.spool = Some(folder.into());
        self
    }

    /// Whether each entry is also forced to the disk before it counts as accepted, so that it
    /// outlives the machine's losing power; no, unless set. Recording then takes as long as the
    /// disk does, on the calling thread. Nothing without a [`spool`](Self::spool).
    #[must_use]
    pub fn sync_each(mut self, sync_each: bool) -> Self {
        self.sync_each = sync_each;
        self
    }

    /// What to do with an entry that the server rejects; logged as an error unless set. It is called
    /// on the sending task, so it must not block, and no further entry is sent until it returns.
    /// After a crash the same entry may be handed over again.
    #[must_use]
    pub fn on_rejected(mut self, act: impl Fn(Rejected) + Send + Sync + 'static) -> Self {
        self.on_rejected = Arc::new(act);
        self
    }
}

/// Without the key, which is nobody's business.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("base_url", &self.base_url)
            .field("capacity", &self.capacity)
            .field("batch", &self.batch)
            .field("linger", &self.linger)
            .field("backoff", &self.backoff)
            .field("timeout", &self.timeout)
            .field("spool", &self.spool)
            .field("sync_each", &self.sync_each)
            .finish_non_exhaustive()
    }
}

fn log_rejected(rejected: Rejected) {
    let Rejected { entry, pointer, reason } = rejected;
    tracing::error!(
        id = entry.id,
        customer_id = entry.customer_id,
        action = entry.action,
        pointer,
        reason,
        "Customer Logs rejected an entry"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_not_shown() {
        let shown = format!("{:?}", Config::new("http://localhost", "cl_secret"));
        assert!(shown.contains("http://localhost") && !shown.contains("cl_secret"), "{shown}");
    }
}
