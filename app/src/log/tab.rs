//! The Logs tab: what its URL says, the rows for it, and what is shown when there are none.

use leptos::prelude::*;

use super::{
    api::fetch_log_page,
    bar::Bar,
    entry::LogPage,
    query::{LogQuery, Search, SearchIn},
    table::{LogTable, Skeleton, rows_in_words, search_in_words},
};
use crate::{
    answer::{Answer, use_answer},
    error::AppError,
    place::place,
    query::{Column, Total, UrlQuery},
    session::viewer::{Viewer, looker},
    shell::{Failure, NothingHere, use_spoken},
    ui::{
        icon::Icon,
        notes::{Notes, of_bad_parameters, of_page_too_far},
        notice::Notice,
        pager::{Pager, Pages},
        rows,
        shortcuts::use_shortcuts,
    },
};

/// A customer's log.
#[component]
pub fn LogTab(
    /// Whose log, as it stands in the address.
    id: String,
) -> impl IntoView {
    let own = looker().viewer.as_ref().is_some_and(Viewer::is_customer);
    let path = format!("/customers/{id}/logs");
    let id = StoredValue::new(id);
    let export_path = format!("/api/v1{path}/export");
    let path = StoredValue::new(path);
    let search = place().query();
    let asked = Memo::new(move |_| search.with(|search| LogQuery::read(search)));
    let query = Memo::new(move |_| asked.with(|(query, _)| query.clone()));

    let question = Memo::new(move |_| (id.get_value(), query.get()));
    let answer =
        use_answer(question, |first| first.log.take(), |(id, query)| fetch_log_page(id, query));
    let missing = Memo::new(move |_| {
        answer.latest.with(|latest| matches!(latest, Some((_, Err(AppError::NotFound)))))
    });
    let shown = StoredValue::new(None::<(LogQuery, LogPage)>);
    speak_of(answer);
    let spoken = use_spoken();
    use_shortcuts(move |key| match key {
        "y" => {
            copy_link(spoken);
            true
        }
        letter => rows::walk_by_letter(letter),
    });

    view! {
        <section class="log" aria-labelledby="logs-title">
            <h2 class="vh" id="logs-title">
                "Logs"
            </h2>
            {move || {
                let (path, export_path) = (path.get_value(), export_path.clone());
                (!missing.get()).then(|| view! { <Bar path export_path query own /> })
            }}
            {move || {
                let path = path.get_value();
                let Some(((_, query), page)) = answer.latest.get() else {
                    let query = query.get_untracked();
                    return view! { <Skeleton path query own /> }.into_any();
                };
                let bad = asked.with_untracked(|(_, bad)| of_bad_parameters(bad));
                let (failure, last) = match page {
                    Ok(page) => {
                        shown.set_value(Some((query.clone(), page.clone())));
                        (None, Some((query, page)))
                    }
                    Err(AppError::NotFound) => return view! { <NothingHere /> }.into_any(),
                    Err(error) => (Some(error), shown.get_value()),
                };
                let pending = answer.pending;
                view! {
                    {failure.map(|error| view! { <Failure what="log" error /> })}
                    {last
                        .map(|(query, page)| {
                            view! { <Found path query page bad own pending /> }
                        })}
                }
                    .into_any()
            }}
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
    pending: RwSignal<bool>,
) -> impl IntoView {
    let mut notes = bad;
    let asked = query.listing.page;
    if asked > page.page {
        notes.push(of_page_too_far(asked));
    }
    let pages = Pages::of(&query, &path, page.page, page.pages, page.total);
    let rows = if page.total == (Total { value: 0, exact: true }) {
        view! { <Nothing path query log_entries=page.log_entries /> }.into_any()
    } else {
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
        <Pager pages />
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
                        <a class="button" href=href>
                            "User or table"
                        </a>
                    }
                })}
            <a class="button" href=whole>
                "The whole log"
            </a>
        </Notice>
    }
    .into_any()
}

/// Says what changed when new rows are there.
fn speak_of(answer: Answer<(String, LogQuery), LogPage>) {
    let spoken = use_spoken();
    Effect::new(move |before: Option<Option<LogQuery>>| {
        let before = before.flatten();
        let Some(((_, query), page)) = answer.latest.get() else { return before };
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
            Err(AppError::NotFound | AppError::SignedOut) => {}
            Err(_) => spoken.set("The log could not be loaded.".into()),
        }
        Some(query)
    });
}

/// Copies the address of what is shown, and says so. Browsers let a page do that only where nobody can
/// listen in between (https, or this machine).
fn copy_link(spoken: RwSignal<String>) {
    if let Ok(link) = window().location().href()
        && window().is_secure_context()
    {
        let _copying = window().navigator().clipboard().write_text(&link);
        spoken.set("Link copied.".into());
    }
}
