//! The milestones of an order in memory: turned around, so that who looks for some of the dictionary's values reads
//! what was counted of those, and not of all the others.

use std::{collections::BTreeMap, mem::size_of, sync::Arc};

use super::Mark;
use crate::store::{
    StoreError,
    counts::{Pairs, put},
    order::Key,
};

/// A milestone as it is stored.
#[derive(sqlx::FromRow)]
pub(super) struct StoneRow {
    #[sqlx(flatten)]
    key: Key,
    entries: i64,
    counts: Vec<u8>,
}

/// All milestones of an order, in this order.
#[derive(Debug, Default)]
pub(super) struct Stones {
    /// Each page looks at all of them, so their places are shared, not copied.
    keys: Vec<Arc<Key>>,
    /// How many entries each has counted.
    entries: Vec<i64>,
    /// What was counted of each value.
    by_value: BTreeMap<i64, Column>,
    /// How much memory all this takes.
    bytes: usize,
}

/// What the milestones have counted of one value: at which of them, and how many entries, as [`Pairs`].
#[derive(Debug, Default)]
struct Column {
    last: u64,
    pairs: Vec<u8>,
}

impl Stones {
    /// Turns around what was read.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where nothing here wrote it.
    pub(super) fn of(rows: Vec<StoneRow>) -> Result<Self, StoreError> {
        let mut stones = Self::default();
        for (nth, StoneRow { key, entries, counts }) in (0..).zip(rows) {
            for pair in Pairs::of(&counts) {
                let (value, entries) = pair?;
                let column = stones.by_value.entry(value).or_default();
                put(&mut column.pairs, nth - column.last);
                put(&mut column.pairs, entries.unsigned_abs());
                column.last = nth;
            }
            stones.keys.push(Arc::new(key));
            stones.entries.push(entries);
        }
        for column in stones.by_value.values_mut() {
            column.pairs.shrink_to_fit();
            stones.bytes += column.pairs.len() + size_of::<(i64, Column)>();
        }
        let keys = stones.keys.iter().map(|key| key.bytes() + size_of::<(Arc<Key>, i64)>());
        stones.bytes += keys.sum::<usize>();
        Ok(stones)
    }

    /// Where they stand, and how many entries of `values` (nothing for all) come before each.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where nothing here wrote what was counted.
    pub(super) fn marks(&self, values: Option<&[i64]>) -> Result<Vec<Mark>, StoreError> {
        let wanted = values.map(|values| self.entries_of(values)).transpose()?;
        let mut before = 0;
        let counted = self.keys.iter().zip(wanted.as_ref().unwrap_or(&self.entries));
        Ok(counted
            .map(|(key, entries)| {
                let mark = Mark { before, key: Some(Arc::clone(key)) };
                before += entries;
                mark
            })
            .collect())
    }

    /// How many entries of `values` each has counted.
    fn entries_of(&self, values: &[i64]) -> Result<Vec<i64>, StoreError> {
        let mut all = vec![0; self.keys.len()];
        for column in values.iter().filter_map(|value| self.by_value.get(value)) {
            for pair in Pairs::of(&column.pairs) {
                let (nth, entries) = pair?;
                if let Some(sum) = usize::try_from(nth).ok().and_then(|nth| all.get_mut(nth)) {
                    *sum += entries;
                }
            }
        }
        Ok(all)
    }

    /// How much memory they take.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::counts::Counts;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn before_each_stand_as_many_of_the_values_looked_for_as_those_before_it_have_counted(
            counted in proptest::collection::vec(
                proptest::collection::btree_map(1..40_i64, 1..i64::from(u32::MAX), 0..20), 0..20,
            ),
            wanted in proptest::collection::btree_set(1..50_i64, 0..20),
        ) {
            let wanted: Vec<i64> = wanted.into_iter().collect();
            let rows = (1..).zip(&counted).map(|(seq, pairs)| {
                let mut counts = Counts::default();
                pairs.iter().for_each(|(&value, &entries)| counts.add_many(value, entries));
                let key = Key { absent: false, value: String::new(), seq };
                StoneRow { key, entries: counts.entries(), counts: counts.to_bytes() }
            });
            let stones = Stones::of(rows.collect()).unwrap();
            for values in [None, Some(wanted.as_slice())] {
                let of = |pairs: &BTreeMap<i64, i64>| -> i64 {
                    let looked_for = |value| values.is_none_or(|values| values.contains(value));
                    pairs.iter().filter(|(value, _)| looked_for(value)).map(|(_, entries)| entries).sum()
                };
                let expected: Vec<i64> =
                    (0..counted.len()).map(|nth| counted[..nth].iter().map(of).sum()).collect();
                let marks = stones.marks(values).unwrap();
                let before: Vec<i64> = marks.iter().map(|mark| mark.before).collect();
                prop_assert_eq!(before, expected);
            }
        }
    }
}
