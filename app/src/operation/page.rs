//! An operation: what it was, what it moved, what the log says of it, and what can be done about it.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::{Operation, OperationStatus, ledger::Account, path_of};
use crate::{
    customer::{Customer, profile::ProfileHead},
    log::entry::Entry,
    money::Currency,
    place::Tab,
    session::viewer::say,
    ui::{
        field::{FieldErrors, FormProblem},
        time,
    },
    words::{HERE, Language, around},
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
    let say = say();
    let path = operation.path();
    let waits = operation.status == OperationStatus::Requested && !choices.decide;
    let sign = if operation.incoming { "+" } else { "−" };
    let id = customer.customer_id.clone();
    let facts: Vec<(&str, AnyView)> = [
        Some((
            say.operation_amount(),
            view! { {format!("{sign}{}", currency.with_code(operation.amount, say))} }.into_any(),
        )),
        operation.counterparty.as_ref().map(|other| {
            let label = if operation.incoming { say.money_from() } else { say.money_to() };
            let there = path_of(other, operation.name.number);
            (label, view! { <a href=there>{say.customer_of_number(other)}</a> }.into_any())
        }),
        operation.reverses.map(|number| {
            let there = path_of(&id, number);
            (say.undoes(), view! { <a href=there>{format!("#{number}")}</a> }.into_any())
        }),
        Some((say.requested_by(), by(operation.requested_by.clone(), operation.requested_at, say))),
        operation.decided_by.clone().zip(operation.decided_at).map(|(who, at)| {
            let rejected = operation.status == OperationStatus::Rejected;
            (if rejected { say.rejected_by() } else { say.approved_by() }, by(who, at, say))
        }),
        (!operation.note.is_empty()).then(|| {
            (say.operation_note(), view! { <bdi>{operation.note.clone()}</bdi> }.into_any())
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! {
        <ProfileHead customer tab=Signal::stored(Tab::Operations) />
        <section class="log operation" aria-labelledby="operation-title">
            <header class="act-head">
                <h2 id="operation-title">{operation.name.to_string()}</h2>
                <span class=operation.status.badge()>{operation.status.label(say)}</span>
                <FormProblem errors />
                {choices
                    .decide
                    .then(|| {
                        view! {
                            <form method="post" action=format!("{path}/approve")>
                                <button class="button primary" type="submit">
                                    {say.approve()}
                                </button>
                            </form>
                            <form method="post" action=format!("{path}/reject")>
                                <button class="button" type="submit">
                                    {say.reject()}
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
                                    {say.reverse()}
                                </button>
                            </form>
                        }
                    })}
                {waits
                    .then(|| {
                        view! {
                            <p class="aside">{say.another_operator_decides()}</p>
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
            <h3 class="part">{say.what_it_moved()}</h3>
            {if lines.is_empty() {
                view! { <p class="part">{say.moved_nothing()}</p> }.into_any()
            } else {
                view! { <Lines lines currency /> }.into_any()
            }}
            <h3 class="part">{say.what_the_log_says()}</h3>
            <div class="rows">
                <table role="table" class="timeline">
                    <caption class="vh">{say.entries_of_operation()}</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col" class="c-created">
                                {say.created_at()} " "
                                <span class="zone">"UTC"</span>
                            </th>
                            <th role="columnheader" scope="col" class="c-user">
                                {say.user()}
                            </th>
                            <th role="columnheader" scope="col" class="c-action">
                                {say.action()}
                            </th>
                            <th role="columnheader" scope="col" class="c-table">
                                {say.impacted_table()}
                            </th>
                            <th role="columnheader" scope="col" class="c-path">
                                {say.request_path()}
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
                                            )>{time::spoken(entry.created_at, say)}</time>
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

fn by(who: String, at: DateTime<Utc>, say: Language) -> AnyView {
    view! {
        <bdi>{who}</bdi>
        ", "
        <time datetime=time::rfc3339(at)>{time::spoken(at, say)}</time>
        " UTC"
    }
    .into_any()
}

#[component]
fn Lines(lines: Vec<LedgerLine>, currency: Currency) -> impl IntoView {
    let say = say();
    view! {
        <ul class="lines">
            {lines
                .into_iter()
                .map(|line| {
                    let moved = say.moved(HERE, line.from.label(say), line.to.label(say));
                    let (before, after) = around(&moved);
                    view! {
                        <li>
                            {before} <strong>{currency.with_code(line.amount, say)}</strong> {after}
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}
