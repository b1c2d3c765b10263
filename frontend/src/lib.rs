//! The browser's half: takes over the page that the server sent.

use app::{
    App,
    answer::{First, provide_first},
    place::Place,
    session::viewer::Looker,
};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};

/// Called by the page's script once the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let (looker, first) = (sent_along::<Looker>("looker"), sent_along::<First>("first"));
    leptos::mount::hydrate_body(move || {
        provide_context(looker);
        provide_first(first);
        let place = Place::of_browser();
        place.take_over();
        provide_context(place);
        view! { <App /> }
    });
    let root = document().document_element();
    if let Some(root) = root.and_then(|root| root.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Controls that need a script show themselves from here on.
        let _ready = root.dataset().set("script", "");
    }
}

/// A value that the server put into the document.
fn sent_along<T: DeserializeOwned + Default>(id: &str) -> T {
    document()
        .get_element_by_id(id)
        .and_then(|element| element.text_content())
        .and_then(|json| serde_json::from_slice(json.as_bytes()).ok())
        .unwrap_or_default()
}
