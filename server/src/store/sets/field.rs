//! The sets of one field of one log: which entries hold which of its values.

use std::{collections::BTreeMap, sync::Arc};

use roaring::RoaringBitmap;

use super::super::sight::Names;

/// The sets of a field: by value, in the order of their bytes.
pub(in crate::store) type ByValue = BTreeMap<Box<str>, RoaringBitmap>;

/// Which entries hold which value of a field.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct FieldSets {
    /// Of the entries in whole blocks.
    pub(super) sealed: Arc<ByValue>,
    /// The number of the last of them.
    pub(super) sealed_through: u32,
    /// Of the entries since.
    pub(super) tail: Arc<ByValue>,
    /// The number of the last entry that these sets know.
    pub(super) through: u32,
    /// Whether some block has too many values: then these sets are of no use.
    pub(super) varied: bool,
}

/// The entries that hold one value.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Holders<'s> {
    sealed: Option<&'s RoaringBitmap>,
    tail: Option<&'s RoaringBitmap>,
}

impl Holders<'_> {
    fn parts(&self) -> impl Iterator<Item = &RoaringBitmap> {
        self.sealed.into_iter().chain(self.tail)
    }

    /// How many there are with a number after `after` and up to `last`.
    pub(in crate::store) fn count(&self, after: u32, last: u32) -> u64 {
        if after >= last {
            return 0;
        }
        self.parts().map(|part| part.range_cardinality(after + 1..=last)).sum()
    }

    /// How many of them are in `set`.
    pub(in crate::store) fn count_in(&self, set: &RoaringBitmap) -> u64 {
        self.parts().map(|part| part.intersection_len(set)).sum()
    }

    /// Those of them that are in `set`.
    pub(in crate::store) fn within(&self, set: &RoaringBitmap) -> RoaringBitmap {
        self.parts().fold(RoaringBitmap::new(), |all, part| all | (part & set))
    }

    /// All of them.
    pub(in crate::store) fn all(&self) -> RoaringBitmap {
        self.parts().fold(RoaringBitmap::new(), |all, part| all | part)
    }
}

impl FieldSets {
    /// Each value, in the order of their bytes, and the entries that hold it.
    pub(in crate::store) fn iter(&self) -> impl Iterator<Item = (&str, Holders<'_>)> {
        let (mut sealed, mut tail) = (self.sealed.iter().peekable(), self.tail.iter().peekable());
        std::iter::from_fn(move || {
            let next = match (sealed.peek(), tail.peek()) {
                (Some((a, _)), Some((b, _))) => a.min(b),
                (Some((a, _)), None) | (None, Some((a, _))) => a,
                (None, None) => return None,
            };
            let value: &str = next;
            let sealed = sealed.next_if(|(name, _)| &***name == value).map(|(_, set)| set);
            let tail = tail.next_if(|(name, _)| &***name == value).map(|(_, set)| set);
            Some((value, Holders { sealed, tail }))
        })
    }

    /// The entries that hold a value that is `wanted`.
    pub(in crate::store) fn union(&self, wanted: impl Fn(&str) -> bool) -> RoaringBitmap {
        use roaring::MultiOps as _;
        let parts = self.sealed.iter().chain(self.tail.iter());
        parts.filter(|(value, _)| wanted(value)).map(|(_, set)| set).union()
    }

    /// The same with values as they are called; those that are called the same are one.
    pub(in crate::store) fn called(&self, names: &Names) -> Self {
        let called = |sets: &ByValue| {
            let mut all = ByValue::new();
            for (value, set) in sets {
                *all.entry(names.called(value).into()).or_default() |= set;
            }
            Arc::new(all)
        };
        Self { sealed: called(&self.sealed), tail: called(&self.tail), ..self.clone() }
    }

    pub(super) fn bytes(&self) -> usize {
        let size = |sets: &ByValue| {
            sets.iter().map(|(value, set)| value.len() + 64 + set.serialized_size()).sum::<usize>()
        };
        size(&self.sealed) + size(&self.tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_in_order_from_blocks_and_from_what_came_since() {
        let sets = |pairs: &[(&str, u32)]| {
            Arc::new(
                pairs
                    .iter()
                    .map(|(value, seq)| (Box::from(*value), RoaringBitmap::from([*seq])))
                    .collect::<ByValue>(),
            )
        };
        let field = FieldSets {
            sealed: sets(&[("a", 1), ("c", 2)]),
            tail: sets(&[("b", 3), ("c", 4)]),
            ..FieldSets::default()
        };
        let found: Vec<_> =
            field.iter().map(|(value, holders)| (value.to_owned(), holders.all())).collect();
        let one = |seqs: &[u32]| seqs.iter().copied().collect::<RoaringBitmap>();
        assert_eq!(
            found,
            [("a".into(), one(&[1])), ("b".into(), one(&[3])), ("c".into(), one(&[2, 4]))]
        );
        assert_eq!(field.union(|value| value != "a"), one(&[2, 3, 4]));
    }
}
