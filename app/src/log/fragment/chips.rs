//! The conditions in force, one chip for each, and the ways to more of them.

use leptos::prelude::*;

use super::{Surroundings, facet, label};
use crate::{
    log::{
        language,
        moment::Range,
        query::LogQuery,
        view::{LogView, Open},
    },
    query::{Column as _, UrlQuery},
    ui::icon::Icon,
};

struct Chip {
    name: &'static str,
    verb: &'static str,
    value: String,
    /// The condition turned around; nothing where it has no other side.
    reversed: Option<String>,
    without: String,
}

pub(super) fn write(of: &Surroundings<'_>) -> impl IntoView + use<> {
    let query = &of.view.query;
    let to = |query: LogQuery| {
        let open = Open { entry: None, ..of.view.open.clone() };
        LogView { query, open }.href(of.path)
    };
    let mut chips: Vec<Chip> = Vec::new();
    if !query.range.is_all() {
        chips.push(Chip {
            name: "Created At",
            verb: "",
            value: label::of_range(&query.range),
            reversed: None,
            without: to(query.within(Range::default())),
        });
    }
    for filter in query.filters.iter() {
        chips.push(Chip {
            name: filter.field.column().label(),
            verb: label::verb(filter),
            value: label::of_value(filter.pattern.text()).to_owned(),
            reversed: Some(to(query.with_filter(filter.clone().reversed()))),
            without: to(query.filtered(query.filters.without(filter))),
        });
    }
    let conditions = query.conditions();
    let clear = query.unfiltered().href(of.path);
    // What the chips say, for the search box: so that one learns to type it.
    let said = language::write(&language::Said {
        text: String::new(),
        filters: query.filters.clone(),
        range: query.range,
    });
    let said = (!said.is_empty()).then(|| format!("As a search: {said}"));
    let menu = of
        .sight
        .fields()
        .map(|field| {
            let href = of.view.with_facet(Some(field)).href(of.path);
            view! {
                <a class="option" href=href>
                    {field.column().label()}
                </a>
            }
        })
        .collect_view();
    view! {
        <ul aria-label="Filters in force" title=said>
            {chips
                .into_iter()
                .map(|chip| {
                    let Chip { name, verb, value, reversed, without } = chip;
                    let whole = format!("{name} {verb} {value}");
                    let text = view! {
                        <span class="name">{name}" "{verb}</span>
                        " "
                        <bdi>{value}</bdi>
                    };
                    view! {
                        <li>
                            <span class="chip">
                                {match reversed {
                                    Some(href) => {
                                        view! {
                                            <a class="text" href=href title="Turn it around">
                                                {text}
                                            </a>
                                        }
                                            .into_any()
                                    }
                                    None => view! { <span class="text">{text}</span> }.into_any(),
                                }}
                                <a
                                    class="off"
                                    href=without
                                    aria-label=format!("Remove the filter {whole}")
                                >
                                    <Icon of=Icon::Close />
                                </a>
                            </span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
        <details class="menu add">
            <summary class="button quiet small" aria-keyshortcuts="a">
                <Icon of=Icon::Plus />
                "Filter"
            </summary>
            <div class="panel">{menu}</div>
        </details>
        {(conditions > 0)
            .then(|| {
                // One alone has its own ×; the key works for it, too.
                let class = if conditions > 1 { "button quiet small" } else { "vh" };
                view! {
                    <a class=class href=clear aria-keyshortcuts="Shift+X">
                        "Clear all"
                    </a>
                }
            })}
        {facet::write(of)}
    }
}
