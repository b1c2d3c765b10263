//! Completion of what is typed into a field: a list under it to choose from, as ARIA's combobox has it. The focus stays
//! in the field. The list is HTML from the server: one listbox with the id `completions` whose options carry the text
//! that the field gets (`data-text`), where the caret is then (`data-caret`), and whether it is to be followed at once
//! (`data-whole`); and what is said of it (`data-said`).

use std::{pin::Pin, time::Duration};

use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    html,
    leptos_dom::helpers::debounce,
    prelude::*,
    task::spawn_local,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// How long typing must rest before the list is asked for.
const PAUSE: Duration = Duration::from_millis(120);

/// A list that is awaited; nothing where there is none to be had.
pub type Awaited = Pin<Box<dyn Future<Output = Option<String>>>>;

/// Asks for the list that belongs to a text and the caret in it, counted as browsers do.
pub type Ask = Callback<(String, u32), Awaited>;

/// The list of a field.
#[derive(Clone, Copy)]
pub struct Completion {
    field: NodeRef<html::Input>,
    list: NodeRef<html::Div>,
    ask: Ask,
    /// What is said of the list.
    said: RwSignal<String>,
    /// Follows a text that was chosen whole.
    follow: Callback<String>,
    /// Which of the questions counts: an answer to an older one comes too late.
    latest: StoredValue<u32>,
    /// Whether something was typed that the list has not been asked for.
    is_due: StoredValue<bool>,
    is_open: RwSignal<bool>,
    /// The id of the option that is marked.
    marked: RwSignal<Option<String>>,
}

impl Completion {
    /// The list of `field`, closed.
    pub fn new(field: NodeRef<html::Input>, ask: Ask, follow: Callback<String>) -> Self {
        Self {
            field,
            list: NodeRef::new(),
            ask,
            said: RwSignal::default(),
            follow,
            latest: StoredValue::new(0),
            is_due: StoredValue::new(false),
            is_open: RwSignal::new(false),
            marked: RwSignal::new(None),
        }
    }

    /// Whether the list is open.
    pub fn is_open(self) -> bool {
        self.is_open.get()
    }

    /// The id of the option that is marked.
    pub fn marked(self) -> Option<String> {
        self.marked.get()
    }

    /// To be called as somebody types: asks when that rests.
    pub fn typing(self) -> impl FnMut() {
        let is_blank =
            move || self.field.get_untracked().is_none_or(|field| field.value().trim().is_empty());
        let mut later = debounce(PAUSE, move |()| {
            // A key may have asked meanwhile, and a row been marked in what it got; or have closed the list.
            if self.is_due.get_value() && !is_blank() {
                self.ask();
            }
        });
        move || {
            // What is shown belongs to what was typed before.
            self.mark(None);
            if is_blank() {
                self.close();
            }
            self.is_due.set_value(true);
            later(());
        }
    }

    /// The next question's number. Nothing is due then: it asks for what was typed, or what was typed is given up.
    fn question(self) -> u32 {
        self.is_due.set_value(false);
        self.latest.update_value(|latest| *latest += 1);
        self.latest.get_value()
    }

    fn ask(self) {
        let Some(field) = self.field.get_untracked() else { return };
        let caret = field.selection_start().ok().flatten().unwrap_or_default();
        let (number, awaited) = (self.question(), self.ask.run((field.value(), caret)));
        spawn_local(async move {
            let html = awaited.await.unwrap_or_default();
            if self.latest.try_get_value() == Some(number) {
                self.show(&html);
            }
        });
    }

    /// Closes the list, and drops the one that is awaited.
    pub fn close(self) {
        self.question();
        self.show("");
    }

    fn show(self, html: &str) {
        let Some(list) = self.list.get_untracked() else { return };
        if html.is_empty() && !self.is_open.get_untracked() {
            return;
        }
        self.marked.set(None);
        list.set_inner_html(html);
        let shown = list.first_element_child();
        self.is_open.set(shown.is_some());
        let said = shown.and_then(|shown| shown.get_attribute("data-said"));
        self.said.set(said.unwrap_or_default());
    }

    fn options(self) -> Vec<HtmlElement> {
        let Some(list) = self.list.get_untracked() else { return Vec::new() };
        let Ok(found) = list.query_selector_all("[role=option]") else { return Vec::new() };
        (0..found.length()).filter_map(|nth| found.item(nth)?.dyn_into().ok()).collect()
    }

    fn mark(self, nth: Option<usize>) {
        let mut marked = None;
        for (place, option) in self.options().into_iter().enumerate() {
            let is = Some(place) == nth;
            let _set = option.set_attribute("aria-selected", if is { "true" } else { "false" });
            if is {
                self.reveal(&option);
                marked = Some(option.id());
            }
        }
        self.marked.set(marked);
    }

    /// Scrolls the list, and nothing but the list, so far that the option is in sight.
    fn reveal(self, option: &HtmlElement) {
        let Some(list) = self.list.get_untracked() else { return };
        let (top, bottom) = (option.offset_top(), option.offset_top() + option.offset_height());
        let shown = list.scroll_top();
        if top < shown {
            list.set_scroll_top(top);
        } else if bottom > shown + list.client_height() {
            list.set_scroll_top(bottom - list.client_height());
        }
    }

    /// To the next option, or the one before; around the ends lies the field, with none.
    fn walk(self, down: bool) {
        let options = self.options();
        let marked = self.marked.get_untracked();
        let now = options.iter().position(|option| Some(option.id()) == marked);
        let last = options.len().checked_sub(1);
        self.mark(match (now, down) {
            (None, true) => last.map(|_| 0),
            (None, false) => last,
            (Some(now), true) => Some(now + 1).filter(|next| Some(*next) <= last),
            (Some(now), false) => now.checked_sub(1),
        });
    }

    /// A key in the field; says whether the list used it.
    pub fn key(self, event: &KeyboardEvent) -> bool {
        // Keys that compose a character are the input method's.
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
        if event.is_composing() || modified {
            return false;
        }
        let open = self.is_open.get_untracked();
        match event.key().as_str() {
            "ArrowDown" if !open => self.ask(),
            key @ ("ArrowDown" | "ArrowUp") if open => self.walk(key == "ArrowDown"),
            "Enter" | "Tab" if open => {
                let marked = self.marked.get_untracked();
                let option = self.options().into_iter().find(|one| Some(one.id()) == marked);
                let Some(option) = option else {
                    self.close();
                    return false;
                };
                self.take(&option);
            }
            "Escape" if open => self.close(),
            _ => return false,
        }
        event.prevent_default();
        event.stop_propagation();
        true
    }

    /// A press on an option.
    fn press(self, event: &MouseEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let option = target.and_then(|target| target.closest("[role=option]").ok().flatten());
        if let Some(option) = option.and_then(|option| option.dyn_into::<HtmlElement>().ok()) {
            self.take(&option);
        }
    }

    fn take(self, option: &HtmlElement) {
        let Some(field) = self.field.get_untracked() else { return };
        let data = option.dataset();
        let text = data.get("text").unwrap_or_default();
        let caret = data.get("caret").and_then(|caret| caret.parse().ok()).unwrap_or_default();
        self.close();
        field.set_value(&text);
        let _set = field.set_selection_range(caret, caret);
        if data.get("whole").is_some() {
            self.follow.run(text);
        } else {
            self.ask();
        }
    }
}

/// Where the list opens.
#[component]
pub fn CompletionList(
    /// The list.
    of: Completion,
) -> impl IntoView {
    view! {
        <div
            class="completions"
            node_ref=of.list
            // The focus stays in the field.
            on:mousedown=|event| event.prevent_default()
            on:click=move |event| of.press(&event)
        ></div>
        // A region of its own: what is found for the text so far is told at the same time.
        <p class="vh" aria-live="polite">
            {of.said}
        </p>
    }
}
