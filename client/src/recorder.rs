//! The handle by which a service records.

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use reqwest::{
    Client, Url,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
    redirect,
};
use thiserror::Error;
use tokio::{runtime::Handle, sync::watch, task::AbortHandle, time::timeout};

use crate::{
    config::Config,
    entry::Entry,
    queue::{Queue, Stats},
    sender::Sender,
    spool::{OpenError, Spool},
};

/// Records entries; cheap to clone, and each clone records into the same queue.
///
/// When the last clone is dropped, what was accepted is still sent, for as long as the runtime
/// lives. To wait for it there is [`shutdown`](Self::shutdown).
#[derive(Clone)]
pub struct Recorder(Arc<Inner>);

struct Inner {
    queue: Arc<Queue>,
    /// The number of the newest settled entry. Its sender is dropped when the sending has ended.
    progress: watch::Receiver<u64>,
    sending: AbortHandle,
}

/// A place in the queue, taken before the work whose entry it is for. Dropped unused, it is free
/// again.
#[must_use = "a slot that is dropped is free again"]
pub struct Slot(Option<Arc<Queue>>);

/// The queue has no place: it holds as many entries as [`Config::capacity`] allows, or the recorder
/// or its runtime was shut down. Holds the entry that was not accepted, where there is one.
#[derive(Debug, Error)]
#[error("the queue of entries for Customer Logs takes no more")]
pub struct Full<T = Box<Entry>>(pub T);

/// Why a recorder could not be started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// It was started outside of a Tokio runtime.
    #[error("a recorder needs a Tokio runtime to send by")]
    NoRuntime,
    /// The base URL is not an `http` or `https` one; `https` needs the feature `tls`.
    #[error("{url:?} is not an address of Customer Logs: {reason}")]
    Url {
        /// The base URL as it was given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The key is empty, or has characters that no key has.
    #[error("the key for Customer Logs is not one")]
    Key,
    /// The HTTP client could not be made, such as for want of trusted roots.
    #[error("the HTTP client for Customer Logs could not be made")]
    Client(#[source] reqwest::Error),
    /// Another recorder, of this process or another, uses the spool.
    #[error("the spool {} is in use", folder.display())]
    SpoolInUse {
        /// The spool's folder.
        folder: PathBuf,
    },
    /// The spool could not be opened.
    #[error("the spool {} could not be opened", folder.display())]
    Spool {
        /// The spool's folder.
        folder: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// The recorder was shut down before all was acknowledged.
#[derive(Debug, Error)]
#[error("the sending to Customer Logs has ended before all was acknowledged")]
pub struct Stopped;

/// What was not acknowledged when the time for it was up. Some of it may have been recorded all the
/// same; to send it again is harmless.
#[derive(Debug, Error)]
#[error(
    "{} entries for Customer Logs were not sent, and {spooled} are left to the next start",
    entries.len()
)]
pub struct Unsent {
    /// Entries that are nowhere but here.
    pub entries: Vec<Entry>,
    /// How many entries are in the spool, to be sent when a recorder is started with it again.
    pub spooled: u64,
}

impl Recorder {
    /// Opens the spool, if there is one, and starts to send. It must be called within a Tokio
    /// runtime. Whether the server can be reached is not asked.
    ///
    /// # Errors
    ///
    /// What of the configuration cannot work; see [`StartError`].
    pub fn start(config: Config) -> Result<Self, StartError> {
        let runtime = Handle::try_current().map_err(|_| StartError::NoRuntime)?;
        let url = ingest_url(&config.base_url)?;
        let client = http_client(&config, &url)?;
        let (spool, segments, backlog) = match &config.spool {
            None => (None, Vec::new(), 0),
            Some(folder) => match Spool::open(folder, config.sync_each) {
                Ok((spool, backlog)) => (Some(spool), backlog.segments, backlog.entries),
                Err(OpenError::InUse) => {
                    return Err(StartError::SpoolInUse { folder: folder.clone() });
                }
                Err(OpenError::Io(source)) => {
                    return Err(StartError::Spool { folder: folder.clone(), source });
                }
            },
        };
        let queue = Arc::new(Queue::new(&config, spool, backlog));
        let (progress, settled) = watch::channel(0);
        let sender = Sender {
            queue: queue.clone(),
            backlog: segments,
            client,
            url,
            backoff: config.backoff,
            on_rejected: config.on_rejected,
            progress,
        };
        let sending = runtime.spawn(sender.run()).abort_handle();
        Ok(Self(Arc::new(Inner { queue, progress: settled, sending })))
    }

    /// Accepts an entry to be sent. It never waits for the server or for a place; with a spool, it
    /// writes the entry to a file first.
    ///
    /// # Errors
    ///
    /// [`Full`], with the entry, when the queue takes no more.
    pub fn record(&self, entry: Entry) -> Result<(), Full> {
        match self.reserve() {
            Ok(slot) => {
                slot.record(entry);
                Ok(())
            }
            Err(Full(())) => Err(Full(Box::new(entry))),
        }
    }

    /// Takes a place in the queue, so that what is done next is sure to be recorded.
    ///
    /// # Errors
    ///
    /// [`Full`] when the queue takes no more.
    pub fn reserve(&self) -> Result<Slot, Full<()>> {
        if self.0.queue.reserve() { Ok(Slot(Some(self.0.queue.clone()))) } else { Err(Full(())) }
    }

    /// Waits until all that was accepted before is acknowledged (recorded, or rejected and handed
    /// over), including what an earlier run left in the spool. It waits as long as that takes.
    ///
    /// # Errors
    ///
    /// [`Stopped`] when the recorder is shut down meanwhile, with entries unsent.
    pub async fn flush(&self) -> Result<(), Stopped> {
        let newest = self.0.queue.hurry();
        let mut progress = self.0.progress.clone();
        match progress.wait_for(|settled| *settled >= newest).await {
            Ok(_) => Ok(()),
            Err(_) => Err(Stopped),
        }
    }

    /// Accepts no more, on any clone, and sends what was accepted, including what is yet to come
    /// into the slots that are reserved. It stops when that is done, or after `timeout`.
    ///
    /// # Errors
    ///
    /// [`Unsent`] when `timeout` is over before all is acknowledged.
    pub async fn shutdown(&self, timeout_after: Duration) -> Result<(), Unsent> {
        self.0.queue.close();
        if timeout(timeout_after, self.ended()).await.is_err() {
            self.0.sending.abort();
            self.ended().await;
        }
        let unsent = self.0.queue.unsent();
        if unsent.entries.is_empty() && unsent.spooled == 0 { Ok(()) } else { Err(unsent) }
    }

    /// Waits until nothing is sent any more.
    async fn ended(&self) {
        let mut progress = self.0.progress.clone();
        while progress.changed().await.is_ok() {}
    }

    /// How much is queued, and what became of the rest.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.0.queue.stats()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Slot {
    /// Accepts the entry to be sent, into the place that was kept for it.
    pub fn record(mut self, entry: Entry) {
        if let Some(queue) = self.0.take() {
            queue.fill(entry);
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            queue.release();
        }
    }
}

fn ingest_url(base: &str) -> Result<Url, StartError> {
    let wrong = |reason: String| StartError::Url { url: base.to_owned(), reason };
    let url = format!("{}/api/v1/logs", base.trim_end_matches('/'));
    let url = Url::parse(&url).map_err(|error| wrong(error.to_string()))?;
    match url.scheme() {
        "http" => Ok(url),
        "https" if cfg!(feature = "tls") => Ok(url),
        "https" => Err(wrong("https needs the feature tls".to_owned())),
        other => Err(wrong(format!("{other} is neither http nor https"))),
    }
}

fn http_client(config: &Config, url: &Url) -> Result<Client, StartError> {
    if config.key.is_empty() {
        return Err(StartError::Key);
    }
    let mut key =
        HeaderValue::try_from(format!("Bearer {}", config.key)).map_err(|_| StartError::Key)?;
    key.set_sensitive(true);
    let builder = Client::builder()
        .default_headers(HeaderMap::from_iter([(AUTHORIZATION, key)]))
        .timeout(config.timeout)
        // An act is recorded where the service was told to, not where an answer points to.
        .redirect(redirect::Policy::none());
    with_tls(builder, url).build().map_err(StartError::Client)
}

#[cfg(feature = "tls")]
fn with_tls(builder: reqwest::ClientBuilder, url: &Url) -> reqwest::ClientBuilder {
    // An error means that the service has installed a provider of its own, which will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // Without https, a machine that has no trusted roots must not fail for want of them.
    if url.scheme() == "http" { builder.tls_certs_only([]) } else { builder }
}

#[cfg(not(feature = "tls"))]
fn with_tls(builder: reqwest::ClientBuilder, _url: &Url) -> reqwest::ClientBuilder {
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_below_the_base() {
        for base in ["http://localhost:3000", "http://localhost:3000/"] {
            assert_eq!(ingest_url(base).unwrap().as_str(), "http://localhost:3000/api/v1/logs");
        }
        assert_eq!(
            ingest_url("http://example.com/logs").unwrap().as_str(),
            "http://example.com/logs/api/v1/logs"
        );
        assert!(ingest_url("logs.example.com").is_err());
        assert!(ingest_url("ftp://logs.example.com").is_err());
        assert_eq!(ingest_url("https://example.com").is_ok(), cfg!(feature = "tls"));
    }

    #[test]
    fn outside_of_a_runtime_it_does_not_start() {
        let started = Recorder::start(Config::new("http://localhost", "cl_x"));
        assert!(matches!(started, Err(StartError::NoRuntime)));
    }

    #[tokio::test]
    async fn a_key_that_is_none_does_not_start() {
        for key in ["", "cl_\n"] {
            let started = Recorder::start(Config::new("http://localhost", key));
            assert!(matches!(started, Err(StartError::Key)));
        }
    }
}
