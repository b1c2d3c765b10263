//! What stands around the rows: fetched when the question changes, and not when only its page does.

use leptos::prelude::*;

use super::{
    answers::Around,
    api::fetch_around,
    view::{LogView, Open},
};
use crate::{
    answer::{Answer, as_asked, use_answer},
    query::{Listing, UrlQuery},
};

/// The answer about what stands around the rows of the log of `id`.
pub fn use_around(
    id: StoredValue<String>,
    view: Memo<LogView>,
) -> Answer<(String, String), Around> {
    let question = Memo::new(move |_| {
        let asked = view.with(|view| {
            let open = Open { entry: None, export: None, ..view.open.clone() };
            // Order and size change nothing around the rows; links there keep them when they are followed.
            LogView { query: view.query.with_listing(Listing::default()), open }.to_query_string()
        });
        (id.get_value(), asked)
    });
    use_answer(question, |first| first.around.take(), |(id, view)| fetch_around(id, view), as_asked)
}

/// One part of it.
pub fn part(
    answer: Answer<(String, String), Around>,
    pick: fn(&Around) -> &String,
) -> Signal<Option<String>> {
    Signal::derive(move || {
        answer.latest.with(|latest| Some(pick(latest.as_ref()?.1.as_ref().ok()?).clone()))
    })
}
