//! Between which milestones a page lies, and what is known of the entries there.

use app::log::entry::LogColumn;
use sqlx::PgConnection;

use super::{
    StoreError,
    milestones::Mark,
    order::Key,
    paging::{Rows, View, signed},
    walk,
};

/// The way between two marks, over those between them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch<'m>(&'m [Mark]);

impl<'m> Stretch<'m> {
    /// The shortest of `marks` that has all of `rows`. The marks are in order, and the first and the last are the
    /// order's ends.
    pub(super) fn around(rows: Rows, marks: &'m [Mark]) -> Self {
        let (first, end) = (signed(rows.first), signed(rows.end));
        let below = marks.iter().rposition(|mark| mark.before <= first).unwrap_or_default();
        let above = marks.iter().position(|mark| mark.before >= end).unwrap_or(marks.len() - 1);
        Self(&marks[below..=above])
    }

    fn ends(&self) -> (&'m Mark, &'m Mark) {
        (&self.0[0], &self.0[self.0.len() - 1])
    }

    /// How many rows stand before it.
    pub(super) fn before(&self) -> u64 {
        self.ends().0.before.max(0).unsigned_abs()
    }

    /// Whether `key` lies on it.
    pub(super) fn holds(&self, key: &Key) -> bool {
        let (first, end) = self.ends();
        first.key.as_deref().is_none_or(|first| first <= key)
            && end.key.as_deref().is_none_or(|end| key < end)
    }

    /// Whether `rows` are sooner reached upwards, and how many rows are passed on the way.
    pub(super) fn shorter_way(&self, rows: Rows) -> (bool, u64) {
        let (below, above) = self.ends();
        let from_below = signed(rows.first).abs_diff(below.before);
        let from_above = signed(rows.end).abs_diff(above.before);
        let upwards = from_below <= from_above;
        (upwards, if upwards { from_below } else { from_above })
    }

    /// How many entries a walk to `rows` passes, those included that do not match, where each part of it has `step`.
    pub(super) fn passed(&self, rows: Rows, step: u64) -> u64 {
        let (below, above) = self.ends();
        let parts =
            self.0.windows(2).filter(|part| part[0].before != part[1].before).count() as u64;
        let (_, skip) = self.shorter_way(rows);
        (parts * step).saturating_mul(skip + rows.number())
            / above.before.abs_diff(below.before).max(1)
    }

    /// The parts of it where something is that is looked for, in the order of the way.
    pub(super) fn parts(&self, upwards: bool) -> Vec<(&'m Mark, &'m Mark)> {
        let marks = self.0;
        let mut parts: Vec<(usize, usize)> = Vec::new();
        let mut take = |at: usize, to: usize| {
            if marks[at].before == marks[to].before {
                return;
            }
            match parts.last_mut() {
                Some(last) if last.1 == at => last.1 = to,
                _ => parts.push((at, to)),
            }
        };
        let last = marks.len() - 1;
        if upwards {
            (0..last).for_each(|at| take(at, at + 1));
        } else {
            (1..=last).rev().for_each(|at| take(at, at - 1));
        }
        parts.into_iter().map(|(at, to)| (&marks[at], &marks[to])).collect()
    }

    /// The entry numbers that its entries have, if it leaves a value at most once: after which, and up to which.
    /// Within a value the order is that of the numbers. Nothing where that would be any number at all.
    pub(super) fn spans(&self, by: LogColumn, cut: i64) -> Option<Vec<(i64, i64)>> {
        let (first, end) = self.known_ends();
        let before = |key: &Key| (key.seq - 1).max(0);
        match (first, end) {
            (Some(from), Some(until)) if same_value(from, until) => {
                Some(vec![(before(from), before(until).min(cut))])
            }
            (Some(from), Some(until)) if from.absent == until.absent => {
                Some(vec![(before(from), cut), (0, before(until).min(cut))])
            }
            (Some(_), Some(_)) => None,
            (None, Some(until)) => Some(vec![(0, before(until).min(cut))]),
            (Some(from), None) => Some(vec![(before(from), cut)]),
            (None, None) => (by == LogColumn::CreatedAt).then(|| vec![(0, cut)]),
        }
    }

    /// Whether it is as [`Self::spans`] supposes: an order's end has the value of the next mark, and no value lies
    /// between those of two marks.
    pub(super) async fn has_these_spans(
        &self,
        connection: &mut PgConnection,
        view: &View<'_>,
        by: LogColumn,
    ) -> Result<bool, StoreError> {
        if by == LogColumn::CreatedAt {
            return Ok(true);
        }
        let (outermost, key) = match self.known_ends() {
            (Some(from), Some(until)) if same_value(from, until) => return Ok(true),
            (Some(from), Some(until)) => {
                (walk::outermost(connection, view, by, (true, Some(from))).await?, until)
            }
            (None, Some(until)) => {
                (walk::outermost(connection, view, by, (true, None)).await?, until)
            }
            (Some(from), None) => {
                (walk::outermost(connection, view, by, (false, None)).await?, from)
            }
            (None, None) => return Ok(false),
        };
        Ok(outermost.is_some_and(|outermost| same_value(&outermost, key)))
    }

    /// Its ends; nothing for those of the order, of which no value is known.
    fn known_ends(&self) -> (Option<&'m Key>, Option<&'m Key>) {
        let (first, end) = self.ends();
        (
            first.key.as_deref().filter(|key| **key != Key::start(false)),
            end.key.as_deref().filter(|key| **key != Key::end()),
        )
    }
}

fn same_value(a: &Key, b: &Key) -> bool {
    (a.absent, &a.value) == (b.absent, &b.value)
}
