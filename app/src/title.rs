//! What the browser's tab says.

use leptos::prelude::*;

use crate::place::{Page, Tab};

/// The title of `page`; `customer` is the name of the one that a profile is about, where it is known.
pub fn title(page: &Page, customer: Option<&str>) -> String {
    let page = match (page, customer) {
        (Page::Customers, _) => "Customers".to_owned(),
        (Page::Profile(_, Tab::Overview), Some(name)) => name.to_owned(),
        (Page::Profile(_, Tab::Logs), Some(name)) => format!("Logs · {name}"),
        (Page::Profile(_, Tab::Settings), Some(name)) => format!("Settings · {name}"),
        (Page::Profile(_, Tab::Operations), Some(name)) => format!("Operations · {name}"),
        (Page::Profile(_, Tab::Financial), Some(name)) => format!("Financial · {name}"),
        _ => "Not found".to_owned(),
    };
    format!("{page} · Customer Logs")
}

/// Keeps the tab's title at `title`. The first stands in the document.
pub fn use_title(title: impl Fn() -> Option<String> + 'static) {
    Effect::new(move |_| {
        if let Some(title) = title() {
            document().set_title(&title);
        }
    });
}
