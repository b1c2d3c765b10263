//! The profile's first tab: what is known of the customer.

use leptos::prelude::*;

use super::Customer;
use crate::{
    answer::Answer,
    error::AppError,
    session::viewer::say,
    shell::{Failure, NothingHere},
    ui::{number::grouped, time},
};

/// Name, number, type, status, and how much the log holds.
#[component]
pub fn Overview(
    /// The customer.
    customer: Answer<String, Customer>,
) -> impl IntoView {
    let say = say();
    view! {
        <section class="log overview" aria-labelledby="overview-title">
            <h2 class="vh" id="overview-title">
                {say.overview()}
            </h2>
            {move || {
                Some(
                    match customer.latest.get()?.1 {
                        Ok(customer) => view! { <Facts customer /> }.into_any(),
                        Err(AppError::NotFound) => view! { <NothingHere /> }.into_any(),
                        Err(error) => view! { <Failure title=say.customer_not_loaded() error /> }.into_any(),
                    },
                )
            }}
        </section>
    }
}

#[component]
fn Facts(customer: Customer) -> impl IntoView {
    let say = say();
    let logs = customer.customer_id.logs_path();
    let kind = customer.type_label(say);
    let last = customer.last_entry_at.map_or_else(
        || view! { <dd>{say.no_entry_yet()}</dd> }.into_any(),
        |at| {
            view! {
                <dd>
                    <time datetime=time::rfc3339(at)>{time::spoken(at, say)}</time>
                    " UTC"
                </dd>
            }
            .into_any()
        },
    );
    view! {
        <dl class="facts">
            <div>
                <dt>{say.customer_name()}</dt>
                <dd>
                    <bdi>{customer.name}</bdi>
                </dd>
            </div>
            <div>
                <dt>{say.customer_number()}</dt>
                <dd>{customer.customer_id.to_string()}</dd>
            </div>
            <div>
                <dt>{say.customer_type()}</dt>
                <dd>{kind}</dd>
            </div>
            <div>
                <dt>{say.customer_status()}</dt>
                <dd>{customer.status.label(say)}</dd>
            </div>
            <div>
                <dt>{say.customer_since()}</dt>
                <dd>
                    <time datetime=time::rfc3339(
                        customer.since,
                    )>{time::spoken_date(customer.since, say)}</time>
                </dd>
            </div>
            <div>
                <dt>{say.log_entries()}</dt>
                <dd>
                    <a href=logs>{grouped(customer.entries, say)}</a>
                </dd>
            </div>
            <div>
                <dt>{say.last_entry()}</dt>
                {last}
            </div>
        </dl>
    }
}
