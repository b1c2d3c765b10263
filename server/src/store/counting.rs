//! Counting: the milestones follow each log at a short distance. Recording only says that there is something to
//! count; whoever counts reads the new entries once, in their own order.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use app::{customer::id::CustomerId, log::entry::LogColumn, query::Column};
use sqlx::{AssertSqlSafe, PgConnection};
use tokio::sync::Notify;

use super::{
    PLANS, Store, StoreError,
    counts::Counts,
    milestones::Spacing,
    order::{Key, beside, column_in_sql, value_in_sql},
    sql::literal,
};

/// Milestones are at most so many entries behind, when nothing else keeps the database busy. Whoever reads them
/// counts those by itself.
const BEHIND: i64 = 4_096;
/// How long counting rests after each log.
const PAUSE: Duration = Duration::from_secs(1);
/// How many entries are counted at once.
pub(super) const PASS: i64 = 32_768;
/// The logs whose milestones have fallen behind.
#[derive(Debug, Clone, Default)]
pub(super) struct Laggards(Arc<(Mutex<BTreeSet<CustomerId>>, Notify)>);

impl Laggards {
    /// Notes that `customer_id`'s log has an entry `seq` now. Each number comes by here once.
    pub(super) fn note(&self, customer_id: &CustomerId, seq: u64) {
        if seq.is_multiple_of(BEHIND.unsigned_abs()) {
            self.add(customer_id.clone());
        }
    }

    fn add(&self, customer_id: CustomerId) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).insert(customer_id);
        self.0.1.notify_one();
    }

    /// Waits for one.
    async fn next(&self) -> CustomerId {
        loop {
            let first = self.0.0.lock().unwrap_or_else(PoisonError::into_inner).pop_first();
            match first {
                Some(customer_id) => return customer_id,
                None => self.0.1.notified().await,
            }
        }
    }
}

/// Counts wherever there is something to count, until it is dropped. Where much comes in, much is counted at once,
/// which takes less than counting it bit by bit.
pub async fn run(store: Store) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let customer_id = store.followers.laggards.next().await;
        if let Err(error) = store.count_on(&customer_id).await {
            // Pages stay right meanwhile, if slower; the next entries, or the next hour, wake it again.
            tracing::warn!(%error, %customer_id, "milestones were not brought up to date");
        }
    }
}

/// An entry, as far as the orders are concerned.
#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    value_seq: i64,
    user: String,
    action: String,
    related_operation: Option<String>,
    impacted_table: String,
    source: String,
    app_instance: String,
    request_path: String,
}

impl Row {
    fn key(&self, column: LogColumn) -> Key {
        let value = match column {
            LogColumn::CreatedAt => Some(""),
            LogColumn::User => Some(self.user.as_str()),
            LogColumn::Action => Some(self.action.as_str()),
            LogColumn::RelatedOperation => self.related_operation.as_deref(),
            LogColumn::ImpactedTable => Some(self.impacted_table.as_str()),
            LogColumn::Source => Some(self.source.as_str()),
            LogColumn::AppInstance => Some(self.app_instance.as_str()),
            LogColumn::RequestPath => Some(self.request_path.as_str()),
        };
        Key { absent: value.is_none(), value: value.unwrap_or_default().to_owned(), seq: self.seq }
    }
}

impl Store {
    /// Notes all logs whose milestones are behind: those that nobody counted before the server ended.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn find_uncounted(&self) -> Result<(), StoreError> {
        let mut snapshot = self.pages.begin_with(super::customers::STAFF_SNAPSHOT).await?;
        // Reads all heads: there are few beside entries, and it is done once an hour.
        let behind: Vec<String> = sqlx::query_scalar(
            "select customer_id from log_head left join log_counted using (customer_id)
             where entries - coalesce(through_seq, 0) >= $1
                or entries >= $2 * (coalesce((select max(block) + 1 from log_block
                                              where log_block.customer_id = log_head.customer_id
                                                and field = 'created_at'), 0) + 1)",
        )
        .bind(BEHIND)
        .bind(self.sets.block.entries())
        .fetch_all(&mut *snapshot)
        .await?;
        snapshot.commit().await?;
        for id in behind {
            self.followers.laggards.add(id.parse().map_err(|_| StoreError::Unreadable(id))?);
        }
        Ok(())
    }

    /// Brings the milestones of `customer_id`'s log up to date, but for the last few entries. Where another
    /// server is at it, that is left to it.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails; what was counted before stays counted.
    pub async fn count_on(&self, customer_id: &CustomerId) -> Result<(), StoreError> {
        while self.count_a_pass(customer_id).await? {}
        self.seal_on(customer_id).await
    }

    /// Says whether there may be more to count.
    async fn count_a_pass(&self, customer_id: &CustomerId) -> Result<bool, StoreError> {
        let begin =
            format!("begin; set local app.customer = {}; {PLANS}", literal(customer_id.as_str()));
        let mut pass = self.pages.begin_with(AssertSqlSafe(begin)).await?;
        // Served by the primary keys of log_head and log_counted.
        let head: Option<i64> =
            sqlx::query_scalar("select entries from log_head where customer_id = $1")
                .bind(customer_id.as_str())
                .fetch_optional(&mut *pass)
                .await?;
        let Some(head) = head.filter(|head| *head >= BEHIND) else { return Ok(false) };
        sqlx::query(
            "insert into log_counted (customer_id, through_seq) values ($1, 0) on conflict do nothing",
        )
        .bind(customer_id.as_str())
        .execute(&mut *pass)
        .await?;
        let through: Option<i64> = sqlx::query_scalar(
            "select through_seq from log_counted where customer_id = $1 for update skip locked",
        )
        .bind(customer_id.as_str())
        .fetch_optional(&mut *pass)
        .await?;
        let Some(through) = through.filter(|through| head - through >= BEHIND) else {
            return Ok(false);
        };
        let last = head.min(through + PASS);
        tally(&mut pass, customer_id, (through, last), Sign::Add, self.milestones.spacing).await?;
        sqlx::query("update log_counted set through_seq = $2 where customer_id = $1")
            .bind(customer_id.as_str())
            .bind(last)
            .execute(&mut *pass)
            .await?;
        pass.commit().await?;
        Ok(true)
    }
}

/// Whether entries come or go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Add,
    Take,
}

/// Counts the entries with a number after `after` and up to `last` into the milestones of all orders, or out of
/// them. Served by log_entry's primary key.
pub(super) async fn tally(
    connection: &mut PgConnection,
    customer_id: &CustomerId,
    (after, last): (i64, i64),
    sign: Sign,
    spacing: Spacing,
) -> Result<(), StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        r#"select seq, value_seq, "user", action, related_operation, impacted_table, source,
                  app_instance, request_path
           from log_entry where customer_id = $1 and seq > $2 and seq <= $3"#,
    )
    .bind(customer_id.as_str())
    .bind(after)
    .bind(last)
    .fetch_all(&mut *connection)
    .await?;
    for &column in LogColumn::ALL {
        let mut order = Order { connection: &mut *connection, customer_id, column, last, spacing };
        order.tally(&rows, sign).await?;
    }
    Ok(())
}

/// One order of one log, of which `last` is the last entry that is counted.
struct Order<'o> {
    connection: &'o mut PgConnection,
    customer_id: &'o CustomerId,
    column: LogColumn,
    last: i64,
    spacing: Spacing,
}

/// A milestone that is being counted at.
struct Stone {
    key: Key,
    counts: Counts,
}

impl Order<'_> {
    async fn tally(&mut self, rows: &[Row], sign: Sign) -> Result<(), StoreError> {
        let keys = self.keys().await?;
        let mut changes = BTreeMap::<usize, Counts>::new();
        for row in rows {
            let key = row.key(self.column);
            let stone = keys.partition_point(|stone| *stone <= key).saturating_sub(1);
            changes.entry(stone).or_default().add(row.value_seq);
        }
        let changed: Vec<&Key> = changes.keys().filter_map(|stone| keys.get(*stone)).collect();
        let known = self.counts_at(&changed).await?;
        let mut stones = Vec::with_capacity(changed.len());
        for ((key, change), bytes) in changed.into_iter().zip(changes.values()).zip(known) {
            let mut counts = Counts::from_bytes(&bytes)?;
            match sign {
                Sign::Add => counts.add_all(change),
                Sign::Take => counts.take_all(change),
            }
            let stone = Stone { key: key.clone(), counts };
            self.split(stone, &mut stones).await?;
        }
        self.write(&stones).await
    }

    /// Where the milestones stand, in order; set up first where there are none. Served by log_milestone's
    /// primary key.
    async fn keys(&mut self) -> Result<Vec<Key>, StoreError> {
        let keys: Vec<Key> = sqlx::query_as(
            "select absent, value, seq from log_milestone where customer_id = $1 and sort = $2
             order by absent, value, seq",
        )
        .bind(self.customer_id.as_str())
        .bind(self.column.name())
        .fetch_all(&mut *self.connection)
        .await?;
        if !keys.is_empty() {
            return Ok(keys);
        }
        let mut keys = vec![Key::start(false)];
        if self.column == LogColumn::RelatedOperation {
            keys.push(Key::start(true));
        }
        let fresh: Vec<Stone> =
            keys.iter().map(|key| Stone { key: key.clone(), counts: Counts::default() }).collect();
        self.write(&fresh).await?;
        Ok(keys)
    }

    /// What these milestones have counted. Served by log_milestone's primary key.
    async fn counts_at(&mut self, keys: &[&Key]) -> Result<Vec<Vec<u8>>, StoreError> {
        Ok(sqlx::query_scalar(
            "select counts from unnest($3::boolean[], $4::text[], $5::bigint[]) with ordinality
                        as stone (absent, value, seq, nth)
             cross join lateral (
                 select counts from log_milestone known
                 where known.customer_id = $1 and known.sort = $2 and known.absent = stone.absent
                       and known.value = stone.value and known.seq = stone.seq
                 limit 1
             ) as known
             order by nth",
        )
        .bind(self.customer_id.as_str())
        .bind(self.column.name())
        .bind(keys.iter().map(|key| key.absent).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.value.as_str()).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.seq).collect::<Vec<_>>())
        .fetch_all(&mut *self.connection)
        .await?)
    }

    /// Sets further milestones after one that has counted too many, and adds all of them to `stones`.
    async fn split(&mut self, mut stone: Stone, stones: &mut Vec<Stone>) -> Result<(), StoreError> {
        while stone.counts.entries() > self.spacing.largest() {
            let (counts, Some(next)) = self.step_from(&stone.key).await? else { break };
            stone.counts.take_all(&counts);
            stones.push(Stone { key: stone.key, counts });
            stone.key = next;
        }
        stones.push(stone);
        Ok(())
    }

    /// The values of one step's entries from `from` on, and the key of the entry after them. Served by the
    /// order's index, which holds all that is asked for.
    async fn step_from(&mut self, from: &Key) -> Result<(Counts, Option<Key>), StoreError> {
        let order = match self.column {
            LogColumn::CreatedAt => "seq".to_owned(),
            column => format!("{}, seq", column_in_sql(column)),
        };
        let statement = format!(
            "select value_seq, count(*) filter (where nth <= $5),
                    min(value) filter (where nth > $5), min(seq) filter (where nth > $5)
             from (select value_seq, value, seq, row_number() over () as nth
                   from (select value_seq, {} as value, seq from log_entry
                         where customer_id = $1 and seq <= $2 and {}
                         order by {order} limit $5 + 1) as entry) as entry
             group by value_seq",
            value_in_sql(self.column),
            beside(self.column, from, true, "$3", "$4"),
        );
        let found: Vec<(i64, i64, Option<String>, Option<i64>)> =
            sqlx::query_as(AssertSqlSafe(statement))
                .bind(self.customer_id.as_str())
                .bind(self.last)
                .bind(&from.value)
                .bind(from.seq)
                .bind(self.spacing.step())
                .fetch_all(&mut *self.connection)
                .await?;
        let mut counts = Counts::default();
        let mut next = None;
        for (value_seq, entries, value, seq) in found {
            counts.add_many(value_seq, entries);
            if let Some((value, seq)) = value.zip(seq) {
                next = Some(Key { absent: from.absent, value, seq });
            }
        }
        Ok((counts, next))
    }

    /// Served by log_milestone's primary key.
    async fn write(&mut self, stones: &[Stone]) -> Result<(), StoreError> {
        sqlx::query(
            "insert into log_milestone (customer_id, sort, absent, value, seq, entries, counts)
             select $1, $2, stone.*
             from unnest($3::boolean[], $4::text[], $5::bigint[], $6::bigint[], $7::bytea[]) as stone
             on conflict (customer_id, sort, absent, value, seq)
             do update set entries = excluded.entries, counts = excluded.counts",
        )
        .bind(self.customer_id.as_str())
        .bind(self.column.name())
        .bind(stones.iter().map(|stone| stone.key.absent).collect::<Vec<_>>())
        .bind(stones.iter().map(|stone| stone.key.value.as_str()).collect::<Vec<_>>())
        .bind(stones.iter().map(|stone| stone.key.seq).collect::<Vec<_>>())
        .bind(stones.iter().map(|stone| stone.counts.entries()).collect::<Vec<_>>())
        .bind(stones.iter().map(|stone| stone.counts.to_bytes()).collect::<Vec<_>>())
        .execute(&mut *self.connection)
        .await?;
        Ok(())
    }
}
