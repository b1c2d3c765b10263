//! Live tails: who watches which log, and how they learn that it grew.
//!
//! Recording does not notify. `NOTIFY` takes a lock of the whole cluster's until its transaction is durable, so
//! commits that notify wait for each other instead of sharing a flush: with four connections a quarter of them
//! is lost. What a server commits it tells its own tails directly ([`Tails::tell`]), and the other servers a
//! moment later, in a transaction that does nothing else. Under both lies a question asked every two seconds, for
//! what neither told: a server that died between the two, a lost connection, the command line.

use std::{
    collections::BTreeMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use app::customer::id::CustomerId;
use chrono::{DateTime, Utc};
use sqlx::postgres::PgListener;
use tokio::{
    sync::{
        Notify, OwnedSemaphorePermit, Semaphore,
        broadcast::{self, error::RecvError},
        watch,
    },
    time::{Instant, sleep, sleep_until},
};

use super::{Scope, Store, StoreError, customers::STAFF_SNAPSHOT, recorder::Recorded, rows::count};

/// The most tails that a server keeps open. Each is a connection with its buffers, and is told by itself. Whoever
/// gets none asks from time to time, as without tails.
pub const MOST: usize = 2_000;
/// The least time between two things that a tail says, and between two notifications of a server's.
pub const REST: Duration = Duration::from_millis(100);
/// How often the database is asked for what nobody told.
const POLL: Duration = Duration::from_secs(2);
/// How long it takes until a lost connection is opened again: at first, and at last.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// What servers on one database tell each other by.
pub const CHANNEL: &str = "log_newest";
/// How many ends of sessions a tail may miss. It asks for its own where it missed more.
const SESSIONS: usize = 64;

/// A log's newest entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Newest {
    /// Its number; 0 where nothing was recorded yet.
    pub seq: u64,
    /// When it was recorded.
    pub at: Option<DateTime<Utc>>,
}

/// The open tails of a server. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Tails(Arc<Hub>);

#[derive(Debug)]
struct Hub {
    watched: Mutex<BTreeMap<CustomerId, Watched>>,
    room: Arc<Semaphore>,
    /// Sessions that ended.
    sessions: broadcast::Sender<[u8; 32]>,
    /// Whether all tails are to end.
    ending: watch::Sender<bool>,
    /// What the other servers were not told yet.
    untold: Mutex<BTreeMap<CustomerId, Newest>>,
    growth: Notify,
    /// Something may have been missed.
    missed: Notify,
}

/// A log that is watched. It is forgotten with its last tail.
#[derive(Debug)]
struct Watched {
    newest: watch::Sender<Newest>,
    tails: usize,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            watched: Mutex::default(),
            room: Arc::new(Semaphore::new(MOST)),
            sessions: broadcast::Sender::new(SESSIONS),
            ending: watch::Sender::new(false),
            untold: Mutex::default(),
            growth: Notify::new(),
            missed: Notify::new(),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tails {
    /// A tail of `customer_id`'s log for a session. Nothing where too many are open, or the server ends. Making
    /// one checks nothing, and says nothing yet of the log.
    pub fn open(&self, customer_id: &CustomerId, session: [u8; 32]) -> Option<Tail> {
        let ending = self.0.ending.subscribe();
        let room = Arc::clone(&self.0.room).try_acquire_owned().ok().filter(|_| !*ending.borrow());
        let room = room?;
        let mut watched = locked(&self.0.watched);
        let log = watched
            .entry(customer_id.clone())
            .or_insert_with(|| Watched { newest: watch::Sender::default(), tails: 0 });
        log.tails += 1;
        Some(Tail {
            newest: log.newest.subscribe(),
            sessions: self.0.sessions.subscribe(),
            ending,
            said: Newest::default(),
            rest: Instant::now(),
            session,
            customer_id: customer_id.clone(),
            tails: self.clone(),
            _room: room,
        })
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        MOST - self.0.room.available_permits()
    }

    /// Ends the tails of a session.
    pub fn end_session(&self, session: [u8; 32]) {
        // There may be none at all.
        let _told = self.0.sessions.send(session);
    }

    /// Ends all tails; no more are opened. A server does not stop while an answer has no end.
    pub fn end(&self) {
        self.0.ending.send_replace(true);
    }

    /// Tells that these entries are committed: the tails of this server now, the other servers soon.
    pub(super) fn tell(&self, recorded: &[Recorded]) {
        if recorded.is_empty() {
            return;
        }
        let newest = |log: &Recorded| Newest {
            seq: log.first_seq + log.entries.saturating_sub(1),
            at: Some(log.created_at),
        };
        for log in recorded {
            self.tell_watchers(&log.customer_id, newest(log));
        }
        let mut untold = locked(&self.0.untold);
        for log in recorded {
            let known = untold.entry(log.customer_id.clone()).or_default();
            *known = later(*known, newest(log));
        }
        drop(untold);
        self.0.growth.notify_one();
    }

    /// What comes late, or again, says nothing new.
    fn tell_watchers(&self, customer_id: &CustomerId, newest: Newest) {
        if let Some(log) = locked(&self.0.watched).get(customer_id) {
            log.newest.send_if_modified(|known| {
                let grown = newest.seq > known.seq;
                if grown {
                    *known = newest;
                }
                grown
            });
        }
    }

    fn watched(&self) -> Vec<CustomerId> {
        locked(&self.0.watched).keys().cloned().collect()
    }
}

fn later(one: Newest, other: Newest) -> Newest {
    if other.seq > one.seq { other } else { one }
}

/// One open tail.
#[derive(Debug)]
pub struct Tail {
    newest: watch::Receiver<Newest>,
    sessions: broadcast::Receiver<[u8; 32]>,
    ending: watch::Receiver<bool>,
    said: Newest,
    /// Until when nothing is said.
    rest: Instant,
    session: [u8; 32],
    customer_id: CustomerId,
    tails: Tails,
    _room: OwnedSemaphorePermit,
}

/// What a tail's owner has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Say that this is the newest entry now.
    Grown(Newest),
    /// Find out whether the session is still there: it may have ended unheard.
    Unsure,
    /// End.
    Over,
}

impl Tail {
    /// Notes that `newest` is being said.
    pub fn said(&mut self, newest: Newest) {
        self.said = newest;
        self.rest = Instant::now() + REST;
    }

    /// Waits for what is next; a wait that is given up loses nothing.
    pub async fn next(&mut self) -> News {
        let newest = loop {
            tokio::select! {
                biased;
                _ = self.ending.wait_for(|ending| *ending) => return News::Over,
                ended = self.sessions.recv() => match ended {
                    Ok(session) if session != self.session => {}
                    Err(RecvError::Lagged(_)) => return News::Unsure,
                    Ok(_) | Err(RecvError::Closed) => return News::Over,
                },
                // Whatever comes in meanwhile is said as one.
                changed = async { sleep_until(self.rest).await; self.newest.changed().await } => {
                    if changed.is_err() {
                        return News::Over;
                    }
                    let newest = *self.newest.borrow_and_update();
                    if newest.seq > self.said.seq {
                        break newest;
                    }
                }
            }
        };
        self.said(newest);
        News::Grown(newest)
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        let mut watched = locked(&self.tails.0.watched);
        if let Some(log) = watched.get_mut(&self.customer_id) {
            log.tails -= 1;
            if log.tails == 0 {
                watched.remove(&self.customer_id);
            }
        }
    }
}

impl Store {
    /// The open tails.
    pub const fn tails(&self) -> &Tails {
        &self.followers.tails
    }

    /// The newest entry of `scope`'s log. Nothing where there is no such log, or row-level security hides it.
    /// Served by log_head's primary key.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn newest_entry(&self, scope: &Scope) -> Result<Option<Newest>, StoreError> {
        let mut snapshot = self.pages.begin_with(scope.snapshot()).await?;
        let head: Option<(i64, Option<DateTime<Utc>>)> =
            sqlx::query_as("select entries, last_created_at from log_head where customer_id = $1")
                .bind(scope.customer_id().as_str())
                .fetch_optional(&mut *snapshot)
                .await?;
        snapshot.commit().await?;
        head.map(|(entries, at)| Ok(Newest { seq: count(entries)?, at })).transpose()
    }

    /// Tells the tails what the database says of their logs, all in one question. Served by log_head's primary
    /// key.
    async fn look(&self) -> Result<(), StoreError> {
        let watched = self.tails().watched();
        if watched.is_empty() {
            return Ok(());
        }
        let mut snapshot = self.pages.begin_with(STAFF_SNAPSHOT).await?;
        let heads: Vec<(String, i64, Option<DateTime<Utc>>)> = sqlx::query_as(
            "select customer_id, entries, last_created_at from log_head where customer_id = any($1)",
        )
        .bind(watched.iter().map(CustomerId::as_str).collect::<Vec<_>>())
        .fetch_all(&mut *snapshot)
        .await?;
        snapshot.commit().await?;
        for (id, entries, at) in heads {
            let id = id.parse().map_err(|_| StoreError::Unreadable(id))?;
            self.tails().tell_watchers(&id, Newest { seq: count(entries)?, at });
        }
        Ok(())
    }

    /// Tells the other servers. Nothing hangs on it being durable, so nobody waits for the disk under the lock.
    async fn notify(&self, grown: &BTreeMap<CustomerId, Newest>) -> Result<(), StoreError> {
        let told: Vec<String> = grown.iter().map(|(id, newest)| to_payload(id, *newest)).collect();
        let mut telling =
            self.pages.begin_with("begin; set local synchronous_commit = off").await?;
        sqlx::query("select pg_notify($1, told) from unnest($2::text[]) as told")
            .bind(CHANNEL)
            .bind(told)
            .execute(&mut *telling)
            .await?;
        telling.commit().await?;
        Ok(())
    }

    /// Tells the tails what other servers tell, until the connection is lost.
    async fn hear(&self, backoff: &mut Duration) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(&self.listening).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        *backoff = BACKOFF.0;
        // What was told before is not heard.
        self.tails().0.missed.notify_one();
        while let Some(told) = listener.try_recv().await? {
            if let Some((id, newest)) = of_payload(told.payload()) {
                self.tails().tell_watchers(&id, newest);
            }
        }
        Ok(())
    }
}

/// `12 1773325351006412 20418`: the number, its time in microseconds, the customer.
fn to_payload(id: &CustomerId, newest: Newest) -> String {
    let at = newest.at.map(|at| at.timestamp_micros().to_string());
    format!("{} {} {id}", newest.seq, at.as_deref().unwrap_or("-"))
}

/// Nothing where no server wrote it.
fn of_payload(payload: &str) -> Option<(CustomerId, Newest)> {
    let mut parts = payload.splitn(3, ' ');
    let seq = parts.next()?.parse().ok()?;
    let at = match parts.next()? {
        "-" => None,
        at => Some(DateTime::from_timestamp_micros(at.parse().ok()?)?),
    };
    Some((parts.next()?.parse().ok()?, Newest { seq, at }))
}

/// Keeps the tails told, and tells the other servers, until it is dropped.
pub async fn run(store: Store) {
    tokio::join!(listen(&store), tell_others(&store), look_on(&store));
}

/// Listens over one connection, whatever the number of tails.
async fn listen(store: &Store) {
    let mut backoff = BACKOFF.0;
    loop {
        let error = store.hear(&mut backoff).await.err().map(|error| error.to_string());
        if store.listening.is_closed() {
            return;
        }
        let error = error.unwrap_or_default();
        tracing::warn!(error, "other servers are not heard for now; the database is asked instead");
        sleep(backoff).await;
        backoff = (backoff * 2).min(BACKOFF.1);
    }
}

async fn tell_others(store: &Store) {
    let hub = &store.tails().0;
    loop {
        hub.growth.notified().await;
        let grown = mem::take(&mut *locked(&hub.untold));
        if !grown.is_empty()
            && let Err(error) = store.notify(&grown).await
        {
            // They ask by themselves.
            tracing::warn!(%error, "other servers were not told of new entries");
        }
        sleep(REST).await;
    }
}

async fn look_on(store: &Store) {
    loop {
        tokio::select! {
            () = sleep(POLL) => {}
            () = store.tails().0.missed.notified() => {}
        }
        if let Err(error) = store.look().await {
            tracing::warn!(%error, "the watched logs could not be looked at");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_tell_each_other_is_read_as_it_was_written() {
        let id: CustomerId = "a:b-1".parse().unwrap();
        for at in [None, DateTime::from_timestamp_micros(1_773_325_351_006_412)] {
            let newest = Newest { seq: 12, at };
            assert_eq!(of_payload(&to_payload(&id, newest)), Some((id.clone(), newest)));
        }
        for strange in ["", "12", "12 -", "12 - ", "x - 1", "12 x 1", "12 - not an id"] {
            assert_eq!(of_payload(strange), None, "{strange:?}");
        }
    }

    #[tokio::test]
    async fn a_log_is_forgotten_with_its_last_tail() {
        let tails = Tails::default();
        let id: CustomerId = "1".parse().unwrap();
        let (one, two) = (tails.open(&id, [1; 32]), tails.open(&id, [2; 32]));
        drop(one);
        assert_eq!((tails.watched().len(), tails.count()), (1, 1));
        drop(two);
        assert_eq!((tails.watched().len(), tails.count()), (0, 0));
    }

    #[tokio::test]
    async fn beyond_the_bound_and_while_the_server_ends_none_is_opened() {
        let tails = Tails::default();
        let id: CustomerId = "1".parse().unwrap();
        let mut open: Vec<_> = (0..MOST).filter_map(|_| tails.open(&id, [1; 32])).collect();
        assert_eq!(open.len(), MOST);
        assert!(tails.open(&id, [1; 32]).is_none());
        open.pop();
        assert!(tails.open(&id, [1; 32]).is_some());
        tails.end();
        assert_eq!(open[0].next().await, News::Over);
        open.pop();
        assert!(tails.open(&id, [1; 32]).is_none());
    }

    #[tokio::test]
    async fn what_comes_late_or_twice_is_not_said() {
        let tails = Tails::default();
        let id: CustomerId = "1".parse().unwrap();
        let mut tail = tails.open(&id, [1; 32]).unwrap();
        tail.said(Newest { seq: 3, at: None });
        for seq in [2, 3, 5, 4, 5] {
            tails.tell_watchers(&id, Newest { seq, at: None });
        }
        assert_eq!(tail.next().await, News::Grown(Newest { seq: 5, at: None }));
        tails.end_session([2; 32]);
        tails.end_session([1; 32]);
        tails.tell_watchers(&id, Newest { seq: 6, at: None });
        assert_eq!(tail.next().await, News::Over);
    }
}
