//! Items per page, which rows these are, and the way to the others. Links and forms, so that all of
//! it works before any script; with it, only data travels.

use std::{sync::Arc, time::Duration};

use leptos::{ev::SubmitEvent, html, prelude::*};
use wasm_bindgen::JsCast;

use super::{icon::Icon, number::grouped};
use crate::{
    place::{History, place},
    query::{PerPage, Total, UrlQuery},
    session::viewer::say,
    words::{HERE, around},
};

/// The pages of a list, and how its address names each.
#[derive(Clone)]
pub struct Pages {
    path: String,
    size: PerPage,
    page: u64,
    pages: u64,
    total: Total,
    /// What the list's address says.
    pairs: Vec<(String, String)>,
    /// The address of a page, and of the first page in another size.
    at_page: Arc<dyn Fn(u64) -> String + Send + Sync>,
    in_size: Arc<dyn Fn(PerPage) -> String + Send + Sync>,
}

impl Pages {
    /// The pages of a list that shows `query` at `path`: `page` of `pages`, with `total` rows on all.
    pub fn of<Q: UrlQuery>(query: &Q, path: &str, page: u64, pages: u64, total: Total) -> Self {
        let in_size = {
            let (query, path) = (query.clone(), path.to_owned());
            Arc::new(move |size| query.with_per_page(size).href(&path))
        };
        let at_page = {
            let (query, path) = (query.clone(), path.to_owned());
            Arc::new(move |page| query.at_page(page).href(&path))
        };
        Self {
            path: path.to_owned(),
            size: query.listing().per_page,
            page,
            pages: pages.max(1),
            total,
            pairs: query.pairs(),
            at_page,
            in_size,
        }
    }

    /// The address as the hidden fields of a form, without those that the form has itself.
    fn hidden(&self, but: &[&str]) -> Vec<AnyView> {
        let kept = self.pairs.iter().filter(|(name, _)| !but.contains(&name.as_str()));
        kept.map(|(name, value)| {
            view! { <input type="hidden" name=name.clone() value=value.clone() /> }.into_any()
        })
        .collect()
    }
}

/// How long the pointer must rest on a step before its page is fetched ahead: passing over it is no wish.
const REST: Duration = Duration::from_millis(60);

/// The foot of a list.
#[component]
pub fn Pager(
    /// Its pages.
    pages: Pages,
    /// Fetches a page ahead, where one may: it is run when pointer or focus rest on the step to it.
    #[prop(optional)]
    ahead: Option<Callback<u64>>,
) -> impl IntoView {
    let place = place();
    let say = say();
    let (page, last, total) = (pages.page, pages.pages, pages.total);
    let step = |to: Option<u64>| {
        to.map(|page| (page, (pages.at_page)(page))).map(|(page, href)| To { page, href, ahead })
    };
    let back = page > 1;
    let on = page < last;

    let change_size = {
        let in_size = Arc::clone(&pages.in_size);
        move |event| {
            let value = event_target_value(&event);
            let size = PerPage::ALL.into_iter().find(|size| size.rows().to_string() == value);
            if let Some(size) = size {
                place.go(&in_size(size), History::Push);
            }
        }
    };
    let jump = {
        let at_page = Arc::clone(&pages.at_page);
        move |event: SubmitEvent| {
            event.prevent_default();
            let typed = event
                .target()
                .and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok())
                .and_then(|form| form.elements().named_item("page"))
                .and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok())
                .map(|field| field.value().replace([',', '.', ' '], ""));
            if let Some(to) = typed.and_then(|typed| typed.parse::<u64>().ok()) {
                place.go(&at_page(to.max(1)), History::Push);
            }
        }
    };

    let size = pages.size;
    let shown = size.rows();
    let first_row = (page - 1) * shown + 1;
    let last_row = (page * shown).min(total.value);
    // Numbers and fixed words: nothing to escape.
    let strong = |text: String| format!("<strong>{text}</strong>");
    let rows = strong(format!("{}–{}", grouped(first_row, say), grouped(last_row, say)));
    let all = strong(grouped(total.value, say));
    let range = match total {
        Total { value: 0, .. } => say.no_rows(all),
        Total { exact: true, .. } => say.rows_of(rows, all),
        Total { exact: false, .. } => say.rows_of_more(rows, all),
    };
    let (before_field, after_field) = around(&say.page_of(HERE, grouped(last, say)));

    view! {
        <nav class="pager" aria-label=say.pages()>
            <form class="per" method="get" action=pages.path.clone()>
                {pages.hidden(&["per_page", "page"])} <label class="per">
                    {say.items_per_page()} " "
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
                </label> <WithoutScript label=say.apply() />
            </form>
            <p class="range" inner_html=range></p>
            <div class="steps">
                <Step label=say.first_page() icon=Icon::First edge=true to=step(back.then_some(1)) />
                <Step
                    label=say.previous_page()
                    icon=Icon::Previous
                    key="["
                    to=step(back.then(|| page - 1))
                />
                <form class="page" method="get" action=pages.path.clone() on:submit=jump>
                    {pages.hidden(&["page"])} <label class="page">
                        {before_field} <input
                            class="input"
                            name="page"
                            inputmode="numeric"
                            autocomplete="off"
                            maxlength="15"
                            aria-keyshortcuts="g"
                            value=page.to_string()
                            prop:value=page.to_string()
                        /> {after_field}
                    </label> <WithoutScript label=say.go() />
                </form>
                <Step label=say.next_page() icon=Icon::Next key="]" to=step(on.then(|| page + 1)) />
                <Step label=say.last_page() icon=Icon::Last edge=true to=step(on.then_some(last)) />
            </div>
        </nav>
    }
}

/// Where a step leads.
struct To {
    page: u64,
    href: String,
    ahead: Option<Callback<u64>>,
}

/// A link to another page; where there is none it stays in its place, and keeps the focus if it had it.
#[component]
fn Step(
    label: &'static str,
    icon: Icon,
    to: Option<To>,
    #[prop(optional)] key: Option<&'static str>,
    #[prop(optional)] edge: bool,
) -> impl IntoView {
    let dead = to.is_none();
    let title = key.map_or_else(|| label.to_owned(), |key| format!("{label} ({key})"));
    let link = NodeRef::<html::A>::new();
    let ahead = to.as_ref().and_then(|to| Some((to.page, to.ahead?)));
    let wait = move || {
        let Some((page, ahead)) = ahead else { return };
        let look = move || {
            let rests = link.try_get_untracked().flatten().is_some_and(|link| {
                link.matches(":is(:hover, :focus-visible)").unwrap_or_default()
            });
            if rests {
                ahead.run(page);
            }
        };
        set_timeout(look, REST);
    };
    // The next page has come, and the pointer that asked for it rests where it was.
    Effect::new(move |_| wait());
    view! {
        <a
            node_ref=link
            class=if edge { "button quiet square edge-step" } else { "button quiet square" }
            href=to.map(|to| to.href)
            on:pointerenter=move |_| wait()
            on:focus=move |_| wait()
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
