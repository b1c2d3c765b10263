//! Finding a page among chosen entries, in any order.

use app::{
    log::{entry::LogColumn, filter::Field, query::LogQuery},
    query::{Direction, Sort},
};
use chrono::{DateTime, Utc};
use roaring::RoaringBitmap;
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    StoreError,
    chosen::{Chooser, Chosen},
    order::{Key, direction, key_in_sql, order_in_sql, parts},
    paging::Rows,
    sets::{Holders, number},
};

/// How many entries of an order are looked at in one go, at first and at most.
const LOOKS: (i64, i64) = (1_024, 32_768);

/// Where an entry is: its number, and the stretch of time that it was recorded in, which tells its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) seq: i64,
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

impl Chosen {
    fn place(&self, seq: u32) -> Place {
        let (from, until) = self.clock.quarter_of(seq);
        Place { seq: seq.into(), from, until }
    }
}

impl Chooser<'_> {
    /// The places of the page that `query` asks for, in its order.
    pub(super) async fn page(
        &self,
        connection: &mut PgConnection,
        query: &LogQuery,
        chosen: &Chosen,
    ) -> Result<Vec<Place>, StoreError> {
        let Some(rows) = Rows::of(query, chosen.count()) else { return Ok(Vec::new()) };
        let by = query.listing.sort.by;
        let seqs = match Field::of(by) {
            None => chosen.some(rows.first, rows.number()),
            Some(field) => match self.field(connection, field).await? {
                Some(sets) => by_value(chosen, sets.iter().map(|(_, holders)| holders), rows),
                // What users are called no index has in order.
                None if chosen.count() <= self.sets.most_gathered
                    || field == Field::User && !self.view.names.are_recorded() =>
                {
                    self.gathered(connection, by, chosen, rows).await?
                }
                None => self.walked(connection, by, chosen, rows).await?,
            },
        };
        let mut places: Vec<_> = seqs.into_iter().map(|seq| chosen.place(seq)).collect();
        if query.listing.sort.direction == Direction::Descending {
            places.reverse();
        }
        Ok(places)
    }

    /// The rows of the order of `column`: all of the chosen are read, and put in order.
    async fn gathered(
        &self,
        connection: &mut PgConnection,
        column: LogColumn,
        chosen: &Chosen,
        rows: Rows,
    ) -> Result<Vec<u32>, StoreError> {
        let mut keys: Vec<Key> = Vec::new();
        let statement = format!(
            "select {} from log_entry
             where customer_id = $1 and seq = any($2) and created_at >= $3 and created_at < $4",
            key_in_sql(column)
        );
        let all = chosen.some(0, chosen.count());
        // Month by month: each statement then looks into one month's table. Served by log_entry's primary key.
        for month in by_month(chosen, &all) {
            let (Some(first), Some(last)) = (month.first(), month.last()) else { continue };
            let (from, until) = (chosen.place(*first).from, chosen.place(*last).until);
            let found: Vec<Key> = sqlx::query_as(AssertSqlSafe(statement.as_str()))
                .bind(self.view.scope.customer_id().as_str())
                .bind(month.iter().copied().map(i64::from).collect::<Vec<_>>())
                .bind(from)
                .bind(until)
                .fetch_all(&mut *connection)
                .await?;
            keys.extend(found);
        }
        if let Some(field) = Field::of(column) {
            for key in &mut keys {
                key.value = self.called(field, &key.value).to_owned();
            }
        }
        keys.sort_unstable();
        let first = usize::try_from(rows.first).unwrap_or(usize::MAX);
        let wanted = usize::try_from(rows.number()).unwrap_or(usize::MAX);
        keys.iter().skip(first).take(wanted).map(|key| number(key.seq)).collect()
    }

    /// The rows of the order of `column`, walked to from its nearer end: the only way where many are chosen and the
    /// column has many values. It passes what is not chosen, so its cost grows with how deep the page lies.
    async fn walked(
        &self,
        connection: &mut PgConnection,
        column: LogColumn,
        chosen: &Chosen,
        rows: Rows,
    ) -> Result<Vec<u32>, StoreError> {
        let total = chosen.count();
        let upwards = rows.first <= total - rows.end;
        let (mut skip, wanted) =
            (if upwards { rows.first } else { total - rows.end }, rows.number());
        let mut found = Vec::new();
        let mut looks = LOOKS.0;
        let mut from: Option<Key> = None;
        while (found.len() as u64) < wanted {
            let keys = self.look(connection, column, chosen, from.as_ref(), upwards, looks).await?;
            let Some(last) = keys.last() else { break };
            let next = Key { seq: last.seq + i64::from(upwards), ..last.clone() };
            for key in &keys {
                let seq = number(key.seq)?;
                if !chosen.has(seq) {
                    continue;
                }
                if skip > 0 {
                    skip -= 1;
                } else if (found.len() as u64) < wanted {
                    found.push(seq);
                }
            }
            from = Some(next);
            looks = (looks * 2).min(LOOKS.1);
        }
        if !upwards {
            found.reverse();
        }
        Ok(found)
    }

    /// The next `most` entries of an order, from `from` on. Served by the order's index (log_entry_by_…), which
    /// holds all that is asked for.
    async fn look(
        &self,
        connection: &mut PgConnection,
        column: LogColumn,
        chosen: &Chosen,
        from: Option<&Key>,
        upwards: bool,
        most: i64,
    ) -> Result<Vec<Key>, StoreError> {
        let names = (["$5", "$6"], ["$5", "$6"]);
        let mut keys = Vec::new();
        for part in parts(column, (from, None), upwards, names) {
            let missing = most - i64::try_from(keys.len()).unwrap_or(most);
            if missing == 0 {
                break;
            }
            let statement = format!(
                "select {} from log_entry
                 where customer_id = $1 and seq > $2 and seq <= $3 and {part}
                       and ($5::text is null or $6::bigint is not null)
                 order by {} limit $4",
                key_in_sql(column),
                order_in_sql(Sort { by: column, direction: direction(upwards) }),
            );
            let more: Vec<Key> = sqlx::query_as(AssertSqlSafe(statement))
                .bind(self.view.scope.customer_id().as_str())
                .bind(i64::from(chosen.after))
                .bind(i64::from(chosen.last))
                .bind(missing)
                .bind(from.map(|key| key.value.as_str()))
                .bind(from.map(|key| key.seq))
                .fetch_all(&mut *connection)
                .await?;
            keys.extend(more);
        }
        Ok(keys)
    }
}

/// The rows of an order by a field with few values: value by value, and by number among those of one value.
fn by_value<'s>(
    chosen: &Chosen,
    values: impl Iterator<Item = Holders<'s>>,
    rows: Rows,
) -> Vec<u32> {
    let mut found: Vec<u32> = Vec::new();
    let mut before = 0;
    for holders in values {
        if before >= rows.end {
            break;
        }
        let here = chosen.count_of(holders);
        if before + here > rows.first {
            let those: RoaringBitmap = chosen.those_of(holders);
            let first = rows.first.saturating_sub(before);
            let number = rows.end.min(before + here) - before - first;
            if let Some(least) = u32::try_from(first).ok().and_then(|first| those.select(first)) {
                let number = usize::try_from(number).unwrap_or(usize::MAX);
                found.extend(those.range(least..).take(number));
            }
        }
        before += here;
    }
    found
}

/// Numbers in order, apart by the month of their entries.
fn by_month<'s>(chosen: &'s Chosen, seqs: &'s [u32]) -> impl Iterator<Item = &'s [u32]> {
    use chrono::Datelike as _;
    let month = |seq: &u32| {
        let (start, _) = chosen.clock.quarter_of(*seq);
        (start.year(), start.month())
    };
    seqs.chunk_by(move |a, b| month(a) == month(b))
}
