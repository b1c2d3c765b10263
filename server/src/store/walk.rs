//! Walking along an order of a log, from one of its ends or from a milestone, by the order's index alone.

use app::{log::entry::LogColumn, query::Sort};
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    Scope, StoreError,
    order::{Key, across, beside, direction, order_in_sql},
};

/// Where an entry is: its number, and its time, which tells its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Found {
    pub(super) seq: i64,
    pub(super) created_at: DateTime<Utc>,
}

/// A walk: of the log as it was when `cut` was its last entry, along the order of `column`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walk<'w> {
    pub(super) scope: &'w Scope,
    pub(super) column: LogColumn,
    /// The number of the log's last entry, as far as this walk sees.
    pub(super) cut: i64,
    /// Whether it goes up the order, or down.
    pub(super) upwards: bool,
    /// The values that it stops at; nothing for all.
    pub(super) values: Option<&'w [i64]>,
}

impl Walk<'_> {
    /// Passes `skip` entries from `from` on (the order's own end where that is nothing), and gives the
    /// `take` that come then, in the order of the walk; fewer where `until` is reached.
    pub(super) async fn go(
        &self,
        connection: &mut PgConnection,
        (from, until): (Option<&Key>, Option<&Key>),
        skip: u64,
        take: u64,
    ) -> Result<Vec<Found>, StoreError> {
        let Some(from) = from else { return self.fetch(connection, None, until, skip, take).await };
        // Going down from where those that hold nothing begin, all that is passed holds something.
        let mut found = if !self.upwards && *from == Key::start(true) {
            Vec::new()
        } else {
            let start = beside(self.column, from, self.upwards, "$5", "$6");
            let until = until.filter(|until| until.absent == from.absent);
            self.fetch(connection, Some((start, Some(from))), until, skip, take).await?
        };
        let missing = take.saturating_sub(found.len() as u64);
        if missing > 0
            && until.is_none_or(|until| until.absent != from.absent)
            && let Some(rest) = across(self.column, from, self.upwards)
        {
            let skip = if found.is_empty() && *from == Key::start(true) { skip } else { 0 };
            found.extend(self.fetch(connection, Some((rest, None)), until, skip, missing).await?);
        }
        Ok(found)
    }

    /// Served by the order's index (log_entry's primary key, log_entry_by_…), which holds all that is asked for.
    async fn fetch(
        &self,
        connection: &mut PgConnection,
        start: Option<(String, Option<&Key>)>,
        until: Option<&Key>,
        skip: u64,
        take: u64,
    ) -> Result<Vec<Found>, StoreError> {
        let key = start.as_ref().and_then(|(_, key)| *key);
        let start = start.map_or_else(String::new, |(start, _)| format!("and {start}"));
        let end = until.map_or_else(String::new, |until| {
            format!("and {}", beside(self.column, until, !self.upwards, "$8", "$9"))
        });
        // Whether a value is among many is looked up, not compared one by one: "is true" keeps the planner from
        // making a join of it, which would lose the order.
        let wanted = match self.values {
            Some(_) => "and (value_seq in (select unnest($7::bigint[]))) is true",
            None => "",
        };
        let sort = Sort { by: self.column, direction: direction(self.upwards) };
        let statement = format!(
            "select seq, created_at from log_entry
             where customer_id = $1 and seq <= $2 {start} {end} {wanted}
             order by {}
             offset $3 limit $4",
            order_in_sql(sort)
        );
        let rows = sqlx::query_as(AssertSqlSafe(statement))
            .bind(self.scope.customer_id().as_str())
            .bind(self.cut)
            .bind(in_sql(skip))
            .bind(in_sql(take))
            .bind(key.map(|key| key.value.as_str()))
            .bind(key.map(|key| key.seq))
            .bind(self.values)
            .bind(until.map(|key| key.value.as_str()))
            .bind(until.map(|key| key.seq));
        Ok(rows.fetch_all(connection).await?)
    }
}

/// A number of rows as SQL has it. One that does not fit lies past every log's end.
pub(super) fn in_sql(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
