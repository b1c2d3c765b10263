//! The entries that wait for their acknowledgement, in the order in which they were accepted.
//!
//! An entry stays in the queue while it is being sent and leaves it when the server has answered for
//! it. So the capacity is exact, and nothing is lost when the sending is stopped.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

use crate::{config::Config, entry::Entry, recorder::Unsent, spool::Spool};

/// Bytes of entries in one request, well under what the server takes; a single entry may be larger.
const BATCH_BYTES: usize = 4 << 20;

/// How many entries a [`Recorder`](crate::Recorder) holds, and what became of those it sent since
/// it was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Accepted and not yet acknowledged, those that an earlier run left in the spool included.
    pub queued: u64,
    /// Recorded by the server.
    pub recorded: u64,
    /// Found to have been recorded before.
    pub duplicate: u64,
    /// Rejected by the server.
    pub rejected: u64,
}

/// What the server answered for the entries of one request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settled {
    pub(crate) recorded: u64,
    pub(crate) duplicate: u64,
    pub(crate) rejected: u64,
}

pub(crate) struct Queue {
    state: Mutex<State>,
    /// Wakes the sender, the only one who waits for it.
    wake: Notify,
    capacity: usize,
    batch: usize,
    linger: Duration,
}

struct State {
    /// Accepted by this run and not yet settled, oldest first.
    waiting: VecDeque<Waiting>,
    /// Places taken for entries that are yet to come.
    reserved: usize,
    /// Entries of earlier runs that are not yet settled. They are older than all that wait.
    backlog: u64,
    /// How many were accepted, the backlog included: the number of the newest entry.
    accepted: u64,
    /// How many of these were settled: the number of the newest settled entry.
    settled: u64,
    /// Up to this number, entries do not wait for others to share their request.
    hurry_to: u64,
    outcome: Settled,
    spool: Option<Spool>,
    /// No more places are given.
    closed: bool,
    /// Nobody sends any more.
    stopped: bool,
}

struct Waiting {
    json: Arc<str>,
    spooled: bool,
}

impl Queue {
    pub(crate) fn new(config: &Config, spool: Option<Spool>, backlog: u64) -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                reserved: 0,
                backlog,
                accepted: backlog,
                settled: 0,
                hurry_to: 0,
                outcome: Settled::default(),
                spool,
                closed: false,
                stopped: false,
            }),
            wake: Notify::new(),
            capacity: config.capacity,
            batch: config.batch,
            linger: config.linger,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place; whether there was one.
    pub(crate) fn reserve(&self) -> bool {
        let mut state = self.lock();
        let free = !state.closed && state.waiting.len() + state.reserved < self.capacity;
        state.reserved += usize::from(free);
        free
    }

    /// Gives a reserved place back unused.
    pub(crate) fn release(&self) {
        let mut state = self.lock();
        state.reserved -= 1;
        if state.closed {
            self.wake.notify_one();
        }
    }

    /// Puts an entry into a reserved place.
    pub(crate) fn fill(&self, entry: Entry) {
        let json: Arc<str> = entry.complete().to_line().into();
        let mut state = self.lock();
        let state = &mut *state;
        state.reserved -= 1;
        state.accepted += 1;
        let spooled = match &mut state.spool {
            None => false,
            Some(spool) => match spool.append(&json, state.accepted) {
                Ok(()) => true,
                Err(error) => {
                    tracing::error!(%error, "the spool cannot be written; an entry is in memory alone");
                    false
                }
            },
        };
        if state.stopped && !spooled {
            tracing::error!(entry = &*json, "recorded after the end, so never sent");
        }
        state.waiting.push_back(Waiting { json, spooled });
        let waiting = state.waiting.len();
        if waiting == 1 || waiting == self.batch || state.closed {
            self.wake.notify_one();
        }
    }

    /// The oldest entries of this run, once they are enough for a request or have waited long enough
    /// for others; none when the queue was closed and all of it is settled. The entries stay in the
    /// queue until they are settled.
    pub(crate) async fn next(&self) -> Option<Vec<Arc<str>>> {
        let mut deadline = None;
        loop {
            {
                let state = self.lock();
                if state.waiting.is_empty() {
                    if state.closed && state.reserved == 0 {
                        return None;
                    }
                } else {
                    let now = Instant::now();
                    if state.waiting.len() >= self.batch
                        || state.closed
                        || state.settled < state.hurry_to
                        || *deadline.get_or_insert(now + self.linger) <= now
                    {
                        return Some(self.batch_of(state.waiting.iter().map(|item| &item.json)));
                    }
                }
            }
            match deadline {
                None => self.wake.notified().await,
                // Too late is as good as woken: the entries are looked at again.
                Some(deadline) => {
                    let _ = timeout_at(deadline, self.wake.notified()).await;
                }
            }
        }
    }

    /// As many of the first lines as go in one request, at least one.
    pub(crate) fn batch_of<'a>(&self, lines: impl Iterator<Item = &'a Arc<str>>) -> Vec<Arc<str>> {
        let mut bytes = 0;
        lines
            .take(self.batch)
            .take_while(|line| {
                let first = bytes == 0;
                bytes += line.len() + 1;
                first || bytes <= BATCH_BYTES
            })
            .cloned()
            .collect()
    }

    /// Takes the oldest entries out of the queue, and out of the spool. The number of the newest
    /// settled entry.
    pub(crate) fn settle(&self, outcome: Settled) -> u64 {
        let entries = outcome.recorded + outcome.duplicate + outcome.rejected;
        let mut state = self.lock();
        let state = &mut *state;
        state.outcome.recorded += outcome.recorded;
        state.outcome.duplicate += outcome.duplicate;
        state.outcome.rejected += outcome.rejected;
        state.settled += entries;
        let of_backlog = entries.min(state.backlog);
        state.backlog -= of_backlog;
        for _ in of_backlog..entries {
            state.waiting.pop_front();
        }
        if let Some(spool) = &mut state.spool {
            spool.settled(state.settled);
        }
        state.settled
    }

    /// Sends what was accepted until now without waiting for others; the number of the newest of
    /// these entries.
    pub(crate) fn hurry(&self) -> u64 {
        let mut state = self.lock();
        state.hurry_to = state.accepted;
        self.wake.notify_one();
        state.hurry_to
    }

    /// Takes no more, except into the places that are reserved.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.wake.notify_one();
    }

    /// Notes that nobody sends any more.
    pub(crate) fn stop(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.stopped = true;
    }

    pub(crate) fn stats(&self) -> Stats {
        let state = self.lock();
        let Settled { recorded, duplicate, rejected } = state.outcome;
        Stats { queued: state.accepted - state.settled, recorded, duplicate, rejected }
    }

    /// What is not settled: the entries themselves where nothing but this queue has them.
    pub(crate) fn unsent(&self) -> Unsent {
        let state = self.lock();
        let (spooled, in_memory): (Vec<&Waiting>, Vec<&Waiting>) =
            state.waiting.iter().partition(|item| item.spooled);
        Unsent {
            entries: in_memory
                .iter()
                .filter_map(|item| serde_json::from_str(&item.json).ok())
                .collect(),
            spooled: state.backlog + spooled.len() as u64,
        }
    }
}
