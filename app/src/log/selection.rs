//! The rows that are selected, to be copied.

use std::sync::Arc;

use leptos::prelude::*;

use super::{columns::Columns, table::Found};
use crate::{
    session::viewer::say,
    shell::{Told, use_told},
    ui::rows,
    words::Language,
};

/// Which entries are selected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Selected {
    /// Their numbers.
    seqs: Vec<u64>,
    /// The one that a stretch begins at.
    anchor: Option<u64>,
}

impl Selected {
    /// Selects it, or no longer; stretches begin there.
    fn toggle(&mut self, seq: u64) {
        match self.seqs.iter().position(|selected| *selected == seq) {
            Some(nth) => {
                self.seqs.remove(nth);
            }
            None => self.seqs.push(seq),
        }
        self.anchor = Some(seq);
    }

    /// Selects the stretch of `page` from where it began (`from`, where nothing did) to `to`.
    fn stretch(&mut self, page: &[u64], from: u64, to: u64) {
        let anchor = self.anchor.filter(|anchor| page.contains(anchor)).unwrap_or(from);
        self.anchor = Some(anchor);
        let place = |seq: u64| page.iter().position(|other| *other == seq);
        if let (Some(one), Some(other)) = (place(anchor), place(to)) {
            self.seqs = page[one.min(other)..=one.max(other)].to_vec();
        }
    }
}

/// The selection on the page that is shown.
#[derive(Clone, Copy)]
pub struct Selection {
    selected: RwSignal<Selected>,
    found: Memo<Option<Arc<Found>>>,
    told: Told,
    say: Language,
}

impl Selection {
    /// Nothing is selected yet. What leaves the page is no longer selected.
    pub fn on(found: Memo<Option<Arc<Found>>>, columns: Memo<Columns>) -> Self {
        let this = Self { selected: RwSignal::default(), found, told: use_told(), say: say() };
        Effect::new(move |_| {
            let page = this.found.with(numbers);
            if this.selected.with_untracked(|selected| !selected.seqs.is_empty()) {
                this.selected.update(|selected| selected.seqs.retain(|seq| page.contains(seq)));
            }
        });
        Effect::new(move |marked: Option<bool>| {
            let (selected, page) = (this.selected.get(), this.found.with(numbers));
            let any = !selected.seqs.is_empty();
            // With other columns, there are other rows to be marked.
            columns.track();
            if any || marked == Some(true) {
                // After the rows were written over.
                request_animation_frame(move || {
                    rows::select(|nth| {
                        page.get(nth).is_some_and(|seq| selected.seqs.contains(seq))
                    });
                });
            }
            any
        });
        this
    }

    fn page(self) -> Vec<u64> {
        self.found.with_untracked(numbers)
    }

    /// How many rows are selected.
    pub fn count(self) -> usize {
        self.selected.with(|selected| selected.seqs.len())
    }

    /// Whether this entry is, or none is at all.
    pub fn takes(self, seq: u64) -> bool {
        self.selected
            .with_untracked(|selected| selected.seqs.is_empty() || selected.seqs.contains(&seq))
    }

    /// Selects the row number `nth`, or no longer.
    pub fn toggle(self, nth: usize) {
        if let Some(&seq) = self.page().get(nth) {
            self.selected.update(|selected| selected.toggle(seq));
            self.speak();
        }
    }

    /// Selects the stretch up to the row number `to`; it begins at the row number `from`, where none did.
    pub fn stretch(self, from: usize, to: usize) {
        let page = self.page();
        if let (Some(&from), Some(&to)) = (page.get(from), page.get(to)) {
            self.selected.update(|selected| selected.stretch(&page, from, to));
            self.speak();
        }
    }

    /// Selects nothing; says whether anything was selected.
    pub fn clear(self) -> bool {
        if self.selected.with_untracked(|selected| selected.seqs.is_empty()) {
            return false;
        }
        self.selected.set(Selected::default());
        self.speak();
        true
    }

    fn speak(self) {
        let say = self.say;
        self.told.speak(match self.selected.with_untracked(|selected| selected.seqs.len()) {
            0 => say.selected_none().to_owned(),
            1 => say.selected_one().to_owned(),
            rows => say.selected_rows(rows),
        });
    }
}

/// The numbers of the page's entries, from the top.
fn numbers(found: &Option<Arc<Found>>) -> Vec<u64> {
    let entries = found.iter().flat_map(|found| &found.page.entries);
    entries.map(|entry| entry.seq).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_reaches_from_where_it_began_and_takes_the_place_of_the_one_before() {
        let page = [9, 8, 7, 6, 5];
        let mut selected = Selected::default();
        selected.stretch(&page, 8, 7);
        selected.stretch(&page, 7, 6);
        assert_eq!(selected.seqs, [8, 7, 6]);
        selected.stretch(&page, 6, 9);
        assert_eq!(selected.seqs, [9, 8]);
        selected.toggle(5);
        assert_eq!(selected.seqs, [9, 8, 5]);
        selected.toggle(8);
        assert_eq!(selected.seqs, [9, 5]);
        // Begun on another page.
        selected.stretch(&[4, 3, 2], 3, 2);
        assert_eq!(selected.seqs, [3, 2]);
    }
}
