//! Recording: the only way an entry comes into a log.

use std::collections::BTreeMap;

use app::{
    customer::id::CustomerId,
    log::entry::{LogColumn, Source, UserKind},
    query::{fold, printable},
};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, Postgres, Transaction};

use super::{StoreError, rows::count};

/// The most bytes that an entry's detail has, as JSON.
pub const LONGEST_DETAIL: usize = 64 * 1024;

/// An action that is to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// Whose log it belongs to.
    pub customer_id: CustomerId,
    /// Who executed it: at most 1,000 bytes.
    pub user: String,
    /// Their id, where they have one: at most 1,000 bytes.
    pub user_id: Option<String>,
    /// What kind of user that is.
    pub user_kind: UserKind,
    /// Description of the task: at most 2,000 bytes.
    pub action: String,
    /// What operation caused it, if one did: at most 2,000 bytes.
    pub related_operation: Option<String>,
    /// What part of the system was affected: at most 1,000 bytes; may be empty.
    pub impacted_table: String,
    /// Where the request came from.
    pub source: Source,
    /// The instance that processed the request: at most 2,000 bytes; may be empty.
    pub app_instance: String,
    /// The request's method and path: at most 2,000 bytes; may be empty.
    pub request_path: String,
    /// When the sender says that it happened, where that is known apart from when it was recorded.
    pub occurred_at: Option<DateTime<Utc>>,
    /// The key that it came with, where it came over the API: the sender says who acted, this says who sent.
    pub api_key_id: Option<i64>,
    /// What changed, and whatever else is to be known: an object, at most [`LONGEST_DETAIL`] bytes.
    pub detail: Option<Value>,
}

impl NewEntry {
    /// Each text column with what stands in it and the most bytes it takes.
    pub fn texts(&self) -> [(LogColumn, &str, usize); 6] {
        [
            (LogColumn::User, self.user.as_str(), 1000),
            (LogColumn::Action, &self.action, 2000),
            (
                LogColumn::RelatedOperation,
                self.related_operation.as_deref().unwrap_or_default(),
                2000,
            ),
            (LogColumn::ImpactedTable, &self.impacted_table, 1000),
            (LogColumn::AppInstance, &self.app_instance, 2000),
            (LogColumn::RequestPath, &self.request_path, 2000),
        ]
    }

    fn check(&self) -> Result<(), RecordError> {
        for (column, text, longest) in self.texts() {
            if stored(text).len() > longest {
                return Err(RecordError::TooLong { column, longest });
            }
        }
        Ok(())
    }
}

/// Where an entry came to stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Whose log.
    pub customer_id: CustomerId,
    /// The number of the first of the entries recorded together.
    pub first_seq: u64,
    /// How many there were.
    pub entries: u64,
    /// When the last of them was recorded.
    pub created_at: DateTime<Utc>,
}

/// Why nothing was recorded. The act's transaction must then not be committed.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A text has more bytes than its column takes.
    #[error("{} takes at most {longest} bytes", app::query::Column::name(*column))]
    TooLong {
        /// The column.
        column: LogColumn,
        /// How many bytes it takes.
        longest: usize,
    },
    /// There is no such customer.
    #[error("there is no customer {0}")]
    NoSuchCustomer(CustomerId),
    /// The database does not answer, or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CustomerId> for RecordError {
    fn from(missing: CustomerId) -> Self {
        Self::NoSuchCustomer(missing)
    }
}

impl From<sqlx::Error> for RecordError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What opens a transaction that records: it may then add to any log, and read none.
pub(super) const RECORDING: &str = "set local app.recording = 'on'";

/// Writes entries in the transaction of the act that they record: the two commit together, or neither does.
#[derive(Debug)]
pub struct Recorder<'t> {
    transaction: &'t mut Transaction<'static, Postgres>,
}

/// A log that was written to.
pub(super) struct Moved {
    /// How many entries it had before.
    before: i64,
    /// How many were written.
    entries: i64,
    /// The time of its last entry.
    last_created_at: DateTime<Utc>,
}

pub(super) type Logs = BTreeMap<CustomerId, Moved>;

/// An entry that is to be written.
pub(super) struct Writing<'e> {
    entry: &'e NewEntry,
    /// Its time, where it has one already; not decreasing within a log.
    at: Option<DateTime<Utc>>,
    /// The sender's id for it, and the hash of what was sent.
    receipt: Option<(&'e str, &'e [u8; 32])>,
}

impl<'e> Writing<'e> {
    /// An entry that a sender sent, with their id for it and the hash of what was sent, if it has one.
    pub(super) const fn received(
        entry: &'e NewEntry,
        receipt: Option<(&'e str, &'e [u8; 32])>,
    ) -> Self {
        Self { entry, at: None, receipt }
    }
}

impl<'t> Recorder<'t> {
    /// Records in `transaction`.
    pub const fn new(transaction: &'t mut Transaction<'static, Postgres>) -> Self {
        Self { transaction }
    }

    /// The transaction.
    pub(super) const fn transaction(&mut self) -> &mut Transaction<'static, Postgres> {
        self.transaction
    }

    /// Records `entries`, each log's in the order given, and numbers them. The logs' heads are locked until
    /// the transaction ends, in the order of their ids, so that two acts on the same customers cannot wait
    /// for each other; entries recorded together share their time.
    ///
    /// # Errors
    /// [`RecordError`]; nothing was recorded then.
    pub async fn record(&mut self, entries: &[NewEntry]) -> Result<Vec<Recorded>, RecordError> {
        for entry in entries {
            entry.check()?;
        }
        let writing = entries.iter().map(|entry| Writing { entry, at: None, receipt: None });
        self.write(writing.collect()).await
    }

    /// Loads entries that were recorded elsewhere, with the times they had. A time before the log's last is
    /// moved up to it: `created_at` never decreases as `seq` grows.
    ///
    /// # Errors
    /// [`RecordError`]; nothing was recorded then.
    pub async fn load(&mut self, entries: &[(DateTime<Utc>, NewEntry)]) -> Result<(), RecordError> {
        let mut writing = Vec::with_capacity(entries.len());
        let mut latest = DateTime::<Utc>::MIN_UTC;
        for (at, entry) in entries {
            entry.check()?;
            latest = latest.max(*at);
            writing.push(Writing { entry, at: Some(latest), receipt: None });
        }
        self.write(writing).await?;
        Ok(())
    }

    async fn write(&mut self, writing: Vec<Writing<'_>>) -> Result<Vec<Recorded>, RecordError> {
        let Some(first) = writing.first() else { return Ok(Vec::new()) };
        let somebody = first.entry.customer_id.clone();
        sqlx::raw_sql(RECORDING).execute(&mut **self.transaction).await?;
        let Some(logs) = write(self.transaction, &writing).await? else {
            return Err(self.missing(&writing).await?.unwrap_or(somebody).into());
        };
        Ok(recorded(logs)?)
    }

    /// The first of the customers who have no log.
    async fn missing(&mut self, writing: &[Writing<'_>]) -> Result<Option<CustomerId>, StoreError> {
        let ids: Vec<&str> = writing.iter().map(|w| w.entry.customer_id.as_str()).collect();
        let missing: Option<String> = sqlx::query_scalar(
            "select id from unnest($1::text[]) as id
             where not exists (select from log_head where customer_id = id) limit 1",
        )
        .bind(&ids)
        .fetch_optional(&mut **self.transaction)
        .await?;
        missing.map(|id| id.parse().map_err(|_| StoreError::Unreadable(id))).transpose()
    }
}

/// Where what was written came to stand.
pub(super) fn recorded(logs: Logs) -> Result<Vec<Recorded>, StoreError> {
    let recorded = logs.into_iter().map(|(customer_id, log)| {
        Ok(Recorded {
            entries: count(log.entries)?,
            first_seq: count(log.before + 1)?,
            created_at: log.last_created_at,
            customer_id,
        })
    });
    recorded.collect()
}

/// The numbers that written entries got.
pub(super) fn numbers(writing: &[Writing<'_>], logs: &Logs) -> Result<Vec<u64>, StoreError> {
    let mut next = BTreeMap::<&CustomerId, i64>::new();
    writing
        .iter()
        .map(|Writing { entry, .. }| {
            let before = logs.get(&entry.customer_id).map_or(0, |log| log.before);
            let next = next.entry(&entry.customer_id).or_insert(before);
            *next += 1;
            count(*next)
        })
        .collect()
}

/// The entries that carry their senders' ids, column by column.
#[derive(Default)]
struct WithId<'r> {
    customers: Vec<&'r str>,
    ids: Vec<&'r str>,
    /// Each one's place among its log's, from 1.
    nth: Vec<i64>,
    hashes: Vec<&'r [u8]>,
}

/// What is written of a value of the dictionary: a user acting on a table.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    /// How many of the entries have it.
    entries: i64,
    /// The first of them that has it, by its place among its log's.
    first: i64,
    /// Whether staff is the user of any of them.
    staff: bool,
}

/// Writes entries, and moves on all that follows from them: heads, dictionary, receipts. One statement,
/// because a lone entry's time is mostly that of the round trips, and a log is locked for as long as they
/// take. It locks the heads in the order of their ids. Nothing is written, and nothing given back, where a
/// log is not there or an id is known; whoever calls sees to it that no id comes twice.
///
/// # Errors
/// [`StoreError`]; nothing was written then.
pub(super) async fn write(
    connection: &mut PgConnection,
    writing: &[Writing<'_>],
) -> Result<Option<Logs>, StoreError> {
    if writing.is_empty() {
        return Ok(None);
    }
    let mut logs = BTreeMap::<&CustomerId, (i64, Option<DateTime<Utc>>)>::new();
    let mut values = BTreeMap::<(&str, String, String), Pair>::new();
    let mut nth = Vec::with_capacity(writing.len());
    let mut with_id = WithId::default();
    for Writing { entry, at, receipt } in writing {
        let log = logs.entry(&entry.customer_id).or_default();
        log.0 += 1;
        log.1 = *at;
        nth.push(log.0);
        let value =
            (entry.customer_id.as_str(), stored(&entry.user), stored(&entry.impacted_table));
        let value = values.entry(value).or_insert(Pair { first: log.0, ..Pair::default() });
        value.entries += 1;
        value.staff |= entry.user_kind == UserKind::Operator;
        if let Some((id, sha256)) = receipt {
            with_id.customers.push(entry.customer_id.as_str());
            with_id.ids.push(id);
            with_id.nth.push(log.0);
            with_id.hashes.push(&sha256[..]);
        }
    }
    let column = |text: fn(&NewEntry) -> &str| -> Vec<String> {
        writing.iter().map(|writing| stored(text(writing.entry))).collect()
    };
    let optional = |text: fn(&NewEntry) -> Option<&str>| -> Vec<Option<String>> {
        writing.iter().map(|writing| text(writing.entry).map(stored)).collect()
    };
    let moved: Vec<(String, i64, DateTime<Utc>)> = sqlx::query_as(
        r#"
        -- limit 1: one look into the primary key for each, whatever the table's size is thought to be.
        with fresh as materialized (
            select not exists (
                select from unnest($20::text[], $21::text[]) as sent (customer_id, id)
                cross join lateral (select from log_receipt known
                    where known.customer_id = sent.customer_id and known.id = sent.id limit 1) as known
            ) as yes
        ),
        head as materialized (
            select customer_id, last_created_at from log_head
            where customer_id = any($1) and (select yes from fresh)
            order by customer_id for update
        ),
        -- Reads the clock when all heads are locked, so that no log's time goes back. Empty where a head is
        -- missing or an id is known, and then everything below does nothing.
        moment as materialized (
            select clock_timestamp() as at from head having count(*) = cardinality($1)
        ),
        moved as (
            update log_head head
            set entries = head.entries + log.entries,
                last_created_at = greatest(head.last_created_at, coalesce(log.last_at, moment.at))
            from unnest($1::text[], $2::bigint[], $27::timestamptz[]) as log (customer_id, entries, last_at),
                 moment
            where head.customer_id = log.customer_id
            returning head.customer_id, head.entries - log.entries as before, head.last_created_at
        ),
        -- A value that is new is named by the first entry that has it.
        value as (
            insert into log_value as known
                (customer_id, "user", impacted_table, user_folded, impacted_table_folded, entries, first_seq,
                 staff)
            select v.customer_id, v."user", v.impacted_table, v.user_folded, v.impacted_table_folded,
                   v.entries, moved.before + v.first_nth, v.staff
            from unnest($17::text[], $18::text[], $19::text[], $24::text[], $25::text[], $26::bigint[],
                        $29::bigint[], $30::bool[])
                     as v (customer_id, "user", impacted_table, user_folded, impacted_table_folded,
                           entries, first_nth, staff)
            join moved using (customer_id)
            on conflict (customer_id, "user", impacted_table)
            do update set entries = known.entries + excluded.entries, staff = known.staff or excluded.staff
            returning customer_id, "user", impacted_table, first_seq
        ),
        entry as (
            insert into log_entry (customer_id, seq, created_at, value_seq, "user", user_id, user_kind, action,
                related_operation, impacted_table, source, app_instance, request_path, occurred_at,
                api_key_id, detail)
            select e.customer_id, moved.before + e.nth,
                   case when e.at is null then moved.last_created_at
                        else greatest(e.at, head.last_created_at) end,
                   value.first_seq, e."user", e.user_id, e.user_kind, e.action, e.related_operation,
                   e.impacted_table, e.source, e.app_instance, e.request_path, e.occurred_at, e.api_key_id,
                   e.detail::json
            from unnest($3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
                        $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
                        $14::timestamptz[], $15::bigint[], $16::text[], $28::timestamptz[])
                     as e (customer_id, nth, "user", user_id, user_kind, action,
                           related_operation, impacted_table, source, app_instance, request_path,
                           occurred_at, api_key_id, detail, at)
            join moved using (customer_id)
            join head using (customer_id)
            -- Each has one, and none is without entries, so this is a plain join. Said so, Postgres cannot take
            -- every value for every entry in turn, which it thinks is cheap while it has to guess their number.
            full join value using (customer_id, "user", impacted_table)
        ),
        receipt as (
            insert into log_receipt (customer_id, id, seq, sha256)
            select r.customer_id, r.id, moved.before + r.nth, r.sha256
            from unnest($20::text[], $21::text[], $22::bigint[], $23::bytea[])
                     as r (customer_id, id, nth, sha256)
            join moved using (customer_id)
        )
        select customer_id, before, last_created_at from moved
        "#,
    )
    .bind(logs.keys().map(|id| id.as_str()).collect::<Vec<_>>())
    .bind(logs.values().map(|log| log.0).collect::<Vec<_>>())
    .bind(writing.iter().map(|writing| writing.entry.customer_id.as_str()).collect::<Vec<_>>())
    .bind(&nth)
    .bind(column(|entry| &entry.user))
    .bind(optional(|entry| entry.user_id.as_deref()))
    .bind(writing.iter().map(|writing| writing.entry.user_kind.name()).collect::<Vec<_>>())
    .bind(column(|entry| &entry.action))
    .bind(optional(|entry| entry.related_operation.as_deref()))
    .bind(column(|entry| &entry.impacted_table))
    .bind(writing.iter().map(|writing| writing.entry.source.name()).collect::<Vec<_>>())
    .bind(column(|entry| &entry.app_instance))
    .bind(column(|entry| &entry.request_path))
    .bind(writing.iter().map(|writing| writing.entry.occurred_at).collect::<Vec<_>>())
    .bind(writing.iter().map(|writing| writing.entry.api_key_id).collect::<Vec<_>>())
    .bind(
        writing
            .iter()
            .map(|writing| writing.entry.detail.as_ref().map(ToString::to_string))
            .collect::<Vec<_>>(),
    )
    .bind(values.keys().map(|(customer, ..)| *customer).collect::<Vec<_>>())
    .bind(values.keys().map(|(_, user, _)| user).collect::<Vec<_>>())
    .bind(values.keys().map(|(.., table)| table).collect::<Vec<_>>())
    .bind(&with_id.customers)
    .bind(&with_id.ids)
    .bind(&with_id.nth)
    .bind(&with_id.hashes)
    .bind(values.keys().map(|(_, user, _)| fold(user)).collect::<Vec<_>>())
    .bind(values.keys().map(|(.., table)| fold(table)).collect::<Vec<_>>())
    .bind(values.values().map(|value| value.entries).collect::<Vec<_>>())
    .bind(logs.values().map(|log| log.1).collect::<Vec<_>>())
    .bind(writing.iter().map(|writing| writing.at).collect::<Vec<_>>())
    .bind(values.values().map(|value| value.first).collect::<Vec<_>>())
    .bind(values.values().map(|value| value.staff).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    if moved.is_empty() {
        return Ok(None);
    }
    let moved = moved.into_iter().map(|(id, before, last_created_at)| {
        let id: CustomerId = id.parse().map_err(|_| StoreError::Unreadable(id))?;
        let entries = logs.get(&id).map_or(0, |log| log.0);
        Ok((id, Moved { before, entries, last_created_at }))
    });
    moved.collect::<Result<_, _>>().map(Some)
}

/// A text as it is stored: as it is, but for the one character that Postgres cannot hold.
pub fn stored(text: &str) -> String {
    if !text.contains('\0') {
        return text.to_owned();
    }
    text.chars().map(printable).collect()
}
