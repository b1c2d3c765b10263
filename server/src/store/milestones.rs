//! Milestones: where along each order of a log how many entries have passed. They are kept by
//! [`counting`](super::counting).

use app::{log::entry::LogColumn, query::Column};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    Scope, Store, StoreError,
    counts::sum_of,
    order::{Key, absence_in_sql, value_in_sql},
};

/// How far milestones stand from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spacing(i64);

impl Spacing {
    /// How many entries there are from a new milestone to the next.
    pub(super) const fn step(self) -> i64 {
        self.0
    }

    /// How many there are at most. What a walk passes is at worst half of it.
    pub(super) const fn largest(self) -> i64 {
        self.0 * 2
    }

    /// A walk passes so many entries while the milestones are being read.
    pub(super) const fn near(self) -> u64 {
        self.0.unsigned_abs() / 2
    }
}

impl Default for Spacing {
    /// Walking costs some 2 µs an entry, reading milestones some 1 µs each: at ten million entries both are short.
    fn default() -> Self {
        Self(4_096)
    }
}

impl Store {
    /// The same store with a milestone every `step` entries, so that short logs have many: for tests.
    #[must_use]
    pub fn with_milestones_every(mut self, step: u32) -> Self {
        self.spacing = Spacing(i64::from(step.max(1)));
        self
    }
}

/// A milestone as it is stored.
#[derive(sqlx::FromRow)]
struct Stone {
    #[sqlx(flatten)]
    key: Key,
    entries: i64,
    /// Empty where nobody asked for it.
    counts: Vec<u8>,
}

/// A place in an order, and how many of the entries that are looked for come before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// How many come before it.
    pub(super) before: i64,
    /// Where it is; nothing for either end of the order.
    pub(super) key: Option<Key>,
}

/// The number of the last entry that the milestones have counted; 0 where none have. Served by log_counted's
/// primary key.
pub(super) async fn counted(
    connection: &mut PgConnection,
    scope: &Scope,
) -> Result<i64, StoreError> {
    let counted: Option<i64> =
        sqlx::query_scalar("select through_seq from log_counted where customer_id = $1")
            .bind(scope.customer_id().as_str())
            .fetch_optional(connection)
            .await?;
    Ok(counted.unwrap_or_default())
}

/// The milestones along the order of `column`, with how many entries of `values` (sorted; nothing for all) come
/// before each, in the log as it was when `cut` was its last entry. They know the log up to `counted`; the
/// entries between the two are looked at one by one.
pub(super) async fn marks(
    connection: &mut PgConnection,
    scope: &Scope,
    column: LogColumn,
    values: Option<&[i64]>,
    cut: i64,
    counted: i64,
) -> Result<Vec<Mark>, StoreError> {
    let counts = if values.is_some() { "counts" } else { "''::bytea as counts" };
    // Served by log_milestone's primary key, of which it reads this order's part.
    let statement = format!(
        "select absent, value, seq, entries, {counts} from log_milestone
         where customer_id = $1 and sort = $2
         order by absent, value, seq"
    );
    let stones: Vec<Stone> = sqlx::query_as(AssertSqlSafe(statement))
        .bind(scope.customer_id().as_str())
        .bind(column.name())
        .fetch_all(&mut *connection)
        .await?;
    let mut marks = Vec::with_capacity(stones.len());
    let mut before = 0;
    for stone in stones {
        marks.push(Mark { before, key: Some(stone.key) });
        before += match values {
            Some(values) => sum_of(&stone.counts, values)?,
            None => stone.entries,
        };
    }
    if column == LogColumn::CreatedAt {
        // Entries that came later come later.
        marks.retain(|mark| mark.key.as_ref().is_some_and(|key| key.seq <= cut));
        return Ok(marks);
    }
    let between = between(connection, scope, column, values, cut.min(counted), cut.max(counted));
    let between = between.await?;
    let sign = if cut > counted { 1 } else { -1 };
    let mut passed = 0;
    for mark in &mut marks {
        while between.get(passed).is_some_and(|key| Some(key) < mark.key.as_ref()) {
            passed += 1;
        }
        mark.before += sign * i64::try_from(passed).unwrap_or(i64::MAX);
    }
    Ok(marks)
}

/// Where the entries of `values` after the number `after` and up to `last` stand in the order of `column`, in
/// this order. Served by log_entry's primary key.
async fn between(
    connection: &mut PgConnection,
    scope: &Scope,
    column: LogColumn,
    values: Option<&[i64]>,
    after: i64,
    last: i64,
) -> Result<Vec<Key>, StoreError> {
    if after >= last {
        return Ok(Vec::new());
    }
    let statement = format!(
        "select {} as absent, {} as value, seq from log_entry
         where customer_id = $1 and seq > $2 and seq <= $3
               and ($4::bigint[] is null or value_seq in (select unnest($4::bigint[])))",
        absence_in_sql(column),
        value_in_sql(column),
    );
    let mut keys: Vec<Key> = sqlx::query_as(AssertSqlSafe(statement))
        .bind(scope.customer_id().as_str())
        .bind(after)
        .bind(last)
        .bind(values)
        .fetch_all(connection)
        .await?;
    keys.sort_unstable();
    Ok(keys)
}

/// How many entries of `values` have a number after `after` and up to `last`. Served by log_entry's primary key,
/// which holds all that is asked for.
pub(super) async fn count_between(
    connection: &mut PgConnection,
    scope: &Scope,
    values: &[i64],
    after: i64,
    last: i64,
) -> Result<i64, StoreError> {
    if after >= last {
        return Ok(0);
    }
    Ok(sqlx::query_scalar(
        "select count(*) from log_entry
         where customer_id = $1 and seq > $2 and seq <= $3
               and (value_seq in (select unnest($4::bigint[]))) is true",
    )
    .bind(scope.customer_id().as_str())
    .bind(after)
    .bind(last)
    .bind(values)
    .fetch_one(connection)
    .await?)
}
