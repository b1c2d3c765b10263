//! Finding a page: which entries stand on it, without reading those before it.
//!
//! A log's own order is one of numbers, and any page of it is arithmetic. Along every other order, and under a
//! search, there are three ways, and which one is cheapest is known before it is taken:
//!
//! - few entries match: they are gathered and put in order;
//! - few of those that match were recorded between two milestones around the page: those are gathered;
//! - otherwise: walk there from the nearer of the two, or from the order's end.

use std::sync::Arc;

use app::{
    log::{entry::LogColumn, query::LogQuery},
    query::Direction,
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{
    Scope, StoreError, gather,
    milestones::{self, Gathering, Mark, Milestones},
    order::Key,
    search::Matches,
    sets::Clock,
    sight::Names,
    stretch::Stretch,
    walk::{Found, Walk, in_memory},
};

/// The most entries that are ever gathered.
const MOST_GATHERED: u64 = 20_000;
/// The most that are gathered between milestones: each is looked up by itself, which touches four buffers.
const MOST_GATHERED_BETWEEN: u64 = 256;
/// How many entries a walk passes while one is gathered: it does not leave the index, and gathering does.
const PASSED_WHILE_ONE_IS_GATHERED: u64 = 10;
/// So many entries are passed before it pays to see whether gathering is less.
const FEW_PASSED: u64 = 4_000;
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
                let all = gather::all(connection, self, sort.by, matches).await?;
                rows.of_all(all)
            }
            matches => self.by_milestones(connection, sort.by, matches, rows, total).await?,
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
        if self.milestones.gathering == Gathering::WhereverItCanBe {
            return 0;
        }
        (rows * self.entries() / PASSED_WHILE_ONE_IS_GATHERED).isqrt().clamp(1_000, MOST_GATHERED)
    }

    async fn by_milestones(
        &self,
        connection: &mut PgConnection,
        by: LogColumn,
        matches: Option<&Matches>,
        rows: Rows,
        total: u64,
    ) -> Result<Vec<Found>, StoreError> {
        let values = matches.map(|matches| matches.values.as_slice());
        let start = Mark { before: 0, key: None };
        let mut end = Mark { before: signed(total), key: None };
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
        let stretch = Stretch::around(rows, &marks);
        if let Some(matches) = matches
            && let Some(spans) = stretch.spans(by, self.cut)
            && self.is_less_to_gather(&spans, &stretch, rows, total)
            && stretch.has_these_spans(connection, self, by).await?
        {
            let mut all = gather::between(connection, self, by, matches, &spans).await?;
            all.retain(|(key, _)| stretch.holds(key));
            return Ok(rows.behind(stretch.before()).of_all(all));
        }
        self.walk(connection, (by, matches), &stretch, rows).await
    }

    /// Whether of `total` matches those in `spans` are sooner gathered than `rows` are walked to.
    fn is_less_to_gather(
        &self,
        spans: &[(i64, i64)],
        stretch: &Stretch<'_>,
        rows: Rows,
        total: u64,
    ) -> bool {
        let passed = stretch.passed(rows, self.milestones.spacing.step().unsigned_abs());
        let numbers = spans.iter().map(|(after, last)| last.abs_diff(*after)).sum();
        let gathered = self.share(total, numbers);
        self.milestones.gathering == Gathering::WhereverItCanBe
            || passed > FEW_PASSED
                && gathered <= MOST_GATHERED_BETWEEN
                && gathered * PASSED_WHILE_ONE_IS_GATHERED <= passed
    }

    async fn walk(
        &self,
        connection: &mut PgConnection,
        (column, matches): (LogColumn, Option<&Matches>),
        stretch: &Stretch<'_>,
        rows: Rows,
    ) -> Result<Vec<Found>, StoreError> {
        let (upwards, mut skip) = stretch.shorter_way(rows);
        let values = matches.map(|matches| matches.values.as_slice());
        let reach = matches.and_then(|matches| matches.reach(column));
        let walk = Walk { view: self, column, upwards, values };
        let mut found = Vec::new();
        for (from, until) in stretch.parts(upwards) {
            let missing = rows.number() - found.len() as u64;
            // What reaches the order's end needs no bound.
            let until = until.key.as_deref().filter(|key| **key != Key::end());
            let way = within((from.key.as_deref(), until), reach.as_ref(), upwards);
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

    /// How many of `total` are among so many numbers, if they are spread evenly.
    fn share(&self, total: u64, numbers: u64) -> u64 {
        let share = u128::from(total) * u128::from(numbers) / u128::from(self.entries().max(1));
        u64::try_from(share).unwrap_or(u64::MAX)
    }
}

/// The part of a way between two places of the order; all of it where those are nothing.
fn within<'w>(
    (from, until): (Option<&'w Key>, Option<&'w Key>),
    reach: Option<&'w (Key, Key)>,
    upwards: bool,
) -> (Option<&'w Key>, Option<&'w Key>) {
    let Some((least, most)) = reach else { return (from, until) };
    if upwards {
        (from.max(Some(least)), Some(until.map_or(most, |until| until.min(most))))
    } else {
        (Some(from.map_or(most, |from| from.min(most))), until.max(Some(least)))
    }
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

    /// The same rows, counted from one that has `before` before it.
    const fn behind(self, before: u64) -> Self {
        Self { first: self.first.saturating_sub(before), end: self.end.saturating_sub(before) }
    }

    /// These rows of `all`, which are in order.
    fn of_all(self, all: Vec<(Key, DateTime<Utc>)>) -> Vec<Found> {
        let (first, number) = (in_memory(self.first), in_memory(self.number()));
        let rows = all.into_iter().skip(first).take(number);
        rows.map(|(key, created_at)| Found { seq: key.seq, created_at }).collect()
    }
}

/// A number of rows as marks have it.
pub(super) fn signed(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
