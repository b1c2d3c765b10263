//! A customer's profile: who it is, and the tabs.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_params_map},
};

use super::{Customer, api};
use crate::{
    error::AppError,
    session::viewer::{Viewer, looker},
    shell::initials,
    ui::time::spoken_date,
};

/// The customer that the profile is about, for the tabs.
#[derive(Clone, Copy)]
pub struct Profiled(pub Resource<Result<Customer, AppError>>);

/// The profile's frame. The tab that the URL names stands in it.
#[component]
pub fn Profile() -> impl IntoView {
    let own = looker().viewer.as_ref().is_some_and(Viewer::is_customer);
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("customer_id").unwrap_or_default()));
    let customer = Resource::new_blocking(move || id.get(), api::fetch_customer);
    provide_context(Profiled(customer));

    view! {
        <main id="content" tabindex="-1">
            {if own {
                view! { <OwnHead /> }.into_any()
            } else {
                view! { <Head customer /> }.into_any()
            }} <Outlet />
        </main>
    }
}

#[component]
fn Head(customer: Resource<Result<Customer, AppError>>) -> impl IntoView {
    let path = use_location().pathname;
    view! {
        <Transition fallback=|| {
            view! { <header class="customer" aria-label="Customer"></header> }
        }>
            {move || Suspend::new(async move {
                customer
                    .await
                    .ok()
                    .map(|customer| {
                        let profile = customer.customer_id.profile_path();
                        let logs = customer.customer_id.logs_path();
                        let name = customer.name.clone();
                        let on_logs = {
                            let logs = logs.clone();
                            Memo::new(move |_| path.get() == logs)
                        };
                        view! {
                            <Title text=move || {
                                if on_logs.get() { format!("Logs · {name}") } else { name.clone() }
                            } />
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
                                        aria-current=move || (!on_logs.get()).then_some("page")
                                    >
                                        "Overview"
                                    </a>
                                    <a
                                        href=logs
                                        aria-current=move || on_logs.get().then_some("page")
                                    >
                                        "Logs"
                                    </a>
                                </nav>
                            </header>
                        }
                    })
            })}
        </Transition>
    }
}

#[component]
fn OwnHead() -> impl IntoView {
    view! {
        <Title text="Your logs" />
        <header class="title">
            <h1>"Your logs"</h1>
            <p>
                "Everything that was done on your account, by you, by us or by an app you connected. Entries are never changed or removed."
            </p>
        </header>
    }
}
