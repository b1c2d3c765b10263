//! Single keys. What a key does is written at the control itself, as `aria-keyshortcuts`: pressing
//! the key does what pressing the control does.

use std::rc::Rc;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

const OFF: &str = "shortcuts-off";

/// Listens for single keys while the component lives. `other` gets those that no control claims, and
/// says whether it used them. Keys rest in fields, with modifiers, in open dialogs, and when the user
/// has turned them off.
pub fn use_shortcuts(other: impl Fn(&str) -> bool + 'static) {
    let other = Rc::new(other);
    Effect::new(move |_| {
        let other = Rc::clone(&other);
        let listener = window_event_listener(ev::keydown, move |event| {
            if event.default_prevented()
                || event.ctrl_key()
                || event.meta_key()
                || event.alt_key()
                || in_a_field(&event)
                || in_a_dialog()
                || turned_off()
            {
                return;
            }
            let key = if event.key() == "X" { "Shift+X".to_owned() } else { event.key() };
            if press(&key) || other(&key) {
                event.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    });
}

/// Whether the user has turned single keys off, in this browser.
pub fn turned_off() -> bool {
    storage().and_then(|storage| storage.get_item(OFF).ok().flatten()).is_some()
}

/// Turns single keys off or on, in this browser.
pub fn turn_off(off: bool) {
    if let Some(storage) = storage() {
        // A browser that keeps nothing keeps this neither; the keys then stay as they are.
        let _kept = if off { storage.set_item(OFF, "1") } else { storage.remove_item(OFF) };
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn in_a_field(event: &KeyboardEvent) -> bool {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok())
    else {
        return false;
    };
    matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA")
        || element.is_content_editable()
}

fn in_a_dialog() -> bool {
    document().query_selector("dialog:modal").ok().flatten().is_some()
}

fn press(key: &str) -> bool {
    let selector = format!("[aria-keyshortcuts=\"{}\"]:not([aria-disabled])", key.replace('"', ""));
    let Some(control) = document()
        .query_selector(&selector)
        .ok()
        .flatten()
        .and_then(|element| element.dyn_into::<HtmlElement>().ok())
    else {
        return false;
    };
    if let Some(field) = control.dyn_ref::<HtmlInputElement>() {
        let _focused = field.focus();
        field.select();
    } else {
        control.click();
    }
    true
}
