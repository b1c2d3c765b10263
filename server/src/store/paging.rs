//! Finding a page: which entries stand on it, without reading those before it.
//!
//! A log's own order is one of numbers, and any page of it is arithmetic. Along every other order, and under a
//! search, there are three ways, and which one is cheapest is known before the first of them is taken:
//!
//! - few entries match: they are gathered and put in order;
//! - the page is near an end: walk there from the end;
//! - otherwise: walk there from the nearest milestone.

use std::sync::Arc;

use app::{
    log::{entry::LogColumn, query::LogQuery},
    query::Direction,
};
use sqlx::PgConnection;

use super::{
    Scope, StoreError,
    gather::gather,
    milestones::{self, Mark, Milestones},
    order::Key,
    search::Matches,
    sets::Clock,
    sight::Names,
    walk::{Found, Walk},
};

/// The most entries that are ever gathered.
const MOST_GATHERED: u64 = 20_000;
/// How many entries a walk passes while one is gathered: it does not leave the index, and gathering does.
const PASSED_WHILE_ONE_IS_GATHERED: u64 = 10;
/// Counting so many entries of the log's end costs as much as reading the milestones.
const FEW_SINCE: i64 = 20_000;

/// A log, seen as it was when one of its entries was the last.
#[derive(Debug, Clone)]
pub(super) struct View<'v> {
    pub(super) scope: &'v Scope,
    /// How its users are called.
    pub(super) names: &'v Names,
    /// The number of its last entry now.
    pub(super) head: i64,
    /// How many of its first entries were dropped.
    pub(super) dropped: i64,
    /// The number of the last entry that is seen.
    pub(super) cut: i64,
    /// The number of the last entry that the milestones have counted; 0 where they have none.
    pub(super) counted: i64,
    /// The milestones along its orders.
    pub(super) milestones: &'v Milestones,
    /// Its clock, as far as that is known.
    pub(super) clock: Clock,
}

impl View<'_> {
    /// How many entries are seen.
    pub(super) fn entries(&self) -> u64 {
        self.cut.saturating_sub(self.dropped).max(0).unsigned_abs()
    }

    /// How many of them `matches` finds. Exact.
    pub(super) async fn count(
        &self,
        connection: &mut PgConnection,
        matches: Option<&Matches>,
    ) -> Result<u64, StoreError> {
        let Some(Matches { values, entries, .. }) = matches else { return Ok(self.entries()) };
        if values.is_empty() || self.cut >= self.head {
            return Ok(*entries);
        }
        let Self { head, cut, .. } = *self;
        if head - cut > FEW_SINCE {
            let by = LogColumn::CreatedAt;
            let marks = self.milestones.marks(connection, self, by, Some(values)).await?;
            if let Some(Mark { before, key: Some(key) }) = marks.last() {
                // The milestone stands before its entry.
                let rest = milestones::count_between(connection, self, values, (key.seq - 1, cut));
                return Ok((before + rest.await?).max(0).unsigned_abs());
            }
        }
        let since = milestones::count_between(connection, self, values, (cut, head)).await?;
        Ok(entries.saturating_sub(since.unsigned_abs()))
    }

    /// The entries of the page that `query` asks for, in its order; `total` is what [`Self::count`] gave.
    pub(super) async fn page(
        &self,
        connection: &mut PgConnection,
        query: &LogQuery,
        matches: Option<&Matches>,
        total: u64,
    ) -> Result<Vec<Found>, StoreError> {
        let sort = query.listing.sort;
        let Some(rows) = Rows::of(query, total) else { return Ok(Vec::new()) };
        let mut found = match matches {
            Some(matches) if total <= self.few(rows.number()) => {
                let mut all = gather(connection, self.scope, sort.by, matches, self.cut).await?;
                let (first, end) = (in_memory(rows.first), in_memory(rows.end).min(all.len()));
                all.truncate(end);
                let page = all.into_iter().skip(first);
                page.map(|(key, created_at)| Found { seq: key.seq, created_at }).collect()
            }
            matches => {
                let values = matches.map(|matches| matches.values.as_slice());
                self.walk_to(connection, sort.by, values, rows, total).await?
            }
        };
        // Now the page is in the order upwards.
        if sort.direction == Direction::Descending {
            found.reverse();
        }
        Ok(found)
    }

    /// So many matches are gathered sooner than walked to, where a page has `rows`: a walk passes on average
    /// as many entries for each row as there are for each match.
    fn few(&self, rows: u64) -> u64 {
        (rows * self.entries() / PASSED_WHILE_ONE_IS_GATHERED).isqrt().clamp(1_000, MOST_GATHERED)
    }

    async fn walk_to(
        &self,
        connection: &mut PgConnection,
        by: LogColumn,
        values: Option<&[i64]>,
        rows: Rows,
        total: u64,
    ) -> Result<Vec<Found>, StoreError> {
        let start = Mark { before: 0, key: None };
        let mut end = Mark { before: i64::try_from(total).unwrap_or(i64::MAX), key: None };
        let mut marks = vec![start];
        // What is looked for may stand anywhere: at worst all of the log is passed for it.
        let passed = match values {
            Some(_) => self.entries(),
            None => rows.first.min(total - rows.end),
        };
        if passed > self.milestones.spacing.near() {
            // Where they are far behind, the end is nearer.
            if self.cut.abs_diff(self.counted) < passed {
                marks.extend(self.milestones.marks(connection, self, by, values).await?);
                // Seen from milestones, the end is a place like theirs: behind the last that holds nothing.
                end.key = (by == LogColumn::RelatedOperation).then(|| Arc::new(Key::end()));
            }
        }
        marks.push(end);
        let ((below, above), upwards, mut skip) = rows.nearest(&marks);
        let walk = Walk { view: self, column: by, upwards, values };
        let mut found = Vec::new();
        for (from, until) in stretches(&marks, (below, above), upwards) {
            let missing = rows.number() - found.len() as u64;
            // What reaches the order's end needs no bound.
            let until = until.key.as_deref().filter(|key| **key != Key::end());
            let way = (from.key.as_deref(), until);
            found.extend(walk.go(connection, way, skip, missing).await?);
            if found.len() as u64 == rows.number() {
                break;
            }
            // All that was to be passed came before the first row.
            skip = 0;
        }
        if !upwards {
            found.reverse();
        }
        Ok(found)
    }
}

/// The way between two marks, by their numbers, without the parts of it where nothing is that is looked for.
fn stretches(marks: &[Mark], (below, above): (usize, usize), upwards: bool) -> Vec<(&Mark, &Mark)> {
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    let mut take = |at: usize, to: usize| {
        if marks[at].before == marks[to].before {
            return;
        }
        match stretches.last_mut() {
            Some(last) if last.1 == at => last.1 = to,
            _ => stretches.push((at, to)),
        }
    };
    if upwards {
        (below..above).for_each(|at| take(at, at + 1));
    } else {
        (below + 1..=above).rev().for_each(|at| take(at, at - 1));
    }
    stretches.into_iter().map(|(at, to)| (&marks[at], &marks[to])).collect()
}

/// Rows of an order, counted upwards from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) first: u64,
    /// The one after the last.
    pub(super) end: u64,
}

impl Rows {
    /// The rows of `query`'s page, of `total`; nothing where it lies past the end.
    pub(super) fn of(query: &LogQuery, total: u64) -> Option<Self> {
        let before = query.listing.offset();
        let after = total.checked_sub(before).filter(|after| *after > 0)?;
        let rows = query.listing.per_page.rows().min(after);
        Some(match query.listing.sort.direction {
            Direction::Ascending => Self { first: before, end: before + rows },
            Direction::Descending => Self { first: after - rows, end: after },
        })
    }

    pub(super) const fn number(self) -> u64 {
        self.end - self.first
    }

    /// Between which two of `marks` the rows lie, whether the way is shorter upwards, and how many it passes. The marks
    /// are in order, and the first and the last are the order's ends.
    fn nearest(self, marks: &[Mark]) -> ((usize, usize), bool, u64) {
        let signed = |row: u64| i64::try_from(row).unwrap_or(i64::MAX);
        let (first, end) = (signed(self.first), signed(self.end));
        let below = marks.iter().rposition(|mark| mark.before <= first).unwrap_or_default();
        let above = marks.iter().position(|mark| mark.before >= end).unwrap_or(marks.len() - 1);
        let from_below = first.abs_diff(marks[below].before);
        let from_above = end.abs_diff(marks[above].before);
        let upwards = from_below <= from_above;
        ((below, above), upwards, if upwards { from_below } else { from_above })
    }
}

fn in_memory(rows: u64) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}
