//! A column's header that sorts: a link, so that it works before any script and opens in a new tab.

use leptos::prelude::*;

use super::icon::Icon;
use crate::{
    query::{Column, Direction, Sort, UrlQuery},
    words::Language,
};

/// What a header shows and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    label: &'static str,
    sorted: Option<Direction>,
    first: Direction,
    href: String,
}

impl Head {
    /// The header of `column`, in a language, in a list that shows `query` at `path`.
    pub fn of<Q: UrlQuery>(column: Q::Column, query: &Q, path: &str, language: Language) -> Self {
        let sort: Sort<Q::Column> = query.listing().sort;
        Self {
            label: column.label(language),
            sorted: (sort.by == column).then_some(sort.direction),
            first: column.first_direction(),
            href: query.sorted(sort.pressed(column)).href(path),
        }
    }
}

/// `<th>` with a link to the order that pressing it gives. It stays while what it shows changes: written anew, a link
/// that has the focus would cost a layout of the whole page.
#[component]
pub fn SortHeader(
    /// What it shows.
    #[prop(into)]
    head: Signal<Head>,
    /// The cell's classes.
    class: &'static str,
    /// What the values are measured in, shown beside the name.
    #[prop(into)]
    unit: Signal<String>,
    /// How wide the column is, in CSS pixels, where that was chosen.
    #[prop(into, optional)]
    width: MaybeProp<u16>,
    /// Whether there is something to drag it wider by.
    #[prop(optional)]
    resizable: bool,
) -> impl IntoView {
    let label = head.with_untracked(|head| head.label);
    let icon = move || {
        head.with(|head| match head.sorted.unwrap_or(head.first) {
            Direction::Ascending => Icon::ArrowUp,
            Direction::Descending => Icon::ArrowDown,
        })
    };
    // Not a style: the policy of what a page may do forbids those.
    let width = leptos::attr::width(move || width.get().map(|width| width.to_string()));
    view! {
        <th
            role="columnheader"
            scope="col"
            {..width}
            class=class
            aria-sort=move || head.with(|head| head.sorted.map(Direction::aria))
        >
            <a href=move || head.with(|head| head.href.clone())>
                <span class="label">{label}</span>
                <span class="zone">{move || unit.get()}</span>
                {move || view! { <Icon of=icon() /> }}
            </a>
            // In place of the link where something else sorts: there it must not take the focus.
            <span class="alone">{label}</span>
            {resizable.then(|| view! { <span class="grip" aria-hidden="true"></span> })}
        </th>
    }
}
