//! The pools, and the role that their connections work as.

use std::time::Duration;

use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::PostgresError;
use crate::store::Store;

/// Connections for everything that ends soon. More would not answer more: pages keep processors busy, not disks. And each
/// of these keeps the plans of what it was asked, see [`STATEMENTS`].
const PAGES: u32 = 12;
/// So many statements each connection keeps prepared. Every order, way and part of a page has one of its own, some 150 in
/// all. Over a log of two years, with a table for each month, planning one takes 5 ms and more, and keeping it 1 MB of
/// Postgres's memory. A connection that keeps fewer than there are plans one anew every few pages.
const STATEMENTS: usize = 256;
/// Connections for exports: each may run for minutes. How many of them work at a time is another matter:
/// they take turns.
const EXPORTS: u32 = 12;
/// Connections for what others send to be recorded: each records many requests' entries at once.
pub const RECORDING: u32 = 4;
/// How long a request waits for a connection before it is told to come back later.
const PATIENCE: Duration = Duration::from_secs(3);

/// Opens the pools, and makes sure that their role cannot do what it must not.
///
/// # Errors
/// [`PostgresError`] where the database does not answer or the role is too mighty.
pub async fn open(options: &PgConnectOptions) -> Result<Store, PostgresError> {
    let pages = pool(
        options,
        PAGES,
        // A page that takes longer than this is of no use to anybody.
        "set role customer_logs_app; set statement_timeout = '30s'",
        true,
    )
    .await?;
    check_role(&pages).await?;
    let exports = pool(
        options,
        EXPORTS,
        // An export may take as long as it takes, but not longer than its client stays.
        "set role customer_logs_app; set client_connection_check_interval = '500ms'",
        true,
    )
    .await?;
    let recording = pool(
        options,
        RECORDING,
        // Only the recorder works on these. Its plans are kept, and a plan made while a table was small must
        // not read all of it later: every statement of its goes through a primary key.
        "set role customer_logs_app; set statement_timeout = '30s'; set app.recording = 'on';
         set enable_seqscan = off; set enable_mergejoin = off; set random_page_cost = 1.1",
        // Asking a connection whether it lives is a round trip of its own. One that died with the database
        // costs its group an answer of 503 instead, once.
        false,
    )
    .await?;
    // Opened when a server begins to listen; commands do not. What is lost is found out, and opened again.
    let listening = shape(1, "set role customer_logs_app", true).connect_lazy_with(named(options));
    Ok(Store::new(pages, exports, recording, listening))
}

async fn pool(
    options: &PgConnectOptions,
    connections: u32,
    first: &'static str,
    asked_first: bool,
) -> Result<PgPool, PostgresError> {
    let pool = shape(connections, first, asked_first);
    pool.connect_with(named(options)).await.map_err(PostgresError::Connect)
}

fn named(options: &PgConnectOptions) -> PgConnectOptions {
    options.clone().application_name("customer-logs").statement_cache_capacity(STATEMENTS)
}

/// Compiling a statement over months' tables takes Postgres a second of a processor and more, for each export anew, and
/// gains less: ten exports that began together kept pages waiting for all that time.
const NO_COMPILING: &str = "set jit = off";

fn shape(connections: u32, first: &'static str, asked_first: bool) -> PgPoolOptions {
    PgPoolOptions::new()
        .test_before_acquire(asked_first)
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(NO_COMPILING).execute(&mut *connection).await?;
                sqlx::raw_sql(first).execute(connection).await?;
                Ok(())
            })
        })
}

async fn check_role(pool: &PgPool) -> Result<(), PostgresError> {
    let (role, unbound, owner, may_change): (String, bool, bool, bool) = sqlx::query_as(
        "select current_user::text,
                (select rolsuper or rolbypassrls from pg_roles where rolname = current_user),
                exists (select from pg_class
                        where oid = 'log_entry'::regclass and pg_has_role(current_user, relowner, 'usage')),
                has_table_privilege('log_entry', 'update')
                    or has_table_privilege('log_entry', 'delete')
                    or has_table_privilege('log_entry', 'truncate')",
    )
    .fetch_one(pool)
    .await
    .map_err(PostgresError::Connect)?;
    let may = if unbound {
        "row-level security does not bind"
    } else if owner {
        "owns the log"
    } else if may_change {
        "may change entries"
    } else {
        return Ok(());
    };
    Err(PostgresError::TooMighty { role, may })
}
