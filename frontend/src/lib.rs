//! The browser's half: takes over the page that the server sent.

use app::{App, session::viewer::Looker};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};

/// Called by the page's script once the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let root = document()
        .document_element()
        .and_then(|root| root.dyn_into::<web_sys::HtmlElement>().ok());
    let looker = root
        .as_ref()
        .and_then(|root| root.dataset().get("looker"))
        .and_then(|looker| serde_json::from_str::<Looker>(&looker).ok())
        .unwrap_or_default();
    leptos::mount::hydrate_body(move || {
        provide_context(looker);
        view! { <App /> }
    });
    if let Some(root) = root {
        // Controls that need a script show themselves from here on.
        let _ready = root.dataset().set("script", "");
    }
}
