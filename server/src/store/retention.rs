//! Retention: whole months of entries, the oldest first, are dropped when nobody has to keep them any longer.
//! This is the one way in which entries leave a log. It is the owner's to do, never the server's.

use app::customer::id::CustomerId;
use chrono::{Datelike as _, Months, NaiveDate};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Transaction};

use super::{
    PLANS, StoreError,
    act::{Act, ActError, Step},
    counting::{PASS, Sign, tally},
    milestones::Spacing,
};
use crate::origin::Origin;

/// Entries that could be dropped, or were: of one month and one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expired {
    /// Whose.
    pub customer_id: CustomerId,
    /// The numbers of the first and the last of them. They are the first of their log.
    pub seqs: (i64, i64),
    /// Whether they stay, because their customer is under legal hold.
    pub held: bool,
}

impl Expired {
    /// How many there are.
    pub const fn entries(&self) -> u64 {
        (self.seqs.1 - self.seqs.0 + 1).unsigned_abs()
    }
}

/// A month whose entries need not be kept any longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first_day: NaiveDate,
    /// What is left in it.
    pub expired: Vec<Expired>,
}

impl Month {
    /// How many entries are dropped, and how many stay under legal hold.
    pub fn entries(&self) -> (u64, u64) {
        let sum = |held: bool| {
            self.expired.iter().filter(|log| log.held == held).map(Expired::entries).sum()
        };
        (sum(false), sum(true))
    }

    fn table(&self) -> String {
        format!("log_entry_{}", self.first_day.format("%Y_%m"))
    }
}

/// The months that ended `keep` months before the present one began, the oldest first, with what is in them.
///
/// # Errors
/// [`StoreError`] where the database does not answer or fails.
pub async fn expired(
    owner: &mut PgConnection,
    keep: Months,
    today: NaiveDate,
) -> Result<Vec<Month>, StoreError> {
    let this_month = today.with_day(1).unwrap_or(today);
    let kept_from = this_month.checked_sub_months(keep).unwrap_or(NaiveDate::MIN);
    // The names of the log's tables say their months (log_make_month).
    let names: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class join pg_inherits on inhrelid = pg_class.oid
         where inhparent = 'log_entry'::regclass order by relname",
    )
    .fetch_all(&mut *owner)
    .await?;
    let mut months = Vec::new();
    for name in names {
        let day = name.strip_prefix("log_entry_").map(|month| format!("{month}_01"));
        let day = day.and_then(|day| NaiveDate::parse_from_str(&day, "%Y_%m_%d").ok());
        let first_day = day.ok_or(StoreError::Unreadable(name))?;
        if first_day < kept_from {
            let mut month = Month { first_day, expired: Vec::new() };
            month.expired = entries_of(owner, &month.table()).await?;
            months.push(month);
        }
    }
    Ok(months)
}

/// Reads the month's primary key from end to end.
async fn entries_of(owner: &mut PgConnection, table: &str) -> Result<Vec<Expired>, StoreError> {
    let statement = format!(
        "select customer_id, min(seq), max(seq), coalesce(bool_or(customer.legal_hold), false)
         from {table} left join customer using (customer_id)
         group by customer_id order by customer_id"
    );
    let rows: Vec<(String, i64, i64, bool)> =
        sqlx::query_as(AssertSqlSafe(statement)).fetch_all(owner).await?;
    rows.into_iter()
        .map(|(id, first, last, held)| {
            let customer_id = id.parse().map_err(|_| StoreError::Unreadable(id))?;
            Ok(Expired { customer_id, seqs: (first, last), held })
        })
        .collect()
}

/// Drops what is expired of `month`, and records that, in this installation's log and in each one's own: all of
/// it, or nothing.
///
/// # Errors
/// [`ActError`]; nothing was dropped then. Where an export of that time is under way, the table is in use, and
/// the database refuses after some seconds of waiting.
pub async fn drop_month(
    mut transaction: Transaction<'static, Postgres>,
    month: &Month,
    origin: &Origin,
) -> Result<(), ActError> {
    let table = month.table();
    sqlx::raw_sql(AssertSqlSafe(format!("set local lock_timeout = '10s'; {PLANS}")))
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::from)?;
    let going: Vec<&Expired> = month.expired.iter().filter(|log| !log.held).collect();
    for log in &going {
        count_out(&mut transaction, log).await?;
    }
    take_values(&mut transaction, &table, &going).await?;
    replace_table(&mut transaction, month, going.len() < month.expired.len()).await?;

    let mut act = Act::over(transaction, origin);
    let (dropped, held) = month.entries();
    let of_month = json!({ "month": month.first_day.format("%Y-%m").to_string() });
    for log in going {
        let mut detail = of_month.clone();
        detail["first"] = json!(log.seqs.0);
        detail["last"] = json!(log.seqs.1);
        act.note(&log.customer_id, Step::new("Dropped old entries", "log_entry").detail(detail));
    }
    let mut detail = of_month;
    detail["dropped"] = json!(dropped);
    detail["held"] = json!(held);
    act.note_of_platform(Step::new("Dropped a month of old entries", "log_entry").detail(detail));
    act.commit().await?;
    Ok(())
}

/// Takes the entries out of their log's milestones and moves its beginning up. Served by the primary keys.
async fn count_out(
    transaction: &mut Transaction<'static, Postgres>,
    log: &Expired,
) -> Result<(), StoreError> {
    let id = log.customer_id.as_str();
    // Whoever counts waits meanwhile.
    let counted: Option<i64> =
        sqlx::query_scalar("select through_seq from log_counted where customer_id = $1 for update")
            .bind(id)
            .fetch_optional(&mut **transaction)
            .await?;
    let (first, last) = log.seqs;
    let mut after = first - 1;
    let end = last.min(counted.unwrap_or_default());
    while after < end {
        let until = end.min(after + PASS);
        let entries = (after, until);
        tally(transaction, &log.customer_id, entries, Sign::Take, Spacing::default()).await?;
        after = until;
    }
    sqlx::query(
        "delete from log_milestone where customer_id = $1 and entries = 0 and (value, seq) <> ('', 0)",
    )
    .bind(id)
    .execute(&mut **transaction)
    .await?;
    sqlx::query(
        "update log_counted set through_seq = greatest(through_seq, $2) where customer_id = $1",
    )
    .bind(id)
    .bind(last)
    .execute(&mut **transaction)
    .await?;
    sqlx::query("update log_head set dropped = greatest(dropped, $2) where customer_id = $1")
        .bind(id)
        .bind(last)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Takes the entries out of the dictionaries' counts. Served by log_value_first_seq_key.
async fn take_values(
    transaction: &mut Transaction<'static, Postgres>,
    table: &str,
    going: &[&Expired],
) -> Result<(), StoreError> {
    let statement = format!(
        "update log_value value
         set entries = value.entries - gone.entries
         from (select customer_id, value_seq, count(*) as entries from {table}
               where customer_id = any($1) group by customer_id, value_seq) as gone
         where value.customer_id = gone.customer_id and value.first_seq = gone.value_seq"
    );
    sqlx::query(AssertSqlSafe(statement))
        .bind(going.iter().map(|log| log.customer_id.as_str()).collect::<Vec<_>>())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Puts a table with what is held in the place of the month's, or nothing where nothing is. Entries are not
/// deleted one by one: no table that holds any lets that happen.
async fn replace_table(
    transaction: &mut Transaction<'static, Postgres>,
    month: &Month,
    some_held: bool,
) -> Result<(), StoreError> {
    let table = month.table();
    let mut statements = format!(
        "alter table log_entry detach partition {table};
         alter table {table} rename to log_entry_going;"
    );
    if some_held {
        let day = month.first_day;
        statements.push_str(&format!(
            "select log_make_month('{day}');
             insert into {table} select going.* from log_entry_going going
                 join customer using (customer_id) where legal_hold;"
        ));
    }
    statements.push_str("drop table log_entry_going;");
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut **transaction).await?;
    Ok(())
}

/// Puts `customer_id` under legal hold, or ends it. Says whether there is such a customer.
///
/// # Errors
/// [`StoreError`] where the database does not answer or fails.
pub async fn hold(act: &mut Act, customer_id: &CustomerId, on: bool) -> Result<bool, StoreError> {
    let changed = sqlx::query("update customer set legal_hold = $2 where customer_id = $1")
        .bind(customer_id.as_str())
        .bind(on)
        .execute(&mut **act)
        .await?;
    let action = if on { "Put under legal hold" } else { "Ended legal hold" };
    act.note(customer_id, Step::new(action, "customer"));
    Ok(changed.rows_affected() > 0)
}
