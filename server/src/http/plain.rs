//! Pages that are a form or its answer: rendered whole, with no script.

use app::{
    answer::First,
    error::AppError,
    session::viewer::Looker,
    shell::{Failure, NothingHere, plain_document},
    words::Language,
    zone::Zone,
};
use axum::{
    Extension, RequestPartsExt,
    body::Body,
    extract::{FromRequestParts, Request},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use leptos::prelude::{AnyView, IntoAny, view};
use tower_http::request_id::RequestId;

use super::{
    caller::Asked,
    pages::{looker, render, text_of, with_choices},
    problem::{Problem, RETRY_AFTER},
    router::AppState,
};
use crate::{
    access::{self, Caller, NotFound, Person},
    backend::{app_error, status},
    store::{Scope, Store, StoreError},
    zones,
};

/// What the handler of such a page works with.
pub struct Plain {
    pub(super) store: Store,
    pub(super) asked: Asked,
    state: AppState,
    looker: Looker,
    request_id: String,
    path: String,
    query: String,
    host: String,
    reads: bool,
}

impl FromRequestParts<AppState> for Plain {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let asked = parts.extract::<Asked>().await?;
        let id = parts.extract::<Extension<RequestId>>().await.map_err(|_| Problem::Internal)?;
        let jar = CookieJar::from_headers(&parts.headers);
        let looker = looker(&asked.identity, &parts.headers, &jar);
        Ok(Self {
            store: state.store.clone(),
            asked,
            state: state.clone(),
            looker,
            request_id: text_of(&id),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            host: parts
                .headers
                .get(header::HOST)
                .and_then(|host| host.to_str().ok())
                .unwrap_or_default()
                .to_owned(),
            reads: parts.method.is_safe(),
        })
    }
}

impl Plain {
    /// Does the work, and answers what stopped it.
    pub async fn answer(
        self,
        work: impl AsyncFnOnce(&Self) -> Result<Response, AppError>,
    ) -> Response {
        match work(&self).await {
            Ok(response) => response,
            Err(AppError::SignedOut) => {
                let here = if self.query.is_empty() {
                    self.path.clone()
                } else {
                    format!("{}?{}", self.path, self.query)
                };
                // What was to be done is not done again by coming back.
                let next = if self.reads { here } else { "/".to_owned() };
                let query = app::query::query_string([("next", next)]);
                Redirect::to(&format!("/sign-in?{query}")).into_response()
            }
            Err(error) => self.failed(error).await,
        }
    }

    async fn failed(&self, error: AppError) -> Response {
        let code = status(&error);
        let mut response = match error {
            AppError::NotFound => {
                self.page("Not found", code, || view! { <NothingHere /> }.into_any()).await
            }
            error => {
                let view = move || view! { <Failure what="page" error=error.clone() /> }.into_any();
                self.page("Not at the moment", code, view).await
            }
        };
        if code == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }

    /// A page.
    pub async fn page(
        &self,
        title: &str,
        status: StatusCode,
        view: impl Fn() -> AnyView + Clone + Send + Sync + 'static,
    ) -> Response {
        let looker = with_choices(self.looker.clone(), &self.store, &self.asked.identity).await;
        let place = (self.path.clone(), self.query.clone());
        let title = title.to_owned();
        let document = move |options| plain_document(options, title.clone(), view());
        let request = Request::new(Body::empty());
        let mut response =
            render(&self.state, request, looker, First::default(), place, document).await;
        *response.status_mut() = status;
        response
    }

    /// The query string.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Somebody of the staff, and the customer that they look at.
    ///
    /// # Errors
    /// Signed out, not there, or not for them.
    pub fn staff(&self, customer_id: &str) -> Result<(Person, Scope), AppError> {
        access::admit_staff(self.caller()?, customer_id).map_err(not_found)
    }

    /// Whoever may read this customer's log, and the customer.
    ///
    /// # Errors
    /// Signed out, not there, or not for them.
    pub fn reader(&self, customer_id: &str) -> Result<(&Caller, Scope), AppError> {
        let caller = self.caller()?;
        Ok((caller, access::admit(caller, customer_id).map_err(not_found)?))
    }

    /// The zone that the viewer chose; UTC where they chose none.
    pub fn zone(&self) -> Zone {
        self.looker
            .zone
            .as_ref()
            .and_then(zones::zone)
            .map(|zone| Zone::clone(&zone))
            .unwrap_or_default()
    }

    /// An operator, and the customer on whose behalf they act.
    ///
    /// # Errors
    /// Signed out, not there, or not for them.
    pub fn operator(&self, customer_id: &str) -> Result<(Person, Scope), AppError> {
        access::admit_to_act(self.caller()?, customer_id).map_err(not_found)
    }

    /// Whoever is signed in.
    ///
    /// # Errors
    /// Signed out; not found for a program.
    pub fn person(&self) -> Result<Person, AppError> {
        match self.caller()? {
            Caller::Person(person) => Ok(person.clone()),
            Caller::Key(_) => Err(AppError::NotFound),
        }
    }

    /// The language that the page speaks.
    pub const fn say(&self) -> Language {
        self.looker.language
    }

    /// The whole address of `path` here, as the browser named this server.
    pub fn absolute(&self, path: &str) -> String {
        let scheme = if self.state.https.0 { "https" } else { "http" };
        format!("{scheme}://{}{path}", self.host)
    }

    /// What is said where nothing else can be.
    pub fn internal(&self) -> AppError {
        AppError::Internal { request_id: self.request_id.clone() }
    }

    /// An operator, who may add customers.
    ///
    /// # Errors
    /// Signed out, or not for them.
    pub fn any_operator(&self) -> Result<Person, AppError> {
        match self.caller()? {
            Caller::Person(person) if person.viewer.may_act() => Ok(person.clone()),
            _ => Err(AppError::NotFound),
        }
    }

    fn caller(&self) -> Result<&Caller, AppError> {
        match &self.asked.identity.0 {
            Ok(Some(caller)) => Ok(caller),
            Ok(None) => Err(AppError::SignedOut),
            Err(()) => Err(AppError::Unavailable { request_id: self.request_id.clone() }),
        }
    }

    /// What the screen is told of a failure.
    pub fn failure(&self, error: impl Into<StoreError>) -> AppError {
        app_error(&error.into(), &self.request_id)
    }
}

const fn not_found(NotFound: NotFound) -> AppError {
    AppError::NotFound
}
