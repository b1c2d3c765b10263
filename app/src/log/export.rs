//! Taking a log away: the dialog that the server writes, and following an export that goes on. The file itself goes
//! from the server to the browser's downloads; the page asks how far it is once a second, and only while one goes on.

use std::time::Duration;

use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlFormElement};

use super::{
    answers::{Exports, Running},
    api::fetch_exports,
    view::{Export, LogView},
};
use crate::{
    answer::{Answer, as_asked, use_answer},
    error::AppError,
    place::{History, place},
    session::viewer::say,
    shell::{Told, use_told},
    ui::{device, focus, fragment::Fragment},
};

/// How often it is asked how far an export is.
const PULSE: Duration = Duration::from_secs(1);

/// The exports of one log, as far as the page knows of them.
#[derive(Clone, Copy)]
pub struct Exporting {
    path: StoredValue<String>,
    view: Memo<LogView>,
    /// What is asked: whose log, and the view; no view while the dialog is closed.
    question: Memo<(String, String)>,
    answer: Answer<(String, String), Exports>,
    /// The export that is followed.
    followed: RwSignal<Option<String>>,
    /// The one that goes on.
    pub running: RwSignal<Option<Running>>,
    /// Whether it will be asked in a moment.
    waiting: StoredValue<bool>,
    said: StoredValue<String>,
    told: Told,
}

impl Exporting {
    /// The exports of the log of `id`.
    pub fn new(id: StoredValue<String>, path: StoredValue<String>, view: Memo<LogView>) -> Self {
        let question = Memo::new(move |_| {
            let asked = view.with(|view| match view.open.export {
                Some(_) => view.to_query_string(),
                None => String::new(),
            });
            (id.get_value(), asked)
        });
        let answer = use_answer(
            question,
            |first| first.exports.take(),
            |(id, view)| async move {
                // The dialog is closed: nothing is asked.
                if view.is_empty() {
                    return Ok(Exports::default());
                }
                fetch_exports(id, view, String::new()).await
            },
            as_asked,
        );
        let this = Self {
            path,
            view,
            question,
            answer,
            followed: RwSignal::new(None),
            running: RwSignal::new(None),
            waiting: StoredValue::new(false),
            said: StoredValue::new(String::new()),
            told: use_told(),
        };
        // Whoever opens the dialog learns of an export that was begun elsewhere.
        Effect::new(move |_| {
            let heard = answer.latest.with(|latest| match latest {
                Some(((_, view), Ok(exports))) if !view.is_empty() => exports.running.clone(),
                _ => None,
            });
            if let Some(running) = heard
                && this.followed.with_untracked(Option::is_none)
            {
                this.follow(running.id);
            }
        });
        this
    }

    /// The way to the dialog that shows this.
    pub fn href(self, export: Export) -> String {
        self.view.with(|view| view.with_export(Some(export)).href(&self.path.get_value()))
    }

    /// Begins the export that `form` asks for, under this id.
    pub fn begin(self, form: &HtmlFormElement, id: String) {
        let action = form.get_attribute("action").unwrap_or_default();
        let Some(asked) = device::form_query(form) else { return };
        device::download(&format!("{action}?{asked}"));
        let next = self.view.with_untracked(|view| view.with_export(Some(Export::Of(id.clone()))));
        place().go(&next.href(&self.path.get_value()), History::Replace);
        self.follow(id);
    }

    /// Ends the export that `form` belongs to.
    pub fn cancel(self, form: &HtmlFormElement) {
        let action = form.get_attribute("action").unwrap_or_default();
        let Some(sent) = device::form_query(form) else { return };
        spawn_local(async move {
            // Whether it was, is seen in a moment.
            let _answer = device::post(&action, &sent).await;
            self.ask_soon();
        });
    }

    fn follow(self, id: String) {
        self.said.set_value(String::new());
        self.followed.set(Some(id));
        self.ask_soon();
    }

    fn ask_soon(self) {
        if !self.waiting.get_value() {
            self.waiting.set_value(true);
            set_timeout(move || self.ask(), PULSE);
        }
    }

    fn ask(self) {
        // The tab may have been left meanwhile.
        let Some(followed) = self.followed.try_get_untracked() else { return };
        let Some(followed) = followed else { return self.waiting.set_value(false) };
        let mut asked = self.question.get_untracked();
        // Only a dialog that shows an export is written anew: where one chooses, what was chosen stays.
        let shows_one = |view: &LogView| matches!(view.open.export, Some(Export::Of(_)));
        if !self.view.with_untracked(shows_one) {
            asked.1.clear();
        }
        spawn_local(async move {
            let (id, view) = asked.clone();
            let answer = fetch_exports(id, view, followed.clone()).await;
            if self.waiting.try_set_value(false).is_some() {
                return;
            }
            match answer {
                Ok(exports) => self.hear(exports, asked, &followed),
                // The file goes on. The next thing that is pressed leads to the sign-in.
                Err(AppError::SignedOut | AppError::NotFound) => self.followed.set(None),
                Err(_) => {}
            }
            if self.followed.with_untracked(Option::is_some) {
                self.ask_soon();
            }
        });
    }

    fn hear(self, exports: Exports, asked: (String, String), followed: &str) {
        self.running.set(exports.running.clone());
        if exports.over && self.followed.with_untracked(|now| now.as_deref() == Some(followed)) {
            self.followed.set(exports.running.as_ref().map(|running| running.id.clone()));
        }
        if !exports.said.is_empty() && self.said.with_value(|said| *said != exports.said) {
            self.said.set_value(exports.said.clone());
            self.told.speak(exports.said.clone());
        }
        if self.question.get_untracked() == asked && !asked.1.is_empty() {
            self.answer.latest.set(Some((asked, Ok(exports))));
        }
    }
}

/// The dialog.
#[component]
pub fn ExportDialog(exporting: Exporting) -> impl IntoView {
    let Exporting { path, view, answer, .. } = exporting;
    let shown = Memo::new(move |_| view.with(|view| view.open.export.clone()));
    let words = say();
    let html = Signal::derive(move || {
        answer.latest.with(|latest| match latest.as_ref()? {
            (_, Ok(exports)) => Some(exports.html.clone()),
            (_, Err(_)) => Some(failed(words.export_failed(), words.close())),
        })
    });
    let dialog = NodeRef::<html::Dialog>::new();
    // It opens when there is something in it, over everything else.
    Effect::new(move |before: Option<Option<Export>>| {
        let (now, _) = (shown.get(), html.get());
        let changed = before.flatten() != now;
        let is_open = now.is_some();
        request_animation_frame(move || {
            let Some(dialog) = dialog.try_get_untracked().flatten() else { return };
            let title = dialog.query_selector("#export-title").ok().flatten();
            if !is_open {
                if dialog.open() {
                    dialog.close();
                    // It goes back to what had it before; where that was nowhere, to what opens the dialog.
                    if focus::is_lost_from(".dialog.export") {
                        focus::give(".bar .export");
                    }
                }
            } else if let Some(title) = title {
                if dialog.matches(":modal").unwrap_or_default() {
                    // What it shows is something else now.
                    if changed && let Ok(title) = title.dyn_into::<HtmlElement>() {
                        let _focused = title.focus();
                    }
                    return;
                }
                // As it came with the page, it was open beside everything else.
                let _closed = dialog.remove_attribute("open");
                let _opened = dialog.show_modal();
            }
        });
        now
    });
    let close = move |_| {
        let open = view.get_untracked();
        if open.open.export.is_some() {
            place().go(&open.with_export(None).href(&path.get_value()), History::Push);
        }
    };
    view! {
        <dialog
            class="dialog export"
            node_ref=dialog
            aria-labelledby="export-title"
            open=shown.get_untracked().is_some()
            on:close=close
        >
            <Fragment class="inside" html />
        </dialog>
    }
}

/// Fixed words only.
fn failed(what: &str, close: &str) -> String {
    format!(
        r#"<header class="head"><h2 id="export-title" tabindex="-1">{what}</h2></header><form method="dialog" class="foot"><button class="button">{close}</button></form>"#
    )
}
