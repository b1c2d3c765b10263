//! Where each entry of a log stands in the order of a field with many values: by segments.
//!
//! An order is cut into segments of some hundreds of entries, each of which begins with a known key. For each entry it
//! is kept in which segment it is: two bytes. How many of a choice lie in each segment is then counted without asking
//! the database, and so it is known in which segment a page begins, however deep it lies; only the few entries there
//! are put in order.

use roaring::RoaringBitmap;

use super::super::{chosen::Chosen, order::Key, paging::Rows};

/// How many segments there may be.
const MOST: usize = u16::MAX as usize;
/// So many segments a log is cut into when it is read, where they are not too short then.
const SEGMENTS: u32 = 30_000;
/// A segment that has grown so many times as long as usual is cut in two.
const GROWN: u32 = 4;

/// How far the order was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::store) enum Read {
    /// Not at all.
    #[default]
    None,
    /// Up to this entry, of those up to [`Ranks::through`].
    To(Key),
    /// All of it.
    All,
}

/// The segments of one order of one log.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Ranks {
    /// The segment of each entry, by its number.
    of: Vec<u16>,
    /// Where each segment begins, in their order, and which it is.
    starts: Vec<(Key, u16)>,
    /// How many entries each has.
    sizes: Vec<u32>,
    /// How many entries a segment has when the order is read.
    usual: u32,
    /// The number of the last entry that is known.
    pub(in crate::store) through: u32,
    /// How far it was read.
    pub(in crate::store) read: Read,
}

/// The entries among which a page is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::store) struct Near {
    /// Their numbers, in no order.
    pub(in crate::store) seqs: Vec<u32>,
    /// How many of them come before the page, in the order.
    pub(in crate::store) before: u64,
}

impl Ranks {
    /// Nothing is read yet of a log whose last entry is `through`; segments are of `least` entries or more.
    pub(in crate::store) fn of_log(through: u32, least: u32) -> Self {
        Self {
            of: vec![0; through as usize + 1],
            usual: (through / SEGMENTS).max(least).max(1),
            through,
            ..Self::default()
        }
    }

    /// The next entry of the order, while it is read.
    pub(in crate::store) fn push(&mut self, key: &Key, seq: u32) {
        let full = self.sizes.last().is_none_or(|size| *size >= self.usual);
        if full && self.sizes.len() < MOST {
            // The first begins before all that may come.
            let start = if self.starts.is_empty() { Key::start(false) } else { key.clone() };
            self.starts.push((start, self.sizes.len() as u16));
            self.sizes.push(0);
        }
        let id = self.sizes.len().saturating_sub(1);
        self.put(seq, id as u16);
    }

    fn put(&mut self, seq: u32, id: u16) {
        if let (Some(of), Some(size)) =
            (self.of.get_mut(seq as usize), self.sizes.get_mut(usize::from(id)))
        {
            *of = id;
            *size += 1;
        }
    }

    /// Entries that came since, up to `through`.
    pub(in crate::store) fn add(&mut self, keys: &[(Key, u32)], through: u32) {
        if self.starts.is_empty() {
            self.starts.push((Key::start(false), 0));
            self.sizes.push(0);
        }
        self.of.resize(through as usize + 1, 0);
        for (key, seq) in keys {
            let at = self.starts.partition_point(|(start, _)| start <= key).saturating_sub(1);
            if let Some((_, id)) = self.starts.get(at) {
                self.put(*seq, *id);
            }
        }
        self.through = through;
    }

    /// The entries of a segment that has grown too long; nothing where none has.
    pub(in crate::store) fn too_long(&self) -> Option<Vec<u32>> {
        let id = self.sizes.iter().position(|size| *size > self.usual * GROWN)?;
        let id = u16::try_from(id).ok()?;
        Some(self.members(|of| of == id))
    }

    /// Cuts the segment in two that these are all entries of. Where there may be no more segments, all has to be read
    /// anew.
    pub(in crate::store) fn cut(&mut self, mut keys: Vec<(Key, u32)>) {
        keys.sort_unstable();
        let Some((middle, half)) =
            keys.get(keys.len() / 2).map(|(key, _)| (key.clone(), &keys[keys.len() / 2..]))
        else {
            return;
        };
        if self.sizes.len() >= MOST {
            self.read = Read::None;
            return;
        }
        let at = self.starts.partition_point(|(start, _)| *start <= middle).saturating_sub(1);
        let Some(old) = self.starts.get(at).map(|(_, id)| usize::from(*id)) else { return };
        let id = self.sizes.len() as u16;
        self.starts.insert(at + 1, (middle, id));
        self.sizes.push(0);
        for (_, seq) in half {
            self.sizes[old] -= 1;
            self.put(*seq, id);
        }
    }

    fn members(&self, wanted: impl Fn(u16) -> bool) -> Vec<u32> {
        // The number 0 is no entry's.
        let all = (0..).zip(&self.of).skip(1);
        all.filter(|(_, of)| wanted(**of)).map(|(seq, _)| seq).collect()
    }

    /// How many of the chosen each segment has.
    fn counts(&self, chosen: &Chosen) -> Vec<u32> {
        let mut counts = vec![0_u32; self.sizes.len()];
        let (first, last) = (chosen.after as usize + 1, chosen.last as usize);
        let Some(range) = self.of.get(first..=last) else { return counts };
        let span = range.len() as u64;
        match &chosen.set {
            // Few of all: counted one by one.
            Some(set) if set.len() * 2 <= span => {
                for seq in set {
                    counts[usize::from(self.of[seq as usize])] += 1;
                }
            }
            // Most of all: all of them, without those that are not chosen.
            set => {
                for of in range {
                    counts[usize::from(*of)] += 1;
                }
                if let Some(set) = set {
                    let mut others = RoaringBitmap::new();
                    others.insert_range(chosen.after + 1..=chosen.last);
                    others -= set;
                    for seq in others {
                        counts[usize::from(self.of[seq as usize])] -= 1;
                    }
                }
            }
        }
        counts
    }

    /// Those of the chosen among which the `rows` of the order are: little more than these.
    pub(in crate::store) fn near(&self, chosen: &Chosen, rows: Rows) -> Near {
        let counts = self.counts(chosen);
        let mut wanted = vec![false; counts.len()];
        let (mut passed, mut before) = (0_u64, None);
        for (_, id) in &self.starts {
            let here = u64::from(counts[usize::from(*id)]);
            if here > 0 && passed + here > rows.first && passed < rows.end {
                wanted[usize::from(*id)] = true;
                before.get_or_insert(rows.first - passed);
            }
            passed += here;
        }
        let mut seqs = self.members(|of| wanted.get(usize::from(of)) == Some(&true));
        seqs.retain(|seq| chosen.has(*seq));
        Near { seqs, before: before.unwrap_or_default() }
    }

    pub(super) fn bytes(&self) -> usize {
        let starts: usize = self.starts.iter().map(|(key, _)| key.value.len() + 64).sum();
        self.of.len() * 2 + self.sizes.len() * 4 + starts
    }
}

#[cfg(test)]
mod tests {
    use super::super::Clock;
    use super::*;
    use proptest::prelude::*;

    fn key(value: u8, seq: u32) -> Key {
        Key { absent: value == 0, value: "x".repeat(value.into()), seq: seq.into() }
    }

    /// The order of entries with these values, of which the first `read` were there when it was read.
    fn ranks(values: &[u8], read: usize, usual: u32) -> Ranks {
        let keys: Vec<_> = (1..).zip(values).map(|(seq, value)| (key(*value, seq), seq)).collect();
        let mut ranks = Ranks::of_log(read as u32, usual);
        let mut first = keys[..read].to_vec();
        first.sort_unstable();
        for (key, seq) in &first {
            ranks.push(key, *seq);
        }
        ranks.read = Read::All;
        for (key, seq) in &keys[read..] {
            ranks.add(&[(key.clone(), *seq)], *seq);
            while let Some(long) = ranks.too_long() {
                ranks.cut(long.iter().map(|seq| keys[*seq as usize - 1].clone()).collect());
            }
        }
        ranks
    }

    proptest! {
        #[test]
        fn a_page_is_among_those_that_are_near_however_the_log_grew(
            values in proptest::collection::vec(0_u8..6, 1..200),
            read in 0_usize..200,
            picks in proptest::collection::vec(any::<bool>(), 200),
            whole in any::<bool>(),
            first in 0_u64..200,
            number in 1_u64..20,
        ) {
            let ranks = ranks(&values, read.min(values.len()), 3);
            let last = values.len() as u32;
            let set = (1..=last).filter(|seq| picks[*seq as usize - 1]).collect::<RoaringBitmap>();
            let set = (!whole).then_some(set);
            let chosen = Chosen { after: 0, last, set, clock: Clock::default() };
            let mut expected: Vec<Key> = (1..=last)
                .filter(|seq| chosen.has(*seq))
                .map(|seq| key(values[seq as usize - 1], seq))
                .collect();
            expected.sort_unstable();
            let end = (first + number).min(expected.len() as u64);
            prop_assume!(first < end);
            let near = ranks.near(&chosen, Rows { first, end });
            let mut keys: Vec<Key> =
                near.seqs.iter().map(|seq| key(values[*seq as usize - 1], *seq)).collect();
            keys.sort_unstable();
            let found = &keys[near.before as usize..(near.before + end - first) as usize];
            prop_assert_eq!(found, &expected[first as usize..end as usize]);
            // And not many more: two segments at the most, beside the page's own.
            prop_assert!(keys.len() as u64 <= end - first + 2 * 3 * u64::from(GROWN));
        }
    }
}
