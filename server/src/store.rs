//! Everything that is asked of Postgres. No SQL stands outside this folder.

pub mod act;
pub mod activity;
pub mod api_keys;
mod chooser;
mod chosen;
mod conditions;
pub mod counting;
mod counts;
pub mod customers;
pub mod entries;
pub mod export;
pub mod facets;
mod followers;
mod gather;
pub mod ingest_answers;
pub mod layouts;
pub mod ledger;
mod milestones;
pub mod months;
pub mod operations;
mod order;
mod paging;
mod pick;
mod ranked;
pub mod receive;
pub mod recorder;
pub mod retention;
mod rows;
pub mod saved_views;
pub mod search;
pub mod sessions;
mod sets;
pub mod settings;
pub mod short_links;
pub mod sight;
pub mod sign_in_failures;
mod sql;
mod stretch;
pub mod tail;
pub mod users;
pub mod views;
mod walk;

use std::{sync::Arc, time::Duration};

use app::{customer::id::CustomerId, log::sight::Sight, query::BadParameter};
use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction};

use crate::access::Caller;
use api_keys::KnownKeys;
use export::turns::Turns;
use followers::Followers;
use milestones::Milestones;
use recorder::Recorded;
use sets::Sets;
use sql::literal;
use views::NotedViews;

/// How long the connection that listens may take to be closed.
const LEAVE: Duration = Duration::from_secs(1);

/// Why the store has no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, or takes no more.
    #[error("the database does not answer")]
    Unavailable(#[source] sqlx::Error),
    /// Something that should be unique is there already.
    #[error("{0} is there already")]
    Exists(&'static str),
    /// The database refused or failed.
    #[error("the database failed")]
    Failed(#[source] sqlx::Error),
    /// The caller does not see what was asked about.
    #[error("{0}")]
    Hidden(BadParameter),
    /// What was read is not what can have been written.
    #[error("the database holds {0}, which nothing here wrote")]
    Unreadable(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error::{Database, Io, PoolClosed, PoolTimedOut, Protocol, Tls, WorkerCrashed};
        match &error {
            Io(_) | PoolTimedOut | PoolClosed | Tls(_) | Protocol(_) | WorkerCrashed => {
                Self::Unavailable(error)
            }
            // 08: connection; 40: given up in favour of another transaction; 53: out of resources;
            // 57: shut down, starting up, cancelled.
            Database(refusal)
                if refusal.code().is_some_and(|code| {
                    ["08", "40", "53", "57"].contains(&&code[..2.min(code.len())])
                }) =>
            {
                Self::Unavailable(error)
            }
            _ => Self::Failed(error),
        }
    }
}

/// The way to the database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pages: PgPool,
    exports: PgPool,
    turns: Turns,
    recording: PgPool,
    listening: PgPool,
    keys: Arc<KnownKeys>,
    followers: Followers,
    milestones: Milestones,
    sets: Sets,
    noted_views: NotedViews,
    customers_see: Sight,
}

impl Store {
    /// A store over four pools: one for everything that ends soon, a small one for exports and one for
    /// what others send to be recorded, which therefore never starve pages; and one for the one connection that
    /// hears of entries that other servers record.
    pub fn new(pages: PgPool, exports: PgPool, recording: PgPool, listening: PgPool) -> Self {
        Self {
            pages,
            exports,
            turns: Turns::default(),
            recording,
            listening,
            keys: Arc::default(),
            followers: Followers::default(),
            milestones: Milestones::default(),
            sets: Sets::default(),
            noted_views: NotedViews::default(),
            customers_see: Sight::OWN,
        }
    }

    /// Whether the database answers, and how many migrations were applied to it.
    ///
    /// # Errors
    /// [`StoreError`] where it does not answer.
    pub async fn applied_migrations(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("select count(*) from _sqlx_migrations where success")
            .fetch_one(&self.pages)
            .await?)
    }

    /// Tells those who follow the logs that these entries are committed: whoever commits a transaction of their
    /// own in which a [`recorder::Recorder`] recorded calls this.
    pub fn committed(&self, recorded: &[Recorded]) {
        self.followers.tell(recorded);
    }

    /// Closes all connections.
    pub async fn close(&self) {
        // It takes its leave of the database, which may not answer any more.
        let _late = tokio::time::timeout(LEAVE, self.listening.close()).await;
        self.exports.close().await;
        self.recording.close().await;
        self.pages.close().await;
    }

    /// A transaction for writing, with no customer set: the recorder sets each as it writes.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        Ok(self.pages.begin().await?)
    }

    /// A transaction for recording what others sent, one round trip cheaper.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer.
    pub async fn begin_recording(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        Ok(self.recording.begin().await?)
    }
}

/// For transactions that walk along a log's indexes. Each of their statements has one good plan: along the index
/// that it names, and not a step further than it has to. So plans are made once for each connection, whatever
/// the parameters (with a table for each month, making one takes longer than following it); and the planner is
/// kept from what it takes for cheaper where it has to guess how much is skipped.
const PLANS: &str =
    "set local plan_cache_mode = 'force_generic_plan'; set local enable_seqscan = off;
    set local enable_bitmapscan = off; set local enable_sort = off; set local enable_hashjoin = off;
    set local enable_mergejoin = off; set local max_parallel_workers_per_gather = 0";

/// One customer's log, seen by one caller. It says what to look for ([`Self::customer_id`]) and what row-level
/// security lets through, which for a customer's session is never more than their own; and what of it is seen
/// ([`sight`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    customer_id: CustomerId,
    visible: CustomerId,
    sight: Sight,
}

impl Scope {
    /// The scope of `caller` looking at `customer_id`. Making one checks nothing: that is
    /// [`crate::access`]'s work. Where it was forgotten, row-level security finds no row.
    pub fn new(caller: &Caller, customer_id: CustomerId) -> Self {
        let visible = caller.own_customer().unwrap_or(&customer_id).clone();
        Self { customer_id, visible, sight: caller.sight() }
    }

    /// Whose log it is.
    pub const fn customer_id(&self) -> &CustomerId {
        &self.customer_id
    }

    /// The statement that opens a snapshot for reading the log by its indexes.
    fn log_snapshot(&self) -> AssertSqlSafe<String> {
        AssertSqlSafe(format!("{}; {PLANS}", self.snapshot().0))
    }

    /// The statement that opens a snapshot for staff, who see the customer's settings and money too.
    fn staff_snapshot(&self) -> AssertSqlSafe<String> {
        AssertSqlSafe(format!("{}; set local app.staff = 'on'", self.snapshot().0))
    }

    /// The statement that opens a transaction that writes down what need not last: where the machine fails, the last
    /// of it may be lost, and nobody waits for it to be kept safe.
    fn noting(&self) -> AssertSqlSafe<String> {
        AssertSqlSafe(format!(
            "begin; set local app.customer = {}; set local synchronous_commit = off",
            literal(self.visible.as_str())
        ))
    }

    /// The statement that opens a snapshot of what this scope may see. One round trip. The customer is set
    /// with a literal (an id's characters need no quoting; it is quoted all the same) because `SET LOCAL`
    /// reaches the workers of a distributed database, and `set_config` with a parameter does not.
    fn snapshot(&self) -> AssertSqlSafe<String> {
        AssertSqlSafe(format!(
            "begin isolation level repeatable read read only; set local app.customer = {}",
            literal(self.visible.as_str())
        ))
    }
}
