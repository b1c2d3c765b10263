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
    session::viewer::{looker, say},
    shell::{Failure, NothingHere, use_told},
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
    words::{HERE, Language},
};

const PATH: &str = "/customers";

/// The Customers page.
#[component]
pub fn CustomerList() -> impl IntoView {
    let say = say();
    let search = place().query();
    let asked = Memo::new(move |_| search.with(|search| CustomerQuery::read(search)));
    let query = Memo::new(move |_| asked.with(|(query, _)| query.clone()));
    let answer = use_answer(query, |first| first.customers.take(), fetch_customers, as_asked);
    speak_of(answer);
    use_title(move || Some(title(&Page::Customers, None, say)));
    use_shortcuts(rows::walk_by_letter);
    let may_add = looker().viewer.is_some_and(|viewer| viewer.may_act());

    view! {
        <main id="content" tabindex="-1">
            <header class="title">
                <h1>{say.customers()}</h1>
                {may_add
                    .then(|| {
                        view! {
                            <a class="button" href="/new-customer">
                                {say.add_customer()}
                            </a>
                        }
                    })}
                <p>
                    {move || {
                        let total = answer.latest.get()?.1.ok()?.total.value;
                        Some(say.number_of_customers(total))
                    }}
                </p>
            </header>
            <section class="log customers" aria-labelledby="list-title">
                <h2 class="vh" id="list-title">
                    {say.all_customers()}
                </h2>
                <SearchBar query />
                {move || {
                    let (query, page) = answer.latest.get()?;
                    let notes = asked.with_untracked(|(_, bad)| of_bad_parameters(bad, say));
                    let pending = answer.pending;
                    Some(
                        match page {
                            Ok(page) => view! { <Found query page notes pending /> }.into_any(),
                            Err(AppError::NotFound) => view! { <NothingHere /> }.into_any(),
                            Err(error) => view! { <Failure title=say.customers_not_loaded() error /> }.into_any(),
                        },
                    )
                }}
            </section>
        </main>
    }
}

#[component]
fn SearchBar(query: Memo<CustomerQuery>) -> impl IntoView {
    let say = say();
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
            aria-label=say.search_customers()
            on:submit=|event: SubmitEvent| event.prevent_default()
        >
            <div class="search plain">
                <SearchField
                    value=Signal::derive(move || query.with(|query| query.text.clone()))
                    label=say.search_customers()
                    placeholder=say.name_or_number()
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
            <WithoutScript label=say.search() />
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
    let say = say();
    let mut notes = notes;
    if query.listing.page > page.page {
        notes.push(of_page_too_far(query.listing.page, say));
    }
    let pages = Pages::of(&query, PATH, page.page, page.pages, page.total);
    let rows = if page.total.value == 0 {
        let text = if query.text.is_empty() {
            say.first_customer_here().to_owned()
        } else {
            say.no_customer_contains(HERE)
        };
        let all = (!query.text.is_empty()).then(|| query.searching(String::new()).href(PATH));
        view! {
            <Notice icon=Icon::Search title=say.no_customers_match() text about=query.text.clone()>
                {all
                    .map(|href| {
                        view! {
                            <a class="button" href=href>
                                {say.all_customers()}
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
                let head = sort_header::Head::of(column, &query, PATH, say);
                let unit = if column == CustomerColumn::LastEntry { "UTC" } else { "" };
                view! { <SortHeader head class=class(column) unit /> }
            })
            .collect_view();
        view! {
            <div class="rows" aria-busy=move || pending.get().then_some("true")>
                <table role="table" on:keydown=walk_by_key>
                    <caption class="vh">{in_words(&query, &page, say)}</caption>
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

fn in_words(query: &CustomerQuery, page: &CustomerPage, say: Language) -> String {
    if page.customers.is_empty() {
        return say.say_no_customers_match().into();
    }
    let first = query.at_page(page.page).listing.offset() + 1;
    let last = first + page.customers.len() as u64 - 1;
    let [first, last, total] = [first, last, page.total.value].map(|number| grouped(number, say));
    say.customers_shown(first, last, total, query.listing.sort.in_words(say))
}

#[component]
fn Row(customer: Customer) -> impl IntoView {
    let say = say();
    let bare =
        if matches!(customer.status, super::CustomerStatus::Active | super::CustomerStatus::Closed)
        {
            " bare"
        } else {
            ""
        };
    let kind = customer.type_label(say);
    let since = time::spoken_date(customer.since, say);
    let last = customer.last_entry_at.map(|at| time::spoken_minute(at, say));
    // Where there are no headers, cells say what they are.
    let narrow_since = say.since_date(&since);
    let narrow_last = last.as_ref().map(|last| say.last_at(last));
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
                )>{customer.status.label(say)}</span>
            </td>
            <td role="cell" class="c-since" data-narrow=narrow_since>
                <time datetime=time::rfc3339(customer.since)>{since}</time>
            </td>
            <td
                role="cell"
                class="c-entries num"
                data-narrow=say.number_of_entries(customer.entries)
            >
                <span>{grouped(customer.entries, say)}</span>
            </td>
            <td role="cell" class="c-last" data-narrow=narrow_last>
                {customer
                    .last_entry_at
                    .map(|at| view! { <time datetime=time::rfc3339(at)>{last}</time> })}
            </td>
        </tr>
    }
}

fn speak_of(answer: Answer<CustomerQuery, CustomerPage>) {
    let say = say();
    let told = use_told();
    Effect::new(move |shown: Option<bool>| {
        let shown = shown.unwrap_or_default();
        let Some((query, page)) = answer.latest.get() else { return shown };
        match page {
            Ok(page) => {
                if shown {
                    told.speak(in_words(&query, &page, say));
                }
                request_animation_frame(rows::give_tab_stop);
            }
            Err(AppError::NotFound | AppError::SignedOut) => {}
            Err(_) => told.speak(say.say_customers_not_loaded()),
        }
        true
    });
}
