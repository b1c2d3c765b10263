//! The profile's first tab: what is known of the customer.

use leptos::prelude::*;

use super::Customer;
use crate::{
    answer::Answer,
    error::AppError,
    shell::{Failure, NothingHere},
    ui::{number::grouped, time},
};

/// Name, number, type, status, and how much the log holds.
#[component]
pub fn Overview(
    /// The customer.
    customer: Answer<String, Customer>,
) -> impl IntoView {
    view! {
        <section class="log overview" aria-labelledby="overview-title">
            <h2 class="vh" id="overview-title">
                "Overview"
            </h2>
            {move || {
                Some(
                    match customer.latest.get()?.1 {
                        Ok(customer) => view! { <Facts customer /> }.into_any(),
                        Err(AppError::NotFound) => view! { <NothingHere /> }.into_any(),
                        Err(error) => view! { <Failure what="customer" error /> }.into_any(),
                    },
                )
            }}
        </section>
    }
}

#[component]
fn Facts(customer: Customer) -> impl IntoView {
    let logs = customer.customer_id.logs_path();
    let kind = customer.type_label();
    let last = customer.last_entry_at.map_or_else(
        || view! { <dd>"none yet"</dd> }.into_any(),
        |at| {
            view! {
                <dd>
                    <time datetime=time::rfc3339(at)>{time::spoken(at)}</time>
                    " UTC"
                </dd>
            }
            .into_any()
        },
    );
    view! {
        <dl class="facts">
            <div>
                <dt>"Name"</dt>
                <dd>
                    <bdi>{customer.name}</bdi>
                </dd>
            </div>
            <div>
                <dt>"Number"</dt>
                <dd>{customer.customer_id.to_string()}</dd>
            </div>
            <div>
                <dt>"Type"</dt>
                <dd>{kind}</dd>
            </div>
            <div>
                <dt>"Status"</dt>
                <dd>{customer.status.label()}</dd>
            </div>
            <div>
                <dt>"Customer since"</dt>
                <dd>
                    <time datetime=time::rfc3339(
                        customer.since,
                    )>{time::spoken_date(customer.since)}</time>
                </dd>
            </div>
            <div>
                <dt>"Log entries"</dt>
                <dd>
                    <a href=logs>{grouped(customer.entries)}</a>
                </dd>
            </div>
            <div>
                <dt>"Last entry"</dt>
                {last}
            </div>
        </dl>
    }
}
