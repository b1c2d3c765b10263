//! Walking along an order of a log, from one of its ends or from a milestone, by the order's index alone.

use app::{log::entry::LogColumn, query::Sort};
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    StoreError,
    order::{Key, column_in_sql, direction, key_in_sql, order_in_sql, parts},
    paging::View,
    sets::Span,
};

/// So many entries are passed one by one.
const FEW_SKIPPED: u64 = 500;

/// Where an entry is: its number, and its time, which tells its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Found {
    pub(super) seq: i64,
    pub(super) created_at: DateTime<Utc>,
}

/// A walk: of the log as it is seen, along the order of `column`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walk<'w> {
    pub(super) view: &'w View<'w>,
    pub(super) column: LogColumn,
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
        mut skip: u64,
        take: u64,
    ) -> Result<Vec<Found>, StoreError> {
        let names = (["$5", "$6"], ["$8", "$9"]);
        let mut found = Vec::new();
        for part in parts(self.column, (from, until), self.upwards, names) {
            let missing = take - found.len() as u64;
            // Few are passed sooner here than counted where the part turns out to have fewer.
            let (offset, here) = if skip <= FEW_SKIPPED { (0, skip) } else { (skip, 0) };
            let more = self.fetch(connection, &part, (from, until), offset, here + missing).await?;
            if more.is_empty() && offset > 0 {
                // All of this part was to be passed, and some of the next.
                skip -= self.count(connection, &part, (from, until)).await?.min(skip);
                continue;
            }
            let passed = here.min(more.len() as u64);
            skip = here - passed;
            found.extend(more.into_iter().skip(in_memory(passed)));
            if found.len() as u64 == take {
                break;
            }
        }
        Ok(found)
    }

    /// Served by the order's index (log_entry's primary key, log_entry_by_…), which holds all that is asked for.
    async fn fetch(
        &self,
        connection: &mut PgConnection,
        part: &str,
        way: (Option<&Key>, Option<&Key>),
        skip: u64,
        take: u64,
    ) -> Result<Vec<Found>, StoreError> {
        let statement = format!(
            "select seq, created_at {} order by {} offset $3 limit $4",
            self.of_part(part),
            order_in_sql(self.sort())
        );
        let span = self.span(way);
        let rows = sqlx::query_as(AssertSqlSafe(statement))
            .bind(self.view.scope.customer_id().as_str())
            .bind(self.view.cut)
            .bind(in_sql(skip))
            .bind(in_sql(take))
            .bind(way.0.map(|key| key.value.as_str()))
            .bind(way.0.map(|key| key.seq))
            .bind(self.values)
            .bind(way.1.map(|key| key.value.as_str()))
            .bind(way.1.map(|key| key.seq))
            .bind(span.from)
            .bind(span.until);
        Ok(rows.fetch_all(connection).await?)
    }

    /// How many entries a part has. Served as [`Self::fetch`] is: it is the order that makes sure of that.
    async fn count(
        &self,
        connection: &mut PgConnection,
        part: &str,
        way: (Option<&Key>, Option<&Key>),
    ) -> Result<u64, StoreError> {
        let nothing: Option<i64> = None;
        let statement = format!(
            "select count(*) from (select {} order by {}) as passed",
            self.of_part(part),
            order_in_sql(self.sort())
        );
        let span = self.span(way);
        let entries: i64 = sqlx::query_scalar(AssertSqlSafe(statement))
            .bind(self.view.scope.customer_id().as_str())
            .bind(self.view.cut)
            .bind(nothing)
            .bind(nothing)
            .bind(way.0.map(|key| key.value.as_str()))
            .bind(way.0.map(|key| key.seq))
            .bind(self.values)
            .bind(way.1.map(|key| key.value.as_str()))
            .bind(way.1.map(|key| key.seq))
            .bind(span.from)
            .bind(span.until)
            .fetch_one(connection)
            .await?;
        Ok(entries.unsigned_abs())
    }

    const fn sort(&self) -> Sort<LogColumn> {
        Sort { by: self.column, direction: direction(self.upwards) }
    }

    fn of_part(&self, part: &str) -> String {
        // Whether a value is among many is looked up, not compared one by one: "is true" keeps the planner from
        // making a join of it, which would lose the order.
        let wanted = match self.values {
            Some(_) => "and (value_seq in (select unnest($7::bigint[]))) is true",
            None => "",
        };
        format!(
            "from log_entry
             where customer_id = $1 and seq <= $2 and created_at >= $10 and created_at < $11
                   and {part} {wanted}"
        )
    }

    /// When what it passes was recorded: from one place to another of the same value numbers only grow, and times with
    /// them.
    fn span(&self, way: (Option<&Key>, Option<&Key>)) -> Span {
        let (first, last) = match way {
            (Some(from), Some(until))
                if (from.absent, &from.value) == (until.absent, &until.value) =>
            {
                (from.seq.min(until.seq), from.seq.max(until.seq))
            }
            _ => (0, i64::MAX),
        };
        self.view.clock.span(first, last.min(self.view.cut))
    }
}

/// Where an order's first entry stands, or its last; or the first whose value comes after that of `beyond`, which holds
/// something. Served by the order's index.
pub(super) async fn outermost(
    connection: &mut PgConnection,
    view: &View<'_>,
    column: LogColumn,
    (upwards, beyond): (bool, Option<&Key>),
) -> Result<Option<Key>, StoreError> {
    let further = match beyond {
        Some(_) => format!("and {} > $3", column_in_sql(column)),
        None => String::new(),
    };
    let statement = format!(
        "select {} from log_entry where customer_id = $1 and seq <= $2 {further} order by {} limit 1",
        key_in_sql(column),
        order_in_sql(Sort { by: column, direction: direction(upwards) })
    );
    let mut found = sqlx::query_as(AssertSqlSafe(statement))
        .bind(view.scope.customer_id().as_str())
        .bind(view.cut);
    if let Some(beyond) = beyond {
        found = found.bind(beyond.value.as_str());
    }
    Ok(found.fetch_optional(connection).await?)
}

/// A number of rows as SQL has it. One that does not fit lies past every log's end.
pub(super) fn in_sql(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// A number of rows as memory has it.
pub(super) fn in_memory(rows: u64) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}
