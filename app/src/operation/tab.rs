//! The Operations tab: what was done with the customer's money, and the way to do more.

use leptos::prelude::*;

use super::{
    Operation, OperationKind,
    query::{TimePage, TimeQuery, When},
};
use crate::{
    customer::{Customer, CustomerStatus, profile::ProfileHead},
    money::Currency,
    place::Tab,
    query::Total,
    ui::{
        icon::Icon,
        notes::{Notes, of_page_too_far},
        notice::Notice,
        pager::{Pager, Pages},
        sort_header::{Head, SortHeader},
        time,
    },
};

/// The tab, as a whole page's content.
#[component]
pub fn OperationsTab(
    /// Whose operations.
    customer: Customer,
    /// What their account is kept in.
    currency: Currency,
    /// What was asked for.
    query: TimeQuery,
    /// What was found.
    page: TimePage<Operation>,
    /// Whether the viewer may perform operations.
    may_act: bool,
) -> impl IntoView {
    let path = format!("{}/operations", customer.customer_id.profile_path());
    let open = may_act && customer.status == CustomerStatus::Active;
    let closed = (may_act && !open).then(|| {
        format!(
            "The account is {}: operations need an active one.",
            customer.status.label().to_lowercase()
        )
    });
    let total = Total { value: page.total, exact: true };
    let pages = Pages::of(&query, &path, page.page, page.pages, total);
    let mut notes: Vec<String> = closed.into_iter().collect();
    if query.listing.page > page.page {
        notes.push(of_page_too_far(query.listing.page));
    }
    let head = Head::of(When, &query, &path);
    let rows = if page.total == 0 {
        view! {
            <Notice
                icon=Icon::Empty
                title="No operations yet"
                text="Deposits, withdrawals and transfers of this customer will stand here."
            />
        }
        .into_any()
    } else {
        view! {
            <div class="rows">
                <table role="table" class="operations">
                    <caption class="vh">"Operations. Times are UTC."</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col" class="c-name">
                                "Operation"
                            </th>
                            <th role="columnheader" scope="col" class="c-amount num">
                                "Amount "
                                <span class="zone">{currency.code()}</span>
                            </th>
                            <th role="columnheader" scope="col" class="c-status">
                                "Status"
                            </th>
                            <th role="columnheader" scope="col" class="c-user">
                                "Requested by"
                            </th>
                            <th role="columnheader" scope="col" class="c-note">
                                "Note"
                            </th>
                            <SortHeader head class="c-when" unit="UTC" />
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {page
                            .rows
                            .into_iter()
                            .map(|operation| view! { <Row operation currency /> })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <ProfileHead customer tab=Signal::stored(Tab::Operations) />
        <section class="log" aria-labelledby="operations-title">
            <h2 class="vh" id="operations-title">
                "Operations"
            </h2>
            {open
                .then(|| {
                    view! {
                        <nav class="bar" aria-label="New operation">
                            {OperationKind::NEW
                                .map(|kind| {
                                    view! {
                                        <a
                                            class="button"
                                            href=format!("{path}/new?kind={}", kind.name())
                                        >
                                            "New "
                                            {kind.name()}
                                        </a>
                                    }
                                })
                                .into_iter()
                                .collect_view()}
                        </nav>
                    }
                })} <Notes notes /> {rows} <Pager pages />
        </section>
    }
}

#[component]
fn Row(operation: Operation, currency: Currency) -> impl IntoView {
    let sign = if operation.incoming { "+" } else { "−" };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="c-name">
                <a class="open" href=operation.path()>
                    {operation.name.to_string()}
                </a>
                {operation
                    .counterparty
                    .as_ref()
                    .map(|other| {
                        let way = if operation.incoming { "from" } else { "to" };
                        view! { <span class="aside">{format!(" {way} {other}")}</span> }
                    })}
            </th>
            <td role="cell" class="c-amount num">
                {format!("{sign}{}", currency.shown(operation.amount))}
            </td>
            <td role="cell" class="c-status">
                <span class=operation.status.badge()>{operation.status.label()}</span>
            </td>
            <td role="cell" class="c-user">
                <bdi class="t">{operation.requested_by}</bdi>
            </td>
            <td role="cell" class="c-note">
                <bdi class="t" title=operation.note.clone()>
                    {operation.note.clone()}
                </bdi>
            </td>
            <td role="cell" class="c-when">
                <time datetime=time::rfc3339(
                    operation.requested_at,
                )>{time::spoken(operation.requested_at)}</time>
            </td>
        </tr>
    }
}
