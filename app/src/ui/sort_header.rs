//! A column's header that sorts: a link, so that it works before any script and opens in a new tab.

use leptos::prelude::*;

use super::icon::Icon;
use crate::query::{Column, Direction, Sort, UrlQuery};

/// What a header shows and where it leads.
#[derive(Debug, Clone)]
pub struct Head {
    label: &'static str,
    sorted: Option<Direction>,
    first: Direction,
    href: String,
}

impl Head {
    /// The header of `column` in a list that shows `query` at `path`.
    pub fn of<Q: UrlQuery>(column: Q::Column, query: &Q, path: &str) -> Self {
        let sort: Sort<Q::Column> = query.listing().sort;
        Self {
            label: column.label(),
            sorted: (sort.by == column).then_some(sort.direction),
            first: column.first_direction(),
            href: query.sorted(sort.pressed(column)).href(path),
        }
    }
}

/// `<th>` with a link to the order that pressing it gives.
#[component]
pub fn SortHeader(
    /// What it shows.
    head: Head,
    /// The cell's classes.
    class: &'static str,
    /// What the values are measured in, shown beside the name.
    #[prop(into)]
    unit: String,
) -> impl IntoView {
    view! {
        <th role="columnheader" scope="col" class=class aria-sort=head.sorted.map(Direction::word)>
            <a href=head.href>
                <span class="label">{head.label}</span>
                <span class="zone">{unit}</span>
                <Icon of=match head.sorted.unwrap_or(head.first) {
                    Direction::Ascending => Icon::ArrowUp,
                    Direction::Descending => Icon::ArrowDown,
                } />
            </a>
        </th>
    }
}
