//! A part of the page that the server writes, as HTML. Nothing here looks into it; whoever shows it listens to what
//! bubbles out of it.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What can have the focus in a fragment.
const FOCUSABLE: &str = "a[href], button, input, select, summary, [tabindex]";

/// The part. It came with the document, or comes later; the one before stays until then.
#[component]
pub fn Fragment(
    /// Its classes.
    class: &'static str,
    /// The HTML; nothing while the first is awaited.
    html: Signal<Option<String>>,
) -> impl IntoView {
    let host = NodeRef::<html::Div>::new();
    // In the browser this is not looked at: the document has it already.
    let first = html.get_untracked();
    let came_along = first.is_some();
    Effect::new(move |shown: Option<Option<String>>| {
        let now = html.get();
        let before = shown.unwrap_or_else(|| if came_along { now.clone() } else { None });
        if now != before
            && let (Some(now), Some(host)) = (&now, host.get_untracked())
        {
            write(&host, now);
        }
        now.or(before)
    });
    view! { <div class=class node_ref=host inner_html=first.unwrap_or_default()></div> }
}

/// Writes `html` over what `host` shows. What was open stays open, and the focus stays where it was: at the same
/// thing by its id, or else at the one that is in its place now.
fn write(host: &HtmlElement, html: &str) {
    let focused = document().active_element().filter(|focused| host.contains(Some(focused)));
    let id = focused.as_ref().map(Element::id).filter(|id| !id.is_empty());
    let nth = focused.as_ref().and_then(|focused| {
        focusable(host).iter().position(|element| element.is_same_node(Some(focused)))
    });
    let typed = focused.as_ref().and_then(|focused| {
        let field = focused.dyn_ref::<web_sys::HtmlInputElement>()?;
        Some((field.value(), field.selection_start().ok().flatten()))
    });
    let open: Vec<bool> = details(host).iter().map(|one| one.has_attribute("open")).collect();
    host.set_inner_html(html);
    // A menu that a press was made in closes; a list that is read stays.
    for (one, open) in details(host).iter().zip(open) {
        if open && !one.class_list().contains("menu") {
            let _opened = one.set_attribute("open", "");
        }
    }
    if focused.is_none() {
        return;
    }
    let again = id.and_then(|id| document().get_element_by_id(&id));
    let again = again.and_then(|element| element.dyn_into::<HtmlElement>().ok()).or_else(|| {
        let mut all = focusable(host);
        let nth = nth?.min(all.len().checked_sub(1)?);
        Some(all.swap_remove(nth))
    });
    let Some(again) = again else { return };
    let _focused = again.focus();
    if let (Some(field), Some((text, caret))) =
        (again.dyn_ref::<web_sys::HtmlInputElement>(), typed)
    {
        // What was typed since it was asked for is not taken back.
        field.set_value(&text);
        let _set = field.set_selection_range(caret.unwrap_or(0), caret.unwrap_or(0));
    }
}

fn all(host: &HtmlElement, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = host.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|nth| list.item(nth)?.dyn_into().ok()).collect()
}

fn focusable(host: &HtmlElement) -> Vec<HtmlElement> {
    all(host, FOCUSABLE)
}

fn details(host: &HtmlElement) -> Vec<HtmlElement> {
    all(host, "details")
}
