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

/// Adds a number to `bytes`, as [`Pairs`] reads them.
pub(super) fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// The pairs that stand in some bytes: of ascending numbers, of which the distances are written, and what belongs to
/// each.
pub(super) struct Pairs<'b> {
    bytes: std::slice::Iter<'b, u8>,
    before: i64,
}

impl<'b> Pairs<'b> {
    pub(super) fn of(bytes: &'b [u8]) -> Self {
        Self { bytes: bytes.iter(), before: 0 }
    }

    /// Most numbers are one byte: those must not wait for the others.
    #[inline(always)]
    fn number(&mut self) -> Option<i64> {
        let first = *self.bytes.next()?;
        if first < 0x80 {
            return Some(first.into());
        }
        let mut number = u64::from(first & 0x7f);
        for group in 1..9 {
            let byte = *self.bytes.next()?;
            number |= u64::from(byte & 0x7f) << (7 * group);
            if byte < 0x80 {
                return i64::try_from(number).ok();
            }
        }
        None
    }
}

/// Bytes that nothing here wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Garbled;

impl From<Garbled> for StoreError {
    fn from(_: Garbled) -> Self {
        Self::Unreadable("a milestone's counts".into())
    }
}

impl Iterator for Pairs<'_> {
    type Item = Result<(i64, i64), Garbled>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.bytes.as_slice().is_empty() {
            return None;
        }
        let Some((distance, entries)) = self.number().zip(self.number()) else {
            return Some(Err(Garbled));
        };
        self.before = self.before.saturating_add(distance);
        Some(Ok((self.before, entries)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_come_back_from_their_bytes(
            pairs in proptest::collection::btree_map(1..i64::MAX >> 1, 1..i64::from(u32::MAX), 0..200),
        ) {
            let mut counts = Counts::default();
            for (&value, &entries) in &pairs {
                counts.add_many(value, entries);
            }
            let bytes = counts.to_bytes();
            prop_assert_eq!(&Counts::from_bytes(&bytes).unwrap(), &counts);
        }

        #[test]
        fn bytes_that_nothing_here_wrote_are_an_error_and_no_panic(bytes: Vec<u8>) {
            let _ = Counts::from_bytes(&bytes);
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
