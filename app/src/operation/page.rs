//! An operation: what it was, what it moved, what the log says of it, and what can be done about it.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::{Operation, OperationStatus, ledger::Account, path_of};
use crate::{
    customer::{Customer, profile::ProfileHead},
    log::entry::Entry,
    money::Currency,
    place::Tab,
    ui::{
        field::{FieldErrors, FormProblem},
        time,
    },
};

/// A line of the ledger, from one customer's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    /// Its number in the customer's ledger, from 1.
    pub line: u64,
    /// The operation that it belongs to.
    pub operation: super::OperationName,
    /// When.
    pub created_at: DateTime<Utc>,
    /// How much, in minor units; more than 0.
    pub amount: i64,
    /// The account that lost it.
    pub from: Account,
    /// The account that got it.
    pub to: Account,
    /// What could be used afterwards, in minor units.
    pub available_after: i64,
    /// What was set aside afterwards, in minor units.
    pub reserved_after: i64,
}

impl LedgerLine {
    /// What it did to the money that can be used: more, less, or nothing.
    pub fn change(&self) -> i64 {
        match (self.from, self.to) {
            (Account::Available, _) => -self.amount,
            (_, Account::Available) => self.amount,
            _ => 0,
        }
    }
}

/// What the viewer can do about an operation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Choices {
    /// Approve or reject it.
    pub decide: bool,
    /// Undo it.
    pub reverse: bool,
}

/// The operation, as a whole page's content.
#[component]
pub fn OperationPage(
    /// Whose.
    customer: Customer,
    /// What their account is kept in.
    currency: Currency,
    /// The operation.
    operation: Operation,
    /// What it moved.
    lines: Vec<LedgerLine>,
    /// What the log says of it, oldest first.
    entries: Vec<Entry>,
    /// What can be done about it.
    choices: Choices,
    /// Why the last thing that was tried did not work.
    errors: FieldErrors,
) -> impl IntoView {
    let path = operation.path();
    let waits = operation.status == OperationStatus::Requested && !choices.decide;
    let sign = if operation.incoming { "+" } else { "−" };
    let id = customer.customer_id.clone();
    let facts: Vec<(&str, AnyView)> = [
        Some((
            "Amount",
            view! { {format!("{sign}{} {currency}", currency.shown(operation.amount))} }.into_any(),
        )),
        operation.counterparty.as_ref().map(|other| {
            let label = if operation.incoming { "From" } else { "To" };
            let there = path_of(other, operation.name.number);
            (label, view! { <a href=there>{format!("Customer {other}")}</a> }.into_any())
        }),
        operation.reverses.map(|number| {
            let there = path_of(&id, number);
            ("Undoes", view! { <a href=there>{format!("#{number}")}</a> }.into_any())
        }),
        Some(("Requested by", by(operation.requested_by.clone(), operation.requested_at))),
        operation.decided_by.clone().zip(operation.decided_at).map(|(who, at)| {
            let rejected = operation.status == OperationStatus::Rejected;
            (if rejected { "Rejected by" } else { "Approved by" }, by(who, at))
        }),
        (!operation.note.is_empty())
            .then(|| ("Note", view! { <bdi>{operation.note.clone()}</bdi> }.into_any())),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! {
        <ProfileHead customer tab=Signal::stored(Tab::Operations) />
        <section class="log operation" aria-labelledby="operation-title">
            <header class="act-head">
                <h2 id="operation-title">{operation.name.to_string()}</h2>
                <span class=operation.status.badge()>{operation.status.label()}</span>
                <FormProblem errors />
                {choices
                    .decide
                    .then(|| {
                        view! {
                            <form method="post" action=format!("{path}/approve")>
                                <button class="button primary" type="submit">
                                    "Approve"
                                </button>
                            </form>
                            <form method="post" action=format!("{path}/reject")>
                                <button class="button" type="submit">
                                    "Reject"
                                </button>
                            </form>
                        }
                    })}
                {choices
                    .reverse
                    .then(|| {
                        view! {
                            <form method="post" action=format!("{path}/reverse")>
                                <button class="button" type="submit">
                                    "Reverse"
                                </button>
                            </form>
                        }
                    })}
                {waits
                    .then(|| {
                        view! {
                            <p class="aside">
                                "Another operator than the one who asked for it approves or rejects it."
                            </p>
                        }
                    })}
            </header>
            <dl class="facts">
                {facts
                    .into_iter()
                    .map(|(label, value)| {
                        view! {
                            <div>
                                <dt>{label}</dt>
                                <dd>{value}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
            <h3 class="part">"What it moved"</h3>
            {if lines.is_empty() {
                view! { <p class="part">"Nothing."</p> }.into_any()
            } else {
                view! { <Lines lines currency /> }.into_any()
            }}
            <h3 class="part">"What the log says"</h3>
            <div class="rows">
                <table role="table" class="timeline">
                    <caption class="vh">"Log entries of this operation. Times are UTC."</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col" class="c-created">
                                "Created At "
                                <span class="zone">"UTC"</span>
                            </th>
                            <th role="columnheader" scope="col" class="c-user">
                                "User"
                            </th>
                            <th role="columnheader" scope="col" class="c-action">
                                "Action"
                            </th>
                            <th role="columnheader" scope="col" class="c-table">
                                "Impacted Table"
                            </th>
                            <th role="columnheader" scope="col" class="c-path">
                                "Request Path"
                            </th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {entries
                            .into_iter()
                            .map(|entry| {
                                view! {
                                    <tr role="row">
                                        <td role="cell" class="c-created">
                                            <time datetime=time::rfc3339(
                                                entry.created_at,
                                            )>{time::spoken(entry.created_at)}</time>
                                        </td>
                                        <td role="cell" class="c-user">
                                            <bdi class="t">{entry.user}</bdi>
                                        </td>
                                        <th role="rowheader" scope="row" class="c-action">
                                            <bdi>{entry.action}</bdi>
                                        </th>
                                        <td role="cell" class="c-table mono">
                                            <bdi class="t">{entry.impacted_table}</bdi>
                                        </td>
                                        <td role="cell" class="c-path mono">
                                            <bdi class="path">{entry.request_path}</bdi>
                                        </td>
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn by(who: String, at: DateTime<Utc>) -> AnyView {
    view! {
        <bdi>{who}</bdi>
        ", "
        <time datetime=time::rfc3339(at)>{time::spoken(at)}</time>
        " UTC"
    }
    .into_any()
}

#[component]
fn Lines(lines: Vec<LedgerLine>, currency: Currency) -> impl IntoView {
    view! {
        <ul class="lines">
            {lines
                .into_iter()
                .map(|line| {
                    view! {
                        <li>
                            <strong>
                                {format!("{} {currency}", currency.shown(line.amount))}
                            </strong>
                            {format!(" from {} to {}", line.from.label(), line.to.label())}
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}
