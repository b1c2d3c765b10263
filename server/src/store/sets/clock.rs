//! A log's clock: which entry was the first of each quarter of an hour. Times never go back in a log, so a stretch
//! of time is a stretch of numbers; and since every zone's clocks are whole quarters of an hour from UTC, days and
//! hours of all of them begin at one.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::number;
use crate::store::{Scope, StoreError};

/// A quarter of an hour, in seconds.
const QUARTER: i64 = 900;

/// The first entry of a quarter of an hour: the quarter, counted from 1970, and the entry's number.
pub(super) type Quarter = (i64, u32);

/// The clock.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Clock {
    /// Those that have entries, in order.
    quarters: Arc<Vec<Quarter>>,
    through: u32,
    /// The log's last entry when whole blocks were last looked for.
    pub(super) looked_at: u32,
}

/// When entries were recorded, by which Postgres knows the months that it need not look into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Span {
    pub(in crate::store) from: DateTime<Utc>,
    pub(in crate::store) until: DateTime<Utc>,
}

/// 9999-12-31 23:59:59, in seconds since 1970.
const NEVER: i64 = 253_402_300_799;

/// Where a moment lies in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Before {
    /// So many entries are older.
    Exactly(u32),
    /// At least and at most so many are; which of the others are, their times say.
    Between(u32, u32),
}

impl Clock {
    /// The number of the last entry that it knows.
    pub(super) const fn through(&self) -> u32 {
        self.through
    }

    pub(super) fn bytes(&self) -> usize {
        self.quarters.len() * size_of::<Quarter>()
    }

    /// Adds what the entries up to `through` say.
    pub(super) fn add(&mut self, quarters: &[Quarter], through: u32) {
        let all = Arc::make_mut(&mut self.quarters);
        for &(quarter, first) in quarters {
            // The first of these may have begun among the entries before.
            if all.last().is_none_or(|(last, _)| *last < quarter) {
                all.push((quarter, first));
            }
        }
        self.through = through;
    }

    /// How many entries are older than `at`.
    pub(in crate::store) fn before(&self, at: DateTime<Utc>) -> Before {
        let quarter = at.timestamp().div_euclid(QUARTER);
        let nth = self.quarters.partition_point(|(known, _)| *known < quarter);
        let older = self.first(nth) - 1;
        let whole = at.timestamp().rem_euclid(QUARTER) == 0 && at.timestamp_subsec_nanos() == 0;
        match self.quarters.get(nth) {
            Some((known, _)) if *known == quarter && !whole => {
                Before::Between(older, self.first(nth + 1) - 1)
            }
            _ => Before::Exactly(older),
        }
    }

    /// The first entry of the quarter number `nth`; the one to come where there are not so many.
    fn first(&self, nth: usize) -> u32 {
        self.quarters.get(nth).map_or(self.through + 1, |(_, first)| *first)
    }

    /// From when until before when the entry `seq` was recorded, to a quarter of an hour.
    pub(in crate::store) fn quarter_of(&self, seq: u32) -> (DateTime<Utc>, DateTime<Utc>) {
        let nth = self.quarters.partition_point(|(_, first)| *first <= seq).saturating_sub(1);
        let start = self.quarters.get(nth).map_or(0, |(quarter, _)| quarter * QUARTER);
        let start = DateTime::from_timestamp(start, 0).unwrap_or_default();
        (start, start + TimeDelta::seconds(QUARTER))
    }

    /// Between which moments the entries from the number `first` up to `last` were recorded, as far as this clock
    /// knows: all of them, and never fewer.
    pub(in crate::store) fn span(&self, first: i64, last: i64) -> Span {
        let known = |seq: i64| u32::try_from(seq.clamp(0, i64::from(self.through))).unwrap_or(0);
        // Times never go back: what came later came no sooner than the last that is known.
        let from = self.quarter_of(known(first)).0;
        let until = if last > i64::from(self.through) {
            DateTime::from_timestamp(NEVER, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
        } else {
            self.quarter_of(known(last)).1
        };
        Span { from, until }
    }

    /// When the first and the last quarter begin that have entries after the number `after` and up to `last`.
    pub(in crate::store) fn ends(
        &self,
        after: u32,
        last: u32,
    ) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        (after < last).then(|| (self.quarter_of(after + 1).0, self.quarter_of(last).1))
    }
}

/// The quarters of the entries after the number `after` and up to `last`. Served by log_entry's primary key, which
/// holds all that is asked for.
pub(super) async fn read(
    connection: &mut PgConnection,
    scope: &Scope,
    (after, last): (u32, u32),
) -> Result<Vec<Quarter>, StoreError> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "select floor(extract(epoch from created_at) / 900)::bigint, min(seq) from log_entry
         where customer_id = $1 and seq > $2 and seq <= $3 group by 1",
    )
    .bind(scope.customer_id().as_str())
    .bind(i64::from(after))
    .bind(i64::from(last))
    .fetch_all(connection)
    .await?;
    let quarters = rows.into_iter().map(|(quarter, seq)| Ok((quarter, number(seq)?)));
    let mut quarters = quarters.collect::<Result<Vec<_>, StoreError>>()?;
    quarters.sort_unstable();
    Ok(quarters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_lies_before_its_quarter_in_it_or_after_all() {
        let mut clock = Clock::default();
        let at = |second: i64| DateTime::from_timestamp(second, 0).unwrap();
        assert_eq!(clock.before(at(0)), Before::Exactly(0));
        clock.add(&[(10, 1), (12, 5)], 7);
        clock.add(&[(12, 8), (13, 9)], 9);
        assert_eq!(clock.before(at(8_999)), Before::Exactly(0));
        assert_eq!(clock.before(at(9_000)), Before::Exactly(0));
        assert_eq!(clock.before(at(9_001)), Before::Between(0, 4));
        assert_eq!(clock.before(at(9_900)), Before::Exactly(4));
        assert_eq!(clock.before(at(10_000)), Before::Exactly(4));
        assert_eq!(clock.before(at(10_801)), Before::Between(4, 8));
        assert_eq!(clock.before(at(11_701)), Before::Between(8, 9));
        assert_eq!(clock.before(at(99_999)), Before::Exactly(9));
        assert_eq!(clock.quarter_of(8), (at(10_800), at(11_700)));
    }

    #[test]
    fn a_span_holds_all_of_its_entries_though_the_clock_knows_only_some() {
        let mut clock = Clock::default();
        let at = |second: i64| DateTime::from_timestamp(second, 0).unwrap();
        let all = Span { from: at(0), until: at(NEVER) };
        assert_eq!(clock.span(1, 7), all);
        clock.add(&[(10, 1), (12, 5)], 7);
        assert_eq!(clock.span(1, 4), Span { from: at(9_000), until: at(9_900) });
        assert_eq!(clock.span(2, 7), Span { from: at(9_000), until: at(11_700) });
        assert_eq!(clock.span(6, 8), Span { from: at(10_800), until: at(NEVER) });
        assert_eq!(clock.span(9, i64::MAX), Span { from: at(10_800), until: at(NEVER) });
    }
}
