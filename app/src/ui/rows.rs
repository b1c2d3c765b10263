//! Walking the rows of a table by keyboard. The table is one tab stop: one row carries it, and the
//! arrow keys hand it on.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// Where to go from the row that has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    /// One down.
    Next,
    /// One up.
    Previous,
    /// To the top.
    First,
    /// To the bottom.
    Last,
    /// Nowhere else.
    Stay,
}

fn rows() -> Vec<HtmlElement> {
    let Ok(list) = document().query_selector_all(".rows tbody tr") else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|index| list.item(index)?.dyn_into::<HtmlElement>().ok())
        .collect()
}

/// Gives the tab stop to the first row, where no row has it.
pub fn give_tab_stop() {
    let rows = rows();
    if !rows.iter().any(|row| row.tab_index() == 0)
        && let Some(first) = rows.first()
    {
        first.set_tab_index(0);
    }
}

/// Moves the focus; from outside the table it goes to the row that has the tab stop.
pub fn walk(to: Walk) {
    let rows = rows();
    let Some(last) = rows.len().checked_sub(1) else {
        return;
    };
    let focused = document().active_element();
    let inside =
        rows.iter().position(|row| focused.as_deref().is_some_and(|f| row.contains(Some(f))));
    let target = match (to, inside) {
        (Walk::First, _) => 0,
        (Walk::Last, _) => last,
        (Walk::Stay, Some(at)) => at,
        (Walk::Next, Some(at)) => (at + 1).min(last),
        (Walk::Previous, Some(at)) => at.saturating_sub(1),
        (_, None) => rows.iter().position(|row| row.tab_index() == 0).unwrap_or(0),
    };
    focus_one(&rows, target);
}

/// `j` and `k`, from anywhere on the page; says whether the key was one of them.
pub fn walk_by_letter(key: &str) -> bool {
    let to = match key {
        "j" => Walk::Next,
        "k" => Walk::Previous,
        _ => return false,
    };
    walk(to);
    true
}

/// Arrows, Home and End, for the table's own key handler.
pub fn walk_by_key(event: KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() {
        return;
    }
    let to = match event.key().as_str() {
        "ArrowDown" => Walk::Next,
        "ArrowUp" => Walk::Previous,
        "Home" => Walk::First,
        "End" => Walk::Last,
        _ => return,
    };
    event.prevent_default();
    walk(to);
}

/// Which row this is, from the top.
pub fn nth(row: &HtmlElement) -> Option<usize> {
    rows().iter().position(|other| other == row)
}

/// Which row has the focus, or holds what has it.
pub fn focused() -> Option<usize> {
    let focused = document().active_element()?;
    rows().iter().position(|row| row.contains(Some(&focused)))
}

/// Whether the focus is among the rows.
pub fn have_focus() -> bool {
    focused().is_some()
}

/// Gives the focus to the row number `nth`, and the tab stop.
pub fn focus(nth: usize) {
    focus_one(&rows(), nth);
}

fn focus_one(rows: &[HtmlElement], nth: usize) {
    for row in rows {
        row.set_tab_index(-1);
    }
    if let Some(row) = rows.get(nth) {
        row.set_tab_index(0);
        let _focused = row.focus();
    }
}

/// Marks the rows as selected that `is` says of, and no others.
pub fn select(is: impl Fn(usize) -> bool) {
    for (nth, row) in rows().iter().enumerate() {
        let _marked = if is(nth) {
            row.set_attribute("aria-selected", "true")
        } else {
            row.remove_attribute("aria-selected")
        };
    }
}

/// Marks the row number `nth` as the current one, and no other; it gets the tab stop.
pub fn mark(nth: Option<usize>) {
    let marked = document().query_selector(".rows tbody tr[aria-current]").ok().flatten();
    if nth.is_none() && marked.is_none() {
        return;
    }
    if let Some(marked) = marked {
        let _unmarked = marked.remove_attribute("aria-current");
    }
    let rows = rows();
    if let Some(row) = nth.and_then(|nth| rows.get(nth)) {
        let _marked = row.set_attribute("aria-current", "true");
        for other in &rows {
            other.set_tab_index(-1);
        }
        row.set_tab_index(0);
    }
}
