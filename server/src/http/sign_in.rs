//! Signing in and out.

use app::{query::query_string, session::viewer::Role};
use axum::{Form, extract::State, response::Redirect};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use serde::Deserialize;

use super::{caller::SESSION, router::Https};
use crate::{
    password,
    store::{Store, StoreError},
    token::{Token, sha256},
};

/// What the form sends.
#[derive(Deserialize)]
pub struct SignIn {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

enum Refusal {
    Credentials,
    Wait(u64),
    Unavailable,
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        crate::telemetry::store_failed(&error);
        Self::Unavailable
    }
}

/// `POST /sign-in`: opens a session and goes on to where the user wanted; or back to the form, which says
/// why.
pub async fn sign_in(
    State(store): State<Store>,
    State(https): State<Https>,
    jar: CookieJar,
    Form(form): Form<SignIn>,
) -> (CookieJar, Redirect) {
    let next = form.next.clone();
    match open(&store, form).await {
        Ok((token, home)) => {
            let to = if is_here(&next) { next } else { home };
            (jar.add(session_cookie(token.reveal().to_owned(), https)), Redirect::to(&to))
        }
        Err(refusal) => {
            let mut query = match refusal {
                Refusal::Credentials => vec![("problem", "credentials".to_owned())],
                Refusal::Wait(seconds) => {
                    vec![("problem", "wait".to_owned()), ("seconds", seconds.to_string())]
                }
                Refusal::Unavailable => vec![("problem", "unavailable".to_owned())],
            };
            if is_here(&next) {
                query.push(("next", next));
            }
            (jar, Redirect::to(&format!("/sign-in?{}", query_string(query))))
        }
    }
}

/// `POST /sign-out`: ends the session, here and in the browser.
pub async fn sign_out(
    State(store): State<Store>,
    State(https): State<Https>,
    jar: CookieJar,
) -> (CookieJar, Redirect) {
    if let Some(cookie) = jar.get(SESSION)
        && let Err(error) = store.close_session(sha256(cookie.value())).await
    {
        crate::telemetry::store_failed(&error);
    }
    (jar.remove(session_cookie(String::new(), https)), Redirect::to("/sign-in"))
}

async fn open(store: &Store, form: SignIn) -> Result<(Token, String), Refusal> {
    let email = form.email.trim().to_lowercase();
    if email.len() > 254 || form.password.len() > 1024 {
        return Err(Refusal::Credentials);
    }
    let wait = store.sign_in_wait(&email).await?;
    if !wait.is_zero() {
        return Err(Refusal::Wait(wait.as_secs() + 1));
    }
    // Counted before it is known: attempts made at the same time cannot slip through together.
    store.count_sign_in_failure(&email).await?;
    let user = store.credentials(&email).await?;
    let (user_id, stored) = user.map(|user| (user.user_id, user.password_hash)).unzip();
    let fits = password::verify(form.password, stored).await.map_err(|error| {
        tracing::error!(%error, "checking a password failed");
        Refusal::Unavailable
    })?;
    let Some(user_id) = user_id.filter(|_| fits) else { return Err(Refusal::Credentials) };
    store.forgive_sign_in_failures(&email).await?;
    let token = Token::new("").map_err(|error| {
        tracing::error!(%error, "there is no randomness");
        Refusal::Unavailable
    })?;
    store.open_session(token.sha256(), user_id).await?;
    let viewer = store.viewer_of_session(token.sha256()).await?;
    let home = viewer.map_or_else(|| Role::Operator.home(), |viewer| viewer.role.home());
    Ok((token, home))
}

/// Whether `next` is a page of this site: nobody is sent elsewhere by a link to the sign-in page.
fn is_here(next: &str) -> bool {
    next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n', '\t'])
        && !next.starts_with("/sign-in")
}

fn session_cookie(token: String, https: Https) -> Cookie<'static> {
    // Lax: a link from elsewhere opens the page as the user; nothing from elsewhere can change anything.
    Cookie::build((SESSION, token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(https.0)
        .build()
}

#[cfg(test)]
mod tests {
    use super::is_here;

    #[test]
    fn signing_in_leads_to_pages_of_this_site_only() {
        assert!(is_here("/customers/20418/logs?sort=user"));
        for elsewhere in
            ["", "https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil"]
        {
            assert!(!is_here(elsewhere), "{elsewhere}");
        }
    }
}
