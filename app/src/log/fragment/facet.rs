//! The values of a field among what is found: how often each comes, and a press to have only it, or all but it.

use leptos::prelude::*;

use super::{Surroundings, label};
use crate::{
    log::{
        facet::MOST,
        filter::{Filter, Pattern},
        view::{LogView, Open},
    },
    query::{Column, UrlQuery},
    ui::{icon::Icon, number::grouped},
};

pub(super) fn write(of: &Surroundings<'_>) -> Option<impl IntoView + use<>> {
    let (field, values) = (of.view.open.facet?, of.values?);
    let say = of.say;
    let query = &of.view.query;
    let name = field.column().label(say);
    let part = of.view.open.part.clone();
    let typed = part.clone();
    let close = of.view.with_facet(None).href(of.path);
    let most = values.iter().filter_map(|value| value.entries).max().unwrap_or_default().max(1);
    let total = values.len();
    let rows = values
        .iter()
        .map(|value| {
            let only = Filter::is(field, value.value.clone());
            let (on, off) = (
                query.filters.iter().any(|filter| *filter == only),
                query.filters.iter().any(|filter| *filter == only.clone().reversed()),
            );
            // A press on what is in force takes it back. The list stays open: more than one may be wanted.
            let to = |filter: Filter, on: bool| {
                let filters =
                    if on { query.filters.without(&filter) } else { query.filters.with(filter) };
                let open = Open { entry: None, ..of.view.open.clone() };
                LogView { query: query.filtered(filters), open }.href(of.path)
            };
            let (include, exclude) = (to(only.clone(), on), to(only.clone().reversed(), off));
            let text = label::of_value(&value.value, say).to_owned();
            let share = value.entries.map(|entries| (entries * 100).div_ceil(most));
            view! {
                <li>
                    <a
                        class="option"
                        href=include
                        aria-current=on.then_some("true")
                        title=say.filter_is(name, &text)
                    >
                        {share
                            .map(|share| {
                                view! {
                                    <svg class="share" aria-hidden="true">
                                        <rect width=format!("{share}%") height="100%" />
                                    </svg>
                                }
                            })}
                        <bdi class="grow">{text.clone()}</bdi>
                        {value
                            .entries
                            .map(|entries| view! { <span class="aside">{grouped(entries, say)}</span> })}
                    </a>
                    <a
                        class="button quiet square small"
                        href=exclude
                        aria-current=off.then_some("true")
                        aria-label=say.leave_out(&text)
                        title=say.filter_is_not(name, &text)
                    >
                        <Icon of=Icon::Minus />
                    </a>
                </li>
            }
        })
        .collect_view();
    let few = field.has_few_values();
    let hint = match (few, total) {
        (true, MOST) => say.most_frequent(MOST),
        (true, _) => String::new(),
        (false, _) => say.type_beginning().to_owned(),
    };
    let pattern = if few { Pattern::Has(part.clone()) } else { Pattern::Begins(part.clone()) };
    let like = (!part.is_empty()).then(|| {
        let filter = Filter { field, not: false, pattern };
        let text = label::around_part(&filter, say);
        let open = Open { facet: of.view.open.facet, ..Open::default() };
        (text, LogView { query: query.with_filter(filter), open }.href(of.path))
    });
    let hidden = query
        .pairs()
        .into_iter()
        .filter(|(name, _)| name != "page")
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    Some(view! {
        <section class="facet" aria-label=say.values_of(name)>
            <header>
                <h3>{name}</h3>
                <a class="button quiet square small" href=close aria-label=say.close() data-escape="">
                    <Icon of=Icon::Close />
                </a>
            </header>
            <form method="get" action=of.path.to_owned() data-go="typing">
                {hidden}
                <input type="hidden" name="facet" value=field.name() />
                <input
                    class="input"
                    type="search"
                    id="facet-part"
                    name="part"
                    value=part
                    aria-label=say.find_value_of(name)
                    placeholder=if few { say.find_value() } else { say.begins_with() }
                    autocomplete="off"
                    spellcheck="false"
                />
            </form>
            {like
                .map(|((before, after), href)| {
                    view! {
                        <a class="option like" href=href>
                            <span>{before} <bdi>{typed}</bdi> {after}</span>
                        </a>
                    }
                })}
            <ul>{rows}</ul>
            {(total == 0).then(|| view! { <p class="hint">{say.no_value_like_that()}</p> })}
            {(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}
        </section>
    })
}
