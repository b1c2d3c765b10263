//! Live: the log's tail is followed, and what is new comes in by itself where nobody is reading what it would move.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{EventSource, MessageEvent};

use super::{entry::LogColumn, view::LogView};
use crate::{
    place::{History, place},
    query::{Column, query_string},
    ui::{local::Local, rows},
};

/// What is new comes in together, at most so often.
const TOGETHER: Duration = Duration::from_millis(300);
/// Further down than this, in pixels, rows are being read.
const TOP: f64 = 160.0;

/// The connection to the log's tail, while it is wanted and the page is seen.
#[derive(Clone, Copy)]
pub struct Tail {
    id: StoredValue<String>,
    /// The number of the log's newest entry, as far as anybody told.
    newest: RwSignal<u64>,
    source: Local<Open>,
}

struct Open {
    source: EventSource,
    _heard: Closure<dyn FnMut(MessageEvent)>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.source.close();
    }
}

impl Tail {
    /// The tail of the log of `id`; it tells `newest`.
    pub fn new(id: StoredValue<String>, newest: RwSignal<u64>) -> Self {
        Self { id, newest, source: Local::default() }
    }

    /// Whether the newest entry is told without being asked for.
    pub fn tells(self) -> bool {
        self.source.look(|open| open.source.ready_state()) == Some(EventSource::OPEN)
    }

    fn open(self) {
        let query = query_string([("customer_id", self.id.get_value())]);
        let Ok(source) = EventSource::new(&format!("/fn/log-tail?{query}")) else { return };
        let newest = self.newest;
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // The id of what is told is the entry's number. After a lost connection the browser comes back by
            // itself, and is told at once: nothing is missed, and nothing comes twice.
            if let Ok(told) = event.last_event_id().parse::<u64>() {
                newest.update(|newest| *newest = told.max(*newest));
            }
        });
        let listener = heard.as_ref().unchecked_ref();
        let _listening = source.add_event_listener_with_callback("newest", listener);
        self.source.put(Open { source, _heard: heard });
    }

    fn close(self) {
        drop(self.source.take());
    }

    /// Follows the tail while `live` and the page can be seen.
    pub fn follow(self, live: RwSignal<bool>) {
        let update = move || {
            let wanted = live.try_get_untracked() == Some(true) && !document().hidden();
            let is_open = self.source.look(|_| ()).is_some();
            match (wanted, is_open) {
                (true, false) => self.open(),
                (false, true) => self.close(),
                _ => {}
            }
        };
        Effect::new(move |_| {
            let _changed = live.get();
            update();
        });
        Effect::new(move |_| {
            let turned = window_event_listener_untyped("visibilitychange", move |_| update());
            on_cleanup(move || {
                turned.remove();
                self.close();
            });
        });
    }
}

/// Takes in what is new as it comes, while `live`: `count` says how much there is, `busy` whether rows are on their way.
pub fn take_in_live(
    live: RwSignal<bool>,
    count: Signal<u64>,
    busy: RwSignal<bool>,
    view: Memo<LogView>,
    path: StoredValue<String>,
) {
    let place = place();
    let waiting = StoredValue::new(false);
    Effect::new(move |_| {
        let wanted = live.get() && count.get() > 0 && !busy.get();
        if !wanted || waiting.get_value() {
            return;
        }
        waiting.set_value(true);
        set_timeout(
            move || {
                if waiting.try_set_value(false).is_some() || busy.get_untracked() {
                    return;
                }
                let view = view.get_untracked();
                if live.get_untracked() && is_at_its_newest(&view) && nobody_reads() {
                    let next = LogView { query: view.query.unpinned(), ..view };
                    place.go(&next.href(&path.get_value()), History::Replace);
                }
            },
            TOGETHER,
        );
    });
}

/// Whether the view shows the newest entries on top.
fn is_at_its_newest(view: &LogView) -> bool {
    let listing = view.query.listing;
    listing.page == 1
        && listing.sort == LogColumn::DEFAULT
        && view.open.entry.is_none()
        && view.open.export.is_none()
}

/// Whether nothing that somebody reads would move.
fn nobody_reads() -> bool {
    let down = window().scroll_y().unwrap_or_default();
    let selection = window().get_selection().ok().flatten();
    down < TOP
        && !document().hidden()
        && !rows::have_focus()
        && selection.is_none_or(|selection| selection.is_collapsed())
}
