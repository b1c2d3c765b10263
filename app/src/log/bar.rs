//! The Logs tab's toolbar: search, order (where the headers are not shown), density, copy, export.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api::fetch_completions,
    copy::CopyAs,
    export::Exporting,
    language,
    query::{LogQuery, Search, SearchIn},
    selection::Selection,
    sight::Sight,
    view::Export,
};
use crate::{
    place::{History, place},
    query::{Direction, UrlQuery, query_string},
    session::viewer::{looker, say},
    ui::{
        completion::{Ask, Awaited},
        fragment::Fragment,
        icon::Icon,
        pager::WithoutScript,
        search_field::SearchField,
    },
};

/// The toolbar.
#[component]
pub fn Bar(
    /// Whose log, as it stands in the address.
    id: StoredValue<String>,
    /// The tab's path.
    path: String,
    /// What the tab shows.
    #[prop(into)]
    query: Signal<LogQuery>,
    /// The menu of the time range, as the server wrote it.
    time: Signal<Option<String>>,
    /// The menu of saved views, as the server wrote it.
    views: Signal<Option<String>>,
    /// Whether a customer is looking at their own log.
    own: bool,
    /// The exports.
    exporting: Exporting,
    /// The rows that are selected, and how many there are.
    rows: (Selection, Signal<usize>),
    /// How the table looks.
    children: Children,
) -> impl IntoView {
    let (place, say) = (place(), say());
    let path = StoredValue::new(path);
    let sight = looker().sight;
    let chooses = sight.searched(SearchIn::default()).len() > 1;
    let search = Callback::new(move |(text, history): (String, History)| {
        // Read as the address reads it: what it says beside words becomes chips.
        let mut pairs = query.with_untracked(|query| query.searching(Search::default()).pairs());
        let within = query.with_untracked(|query| query.search.within);
        pairs.push(("q".into(), text));
        pairs.push(("in".into(), within.name().into()));
        let asked = query_string(pairs);
        let (found, bad) = LogQuery::read(&asked);
        let path = path.get_value();
        let href = if bad.is_empty() { found.href(&path) } else { format!("{path}?{asked}") };
        place.go(&href, history);
    });
    let completes: Ask = Callback::new(move |(text, caret): (String, u32)| -> Awaited {
        // What the box says is what is being completed.
        let view = query.with_untracked(|query| {
            let within = query.search.within;
            query.searching(Search { text: String::new(), within }).to_query_string()
        });
        let asked = fetch_completions(id.get_value(), view, text, caret as usize);
        Box::pin(async move { asked.await.ok() })
    });
    let clear_href = Memo::new(move |_| {
        query.with(|query| {
            let within = query.search.within;
            query.searching(Search { text: String::new(), within }).href(&path.get_value())
        })
    });
    view! {
        <div class="bar">
            <form
                class="ask"
                role="search"
                method="get"
                action=path.get_value()
                aria-label=if own { say.search_your_logs() } else { say.search_the_log() }
                on:submit=move |event: SubmitEvent| event.prevent_default()
            >
                <div class=if chooses { "search" } else { "search plain" }>
                    {chooses.then(|| view! { <Within path query /> })}
                    <SearchField
                        value=Signal::derive(move || {
                            query.with(|query| language::write_text(&query.search.text))
                        })
                        label=if own { say.search_your_logs() } else { say.search_this_log() }
                        placeholder=if own { say.search_your_logs() } else { say.search() }
                        clear_href
                        search
                        clear_key=false
                        completes
                        waits=Callback::new(|text: String| says_more(&text))
                    />
                </div>
                {move || {
                    query
                        .with(|query| query.searching(Search::default()).pairs())
                        .into_iter()
                        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
                        .collect_view()
                }}
                <WithoutScript label=say.search() />
            </form>
            <Fragment class="time-menu" html=time />
            <SortList path query sight />
            <div class="end">
                <Fragment class="views-menu" html=views />
                {children()}
                {move || {
                    exporting
                        .running
                        .get()
                        .map(|running| {
                            let href = exporting.href(Export::Of(running.id));
                            view! {
                                <a class="button quiet going" href=href aria-haspopup="dialog">
                                    {running.text}
                                </a>
                            }
                        })
                }}
                <CopyMenu rows />
                <a
                    class="button export"
                    href=move || exporting.href(Export::Choice)
                    aria-keyshortcuts="e"
                    aria-haspopup="dialog"
                    title=say.export_hint()
                >
                    <Icon of=Icon::Download />
                    <span>{say.export_button()}</span>
                </a>
            </div>
        </div>
    }
}

/// Copies the selected rows, or all of the page.
#[component]
fn CopyMenu(rows: (Selection, Signal<usize>)) -> impl IntoView {
    let say = say();
    let (selection, page) = rows;
    let which = move || match selection.count() {
        0 => say.copy_page(page.get()),
        1 => say.copy_selected_one().to_owned(),
        selected => say.copy_selected(selected),
    };
    view! {
        <details class="menu end copy needs-script">
            <summary class="button" title=say.copy_rows_as()>
                <Icon of=Icon::Copy />
                <span>{say.copy_rows()}</span>
                <Icon of=Icon::ChevronDown class="chevron" />
            </summary>
            <div class="panel" role="group" aria-labelledby="copy-which">
                <p class="group-name" id="copy-which">
                    {which}
                </p>
                {CopyAs::ALL
                    .map(|copy_as| {
                        view! {
                            <button
                                class="option"
                                type="button"
                                data-copy-as=copy_as.name()
                                on:click=|event| crate::ui::close_menu(&event)
                            >
                                {copy_as.name()}
                            </button>
                        }
                    })
                    .into_iter()
                    .collect_view()}
            </div>
        </details>
    }
}

/// Whether a text says more than words: then it is followed at Enter, and not while it is typed.
fn says_more(text: &str) -> bool {
    let (said, faults) = language::parse(text);
    !faults.is_empty() || !said.is_words()
}

/// Which columns the search looks in.
#[component]
fn Within(path: StoredValue<String>, query: Signal<LogQuery>) -> impl IntoView {
    let (place, say) = (place(), say());
    let change = move |event| {
        let value = event_target_value(&event);
        let within = SearchIn::ALL.into_iter().find(|choice| choice.name() == value);
        if let Some(within) = within {
            let query = query.get_untracked();
            let text = query.search.text.clone();
            let next = query.searching(Search { text, within });
            place.go(&next.href(&path.get_value()), History::Push);
        }
    };
    view! {
        <select class="select" name="in" aria-label=say.search_in() on:change=change>
            {SearchIn::ALL
                .map(|choice| {
                    let chosen = move || query.with(|query| query.search.within == choice);
                    view! {
                        <option value=choice.name() selected=chosen prop:selected=chosen>
                            {choice.label(say)}
                        </option>
                    }
                })
                .into_iter()
                .collect_view()}
        </select>
    }
}

/// The orders as a list of links, for widths at which the headers are not shown.
#[component]
fn SortList(path: StoredValue<String>, query: Signal<LogQuery>, sight: Sight) -> impl IntoView {
    use crate::query::Column;
    let say = say();
    let orders = sight.columns().flat_map(|by| {
        let first = by.first_direction();
        [first, first.reversed()].map(|direction: Direction| crate::query::Sort { by, direction })
    });
    view! {
        <details class="menu end sort-by">
            <summary class="button" aria-label=say.sort_by()>
                {move || {
                    let sort = query.with(|query| query.listing.sort);
                    sort.by.in_words(sort.direction, say)
                }} <Icon of=Icon::ChevronDown class="chevron" />
            </summary>
            <div class="panel">
                {orders
                    .map(|order| {
                        let current = move || query.with(|query| query.listing.sort == order);
                        view! {
                            <a
                                class="option"
                                href=move || {
                                    query.with(|query| query.sorted(order).href(&path.get_value()))
                                }
                                aria-current=move || current().then_some("true")
                                on:click=|event| crate::ui::close_menu(&event)
                            >
                                {order.by.in_words(order.direction, say)}
                            </a>
                        }
                    })
                    .collect_view()}
            </div>
        </details>
    }
}
