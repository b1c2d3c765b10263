//! What the page could not take from its URL, said where it is seen.

use leptos::prelude::*;

use crate::{query::BadParameter, ui::number::grouped};

/// One sentence for each parameter that got its default.
pub fn of_bad_parameters(bad: &[BadParameter]) -> Vec<String> {
    bad.iter()
        .map(|bad| {
            format!("“{}” was left out of this page: it takes {}.", bad.parameter, bad.takes)
        })
        .collect()
}

/// The sentence for a page past the end.
pub fn of_page_too_far(asked: u64) -> String {
    format!("Page {} does not exist; this is the last.", grouped(asked))
}

/// The sentences, above the rows.
#[component]
pub fn Notes(
    /// The sentences.
    notes: Vec<String>,
) -> impl IntoView {
    (!notes.is_empty()).then(|| {
        view! {
            <ul class="notes" aria-label="Notes">
                {notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
            </ul>
        }
    })
}
