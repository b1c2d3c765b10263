//! Finding a page among chosen entries, in any order.

use app::{
    log::{filter::Field, query::LogQuery},
    query::Direction,
};
use chrono::{DateTime, Utc};
use roaring::RoaringBitmap;
use sqlx::PgConnection;

use super::{StoreError, chooser::Chooser, chosen::Chosen, paging::Rows, sets::Holders};

/// Where an entry is: its number, and the stretch of time that it was recorded in, which tells its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) seq: i64,
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

impl Chosen {
    pub(super) fn place(&self, seq: u32) -> Place {
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
                    self.gathered(connection, field, chosen, rows).await?
                }
                None => self.ranked(connection, field, chosen, rows).await?,
            },
        };
        let mut places: Vec<_> = seqs.into_iter().map(|seq| chosen.place(seq)).collect();
        if query.listing.sort.direction == Direction::Descending {
            places.reverse();
        }
        Ok(places)
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
