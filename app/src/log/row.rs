//! The rows of a log: what each cell shows.
//!
//! Sorting a hundred rows by another column shows a hundred other entries. Finding by number those that stay,
//! and moving them, would cost more than it saves: the rows stay where they are, and what differs in them is
//! written over. A row whose entry has the same number is not looked at, for entries never change.

use web_sys::{Element, HtmlElement};

use super::{
    columns::Columns,
    entry::{Entry, LogColumn, Source, UserKind},
};
use crate::{
    operation::path_of_related,
    ui::{
        icon::Icon,
        piece::{
            Filled,
            Holds::{Pieces, Value},
            Piece::{self, Picture, Text},
        },
        time,
    },
    zone::Zone,
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
            plain: &[],
            holds: $holds,
        }
    };
    // A button: without a script, it sends its value.
    ($name:literal $fixed:literal sends $sent:literal $holds:expr) => {
        Piece::Element {
            name: $name,
            fixed: $fixed,
            valued: &[],
            plain: &[("value", $sent)],
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
        no_value!($none, $fixed);
    };
}

/// A cell where there is no value.
macro_rules! no_value {
    ($none:ident, $fixed:literal) => {
        static $none: Piece = piece!("td" $fixed [] Pieces(&[
            piece!("span" r#" class="none""# [] Pieces(&[
                piece!("span" r#" aria-hidden="true""# [] Pieces(&[Text("–")])),
                piece!("span" r#" class="vh""# [] Pieces(&[Text("none")])),
            ])),
        ]));
    };
}

/// A cell whose value filters when it is pressed.
macro_rules! value_cell {
    ($name:ident, $fixed:literal, $button:literal) => {
        static $name: Piece = piece!("td" $fixed [] Pieces(&[
            piece!("button" $button sends 0 Pieces(&[
                piece!("bdi" r#" class="t""# [] Value(0)),
            ])),
        ]));
    };
}

/// A user of one kind: its picture, and its words.
macro_rules! user_cell {
    ($name:ident, $icon:ident, $words:literal) => {
        static $name: Piece = piece!("td" r#" role="cell" class="c-user""# [] Pieces(&[
            piece!("button" r#" class="by" form="by" name="user" tabindex="-1""# sends 0 Pieces(&[
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
    piece!("button" r#" class="open" form="at" name="entry" tabindex="-1""# sends 1 Pieces(&[
        piece!("bdi" "" [] Value(0)),
    ])),
]));

static OPERATION: Piece = piece!("td" r#" role="cell" class="c-op""# [] Pieces(&[
    piece!("a" r#" class="op" rel="external" tabindex="-1""# ["href" = 1] Pieces(&[
        piece!("bdi" "" [] Value(0)),
    ])),
]));
no_value!(NO_OPERATION, r#" role="cell" class="c-op""#);
value_cell!(
    TABLE,
    r#" role="cell" class="c-table mono""#,
    r#" class="by" form="by" name="impacted_table" tabindex="-1""#
);
no_value!(NO_TABLE, r#" role="cell" class="c-table mono""#);
value_cell!(
    INSTANCE,
    r#" role="cell" class="c-instance mono""#,
    r#" class="by" form="by" name="app_instance" tabindex="-1""#
);
no_value!(NO_INSTANCE, r#" role="cell" class="c-instance mono""#);
text_cell!(PATH_ALONE, NO_PATH, r#" role="cell" class="c-path mono""#, r#" class="path""#);

static SOURCE: Piece = piece!("td" r#" role="cell" class="c-source""# [] Pieces(&[
    piece!("button" r#" class="by" form="by" name="source" tabindex="-1""# sends 1 Pieces(&[
        piece!("span" "" ["class" = 0] Value(1)),
    ])),
]));

static PATH: Piece = piece!("td" r#" role="cell" class="c-path mono""# ["title" = 0] Pieces(&[
    piece!("span" "" ["class" = 1] Value(2)),
    Text(" "),
    piece!("bdi" r#" class="path""# [] Value(3)),
]));

/// How rows look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The columns, in order.
    pub columns: Columns,
    /// Whether a customer looks at their own log.
    pub own: bool,
    /// Whose clocks show the times.
    pub zone: Zone,
}

fn cell<'e>(column: LogColumn, entry: &'e Entry, look: &Look) -> Filled<'e> {
    match column {
        LogColumn::CreatedAt => created(entry, look),
        LogColumn::User if look.own => own_user(entry),
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
        LogColumn::Action => Filled {
            piece: &ACTION,
            values: vec![entry.action.as_str().into(), entry.seq.to_string().into()],
        },
        LogColumn::RelatedOperation => operation(entry),
        LogColumn::ImpactedTable => text(&TABLE, &NO_TABLE, &entry.impacted_table),
        LogColumn::Source => {
            let (badge, name) = match entry.source {
                Some(Source::Ui) => ("badge ui", Source::Ui.name()),
                Some(Source::Api) => ("badge api", Source::Api.name()),
                Some(Source::System) => ("badge system", Source::System.name()),
                None => ("", ""),
            };
            Filled { piece: &SOURCE, values: vec![badge.into(), name.into()] }
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

fn operation(entry: &Entry) -> Filled<'_> {
    match entry.related_operation.as_deref().filter(|name| !name.is_empty()) {
        None => Filled { piece: &NO_OPERATION, values: Vec::new() },
        // Beside the tab in the profile.
        Some(name) => {
            let href = path_of_related(".", name);
            Filled { piece: &OPERATION, values: vec![name.into(), href.into()] }
        }
    }
}

fn created<'e>(entry: &Entry, look: &Look) -> Filled<'e> {
    let machine = time::rfc3339(entry.created_at).into();
    let at = look.zone.clock(entry.created_at).and_utc();
    if look.own {
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
    let name = entry.user.as_str().into();
    let role = match entry.user_kind {
        UserKind::Operator => "our staff",
        UserKind::Customer => "you",
        UserKind::Client => "app you connected",
        UserKind::System => "automatic",
        UserKind::Unknown => return Filled { piece: &OWN_USER, values: vec![name] },
    };
    Filled { piece: &OWN_USER_AND_ROLE, values: vec![name, role.into()] }
}

fn request_path(path: &str) -> Filled<'_> {
    let Some((method, rest)) = path.split_once(' ') else {
        return text(&PATH_ALONE, &NO_PATH, path);
    };
    let class = if method == "DELETE" { "method delete" } else { "method" };
    Filled { piece: &PATH, values: vec![path.into(), class.into(), method.into(), rest.into()] }
}

/// Rows as HTML.
pub fn write(entries: &[Entry], look: Look) -> String {
    let mut html = String::new();
    for entry in entries {
        html.push_str(ROW);
        for &column in look.columns.as_slice() {
            cell(column, entry, &look).write(&mut html);
        }
        html.push_str("</tr>");
    }
    html
}

/// Makes rows of `after` of those of `before`, which `body` shows now; each side looks as its look says.
pub fn replace(body: &HtmlElement, before: &[Entry], after: &[Entry], looks: (Look, Look)) {
    let mut next = body.first_element_child();
    let alike = looks.0 == looks.1;
    for (before, after) in before.iter().zip(after) {
        let Some(row) = next else { break };
        next = row.next_element_sibling();
        if before.seq != after.seq || !alike {
            replace_row(&row, before, after, &looks);
        }
    }
    while let Some(surplus) = next {
        next = surplus.next_element_sibling();
        surplus.remove();
    }
    if let Some(more) = after.get(before.len()..).filter(|more| !more.is_empty()) {
        // It fails only where the element stands in no document's tree.
        let _added = body.insert_adjacent_html("beforeend", &write(more, looks.1));
    }
}

fn replace_row(row: &Element, before: &Entry, after: &Entry, looks: &(Look, Look)) {
    let mut next = row.first_element_child();
    for &column in looks.1.columns.as_slice() {
        let Some(shown) = next else { return };
        next = shown.next_element_sibling();
        cell(column, after, &looks.1).replace(&cell(column, before, &looks.0), &shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::sight::Sight;

    fn entry() -> Entry {
        Entry {
            seq: 1,
            created_at: chrono::DateTime::from_timestamp_micros(1_773_325_351_006_412).unwrap(),
            user: "Ana <Prado>".into(),
            user_kind: UserKind::Operator,
            action: "Did it & more".into(),
            related_operation: None,
            impacted_table: String::new(),
            source: Some(Source::Api),
            app_instance: "web-1".into(),
            request_path: "DELETE /x?a=\"b\"".into(),
        }
    }

    fn look(sight: Sight, own: bool) -> Look {
        Look { columns: Columns::seen(sight), own, zone: Zone::default() }
    }

    #[test]
    fn each_column_is_a_cell_and_nothing_in_an_entry_is_markup() {
        let html = write(&[entry()], look(Sight::ALL, false));
        assert_eq!(html.matches("<td ").count() + html.matches("<th ").count(), 8);
        assert!(html.starts_with(ROW) && html.ends_with("</tr>"));
        for part in [
            r#"<time datetime="2026-03-12T14:22:31.006412Z"><span class="date">2026-03-12</span> "#,
            r#"<button class="by" form="by" name="user" tabindex="-1" value="Ana &lt;Prado&gt;">"#,
            r#" name="entry" tabindex="-1" value="1"><bdi>Did it &amp; more</bdi>"#,
            r#"<span class="badge api">API</span>"#,
            r#"title="DELETE /x?a=&quot;b&quot;"><span class="method delete">DELETE</span> "#,
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert_eq!(html.matches(r#"<span class="none">"#).count(), 2);
    }

    #[test]
    fn customers_see_who_somebody_is_to_them() {
        let html = write(&[entry()], look(Sight::OWN, true));
        assert!(
            html.contains(r#"<bdi class="t">Ana &lt;Prado&gt;</bdi> <span class="role">our staff"#)
        );
    }
}
