//! The Logs tab's toolbar: search, order (where the headers are not shown), density, export.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api::fetch_completions,
    language,
    query::{LogQuery, Search, SearchIn},
    sight::Sight,
};
use crate::{
    place::{History, place},
    query::{Direction, UrlQuery, query_string},
    session::viewer::{looker, say},
    shell::use_spoken,
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
    /// The export's path.
    export_path: String,
    /// What the tab shows.
    #[prop(into)]
    query: Signal<LogQuery>,
    /// The menu of the time range, as the server wrote it.
    time: Signal<Option<String>>,
    /// The menu of saved views, as the server wrote it.
    views: Signal<Option<String>>,
    /// Whether a customer is looking at their own log.
    own: bool,
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
    let spoken = use_spoken();
    let ask: Ask = Callback::new(move |(text, caret): (String, u32)| -> Awaited {
        // What the box says is what is being completed.
        let view = query.with_untracked(|query| {
            let within = query.search.within;
            query.searching(Search { text: String::new(), within }).to_query_string()
        });
        let asked = fetch_completions(id.get_value(), view, text, caret as usize);
        Box::pin(async move { asked.await.ok() })
    });
    let completes = (ask, Callback::new(move |said| spoken.set(said)));
    let clear_href = Memo::new(move |_| {
        query.with(|query| {
            let within = query.search.within;
            query.searching(Search { text: String::new(), within }).href(&path.get_value())
        })
    });
    let export = StoredValue::new(export_path);
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
                <div class="split">
                    <a
                        class="button export"
                        href=move || export_href(export, query, "csv", false)
                        download=""
                        aria-keyshortcuts="e"
                        title=format!("{} (e)", say.export_as_csv())
                    >
                        <Icon of=Icon::Download />
                        <span>{say.export()}</span>
                    </a>
                    <Files path=export query />
                </div>
            </div>
        </div>
    }
}

/// The kinds of files, and how they read.
const FORMATS: [(&str, &str); 3] = [("csv", "CSV"), ("xlsx", "Excel"), ("ndjson", "JSON Lines")];

/// Where a file of this format comes from.
fn export_href(
    path: StoredValue<String>,
    query: Signal<LogQuery>,
    format: &str,
    whole: bool,
) -> String {
    let asked = query.with(|query| {
        let query = if whole { query.unfiltered() } else { query.clone() };
        query.to_export_query_string(format)
    });
    format!("{}?{asked}", path.get_value())
}

/// Files of other kinds, and of the whole log.
#[component]
fn Files(path: StoredValue<String>, query: Signal<LogQuery>) -> impl IntoView {
    let say = say();
    let files = [(say.what_is_shown(), false), (say.whole_log(), true)].map(|(label, whole)| {
        let links = FORMATS.map(|(format, name)| {
            view! {
                <a
                    class="option"
                    href=move || export_href(path, query, format, whole)
                    download=""
                    on:click=|event| crate::ui::close_menu(&event)
                >
                    {name}
                </a>
            }
        });
        view! {
            <div role="group" aria-label=label>
                <p class="group-name" aria-hidden="true">
                    {label}
                </p>
                {links.into_iter().collect_view()}
            </div>
        }
    });
    view! {
        <details class="menu end">
            <summary class="button square" aria-label=say.other_files() title=say.other_files()>
                <Icon of=Icon::ChevronDown class="chevron" />
            </summary>
            <div class="panel">{files.into_iter().collect_view()}</div>
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
