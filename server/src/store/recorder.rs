//! Recording: the only way an entry comes into a log.

use std::collections::BTreeMap;

use app::{
    customer::id::CustomerId,
    log::entry::{LogColumn, Source, UserKind},
    query::{fold, printable},
};
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Transaction};

use super::{StoreError, sql::literal};

/// An action that is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Whose log it belongs to. The customer must be there.
    pub customer_id: CustomerId,
    /// Who executed it: at most 1,000 bytes.
    pub user: String,
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
}

impl NewEntry {
    fn check(&self) -> Result<(), RecordError> {
        let operation = self.related_operation.as_deref().unwrap_or_default();
        for (column, text, longest) in [
            (LogColumn::User, self.user.as_str(), 1000),
            (LogColumn::Action, &self.action, 2000),
            (LogColumn::RelatedOperation, operation, 2000),
            (LogColumn::ImpactedTable, &self.impacted_table, 1000),
            (LogColumn::AppInstance, &self.app_instance, 2000),
            (LogColumn::RequestPath, &self.request_path, 2000),
        ] {
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

impl From<sqlx::Error> for RecordError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Writes entries in the transaction of the act that they record: the two commit together, or neither does.
#[derive(Debug)]
pub struct Recorder<'t> {
    transaction: &'t mut Transaction<'static, Postgres>,
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
        let mut logs = BTreeMap::<&CustomerId, Vec<&NewEntry>>::new();
        for entry in entries {
            entry.check()?;
            logs.entry(&entry.customer_id).or_default().push(entry);
        }
        let mut recorded = Vec::with_capacity(logs.len());
        for (customer_id, entries) in logs {
            recorded.push(append(self.transaction, customer_id, &entries, None).await?);
        }
        Ok(recorded)
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
    ) -> Result<Recorded, RecordError> {
        let mut times = Vec::with_capacity(entries.len());
        let mut latest = DateTime::<Utc>::MIN_UTC;
        let mut texts = Vec::with_capacity(entries.len());
        for (at, entry) in entries {
            entry.check()?;
            latest = latest.max(*at);
            times.push(latest);
            texts.push(entry);
        }
        append(self.transaction, customer_id, &texts, Some(&times)).await
    }
}

/// Appends to one log. `times` are the entries' own, not decreasing; without them it is now.
async fn append(
    connection: &mut PgConnection,
    customer_id: &CustomerId,
    entries: &[&NewEntry],
    times: Option<&[DateTime<Utc>]>,
) -> Result<Recorded, RecordError> {
    // The other wall: row-level security takes rows of this customer only.
    let customer = format!("set local app.customer = {}", literal(customer_id.as_str()));
    sqlx::raw_sql(AssertSqlSafe(customer)).execute(&mut *connection).await?;

    let number = entries.len() as i64;
    // Locks the head, by its primary key. Whoever waited here sees the head as the one before left it, and
    // reads the clock after that: the time cannot lie before the last entry's.
    let head: Option<(i64, Option<DateTime<Utc>>, DateTime<Utc>)> = sqlx::query_as(
        "with before as (
             select customer_id, entries, last_created_at
             from log_head where customer_id = $1
             for update
         )
         update log_head head
         set entries = before.entries + $2,
             last_created_at = greatest(before.last_created_at, coalesce($3, clock_timestamp()))
         from before
         where head.customer_id = before.customer_id and head.customer_id = $1
         returning before.entries, before.last_created_at, head.last_created_at",
    )
    .bind(customer_id.as_str())
    .bind(number)
    .bind(times.and_then(|times| times.last()))
    .fetch_optional(&mut *connection)
    .await?;
    let Some((before, last_before, created_at)) = head else {
        return Err(RecordError::NoSuchCustomer(customer_id.clone()));
    };
    let floor = last_before.unwrap_or(DateTime::<Utc>::MIN_UTC);
    let times: Vec<_> = match times {
        Some(times) => times.iter().map(|at| *at.max(&floor)).collect(),
        None => vec![created_at; entries.len()],
    };

    let column = |text: fn(&NewEntry) -> &str| -> Vec<String> {
        entries.iter().map(|entry| stored(text(entry))).collect()
    };
    let (users, tables) = (column(|entry| &entry.user), column(|entry| &entry.impacted_table));
    sqlx::query(
        r#"insert into log_entry (customer_id, seq, created_at, "user", user_kind, action,
               related_operation, impacted_table, source, app_instance, request_path)
           select $1, $2 + entry.number, entry.created_at, entry."user", entry.user_kind, entry.action,
               entry.related_operation, entry.impacted_table, entry.source, entry.app_instance,
               entry.request_path
           from unnest($3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
                       $8::text[], $9::text[], $10::text[], $11::text[])
               with ordinality as entry (created_at, "user", user_kind, action, related_operation,
                   impacted_table, source, app_instance, request_path, number)"#,
    )
    .bind(customer_id.as_str())
    .bind(before)
    .bind(times)
    .bind(&users)
    .bind(entries.iter().map(|entry| entry.user_kind.name()).collect::<Vec<_>>())
    .bind(column(|entry| &entry.action))
    .bind(
        entries
            .iter()
            .map(|entry| entry.related_operation.as_deref().map(stored))
            .collect::<Vec<_>>(),
    )
    .bind(&tables)
    .bind(entries.iter().map(|entry| entry.source.name()).collect::<Vec<_>>())
    .bind(column(|entry| &entry.app_instance))
    .bind(column(|entry| &entry.request_path))
    .execute(&mut *connection)
    .await?;

    count_values(connection, customer_id, &users, &tables).await?;
    Ok(Recorded {
        customer_id: customer_id.clone(),
        first_seq: super::rows::count(before + 1)?,
        entries: entries.len() as u64,
        created_at,
    })
}

/// Keeps the log's dictionary in step. The head's lock is held: nobody else writes to it.
async fn count_values(
    connection: &mut PgConnection,
    customer_id: &CustomerId,
    users: &[String],
    tables: &[String],
) -> Result<(), StoreError> {
    let mut counts = BTreeMap::<(&str, &str), i64>::new();
    for (user, table) in users.iter().zip(tables) {
        *counts.entry((user, table)).or_default() += 1;
    }
    let column = |text: fn(&(&str, &str)) -> String| counts.keys().map(text).collect::<Vec<_>>();
    sqlx::query(
        r#"insert into log_value as known
               (customer_id, "user", impacted_table, user_folded, impacted_table_folded, entries)
           select $1, value.* from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) as value
           on conflict (customer_id, "user", impacted_table)
           do update set entries = known.entries + excluded.entries"#,
    )
    .bind(customer_id.as_str())
    .bind(column(|(user, _)| (*user).to_owned()))
    .bind(column(|(_, table)| (*table).to_owned()))
    .bind(column(|(user, _)| fold(user)))
    .bind(column(|(_, table)| fold(table)))
    .bind(counts.values().copied().collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// A text as it is stored: as it is, but for the one character that Postgres cannot hold.
fn stored(text: &str) -> String {
    text.chars().map(printable).collect()
}
