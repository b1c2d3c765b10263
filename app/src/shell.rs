//! The document that the server sends, and the frame that every page stands in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use crate::{
    session::viewer::{Looker, looker},
    ui::{
        icon::{Icon, Mark},
        notice::Notice,
    },
};

/// The whole document. Rendered by the server only.
#[cfg(feature = "ssr")]
pub fn document(options: LeptosOptions) -> impl IntoView {
    use leptos_meta::{HashedStylesheet, MetaTags};

    let looker = looker();
    let own = looker.viewer.as_ref().is_some_and(crate::session::viewer::Viewer::is_customer);
    view! {
        <!DOCTYPE html>
        <html
            lang="en"
            data-theme=looker.theme.clone()
            data-density=looker.density.clone()
            data-looker=serde_json::to_string(&looker).unwrap_or_default()
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <HashedStylesheet options=options.clone() id="style" />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body class=own.then_some("own")>
                <crate::App />
            </body>
        </html>
    }
}

/// Skip link, header, page, and the line in which changes are spoken.
#[component]
pub fn Shell(children: Children) -> impl IntoView {
    provide_context(Spoken(RwSignal::new(String::new())));
    let spoken = use_spoken();
    let path = use_location().pathname;
    view! {
        <a class="skip" href="#content" rel="external">
            "Skip to the content"
        </a>
        {move || (path.get() != "/sign-in").then(|| view! { <Header looker=looker() /> })}
        {children()}
        <p class="vh" role="status" aria-live="polite">
            {move || spoken.get()}
        </p>
    }
}

/// What the page last said to a screen reader.
#[derive(Clone, Copy)]
struct Spoken(RwSignal<String>);

/// The line in which changes are spoken: setting it says it.
pub fn use_spoken() -> RwSignal<String> {
    use_context::<Spoken>().map_or_else(|| RwSignal::new(String::new()), |spoken| spoken.0)
}

#[component]
fn Header(looker: Looker) -> impl IntoView {
    let viewer = looker.viewer;
    let staff = viewer.as_ref().is_some_and(|viewer| !viewer.is_customer());
    let home = viewer.as_ref().map_or_else(|| "/sign-in".to_owned(), |viewer| viewer.role.home());
    let path = use_location().pathname;
    view! {
        <header class="app">
            <a class="mark" href=home>
                <Mark />
                "Customer Logs"
            </a>
            {staff
                .then(|| {
                    view! {
                        <nav aria-label="Main">
                            <a
                                href="/customers"
                                aria-current=move || {
                                    if path.get() == "/customers" { "page" } else { "true" }
                                }
                            >
                                "Customers"
                            </a>
                        </nav>
                    }
                })}
            <div class="end">
                <button
                    class="button quiet square keys needs-script"
                    type="button"
                    aria-label="Keyboard shortcuts"
                    aria-keyshortcuts="?"
                    aria-haspopup="dialog"
                    title="Keyboard shortcuts (?)"
                    on:click=|_| crate::log::help::open()
                >
                    <Icon of=Icon::Keyboard />
                </button>
                <form method="post" action="/preferences" id="preferences">
                    <button
                        class="button quiet square theme"
                        type="submit"
                        name="theme"
                        value="other"
                        aria-label="Light or dark"
                        title="Light or dark"
                        on:click=|event| {
                            event.prevent_default();
                            preferences::other_theme();
                        }
                    >
                        <Icon of=Icon::Moon class="moon" />
                        <Icon of=Icon::Sun class="sun" />
                    </button>
                </form>
                {viewer
                    .map(|viewer| {
                        view! {
                            <details class="menu end">
                                <summary class="button quiet who" title="Account menu">
                                    <b class="monogram" aria-hidden="true">
                                        {initials(&viewer.name)}
                                    </b>
                                    <span>
                                        {viewer.name.clone()} " "
                                        <span class="role">{viewer.role.label()}</span>
                                    </span>
                                    <Icon of=Icon::ChevronDown class="chevron" />
                                </summary>
                                <div class="panel">
                                    <form method="post" action="/sign-out">
                                        <button class="option" type="submit">
                                            "Sign out"
                                        </button>
                                    </form>
                                </div>
                            </details>
                        }
                    })}
            </div>
        </header>
        <crate::log::help::Help />
    }
}

/// What is kept in this browser about how the page looks.
pub mod preferences {
    use leptos::prelude::document;
    use wasm_bindgen::JsCast;

    fn root() -> Option<web_sys::HtmlElement> {
        document().document_element()?.dyn_into().ok()
    }

    fn keep(name: &str, value: &str) {
        if let Ok(page) = document().dyn_into::<web_sys::HtmlDocument>() {
            // A browser that keeps no cookies still shows the choice until the next page.
            let _kept =
                page.set_cookie(&format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax"));
        }
        if let Some(root) = root() {
            let _shown = root.dataset().set(name, value);
        }
    }

    /// From light to dark, or back; and keeps it.
    pub fn other_theme() {
        let Some(root) = root() else { return };
        let dark = match root.dataset().get("theme").as_deref() {
            Some("dark") => true,
            Some(_) => false,
            None => leptos::prelude::window()
                .match_media("(prefers-color-scheme: dark)")
                .ok()
                .flatten()
                .is_some_and(|query| query.matches()),
        };
        keep("theme", if dark { "light" } else { "dark" });
    }

    /// How close the rows stand; and keeps it.
    pub fn density(density: &str) {
        keep("density", density);
    }
}

/// The first letters of the first and the last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    [first, words.last()].into_iter().flatten().flat_map(char::to_uppercase).collect()
}

/// What stands where there is nothing, or nothing for this viewer.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Title text="Not found" />
        <main id="content" tabindex="-1">
            <NothingHere />
        </main>
    }
}

/// The sentence itself, for pages that have their frame already.
#[component]
pub fn NothingHere() -> impl IntoView {
    let home =
        looker().viewer.map_or_else(|| "/sign-in".to_owned(), |viewer| viewer.role.home());
    view! {
        <Notice
            icon=Icon::Search
            title="Not found"
            text="There is nothing at this address, or nothing that you may see."
        >
            <a class="button" href=home>
                "To the start"
            </a>
        </Notice>
    }
}
