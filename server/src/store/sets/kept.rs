//! Which sets are kept in memory: those that were used last, up to a weight.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use app::{
    customer::id::CustomerId,
    log::filter::{Field, Pattern},
};
use roaring::RoaringBitmap;
use tokio::sync::{Mutex as Waiting, MutexGuard};

use super::{Clock, FieldSets, question::Question, ranks::Ranks};

/// So many bytes are kept: five fields of a log of ten million entries, and its orders by operation and by path.
const MOST: usize = 256 << 20;

/// So many choices are kept: each is of one log as it was at one moment, and soon nobody looks at that any more.
const MOST_CHOICES: usize = 16;

/// What was chosen, once it was put together: all where the set is nothing.
pub(in crate::store) type Choice = Option<Option<Arc<RoaringBitmap>>>;

/// The entries of one value, or of all that begin alike.
#[derive(Debug, Clone, Default)]
pub(super) struct Run {
    pub(super) set: Arc<RoaringBitmap>,
    /// The number of the last entry that it knows.
    pub(super) through: u32,
}

/// Something that is kept. Whoever comes while it is being read waits for that, instead of reading it too.
#[derive(Debug, Default)]
pub(in crate::store) struct Place<T> {
    value: Waiting<T>,
    used: Use,
}

#[derive(Debug, Default)]
struct Use {
    at: AtomicU64,
    bytes: AtomicUsize,
}

impl<T> Place<T> {
    pub(in crate::store) async fn lock(&self) -> MutexGuard<'_, T> {
        self.value.lock().await
    }
}

#[derive(Debug, Default)]
struct All {
    fields: BTreeMap<(CustomerId, Field), Arc<Place<FieldSets>>>,
    runs: BTreeMap<(CustomerId, Field, Pattern), Arc<Place<Run>>>,
    clocks: BTreeMap<CustomerId, Arc<Place<Clock>>>,
    orders: BTreeMap<(CustomerId, Field), Arc<Place<Arc<Ranks>>>>,
    choices: BTreeMap<Question, Arc<Place<Choice>>>,
    /// Goes on with each use.
    now: u64,
}

/// What is kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept(Arc<Mutex<All>>);

impl Kept {
    fn with<T>(&self, work: impl FnOnce(&mut All) -> T) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.now += 1;
        work(&mut all)
    }

    pub(super) fn field(&self, id: &CustomerId, field: Field) -> Arc<Place<FieldSets>> {
        self.with(|all| used(all.fields.entry((id.clone(), field)).or_default(), all.now))
    }

    pub(super) fn run(&self, id: &CustomerId, field: Field, pattern: &Pattern) -> Arc<Place<Run>> {
        let key = (id.clone(), field, pattern.clone());
        self.with(|all| used(all.runs.entry(key).or_default(), all.now))
    }

    pub(super) fn clock(&self, id: &CustomerId) -> Arc<Place<Clock>> {
        self.with(|all| used(all.clocks.entry(id.clone()).or_default(), all.now))
    }

    pub(super) fn order(&self, id: &CustomerId, field: Field) -> Arc<Place<Arc<Ranks>>> {
        self.with(|all| used(all.orders.entry((id.clone(), field)).or_default(), all.now))
    }

    pub(super) fn choice(&self, question: Question) -> Arc<Place<Choice>> {
        self.with(|all| {
            let place = used(all.choices.entry(question).or_default(), all.now);
            while all.choices.len() > MOST_CHOICES {
                let age = |place: &Place<_>| place.used.at.load(Ordering::Relaxed);
                let Some(oldest) = all.choices.values().map(|place| age(place)).min() else {
                    break;
                };
                all.choices.retain(|_, place| age(place) != oldest);
            }
            place
        })
    }

    /// Notes how much `place` weighs now, and lets go of what was used longest ago where all weighs too much.
    pub(super) fn weigh<T>(&self, place: &Place<T>, bytes: usize) {
        // Its key, its place in the tree.
        place.used.bytes.store(bytes + 256, Ordering::Relaxed);
        self.with(All::lighten);
    }
}

fn used<T>(place: &Arc<Place<T>>, now: u64) -> Arc<Place<T>> {
    place.used.at.store(now, Ordering::Relaxed);
    Arc::clone(place)
}

impl All {
    fn uses(&self) -> impl Iterator<Item = &Use> {
        let fields = self.fields.values().map(|place| &place.used);
        let runs = self.runs.values().map(|place| &place.used);
        let clocks = self.clocks.values().map(|place| &place.used);
        let orders = self.orders.values().map(|place| &place.used);
        let choices = self.choices.values().map(|place| &place.used);
        fields.chain(runs).chain(clocks).chain(orders).chain(choices)
    }

    fn lighten(&mut self) {
        while self.uses().map(|used| used.bytes.load(Ordering::Relaxed)).sum::<usize>() > MOST {
            let ages = self.uses().map(|used| used.at.load(Ordering::Relaxed));
            let (Some(oldest), newest) = (ages.min(), self.now) else { return };
            let keep = |used: &Use| used.at.load(Ordering::Relaxed) != oldest;
            self.fields.retain(|_, place| keep(&place.used));
            self.runs.retain(|_, place| keep(&place.used));
            self.clocks.retain(|_, place| keep(&place.used));
            self.orders.retain(|_, place| keep(&place.used));
            self.choices.retain(|_, place| keep(&place.used));
            if oldest == newest {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use app::log::filter::Filters;

    use super::*;
    use crate::store::sight::Names;

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let kept = Kept::default();
        let ids: Vec<CustomerId> = (1..=3).map(|id| id.to_string().parse().unwrap()).collect();
        for id in &ids {
            let place = kept.clock(id);
            kept.weigh(&place, MOST / 2 - 1_000);
        }
        let left = kept.with(|all| all.clocks.keys().cloned().collect::<Vec<_>>());
        assert_eq!(left, ids[1..]);
    }

    #[test]
    fn of_many_choices_those_that_were_asked_for_last_are_kept() {
        let kept = Kept::default();
        let question = |nth: u32| Question {
            customer_id: "1".parse().unwrap(),
            range: (0, nth),
            filters: Filters::default(),
            search: None,
            names: Names::default(),
        };
        let asked = MOST_CHOICES as u32 + 2;
        for nth in 1..=asked {
            kept.choice(question(nth));
            kept.choice(question(1));
        }
        let left = kept.with(|all| all.choices.keys().map(|kept| kept.range.1).collect::<Vec<_>>());
        assert_eq!(left, [1].into_iter().chain(4..=asked).collect::<Vec<_>>());
    }
}
