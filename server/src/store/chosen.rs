//! Which entries a query chooses, as a set of their numbers.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::sets::{Clock, Holders};

/// The entries that a query chooses.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    /// The number before the first that may be chosen.
    pub(super) after: u32,
    /// The last that may be.
    pub(super) last: u32,
    /// Those that are chosen; all of them where this is nothing.
    pub(super) set: Option<Arc<RoaringBitmap>>,
    /// The log's clock.
    pub(super) clock: Clock,
}

impl Chosen {
    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        match &self.set {
            Some(set) => set.len(),
            None => u64::from(self.last.saturating_sub(self.after)),
        }
    }

    /// How many have a number after `after` and up to `last`.
    pub(super) fn count_between(&self, after: u32, last: u32) -> u64 {
        let (after, last) = (after.max(self.after), last.min(self.last));
        if after >= last {
            return 0;
        }
        match &self.set {
            Some(set) => set.range_cardinality(after + 1..=last),
            None => u64::from(last - after),
        }
    }

    /// How many of them `others` has.
    pub(super) fn count_among(&self, others: &RoaringBitmap) -> u64 {
        match &self.set {
            Some(set) => set.intersection_len(others),
            None if self.after < self.last => others.range_cardinality(self.after + 1..=self.last),
            None => 0,
        }
    }

    /// Those of them that `but` has not and `of` has; all of them where it is nothing.
    pub(super) fn those_between(
        &self,
        but: Option<&RoaringBitmap>,
        of: Option<&RoaringBitmap>,
    ) -> RoaringBitmap {
        let mut those = match (&self.set, of) {
            (Some(set), Some(of)) => &**set & of,
            (Some(set), None) => RoaringBitmap::clone(set),
            (None, Some(of)) => within(of.clone(), (self.after, self.last)),
            (None, None) => all((self.after, self.last)),
        };
        if let Some(but) = but {
            those -= but;
        }
        those
    }

    /// How many of them `holders` are.
    pub(super) fn count_of(&self, holders: Holders<'_>) -> u64 {
        match &self.set {
            Some(set) => holders.count_in(set),
            None => holders.count(self.after, self.last),
        }
    }

    /// Those of them that `holders` are.
    pub(super) fn those_of(&self, holders: Holders<'_>) -> RoaringBitmap {
        match &self.set {
            Some(set) => holders.within(set),
            None => within(holders.all(), (self.after, self.last)),
        }
    }

    /// The `number` of them from the `first` on, in the order of their numbers.
    pub(super) fn some(&self, first: u64, number: u64) -> Vec<u32> {
        let Ok(first) = u32::try_from(first) else { return Vec::new() };
        match &self.set {
            Some(set) => {
                let Some(least) = set.select(first) else { return Vec::new() };
                set.range(least..).take(usize::try_from(number).unwrap_or(usize::MAX)).collect()
            }
            None => {
                let from = u64::from(self.after) + u64::from(first) + 1;
                let until = (from + number).min(u64::from(self.last) + 1);
                (from..until).filter_map(|seq| u32::try_from(seq).ok()).collect()
            }
        }
    }
}

/// The entries with a number after `after` and up to `last`.
fn all((after, last): (u32, u32)) -> RoaringBitmap {
    let mut all = RoaringBitmap::new();
    if after < last {
        all.insert_range(after + 1..=last);
    }
    all
}

/// Those of `set` that have a number after `after` and up to `last`.
fn within(mut set: RoaringBitmap, (after, last): (u32, u32)) -> RoaringBitmap {
    set.remove_range(..=after);
    if last < u32::MAX {
        set.remove_range(last + 1..);
    }
    set
}

/// What a choice is put together from.
#[derive(Default)]
pub(super) struct Parts {
    /// What is chosen is in each of these,
    pub(super) of: Vec<RoaringBitmap>,
    /// and in none of these.
    pub(super) but: Vec<RoaringBitmap>,
}

impl Parts {
    /// Those with a number after `after` and up to `last`; nothing where that is all of them.
    pub(super) fn together(mut self, (after, last): (u32, u32)) -> Option<Arc<RoaringBitmap>> {
        if self.of.is_empty() && self.but.is_empty() {
            return None;
        }
        // The fewest first: what they have not, the others need not be asked about.
        self.of.sort_by_key(RoaringBitmap::len);
        let mut set = match self.of.into_iter().reduce(|set, of| set & of) {
            Some(set) => within(set, (after, last)),
            None => all((after, last)),
        };
        for but in self.but {
            set -= but;
        }
        Some(Arc::new(set))
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn what_is_put_together_is_in_the_range_in_each_that_it_must_be_in_and_in_none_that_it_must_not(
            of in vec(vec(any::<bool>(), 40), 0..3),
            but in vec(vec(any::<bool>(), 40), 0..3),
            after in 0_u32..45,
            more in 0_u32..45,
        ) {
            let last = after + more;
            let set = |has: &Vec<bool>| -> RoaringBitmap {
                (0..).zip(has).filter(|(_, has)| **has).map(|(seq, _)| seq).collect()
            };
            let parts = Parts {
                of: of.iter().map(set).collect(),
                but: but.iter().map(set).collect(),
            };
            let anything = of.is_empty() && but.is_empty();
            let has = |set: &Vec<bool>, seq: u32| set.get(seq as usize) == Some(&true);
            let expected: RoaringBitmap = (after + 1..=last)
                .filter(|seq| of.iter().all(|set| has(set, *seq)))
                .filter(|seq| !but.iter().any(|set| has(set, *seq)))
                .collect();
            let together = parts.together((after, last));
            prop_assert_eq!(together.is_none(), anything);
            if let Some(together) = together {
                prop_assert_eq!(&*together, &expected);
            }
        }
    }
}
