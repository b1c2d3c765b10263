//! A customer's profile: who it is, and the tabs.

use leptos::prelude::*;

use super::{Customer, CustomerType, api, overview::Overview};
use crate::{
    answer::{Answer, as_asked, use_answer},
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
    let customer = use_answer(asked, |first| first.customer.take(), api::fetch_customer, as_asked);
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
                Tab::Logs => view! { <LogTab id=id.get_value() /> }.into_any(),
                _ => view! { <Overview customer /> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Head(customer: Answer<String, Customer>, tab: Memo<Tab>) -> impl IntoView {
    move || {
        let customer = customer.latest.get()?.1.ok()?;
        Some(view! { <ProfileHead customer tab /> })
    }
}

/// Who the customer is, and the profile's tabs.
#[component]
pub fn ProfileHead(
    /// The customer.
    customer: Customer,
    /// The tab that is shown.
    #[prop(into)]
    tab: Signal<Tab>,
) -> impl IntoView {
    let profile = customer.customer_id.profile_path();
    // This installation has a log, and nothing to set or to move.
    let acts = customer.customer_type != CustomerType::Platform;
    let tabs = [
        (Tab::Overview, "", "Overview"),
        (Tab::Logs, "/logs", "Logs"),
        (Tab::Settings, "/settings", "Settings"),
        (Tab::Operations, "/operations", "Operations"),
        (Tab::Financial, "/financial", "Financial"),
    ];
    view! {
        <header class="customer" aria-label="Customer">
            <div class="id">
                <span class="monogram square" aria-hidden="true">
                    {initials(&customer.name)}
                </span>
                <h1>
                    <bdi>{customer.name.clone()}</bdi>
                </h1>
                <span class=customer.status.badge()>{customer.status.label()}</span>
                <p class="meta">
                    <span>{customer.type_label()}</span>
                    <span>"Customer "{customer.customer_id.to_string()}</span>
                    <span>"since "{spoken_date(customer.since)}</span>
                </p>
            </div>
            <nav class="tabs" aria-label="Customer profile">
                {tabs
                    .into_iter()
                    .filter(|(tab, ..)| acts || matches!(tab, Tab::Overview | Tab::Logs))
                    .map(|(this, path, label)| {
                        let mut href = format!("{profile}{path}");
                        if let Some(view) = looker().default_view.filter(|_| this == Tab::Logs) {
                            href = format!("{href}?{view}");
                        }
                        view! {
                            <a
                                href=href
                                aria-current=move || (tab.get() == this).then_some("page")
                            >
                                {label}
                            </a>
                        }
                    })
                    .collect_view()}
            </nav>
        </header>
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
