//! What the browser's tab says.

use leptos::prelude::*;

use crate::{
    place::{Page, Tab},
    words::Language,
};

/// The product's name, which is the same in every language.
pub const PRODUCT: &str = "Customer Logs";

/// The title of `page`; `customer` is the name of the one that a profile is about, where it is known.
pub fn title(page: &Page, customer: Option<&str>, language: Language) -> String {
    let page = match (page, customer) {
        (Page::Customers, _) => language.customers().to_owned(),
        (Page::Profile(_, Tab::Overview), Some(name)) => name.to_owned(),
        (Page::Profile(_, tab), Some(name)) => format!("{} · {name}", tab.label(language)),
        _ => language.not_found().to_owned(),
    };
    of_page(&page)
}

/// The title of a page that says of itself what it is.
pub fn of_page(page: &str) -> String {
    format!("{page} · {PRODUCT}")
}

/// Keeps the tab's title at `title`. The first stands in the document.
pub fn use_title(title: impl Fn() -> Option<String> + 'static) {
    Effect::new(move |_| {
        if let Some(title) = title() {
            document().set_title(&title);
        }
    });
}
