//! A customer's profile: who it is, and the tabs.

use leptos::prelude::*;

use super::{Customer, api, overview::Overview};
use crate::{
    answer::{Answer, use_answer},
    log::tab::LogTab,
    place::{Page, Tab, place},
    session::viewer::{Viewer, looker},
    shell::initials,
    title::{title, use_title},
    ui::time::spoken_date,
};

/// The profile's frame. The tab that the URL names stands in it.
#[component]
pub fn Profile(
    /// Whose, as it stands in the address.
    id: String,
) -> impl IntoView {
    let own = looker().viewer.as_ref().is_some_and(Viewer::is_customer);
    let id = StoredValue::new(id);
    let asked = Memo::new(move |_| id.get_value());
    let customer = use_answer(asked, |first| first.customer.take(), api::fetch_customer);
    let path = place().path();
    use_title(move || {
        let customer = customer.latest.get()?.1.ok();
        let name = customer.as_ref().map(|customer| customer.name.as_str());
        Some(title(&path.with(|path| Page::at(path)), name))
    });
    let tab = Memo::new(move |_| match path.with(|path| Page::at(path)) {
        Page::Profile(_, tab) => tab,
        _ => Tab::Overview,
    });

    view! {
        <main id="content" tabindex="-1">
            {if own {
                view! { <OwnHead /> }.into_any()
            } else {
                view! { <Head customer tab /> }.into_any()
            }}
            {move || match tab.get() {
                Tab::Overview => view! { <Overview customer /> }.into_any(),
                Tab::Logs => view! { <LogTab id=id.get_value() /> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Head(customer: Answer<String, Customer>, tab: Memo<Tab>) -> impl IntoView {
    let on_logs = move || tab.get() == Tab::Logs;
    view! {
        {move || {
            customer
                .latest
                .get()
                .and_then(|(_, customer)| customer.ok())
                .map(|customer| {
                        let profile = customer.customer_id.profile_path();
                        let logs = customer.customer_id.logs_path();
                        view! {
                            <header class="customer" aria-label="Customer">
                                <div class="id">
                                    <span class="monogram square" aria-hidden="true">
                                        {initials(&customer.name)}
                                    </span>
                                    <h1>
                                        <bdi>{customer.name.clone()}</bdi>
                                    </h1>
                                    <span class=customer
                                        .status
                                        .badge()>{customer.status.label()}</span>
                                    <p class="meta">
                                        <span>{customer.customer_type.label()}</span>
                                        <span>"Customer "{customer.customer_id.to_string()}</span>
                                        <span>"since "{spoken_date(customer.since)}</span>
                                    </p>
                                </div>
                                <nav class="tabs" aria-label="Customer profile">
                                    <a
                                        href=profile
                                        aria-current=move || (!on_logs()).then_some("page")
                                    >
                                        "Overview"
                                    </a>
                                    <a
                                        href=logs
                                        aria-current=move || on_logs().then_some("page")
                                    >
                                        "Logs"
                                    </a>
                                </nav>
                            </header>
                        }
                })
        }}
    }
}

#[component]
fn OwnHead() -> impl IntoView {
    view! {
        <header class="title">
            <h1>"Your logs"</h1>
            <p>
                "Everything that was done on your account, by you, by us or by an app you connected. Entries are never changed or removed."
            </p>
        </header>
    }
}
