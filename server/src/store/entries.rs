//! Reading a log, a page at a time.

use std::collections::BTreeMap;

use app::{
    log::{
        entry::{Entry, LogColumn, LogPage},
        query::LogQuery,
    },
    query::{Direction, Sort, Total, UrlQuery},
};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    Scope, Store, StoreError,
    rows::{EntryRow, count},
    search::{self, Matches},
};

/// What to answer where the page that is asked for lies past the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PastTheEnd {
    /// No entries, and the number that was asked for.
    Empty,
    /// The last page.
    LastPage,
}

/// The column's name in the log, quoted where SQL needs it.
pub(super) const fn column_in_sql(column: LogColumn) -> &'static str {
    match column {
        // created_at never decreases as seq grows, and seq is unique: the orders are the same.
        LogColumn::CreatedAt => "seq",
        LogColumn::User => "\"user\"",
        LogColumn::Action => "action",
        LogColumn::RelatedOperation => "related_operation",
        LogColumn::ImpactedTable => "impacted_table",
        LogColumn::Source => "source",
        LogColumn::AppInstance => "app_instance",
        LogColumn::RequestPath => "request_path",
    }
}

/// A total order: `seq` breaks ties, in the same direction. Absent values come last ascending, and first
/// descending, as Postgres has it by itself.
pub(super) fn order_in_sql(sort: Sort<LogColumn>) -> String {
    let direction = sort.direction.name();
    match sort.by {
        LogColumn::CreatedAt => format!("seq {direction}"),
        by => format!("{} {direction}, seq {direction}", column_in_sql(by)),
    }
}

pub(super) const COLUMNS: &str = r#"seq, created_at, "user", user_kind, action, related_operation,
    impacted_table, source, app_instance, request_path"#;

impl Store {
    /// The page of `scope`'s log that `query` asks for, with its exact total, from one snapshot. Nothing
    /// where there is no such log, or row-level security hides it.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn log_page(
        &self,
        scope: &Scope,
        query: &LogQuery,
        past_the_end: PastTheEnd,
    ) -> Result<Option<LogPage>, StoreError> {
        let mut snapshot = self.pages.begin_with(scope.snapshot()).await?;
        // Served by log_head's primary key.
        let head: Option<i64> =
            sqlx::query_scalar("select entries from log_head where customer_id = $1")
                .bind(scope.customer_id().as_str())
                .fetch_optional(&mut *snapshot)
                .await?;
        let Some(head) = head else { return Ok(None) };
        let log_entries = count(head)?;
        let matches = search::find(&mut snapshot, scope, &query.search).await?;
        let total = matches.as_ref().map_or(log_entries, |matches| matches.entries);

        let pages = query.listing.pages(total);
        let query = match past_the_end {
            PastTheEnd::LastPage if query.listing.page > pages => query.at_page(pages.max(1)),
            _ => query.clone(),
        };
        let entries = if query.listing.offset() >= total {
            Vec::new()
        } else {
            match &matches {
                None if query.listing.sort.by == LogColumn::CreatedAt => {
                    numbered(&mut snapshot, scope, &query, log_entries).await?
                }
                None => sorted(&mut snapshot, scope, &query).await?,
                Some(matches) => found(&mut snapshot, scope, &query, matches).await?,
            }
        };
        snapshot.commit().await?;
        Ok(Some(LogPage {
            entries,
            page: query.listing.page,
            pages,
            total: Total { value: total, exact: true },
            log_entries,
            as_of: log_entries,
            newest: log_entries,
        }))
    }
}

/// What an entry says beyond the guide's columns.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Particulars {
    #[sqlx(try_from = "i64")]
    seq: u64,
    /// The user's id, where they have one.
    pub user_id: Option<String>,
    /// When the sender says that it happened, where they said it.
    pub occurred_at: Option<chrono::DateTime<chrono::Utc>>,
    /// The key that it came with, where it came over the API.
    pub api_key_id: Option<i64>,
    /// What changed, and more: an object, as JSON.
    pub detail: Option<String>,
}

impl Store {
    /// The particulars of these entries of `scope`'s log, by their numbers. Entries do not change: whatever
    /// snapshot found them, these belong to them. Served by log_entry's primary key.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn particulars(
        &self,
        scope: &Scope,
        seqs: impl IntoIterator<Item = u64>,
    ) -> Result<BTreeMap<u64, Particulars>, StoreError> {
        let mut snapshot = self.pages.begin_with(scope.snapshot()).await?;
        let rows: Vec<Particulars> = sqlx::query_as(
            "select seq, user_id, occurred_at, api_key_id, detail::text from log_entry
             where customer_id = $1 and seq = any($2)",
        )
        .bind(scope.customer_id().as_str())
        .bind(seqs.into_iter().map(in_sql).collect::<Vec<_>>())
        .fetch_all(&mut *snapshot)
        .await?;
        snapshot.commit().await?;
        Ok(rows.into_iter().map(|row| (row.seq, row)).collect())
    }
}

/// A page of the default order: the entries' numbers follow from the page's. Its cost does not depend on
/// how deep the page lies. Served by log_entry's primary key.
async fn numbered(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &LogQuery,
    log_entries: u64,
) -> Result<Vec<Entry>, StoreError> {
    let before = query.listing.offset();
    let rows = query.listing.per_page.rows();
    let direction = query.listing.sort.direction;
    let (first, last) = match direction {
        Direction::Ascending => (before + 1, (before + rows).min(log_entries)),
        Direction::Descending => {
            let last = log_entries - before;
            (last.saturating_sub(rows) + 1, last)
        }
    };
    let statement = format!(
        "select {COLUMNS} from log_entry
         where customer_id = $1 and seq between $2 and $3
         order by seq {}",
        direction.name()
    );
    fetch(
        sqlx::query_as(AssertSqlSafe(statement))
            .bind(scope.customer_id().as_str())
            .bind(in_sql(first))
            .bind(in_sql(last)),
        connection,
    )
    .await
}

/// A page of another order. The numbers of its entries come from the order's own index alone
/// (log_entry_by_…); only the page's rows are then read. Its cost grows with what lies before the page.
async fn sorted(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &LogQuery,
) -> Result<Vec<Entry>, StoreError> {
    let order = order_in_sql(query.listing.sort);
    let statement = format!(
        "with page as materialized (
             select seq from log_entry
             where customer_id = $1
             order by {order}
             limit $2 offset $3
         )
         select {COLUMNS} from log_entry
         where customer_id = $1 and seq = any(array(select seq from page))
         order by {order}"
    );
    fetch(
        sqlx::query_as(AssertSqlSafe(statement))
            .bind(scope.customer_id().as_str())
            .bind(in_sql(query.listing.per_page.rows()))
            .bind(in_sql(query.listing.offset())),
        connection,
    )
    .await
}

/// A page of what a search found. Served by the order's index, or by log_entry_by_user and
/// log_entry_by_impacted_table where few entries match.
async fn found(
    connection: &mut PgConnection,
    scope: &Scope,
    query: &LogQuery,
    matches: &Matches,
) -> Result<Vec<Entry>, StoreError> {
    let order = order_in_sql(query.listing.sort);
    let statement = format!(
        r#"select {COLUMNS} from log_entry
         where customer_id = $1 and ("user" = any($4) or impacted_table = any($5))
         order by {order}
         limit $2 offset $3"#
    );
    fetch(
        sqlx::query_as(AssertSqlSafe(statement))
            .bind(scope.customer_id().as_str())
            .bind(in_sql(query.listing.per_page.rows()))
            .bind(in_sql(query.listing.offset()))
            .bind(&matches.users)
            .bind(&matches.tables),
        connection,
    )
    .await
}

/// A number of rows as SQL has it. One that does not fit lies past every log's end.
fn in_sql(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

type Rows<'q> = sqlx::query::QueryAs<'q, sqlx::Postgres, EntryRow, sqlx::postgres::PgArguments>;

async fn fetch(rows: Rows<'_>, connection: &mut PgConnection) -> Result<Vec<Entry>, StoreError> {
    rows.fetch_all(connection).await?.into_iter().map(Entry::try_from).collect()
}
