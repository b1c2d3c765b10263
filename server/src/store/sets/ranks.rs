//! Where each entry of a log stands in the order of a field with many values: by segments.
//!
//! An order is cut into segments of some hundreds of entries, each of which begins with a known key. For each entry it
//! is kept in which segment it is: two bytes. How many of a choice lie in each segment is then counted without asking
//! the database, and so it is known in which segment a page begins, however deep it lies; only the few entries there
//! are put in order.
//!
//! Looking up the segment of each of millions of chosen entries would take tens of milliseconds. So the order is cut in
//! a few places, too, and for each it is kept, as a set, which entries come before it: how many of these are chosen is
//! the size of an intersection. Only those between two cuts are looked up.

use roaring::RoaringBitmap;

use super::super::{chosen::Chosen, order::Key, paging::Rows};

/// How many segments there may be.
const MOST: usize = u16::MAX as usize;
/// So many segments a log is cut into when it is read, where they are not too short then.
const SEGMENTS: u32 = 50_000;
/// Into so many parts the order is cut. Each cut costs a bit an entry.
const PARTS: usize = 32;
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

/// A place in the order.
#[derive(Debug, Clone)]
struct Cut {
    /// The segment that begins with this comes after it.
    at: Key,
    /// All entries that come before it.
    before: RoaringBitmap,
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
    /// Some places in the order, in their order, once it was read whole.
    cuts: Vec<Cut>,
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
    /// Their numbers, ascending.
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

    /// The order was read to its end.
    pub(in crate::store) fn end(&mut self) {
        self.read = Read::All;
        let segments = self.starts.len().div_ceil(PARTS).max(1);
        let mut parts = vec![RoaringBitmap::new(); PARTS];
        // While an order is read, its segments are numbered as they come.
        for (seq, id) in (0..).zip(&self.of).skip(1) {
            if let Some(part) = parts.get_mut(usize::from(*id) / segments) {
                part.insert(seq);
            }
        }
        let mut before = RoaringBitmap::new();
        self.cuts.clear();
        for ((at, _), part) in self.starts.iter().skip(segments).step_by(segments).zip(parts) {
            before |= part;
            self.cuts.push(Cut { at: at.clone(), before: before.clone() });
        }
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
            for cut in self.cuts.iter_mut().rev().take_while(|cut| *key < cut.at) {
                cut.before.insert(*seq);
            }
        }
        self.through = through;
    }

    /// The entries of a segment that has grown too long; nothing where none has.
    pub(in crate::store) fn too_long(&self) -> Option<Vec<u32>> {
        let id = self.sizes.iter().position(|size| *size > self.usual * GROWN)?;
        let id = u16::try_from(id).ok()?;
        Some(self.members(id))
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

    fn members(&self, id: u16) -> Vec<u32> {
        // The number 0 is no entry's.
        let all = (0..).zip(&self.of).skip(1);
        all.filter(|(_, of)| **of == id).map(|(seq, _)| seq).collect()
    }

    /// Those of the chosen among which the `rows` of the order are: little more than these.
    pub(in crate::store) fn near(&self, chosen: &Chosen, rows: Rows) -> Near {
        // The rows are between two cuts: the last that has none of them before it, and the first that has all.
        let passed_at = |cut: &Cut| chosen.count_among(&cut.before);
        let next = self.cuts.partition_point(|cut| passed_at(cut) <= rows.first);
        let (lower, rest) = self.cuts.split_at(next);
        let lower = lower.last();
        let upper = rest.iter().find(|cut| passed_at(cut) >= rows.end);
        let here = chosen.those_between(lower.map(|cut| &cut.before), upper.map(|cut| &cut.before));
        let here: Vec<u32> = here.into_iter().collect();

        // Each is looked up once: they lie far from each other in memory.
        let segments: Vec<u16> = here.iter().map(|seq| self.of[*seq as usize]).collect();
        let mut counts = vec![0_u32; self.sizes.len()];
        for id in &segments {
            counts[usize::from(*id)] += 1;
        }
        let mut wanted = vec![false; counts.len()];
        let (mut passed, mut before) = (lower.map_or(0, passed_at), None);
        let first =
            lower.map_or(0, |cut| self.starts.partition_point(|(start, _)| *start < cut.at));
        for (_, id) in &self.starts[first..] {
            if passed >= rows.end {
                break;
            }
            let count = u64::from(counts[usize::from(*id)]);
            if passed + count > rows.first {
                wanted[usize::from(*id)] = true;
                before.get_or_insert(rows.first - passed);
            }
            passed += count;
        }
        let found = here.into_iter().zip(segments).filter(|(_, id)| wanted[usize::from(*id)]);
        let seqs = found.map(|(seq, _)| seq).collect();
        Near { seqs, before: before.unwrap_or_default() }
    }

    pub(super) fn bytes(&self) -> usize {
        let starts: usize = self.starts.iter().map(|(key, _)| key.value.len() + 64).sum();
        let cuts: usize = self.cuts.iter().map(|cut| cut.before.serialized_size()).sum();
        self.of.len() * 2 + self.sizes.len() * 4 + starts + cuts
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

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
        ranks.end();
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
            let set = (!whole).then_some(Arc::new(set));
            let chosen = Chosen { after: 0, last, set, clock: Clock::default() };
            let mut expected: Vec<Key> = chosen
                .those_between(None, None)
                .into_iter()
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
