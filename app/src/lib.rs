//! What browser and server share: the types of the log, the functions that cross the wire, and the
//! screen itself. There is no SQL in here, and nothing that knows of Postgres.

// The types of views nest deeply.
#![recursion_limit = "256"]

pub mod ahead;
pub mod answer;
#[cfg(feature = "ssr")]
pub mod api_docs;
#[cfg(feature = "ssr")]
pub mod backend;
pub mod customer;
pub mod error;
pub mod log;
pub mod money;
pub mod operation;
pub mod place;
pub mod query;
pub mod session;
pub mod shell;
pub mod title;
pub mod ui;
pub mod words;
pub mod zone;

use leptos::prelude::*;

use customer::{list::CustomerList, profile::Profile};
use place::{Page, place};
use shell::{NotFound, Shell};

/// The page that the address names, in its frame.
#[component]
pub fn App() -> impl IntoView {
    let path = place().path();
    // A profile stays while its tabs change.
    let page = Memo::new(move |_| match path.with(|path| Page::at(path)) {
        Page::Profile(id, _) => Page::Profile(id, place::Tab::Overview),
        page => page,
    });
    view! {
        <Shell>
            {move || match page.get() {
                Page::Customers => view! { <CustomerList /> }.into_any(),
                Page::Profile(id, _) => view! { <Profile id /> }.into_any(),
                Page::Unknown => view! { <NotFound /> }.into_any(),
            }}
        </Shell>
    }
}
