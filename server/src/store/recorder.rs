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

/// An entry as a sender sent it, perhaps not for the first time.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// The entry.
    pub entry: NewEntry,
    /// The sender's own id for it: 1 to 128 characters. The same again is not recorded again.
    pub id: Option<String>,
    /// SHA-256 of all that was sent, so that another entry under the same id shows.
    pub sha256: [u8; 32],
}

/// What became of an entry that was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It is in the log now, with this number.
    Recorded(u64),
    /// It was in the log already, with this number.
    Duplicate(u64),
    /// Another entry is in the log under the same id, and stays.
    IdTaken,
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

/// Where a log stands, locked until the transaction ends.
#[derive(Debug, Clone, Copy)]
struct Head {
    entries: i64,
    last_created_at: Option<DateTime<Utc>>,
}

type Heads = BTreeMap<CustomerId, Head>;

/// An entry with its place in its log.
struct Placed<'e> {
    entry: &'e NewEntry,
    seq: i64,
    /// The log's last time before: its own is not earlier.
    floor: Option<DateTime<Utc>>,
    /// Its time, where it has one already.
    at: Option<DateTime<Utc>>,
    /// The sender's id for it.
    receipt: Option<(&'e str, &'e [u8; 32])>,
}

impl<'t> Recorder<'t> {
    /// Records in `transaction`.
    pub const fn new(transaction: &'t mut Transaction<'static, Postgres>) -> Self {
        Self { transaction }
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
        sqlx::raw_sql(RECORDING).execute(&mut **self.transaction).await?;
        let mut heads = self.lock(entries.iter().map(|entry| &entry.customer_id)).await?;
        let mut placed = Vec::with_capacity(entries.len());
        for entry in entries {
            placed.push(place(&mut heads, entry)?);
        }
        append(self.transaction, &placed).await
    }

    /// Loads entries that were recorded elsewhere, with the times they had. A time before the log's last is
    /// moved up to it: `created_at` never decreases as `seq` grows.
    ///
    /// # Errors
    /// [`RecordError`]; nothing was recorded then.
    pub async fn load(
        &mut self,
        customer_id: &CustomerId,
        entries: &[(DateTime<Utc>, NewEntry)],
    ) -> Result<(), RecordError> {
        sqlx::raw_sql(RECORDING).execute(&mut **self.transaction).await?;
        let mut heads = self.lock([customer_id]).await?;
        let mut placed = Vec::with_capacity(entries.len());
        let mut latest = DateTime::<Utc>::MIN_UTC;
        for (at, entry) in entries {
            entry.check()?;
            let place = place(&mut heads, entry)?;
            latest = latest.max(*at).max(place.floor.unwrap_or(latest));
            placed.push(Placed { at: Some(latest), ..place });
        }
        append(self.transaction, &placed).await?;
        Ok(())
    }

    /// Records what others sent: what was sent before is not recorded again, and customers that nobody
    /// described yet are added, named by their ids. The entries' lengths were checked. The transaction is one
    /// of [`Store::begin_recording`](super::Store::begin_recording).
    ///
    /// # Errors
    /// [`RecordError`]; nothing was recorded then.
    pub async fn receive(&mut self, received: &[Received]) -> Result<Vec<Receipt>, RecordError> {
        let mut heads = self.lock_or_add(received).await?;
        // Looked up after the heads are locked: whoever recorded the same id has committed by then.
        let mut known = self.receipts(received).await?;
        let mut receipts = Vec::with_capacity(received.len());
        let mut placed = Vec::with_capacity(received.len());
        for item in received {
            let earlier =
                item.id.as_deref().and_then(|id| known.get(&(&item.entry.customer_id, id)));
            if let Some((seq, sha256)) = earlier {
                let same = sha256[..] == item.sha256[..];
                receipts.push(if same {
                    Receipt::Duplicate(count(*seq)?)
                } else {
                    Receipt::IdTaken
                });
                continue;
            }
            let mut place = place(&mut heads, &item.entry)?;
            place.receipt = item.id.as_deref().map(|id| (id, &item.sha256));
            if let Some(id) = &item.id {
                known.insert((&item.entry.customer_id, id), (place.seq, item.sha256.to_vec()));
            }
            receipts.push(Receipt::Recorded(count(place.seq)?));
            placed.push(place);
        }
        append(self.transaction, &placed).await?;
        Ok(receipts)
    }

    /// Locks the heads of these logs, in the order of their ids. Served by log_head's primary key.
    async fn lock<'c>(
        &mut self,
        customers: impl IntoIterator<Item = &'c CustomerId>,
    ) -> Result<Heads, StoreError> {
        let mut ids: Vec<&str> = customers.into_iter().map(CustomerId::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        let heads: Vec<(String, i64, Option<DateTime<Utc>>)> = sqlx::query_as(
            "select customer_id, entries, last_created_at from log_head
             where customer_id = any($1)
             order by customer_id
             for update",
        )
        .bind(&ids)
        .fetch_all(&mut **self.transaction)
        .await?;
        heads
            .into_iter()
            .map(|(id, entries, last_created_at)| {
                let id = id.parse().map_err(|_| StoreError::Unreadable(id))?;
                Ok((id, Head { entries, last_created_at }))
            })
            .collect()
    }

    async fn lock_or_add(&mut self, received: &[Received]) -> Result<Heads, StoreError> {
        let customers = || received.iter().map(|item| &item.entry.customer_id);
        let heads = self.lock(customers()).await?;
        let mut missing: Vec<_> = customers().filter(|id| !heads.contains_key(id)).collect();
        if missing.is_empty() {
            return Ok(heads);
        }
        missing.sort_unstable();
        missing.dedup();
        let ids: Vec<&str> = missing.iter().map(|id| id.as_str()).collect();
        let folded: Vec<String> = ids.iter().map(|id| fold(id)).collect();
        // In the order of their ids, as everybody does it: two senders cannot wait for each other.
        // The conflict names no column: naming one is reading, and the recorder may read no customer.
        sqlx::query(
            "insert into customer (customer_id, name, name_folded, customer_type, status, known)
             select id, id, folded, 'business', 'active', false
             from unnest($1::text[], $2::text[]) as missing (id, folded)
             on conflict do nothing",
        )
        .bind(&ids)
        .bind(&folded)
        .execute(&mut **self.transaction)
        .await?;
        sqlx::query(
            "insert into log_head (customer_id) select unnest($1::text[])
             on conflict (customer_id) do nothing",
        )
        .bind(&ids)
        .execute(&mut **self.transaction)
        .await?;
        self.lock(customers()).await
    }

    /// What was recorded under the ids of `received`. Served by log_receipt's primary key.
    async fn receipts<'r>(
        &mut self,
        received: &'r [Received],
    ) -> Result<BTreeMap<(&'r CustomerId, &'r str), (i64, Vec<u8>)>, StoreError> {
        let with_id: Vec<(&CustomerId, &str)> = received
            .iter()
            .filter_map(|item| Some((&item.entry.customer_id, item.id.as_deref()?)))
            .collect();
        if with_id.is_empty() {
            return Ok(BTreeMap::new());
        }
        let found: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(
            // limit 1: one look into the primary key for each, whatever the table's size is thought to be.
            "select sent.number, known.seq, known.sha256
             from unnest($1::text[], $2::text[]) with ordinality as sent (customer_id, id, number)
             cross join lateral (
                 select seq, sha256 from log_receipt
                 where log_receipt.customer_id = sent.customer_id and log_receipt.id = sent.id
                 limit 1
             ) as known",
        )
        .bind(with_id.iter().map(|(customer, _)| customer.as_str()).collect::<Vec<_>>())
        .bind(with_id.iter().map(|(_, id)| *id).collect::<Vec<_>>())
        .fetch_all(&mut **self.transaction)
        .await?;
        found
            .into_iter()
            .map(|(number, seq, sha256)| {
                let sent = usize::try_from(number - 1).ok().and_then(|at| with_id.get(at));
                let sent = sent.ok_or_else(|| StoreError::Unreadable(number.to_string()))?;
                Ok((*sent, (seq, sha256)))
            })
            .collect()
    }
}

/// Gives an entry the next place in its log.
fn place<'e>(heads: &mut Heads, entry: &'e NewEntry) -> Result<Placed<'e>, RecordError> {
    let head = heads
        .get_mut(&entry.customer_id)
        .ok_or_else(|| RecordError::NoSuchCustomer(entry.customer_id.clone()))?;
    head.entries += 1;
    Ok(Placed { entry, seq: head.entries, floor: head.last_created_at, at: None, receipt: None })
}

/// Writes placed entries, and moves on all that follows from them: heads, dictionary, receipts. One
/// statement, because a lone entry's time is mostly that of the round trips.
async fn append(
    connection: &mut PgConnection,
    placed: &[Placed<'_>],
) -> Result<Vec<Recorded>, RecordError> {
    if placed.is_empty() {
        return Ok(Vec::new());
    }
    let mut logs = BTreeMap::<&CustomerId, (i64, i64, Option<DateTime<Utc>>)>::new();
    let mut values = BTreeMap::<(&str, String, String), i64>::new();
    for place in placed {
        let log = logs.entry(&place.entry.customer_id).or_insert((place.seq, 0, None));
        log.1 += 1;
        log.2 = place.at;
        let entry = place.entry;
        let value =
            (entry.customer_id.as_str(), stored(&entry.user), stored(&entry.impacted_table));
        *values.entry(value).or_default() += 1;
    }
    let column = |text: fn(&NewEntry) -> &str| -> Vec<String> {
        placed.iter().map(|place| stored(text(place.entry))).collect()
    };
    let optional = |text: fn(&NewEntry) -> Option<&str>| -> Vec<Option<String>> {
        placed.iter().map(|place| text(place.entry).map(stored)).collect()
    };
    let receipts: Vec<_> = placed
        .iter()
        .filter_map(|place| {
            let (id, sha256) = place.receipt?;
            Some((place.entry.customer_id.as_str(), id, place.seq, &sha256[..]))
        })
        .collect();

    let heads: Vec<(String, DateTime<Utc>)> = sqlx::query_as(
        r#"
        -- The heads were locked before this statement began: whoever held them read the clock earlier.
        with moment as materialized (select clock_timestamp() as at),
        head as (
            update log_head head
            set entries = head.entries + log.entries,
                last_created_at = greatest(head.last_created_at, coalesce(log.last_at, moment.at))
            from unnest($1::text[], $2::bigint[], $3::timestamptz[]) as log (customer_id, entries, last_at),
                 moment
            where head.customer_id = log.customer_id
            returning head.customer_id, head.last_created_at
        ),
        entry as (
            insert into log_entry (customer_id, seq, created_at, "user", user_id, user_kind, action,
                related_operation, impacted_table, source, app_instance, request_path, occurred_at,
                api_key_id, detail)
            select e.customer_id, e.seq, coalesce(e.at, greatest(moment.at, e.floor)), e."user", e.user_id,
                   e.user_kind, e.action, e.related_operation, e.impacted_table, e.source, e.app_instance,
                   e.request_path, e.occurred_at, e.api_key_id, e.detail::json
            from unnest($4::text[], $5::bigint[], $6::timestamptz[], $7::timestamptz[], $8::text[],
                        $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
                        $15::text[], $16::text[], $17::timestamptz[], $29::bigint[], $18::text[])
                     as e (customer_id, seq, floor, at, "user", user_id, user_kind, action,
                           related_operation, impacted_table, source, app_instance, request_path,
                           occurred_at, api_key_id, detail),
                 moment
        ),
        value as (
            insert into log_value as known
                (customer_id, "user", impacted_table, user_folded, impacted_table_folded, entries)
            select * from unnest($19::text[], $20::text[], $21::text[], $22::text[], $23::text[], $24::bigint[])
            on conflict (customer_id, "user", impacted_table)
            do update set entries = known.entries + excluded.entries
        ),
        receipt as (
            insert into log_receipt (customer_id, id, seq, sha256)
            select * from unnest($25::text[], $26::text[], $27::bigint[], $28::bytea[])
        )
        select customer_id, last_created_at from head
        "#,
    )
    .bind(logs.keys().map(|id| id.as_str()).collect::<Vec<_>>())
    .bind(logs.values().map(|log| log.1).collect::<Vec<_>>())
    .bind(logs.values().map(|log| log.2).collect::<Vec<_>>())
    .bind(placed.iter().map(|place| place.entry.customer_id.as_str()).collect::<Vec<_>>())
    .bind(placed.iter().map(|place| place.seq).collect::<Vec<_>>())
    .bind(placed.iter().map(|place| place.floor).collect::<Vec<_>>())
    .bind(placed.iter().map(|place| place.at).collect::<Vec<_>>())
    .bind(column(|entry| &entry.user))
    .bind(optional(|entry| entry.user_id.as_deref()))
    .bind(placed.iter().map(|place| place.entry.user_kind.name()).collect::<Vec<_>>())
    .bind(column(|entry| &entry.action))
    .bind(optional(|entry| entry.related_operation.as_deref()))
    .bind(column(|entry| &entry.impacted_table))
    .bind(placed.iter().map(|place| place.entry.source.name()).collect::<Vec<_>>())
    .bind(column(|entry| &entry.app_instance))
    .bind(column(|entry| &entry.request_path))
    .bind(placed.iter().map(|place| place.entry.occurred_at).collect::<Vec<_>>())
    .bind(
        placed
            .iter()
            .map(|place| place.entry.detail.as_ref().map(ToString::to_string))
            .collect::<Vec<_>>(),
    )
    .bind(values.keys().map(|(customer, ..)| *customer).collect::<Vec<_>>())
    .bind(values.keys().map(|(_, user, _)| user).collect::<Vec<_>>())
    .bind(values.keys().map(|(.., table)| table).collect::<Vec<_>>())
    .bind(values.keys().map(|(_, user, _)| fold(user)).collect::<Vec<_>>())
    .bind(values.keys().map(|(.., table)| fold(table)).collect::<Vec<_>>())
    .bind(values.values().copied().collect::<Vec<_>>())
    .bind(receipts.iter().map(|receipt| receipt.0).collect::<Vec<_>>())
    .bind(receipts.iter().map(|receipt| receipt.1).collect::<Vec<_>>())
    .bind(receipts.iter().map(|receipt| receipt.2).collect::<Vec<_>>())
    .bind(receipts.iter().map(|receipt| receipt.3).collect::<Vec<_>>())
    .bind(placed.iter().map(|place| place.entry.api_key_id).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;

    heads
        .into_iter()
        .map(|(id, created_at)| {
            let id: CustomerId = id.parse().map_err(|_| StoreError::Unreadable(id))?;
            let (first, entries, _) = logs.get(&id).copied().unwrap_or_default();
            Ok(Recorded {
                customer_id: id,
                first_seq: count(first)?,
                entries: count(entries)?,
                created_at,
            })
        })
        .collect()
}

/// A text as it is stored: as it is, but for the one character that Postgres cannot hold.
pub fn stored(text: &str) -> String {
    if !text.contains('\0') {
        return text.to_owned();
    }
    text.chars().map(printable).collect()
}
