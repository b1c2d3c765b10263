//! Turns: how many exports work at once. The others wait, and each gets its turn, so that pages stay fast
//! however many exports run: an export that has to wait does not read, and then Postgres does not work for it,
//! either.

use std::{pin::Pin, sync::Arc, thread, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, Sleep, sleep_until},
};

/// How long a turn is. What Postgres has sent ahead when it begins (some 200 kB) is soon read: in a much
/// shorter one nobody would wait for it, and all exports' backends would work at once.
const TURN: Duration = Duration::from_millis(25);

/// The turns of all exports. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Turns(Arc<Semaphore>);

impl Default for Turns {
    /// One for every two processors: an export keeps both busy, one in Postgres and one here.
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new((processors / 2).max(1))))
    }
}

impl Turns {
    /// Waits in line for a turn.
    pub(super) async fn take(&self) -> Turn {
        // Nobody closes the semaphore; without it there would be no line, and no harm.
        let permit = Arc::clone(&self.0).acquire_owned().await.ok();
        let until = Instant::now() + TURN;
        Turn { until, end: Box::pin(sleep_until(until)), _permit: permit }
    }
}

/// A turn. Dropping it lets the next in line work.
pub(super) struct Turn {
    until: Instant,
    end: Pin<Box<Sleep>>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Turn {
    /// Whether its time is up.
    pub(super) fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// Waits until its time is up.
    pub(super) async fn end(&mut self) {
        self.end.as_mut().await;
    }
}
