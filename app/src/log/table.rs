//! The table of a log.

use std::sync::Arc;

use leptos::{html, prelude::*};

use super::{
    columns::Columns,
    entry::{LogColumn, LogPage},
    filter::Field,
    layout::{Layout, Widths},
    query::LogQuery,
    resize::Resize,
    row::{self, Look},
};
use crate::{
    query::UrlQuery,
    session::viewer::{looker, say},
    ui::{
        number::grouped,
        rows::walk_by_key,
        sort_header::{self, SortHeader},
    },
    words::{HERE, Language},
    zone::Zone,
};

const fn head_class(column: LogColumn) -> &'static str {
    match column {
        LogColumn::CreatedAt => "c-created",
        LogColumn::User => "c-user",
        LogColumn::Action => "c-action",
        LogColumn::RelatedOperation => "c-op",
        LogColumn::ImpactedTable => "c-table",
        LogColumn::Source => "c-source",
        LogColumn::AppInstance => "c-instance",
        LogColumn::RequestPath => "c-path",
    }
}

/// A page that was found, and what it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What was asked for.
    pub query: LogQuery,
    /// What was found.
    pub page: LogPage,
    /// What the page could not take from its address.
    pub notes: Vec<String>,
}

/// The table: a row for each entry, a column for each of the guide's. It stays while pages come and go.
#[component]
pub fn LogTable(
    /// The tab's path.
    path: StoredValue<String>,
    /// The page that is shown.
    found: Memo<Option<Arc<Found>>>,
    /// The columns. Others are another table.
    columns: Columns,
    /// How the viewer wants the table.
    layout: RwSignal<Layout>,
    /// Whether a customer is looking at their own log: plainer words.
    own: bool,
) -> impl IntoView {
    let say = say();
    let shown = columns.clone();
    let widths = Signal::derive(move || layout.with(|layout| layout.widths));
    let resize = Resize::new(Signal::stored(columns.clone()), layout);
    let look = move |zone: &Zone| Look { columns: shown.clone(), own, zone: zone.clone(), say };
    let query = Signal::derive(move || {
        found.with(|found| found.as_ref().map(|found| found.query.clone())).unwrap_or_default()
    });
    let zone = Signal::derive(move || {
        found
            .with(|found| found.as_ref().map(|found| zone_in_short(&found.page.zone)))
            .unwrap_or_default()
    });
    let body = NodeRef::<html::Tbody>::new();
    let first = found.get_untracked();
    let rows = first.as_ref().map(|first| row::write(&first.page.entries, look(&first.page.zone)));
    // The first rows came as text. From then on the same elements show other entries.
    Effect::new(move |shown: Option<Option<Arc<Found>>>| {
        let shown = shown.unwrap_or_else(|| first.clone());
        let now = found.get();
        if let (Some(before), Some(after), Some(body)) = (&shown, &now, body.get_untracked()) {
            let looks = (look(&before.page.zone), look(&after.page.zone));
            row::replace(&body, &before.page.entries, &after.page.entries, looks);
        }
        now.or(shown)
    });
    view! {
        <table
            role="table"
            on:keydown=walk_by_key
            on:pointerdown=move |event| resize.begin(&event)
            on:pointermove=move |event| resize.go_on(&event)
            on:pointerup=move |event| resize.end(&event)
            on:pointercancel=move |event| resize.end(&event)
        >
            <caption class="vh">
                {move || found.get().map(|found| caption(&found.query, &found.page, own, say))}
            </caption>
            <Head path query columns widths zone />
            <tbody role="rowgroup" node_ref=body inner_html=rows></tbody>
        </table>
    }
}

/// The table before its first rows are there.
#[component]
pub fn Skeleton(
    /// The tab's path.
    path: StoredValue<String>,
    /// What was asked for.
    query: LogQuery,
    /// The columns.
    columns: Columns,
    /// How wide they are.
    widths: Signal<Widths>,
) -> impl IntoView {
    let cells = columns.clone();
    let rows = query.listing.per_page.rows();
    view! {
        <div class="rows" aria-busy="true" data-first="">
            <table role="table">
                <caption class="vh">{say().logs_loading()}</caption>
                <Head path query=Signal::stored(query) columns widths zone=String::new() />
                <tbody role="rowgroup">
                    {(0..rows)
                        .map(|row| {
                            view! {
                                <tr role="row">
                                    {cells
                                        .as_slice()
                                        .iter()
                                        .map(|&column| {
                                            let width = (row * 7 + column as u64 * 5) % 4;
                                            view! {
                                                <td role="cell" class=head_class(column)>
                                                    <span class="bone" data-width=width.to_string()></span>
                                                </td>
                                            }
                                        })
                                        .collect_view()}
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Head(
    path: StoredValue<String>,
    #[prop(into)] query: Signal<LogQuery>,
    columns: Columns,
    widths: Signal<Widths>,
    /// Which clocks show the times.
    #[prop(into)]
    zone: Signal<String>,
) -> impl IntoView {
    let say = say();
    view! {
        <thead role="rowgroup">
            <tr role="row">
                {columns
                    .as_slice()
                    .iter()
                    .map(|&column| {
                        let width = Signal::derive(move || widths.get().of(column));
                        let head = Signal::derive(move || {
                            query
                                .with(|query| {
                                    sort_header::Head::of(column, query, &path.get_value(), say)
                                })
                        });
                        let unit = if column == LogColumn::CreatedAt {
                            zone
                        } else {
                            Signal::stored(String::new())
                        };
                        view! { <SortHeader head class=head_class(column) unit width resizable=true /> }
                    })
                    .collect_view()}
            </tr>
        </thead>
    }
}

/// “Logs: Rows 51 to 75 of 1,204,118. By Created At, descending. Times are UTC.”
pub fn caption(query: &LogQuery, page: &LogPage, own: bool, say: Language) -> String {
    let rows = rows_in_words(query, page, say);
    let order = query.listing.sort.in_words(say);
    let zone = zone_in_short(&page.zone);
    if own { say.your_logs_caption(rows, order, zone) } else { say.logs_caption(rows, order, zone) }
}

/// `UTC`, or the zone's place.
fn zone_in_short(zone: &Zone) -> String {
    zone.name.place()
}

/// “Rows 51 to 75 of 1,204,118.”
pub fn rows_in_words(query: &LogQuery, page: &LogPage, say: Language) -> String {
    if page.entries.is_empty() {
        return say.say_no_entries_match().into();
    }
    let first = query.at_page(page.page).listing.offset() + 1;
    let last = first + page.entries.len() as u64 - 1;
    let exact = page.total.exact;
    let [first, last, total] = [first, last, page.total.value].map(|number| grouped(number, say));
    if exact { say.say_rows(first, last, total) } else { say.say_rows_of_more(first, last, total) }
}

/// Why nothing was found, in a sentence; the text that was looked for stands [`HERE`] in it.
pub fn search_in_words(query: &LogQuery, say: Language) -> String {
    let text = HERE;
    if !query.filters.is_empty() || !query.range.is_all() {
        return if query.search.text.is_empty() {
            say.none_meets_conditions().to_owned()
        } else {
            say.none_meets_conditions_and(text)
        };
    }
    match looker().sight.searched(query.search.within) {
        [Field::User] => say.no_user_contains(text),
        [Field::ImpactedTable] => say.no_table_contains(text),
        _ => say.no_user_or_table_contains(text),
    }
}
