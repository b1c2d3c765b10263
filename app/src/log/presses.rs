//! What is pressed in the rows and in the parts that the server wrote: one listener for all of it.

use std::{sync::Arc, time::Duration};

use leptos::{
    ev::{KeyboardEvent, MouseEvent, SubmitEvent},
    leptos_dom::helpers::debounce,
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{
    Element, HtmlAnchorElement, HtmlButtonElement, HtmlElement, HtmlFormElement, HtmlInputElement,
};

use super::{
    columns::Columns,
    copy::{Copied, CopyAs},
    drawer::show_nth,
    entry::Entry,
    export::Exporting,
    filter::{Field, Filter},
    selection::Selection,
    table::Found,
    view::{LogView, Open},
    views,
};
use crate::{
    place::{History, Place, place},
    query::{Listing, UrlQuery},
    shell::Told,
    ui::{device, rows},
    words::Language,
};

/// How long typing must rest before it is followed.
const PAUSE: Duration = Duration::from_millis(200);

/// The links that stand around the rows.
const AROUND: &str = ":is(.chips, .time-menu, .strip-host) a[href]";

/// The links that show another view, order and all.
const VIEWS: &str = ".views-menu a[href]";

/// Shows what is cut off of a text while the pointer is on it.
pub fn show_all(event: &MouseEvent) {
    let cell = target(event)
        .and_then(|target| closest::<HtmlElement>(&target, ".rows tbody :is(.by, .open, .op)"));
    if let Some(cell) = cell {
        cell.set_title(&cell.text_content().unwrap_or_default());
    }
}

/// The value that a button in a row shows. What it would send is that of the entry that the row came with.
fn shown_by(button: &HtmlButtonElement) -> String {
    let text = button.query_selector("bdi, .badge").ok().flatten();
    text.and_then(|text| text.text_content()).unwrap_or_default()
}

/// A press that wants the page itself to change.
fn plain(event: &MouseEvent) -> bool {
    let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    event.button() == 0 && !elsewhere
}

/// What the listeners work with.
#[derive(Clone, Copy)]
pub struct Presses {
    /// The tab's path.
    pub path: StoredValue<String>,
    /// What the tab shows, pinned.
    pub view: Memo<LogView>,
    /// The page that is shown.
    pub found: Memo<Option<Arc<Found>>>,
    /// The rows that are selected.
    pub selection: Selection,
    /// The exports.
    pub exporting: Exporting,
    /// The columns that are shown.
    pub columns: Memo<Columns>,
    /// The line in which the page says what was done.
    pub told: Told,
    /// The language that the page speaks: where something is pressed, no context tells it.
    pub say: Language,
}

fn target(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn closest<T: JsCast>(element: &Element, selector: &str) -> Option<T> {
    element.closest(selector).ok()??.dyn_into().ok()
}

impl Presses {
    fn place(self) -> Place {
        place()
    }

    /// A press anywhere in the tab.
    pub fn click(self, event: &MouseEvent) {
        let Some(target) = target(event) else { return };
        if event.default_prevented() {
            return;
        }
        if let Some(nth) = to_select(event, &target) {
            self.select(nth, event.shift_key());
            event.prevent_default();
            return;
        }
        if let Some(button) = closest::<HtmlButtonElement>(&target, "button") {
            if self.press(&button, event.alt_key()) {
                event.prevent_default();
            }
            return;
        }
        let link = closest::<HtmlAnchorElement>(&target, AROUND);
        if let Some(link) = link.filter(|_| plain(event)) {
            let (view, _) = LogView::read(link.search().trim_start_matches('?'));
            self.go(view, History::Push);
            event.prevent_default();
            return;
        }
        if let Some(link) = closest::<HtmlAnchorElement>(&target, VIEWS).filter(|_| plain(event)) {
            crate::ui::close_menu(event);
            self.place().go(&(link.pathname() + &link.search()), History::Push);
            event.prevent_default();
            return;
        }
        if let Some(step) = closest::<HtmlElement>(&target, "[data-step]") {
            if self.step(step.dataset().get("step").as_deref() == Some("next")) {
                event.prevent_default();
            }
            return;
        }
        if closest::<Element>(&target, "a, summary, input, select, label").is_none()
            && let Some(row) = closest::<HtmlElement>(&target, ".rows tbody tr")
            && nothing_is_selected()
            && let Some(nth) = rows::nth(&row)
        {
            show_nth(self.view, self.found, &self.path.get_value(), nth);
        }
    }

    /// The pointer goes down: where that selects rows, it selects no text.
    pub fn down(self, event: &MouseEvent) {
        if event.shift_key() && target(event).is_some_and(|at| to_select(event, &at).is_some()) {
            event.prevent_default();
        }
    }

    /// Selects the row number `nth`, or no longer; or the stretch from the row with the focus to it.
    fn select(self, nth: usize, stretch: bool) {
        if stretch {
            self.selection.stretch(rows::focused().unwrap_or(nth), nth);
        } else {
            self.selection.toggle(nth);
        }
        rows::focus(nth);
    }

    /// Says whether the button did something here.
    fn press(self, button: &HtmlButtonElement, other_way: bool) -> bool {
        let data = button.dataset();
        if let Some(text) = data.get("copy") {
            self.copy(&text, self.say.copied());
        } else if let Some(name) = data.get("copyAs") {
            self.copy_rows(&name);
        } else if data.get("copyLink").is_some() {
            self.copy_link();
        } else if let Some(id) = data.get("deviceZone") {
            let field = document().get_element_by_id(&id);
            let field = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
            if let (Some(field), Some(zone)) = (field, device::zone()) {
                field.set_value(&zone);
            }
        } else if button.get_attribute("form").as_deref() == Some("by") {
            self.filter(&button.name(), shown_by(button), other_way);
        } else if button.get_attribute("form").as_deref() == Some("at") {
            let Some(row) = closest::<HtmlElement>(button, "tr") else { return false };
            let Some(nth) = rows::nth(&row) else { return false };
            show_nth(self.view, self.found, &self.path.get_value(), nth);
        } else {
            return false;
        }
        true
    }

    /// A single key that no control claims; says whether it was used.
    pub fn letter(self, key: &str) -> bool {
        match key {
            "y" => self.copy_link(),
            "f" | "F" => return self.filter_row(key == "F"),
            "Escape" => return self.selection.clear() || self.close_entry(),
            "x" => match rows::focused() {
                Some(nth) => self.select(nth, false),
                None => return false,
            },
            "j" | "k" if self.is_open() && !rows::have_focus() => return self.step(key == "j"),
            letter => {
                if !rows::walk_by_letter(letter) {
                    return false;
                }
                // The drawer goes along.
                if self.is_open()
                    && let Some(nth) = rows::focused()
                {
                    show_nth(self.view, self.found, &self.path.get_value(), nth);
                }
            }
        }
        true
    }

    fn is_open(self) -> bool {
        self.view.with_untracked(|view| view.open.entry.is_some())
    }

    /// Filters by the value that has the focus, or else by the row's user.
    fn filter_row(self, not: bool) -> bool {
        let focused = document().active_element();
        let button = focused.and_then(|focused| focused.dyn_into::<HtmlButtonElement>().ok());
        if let Some(button) = button.filter(|b| b.get_attribute("form").as_deref() == Some("by")) {
            self.filter(&button.name(), shown_by(&button), not);
            return true;
        }
        let user = rows::focused().and_then(|nth| {
            self.found
                .with_untracked(|found| Some(found.as_ref()?.page.entries.get(nth)?.user.clone()))
        });
        let Some(user) = user else { return false };
        self.filter(Field::User.name(), user, not);
        true
    }

    fn close_entry(self) -> bool {
        let view = self.view.get_untracked();
        if view.open.entry.is_none() {
            return false;
        }
        self.place().go(&view.with_entry(None).href(&self.path.get_value()), History::Push);
        true
    }

    /// Has only what holds `value`, or all but that.
    pub fn filter(self, name: &str, value: String, not: bool) {
        let Some(field) = Field::ALL.into_iter().find(|field| field.name() == name) else { return };
        let filter = Filter { not, ..Filter::is(field, value) };
        let view = self.view.get_untracked();
        let open = Open { entry: None, ..view.open };
        let next = LogView { query: view.query.with_filter(filter), open };
        self.place().go(&next.href(&self.path.get_value()), History::Push);
    }

    /// To the entry that stands before or after the one that is open, on this page.
    pub fn step(self, next: bool) -> bool {
        let open = self.view.with_untracked(|view| view.open.entry);
        let nth = self
            .found
            .get_untracked()
            .and_then(|found| found.page.entries.iter().position(|entry| Some(entry.seq) == open));
        let Some(nth) = nth else { return false };
        let nth = if next { nth + 1 } else { nth.wrapping_sub(1) };
        let there = self.found.with_untracked(|found| {
            found.as_ref().is_some_and(|found| nth < found.page.entries.len())
        });
        if there {
            show_nth(self.view, self.found, &self.path.get_value(), nth);
        }
        there
    }

    /// Copies `text`, and says `done`. Browsers let a page do that only where nobody can listen in between (https,
    /// or this machine).
    pub fn copy(self, text: &str, done: impl Into<String>) {
        if window().is_secure_context() {
            let _copying = window().navigator().clipboard().write_text(text);
            self.told.show(done);
        }
    }

    /// Copies the selected rows, or all of the page where none is.
    fn copy_rows(self, name: &str) {
        let (Some(copy_as), Some(found)) = (
            CopyAs::ALL.into_iter().find(|copy_as| copy_as.name() == name),
            self.found.get_untracked(),
        ) else {
            return;
        };
        let page = &found.page;
        let entries: Vec<&Entry> =
            page.entries.iter().filter(|entry| self.selection.takes(entry.seq)).collect();
        let columns = self.columns.get_untracked();
        let copied = Copied { columns: columns.as_slice(), zone: &page.zone, say: self.say };
        let done = match entries.len() {
            1 => self.say.copied_one(name),
            rows => self.say.copied_rows(rows, name),
        };
        self.copy(&copied.write(&entries, copy_as), done);
    }

    /// Copies the address of what is shown.
    pub fn copy_link(self) {
        if let Ok(link) = window().location().href() {
            self.copy(&link, self.say.link_copied());
        }
    }

    /// Escape closes what it is pressed in, and the drawer from anywhere.
    pub fn key(self, event: &KeyboardEvent) {
        let Some(target) = target(event) else { return };
        match event.key().as_str() {
            "Escape" => {
                let close = closest::<Element>(&target, ".facet, .drawer")
                    .and_then(|part| part.query_selector("[data-escape]").ok().flatten());
                if let Some(close) = close.and_then(|close| close.dyn_into::<HtmlElement>().ok()) {
                    event.prevent_default();
                    close.click();
                } else if let Some(menu) = closest::<Element>(&target, "details.menu[open]") {
                    let _closed = menu.remove_attribute("open");
                    if let Some(summary) = menu.query_selector("summary").ok().flatten()
                        && let Ok(summary) = summary.dyn_into::<HtmlElement>()
                    {
                        let _focused = summary.focus();
                    }
                }
            }
            arrow @ ("ArrowDown" | "ArrowUp") if event.shift_key() => {
                if let Some(from) = rows::focused() {
                    event.prevent_default();
                    let down = arrow == "ArrowDown";
                    rows::walk(if down { rows::Walk::Next } else { rows::Walk::Previous });
                    self.selection.stretch(from, rows::focused().unwrap_or(from));
                }
            }
            "Enter" if target.tag_name() == "TR" => {
                if let Some(nth) = target.dyn_ref::<HtmlElement>().and_then(rows::nth) {
                    event.prevent_default();
                    show_nth(self.view, self.found, &self.path.get_value(), nth);
                }
            }
            _ => {}
        }
    }

    /// A form that leads to another state of the page.
    pub fn submit(self, event: &SubmitEvent) {
        let form = target(event).and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let Some(form) = form else { return };
        if let Some(what) = form.dataset().get("view") {
            if views::fill(&form, &self.view.get_untracked().query, &self.columns.get_untracked())
                && what == "link"
            {
                event.prevent_default();
                views::copy_link(self, &form);
            }
            return;
        }
        if form.has_attribute("data-go") {
            self.follow(&form, History::Push);
        } else if let Some(id) = form.dataset().get("export") {
            self.exporting.begin(&form, id);
        } else if form.has_attribute("data-cancel") {
            self.exporting.cancel(&form);
        } else {
            return;
        }
        event.prevent_default();
    }

    /// To another view, in the order and size that rows have now.
    fn go(self, view: LogView, history: History) {
        let listing = self.view.with_untracked(|view| view.query.listing);
        let query = view.query.with_listing(Listing { page: 1, ..listing });
        self.place().go(&LogView { query, ..view }.href(&self.path.get_value()), history);
    }

    fn follow(self, form: &HtmlFormElement, history: History) {
        if let Some(query) = device::form_query(form) {
            // Read and written again, so that what is empty or as always is left out.
            match LogView::read(&query) {
                (view, bad) if bad.is_empty() => self.go(view, history),
                _ => self.place().go(&format!("{}?{query}", self.path.get_value()), history),
            }
        }
    }

    /// Follows what is typed into a form that wants it, when typing rests.
    pub fn typing(self) -> impl FnMut(&web_sys::Event) {
        let mut later = debounce(PAUSE, move |form: HtmlFormElement| {
            self.follow(&form, History::Replace);
        });
        move |event| {
            let form = target(event).and_then(|field| closest(&field, "form[data-go=\"typing\"]"));
            if let Some(form) = form {
                later(form);
            }
        }
    }
}

/// The row that a press with Ctrl, ⌘ or Shift selects. Links in it open elsewhere, as links do.
fn to_select(event: &MouseEvent, target: &Element) -> Option<usize> {
    let wanted = event.ctrl_key() || event.meta_key() || event.shift_key();
    if !wanted || closest::<Element>(target, "a").is_some() {
        return None;
    }
    rows::nth(&closest::<HtmlElement>(target, ".rows tbody tr")?)
}

fn nothing_is_selected() -> bool {
    let selection = window().get_selection().ok().flatten();
    selection.is_none_or(|selection| selection.is_collapsed())
}
