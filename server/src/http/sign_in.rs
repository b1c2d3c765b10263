//! Signing in and out.

use app::query::query_string;
use axum::{Form, extract::State, response::Redirect};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use serde::Deserialize;
use serde_json::json;

use super::{caller::Asked, router::Https};
use crate::{
    access::{Caller, Person},
    origin::{Origin, Way},
    password,
    store::{
        Store, StoreError,
        act::{ActError, Step},
        sessions,
        users::Credentials,
    },
    token::Token,
};

use super::caller::SESSION;

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

impl From<ActError> for Refusal {
    fn from(error: ActError) -> Self {
        StoreError::from(error).into()
    }
}

/// `POST /sign-in`: opens a session and goes on to where the user wanted; or back to the form, which says
/// why. Either is recorded.
pub async fn sign_in(
    State(store): State<Store>,
    State(https): State<Https>,
    asked: Asked,
    jar: CookieJar,
    Form(form): Form<SignIn>,
) -> (CookieJar, Redirect) {
    let next = form.next.clone();
    match open(&store, asked.way, form).await {
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
    asked: Asked,
    jar: CookieJar,
) -> (CookieJar, Redirect) {
    if let Ok(Some(Caller::Person(person))) = &asked.identity.0
        && let Err(error) = close(&store, person, asked.way.clone()).await
    {
        crate::telemetry::store_failed(&error.into());
    }
    (jar.remove(session_cookie(String::new(), https)), Redirect::to("/sign-in"))
}

async fn close(store: &Store, person: &Person, way: Way) -> Result<(), ActError> {
    let mut act = store.act(&Origin::of_person(person, way)).await?;
    sessions::close(&mut act, person).await?;
    act.commit().await?;
    store.tails().end_session(person.session);
    Ok(())
}

async fn open(store: &Store, way: Way, form: SignIn) -> Result<(Token, String), Refusal> {
    let email = form.email.trim().to_lowercase();
    if email.len() > 254 || form.password.len() > 1024 {
        return Err(Refusal::Credentials);
    }
    // Whoever has to wait is not tried, and what is not tried is not recorded: a log is not to be flooded.
    let wait = store.sign_in_wait(&email).await?;
    if !wait.is_zero() {
        return Err(Refusal::Wait(wait.as_secs() + 1));
    }
    // Counted before it is known: attempts made at the same time cannot slip through together.
    store.count_sign_in_failure(&email).await?;
    let user = store.credentials(&email).await?;
    let stored = user.as_ref().map(|user| user.password_hash.clone());
    let fits = password::verify(form.password, stored).await.map_err(|error| {
        tracing::error!(%error, "checking a password failed");
        Refusal::Unavailable
    })?;
    let Some(user) = user.clone().filter(|_| fits) else {
        note_failure(store, &email, user.as_ref(), way).await?;
        return Err(Refusal::Credentials);
    };
    store.forgive_sign_in_failures(&email).await?;
    let token = Token::new("").map_err(|error| {
        tracing::error!(%error, "there is no randomness");
        Refusal::Unavailable
    })?;
    let (home, sight) = (user.role.home(), store.sight_of(&user.role));
    let person = user.into_person(token.sha256(), sight);
    let mut act = store.act(&Origin::of_person(&person, way)).await?;
    sessions::open(&mut act, person.session, person.user_id, &person.viewer.role).await?;
    act.commit().await?;
    Ok((token, home))
}

/// A failed attempt stands in the log of the customer that it was for; in this installation's own, where it
/// was for anybody else. What was typed as password stands nowhere.
async fn note_failure(
    store: &Store,
    email: &str,
    user: Option<&Credentials>,
    way: Way,
) -> Result<(), ActError> {
    let role = user.map(|user| &user.role);
    let mut act = store.act(&Origin::of_stranger(email, role, way)).await?;
    let reason = if user.is_some() { "wrong password" } else { "no such user" };
    let step = Step::new("Failed to sign in", "session").detail(json!({ "reason": reason }));
    match role {
        Some(role) => act.note_of(role, step),
        None => act.note_of_platform(step),
    }
    act.commit().await?;
    Ok(())
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
