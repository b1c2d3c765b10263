//! The keys of the Logs tab, and the switch that turns them off.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use crate::{
    session::viewer::say,
    ui::{icon::Icon, shortcuts},
    words::Language,
};

/// What a key does, in a language.
type Does = fn(Language) -> &'static str;

/// The keys, and what each does.
const KEYS: [(&str, Does); 20] = [
    ("/", Language::search),
    ("j  k", Language::key_rows),
    ("↓  ↑", Language::key_rows_in_table),
    ("Home  End", Language::key_ends),
    ("[  ]", Language::key_pages),
    ("g", Language::key_page_number),
    ("Enter", Language::key_open),
    ("x", Language::key_select),
    ("Shift ↓  Shift ↑", Language::key_select_on),
    ("Esc", Language::key_close),
    ("f", Language::key_only),
    ("Shift F", Language::key_all_but),
    ("a", Language::key_filter),
    ("t", Language::time_range),
    ("n", Language::key_new),
    ("l", Language::key_live),
    ("e", Language::export),
    ("y", Language::key_copy_link),
    ("Shift X", Language::key_clear),
    ("?", Language::key_help),
];

/// Fixed words only: nothing to escape, and nothing to keep a view of.
fn keymap(say: Language) -> String {
    let pair = |(keys, does): (&str, fn(Language) -> &'static str)| {
        let does = does(say);
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
    let say = say();
    let (off, set_off) = signal(false);
    Effect::new(move |_| set_off.set(shortcuts::turned_off()));
    view! {
        <dialog id="keys" class="dialog" aria-labelledby="keys-title">
            <header class="head">
                <h2 id="keys-title">{say.keyboard_shortcuts()}</h2>
                <form method="dialog">
                    <button class="button quiet square" aria-label=say.close()>
                        <Icon of=Icon::Close />
                    </button>
                </form>
            </header>
            <dl class="body keymap" inner_html=keymap(say)></dl>
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
                    " " {say.single_keys_on()}
                </label>
            </footer>
        </dialog>
    }
}
