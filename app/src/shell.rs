//! The document that the server sends, and the frame that every page stands in.

use std::time::Duration;

use leptos::prelude::*;

use crate::{
    error::AppError,
    place::{Page, place},
    session::viewer::{Looker, looker, say},
    title::{PRODUCT, title, use_title},
    ui::{
        icon::{Icon, Mark},
        notice::Notice,
    },
    words::Language,
};

/// The whole document of a page. Rendered by the server only.
#[cfg(feature = "ssr")]
pub fn document(options: LeptosOptions) -> impl IntoView {
    let first = crate::answer::first();
    let customer = first.customer.as_ref().and_then(|customer| customer.as_ref().ok());
    let page = place().path().with_untracked(|path| Page::at(path));
    let title = title(&page, customer.map(|customer| customer.name.as_str()), say());
    let head = view! {
        <title>{title}</title>
        {data("first", &first.without_html())}
        <AutoReload options=options.clone() />
        <HydrationScripts options=options.clone() />
    };
    html(options, head.into_any(), view! { <crate::App /> }.into_any())
}

/// The whole document of the sign-in page. Rendered by the server only.
#[cfg(feature = "ssr")]
pub fn sign_in_document(options: LeptosOptions) -> impl IntoView {
    use crate::session::sign_in::{SignIn, SignInQuery};

    let query = place().query().with_untracked(|query| SignInQuery::read(query));
    let title = view! { <title>{crate::title::of_page(say().sign_in())}</title> };
    html(options, title.into_any(), view! { <SignIn query /> }.into_any())
}

/// The whole document of a page that is a form or its answer: the server sends it whole, with no script.
#[cfg(feature = "ssr")]
pub fn plain_document(options: LeptosOptions, title: String, body: AnyView) -> impl IntoView {
    let head = view! { <title>{crate::title::of_page(&title)}</title> };
    let body = view! {
        <Shell>
            <main id="content" tabindex="-1">
                {body}
            </main>
        </Shell>
    };
    html(options, head.into_any(), body.into_any())
}

#[cfg(feature = "ssr")]
fn html(options: LeptosOptions, head: AnyView, body: AnyView) -> impl IntoView {
    let looker = looker();
    let own = looker.viewer.as_ref().is_some_and(crate::session::viewer::Viewer::is_customer);
    view! {
        <!DOCTYPE html>
        <html
            lang=looker.language.tag()
            data-theme=looker.theme.clone()
            data-density=looker.layout.density.name()
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <link id="style" rel="stylesheet" href=style_sheet(&options) />
                {head}
                {data("looker", &looker)}
            </head>
            <body class=own.then_some("own")>
                {body}
            </body>
        </html>
    }
}

/// The address of the style sheet. Where the build hashed the names, `hash.txt` beside this program tells.
#[cfg(feature = "ssr")]
fn style_sheet(options: &LeptosOptions) -> String {
    let hash = std::env::current_exe()
        .ok()
        .filter(|_| options.hash_files)
        .and_then(|program| std::fs::read_to_string(program.with_file_name("hash.txt")).ok())
        .and_then(|hashes| {
            hashes.lines().find_map(|line| Some(line.strip_prefix("css:")?.trim().to_owned()))
        })
        .map_or_else(String::new, |hash| format!(".{hash}"));
    format!("/{}/{}{hash}.css", options.site_pkg_dir, options.output_name)
}

/// A value for the browser's half, as JSON that no text in it can end the element of.
#[cfg(feature = "ssr")]
fn data(id: &'static str, value: &impl serde::Serialize) -> AnyView {
    let json = serde_json::to_string(value).unwrap_or_default().replace('<', "\\u003c");
    view! { <script type="application/json" id=id inner_html=json></script> }.into_any()
}

/// Skip link, header, page, and the line in which changes are spoken.
#[component]
pub fn Shell(children: Children) -> impl IntoView {
    let told = Told::nothing();
    provide_context(told);
    view! {
        <a class="skip" href="#content">
            {say().skip_to_content()}
        </a>
        <Header looker=looker() />
        {children()}
        <p
            class=move || if told.shown.get() { "toast" } else { "vh" }
            role="status"
            aria-live="polite"
        >
            {move || told.spoken.get()}
        </p>
    }
}

/// How long what was done stays in sight, and has the line to itself.
pub const IN_SIGHT: Duration = Duration::from_secs(4);

/// The line in which the page says what changed.
#[derive(Clone, Copy)]
pub struct Told {
    spoken: RwSignal<String>,
    shown: RwSignal<bool>,
    at: StoredValue<Option<f64>>,
}

impl Told {
    fn nothing() -> Self {
        Self {
            spoken: RwSignal::new(String::new()),
            shown: RwSignal::new(false),
            at: StoredValue::new(None),
        }
    }

    /// When something was said last, in milliseconds since 1970; nothing where nothing was.
    pub fn at(self) -> Option<f64> {
        self.at.try_get_value().flatten()
    }

    /// Says it to a screen reader. Who sees the page sees what changed.
    pub fn speak(self, text: impl Into<String>) {
        self.shown.set(false);
        self.say(text.into());
    }

    /// Says what was done where nothing on the page shows it, for a while to everybody.
    pub fn show(self, text: impl Into<String>) {
        let text: String = text.into();
        self.say(text.clone());
        self.shown.set(true);
        set_timeout(
            move || {
                // Unless something else was said meanwhile.
                if self.spoken.try_with_untracked(|spoken| *spoken == text) == Some(true) {
                    self.shown.set(false);
                }
            },
            IN_SIGHT,
        );
    }

    fn say(self, text: String) {
        self.at.set_value(Some(js_sys::Date::now()));
        self.spoken.set(text);
    }
}

/// The line in which the page says what changed.
pub fn use_told() -> Told {
    use_context().unwrap_or_else(Told::nothing)
}

#[component]
fn Header(looker: Looker) -> impl IntoView {
    let say = looker.language;
    let viewer = looker.viewer;
    let staff = viewer.as_ref().is_some_and(|viewer| !viewer.is_customer());
    let home = viewer.as_ref().map_or_else(|| "/sign-in".to_owned(), |viewer| viewer.role.home());
    let path = place().path();
    view! {
        <header class="app">
            <a class="mark" href=home>
                <Mark />
                {PRODUCT}
            </a>
            {staff
                .then(|| {
                    view! {
                        <nav aria-label=say.main_navigation()>
                            <a
                                href="/customers"
                                aria-current=move || {
                                    if path.get() == "/customers" { "page" } else { "true" }
                                }
                            >
                                {say.customers()}
                            </a>
                        </nav>
                    }
                })}
            <div class="end">
                <button
                    class="button quiet square keys needs-script"
                    type="button"
                    aria-label=say.keyboard_shortcuts()
                    aria-keyshortcuts="?"
                    aria-haspopup="dialog"
                    title=format!("{} (?)", say.keyboard_shortcuts())
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
                        aria-label=say.light_or_dark()
                        title=say.light_or_dark()
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
                                <summary class="button quiet who" title=say.account_menu()>
                                    <b class="monogram" aria-hidden="true">
                                        {initials(&viewer.name)}
                                    </b>
                                    <span>
                                        <bdi>{viewer.name.clone()}</bdi> " "
                                        <span class="role">{viewer.role.label(say)}</span>
                                    </span>
                                    <Icon of=Icon::ChevronDown class="chevron" />
                                </summary>
                                <div class="panel">
                                    <Languages />
                                    <form method="post" action="/sign-out">
                                        <button class="option" type="submit">
                                            {say.sign_out()}
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

/// The languages to choose from. The page comes anew in the chosen one.
#[component]
pub fn Languages() -> impl IntoView {
    let spoken = say();
    view! {
        <div class="languages" role="group" aria-label=spoken.language()>
            {Language::ALL
                .map(|language| {
                    view! {
                        <button
                            class="option"
                            type="submit"
                            form="preferences"
                            name="language"
                            value=language.tag()
                            lang=language.tag()
                            aria-pressed=(language == spoken).to_string()
                        >
                            {language.name()}
                        </button>
                    }
                })
                .into_iter()
                .collect_view()}
        </div>
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

    /// The zone that times are shown in; keeps it.
    pub fn zone(zone: &str) {
        keep("tz", zone);
    }
}

/// The first letters of the first and the last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    [first, words.next_back()].into_iter().flatten().flat_map(char::to_uppercase).collect()
}

/// What stands where there is nothing, or nothing for this viewer.
#[component]
pub fn NotFound() -> impl IntoView {
    let say = say();
    use_title(move || Some(title(&Page::Unknown, None, say)));
    view! {
        <main id="content" tabindex="-1">
            <NothingHere />
        </main>
    }
}

/// The sentence itself, for pages that have their frame already.
#[component]
pub fn NothingHere() -> impl IntoView {
    let say = say();
    let home = looker().viewer.map_or_else(|| "/sign-in".to_owned(), |viewer| viewer.role.home());
    view! {
        <Notice
            icon=Icon::Search
            title=say.not_found()
            alone=true
            text=say.nothing_here()
        >
            <a class="button" href=home>
                {say.to_the_start()}
            </a>
        </Notice>
    }
}

/// Why something could not be loaded, and how to try again.
#[component]
pub fn Failure(
    /// What could not be loaded, as a heading.
    title: &'static str,
    /// Why.
    error: AppError,
) -> impl IntoView {
    let say = say();
    let text = match &error {
        AppError::Bad(bad) => say.bad_parameter(&bad.parameter, bad.takes.in_words(say)),
        AppError::Internal { .. } => say.server_failed().to_owned(),
        _ => say.server_silent().to_owned(),
    };
    let id = error.request_id().map(|id| say.request_id(id));
    let again = place().address();
    view! {
        <div role="alert">
            <Notice icon=Icon::Alert title text>
                <a class="button primary" href=again rel="external">
                    {say.try_again()}
                </a>
                {id.map(|id| view! { <code>{id}</code> })}
            </Notice>
        </div>
    }
}
