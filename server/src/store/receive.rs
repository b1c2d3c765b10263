//! Recording what others sent, perhaps not for the first time; in one round trip where it can be. A lone
//! entry's time is mostly that of the round trips, and a log is locked for as long as they take.

use std::collections::{BTreeMap, BTreeSet};

use app::{customer::id::CustomerId, query::fold};
use sqlx::PgConnection;

use super::{
    Store, StoreError,
    recorder::{NewEntry, RecordError, Recorded, Recorder, Writing, numbers, recorded, write},
    rows::count,
};

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

/// What became of each entry that was received, in order; and where those that are new came to stand.
pub type Receipts = (Vec<Receipt>, Vec<Recorded>);

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

impl Received {
    fn writing(&self) -> Writing<'_> {
        let receipt = self.id.as_deref().map(|id| (id, &self.sha256));
        Writing::received(&self.entry, receipt)
    }
}

impl Store {
    /// Records what others sent, as [`Recorder::receive`] does it, in a transaction of its own.
    ///
    /// # Errors
    /// [`RecordError`]; nothing was recorded then.
    pub async fn receive(&self, received: &[Received]) -> Result<Vec<Receipt>, RecordError> {
        let (receipts, recorded) = self.receive_all(received).await?;
        self.committed(&recorded);
        Ok(receipts)
    }

    async fn receive_all(&self, received: &[Received]) -> Result<Receipts, RecordError> {
        {
            let mut connection = self.recording.acquire().await.map_err(StoreError::from)?;
            match at_once(&mut connection, received).await {
                Ok(Some(receipts)) => return Ok(receipts),
                Ok(None) => {}
                Err(RecordError::Store(StoreError::Failed(error))) if is_taken(&error) => {}
                Err(error) => return Err(error),
            }
        }
        let mut transaction = self.begin_recording().await?;
        let receipts = Recorder::new(&mut transaction).receive(received).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(receipts)
    }
}

/// Whether somebody recorded the same id in the same moment.
fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Records entries that are all new, of customers who are all known; records none where one is not.
async fn at_once(
    connection: &mut PgConnection,
    received: &[Received],
) -> Result<Option<Receipts>, RecordError> {
    let mut ids = BTreeSet::new();
    let twice = received
        .iter()
        .any(|item| item.id.as_ref().is_some_and(|id| !ids.insert((&item.entry.customer_id, id))));
    if twice {
        return Ok(None);
    }
    let writing: Vec<Writing<'_>> = received.iter().map(Received::writing).collect();
    let Some(logs) = write(connection, &writing).await? else { return Ok(None) };
    let numbers = numbers(&writing, &logs)?;
    let receipts = numbers.into_iter().map(Receipt::Recorded).collect();
    Ok(Some((receipts, recorded(logs)?)))
}

impl Recorder<'_> {
    /// Records what others sent: what was sent before is not recorded again, and customers that nobody
    /// described yet are added, named by their ids. The entries' lengths were checked. The transaction is one
    /// of [`Store::begin_recording`]; whoever commits it says so: [`Store::committed`].
    ///
    /// # Errors
    /// [`RecordError`]; nothing was recorded then.
    pub async fn receive(&mut self, received: &[Received]) -> Result<Receipts, RecordError> {
        self.lock_or_add(received).await?;
        // Looked up after the heads are locked: whoever recorded the same id has committed by then.
        let known = self.receipts(received).await?;
        let key = |item: &'_ Received| Some((item.entry.customer_id.clone(), item.id.clone()?));
        let mut first = BTreeMap::new();
        let mut writing = Vec::with_capacity(received.len());
        // For each item what is known of its id, or its place among those that are written.
        let mut places = Vec::with_capacity(received.len());
        for item in received {
            let earlier =
                item.id.as_deref().and_then(|id| known.get(&(&item.entry.customer_id, id)));
            places.push(match (earlier, key(item).and_then(|key| first.get(&key).copied())) {
                (Some((seq, sha256)), _) if sha256[..] == item.sha256[..] => Place::Known(*seq),
                (Some(_), _) => Place::Taken,
                (None, Some((at, sha256))) if sha256 == item.sha256 => Place::Again(at),
                (None, Some(_)) => Place::Taken,
                (None, None) => {
                    if let Some(key) = key(item) {
                        first.insert(key, (writing.len(), item.sha256));
                    }
                    writing.push(item.writing());
                    Place::New(writing.len() - 1)
                }
            });
        }
        let (numbers, recorded) = match write(self.transaction(), &writing).await? {
            Some(logs) => (numbers(&writing, &logs)?, recorded(logs)?),
            // The heads are there and the ids are new: both were made sure of under the heads' locks.
            None if !writing.is_empty() => {
                return Err(StoreError::Unreadable("heads that went away".into()).into());
            }
            None => (Vec::new(), Vec::new()),
        };
        let number = |at: usize| numbers.get(at).copied().unwrap_or_default();
        let receipts = places
            .into_iter()
            .map(|place| {
                Ok(match place {
                    Place::New(at) => Receipt::Recorded(number(at)),
                    Place::Again(at) => Receipt::Duplicate(number(at)),
                    Place::Known(seq) => Receipt::Duplicate(count(seq)?),
                    Place::Taken => Receipt::IdTaken,
                })
            })
            .collect::<Result<_, StoreError>>()?;
        Ok((receipts, recorded))
    }

    /// Locks the heads of these logs, in the order of their ids; says whose are there. Served by log_head's
    /// primary key.
    async fn lock(&mut self, received: &[Received]) -> Result<BTreeSet<String>, StoreError> {
        let ids: BTreeSet<&str> =
            received.iter().map(|item| item.entry.customer_id.as_str()).collect();
        let heads: Vec<String> = sqlx::query_scalar(
            "select customer_id from log_head
             where customer_id = any($1)
             order by customer_id
             for update",
        )
        .bind(ids.into_iter().collect::<Vec<_>>())
        .fetch_all(&mut **self.transaction())
        .await?;
        Ok(heads.into_iter().collect())
    }

    async fn lock_or_add(&mut self, received: &[Received]) -> Result<(), StoreError> {
        let heads = self.lock(received).await?;
        let missing: BTreeSet<&str> = received
            .iter()
            .map(|item| item.entry.customer_id.as_str())
            .filter(|id| !heads.contains(*id))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        // In the order of their ids, as everybody does it: two senders cannot wait for each other.
        let ids: Vec<&str> = missing.into_iter().collect();
        let folded: Vec<String> = ids.iter().map(|id| fold(id)).collect();
        // The conflict names no column: naming one is reading, and the recorder may read no customer.
        sqlx::query(
            "insert into customer (customer_id, name, name_folded, customer_type, status, known)
             select id, id, folded, 'business', 'active', false
             from unnest($1::text[], $2::text[]) as missing (id, folded)
             on conflict do nothing",
        )
        .bind(&ids)
        .bind(&folded)
        .execute(&mut **self.transaction())
        .await?;
        sqlx::query(
            "insert into log_head (customer_id) select unnest($1::text[])
             on conflict (customer_id) do nothing",
        )
        .bind(&ids)
        .execute(&mut **self.transaction())
        .await?;
        self.lock(received).await?;
        Ok(())
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
        .fetch_all(&mut **self.transaction())
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

/// What becomes of an item that was received.
enum Place {
    /// Written, as this one of those that are.
    New(usize),
    /// The same as this one of those that are written.
    Again(usize),
    /// Recorded before, with this number.
    Known(i64),
    /// Another entry has its id.
    Taken,
}
