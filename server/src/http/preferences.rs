//! How the page looks, kept in cookies: for browsers without scripts. With them the page does it itself.

use std::borrow::Cow;

use app::words::Language;
use axum::{
    Form,
    http::{HeaderMap, header},
    response::Redirect,
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use serde::Deserialize;

/// The theme's cookie: `light` or `dark`.
pub const THEME: &str = "theme";
/// The language's cookie: its tag.
pub const LANGUAGE: &str = "lang";

/// The zone's cookie: its name.
pub const ZONE: &str = "tz";

/// What the form sends: the one button that was pressed.
#[derive(Debug, Deserialize)]
pub struct Preferences {
    theme: Option<String>,
    language: Option<String>,
}

/// `POST /preferences`: keeps the choice, and goes back to the page it was made on.
pub async fn keep(
    jar: CookieJar,
    headers: HeaderMap,
    Form(preferences): Form<Preferences>,
) -> (CookieJar, Redirect) {
    let mut kept = jar.clone();
    if preferences.theme.is_some() {
        let dark = jar.get(THEME).is_some_and(|theme| theme.value() == "dark");
        kept = kept.add(cookie(THEME, if dark { "light" } else { "dark" }));
    }
    if let Some(language) = preferences.language.and_then(|tag| tag.parse::<Language>().ok()) {
        kept = kept.add(cookie(LANGUAGE, language.tag()));
    }
    (kept, Redirect::to(&back(&headers)))
}

/// The page that a form was sent from.
pub(super) fn back(headers: &HeaderMap) -> String {
    headers
        .get(header::REFERER)
        .and_then(|page| page.to_str().ok()?.parse::<axum::http::Uri>().ok())
        .and_then(|page| page.path_and_query().map(ToString::to_string))
        .unwrap_or_else(|| "/".into())
}

/// What keeps `value` in the browser.
pub(super) fn cookie(name: &'static str, value: impl Into<Cow<'static, str>>) -> Cookie<'static> {
    Cookie::build((name, value)).path("/").same_site(SameSite::Lax).permanent().build()
}
