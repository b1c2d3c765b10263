//! Recording what others sent, in one round trip where it can be. A lone entry's time is mostly that of the
//! round trips, and a log is locked for as long as they take.

use std::collections::{BTreeMap, BTreeSet};

use app::{customer::id::CustomerId, query::fold};
use sqlx::PgConnection;

use super::{
    Store, StoreError,
    recorder::{NewEntry, Receipt, Received, RecordError, Recorder, stored},
    rows::count,
};

impl Store {
    /// Records what others sent, as [`Recorder::receive`] does it, in a transaction of its own.
    ///
    /// # Errors
    /// [`RecordError`]; nothing was recorded then.
    pub async fn receive(&self, received: &[Received]) -> Result<Vec<Receipt>, RecordError> {
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

/// The entries that carry their senders' ids, column by column.
#[derive(Default)]
struct WithId<'r> {
    customers: Vec<&'r str>,
    ids: Vec<&'r str>,
    /// Each one's place among its log's in this group, from 1.
    nth: Vec<i64>,
    hashes: Vec<&'r [u8]>,
}

/// Records entries that are all new, of customers who are all known; records none where one is not.
async fn at_once(
    connection: &mut PgConnection,
    received: &[Received],
) -> Result<Option<Vec<Receipt>>, RecordError> {
    let mut logs = BTreeMap::<&CustomerId, i64>::new();
    let mut values = BTreeMap::<(&str, String, String), i64>::new();
    let mut nth = Vec::with_capacity(received.len());
    let mut ids = BTreeSet::new();
    let mut with_id = WithId::default();
    for Received { entry, id, sha256 } in received {
        let log = logs.entry(&entry.customer_id).or_default();
        *log += 1;
        nth.push(*log);
        let value =
            (entry.customer_id.as_str(), stored(&entry.user), stored(&entry.impacted_table));
        *values.entry(value).or_default() += 1;
        if let Some(id) = id {
            if !ids.insert((&entry.customer_id, id)) {
                // The same id twice.
                return Ok(None);
            }
            with_id.customers.push(entry.customer_id.as_str());
            with_id.ids.push(id);
            with_id.nth.push(*log);
            with_id.hashes.push(&sha256[..]);
        }
    }
    let column = |text: fn(&NewEntry) -> &str| -> Vec<String> {
        received.iter().map(|item| stored(text(&item.entry))).collect()
    };
    let optional = |text: fn(&NewEntry) -> Option<&str>| -> Vec<Option<String>> {
        received.iter().map(|item| text(&item.entry).map(stored)).collect()
    };
    let befores: Vec<(String, i64)> = sqlx::query_as(
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
            select from log_head where customer_id = any($1) and (select yes from fresh)
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
                last_created_at = greatest(head.last_created_at, moment.at)
            from unnest($1::text[], $2::bigint[]) as log (customer_id, entries), moment
            where head.customer_id = log.customer_id
            returning head.customer_id, head.entries - log.entries as before, head.last_created_at
        ),
        entry as (
            insert into log_entry (customer_id, seq, created_at, "user", user_id, user_kind, action,
                related_operation, impacted_table, source, app_instance, request_path, occurred_at,
                api_key_id, detail)
            select e.customer_id, moved.before + e.nth, moved.last_created_at, e."user", e.user_id,
                   e.user_kind, e.action, e.related_operation, e.impacted_table, e.source, e.app_instance,
                   e.request_path, e.occurred_at, e.api_key_id, e.detail::json
            from unnest($3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
                        $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
                        $14::timestamptz[], $15::bigint[], $16::text[])
                     as e (customer_id, nth, "user", user_id, user_kind, action,
                           related_operation, impacted_table, source, app_instance, request_path,
                           occurred_at, api_key_id, detail)
            join moved using (customer_id)
        ),
        value as (
            insert into log_value as known
                (customer_id, "user", impacted_table, user_folded, impacted_table_folded, entries)
            select v.*
            from unnest($17::text[], $18::text[], $19::text[], $24::text[], $25::text[], $26::bigint[]) as v,
                 moment
            on conflict (customer_id, "user", impacted_table)
            do update set entries = known.entries + excluded.entries
        ),
        receipt as (
            insert into log_receipt (customer_id, id, seq, sha256)
            select r.customer_id, r.id, moved.before + r.nth, r.sha256
            from unnest($20::text[], $21::text[], $22::bigint[], $23::bytea[])
                     as r (customer_id, id, nth, sha256)
            join moved using (customer_id)
        )
        select customer_id, before from moved
        "#,
    )
    .bind(logs.keys().map(|id| id.as_str()).collect::<Vec<_>>())
    .bind(logs.values().copied().collect::<Vec<_>>())
    .bind(received.iter().map(|item| item.entry.customer_id.as_str()).collect::<Vec<_>>())
    .bind(&nth)
    .bind(column(|entry| &entry.user))
    .bind(optional(|entry| entry.user_id.as_deref()))
    .bind(received.iter().map(|item| item.entry.user_kind.name()).collect::<Vec<_>>())
    .bind(column(|entry| &entry.action))
    .bind(optional(|entry| entry.related_operation.as_deref()))
    .bind(column(|entry| &entry.impacted_table))
    .bind(received.iter().map(|item| item.entry.source.name()).collect::<Vec<_>>())
    .bind(column(|entry| &entry.app_instance))
    .bind(column(|entry| &entry.request_path))
    .bind(received.iter().map(|item| item.entry.occurred_at).collect::<Vec<_>>())
    .bind(received.iter().map(|item| item.entry.api_key_id).collect::<Vec<_>>())
    .bind(
        received
            .iter()
            .map(|item| item.entry.detail.as_ref().map(ToString::to_string))
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
    .bind(values.values().copied().collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    if befores.is_empty() {
        return Ok(None);
    }
    let befores: BTreeMap<String, i64> = befores.into_iter().collect();
    received
        .iter()
        .zip(&nth)
        .map(|(item, nth)| {
            let before = befores.get(item.entry.customer_id.as_str()).copied().unwrap_or_default();
            Ok(Receipt::Recorded(count(before + nth)?))
        })
        .collect::<Result<Vec<_>, RecordError>>()
        .map(Some)
}
