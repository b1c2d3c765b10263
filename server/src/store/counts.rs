//! How many entries have which value: what a milestone says of the entries up to the next one.

use std::collections::BTreeMap;

use super::StoreError;

/// Numbers of entries by [`log_value.first_seq`](super::search), smallest value first. As bytes: for each value
/// the distance from the one before and the number of entries, both in groups of seven bits, the lowest first,
/// the eighth bit set where another group follows (LEB128).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Counts(BTreeMap<i64, i64>);

impl Counts {
    /// Counts one more entry with `value`.
    pub(super) fn add(&mut self, value: i64) {
        self.add_many(value, 1);
    }

    /// Counts `entries` more (or fewer) with `value`.
    pub(super) fn add_many(&mut self, value: i64, entries: i64) {
        *self.0.entry(value).or_default() += entries;
    }

    /// Counts all that `other` counted.
    pub(super) fn add_all(&mut self, other: &Self) {
        for (&value, &entries) in &other.0 {
            self.add_many(value, entries);
        }
    }

    /// Takes away all that `other` counted.
    pub(super) fn take_all(&mut self, other: &Self) {
        for (&value, &entries) in &other.0 {
            self.add_many(value, -entries);
        }
    }

    /// Of how many entries it speaks.
    pub(super) fn entries(&self) -> i64 {
        self.0.values().sum()
    }

    /// As bytes.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len() * 4);
        let mut before = 0;
        for (&value, &entries) in &self.0 {
            if entries > 0 {
                put(&mut bytes, value.abs_diff(before));
                put(&mut bytes, entries.unsigned_abs());
                before = value;
            }
        }
        bytes
    }

    /// From bytes.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where nothing here wrote them.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let mut counts = Self::default();
        for pair in Pairs::of(bytes) {
            let (value, entries) = pair?;
            counts.0.insert(value, entries);
        }
        Ok(counts)
    }
}

/// How many of the entries that `bytes` counts have one of `wanted`, which is sorted.
///
/// # Errors
/// [`StoreError::Unreadable`] where nothing here wrote the bytes.
pub(super) fn sum_of(bytes: &[u8], wanted: &[i64]) -> Result<i64, StoreError> {
    let mut rest = wanted;
    let mut sum = 0;
    for pair in Pairs::of(bytes) {
        let (value, entries) = pair?;
        // Both are sorted, so what is smaller will not come again.
        let smaller = rest.iter().take_while(|wanted| **wanted < value).count();
        rest = &rest[smaller..];
        match rest.first() {
            Some(&wanted) if wanted == value => sum += entries,
            Some(_) => {}
            None => break,
        }
    }
    Ok(sum)
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// The pairs that stand in some bytes.
struct Pairs<'b> {
    bytes: std::slice::Iter<'b, u8>,
    before: i64,
}

impl<'b> Pairs<'b> {
    fn of(bytes: &'b [u8]) -> Self {
        Self { bytes: bytes.iter(), before: 0 }
    }

    fn number(&mut self) -> Option<i64> {
        let mut number = 0_u64;
        for group in 0..9 {
            let byte = *self.bytes.next()?;
            number |= u64::from(byte & 0x7f) << (7 * group);
            if byte < 0x80 {
                return i64::try_from(number).ok();
            }
        }
        None
    }
}

impl Iterator for Pairs<'_> {
    type Item = Result<(i64, i64), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.bytes.as_slice().is_empty() {
            return None;
        }
        let pair = self.number().zip(self.number());
        Some(pair.map_or_else(
            || Err(StoreError::Unreadable("a milestone's counts".into())),
            |(distance, entries)| {
                self.before = self.before.saturating_add(distance);
                Ok((self.before, entries))
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_come_back_from_their_bytes_and_add_up(
            pairs in proptest::collection::btree_map(1..i64::MAX >> 1, 1..i64::from(u32::MAX), 0..200),
            wanted in proptest::collection::btree_set(1..i64::MAX >> 1, 0..50),
        ) {
            let mut counts = Counts::default();
            for (&value, &entries) in &pairs {
                counts.add_many(value, entries);
            }
            let bytes = counts.to_bytes();
            prop_assert_eq!(&Counts::from_bytes(&bytes).unwrap(), &counts);
            let wanted: Vec<i64> = wanted.into_iter().chain(pairs.keys().step_by(3).copied()).collect();
            let mut sorted = wanted;
            sorted.sort_unstable();
            sorted.dedup();
            let expected: i64 = pairs.iter().filter(|(v, _)| sorted.contains(v)).map(|(_, n)| n).sum();
            prop_assert_eq!(sum_of(&bytes, &sorted).unwrap(), expected);
        }

        #[test]
        fn bytes_that_nothing_here_wrote_are_an_error_and_no_panic(bytes: Vec<u8>) {
            let _ = Counts::from_bytes(&bytes);
            let _ = sum_of(&bytes, &[1, 2, 3]);
        }
    }

    #[test]
    fn what_was_taken_away_whole_leaves_nothing() {
        let mut counts = Counts::default();
        counts.add(7);
        let other = counts.clone();
        counts.take_all(&other);
        assert_eq!(counts.to_bytes(), [0_u8; 0]);
        counts.add_all(&other);
        assert_eq!(counts.entries(), 1);
    }
}
