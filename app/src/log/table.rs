//! The rows of a log.

use leptos::prelude::*;

use super::{
    entry::{Entry, LogColumn, LogPage, Source, UserKind},
    query::{LogQuery, SearchIn},
};
use crate::{
    query::{Column, UrlQuery},
    ui::{
        icon::Icon,
        number::grouped,
        rows::walk_by_key,
        sort_header::{self, SortHeader},
        time,
    },
};

const fn class(column: LogColumn) -> &'static str {
    match column {
        LogColumn::CreatedAt => "c-created",
        LogColumn::User => "c-user",
        LogColumn::Action => "c-action",
        LogColumn::RelatedOperation => "c-op",
        LogColumn::ImpactedTable => "c-table mono",
        LogColumn::Source => "c-source",
        LogColumn::AppInstance => "c-instance mono",
        LogColumn::RequestPath => "c-path mono",
    }
}

const fn head_class(column: LogColumn) -> &'static str {
    match column {
        LogColumn::ImpactedTable => "c-table",
        LogColumn::AppInstance => "c-instance",
        LogColumn::RequestPath => "c-path",
        _ => class(column),
    }
}

/// The table: a row for each entry, a column for each of the guide's.
#[component]
pub fn LogTable(
    /// The tab's path.
    path: String,
    /// What was asked for.
    query: LogQuery,
    /// What was found.
    page: LogPage,
    /// Whether a customer is looking at their own log: fewer columns, and plainer words.
    own: bool,
) -> impl IntoView {
    let columns = columns(own);
    view! {
        <table role="table" on:keydown=walk_by_key>
            <caption class="vh">{caption(&query, &page, own)}</caption>
            <Head path query columns />
            <tbody role="rowgroup">
                {page
                    .entries
                    .into_iter()
                    .map(|entry| {
                        view! {
                            <tr role="row" tabindex="-1">
                                {columns
                                    .iter()
                                    .map(|&column| cell(column, &entry, own))
                                    .collect_view()}
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
}

/// The table before its first rows are there.
#[component]
pub fn Skeleton(
    /// The tab's path.
    path: String,
    /// What was asked for.
    query: LogQuery,
    /// Whether a customer is looking at their own log.
    own: bool,
) -> impl IntoView {
    let columns = columns(own);
    let rows = query.listing.per_page.rows();
    view! {
        <div class="rows" aria-busy="true" data-first="">
            <table role="table">
                <caption class="vh">"Logs, loading"</caption>
                <Head path query columns />
                <tbody role="rowgroup">
                    {(0..rows)
                        .map(|row| {
                            view! {
                                <tr role="row">
                                    {columns
                                        .iter()
                                        .map(|&column| {
                                            let width = (row * 7 + column as u64 * 5) % 4;
                                            view! {
                                                <td role="cell" class=class(column)>
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

const fn columns(own: bool) -> &'static [LogColumn] {
    if own { LogColumn::OWN } else { LogColumn::ALL }
}

#[component]
fn Head(path: String, query: LogQuery, columns: &'static [LogColumn]) -> impl IntoView {
    view! {
        <thead role="rowgroup">
            <tr role="row">
                {columns
                    .iter()
                    .map(|&column| {
                        let head = sort_header::Head::of(column, &query, &path);
                        let unit = if column == LogColumn::CreatedAt { "UTC" } else { "" };
                        view! { <SortHeader head class=head_class(column) unit /> }
                    })
                    .collect_view()}
            </tr>
        </thead>
    }
}

fn caption(query: &LogQuery, page: &LogPage, own: bool) -> String {
    let whose = if own { "Your logs" } else { "Logs" };
    let sort = query.listing.sort;
    let by = format!("{}, {}", sort.by.label(), sort.direction.word());
    format!("{whose}: {} By {by}. Times are UTC.", rows_in_words(query, page))
}

/// “Rows 51 to 75 of 1,204,118.”
pub fn rows_in_words(query: &LogQuery, page: &LogPage) -> String {
    if page.entries.is_empty() {
        return "No entries match.".into();
    }
    let first = query.at_page(page.page).listing.offset() + 1;
    let last = first + page.entries.len() as u64 - 1;
    let bound = if page.total.exact { "" } else { "more than " };
    let total = grouped(page.total.value);
    format!("Rows {} to {} of {bound}{total}.", grouped(first), grouped(last))
}

/// What a search looks for, as a part of a sentence.
pub fn search_in_words(query: &LogQuery) -> String {
    let what = match query.search.within {
        SearchIn::UserOrTable => "user or table",
        SearchIn::User => "user",
        SearchIn::Table => "table",
    };
    format!("No {what} in this log has a name that contains “{}”.", query.search.text)
}

fn cell(column: LogColumn, entry: &Entry, own: bool) -> AnyView {
    let class = class(column);
    match column {
        LogColumn::CreatedAt => {
            let at = entry.created_at;
            let text = if own {
                view! { {time::spoken(at)} }.into_any()
            } else {
                view! {
                    <span class="date">{time::iso_date(at)}</span>
                    " "
                    {time::clock(at)}
                    <span class="ms">{time::milliseconds(at)}</span>
                }
                .into_any()
            };
            view! {
                <td role="cell" class=class>
                    <time datetime=time::rfc3339(at)>{text}</time>
                </td>
            }
            .into_any()
        }
        LogColumn::User => {
            let user = if own { own_user(entry) } else { user(entry) };
            view! {
                <td role="cell" class=class>
                    {user}
                </td>
            }
            .into_any()
        }
        LogColumn::Action => view! {
            <th role="rowheader" scope="row" class=class>
                <bdi class="open" title=entry.action.clone()>
                    {entry.action.clone()}
                </bdi>
            </th>
        }
        .into_any(),
        LogColumn::RelatedOperation => {
            let operation = entry.related_operation.as_deref().unwrap_or_default();
            text_cell(class, operation, "op")
        }
        LogColumn::ImpactedTable => text_cell(class, &entry.impacted_table, "t"),
        LogColumn::Source => {
            let badge = match entry.source {
                Source::Ui => "badge ui",
                Source::Api => "badge api",
                Source::System => "badge system",
            };
            view! {
                <td role="cell" class=class>
                    <span class=badge>{entry.source.name()}</span>
                </td>
            }
            .into_any()
        }
        LogColumn::AppInstance => text_cell(class, &entry.app_instance, "t"),
        LogColumn::RequestPath => request_path(class, &entry.request_path),
    }
}

/// A value by itself. People's texts are set apart, so that right-to-left letters do not turn what
/// stands beside them around.
fn text_cell(class: &'static str, text: &str, inner: &'static str) -> AnyView {
    if text.is_empty() {
        return view! {
            <td role="cell" class=class>
                <NoValue />
            </td>
        }
        .into_any();
    }
    view! {
        <td role="cell" class=class>
            <bdi class=inner title=text.to_owned()>
                {text.to_owned()}
            </bdi>
        </td>
    }
    .into_any()
}

#[component]
fn NoValue() -> impl IntoView {
    view! {
        <span class="none">
            <span aria-hidden="true">"–"</span>
            <span class="vh">"none"</span>
        </span>
    }
}

fn user(entry: &Entry) -> AnyView {
    let (icon, kind) = match entry.user_kind {
        UserKind::Operator => (Icon::Person, "operator"),
        UserKind::Customer => (Icon::PersonInCircle, "customer"),
        UserKind::Client => (Icon::Braces, "API client"),
        UserKind::System => (Icon::Gear, "system"),
        UserKind::Unknown => (Icon::Person, "of no known kind"),
    };
    view! {
        <span class="by" title=entry.user.clone()>
            <Icon of=icon />
            <bdi class="t">{entry.user.clone()}</bdi>
            <span class="vh">", "{kind}</span>
        </span>
    }
    .into_any()
}

fn own_user(entry: &Entry) -> AnyView {
    let (name, role) = match entry.user_kind {
        UserKind::Operator => (short_name(&entry.user), "our staff"),
        UserKind::Customer => (entry.user.clone(), "you"),
        UserKind::Client => (entry.user.clone(), "app you connected"),
        UserKind::System => (entry.user.clone(), "automatic"),
        UserKind::Unknown => (entry.user.clone(), ""),
    };
    view! {
        <bdi class="t">{name}</bdi>
        " "
        {(!role.is_empty()).then(|| view! { <span class="role">{role}</span> })}
    }
    .into_any()
}

/// `Helena Prado` as `Helena P.`
fn short_name(name: &str) -> String {
    let mut words = name.split_whitespace();
    match (words.next(), words.next_back().and_then(|last| last.chars().next())) {
        (Some(first), Some(initial)) => format!("{first} {initial}."),
        _ => name.to_owned(),
    }
}

fn request_path(class: &'static str, text: &str) -> AnyView {
    let Some((method, path)) = text.split_once(' ') else {
        return text_cell(class, text, "path");
    };
    let method_class = if method == "DELETE" { "method delete" } else { "method" };
    view! {
        <td role="cell" class=class title=text.to_owned()>
            <span class=method_class>{method.to_owned()}</span>
            " "
            <bdi class="path">{path.to_owned()}</bdi>
        </td>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::short_name;

    #[test]
    fn staff_are_shown_to_customers_by_first_name_and_initial() {
        assert_eq!(short_name("Helena Prado"), "Helena P.");
        assert_eq!(short_name("Maria da Silva"), "Maria S.");
        assert_eq!(short_name("Helena"), "Helena");
        assert_eq!(short_name(""), "");
    }
}
