//! The drawer: one entry, beside the rows. It is part of the page's address, and takes nothing away from the rest of
//! the page: rows can be walked while it is open.

use std::sync::Arc;

use leptos::prelude::*;

use super::{api::fetch_entry, table::Found, view::LogView};
use crate::{
    answer::{as_asked, use_answer},
    error::AppError,
    place::{History, place},
    session::viewer::say,
    ui::{focus, fragment::Fragment, rows},
};

/// The drawer.
#[component]
pub fn Drawer(
    /// Whose log, as it stands in the address.
    id: StoredValue<String>,
    /// What the tab shows.
    view: Memo<LogView>,
    /// The page that is shown.
    found: Memo<Option<Arc<Found>>>,
) -> impl IntoView {
    let say = say();
    let open = Memo::new(move |_| view.with(|view| view.open.entry));
    let question = Memo::new(move |_| {
        let asked = view.with(|view| view.with_entry(view.open.entry).to_query_string());
        (id.get_value(), asked)
    });
    let answer = use_answer(
        question,
        |first| first.entry.take(),
        |(id, view)| async move {
            // Nothing is open: nothing is asked.
            if view.contains("entry=") { fetch_entry(id, view).await } else { Ok(String::new()) }
        },
        as_asked,
    );
    let html = Signal::derive(move || {
        answer.latest.with(|latest| match latest.as_ref()? {
            (_, Ok(html)) => Some(html.clone()),
            (_, Err(AppError::NotFound)) => Some(in_place_of_entry(say.no_such_entry())),
            (_, Err(_)) => Some(in_place_of_entry(say.entry_not_loaded())),
        })
    });
    mark_row(open, found);
    take_focus(open, html);
    view! {
        <dialog
            class="drawer"
            aria-labelledby="entry-title"
            open=move || open.get().is_some()
        >
            <Fragment class="inside" html />
        </dialog>
    }
}

/// What stands in the drawer where no entry does: fixed words, so nothing is to be escaped.
fn in_place_of_entry(words: &str) -> String {
    format!(r#"<header class="head"><h2 id="entry-title" tabindex="-1">{words}</h2></header>"#)
}

/// Marks the row whose entry is open.
fn mark_row(open: Memo<Option<u64>>, found: Memo<Option<Arc<Found>>>) {
    Effect::new(move |_| {
        let (open, found) = (open.get(), found.get());
        let nth = found
            .and_then(|found| found.page.entries.iter().position(|entry| Some(entry.seq) == open));
        // After the rows were written over.
        request_animation_frame(move || rows::mark(nth));
    });
}

/// The focus enters as the drawer opens, when its entry is there, and goes back to the row as it closes. While it is
/// open, it stays where it is: rows may be walked.
fn take_focus(open: Memo<Option<u64>>, html: Signal<Option<String>>) {
    let entering = StoredValue::new(false);
    Effect::new(move |before: Option<bool>| {
        let (is_open, html) = (open.get().is_some(), html.get());
        // What came open with the page takes no focus.
        let Some(was_open) = before else { return is_open };
        if is_open && !was_open {
            entering.set_value(true);
        }
        if is_open && entering.get_value() && html.is_some_and(|html| !html.is_empty()) {
            entering.set_value(false);
            request_animation_frame(|| focus::give("#entry-title"));
        }
        if was_open && !is_open {
            entering.set_value(false);
            request_animation_frame(|| {
                if focus::is_lost_from(".drawer") {
                    rows::walk(rows::Walk::Stay);
                }
            });
        }
        is_open
    });
}

/// Opens the entry that stands `nth` on the page, in the place of the one that is open.
pub fn show_nth(view: Memo<LogView>, found: Memo<Option<Arc<Found>>>, path: &str, nth: usize) {
    let seq = found.get_untracked().and_then(|found| Some(found.page.entries.get(nth)?.seq));
    let Some(seq) = seq else { return };
    let (href, was_open) = view
        .with_untracked(|view| (view.with_entry(Some(seq)).href(path), view.open.entry.is_some()));
    let history = if was_open { History::Replace } else { History::Push };
    place().go(&href, history);
}
