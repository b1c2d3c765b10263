//! Milestones: where along each order of a log how many entries have passed. They are kept by
//! [`counting`](super::counting).

mod stones;

use std::{
    collections::BTreeMap,
    mem::size_of,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use app::{customer::id::CustomerId, log::entry::LogColumn, query::Column};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    Store, StoreError,
    order::{Key, key_in_sql},
    paging::View,
};
use stones::{StoneRow, Stones};

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

    /// The same store, gathering what lies between milestones wherever that can be instead of where it is less work than
    /// walking: for tests.
    #[must_use]
    pub fn with_gathering_between_milestones(mut self) -> Self {
        self.milestones.gathering = Gathering::WhereverItCanBe;
        self
    }
}

/// When what a search finds between milestones is gathered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Gathering {
    /// Where it is less work than walking there.
    #[default]
    WhereItIsLess,
    /// Wherever it is possible.
    WhereverItCanBe,
}

/// How much memory milestones, and entries since, may take, of all logs: in bytes.
const MOST_KEPT: usize = 64 << 20;
/// Where so many entries came since the milestones counted, they are not kept.
const MANY_SINCE: i64 = 20_000;

/// The milestones along the orders of all logs. Those that were read last are kept: they change with what they have
/// counted, and are then read anew.
#[derive(Debug, Clone, Default)]
pub(super) struct Milestones {
    pub(super) spacing: Spacing,
    pub(super) gathering: Gathering,
    kept: Arc<Mutex<Kept>>,
}

type Order = (CustomerId, &'static str);

#[derive(Debug, Default)]
struct Kept {
    /// By customer and order.
    orders: BTreeMap<Order, KeptOrder>,
    /// Goes on with each use.
    clock: u64,
}

#[derive(Debug)]
struct KeptOrder {
    version: Version,
    stones: Arc<Stones>,
    since: Since,
    used: u64,
}

/// The entries that came since milestones were counted, in their order. Entries never change: whoever reads on finds
/// only more of them.
#[derive(Debug, Clone)]
struct Since {
    /// The number of the last.
    through: i64,
    entries: Arc<Vec<Later>>,
}

impl Since {
    fn nothing(counted: i64) -> Self {
        Self { through: counted, entries: Arc::default() }
    }

    /// How much memory they take, about: texts are short.
    fn bytes(&self) -> usize {
        self.entries.len() * (size_of::<Later>() + 16)
    }
}

/// An entry since, where it stands and by which of the dictionary's values it is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
struct Later {
    #[sqlx(flatten)]
    key: Key,
    value_seq: i64,
}

/// What milestones have counted: through this entry, without those that were dropped. They are the same wherever
/// this is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    counted: i64,
    dropped: i64,
}

impl KeptOrder {
    fn bytes(&self) -> usize {
        self.stones.bytes() + self.since.bytes()
    }
}

impl Kept {
    fn get(&mut self, order: &Order, version: Version) -> Option<&mut KeptOrder> {
        self.clock += 1;
        let kept = self.orders.get_mut(order).filter(|kept| kept.version == version)?;
        kept.used = self.clock;
        Some(kept)
    }

    fn put(&mut self, order: Order, version: Version, stones: &Arc<Stones>) {
        // Somebody with an older snapshot does not put it in the place of a newer one.
        if self.orders.get(&order).is_some_and(|kept| kept.version > version) {
            return;
        }
        let since = Since::nothing(version.counted);
        let (stones, used) = (Arc::clone(stones), self.clock);
        self.orders.insert(order, KeptOrder { version, stones, since, used });
        self.forget();
    }

    fn put_since(&mut self, order: &Order, version: Version, since: &Since) {
        let kept = self.get(order, version).filter(|kept| kept.since.through < since.through);
        if let Some(kept) = kept {
            kept.since = since.clone();
            self.forget();
        }
    }

    /// Forgets what was not used for longest, where there is too much.
    fn forget(&mut self) {
        while self.orders.values().map(KeptOrder::bytes).sum::<usize>() > MOST_KEPT {
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
    pub(super) key: Option<Arc<Key>>,
}

impl Milestones {
    /// The milestones along the order of `column`, with how many entries of `values` (sorted; nothing for all)
    /// come before each, in the log as `view` sees it. They know the log up to `view.counted`; the entries between
    /// that and the last one seen are looked at one by one.
    pub(super) async fn marks(
        &self,
        connection: &mut PgConnection,
        view: &View<'_>,
        column: LogColumn,
        values: Option<&[i64]>,
    ) -> Result<Vec<Mark>, StoreError> {
        let View { scope, cut, counted, dropped, .. } = *view;
        let order = (scope.customer_id().clone(), column.name());
        let version = Version { counted, dropped };
        let stones = self.stones(connection, &order, version).await?;
        let mut marks = stones.marks(values)?;
        if column == LogColumn::CreatedAt {
            // Entries that came later come later.
            marks.retain(|mark| mark.key.as_ref().is_some_and(|key| key.seq <= cut));
            return Ok(marks);
        }
        let (between, sign) = if cut < counted {
            (Arc::new(between(connection, view, column, (cut, counted)).await?), -1)
        } else {
            (self.since(connection, view, column, (&order, version)).await?, 1)
        };
        let wanted = |later: &&Later| {
            values.is_none_or(|values| values.binary_search(&later.value_seq).is_ok())
                && (sign < 0 || later.key.seq <= cut)
        };
        let mut between = between.iter().filter(wanted).peekable();
        let mut passed = 0;
        for mark in &mut marks {
            while between.next_if(|later| Some(&later.key) < mark.key.as_deref()).is_some() {
                passed += sign;
            }
            mark.before += passed;
        }
        Ok(marks)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Served by log_milestone's primary key, of which it reads this order's part.
    async fn stones(
        &self,
        connection: &mut PgConnection,
        order: &Order,
        version: Version,
    ) -> Result<Arc<Stones>, StoreError> {
        if let Some(kept) = self.kept().get(order, version) {
            return Ok(Arc::clone(&kept.stones));
        }
        let stones: Vec<StoneRow> = sqlx::query_as(
            "select absent, value, seq, entries, counts from log_milestone
             where customer_id = $1 and sort = $2
             order by absent, value, seq",
        )
        .bind(order.0.as_str())
        .bind(order.1)
        .fetch_all(connection)
        .await?;
        let stones = Arc::new(Stones::of(stones)?);
        self.kept().put(order.clone(), version, &stones);
        Ok(stones)
    }

    /// The entries since the milestones were counted, at least through the last one seen, in the order of `column`.
    async fn since(
        &self,
        connection: &mut PgConnection,
        view: &View<'_>,
        column: LogColumn,
        (order, version): (&Order, Version),
    ) -> Result<Arc<Vec<Later>>, StoreError> {
        let View { cut, counted, .. } = *view;
        let kept = self.kept().get(order, version).map(|kept| kept.since.clone());
        let Since { through, entries } = kept.unwrap_or_else(|| Since::nothing(counted));
        if through >= cut {
            return Ok(entries);
        }
        let mut all = between(connection, view, column, (through, cut)).await?;
        all.extend_from_slice(&entries);
        all.sort_unstable();
        let since = Since { through: cut, entries: Arc::new(all) };
        if cut - counted < MANY_SINCE {
            self.kept().put_since(order, version, &since);
        }
        Ok(since.entries)
    }
}

/// Where the entries after the number `after` and up to `last` stand in the order of `column`, in this order. Served
/// by log_entry's primary key.
async fn between(
    connection: &mut PgConnection,
    view: &View<'_>,
    column: LogColumn,
    (after, last): (i64, i64),
) -> Result<Vec<Later>, StoreError> {
    if after >= last {
        return Ok(Vec::new());
    }
    let statement = format!(
        "select {}, value_seq from log_entry
         where customer_id = $1 and seq > $2 and seq <= $3 and created_at >= $4 and created_at < $5",
        key_in_sql(column),
    );
    let span = view.clock.span(after + 1, last);
    let mut entries: Vec<Later> = sqlx::query_as(AssertSqlSafe(statement))
        .bind(view.scope.customer_id().as_str())
        .bind(after)
        .bind(last)
        .bind(span.from)
        .bind(span.until)
        .fetch_all(connection)
        .await?;
    entries.sort_unstable();
    Ok(entries)
}

/// How many entries of `values` have a number after `after` and up to `last`. Served by log_entry's primary key,
/// which holds all that is asked for.
pub(super) async fn count_between(
    connection: &mut PgConnection,
    view: &View<'_>,
    values: &[i64],
    (after, last): (i64, i64),
) -> Result<i64, StoreError> {
    if after >= last {
        return Ok(0);
    }
    let span = view.clock.span(after + 1, last);
    Ok(sqlx::query_scalar(
        "select count(*) from log_entry
         where customer_id = $1 and seq > $2 and seq <= $3 and created_at >= $5 and created_at < $6
               and (value_seq in (select unnest($4::bigint[]))) is true",
    )
    .bind(view.scope.customer_id().as_str())
    .bind(after)
    .bind(last)
    .bind(values)
    .bind(span.from)
    .bind(span.until)
    .fetch_one(connection)
    .await?)
}
