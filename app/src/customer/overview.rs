//! The profile's first tab: what is known of the customer.

use leptos::{either::Either, prelude::*};

use super::profile::Profiled;
use crate::{
    error::AppError,
    shell::NothingHere,
    ui::{icon::Icon, notice::Notice, number::grouped, time},
};

/// Name, number, type, status, and how much the log holds.
#[component]
pub fn Overview() -> impl IntoView {
    let customer = use_context::<Profiled>();
    view! {
        <section class="log overview" aria-labelledby="overview-title">
            <h2 class="vh" id="overview-title">
                "Overview"
            </h2>
            <Transition fallback=|| ()>
                {move || Suspend::new(async move {
                    let answer = match customer {
                        Some(Profiled(customer)) => customer.await,
                        None => Err(AppError::NotFound),
                    };
                    match answer {
                        Ok(customer) => Either::Left(view! { <Facts customer /> }),
                        Err(error) => Either::Right(view! { <Failure error /> }),
                    }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn Facts(customer: super::Customer) -> impl IntoView {
    let logs = customer.customer_id.logs_path();
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
                <dd>{customer.customer_type.label()}</dd>
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

#[component]
fn Failure(error: AppError) -> impl IntoView {
    if error == AppError::NotFound {
        return Either::Left(view! { <NothingHere /> });
    }
    let id = error.request_id().map(|id| format!("Request {id}"));
    Either::Right(view! {
        <div role="alert">
            <Notice
                icon=Icon::Alert
                title="The customer could not be loaded"
                text="The server did not answer in time."
            >
                {id.map(|id| view! { <code>{id}</code> })}
            </Notice>
        </div>
    })
}
