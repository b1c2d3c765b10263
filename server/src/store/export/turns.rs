//! Turns: how many exports work at once. The others wait, and each gets its turn, so that pages stay fast
//! however many exports run: an export that has to wait does not read, and then Postgres does not work for it,
//! either. And pages go first: while one is being found, whose turn it is rests.

use std::{pin::Pin, sync::Arc, thread, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{Instant, Sleep, sleep_until, timeout},
};

/// How long a turn is. What Postgres has sent ahead when it begins (some 200 kB) is soon read: in a much
/// shorter one nobody would wait for it, and all exports' backends would work at once.
const TURN: Duration = Duration::from_millis(25);
/// How long an export works at least before it rests for a page.
const LEAST: Duration = Duration::from_millis(5);
/// How long it rests at most: where there is always a page, exports go on, at a sixth of their speed.
const REST: Duration = Duration::from_millis(25);

/// The turns of all exports. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Turns {
    line: Arc<Semaphore>,
    /// How many pages are being found.
    pages: watch::Sender<usize>,
}

impl Default for Turns {
    /// One for every two processors: an export keeps both busy, one in Postgres and one here.
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let line = Arc::new(Semaphore::new((processors / 2).max(1)));
        Self { line, pages: watch::Sender::new(0) }
    }
}

/// A page, as long as it is being found.
pub(in crate::store) struct Page(watch::Sender<usize>);

impl Drop for Page {
    fn drop(&mut self) {
        self.0.send_modify(|pages| *pages -= 1);
    }
}

impl Turns {
    /// Says that a page is being found, until what this gives is dropped.
    pub(in crate::store) fn page(&self) -> Page {
        self.pages.send_modify(|pages| *pages += 1);
        Page(self.pages.clone())
    }

    /// Waits in line for a turn.
    pub(super) async fn take(&self) -> Turn {
        // Nobody closes the semaphore; without it there would be no line, and no harm.
        let permit = Arc::clone(&self.line).acquire_owned().await.ok();
        let now = Instant::now();
        let (until, end) = (now + TURN, Box::pin(sleep_until(now + TURN)));
        Turn { until, end, works_since: now, pages: self.pages.subscribe(), _permit: permit }
    }
}

/// A turn. Dropping it lets the next in line work.
pub(super) struct Turn {
    until: Instant,
    end: Pin<Box<Sleep>>,
    works_since: Instant,
    pages: watch::Receiver<usize>,
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

    /// Rests while pages are being found, which does not shorten the turn.
    pub(super) async fn let_pages_go_first(&mut self) {
        let now = Instant::now();
        if *self.pages.borrow() == 0 || now < self.works_since + LEAST {
            return;
        }
        let _none = timeout(REST, self.pages.wait_for(|pages| *pages == 0)).await;
        self.works_since = Instant::now();
        self.until += now.elapsed();
        self.end.as_mut().reset(self.until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_turn_rests_for_pages_but_not_for_ever_and_loses_nothing_by_it() {
        let turns = Turns::default();
        let mut turn = turns.take().await;
        let page = turns.page();
        // It has only begun.
        turn.works_since = Instant::now() + TURN;
        let until = turn.until;
        turn.let_pages_go_first().await;
        assert_eq!(turn.until, until);
        turn.works_since = Instant::now() - LEAST;
        turn.let_pages_go_first().await;
        assert!(turn.until >= until + REST);
        // Without pages it goes on at once.
        drop(page);
        turn.works_since = Instant::now() - LEAST;
        let until = turn.until;
        turn.let_pages_go_first().await;
        assert_eq!(turn.until, until);
    }
}
