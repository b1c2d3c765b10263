//! A column's header that sorts: a link, so that it works before any script and opens in a new tab.

use leptos::prelude::*;

use super::icon::Icon;
use crate::query::{Column, Direction, Sort};

/// `<th>` with a link to the order that pressing it gives.
#[component]
pub fn SortHeader<C: Column>(
    /// The column.
    column: C,
    /// The order at present.
    sort: Sort<C>,
    /// Where pressing it leads.
    href: String,
    /// The cell's classes.
    class: &'static str,
    /// What the values are measured in, shown beside the name.
    #[prop(optional)]
    unit: &'static str,
) -> impl IntoView {
    let sorted = sort.by == column;
    let direction = if sorted { sort.direction } else { column.first_direction() };
    view! {
        <th
            role="columnheader"
            scope="col"
            class=class
            aria-sort=sorted.then(|| sort.direction.word())
        >
            <a href=href data-noscroll="">
                <span class="label">{column.label()}</span>
                {(!unit.is_empty()).then(|| view! { <span class="zone">{unit}</span> })}
                <Icon of=match direction {
                    Direction::Ascending => Icon::ArrowUp,
                    Direction::Descending => Icon::ArrowDown,
                } />
            </a>
        </th>
    }
}
