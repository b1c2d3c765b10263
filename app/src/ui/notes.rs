//! What the page could not take from its URL, said where it is seen.

use leptos::prelude::*;

use crate::{query::BadParameter, session::viewer::say, ui::number::grouped, words::Language};

/// One sentence for each parameter that got its default.
pub fn of_bad_parameters(bad: &[BadParameter], say: Language) -> Vec<String> {
    bad.iter().map(|bad| say.left_out(&bad.parameter, bad.takes.in_words(say))).collect()
}

/// The sentence for a page past the end.
pub fn of_page_too_far(asked: u64, say: Language) -> String {
    say.page_too_far(grouped(asked, say))
}

/// The sentences, above the rows.
#[component]
pub fn Notes(
    /// The sentences.
    notes: Vec<String>,
) -> impl IntoView {
    (!notes.is_empty()).then(|| {
        view! {
            <ul class="notes" aria-label=say().notes()>
                {notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
            </ul>
        }
    })
}
