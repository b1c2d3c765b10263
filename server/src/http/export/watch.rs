//! Whoever writes a file tells the register how far it is, once a second, and learns there whether it is still wanted.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{sync::oneshot, time::sleep};

use crate::store::export::{Reached, Registered};

/// How often.
const EVERY: Duration = Duration::from_secs(1);

/// How far a file is: its writer says so with each part.
#[derive(Debug, Default)]
pub(super) struct Progress {
    entries: AtomicU64,
    bytes: AtomicU64,
}

impl Progress {
    pub(super) fn has_entries(&self, entries: u64) {
        self.entries.store(entries, Ordering::Relaxed);
    }

    pub(super) fn has_bytes(&self, bytes: u64) {
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    fn reached(&self) -> Reached {
        Reached {
            entries: self.entries.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
        }
    }
}

/// Stands between a file's writer and the register.
pub(super) struct Watch {
    progress: Arc<Progress>,
    /// It is registered when its first entries are there; never, where they do not come.
    registering: Option<oneshot::Receiver<Registered>>,
    registered: Option<Registered>,
}

impl Watch {
    pub(super) fn new(progress: Arc<Progress>, registering: oneshot::Receiver<Registered>) -> Self {
        Self { progress, registering: Some(registering), registered: None }
    }

    /// Ends when the file is no longer wanted.
    pub(super) async fn unwanted(&mut self) {
        let reached = Arc::clone(&self.progress);
        let Some(registered) = self.registered().await else { return pending().await };
        loop {
            sleep(EVERY).await;
            // A register that cannot be reached is no reason to stop.
            if let Ok(false) = registered.note(reached.reached()).await {
                return;
            }
        }
    }

    /// Notes that the file is whole, with its SHA-256, or that it broke off.
    pub(super) async fn end(&mut self, sha256: Option<[u8; 32]>) {
        let reached = self.progress.reached();
        if let Some(registered) = self.registered().await
            && let Err(error) = registered.end(reached, sha256).await
        {
            crate::telemetry::store_failed(&error);
        }
    }

    async fn registered(&mut self) -> Option<&Registered> {
        if let Some(registering) = &mut self.registering {
            // Awaited where it stands: whoever gives up on this meets it there.
            let registered = registering.await.ok();
            self.registering = None;
            self.registered = registered;
        }
        self.registered.as_ref()
    }
}
