//! Where the focus is, and where it goes.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Gives the focus to the first element that `selector` finds, where there is one.
pub fn give(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _focused = element.focus();
    }
}

/// Whether nothing has the focus, now that what `selector` finds has closed: what had it in there has it until the next
/// frame.
pub fn is_lost_from(selector: &str) -> bool {
    document().active_element().is_none_or(|focused| {
        focused.tag_name() == "BODY" || focused.closest(selector).ok().flatten().is_some()
    })
}
