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
    session::viewer::say,
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
    let say = say();
    let path = format!("{}/operations", customer.customer_id.profile_path());
    let open = may_act && customer.status == CustomerStatus::Active;
    let closed = match customer.status {
        CustomerStatus::Active => None,
        CustomerStatus::InReview => Some(say.account_in_review()),
        CustomerStatus::Blocked => Some(say.account_blocked()),
        CustomerStatus::Closed => Some(say.account_closed()),
    };
    let closed = closed.filter(|_| may_act).map(ToOwned::to_owned);
    let total = Total { value: page.total, exact: true };
    let pages = Pages::of(&query, &path, page.page, page.pages, total);
    let mut notes: Vec<String> = closed.into_iter().collect();
    if query.listing.page > page.page {
        notes.push(of_page_too_far(query.listing.page, say));
    }
    let head = Head::of(When, &query, &path, say);
    let rows = if page.total == 0 {
        view! {
            <Notice
                icon=Icon::Empty
                title=say.no_operations_yet()
                text=say.operations_will_stand_here()
            />
        }
        .into_any()
    } else {
        view! {
            <div class="rows">
                <table role="table" class="operations">
                    <caption class="vh">{say.operations_times()}</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col" class="c-name">
                                {say.operation()}
                            </th>
                            <th role="columnheader" scope="col" class="c-amount num">
                                {say.operation_amount()} " "
                                <span class="zone">{currency.code()}</span>
                            </th>
                            <th role="columnheader" scope="col" class="c-status">
                                {say.operation_status()}
                            </th>
                            <th role="columnheader" scope="col" class="c-user">
                                {say.requested_by()}
                            </th>
                            <th role="columnheader" scope="col" class="c-note">
                                {say.operation_note()}
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
                {say.operations()}
            </h2>
            {open
                .then(|| {
                    view! {
                        <nav class="bar" aria-label=say.new_operation()>
                            {OperationKind::NEW
                                .map(|kind| {
                                    view! {
                                        <a
                                            class="button"
                                            href=format!("{path}/new?kind={}", kind.name())
                                        >
                                            {kind.new_one(say)}
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
    let say = say();
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
                        let whom = if operation.incoming {
                            say.from_customer(other)
                        } else {
                            say.to_customer(other)
                        };
                        view! {
                            " "
                            <span class="aside">{whom}</span>
                        }
                    })}
            </th>
            <td role="cell" class="c-amount num">
                {format!("{sign}{}", currency.shown(operation.amount, say))}
            </td>
            <td role="cell" class="c-status">
                <span class=operation.status.badge()>{operation.status.label(say)}</span>
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
                )>{time::spoken(operation.requested_at, say)}</time>
            </td>
        </tr>
    }
}
