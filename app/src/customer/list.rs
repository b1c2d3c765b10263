//! The customers, to be found by name or id.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    Customer, CustomerPage,
    api::fetch_customers,
    query::{CustomerColumn, CustomerQuery},
};
use crate::{
    answer::{Answer, as_asked, use_answer},
    error::AppError,
    place::{History, Page, place},
    query::{Column, UrlQuery},
    session::viewer::looker,
    shell::{Failure, NothingHere, use_spoken},
    title::{title, use_title},
    ui::{
        icon::Icon,
        notes::{Notes, of_bad_parameters, of_page_too_far},
        notice::Notice,
        number::grouped,
        pager::{Pager, Pages, WithoutScript},
        rows::{self, walk_by_key},
        search_field::SearchField,
        shortcuts::use_shortcuts,
        sort_header::{self, SortHeader},
        time,
    },
};

const PATH: &str = "/customers";

/// The Customers page.
#[component]
pub fn CustomerList() -> impl IntoView {
    let search = place().query();
    let asked = Memo::new(move |_| search.with(|search| CustomerQuery::read(search)));
    let query = Memo::new(move |_| asked.with(|(query, _)| query.clone()));
    let answer = use_answer(query, |first| first.customers.take(), fetch_customers, as_asked);
    speak_of(answer);
    use_title(|| Some(title(&Page::Customers, None)));
    use_shortcuts(rows::walk_by_letter);
    let may_add = looker().viewer.is_some_and(|viewer| viewer.may_act());

    view! {
        <main id="content" tabindex="-1">
            <header class="title">
                <h1>"Customers"</h1>
                {may_add
                    .then(|| {
                        view! {
                            <a class="button" href="/new-customer">
                                "Add customer"
                            </a>
                        }
                    })}
                <p>
                    {move || {
                        let total = answer.latest.get()?.1.ok()?.total.value;
                        Some(format!("{} customers", grouped(total)))
                    }}
                </p>
            </header>
            <section class="log customers" aria-labelledby="list-title">
                <h2 class="vh" id="list-title">
                    "All customers"
                </h2>
                <SearchBar query />
                {move || {
                    let (query, page) = answer.latest.get()?;
                    let notes = asked.with_untracked(|(_, bad)| of_bad_parameters(bad));
                    let pending = answer.pending;
                    Some(
                        match page {
                            Ok(page) => view! { <Found query page notes pending /> }.into_any(),
                            Err(AppError::NotFound) => view! { <NothingHere /> }.into_any(),
                            Err(error) => view! { <Failure what="list of customers" error /> }.into_any(),
                        },
                    )
                }}
            </section>
        </main>
    }
}

#[component]
fn SearchBar(query: Memo<CustomerQuery>) -> impl IntoView {
    let place = place();
    let search = Callback::new(move |(text, history): (String, History)| {
        place.go(&query.get_untracked().searching(text).href(PATH), history);
    });
    let clear_href =
        Memo::new(move |_| query.with(|query| query.searching(String::new()).href(PATH)));
    view! {
        <form
            class="bar"
            role="search"
            method="get"
            action=PATH
            aria-label="Search customers"
            on:submit=|event: SubmitEvent| event.prevent_default()
        >
            <div class="search plain">
                <SearchField
                    value=Signal::derive(move || query.with(|query| query.text.clone()))
                    label="Search customers"
                    placeholder="Name or number"
                    clear_href
                    search
                />
            </div>
            {move || {
                query
                    .with(|query| query.searching(String::new()).pairs())
                    .into_iter()
                    .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
                    .collect_view()
            }}
            <WithoutScript label="Search" />
        </form>
    }
}

const fn class(column: CustomerColumn) -> &'static str {
    match column {
        CustomerColumn::Name => "c-name",
        CustomerColumn::CustomerId => "c-id",
        CustomerColumn::Type => "c-type",
        CustomerColumn::Status => "c-status",
        CustomerColumn::Since => "c-since",
        CustomerColumn::Entries => "c-entries num",
        CustomerColumn::LastEntry => "c-last",
    }
}

#[component]
fn Found(
    query: CustomerQuery,
    page: CustomerPage,
    notes: Vec<String>,
    pending: RwSignal<bool>,
) -> impl IntoView {
    let mut notes = notes;
    if query.listing.page > page.page {
        notes.push(of_page_too_far(query.listing.page));
    }
    let pages = Pages::of(&query, PATH, page.page, page.pages, page.total);
    let rows = if page.total.value == 0 {
        let text = if query.text.is_empty() {
            "The first customer will appear here.".to_owned()
        } else {
            format!("No customer has a name or a number that contains “{}”.", query.text)
        };
        let all = (!query.text.is_empty()).then(|| query.searching(String::new()).href(PATH));
        view! {
            <Notice icon=Icon::Search title="No customers match" text>
                {all
                    .map(|href| {
                        view! {
                            <a class="button" href=href>
                                "All customers"
                            </a>
                        }
                    })}
            </Notice>
        }
        .into_any()
    } else {
        let heads = CustomerColumn::ALL
            .iter()
            .map(|&column| {
                let head = sort_header::Head::of(column, &query, PATH);
                let unit = if column == CustomerColumn::LastEntry { "UTC" } else { "" };
                view! { <SortHeader head class=class(column) unit /> }
            })
            .collect_view();
        view! {
            <div class="rows" aria-busy=move || pending.get().then_some("true")>
                <table role="table" on:keydown=walk_by_key>
                    <caption class="vh">{in_words(&query, &page)}</caption>
                    <thead role="rowgroup">
                        <tr role="row">{heads}</tr>
                    </thead>
                    <tbody role="rowgroup">
                        {page
                            .customers
                            .into_iter()
                            .map(|customer| view! { <Row customer /> })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <Notes notes />
        {rows}
        <Pager pages />
    }
}

fn in_words(query: &CustomerQuery, page: &CustomerPage) -> String {
    if page.customers.is_empty() {
        return "No customers match.".into();
    }
    let first = query.at_page(page.page).listing.offset() + 1;
    let last = first + page.customers.len() as u64 - 1;
    let sort = query.listing.sort;
    format!(
        "Customers {} to {} of {}, by {}, {}. Times are UTC.",
        grouped(first),
        grouped(last),
        grouped(page.total.value),
        sort.by.label(),
        sort.direction.word()
    )
}

#[component]
fn Row(customer: Customer) -> impl IntoView {
    let bare =
        if matches!(customer.status, super::CustomerStatus::Active | super::CustomerStatus::Closed)
        {
            " bare"
        } else {
            ""
        };
    let kind = customer.type_label();
    view! {
        <tr role="row" tabindex="-1">
            <th role="rowheader" scope="row" class="c-name">
                <a class="open" href=customer.customer_id.profile_path()>
                    <bdi>{customer.name}</bdi>
                </a>
            </th>
            <td role="cell" class="c-id">
                {customer.customer_id.to_string()}
            </td>
            <td role="cell" class="c-type">
                {kind}
            </td>
            <td role="cell" class="c-status">
                <span class=format!(
                    "{}{bare}",
                    customer.status.badge(),
                )>{customer.status.label()}</span>
            </td>
            <td role="cell" class="c-since">
                <time datetime=time::rfc3339(customer.since)>
                    {time::spoken_date(customer.since)}
                </time>
            </td>
            <td role="cell" class="c-entries num">
                {grouped(customer.entries)}
            </td>
            <td role="cell" class="c-last">
                {customer
                    .last_entry_at
                    .map(|at| {
                        view! { <time datetime=time::rfc3339(at)>{time::spoken_minute(at)}</time> }
                    })}
            </td>
        </tr>
    }
}

fn speak_of(answer: Answer<CustomerQuery, CustomerPage>) {
    let spoken = use_spoken();
    Effect::new(move |shown: Option<bool>| {
        let shown = shown.unwrap_or_default();
        let Some((query, page)) = answer.latest.get() else { return shown };
        match page {
            Ok(page) => {
                if shown {
                    spoken.set(in_words(&query, &page));
                }
                request_animation_frame(rows::give_tab_stop);
            }
            Err(AppError::NotFound | AppError::SignedOut) => {}
            Err(_) => spoken.set("The customers could not be loaded.".into()),
        }
        true
    });
}
