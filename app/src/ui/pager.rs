//! Items per page, which rows these are, and the way to the others. Links and forms, so that all of
//! it works before any script; with it, only data travels.

use leptos::{ev::SubmitEvent, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    go::{History, use_go},
    icon::Icon,
    number::grouped,
};
use crate::query::{PerPage, Total, UrlQuery};

/// The foot of a list.
#[component]
pub fn Pager<Q: UrlQuery>(
    /// The path of the list.
    path: String,
    /// What the list shows now.
    query: Q,
    /// The page that is shown, from 1.
    page: u64,
    /// How many pages there are.
    pages: u64,
    /// How many rows there are on all pages.
    total: Total,
) -> impl IntoView {
    let go = use_go();
    let last = pages.max(1);
    let step = |to: Option<u64>| to.map(|page| query.at_page(page).href(&path));
    let back = page > 1;
    let on = page < last;

    let hidden = |keep: &'static [&'static str]| {
        query
            .pairs()
            .into_iter()
            .filter(|(name, _)| !keep.contains(name))
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
            .collect_view()
    };

    let change_size = {
        let (go, query, path) = (go.clone(), query.clone(), path.clone());
        move |event| {
            let value = event_target_value(&event);
            let size = PerPage::ALL.into_iter().find(|size| size.rows().to_string() == value);
            if let Some(size) = size {
                go(&query.with_per_page(size).href(&path), History::Push);
            }
        }
    };
    let jump = {
        let (query, path) = (query.clone(), path.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let typed = event
                .target()
                .and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok())
                .and_then(|form| form.elements().named_item("page"))
                .and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok())
                .map(|field| field.value().replace([',', ' '], ""));
            if let Some(to) = typed.and_then(|typed| typed.parse::<u64>().ok()) {
                go(&query.at_page(to.max(1)).href(&path), History::Push);
            }
        }
    };

    let size = query.listing().per_page;
    let shown = size.rows();
    let first_row = (page - 1) * shown + 1;
    let last_row = (page * shown).min(total.value);
    let range = if total.value == 0 {
        view! { <p class="range"><strong>"0"</strong>" rows"</p> }.into_any()
    } else {
        let bound = if total.exact { "" } else { "more than " };
        view! {
            <p class="range">
                "rows "<strong>{grouped(first_row)}"–"{grouped(last_row)}</strong>" of "{bound}
                <strong>{grouped(total.value)}</strong>
            </p>
        }
        .into_any()
    };

    view! {
        <nav class="pager" aria-label="Pages">
            <form class="per" method="get" action=path.clone()>
                {hidden(&["per_page", "page"])} <label class="per">
                    "Items per page "
                    <select class="select" name="per_page" on:change=change_size>
                        {PerPage::ALL
                            .map(|choice| {
                                view! {
                                    <option
                                        value=choice.rows().to_string()
                                        selected=choice == size
                                        prop:selected=choice == size
                                    >
                                        {choice.rows().to_string()}
                                    </option>
                                }
                            })
                            .into_iter()
                            .collect_view()}
                    </select>
                </label> <WithoutScript label="Apply" />
            </form>
            {range}
            <div class="steps">
                <Step label="First page" icon=Icon::First edge=true to=step(back.then_some(1)) />
                <Step
                    label="Previous page"
                    icon=Icon::Previous
                    key="["
                    to=step(back.then(|| page - 1))
                />
                <form class="page" method="get" action=path.clone() on:submit=jump>
                    {hidden(&["page"])} <label class="page">
                        "Page "
                        <input
                            class="input"
                            name="page"
                            inputmode="numeric"
                            autocomplete="off"
                            maxlength="15"
                            aria-keyshortcuts="g"
                            value=page.to_string()
                            prop:value=page.to_string()
                        /> " of "{grouped(last)}
                    </label> <WithoutScript label="Go" />
                </form>
                <Step label="Next page" icon=Icon::Next key="]" to=step(on.then(|| page + 1)) />
                <Step label="Last page" icon=Icon::Last edge=true to=step(on.then_some(last)) />
            </div>
        </nav>
    }
}

/// A link to another page; where there is none it stays in its place, and keeps the focus if it had it.
#[component]
fn Step(
    label: &'static str,
    icon: Icon,
    to: Option<String>,
    #[prop(optional)] key: Option<&'static str>,
    #[prop(optional)] edge: bool,
) -> impl IntoView {
    let dead = to.is_none();
    let title = key.map_or_else(|| label.to_owned(), |key| format!("{label} ({key})"));
    view! {
        <a
            class=if edge { "button quiet square edge-step" } else { "button quiet square" }
            href=to
            data-noscroll=""
            role=dead.then_some("link")
            aria-disabled=dead.then_some("true")
            tabindex=dead.then_some("-1")
            aria-label=label
            aria-keyshortcuts=key
            title=title
        >
            <Icon of=icon />
        </a>
    }
}

/// A button to send a form with, there only where no script does it.
#[component]
pub fn WithoutScript(
    /// What the button says.
    label: &'static str,
) -> impl IntoView {
    let button = format!(r#"<button class="button small" type="submit">{label}</button>"#);
    view! { <noscript inner_html=button></noscript> }
}
