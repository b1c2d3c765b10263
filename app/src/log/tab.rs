//! The Logs tab: what its URL says, the rows for it, and what is shown when there are none.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    api::fetch_log_page,
    around::{part, use_around},
    bar::Bar,
    columns::Columns,
    columns_menu::{ColumnsMenu, DensityButtons},
    drawer::Drawer,
    entry::LogPage,
    export::{ExportDialog, Exporting},
    moment::Range,
    newer::Newer,
    presses::{Presses, show_all},
    query::{LogQuery, Search, SearchIn},
    selection::Selection,
    strip::Strip,
    table::{Found, LogTable, Skeleton, caption, rows_in_words, search_in_words},
    view::LogView,
};
use crate::{
    ahead::Ahead,
    answer::{Answer, use_answer},
    error::AppError,
    place::{History, place},
    query::{BadParameter, Total, UrlQuery},
    session::viewer::{Viewer, looker, say},
    shell::{Failure, NothingHere, preferences, use_told},
    ui::{
        device,
        icon::Icon,
        notes::{Notes, of_bad_parameters, of_page_too_far},
        notice::Notice,
        number::grouped,
        pager::{Pager, Pages},
        rows,
        shortcuts::use_shortcuts,
        time::spoken_minute,
    },
    words::Language,
    zone::ZoneName,
};

/// With fewer columns than these, all of them fit into a narrow table.
const FEW: usize = 7;

/// A customer's log.
#[component]
pub fn LogTab(
    /// Whose log, as it stands in the address.
    id: String,
) -> impl IntoView {
    let own = looker().viewer.as_ref().is_some_and(Viewer::is_customer);
    let say = say();
    let seen = looker().sight;
    let path = format!("/customers/{id}/logs");
    let id = StoredValue::new(id);
    let path = StoredValue::new(path);
    let search = place().query();
    let zone = StoredValue::new(looker().zone);
    let asked = Memo::new(move |_| {
        let (view, mut bad) = search.with(|search| LogView::read(search));
        let (mut view, hidden) = seen.narrow_view(view);
        bad.extend(hidden);
        // Whoever chose a zone sees times in it, and says so in every link.
        view.query.zone = view.query.zone.take().or_else(|| zone.get_value());
        (view, bad)
    });
    let query = Memo::new(move |_| asked.with(|(view, _)| view.query.clone()));
    keep_zone(query, zone);

    let question = Memo::new(move |_| (id.get_value(), query.get()));
    let pages = Ahead::new(|(id, query)| fetch_log_page(id, query));
    let answer = use_answer(
        question,
        |first| first.log.take(),
        move |question| pages.answer(question),
        |(id, query), page| (id, query.pinned(page.as_of)),
    );
    let pinned = Memo::new(move |_| pinned(query.get(), answer));
    // What is shown, as links name it.
    let view = Memo::new(move |_| {
        let open = asked.with(|(view, _)| view.open.clone());
        LogView { query: pinned.get(), open }
    });
    pin_address(path, search, view);
    let layout = RwSignal::new(looker().layout);
    let columns = Memo::new(move |_| {
        let named = view.with(|view| view.query.columns.clone());
        named.unwrap_or_else(|| layout.with(|layout| layout.columns.clone())).among(seen)
    });
    // What somebody chooses is theirs from then on, and no longer the address's.
    let choose = Callback::new(move |columns: Columns| {
        layout.update(|layout| layout.columns = columns);
        let view = view.get_untracked();
        if view.query.columns.is_some() {
            let query = LogQuery { columns: None, ..view.query };
            let view = LogView { query, ..view };
            place().go(&view.href(&path.get_value()), History::Replace);
        }
    });
    let around = use_around(id, view);
    // The log is pinned, so the answer stays right. While an answer is awaited the guess would be that one.
    let ahead = Callback::new(move |next| {
        if !answer.pending.get_untracked() {
            pages.guess((id.get_value(), next));
        }
    });
    let found = Memo::new(move |before| found(before, answer, asked, say));
    let state = Memo::new(move |_| State::of(answer, found));
    let missing = Memo::new(move |_| state.get() == State::Missing);
    speak_of(answer);
    let selection = Selection::on(found, columns);
    let exporting = Exporting::new(id, path, view);
    let told = use_told();
    let presses = Presses { path, view, found, selection, exporting, columns, told, say };
    use_shortcuts(move |key| presses.letter(key));
    let mut typing = presses.typing();

    view! {
        <section
            class="log"
            aria-labelledby="logs-title"
            on:mousedown=move |event| presses.down(&event)
            on:click=move |event| presses.click(&event)
            on:mouseover=|event| show_all(&event)
            on:keydown=move |event| presses.key(&event)
            on:submit=move |event| presses.submit(&event)
            on:input=move |event| typing(&event)
        >
            <h2 class="vh" id="logs-title">
                {say.logs()}
            </h2>
            {move || {
                let path = path.get_value();
                let time = part(around, |around| &around.time);
                let views = part(around, |around| &around.views);
                let on_page = Signal::derive(move || {
                    found.with(|found| found.as_ref().map_or(0, |found| found.page.entries.len()))
                });
                let rows = (selection, on_page);
                (!missing.get())
                    .then(|| {
                        view! {
                            <Bar id path query=pinned time views own exporting rows>
                                <ColumnsMenu seen columns layout choose />
                                <DensityButtons layout />
                            </Bar>
                        }
                    })
            }}
            {move || {
                let chips = part(around, |around| &around.chips);
                (!missing.get()).then(|| view! { <Newer id path view answer chips /> })
            }}
            {move || {
                let strip = part(around, |around| &around.strip);
                (!missing.get()).then(|| view! { <Strip path view html=strip /> })
            }}
            <p class="print-only">{move || found.get().map(|found| printed(&found, own))}</p>
            {move || {
                let error = answer.latest.with(|latest| latest.as_ref()?.1.as_ref().err().cloned());
                let error = error.filter(|error| *error != AppError::NotFound);
                error.map(|error| view! { <Failure title=say.log_not_loaded() error /> })
            }}
            {move || match state.get() {
                State::Waiting => {
                    let query = query.get_untracked();
                    let widths = Signal::derive(move || layout.with(|layout| layout.widths));
                    view! { <Skeleton path query columns=columns.get_untracked() widths /> }.into_any()
                }
                State::Missing => view! { <NothingHere /> }.into_any(),
                State::Failed => ().into_any(),
                State::Empty => {
                    view! {
                        <Beside found path ahead>
                            {move || {
                                let (path, found) = (path.get_value(), found.get()?);
                                Some(view! { <Nothing path found /> })
                            }}
                        </Beside>
                    }
                        .into_any()
                }
                State::Rows => {
                    let pending = answer.pending;
                    view! {
                        <Beside found path ahead>
                            <div
                                class="rows"
                                aria-busy=move || pending.get().then_some("true")
                                data-few=move || {
                                    (columns.with(|columns| columns.as_slice().len()) < FEW).then_some("")
                                }
                            >
                                {move || {
                                    let columns = columns.get();
                                    view! { <LogTable path found columns layout own /> }
                                }}
                            </div>
                        </Beside>
                    }
                        .into_any()
                }
            }}
            {(!missing.get_untracked()).then(|| view! { <CellForms path view /> })}
            <Drawer id view found />
            <ExportDialog exporting />
        </section>
    }
}

/// What a printed page shows, beside the conditions: which rows, of what, when, and by whom.
fn printed(found: &Found, own: bool) -> String {
    let (say, page, search) = (say(), &found.page, &found.query.search);
    let mut sentences = vec![caption(&found.query, page, own, say)];
    if !search.text.is_empty() {
        sentences.push(say.printed_search(&search.text, search.within.label(say)));
    }
    let at = format!(
        "{} ({})",
        spoken_minute(page.zone.clock(page.found_at).and_utc(), say),
        page.zone.label(page.found_at)
    );
    sentences.push(say.printed_pinned(grouped(page.as_of, say), at));
    if let Some(viewer) = looker().viewer {
        sentences.push(say.printed_by(viewer.name));
    }
    sentences.join(" ")
}

/// What values and actions in the rows belong to where there is no script: the rows do not know the question, these
/// two forms do. With a script, [`Presses`] sees to it, and they stay as they came.
#[component]
fn CellForms(path: StoredValue<String>, view: Memo<LogView>) -> impl IntoView {
    let query = view.with_untracked(|view| view.query.clone());
    [("by", query.at_page(1)), ("at", query)]
        .map(|(id, query)| {
            let hidden = query
                .pairs()
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
                .collect_view();
            view! {
                <form id=id method="get" action=path.get_value() hidden>
                    {hidden}
                </form>
            }
        })
        .into_iter()
        .collect_view()
}

/// Keeps the zone that was chosen. A customer who chose none sees times as their device does.
fn keep_zone(query: Memo<LogQuery>, kept: StoredValue<Option<ZoneName>>) {
    let own = looker().viewer.as_ref().is_some_and(Viewer::is_customer);
    let place = place();
    Effect::new(move |_| {
        let chosen = query.with(|query| query.zone.clone());
        if chosen.is_none() && own {
            let device = device::zone().and_then(|zone| zone.parse::<ZoneName>().ok());
            let device = device.filter(|zone| *zone != ZoneName::default());
            if let Some(device) = device {
                let query = query.get_untracked();
                let path = place.path().get_untracked();
                place.go(&LogQuery { zone: Some(device), ..query }.href(&path), History::Replace);
            }
        } else if chosen.is_some() && chosen != kept.get_value() {
            if let Some(chosen) = &chosen {
                preferences::zone(chosen.as_str());
            }
            kept.set_value(chosen);
        }
    });
}

/// What is looked at, as links name it: pinned to where the answer is. A question that has no answer yet is
/// as it was asked.
fn pinned(query: LogQuery, answer: Answer<(String, LogQuery), LogPage>) -> LogQuery {
    answer.latest.with(|latest| match latest {
        Some(((_, answered), Ok(page))) if query.pinned(page.as_of) == *answered => {
            answered.clone()
        }
        _ => query,
    })
}

/// The address says where the view is pinned, as soon as that is known: reload, Back and a copied link then
/// show the same rows. It is the same question in other words, and the server is not asked again.
fn pin_address(path: StoredValue<String>, search: Signal<String>, view: Memo<LogView>) {
    let place = place();
    Effect::new(move |_| {
        let view = view.get();
        if search.with_untracked(|search| LogView::read(search).0) != view {
            place.go(&view.href(&path.get_value()), History::Replace);
        }
    });
}

/// The page that is shown: the latest that was found. It stays where the next one fails.
fn found(
    before: Option<&Option<Arc<Found>>>,
    answer: Answer<(String, LogQuery), LogPage>,
    asked: Memo<(LogView, Vec<BadParameter>)>,
    say: Language,
) -> Option<Arc<Found>> {
    answer.latest.with(|latest| match latest {
        Some(((_, query), Ok(page))) => {
            let mut notes = asked.with_untracked(|(_, bad)| of_bad_parameters(bad, say));
            if query.listing.page > page.page {
                notes.push(of_page_too_far(query.listing.page, say));
            }
            Some(Arc::new(Found { query: query.clone(), page: page.clone(), notes }))
        }
        Some(_) => before.cloned().flatten(),
        None => None,
    })
}

/// What there is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing yet.
    Waiting,
    /// There is no such log.
    Missing,
    /// Nothing, for it failed.
    Failed,
    /// That there is nothing.
    Empty,
    /// Rows.
    Rows,
}

impl State {
    fn of(answer: Answer<(String, LogQuery), LogPage>, found: Memo<Option<Arc<Found>>>) -> Self {
        let missing = |latest: &Option<_>| matches!(latest, Some((_, Err(AppError::NotFound))));
        if answer.latest.with(missing) {
            return Self::Missing;
        }
        match found.get() {
            Some(found) if found.page.total == (Total { value: 0, exact: true }) => Self::Empty,
            Some(_) => Self::Rows,
            None if answer.latest.with(Option::is_some) => Self::Failed,
            None => Self::Waiting,
        }
    }
}

/// What stands above and below the rows, or whatever is there in their place.
#[component]
fn Beside(
    found: Memo<Option<Arc<Found>>>,
    path: StoredValue<String>,
    ahead: Callback<LogQuery>,
    children: Children,
) -> impl IntoView {
    let notes = move || {
        let notes = found.get()?.notes.clone();
        Some(view! { <Notes notes /> })
    };
    let pager = move || {
        let found = found.get()?;
        let page = &found.page;
        let pages = Pages::of(&found.query, &path.get_value(), page.page, page.pages, page.total);
        let ahead = Callback::new({
            let found = Arc::clone(&found);
            move |page| ahead.run(found.query.at_page(page))
        });
        Some(view! { <Pager pages ahead /> })
    };
    view! {
        {notes}
        {children()}
        {pager}
    }
}

/// Nothing matches, or nothing was recorded yet.
#[component]
fn Nothing(path: String, found: Arc<Found>) -> impl IntoView {
    let say = say();
    let query = &found.query;
    if found.page.log_entries == 0 {
        return view! {
            <Notice
                icon=Icon::Empty
                title=say.no_entries_yet()
                text=say.first_action_here()
            />
        }
        .into_any();
    }
    let text = search_in_words(query, say);
    let within = query.search.within;
    let searched = !query.search.text.is_empty();
    let wider = Search { text: query.search.text.clone(), within: SearchIn::UserOrTable };
    let sight = looker().sight;
    let widens = sight.searched(SearchIn::UserOrTable).len() > sight.searched(within).len();
    let wider = (searched && widens).then(|| query.searching(wider).href(&path));
    let any_time = (!query.range.is_all() && query.conditions() > 1)
        .then(|| query.within(Range::default()).href(&path));
    let mut whole = query.unfiltered();
    whole.search.within = SearchIn::default();
    let whole = whole.href(&path);
    view! {
        <Notice icon=Icon::Search title=say.no_entries_match() text about=query.search.text.clone()>
            {wider
                .map(|href| {
                    view! {
                        <a class="button" href=href>
                            {say.user_or_table()}
                        </a>
                    }
                })}
            {any_time
                .map(|href| {
                    view! {
                        <a class="button" href=href>
                            {say.at_any_time()}
                        </a>
                    }
                })}
            <a class="button" href=whole>
                {say.whole_log()}
            </a>
        </Notice>
    }
    .into_any()
}

/// Says what changed when new rows are there.
fn speak_of(answer: Answer<(String, LogQuery), LogPage>) {
    let (told, say) = (use_told(), say());
    Effect::new(move |before: Option<Option<LogQuery>>| {
        let before = before.flatten();
        let Some(((_, query), page)) = answer.latest.get() else { return before };
        match page {
            Ok(page) => {
                if let Some(before) = &before {
                    let sort = query.listing.sort;
                    let mut said = rows_in_words(&query, &page, say);
                    if before.listing.sort != sort {
                        said = format!("{} {said}", say.sorted_by(sort.in_words(say)));
                    }
                    told.speak(said);
                }
                request_animation_frame(rows::give_tab_stop);
            }
            Err(AppError::NotFound | AppError::SignedOut) => {}
            Err(_) => told.speak(say.say_log_not_loaded()),
        }
        Some(query)
    });
}
