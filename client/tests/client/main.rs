//! The client against a server that answers as the contract of the ingest API says, over HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what a test's helpers cannot do, fails the test"
)]

mod fake_server;
#[cfg(feature = "tower")]
mod layer;
mod recorder;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use customer_logs_client::{Config, Entry};
use tokio::time::timeout;

/// Ends a test that would otherwise wait for ever.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), what).await.expect("it does not take this long")
}

/// For a test, in which nobody is spared by waiting.
fn quick(url: &str) -> Config {
    Config::new(url, fake_server::KEY)
        .backoff(Duration::from_millis(1), Duration::from_millis(5))
        .linger(Duration::from_millis(1))
}

fn act(n: usize) -> Entry {
    Entry::new("20401", "Ana Prado", format!("Act {n}"))
}

fn acts(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|n| format!("Act {n}")).collect()
}

/// A folder of its own for a test, removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = format!("customer-logs-client-{}", uuid::Uuid::now_v7());
        Self(std::env::temp_dir().join(name))
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn files(&self) -> Vec<String> {
        let files = fs::read_dir(&self.0).unwrap();
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
