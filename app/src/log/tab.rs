//! The Logs tab: what its URL says, the rows for it, and what is shown when there are none.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

use super::{
    api::fetch_log_page,
    bar::Bar,
    entry::LogPage,
    notes::{Notes, of_bad_parameters, of_page_too_far},
    query::{LogQuery, Search, SearchIn},
    table::{LogTable, Skeleton, rows_in_words, search_in_words},
};
use crate::{
    customer::id::CustomerId,
    error::AppError,
    query::{Column, Total, UrlQuery},
    session::viewer::{Viewer, looker},
    shell::{NothingHere, use_spoken},
    ui::{
        icon::Icon,
        notice::Notice,
        pager::Pager,
        rows::{self, Walk},
        shortcuts::use_shortcuts,
    },
};

/// A customer's log.
#[component]
pub fn LogTab() -> impl IntoView {
    let own = looker().viewer.as_ref().is_some_and(Viewer::is_customer);
    let params = use_params_map();
    let raw_id = Memo::new(move |_| params.with(|params| params.get("customer_id").unwrap_or_default()));
    let customer_id = Memo::new(move |_| raw_id.with(|id| id.parse::<CustomerId>().ok()));
    let path = Memo::new(move |_| raw_id.with(|id| format!("/customers/{id}/logs")));
    let search = use_location().search;
    let asked = Memo::new(move |_| search.with(|search| LogQuery::read(search)));
    let query = Memo::new(move |_| asked.with(|(query, _)| query.clone()));

    let answer = Resource::new_blocking(
        move || (raw_id.get(), query.get()),
        async |(id, query)| {
            let page = fetch_log_page(id, query.clone()).await;
            (query, page)
        },
    );
    let (pending, set_pending) = signal(false);
    let shown = StoredValue::new(None::<(LogQuery, LogPage)>);
    speak_of(answer);
    use_shortcuts(|key| match key {
        "j" => {
            rows::walk(Walk::Next);
            true
        }
        "k" => {
            rows::walk(Walk::Previous);
            true
        }
        "y" => {
            copy_link();
            true
        }
        _ => false,
    });

    view! {
        <section class="log" aria-labelledby="logs-title">
            <h2 class="vh" id="logs-title">
                "Logs"
            </h2>
            <Bar path customer_id query own />
            <Transition
                fallback=move || {
                    view! { <Skeleton path=path.get() query=query.get_untracked() own /> }
                }
                set_pending
            >
                {move || Suspend::new(async move {
                    let (query, page) = answer.await;
                    let path = path.get_untracked();
                    let bad = asked.with_untracked(|(_, bad)| of_bad_parameters(bad));
                    let (failure, last) = match page {
                        Ok(page) => {
                            shown.set_value(Some((query.clone(), page.clone())));
                            (None, Some((query, page)))
                        }
                        Err(AppError::NotFound) => return view! { <NothingHere /> }.into_any(),
                        Err(error) => (Some(error), shown.get_value()),
                    };
                    view! {
                        {failure.map(|error| view! { <Failure error path=path.clone() /> })}
                        {last
                            .map(|(query, page)| {
                                view! { <Found path query page bad own pending /> }
                            })}
                    }
                        .into_any()
                })}
            </Transition>
        </section>
    }
}

/// The rows and the pager, or why there are none.
#[component]
fn Found(
    path: String,
    query: LogQuery,
    page: LogPage,
    bad: Vec<String>,
    own: bool,
    pending: ReadSignal<bool>,
) -> impl IntoView {
    let mut notes = bad;
    let asked = query.listing.page;
    if asked > page.page {
        notes.push(of_page_too_far(asked));
    }
    let (number, pages, total) = (page.page, page.pages, page.total);
    let rows = if page.total == (Total { value: 0, exact: true }) {
        view! { <Nothing path=path.clone() query=query.clone() log_entries=page.log_entries /> }
            .into_any()
    } else {
        let (path, query) = (path.clone(), query.clone());
        view! {
            <div class="rows" aria-busy=move || pending.get().then_some("true")>
                <LogTable path query page own />
            </div>
        }
        .into_any()
    };
    view! {
        <Notes notes />
        {rows}
        <Pager path query page=number pages total />
    }
}

/// Nothing matches, or nothing was recorded yet.
#[component]
fn Nothing(path: String, query: LogQuery, log_entries: u64) -> impl IntoView {
    if log_entries == 0 {
        return view! {
            <Notice
                icon=Icon::Empty
                title="No entries yet"
                text="The first action on this account will appear here."
            />
        }
        .into_any();
    }
    let text = search_in_words(&query);
    let within = query.search.within;
    let wider = Search { text: query.search.text.clone(), within: SearchIn::UserOrTable };
    let wider = (within != SearchIn::UserOrTable).then(|| query.searching(wider).href(&path));
    let whole = query.searching(Search::default()).href(&path);
    view! {
        <Notice icon=Icon::Search title="No entries match" text>
            {wider
                .map(|href| {
                    view! {
                        <a class="button" href=href data-noscroll="">
                            "User or table"
                        </a>
                    }
                })}
            <a class="button" href=whole data-noscroll="">
                "The whole log"
            </a>
        </Notice>
    }
    .into_any()
}

/// Why there are no new rows. Rows that were there already stay, below.
#[component]
fn Failure(error: AppError, path: String) -> impl IntoView {
    let text = match &error {
        AppError::Bad(bad) => bad.to_string(),
        AppError::Internal { .. } => {
            "Something went wrong on the server. Nothing is lost: entries go on being recorded."
                .to_owned()
        }
        _ => "The server did not answer in time. Your search is kept.".to_owned(),
    };
    let id = error.request_id().map(|id| format!("Request {id}"));
    let search = use_location().search.get_untracked();
    let again = if search.is_empty() { path } else { format!("{path}?{search}") };
    view! {
        <div role="alert">
            <Notice icon=Icon::Alert title="The log could not be loaded" text>
                <a class="button primary" href=again rel="external">
                    "Try again"
                </a>
                {id.map(|id| view! { <code>{id}</code> })}
            </Notice>
        </div>
    }
}

/// Says what changed when new rows are there; and sends a viewer whose session ended to sign in again.
fn speak_of(answer: Resource<(LogQuery, Result<LogPage, AppError>)>) {
    let spoken = use_spoken();
    Effect::new(move |before: Option<Option<LogQuery>>| {
        let before = before.flatten();
        let Some((query, page)) = answer.get() else { return before };
        match page {
            Ok(page) => {
                if let Some(before) = &before {
                    let sort = query.listing.sort;
                    let sorted = (before.listing.sort != sort).then(|| {
                        format!("Sorted by {}, {}. ", sort.by.label(), sort.direction.word())
                    });
                    let sorted = sorted.unwrap_or_default();
                    spoken.set(format!("{sorted}{}", rows_in_words(&query, &page)));
                }
                request_animation_frame(rows::give_tab_stop);
            }
            Err(AppError::SignedOut) => {
                let location = window().location();
                let here = location.pathname().unwrap_or_default()
                    + &location.search().unwrap_or_default();
                let query = crate::query::query_string([("next", here)]);
                let _left = location.set_href(&format!("/sign-in?{query}"));
            }
            Err(AppError::NotFound) => {}
            Err(_) => spoken.set("The log could not be loaded.".into()),
        }
        Some(query)
    });
}

fn copy_link() {
    if let Ok(link) = window().location().href() {
        let _copying = window().navigator().clipboard().write_text(&link);
        use_spoken().set("Link copied.".into());
    }
}
