//! The Financial tab: what the customer's accounts hold, and every line of their ledger.

use leptos::prelude::*;

use super::{
    OperationName,
    ledger::{Account, Balances},
    page::LedgerLine,
    path_of,
    query::{TimePage, TimeQuery, When},
};
use crate::{
    customer::{Customer, id::CustomerId, profile::ProfileHead},
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
pub fn FinancialTab(
    /// Whose money.
    customer: Customer,
    /// What their account is kept in.
    currency: Currency,
    /// What the accounts hold.
    balances: Balances,
    /// What was asked for.
    query: TimeQuery,
    /// What was found.
    page: TimePage<LedgerLine>,
) -> impl IntoView {
    let say = say();
    let path = format!("{}/financial", customer.customer_id.profile_path());
    let total = Total { value: page.total, exact: true };
    let pages = Pages::of(&query, &path, page.page, page.pages, total);
    let notes = if query.listing.page > page.page {
        vec![of_page_too_far(query.listing.page, say)]
    } else {
        Vec::new()
    };
    let head = Head::of(When, &query, &path, say);
    let id = customer.customer_id.clone();
    let (available, reserved) = (balances.get(Account::Available), balances.get(Account::Reserved));
    let rows = if page.total == 0 {
        view! {
            <Notice
                icon=Icon::Empty
                title=say.no_ledger_lines_yet()
                text=say.ledger_will_stand_here()
            />
        }
        .into_any()
    } else {
        view! {
            <div class="rows">
                <table role="table" class="ledger">
                    <caption class="vh">{say.ledger_times()}</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <SortHeader head class="c-when" unit="UTC" />
                            <th role="columnheader" scope="col" class="c-name">
                                {say.operation()}
                            </th>
                            <th role="columnheader" scope="col" class="c-from">
                                {say.money_from()}
                            </th>
                            <th role="columnheader" scope="col" class="c-to">
                                {say.money_to()}
                            </th>
                            <th role="columnheader" scope="col" class="c-amount num">
                                {say.operation_amount()} " "
                                <span class="zone">{currency.code()}</span>
                            </th>
                            <th role="columnheader" scope="col" class="c-amount num">
                                {say.available_after()}
                            </th>
                            <th role="columnheader" scope="col" class="c-amount num">
                                {say.reserved_after()}
                            </th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {page
                            .rows
                            .into_iter()
                            .map(|line| view! { <Row id=id.clone() line currency /> })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <ProfileHead customer tab=Signal::stored(Tab::Financial) />
        <section class="log" aria-labelledby="financial-title">
            <h2 class="vh" id="financial-title">
                {say.financial()}
            </h2>
            <dl class="balances">
                <Balance label=say.available() amount=available currency />
                <Balance label=say.reserved() amount=reserved currency />
                <Balance label=say.together() amount=available.saturating_add(reserved) currency />
            </dl>
            <Notes notes />
            {rows}
            <Pager pages />
        </section>
    }
}

#[component]
fn Balance(label: &'static str, amount: i64, currency: Currency) -> impl IntoView {
    view! {
        <div>
            <dt>{label}</dt>
            <dd>
                {currency.shown(amount, say())} " " <span class="zone">{currency.code()}</span>
            </dd>
        </div>
    }
}

#[component]
fn Row(id: CustomerId, line: LedgerLine, currency: Currency) -> impl IntoView {
    let say = say();
    let OperationName { number, .. } = line.operation;
    let sign = match line.change() {
        0 => "",
        1.. => "+",
        _ => "−",
    };
    let (from, to) = (line.from.label(say), line.to.label(say));
    let after = currency.shown(line.available_after, say);
    let then = say.line_then(&after);
    view! {
        <tr role="row">
            <td role="cell" class="c-when">
                <time datetime=time::rfc3339(line.created_at)>{time::spoken(line.created_at, say)}</time>
            </td>
            <th role="rowheader" scope="row" class="c-name">
                <a class="open" href=path_of(&id, number)>
                    {line.operation.to_string()}
                </a>
            </th>
            <td role="cell" class="c-from" data-narrow=say.line_from(from)>
                <span>{from}</span>
            </td>
            <td role="cell" class="c-to" data-narrow=say.line_to(to)>
                <span>{to}</span>
            </td>
            <td role="cell" class="c-amount num">
                {format!("{sign}{}", currency.shown(line.amount, say))}
            </td>
            <td role="cell" class="c-amount num" data-narrow=then>
                <span>{after}</span>
            </td>
            <td role="cell" class="c-amount num">
                {currency.shown(line.reserved_after, say)}
            </td>
        </tr>
    }
}
