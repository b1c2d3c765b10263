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
    /// All of it, as a sentence.
    whole: String,
    /// What stands around the value, and the value.
    before: String,
    value: String,
    after: String,
    /// The condition turned around; nothing where it has no other side.
    reversed: Option<String>,
    without: String,
}

pub(super) fn write(of: &Surroundings<'_>) -> impl IntoView + use<> {
    let say = of.say;
    let query = &of.view.query;
    let to = |query: LogQuery| {
        let open = Open { entry: None, ..of.view.open.clone() };
        LogView { query, open }.href(of.path)
    };
    let mut chips: Vec<Chip> = Vec::new();
    if !query.range.is_all() {
        let (name, value) = (say.created_at(), label::of_range(&query.range, say));
        chips.push(Chip {
            whole: format!("{name} {value}"),
            before: format!("{name} "),
            value,
            after: String::new(),
            reversed: None,
            without: to(query.within(Range::default())),
        });
    }
    for filter in query.filters.iter() {
        let (before, after) = label::around_value(filter, say);
        chips.push(Chip {
            whole: label::of_filter(filter, say),
            before,
            value: label::of_value(filter.pattern.text(), say).to_owned(),
            after,
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
    let said = (!said.is_empty()).then(|| say.as_a_search(said));
    let menu = of
        .sight
        .fields()
        .map(|field| {
            let href = of.view.with_facet(Some(field)).href(of.path);
            view! {
                <a class="option" href=href>
                    {field.column().label(say)}
                </a>
            }
        })
        .collect_view();
    view! {
        <ul aria-label=say.filters_in_force() title=said>
            {chips
                .into_iter()
                .map(|chip| {
                    let Chip { whole, before, value, after, reversed, without } = chip;
                    let text = view! {
                        <span class="name">{before}</span>
                        <bdi>{value}</bdi>
                        {(!after.is_empty()).then(|| view! { <span class="name">{after}</span> })}
                    };
                    view! {
                        <li>
                            <span class="chip">
                                {match reversed {
                                    Some(href) => {
                                        view! {
                                            <a class="text" href=href title=say.turn_around()>
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
                                    aria-label=say.remove_filter(whole)
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
                {say.add_filter()}
            </summary>
            <div class="panel">{menu}</div>
        </details>
        {(conditions > 0)
            .then(|| {
                // One alone has its own ×; the key works for it, too.
                let class = if conditions > 1 { "button quiet small" } else { "vh" };
                view! {
                    <a class=class href=clear aria-keyshortcuts="Shift+X">
                        {say.clear_all()}
                    </a>
                }
            })}
        {facet::write(of)}
    }
}
