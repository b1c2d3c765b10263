//! The keys of the Logs tab, and the switch that turns them off.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use crate::ui::{icon::Icon, shortcuts};

const KEYS: [(&str, &str); 20] = [
    ("/", "Search"),
    ("j  k", "Next, previous row"),
    ("↓  ↑", "Next, previous row, in the table"),
    ("Home  End", "First, last row, in the table"),
    ("[  ]", "Previous, next page"),
    ("g", "Page number"),
    ("Enter", "Open the entry of the row"),
    ("x", "Select the row, or no longer; with Ctrl or ⌘ and a click, too"),
    ("Shift ↓  Shift ↑", "Select up to the next, previous row; with Shift and a click, too"),
    ("Esc", "Select nothing; close what is open"),
    ("f", "Only what holds the focused value, else the row’s user"),
    ("Shift F", "All but that"),
    ("a", "Add a filter"),
    ("t", "Time range"),
    ("n", "Show the new entries"),
    ("l", "Follow the log live"),
    ("e", "Export"),
    ("y", "Copy the link to this view"),
    ("Shift X", "Clear search and filters"),
    ("?", "This help"),
];

/// Fixed words only: nothing to escape, and nothing to keep a view of.
fn keymap() -> String {
    let pair = |(keys, does): (&str, &str)| {
        let keys: String = keys.split("  ").map(|key| format!("<kbd>{key}</kbd>")).collect();
        format!("<div class=\"pair\"><dt>{does}</dt><dd>{keys}</dd></div>")
    };
    KEYS.map(pair).concat()
}

fn dialog() -> Option<HtmlDialogElement> {
    document().get_element_by_id("keys")?.dyn_into().ok()
}

/// Opens the dialog; the browser moves the focus into it, and back when it closes.
pub fn open() {
    if let Some(dialog) = dialog() {
        // It fails only where the dialog is open already.
        let _open = dialog.show_modal();
    }
}

/// The dialog, closed.
#[component]
pub fn Help() -> impl IntoView {
    let (off, set_off) = signal(false);
    Effect::new(move |_| set_off.set(shortcuts::turned_off()));
    view! {
        <dialog id="keys" class="dialog" aria-labelledby="keys-title">
            <header class="head">
                <h2 id="keys-title">"Keyboard shortcuts"</h2>
                <form method="dialog">
                    <button class="button quiet square" aria-label="Close">
                        <Icon of=Icon::Close />
                    </button>
                </form>
            </header>
            <dl class="body keymap" inner_html=keymap()></dl>
            <footer class="foot">
                <label>
                    <input
                        type="checkbox"
                        prop:checked=move || !off.get()
                        on:change=move |event| {
                            let off = !event_target_checked(&event);
                            shortcuts::turn_off(off);
                            set_off.set(off);
                        }
                    />
                    " Single keys are on"
                </label>
            </footer>
        </dialog>
    }
}
