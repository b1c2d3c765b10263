//! Milestones: where along each order of a log how many entries have passed. They are kept by
//! [`counting`](super::counting).

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use app::{customer::id::CustomerId, log::entry::LogColumn, query::Column};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    Scope, Store, StoreError,
    counts::sum_of,
    order::{Key, key_in_sql},
    paging::View,
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
        self.milestones.spacing = Spacing(i64::from(step.max(1)));
        self
    }
}

/// A milestone as it is stored.
#[derive(Debug, sqlx::FromRow)]
struct Stone {
    #[sqlx(flatten)]
    key: Key,
    entries: i64,
    counts: Vec<u8>,
}

/// How many milestones are kept in memory, of all logs: some 20 MB.
const MOST_KEPT: usize = 100_000;

/// The milestones along the orders of all logs. Those that were read last are kept: they change with what they have
/// counted, and are then read anew.
#[derive(Debug, Clone, Default)]
pub(super) struct Milestones {
    pub(super) spacing: Spacing,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    /// By customer and order.
    orders: BTreeMap<(CustomerId, &'static str), KeptOrder>,
    /// Goes on with each use.
    clock: u64,
}

#[derive(Debug)]
struct KeptOrder {
    version: Version,
    stones: Arc<Vec<Stone>>,
    used: u64,
}

/// What milestones have counted: through this entry, without those that were dropped. They are the same wherever
/// this is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    counted: i64,
    dropped: i64,
}

impl Kept {
    fn get(
        &mut self,
        order: &(CustomerId, &'static str),
        version: Version,
    ) -> Option<Arc<Vec<Stone>>> {
        self.clock += 1;
        let kept = self.orders.get_mut(order).filter(|kept| kept.version == version)?;
        kept.used = self.clock;
        Some(Arc::clone(&kept.stones))
    }

    fn put(
        &mut self,
        order: (CustomerId, &'static str),
        version: Version,
        stones: &Arc<Vec<Stone>>,
    ) {
        // Somebody with an older snapshot does not put it in the place of a newer one.
        if self.orders.get(&order).is_some_and(|kept| kept.version > version) {
            return;
        }
        let (stones, used) = (Arc::clone(stones), self.clock);
        self.orders.insert(order, KeptOrder { version, stones, used });
        while self.orders.values().map(|kept| kept.stones.len()).sum::<usize>() > MOST_KEPT {
            let oldest = self.orders.iter().min_by_key(|(_, kept)| kept.used);
            let Some(oldest) = oldest.map(|(order, _)| order.clone()) else { return };
            self.orders.remove(&oldest);
        }
    }
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

impl Milestones {
    /// The milestones along the order of `column`, with how many entries of `values` (sorted; nothing for all)
    /// come before each, in the log as `view` sees it. They know the log up to `counted`; the entries between
    /// that and the last one seen are looked at one by one.
    pub(super) async fn marks(
        &self,
        connection: &mut PgConnection,
        view: &View<'_>,
        column: LogColumn,
        values: Option<&[i64]>,
        counted: i64,
    ) -> Result<Vec<Mark>, StoreError> {
        let View { scope, cut, dropped, .. } = *view;
        let stones = self.stones(connection, scope, column, Version { counted, dropped }).await?;
        let mut marks = Vec::with_capacity(stones.len());
        let mut before = 0;
        for stone in stones.iter() {
            marks.push(Mark { before, key: Some(stone.key.clone()) });
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
        let (after, last) = (cut.min(counted), cut.max(counted));
        let between = between(connection, scope, column, values, after, last).await?;
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

    /// Served by log_milestone's primary key, of which it reads this order's part.
    async fn stones(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        column: LogColumn,
        version: Version,
    ) -> Result<Arc<Vec<Stone>>, StoreError> {
        let order = (scope.customer_id().clone(), column.name());
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stones) = kept().get(&order, version) {
            return Ok(stones);
        }
        let stones: Vec<Stone> = sqlx::query_as(
            "select absent, value, seq, entries, counts from log_milestone
             where customer_id = $1 and sort = $2
             order by absent, value, seq",
        )
        .bind(scope.customer_id().as_str())
        .bind(column.name())
        .fetch_all(connection)
        .await?;
        let stones = Arc::new(stones);
        kept().put(order, version, &stones);
        Ok(stones)
    }
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
        "select {} from log_entry
         where customer_id = $1 and seq > $2 and seq <= $3
               and ($4::bigint[] is null or value_seq in (select unnest($4::bigint[])))",
        key_in_sql(column),
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
