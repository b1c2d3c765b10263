//! Where the page is: path and query, as signals; and how it gets elsewhere without a new document.
//!
//! leptos_router does this and much more, for 50 kB of WebAssembly (compressed): a third of what the
//! whole Logs page may weigh. Four pages need this much of it.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlAnchorElement, HtmlElement, MouseEvent};

use crate::words::Language;

/// The pages there are. A customer's id is as it came: whether it is one, the server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// The list of customers.
    Customers,
    /// A customer's profile, at one of its tabs.
    Profile(String, Tab),
    /// None of these.
    Unknown,
}

/// The profile's tabs. Those that act are documents of their own: forms and their answers, without a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Who the customer is.
    Overview,
    /// What can be changed about them. A document of its own.
    Settings,
    /// What is done with their money. A document of its own.
    Operations,
    /// Balances and ledger. A document of its own.
    Financial,
    /// What was done on the account.
    Logs,
}

impl Tab {
    /// As the screen names it.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::Overview => language.overview(),
            Self::Settings => language.settings(),
            Self::Operations => language.operations(),
            Self::Financial => language.financial(),
            Self::Logs => language.logs(),
        }
    }
}

impl Page {
    /// The page at `path`.
    pub fn at(path: &str) -> Self {
        let mut parts = path.split('/').skip(1);
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("customers"), None, ..) => Self::Customers,
            (Some("customers"), Some(id), None, _) => Self::Profile(id.into(), Tab::Overview),
            (Some("customers"), Some(id), Some("logs"), None) => {
                Self::Profile(id.into(), Tab::Logs)
            }
            _ => Self::Unknown,
        }
    }
}

/// Whether Back returns to where one was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// A step of its own.
    Push,
    /// Takes the place of the step before it.
    Replace,
}

/// Where the page is.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    path: RwSignal<String>,
    query: RwSignal<String>,
}

impl Place {
    /// At `path`, with the query string `query` (without `?`).
    pub fn new(path: String, query: String) -> Self {
        Self { path: RwSignal::new(path), query: RwSignal::new(query) }
    }

    /// Where the browser is.
    pub fn of_browser() -> Self {
        let (path, query) = browser();
        Self::new(path, query)
    }

    /// The path.
    pub fn path(self) -> Signal<String> {
        self.path.into()
    }

    /// The query string, without `?`.
    pub fn query(self) -> Signal<String> {
        self.query.into()
    }

    /// Both together, as they stand in a link.
    pub fn address(self) -> String {
        let (path, query) = (self.path.get_untracked(), self.query.get_untracked());
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    /// Goes to `address` on this site. Another page begins at its top, with the focus on its content; the
    /// same page with another query stays where it is.
    pub fn go(self, address: &str, history: History) {
        let Ok(steps) = window().history() else { return };
        let moved = match history {
            History::Push => steps.push_state_with_url(&JsValue::NULL, "", Some(address)),
            History::Replace => steps.replace_state_with_url(&JsValue::NULL, "", Some(address)),
        };
        if moved.is_ok() && self.follow() {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            request_animation_frame(|| {
                let content = document().get_element_by_id("content");
                if let Some(content) = content.and_then(|c| c.dyn_into::<HtmlElement>().ok()) {
                    let _focused = content.focus();
                }
            });
        }
    }

    /// Takes over the browser's address; says whether that is another page.
    fn follow(self) -> bool {
        let (path, query) = browser();
        let elsewhere = self.path.with_untracked(|now| *now != path);
        // Together: between the two, the page would be nowhere.
        batch(|| {
            if elsewhere {
                self.path.set(path);
            }
            self.query.set(query);
        });
        elsewhere
    }

    /// From now on, links to pages of this site do not load a document, and Back and Forward do not either.
    pub fn take_over(self) {
        window_event_listener(ev::popstate, move |_| {
            self.follow();
        });
        window_event_listener(ev::click, move |event| {
            if let Some(address) = followed_link(&event) {
                event.prevent_default();
                self.go(&address, History::Push);
            }
        });
    }
}

/// The place of the page that is shown.
pub fn place() -> Place {
    use_context().unwrap_or_else(|| Place::new("/".into(), String::new()))
}

fn browser() -> (String, String) {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    (location.pathname().unwrap_or_default(), query.trim_start_matches('?').to_owned())
}

/// Where a click leads, if it is a plain one on a link to a page of this site.
fn followed_link(event: &MouseEvent) -> Option<String> {
    let plain = !event.default_prevented()
        && event.button() == 0
        && !(event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key());
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = target.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    let ours = link.origin() == window().location().origin().ok()?
        && link.hash().is_empty()
        && link.rel() != "external"
        && !link.has_attribute("download")
        && Page::at(&link.pathname()) != Page::Unknown;
    (plain && ours).then(|| link.pathname() + &link.search())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_is_its_page() {
        assert_eq!(Page::at("/customers"), Page::Customers);
        assert_eq!(Page::at("/customers/a:1"), Page::Profile("a:1".into(), Tab::Overview));
        assert_eq!(Page::at("/customers/7/logs"), Page::Profile("7".into(), Tab::Logs));
        for nowhere in [
            "/",
            "",
            "/sign-in",
            "/customers/7/logs/3",
            "/customers/7/operations",
            "/customers/7/settings",
            "/api/v1",
        ] {
            assert_eq!(Page::at(nowhere), Page::Unknown, "{nowhere}");
        }
    }
}
