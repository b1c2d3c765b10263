//! Sends the queue's entries, a batch at a time, until the server has answered for each.

use std::{
    collections::VecDeque,
    error::Error,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use serde::Deserialize;
use tokio::{sync::watch, time::sleep};

use crate::{
    backoff::Backoff,
    config::{OnRejected, Rejected},
    queue::{Queue, Settled},
    spool,
};

/// The longest `Retry-After` that is obeyed: a mistaken header must not end the recording.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(300);

pub(crate) struct Sender {
    pub(crate) queue: Arc<Queue>,
    /// Segments of earlier runs, oldest first.
    pub(crate) backlog: Vec<PathBuf>,
    pub(crate) client: Client,
    pub(crate) url: Url,
    pub(crate) backoff: Backoff,
    pub(crate) on_rejected: OnRejected,
    /// The number of the newest settled entry. Dropped after the queue, being the last field: who
    /// sees that it is gone sees a queue, and so a spool, that the sender no longer holds.
    pub(crate) progress: watch::Sender<u64>,
}

/// What became of one request.
enum Attempt {
    Answered(Answer),
    /// Nothing was recorded; later it may be.
    Again {
        after: Option<Duration>,
        reason: String,
    },
    /// Nothing will be recorded until somebody mends the key, the address or the server.
    Misconfigured {
        reason: String,
    },
}

enum Answer {
    /// For each entry, in order.
    Results(Vec<ItemResult>),
    /// The server does not take the request as a whole.
    Refused { reason: String },
}

#[derive(Deserialize)]
struct Results {
    results: Vec<ItemResult>,
}

#[derive(Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum ItemResult {
    Recorded,
    Duplicate,
    Rejected { pointer: Option<String>, reason: String },
}

impl Sender {
    pub(crate) async fn run(mut self) {
        for segment in mem::take(&mut self.backlog) {
            let mut lines = self.read(&segment).await;
            while !lines.is_empty() {
                let batch = self.queue.batch_of(lines.iter());
                lines.drain(..batch.len());
                self.deliver(&batch).await;
            }
        }
        while let Some(batch) = self.queue.next().await {
            self.deliver(&batch).await;
        }
    }

    /// A segment could be read when the recorder was started. If now it cannot, that may pass.
    async fn read(&self, segment: &Path) -> VecDeque<Arc<str>> {
        loop {
            match spool::read(segment) {
                Ok(content) => return content.entries.into(),
                Err(error) => {
                    tracing::error!(%error, segment = %segment.display(), "the spool cannot be read");
                    sleep(self.backoff.max).await;
                }
            }
        }
    }

    /// Sends these entries until the server has answered for all of them.
    async fn deliver(&self, batch: &[Arc<str>]) {
        // The last part is next, so that the order is kept when one is split.
        let mut parts = vec![batch];
        while let Some(part) = parts.pop() {
            match self.send(part).await {
                Answer::Results(results) => self.settle(part, results),
                Answer::Refused { .. } if part.len() > 1 => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.extend([second, first]);
                }
                Answer::Refused { reason } => {
                    self.settle(part, vec![ItemResult::Rejected { pointer: None, reason }]);
                }
            }
        }
    }

    fn settle(&self, part: &[Arc<str>], results: Vec<ItemResult>) {
        let mut settled = Settled::default();
        for (json, result) in part.iter().zip(results) {
            match result {
                ItemResult::Recorded => settled.recorded += 1,
                ItemResult::Duplicate => settled.duplicate += 1,
                ItemResult::Rejected { pointer, reason } => {
                    self.reject(json, pointer, reason);
                    settled.rejected += 1;
                }
            }
        }
        self.progress.send_replace(self.queue.settle(settled));
    }

    fn reject(&self, json: &str, pointer: Option<String>, reason: String) {
        match serde_json::from_str(json) {
            Ok(entry) => {
                let rejected = Rejected { entry, pointer, reason };
                // What the service does there must not end the recording.
                if catch_unwind(AssertUnwindSafe(|| (self.on_rejected)(rejected))).is_err() {
                    tracing::error!(entry = json, "on_rejected panicked");
                }
            }
            // Such as one nested too deep to be read.
            Err(_) => {
                tracing::error!(entry = json, pointer, reason, "Customer Logs rejected an entry");
            }
        }
    }

    /// Sends these entries in one request, again and again, until it is answered.
    async fn send(&self, part: &[Arc<str>]) -> Answer {
        let body = array_of(part);
        let mut failed = 0;
        loop {
            let wait = match self.attempt(body.clone(), part.len()).await {
                Attempt::Answered(answer) => return answer,
                Attempt::Again { after, reason } => {
                    // Jitter on top, or all who were sent away together come back together.
                    let wait = after.unwrap_or_default() + self.backoff.delay(failed);
                    failed = failed.saturating_add(1);
                    tracing::warn!(reason, failed, ?wait, "Customer Logs is not to be had");
                    wait
                }
                Attempt::Misconfigured { reason } => {
                    let wait = self.backoff.max;
                    tracing::error!(reason, ?wait, "Customer Logs refuses to record");
                    wait
                }
            };
            sleep(wait).await;
        }
    }

    async fn attempt(&self, body: Bytes, entries: usize) -> Attempt {
        let request = self.client.post(self.url.clone());
        let request = request.header(CONTENT_TYPE, "application/json").body(body);
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Attempt::Again { after: None, reason: with_causes(&error) },
        };
        let status = response.status();
        let after = retry_after(&response);
        let body = match response.bytes().await {
            Ok(body) => body,
            Err(error) => return Attempt::Again { after: None, reason: with_causes(&error) },
        };
        match status {
            StatusCode::OK | StatusCode::MULTI_STATUS | StatusCode::UNPROCESSABLE_ENTITY => {
                match serde_json::from_slice::<Results>(&body) {
                    Ok(Results { results }) if results.len() == entries => {
                        Attempt::Answered(Answer::Results(results))
                    }
                    _ => Attempt::Misconfigured { reason: described(status, &body) },
                }
            }
            StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE => {
                Attempt::Answered(Answer::Refused { reason: described(status, &body) })
            }
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
                Attempt::Again { after, reason: described(status, &body) }
            }
            _ if status.is_server_error() => {
                Attempt::Again { after, reason: described(status, &body) }
            }
            _ => Attempt::Misconfigured { reason: described(status, &body) },
        }
    }
}

/// However the sending ends, those who wait for it must know.
impl Drop for Sender {
    fn drop(&mut self) {
        self.queue.stop();
    }
}

/// A JSON array of entries that are JSON already.
fn array_of(part: &[Arc<str>]) -> Bytes {
    format!("[{}]", part.join(",")).into()
}

/// In seconds, as the server gives it. A date is left to the back-off.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER))
}

/// The status with what the server said of it: the words of a problem (RFC 9457), or the beginning
/// of whatever else came.
fn described(status: StatusCode, body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Problem {
        title: Option<String>,
        detail: Option<String>,
    }
    let words = match serde_json::from_slice(body) {
        Ok(Problem { detail: Some(words), .. } | Problem { title: Some(words), .. }) => words,
        _ => String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned(),
    };
    if words.is_empty() { status.to_string() } else { format!("{status}: {words}") }
}

fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_described_in_the_words_of_the_problem() {
        let problem = br#"{"title":"Too large","detail":"9 MiB are more than 8","status":413}"#;
        assert_eq!(
            described(StatusCode::PAYLOAD_TOO_LARGE, problem),
            "413 Payload Too Large: 9 MiB are more than 8"
        );
        let untold = br#"{"title":"Too large"}"#;
        assert_eq!(
            described(StatusCode::PAYLOAD_TOO_LARGE, untold),
            "413 Payload Too Large: Too large"
        );
        assert_eq!(described(StatusCode::BAD_GATEWAY, b"oh\xff"), "502 Bad Gateway: oh\u{fffd}");
        assert_eq!(described(StatusCode::BAD_GATEWAY, b""), "502 Bad Gateway");
    }

    #[test]
    fn entries_make_one_array() {
        assert_eq!(array_of(&["{}".into(), "{\"a\":1}".into()]), "[{},{\"a\":1}]");
    }
}
