//! The rows of a log: what each cell shows.
//!
//! Sorting a hundred rows by another column shows a hundred other entries. Finding by number those that stay,
//! and moving them, would cost more than it saves: the rows stay where they are, and what differs in them is
//! written over. A row whose entry has the same number is not looked at, for entries never change.

use std::borrow::Cow;

use web_sys::{Element, HtmlElement};

use super::entry::{Entry, LogColumn, Source, UserKind};
use crate::ui::{
    icon::Icon,
    piece::{
        Filled,
        Holds::{Pieces, Value},
        Piece::{self, Picture, Text},
    },
    time,
};

/// The row's own tag. One row gets the table's tab stop, see [`crate::ui::rows`].
const ROW: &str = r#"<tr role="row" tabindex="-1">"#;

/// An element: its name, its fixed attributes, those with a value, and what it holds.
macro_rules! piece {
    ($name:literal $fixed:literal [$($attribute:literal = $value:literal),*] $holds:expr) => {
        Piece::Element {
            name: $name,
            fixed: $fixed,
            valued: &[$(($attribute, $value)),*],
            holds: $holds,
        }
    };
}

/// A cell with a value by itself, and the same cell where there is none. People's texts are set apart (`bdi`),
/// so that right-to-left letters do not turn what stands beside them around.
macro_rules! text_cell {
    ($some:ident, $none:ident, $fixed:literal, $inner:literal) => {
        static $some: Piece =
    piece!("td" $fixed [] Pieces(&[piece!("bdi" $inner ["title" = 0] Value(0))]));
        static $none: Piece = piece!("td" $fixed [] Pieces(&[
            piece!("span" r#" class="none""# [] Pieces(&[
                piece!("span" r#" aria-hidden="true""# [] Pieces(&[Text("–")])),
                piece!("span" r#" class="vh""# [] Pieces(&[Text("none")])),
            ])),
        ]));
    };
}

/// A user of one kind: its picture, and its words.
macro_rules! user_cell {
    ($name:ident, $icon:ident, $words:literal) => {
        static $name: Piece = piece!("td" r#" role="cell" class="c-user""# [] Pieces(&[
            piece!("span" r#" class="by""# ["title" = 0] Pieces(&[
                Picture(Icon::$icon),
                piece!("bdi" r#" class="t""# [] Value(0)),
                piece!("span" r#" class="vh""# [] Pieces(&[Text($words)])),
            ])),
        ]));
    };
}

static CREATED: Piece = piece!("td" r#" role="cell" class="c-created""# [] Pieces(&[
    piece!("time" "" ["datetime" = 0] Pieces(&[
        piece!("span" r#" class="date""# [] Value(1)),
        Text(" "),
        piece!("span" "" [] Value(2)),
        piece!("span" r#" class="ms""# [] Value(3)),
    ])),
]));
static OWN_CREATED: Piece = piece!("td" r#" role="cell" class="c-created""# [] Pieces(&[
    piece!("time" "" ["datetime" = 0] Value(1)),
]));

user_cell!(OPERATOR, Person, ", operator");
user_cell!(CUSTOMER, PersonInCircle, ", customer");
user_cell!(CLIENT, Braces, ", API client");
user_cell!(SYSTEM, Gear, ", system");
user_cell!(UNKNOWN, Person, ", of no known kind");

static OWN_USER: Piece = piece!("td" r#" role="cell" class="c-user""# [] Pieces(&[
    piece!("bdi" r#" class="t""# [] Value(0)),
]));
static OWN_USER_AND_ROLE: Piece = piece!("td" r#" role="cell" class="c-user""# [] Pieces(&[
    piece!("bdi" r#" class="t""# [] Value(0)),
    Text(" "),
    piece!("span" r#" class="role""# [] Value(1)),
]));

static ACTION: Piece = piece!("th" r#" role="rowheader" scope="row" class="c-action""# [] Pieces(&[
    piece!("bdi" r#" class="open""# ["title" = 0] Value(0)),
]));

text_cell!(OPERATION, NO_OPERATION, r#" role="cell" class="c-op""#, r#" class="op""#);
text_cell!(TABLE, NO_TABLE, r#" role="cell" class="c-table mono""#, r#" class="t""#);
text_cell!(INSTANCE, NO_INSTANCE, r#" role="cell" class="c-instance mono""#, r#" class="t""#);
text_cell!(PATH_ALONE, NO_PATH, r#" role="cell" class="c-path mono""#, r#" class="path""#);

static SOURCE: Piece = piece!("td" r#" role="cell" class="c-source""# [] Pieces(&[
    piece!("span" "" ["class" = 0] Value(1)),
]));

static PATH: Piece = piece!("td" r#" role="cell" class="c-path mono""# ["title" = 0] Pieces(&[
    piece!("span" "" ["class" = 1] Value(2)),
    Text(" "),
    piece!("bdi" r#" class="path""# [] Value(3)),
]));

fn cell(column: LogColumn, entry: &Entry, own: bool) -> Filled<'_> {
    match column {
        LogColumn::CreatedAt => created(entry, own),
        LogColumn::User if own => own_user(entry),
        LogColumn::User => {
            let piece = match entry.user_kind {
                UserKind::Operator => &OPERATOR,
                UserKind::Customer => &CUSTOMER,
                UserKind::Client => &CLIENT,
                UserKind::System => &SYSTEM,
                UserKind::Unknown => &UNKNOWN,
            };
            Filled { piece, values: vec![entry.user.as_str().into()] }
        }
        LogColumn::Action => Filled { piece: &ACTION, values: vec![entry.action.as_str().into()] },
        LogColumn::RelatedOperation => {
            text(&OPERATION, &NO_OPERATION, entry.related_operation.as_deref().unwrap_or_default())
        }
        LogColumn::ImpactedTable => text(&TABLE, &NO_TABLE, &entry.impacted_table),
        LogColumn::Source => {
            let badge = match entry.source {
                Source::Ui => "badge ui",
                Source::Api => "badge api",
                Source::System => "badge system",
            };
            Filled { piece: &SOURCE, values: vec![badge.into(), entry.source.name().into()] }
        }
        LogColumn::AppInstance => text(&INSTANCE, &NO_INSTANCE, &entry.app_instance),
        LogColumn::RequestPath => request_path(&entry.request_path),
    }
}

fn text<'a>(some: &'static Piece, none: &'static Piece, text: &'a str) -> Filled<'a> {
    if text.is_empty() {
        Filled { piece: none, values: Vec::new() }
    } else {
        Filled { piece: some, values: vec![text.into()] }
    }
}

fn created(entry: &Entry, own: bool) -> Filled<'_> {
    let at = entry.created_at;
    let machine = time::rfc3339(at).into();
    if own {
        return Filled { piece: &OWN_CREATED, values: vec![machine, time::spoken(at).into()] };
    }
    let values = vec![
        machine,
        time::iso_date(at).into(),
        time::clock(at).into(),
        time::milliseconds(at).into(),
    ];
    Filled { piece: &CREATED, values }
}

fn own_user(entry: &Entry) -> Filled<'_> {
    let name = entry.user.as_str();
    let (name, role): (Cow<'_, str>, _) = match entry.user_kind {
        UserKind::Operator => (short_name(name).into(), "our staff"),
        UserKind::Customer => (name.into(), "you"),
        UserKind::Client => (name.into(), "app you connected"),
        UserKind::System => (name.into(), "automatic"),
        UserKind::Unknown => return Filled { piece: &OWN_USER, values: vec![name.into()] },
    };
    Filled { piece: &OWN_USER_AND_ROLE, values: vec![name, role.into()] }
}

/// `Helena Prado` as `Helena P.`
fn short_name(name: &str) -> String {
    let mut words = name.split_whitespace();
    match (words.next(), words.next_back().and_then(|last| last.chars().next())) {
        (Some(first), Some(initial)) => format!("{first} {initial}."),
        _ => name.to_owned(),
    }
}

fn request_path(path: &str) -> Filled<'_> {
    let Some((method, rest)) = path.split_once(' ') else {
        return text(&PATH_ALONE, &NO_PATH, path);
    };
    let class = if method == "DELETE" { "method delete" } else { "method" };
    Filled { piece: &PATH, values: vec![path.into(), class.into(), method.into(), rest.into()] }
}

/// Rows as HTML.
pub fn write(entries: &[Entry], columns: &[LogColumn], own: bool) -> String {
    let mut html = String::new();
    for entry in entries {
        html.push_str(ROW);
        for &column in columns {
            cell(column, entry, own).write(&mut html);
        }
        html.push_str("</tr>");
    }
    html
}

/// Makes rows of `after` of those of `before`, which `body` shows now.
pub fn replace(
    body: &HtmlElement,
    before: &[Entry],
    after: &[Entry],
    columns: &[LogColumn],
    own: bool,
) {
    let mut next = body.first_element_child();
    for (before, after) in before.iter().zip(after) {
        let Some(row) = next else { break };
        next = row.next_element_sibling();
        if before.seq != after.seq {
            replace_row(&row, before, after, columns, own);
        }
    }
    while let Some(surplus) = next {
        next = surplus.next_element_sibling();
        surplus.remove();
    }
    if let Some(more) = after.get(before.len()..).filter(|more| !more.is_empty()) {
        // It fails only where the element stands in no document's tree.
        let _added = body.insert_adjacent_html("beforeend", &write(more, columns, own));
    }
}

fn replace_row(row: &Element, before: &Entry, after: &Entry, columns: &[LogColumn], own: bool) {
    let mut next = row.first_element_child();
    for &column in columns {
        let Some(shown) = next else { return };
        next = shown.next_element_sibling();
        cell(column, after, own).replace(&cell(column, before, own), &shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Column;

    fn entry() -> Entry {
        Entry {
            seq: 1,
            created_at: chrono::DateTime::from_timestamp_micros(1_773_325_351_006_412).unwrap(),
            user: "Ana <Prado>".into(),
            user_kind: UserKind::Operator,
            action: "Did it & more".into(),
            related_operation: None,
            impacted_table: String::new(),
            source: Source::Api,
            app_instance: "web-1".into(),
            request_path: "DELETE /x?a=\"b\"".into(),
        }
    }

    #[test]
    fn each_column_is_a_cell_and_nothing_in_an_entry_is_markup() {
        let html = write(&[entry()], LogColumn::ALL, false);
        assert_eq!(html.matches("<td ").count() + html.matches("<th ").count(), 8);
        assert!(html.starts_with(ROW) && html.ends_with("</tr>"));
        for part in [
            r#"<time datetime="2026-03-12T14:22:31.006412Z"><span class="date">2026-03-12</span> "#,
            r#"<span class="by" title="Ana &lt;Prado&gt;">"#,
            r#"<bdi class="open" title="Did it &amp; more">Did it &amp; more</bdi>"#,
            r#"<span class="badge api">API</span>"#,
            r#"title="DELETE /x?a=&quot;b&quot;"><span class="method delete">DELETE</span> "#,
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert_eq!(html.matches(r#"<span class="none">"#).count(), 2);
    }

    #[test]
    fn staff_are_shown_to_customers_by_first_name_and_initial() {
        assert_eq!(short_name("Helena Prado"), "Helena P.");
        assert_eq!(short_name("Maria da Silva"), "Maria S.");
        assert_eq!(short_name("Helena"), "Helena");
        assert_eq!(short_name(""), "");
        let html = write(&[entry()], LogColumn::OWN, true);
        assert!(html.contains(r#"<bdi class="t">Ana &lt;.</bdi> <span class="role">our staff"#));
    }
}
