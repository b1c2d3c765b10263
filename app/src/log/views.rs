//! Keeping what the tab shows: the forms of the menu of views learn what that is as they are sent.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlInputElement};

use super::{columns::Columns, presses::Presses, query::LogQuery};
use crate::{query::UrlQuery, session::viewer::say, ui::device};

/// Writes what is shown into the form; says whether it could. The columns go along where they are not the usual ones.
pub fn fill(form: &HtmlFormElement, query: &LogQuery, columns: &Columns) -> bool {
    let field = form.query_selector("input[name=query]").ok().flatten();
    let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) else {
        return false;
    };
    let columns = (*columns != Columns::default()).then(|| columns.clone());
    let query = LogQuery { columns, ..query.clone() };
    field.set_value(&query.to_query_string());
    true
}

/// Makes a short link of what `form` says, and copies it.
pub fn copy_link(presses: Presses, form: &HtmlFormElement) {
    let path = form.get_attribute("action").unwrap_or_default();
    let Some(sent) = device::form_query(form) else { return };
    let spoken = say();
    let told = presses.told;
    spawn_local(async move {
        let made = device::post(&path, &sent).await.ok().flatten();
        let origin = window().location().origin().ok();
        match made.zip(origin) {
            Some((link, origin)) => {
                presses.copy(&format!("{origin}{link}"), spoken.short_link_copied());
            }
            None => told.show(spoken.short_link_failed()),
        }
    });
}
