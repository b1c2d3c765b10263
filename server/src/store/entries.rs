//! Reading a log, a page at a time.

use std::sync::Arc;

use app::{
    log::{
        detail::{self, Detail, MOST_OF_OPERATION},
        entry::{Entry, LogColumn, LogPage},
        query::LogQuery,
    },
    query::{Direction, Total, UrlQuery},
    zone::Zone,
};
use chrono::{TimeDelta, Utc};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    Scope, Store, StoreError,
    chooser::{Chooser, needs_sets},
    paging::View,
    pick::Place,
    recorder::stored,
    rows::{EntryRow, count},
    search,
    sight::Names,
    walk::{Found, in_sql},
};
use crate::zones;

/// What to answer where the page that is asked for lies past the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PastTheEnd {
    /// No entries, and the number that was asked for.
    Empty,
    /// The last page.
    LastPage,
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
        let page = self.page_of(scope, query, (past_the_end, Extent::Guide)).await?;
        Ok(page.map(|(page, _)| page))
    }

    /// The same with the particulars of each entry, in the order of the page's entries; empty where the caller does
    /// not see them.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn log_page_in_full(
        &self,
        scope: &Scope,
        query: &LogQuery,
        past_the_end: PastTheEnd,
    ) -> Result<Option<(LogPage, Vec<Particulars>)>, StoreError> {
        self.page_of(scope, query, (past_the_end, Extent::seen(scope))).await
    }

    async fn page_of(
        &self,
        scope: &Scope,
        query: &LogQuery,
        (past_the_end, extent): (PastTheEnd, Extent),
    ) -> Result<Option<(LogPage, Vec<Particulars>)>, StoreError> {
        let _before_exports = self.turns.page();
        scope.permit(query)?;
        let mut snapshot = self.pages.begin_with(scope.log_snapshot()).await?;
        let names = Names::of(&mut snapshot, scope).await?;
        let Some(view) = view(&mut snapshot, (scope, &names), query, self).await? else {
            return Ok(None);
        };
        let zone = zone_of(query);
        let found = if needs_sets(&view, query) {
            let view = view.clone();
            let chooser = Chooser { sets: &self.sets, view, zone: &zone, now: Utc::now() };
            chosen_page(&mut snapshot, &chooser, query, (past_the_end, extent)).await?
        } else {
            page_by_dictionary(&mut snapshot, &view, query, (past_the_end, extent)).await?
        };
        let Page { entries, query, total } = found;
        snapshot.commit().await?;
        let (entries, particulars): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        let page = LogPage {
            entries: entries.into_iter().map(|entry| names.seen(scope, entry)).collect(),
            page: query.listing.page,
            pages: query.listing.pages(total),
            total: Total { value: total, exact: true },
            log_entries: view.entries(),
            as_of: count(view.cut)?,
            newest: count(view.head)?,
            zone: Zone::clone(&zone),
            found_at: Utc::now(),
        };
        Ok(Some((page, particulars)))
    }
}

/// What was found for a page.
struct Page {
    entries: Vec<(Entry, Particulars)>,
    /// What was asked for, at the page that is answered.
    query: LogQuery,
    total: u64,
}

/// `query` at the page that is answered, where `total` entries match.
fn at_its_page(query: &LogQuery, total: u64, past_the_end: PastTheEnd) -> LogQuery {
    let pages = query.listing.pages(total);
    match past_the_end {
        PastTheEnd::LastPage if query.listing.page > pages => query.at_page(pages.max(1)),
        _ => query.clone(),
    }
}

/// By the dictionary and the milestones: no filter, or only by user and table.
async fn page_by_dictionary(
    connection: &mut PgConnection,
    view: &View<'_>,
    query: &LogQuery,
    (past_the_end, extent): (PastTheEnd, Extent),
) -> Result<Page, StoreError> {
    let matches = search::find(connection, view, query).await?;
    let total = view.count(connection, matches.as_ref()).await?;
    let query = at_its_page(query, total, past_the_end);
    let entries = if query.listing.offset() >= total {
        Vec::new()
    } else if matches.is_none() && query.listing.sort.by == LogColumn::CreatedAt {
        numbered(connection, view, &query, extent).await?
    } else {
        let found = view.page(connection, &query, matches.as_ref(), total).await?;
        let places: Vec<_> = found.into_iter().map(Place::from).collect();
        read(connection, view.scope, &places, extent).await?
    };
    Ok(Page { entries, query, total })
}

/// By sets of entries: filters of any kind, in any stretch of time.
async fn chosen_page(
    connection: &mut PgConnection,
    chooser: &Chooser<'_>,
    query: &LogQuery,
    (past_the_end, extent): (PastTheEnd, Extent),
) -> Result<Page, StoreError> {
    let chosen = chooser.choose(connection, query).await?;
    let total = chosen.count();
    let query = at_its_page(query, total, past_the_end);
    let places = chooser.page(connection, &query, &chosen).await?;
    let entries = read(connection, chooser.view.scope, &places, extent).await?;
    Ok(Page { entries, query, total })
}

/// The zone that `query` means days and clocks in. Whoever takes a query from outside sees to it that there is
/// such a zone.
pub(super) fn zone_of(query: &LogQuery) -> Arc<Zone> {
    query.zone.as_ref().and_then(zones::zone).unwrap_or_default()
}

/// The log as `query` sees it. Served by the primary keys of log_head and log_counted.
pub(super) async fn view<'s>(
    connection: &mut PgConnection,
    (scope, names): (&'s Scope, &'s Names),
    query: &LogQuery,
    store: &'s Store,
) -> Result<Option<View<'s>>, StoreError> {
    let head: Option<(i64, i64, i64)> = sqlx::query_as(
        "select entries, dropped, coalesce(through_seq, 0)
         from log_head left join log_counted using (customer_id)
         where customer_id = $1",
    )
    .bind(scope.customer_id().as_str())
    .fetch_optional(&mut *connection)
    .await?;
    let Some((head, dropped, counted)) = head else { return Ok(None) };
    let cut = query.as_of.map_or(head, |as_of| head.min(in_sql(as_of)));
    let clock = store.sets.clock_so_far(connection, scope, head).await?;
    let milestones = &store.milestones;
    Ok(Some(View { scope, names, head, dropped, cut, counted, milestones, clock }))
}

impl Store {
    /// The number of the newest entry of `scope`'s log; 0 where nothing was recorded yet. Nothing where there
    /// is no such log, or row-level security hides it. Served by log_head's primary key.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn newest(&self, scope: &Scope) -> Result<Option<u64>, StoreError> {
        let mut snapshot = self.pages.begin_with(scope.snapshot()).await?;
        let head: Option<i64> =
            sqlx::query_scalar("select entries from log_head where customer_id = $1")
                .bind(scope.customer_id().as_str())
                .fetch_optional(&mut *snapshot)
                .await?;
        snapshot.commit().await?;
        head.map(count).transpose()
    }
}

/// What an entry says beyond the guide's columns.
#[derive(Debug, Clone, Default, PartialEq, sqlx::FromRow)]
pub struct Particulars {
    /// The user's id, where they have one.
    pub user_id: Option<String>,
    /// When the sender says that it happened, where they said it.
    pub occurred_at: Option<chrono::DateTime<chrono::Utc>>,
    /// The key that it came with, where it came over the API.
    pub api_key_id: Option<i64>,
    /// What changed, and more: an object, as JSON.
    pub detail: Option<String>,
}

/// How much of each entry is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The guide's columns, the number and the user's kind. Particulars are empty.
    Guide,
    /// The particulars, too.
    Particulars,
}

impl Extent {
    /// All that is seen.
    pub(super) const fn seen(scope: &Scope) -> Self {
        if scope.sight().sees_particulars() { Self::Particulars } else { Self::Guide }
    }

    fn columns(self) -> String {
        let particulars = match self {
            Self::Guide => {
                "null::text as user_id, null::timestamptz as occurred_at, null::bigint as api_key_id,
                 null::text as detail"
            }
            Self::Particulars => "user_id, occurred_at, api_key_id, detail::text",
        };
        format!("{COLUMNS}, {particulars}")
    }
}

/// An entry, and what was read of its particulars.
#[derive(sqlx::FromRow)]
struct FullRow {
    #[sqlx(flatten)]
    entry: EntryRow,
    #[sqlx(flatten)]
    particulars: Particulars,
}

fn entries(rows: Vec<FullRow>) -> Result<Vec<(Entry, Particulars)>, StoreError> {
    rows.into_iter().map(|row| Ok((row.entry.try_into()?, row.particulars))).collect()
}

/// A page of the default order: the entries' numbers follow from the page's. Its cost does not depend on
/// how deep the page lies. Served by log_entry's primary key.
pub(super) async fn numbered(
    connection: &mut PgConnection,
    view: &View<'_>,
    query: &LogQuery,
    extent: Extent,
) -> Result<Vec<(Entry, Particulars)>, StoreError> {
    let before = in_sql(query.listing.offset());
    let rows = in_sql(query.listing.per_page.rows());
    let direction = query.listing.sort.direction;
    let (first, last) = match direction {
        Direction::Ascending => {
            (view.dropped + before + 1, (view.dropped + before + rows).min(view.cut))
        }
        Direction::Descending => {
            let last = view.cut - before;
            ((last - rows).max(view.dropped) + 1, last)
        }
    };
    let statement = format!(
        "select {} from log_entry
         where customer_id = $1 and seq between $2 and $3 and created_at >= $4 and created_at < $5
         order by seq {}",
        extent.columns(),
        direction.name()
    );
    let span = view.clock.span(first, last);
    let rows = sqlx::query_as(AssertSqlSafe(statement))
        .bind(view.scope.customer_id().as_str())
        .bind(first)
        .bind(last)
        .bind(span.from)
        .bind(span.until)
        .fetch_all(connection)
        .await?;
    entries(rows)
}

/// The entries at these places, in the order given. Each one's time tells in which month's table to look, and the times
/// of all of them which tables there is no need to open. Served by log_entry's primary key.
pub(super) async fn read(
    connection: &mut PgConnection,
    scope: &Scope,
    places: &[Place],
    extent: Extent,
) -> Result<Vec<(Entry, Particulars)>, StoreError> {
    let statement = format!(
        "select entry.* from unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[])
                             with ordinality as place (seq, from_time, until_time, nth)
         cross join lateral (
             select {} from log_entry
             where customer_id = $1 and seq = place.seq
                   and created_at >= place.from_time and created_at < place.until_time
                   and created_at >= $5 and created_at < $6
             limit 1
         ) as entry
         order by place.nth",
        extent.columns()
    );
    let rows: Vec<FullRow> = sqlx::query_as(AssertSqlSafe(statement))
        .bind(scope.customer_id().as_str())
        .bind(places.iter().map(|place| place.seq).collect::<Vec<_>>())
        .bind(places.iter().map(|place| place.from).collect::<Vec<_>>())
        .bind(places.iter().map(|place| place.until).collect::<Vec<_>>())
        .bind(places.iter().map(|place| place.from).min())
        .bind(places.iter().map(|place| place.until).max())
        .fetch_all(connection)
        .await?;
    if rows.len() != places.len() {
        return Err(StoreError::Unreadable("entries that went away".into()));
    }
    entries(rows)
}

impl From<Found> for Place {
    fn from(found: Found) -> Self {
        let until = found.created_at + TimeDelta::microseconds(1);
        Self { seq: found.seq, from: found.created_at, until }
    }
}

impl Store {
    /// All that the caller sees of the entry `seq` of `scope`'s log, and the others of its operation. Nothing where
    /// there is no such entry, or row-level security hides it.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn entry(&self, scope: &Scope, seq: u64) -> Result<Option<Detail>, StoreError> {
        let _before_exports = self.turns.page();
        let mut snapshot = self.pages.begin_with(scope.log_snapshot()).await?;
        let query = LogQuery::default();
        let names = Names::of(&mut snapshot, scope).await?;
        let view = view(&mut snapshot, (scope, &names), &query, self).await?;
        let Some(view) = view else { return Ok(None) };
        let extent = Extent::seen(scope);
        // Served by log_entry's primary key.
        let statement = format!(
            "select {} from log_entry where customer_id = $1 and seq = $2",
            extent.columns()
        );
        let row: Option<FullRow> = sqlx::query_as(AssertSqlSafe(statement))
            .bind(scope.customer_id().as_str())
            .bind(in_sql(seq))
            .fetch_optional(&mut *snapshot)
            .await?;
        let Some(FullRow { entry, particulars: found }) = row else { return Ok(None) };
        let entry = names.seen(scope, entry.try_into()?);
        let (operation, operation_entries) = match &entry.related_operation {
            Some(operation) => {
                let whose = (scope, &names);
                of_operation(&mut snapshot, whose, operation, MOST_OF_OPERATION).await?
            }
            None => (Vec::new(), 0),
        };
        let newest = count(view.head)?;
        snapshot.commit().await?;
        let particulars = (extent == Extent::Particulars).then_some(detail::Particulars {
            user_id: found.user_id,
            occurred_at: found.occurred_at,
            api_key_id: found.api_key_id,
            detail: found.detail,
        });
        Ok(Some(Detail { entry, particulars, operation, operation_entries, newest }))
    }

    /// The first entries of an operation, over all tables and oldest first, and how many it has. None where the caller
    /// does not see which operation an entry is of.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn operation_entries(
        &self,
        scope: &Scope,
        operation: &str,
        most: usize,
    ) -> Result<(Vec<Entry>, u64), StoreError> {
        if !scope.sight().sees(LogColumn::RelatedOperation) {
            return Ok((Vec::new(), 0));
        }
        let mut snapshot = self.pages.begin_with(scope.log_snapshot()).await?;
        let names = Names::of(&mut snapshot, scope).await?;
        let found = of_operation(&mut snapshot, (scope, &names), operation, most).await?;
        snapshot.commit().await?;
        Ok(found)
    }
}

/// Served by log_entry_by_related_operation.
async fn of_operation(
    connection: &mut PgConnection,
    (scope, names): (&Scope, &Names),
    operation: &str,
    most: usize,
) -> Result<(Vec<Entry>, u64), StoreError> {
    let operation = stored(operation);
    let statement = format!(
        "select {COLUMNS} from log_entry where customer_id = $1 and related_operation = $2
         order by related_operation, seq limit $3"
    );
    let rows: Vec<EntryRow> = sqlx::query_as(AssertSqlSafe(statement))
        .bind(scope.customer_id().as_str())
        .bind(&operation)
        .bind(in_sql(most as u64))
        .fetch_all(&mut *connection)
        .await?;
    let entries: i64 = sqlx::query_scalar(
        "select count(*) from log_entry where customer_id = $1 and related_operation = $2",
    )
    .bind(scope.customer_id().as_str())
    .bind(&operation)
    .fetch_one(connection)
    .await?;
    let seen = |row: EntryRow| Ok(names.seen(scope, row.try_into()?));
    let rows = rows.into_iter().map(seen).collect::<Result<_, StoreError>>()?;
    Ok((rows, count(entries)?))
}
