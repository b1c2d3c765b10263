//! What the screen's server functions reach the data through, for one request.

use app::{
    backend::Backend,
    customer::{Customer, CustomerPage, query::CustomerQuery},
    error::AppError,
    log::{
        answers::{Around, Exports},
        columns::Columns,
        entry::LogPage,
        fragment::{
            self, Opened, Surroundings,
            export::{Choices, Told},
        },
        query::LogQuery,
        taken::Estimate,
        view::{Export, LogView},
    },
    words::Language,
};
use async_trait::async_trait;
use axum::http::StatusCode;
use chrono::Utc;
use leptos_axum::ResponseOptions;
use uuid::Uuid;

use crate::{
    access::{self, Caller, NotFound},
    completing,
    http::{caller::Identity, export::size},
    origin::{Origin, Way},
    store::{Scope, Store, StoreError, entries::PastTheEnd},
    zones,
};

/// Whoever chooses for longer, in seconds, is told that there is no such export until it has begun.
const BEGINS_WITHIN: u64 = 600;

/// The backend of one request: it knows who asks.
#[derive(Clone)]
pub struct RequestBackend {
    /// The data.
    pub store: Store,
    /// Who asks.
    pub identity: Identity,
    /// By which way.
    pub way: Way,
    /// The request's id.
    pub request_id: String,
    /// The language that the screen speaks to them.
    pub language: Language,
    /// The answer of a server function, whose status is set here.
    pub response: Option<ResponseOptions>,
}

impl RequestBackend {
    fn caller(&self) -> Result<&Caller, AppError> {
        match &self.identity.0 {
            Ok(Some(caller)) => Ok(caller),
            Ok(None) => Err(AppError::SignedOut),
            Err(()) => Err(self.unavailable()),
        }
    }

    fn unavailable(&self) -> AppError {
        AppError::Unavailable { request_id: self.request_id.clone() }
    }

    /// Sets the answer's status.
    fn noted<T>(&self, result: Result<T, AppError>) -> Result<T, AppError> {
        if let Some(response) = &self.response {
            response.set_status(result.as_ref().err().map_or(StatusCode::OK, status));
        }
        result
    }

    fn found<T>(&self, answer: Result<Option<T>, StoreError>) -> Result<T, AppError> {
        match answer {
            Ok(found) => found.ok_or(AppError::NotFound),
            Err(error) => Err(app_error(&error, &self.request_id).said(self.language)),
        }
    }
}

/// What the screen is told of a failure of the store's, which the server's own log knows in full.
pub fn app_error(error: &StoreError, request_id: &str) -> AppError {
    if let StoreError::Hidden(bad) = error {
        return AppError::Bad(bad.clone());
    }
    crate::telemetry::store_failed(error);
    let request_id = request_id.to_owned();
    match error {
        StoreError::Unavailable(_) => AppError::Unavailable { request_id },
        _ => AppError::Internal { request_id },
    }
}

/// The status of an answer that has this error.
pub const fn status(error: &AppError) -> StatusCode {
    match error {
        AppError::NotFound => StatusCode::NOT_FOUND,
        AppError::SignedOut => StatusCode::UNAUTHORIZED,
        AppError::Bad(_) => StatusCode::BAD_REQUEST,
        AppError::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Internal { .. } | AppError::Unreachable => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

const fn not_found(NotFound: NotFound) -> AppError {
    AppError::NotFound
}

/// An export under this id may still begin: the id was made a moment ago.
fn is_fresh(id: &str) -> bool {
    let made = id.parse::<Uuid>().ok().and_then(|id| id.get_timestamp());
    made.is_some_and(|made| {
        let (seconds, _) = made.to_unix();
        Utc::now().timestamp().abs_diff(i64::try_from(seconds).unwrap_or_default()) < BEGINS_WITHIN
    })
}

impl RequestBackend {
    /// Sees to it that there is such a zone.
    fn known_zone(&self, query: &LogQuery) -> Result<(), AppError> {
        match zones::unknown(query) {
            Some(bad) => Err(AppError::Bad(bad).said(self.language)),
            None => Ok(()),
        }
    }

    async fn log_page_of(&self, id: &str, query: &LogQuery) -> Result<LogPage, AppError> {
        let caller = self.caller()?;
        let scope = access::admit(caller, id).map_err(not_found)?;
        self.looks(caller, &scope).await?;
        self.known_zone(query)?;
        self.found(self.store.log_page(&scope, query, PastTheEnd::LastPage).await)
    }

    /// Records that `caller` looks at this log: at its rows, its values, or one of its entries.
    async fn looks(&self, caller: &Caller, scope: &Scope) -> Result<(), AppError> {
        let origin = Origin::of(caller, self.way.clone());
        self.found(self.store.note_view(caller, scope, &origin).await.map(Some))
    }

    async fn newest_of(&self, id: &str) -> Result<u64, AppError> {
        let scope = access::admit(self.caller()?, id).map_err(not_found)?;
        self.found(self.store.newest(&scope).await)
    }

    async fn around_of(&self, id: &str, view: &LogView) -> Result<Around, AppError> {
        let caller = self.caller()?;
        let scope = access::admit(caller, id).map_err(not_found)?;
        self.known_zone(&view.query)?;
        self.looks(caller, &scope).await?;
        let values = async {
            let Some(field) = view.open.facet else { return Ok(None) };
            let found = self.store.facet(&scope, &view.query, field, &view.open.part).await;
            self.found(found).map(Some)
        };
        let saved = async {
            let Caller::Person(person) = caller else { return Ok(Vec::new()) };
            self.found(self.store.saved_views(person).await.map(Some))
        };
        let activity = async { self.found(self.store.activity(&scope, &view.query).await) };
        let (activity, values, saved) = tokio::try_join!(activity, values, saved)?;
        let path = scope.customer_id().logs_path();
        // Links around the rows leave the dialog of exports closed.
        let view = view.with_export(None);
        Ok(fragment::around(&Surroundings {
            path: &path,
            view: &view,
            own: caller.own_customer().is_some(),
            say: self.language,
            sight: scope.sight(),
            activity: &activity,
            values: values.as_deref(),
            saved: &saved,
        }))
    }

    async fn entry_of(&self, id: &str, view: &LogView) -> Result<String, AppError> {
        let caller = self.caller()?;
        let scope = access::admit(caller, id).map_err(not_found)?;
        self.known_zone(&view.query)?;
        let seq = view.open.entry.ok_or(AppError::NotFound)?;
        self.looks(caller, &scope).await?;
        let detail = self.found(self.store.entry(&scope, seq).await)?;
        let zone = view.query.zone.as_ref().and_then(zones::zone).unwrap_or_default();
        let path = scope.customer_id().logs_path();
        let (path, zone, detail) = (&*path, &*zone, &detail);
        let (sight, say) = (scope.sight(), self.language);
        Ok(fragment::entry(&Opened { path, view, sight, say, zone, detail }))
    }

    async fn completions_of(
        &self,
        id: &str,
        view: &LogView,
        (text, caret): (&str, usize),
    ) -> Result<String, AppError> {
        let caller = self.caller()?;
        let scope = access::admit(caller, id).map_err(not_found)?;
        self.known_zone(&view.query)?;
        self.looks(caller, &scope).await?;
        let found = completing::suggestions(&self.store, &scope, &view.query, (text, caret)).await;
        Ok(fragment::completions(&self.found(found)?, self.language))
    }

    async fn exports_of(
        &self,
        id: &str,
        view: &LogView,
        followed: &str,
    ) -> Result<Exports, AppError> {
        let caller = self.caller()?;
        let scope = access::admit(caller, id).map_err(not_found)?;
        self.known_zone(&view.query)?;
        let taken_by = Origin::of(caller, self.way.clone()).user_id.unwrap_or_default();
        let recent = self.store.recent_exports(&scope, &taken_by).await;
        let recent = self.found(recent.map(Some))?;
        let sight = scope.sight();
        let shown = match (&view.query.columns, caller) {
            (Some(columns), _) => columns.clone(),
            (None, Caller::Person(person)) => {
                self.found(self.store.layout(person.user_id).await.map(Some))?.columns
            }
            (None, Caller::Key(_)) => Columns::default(),
        };
        let shown = shown.among(sight);
        // How much there is shows something of the log; how far an export is does not.
        let estimates = if view.open.export == Some(Export::Choice) {
            self.looks(caller, &scope).await?;
            let this_view = self.estimate(&scope, &view.query, &shown).await?;
            let whole_log = if view.query.conditions() > 0 {
                let whole = view.query.unfiltered();
                Some(self.estimate(&scope, &whole, &shown).await?)
            } else {
                None
            };
            Some((this_view, whole_log))
        } else {
            None
        };
        let choices = estimates.as_ref().map(|(this_view, whole_log)| Choices {
            this_view,
            whole_log: whole_log.as_ref(),
            shown: &shown,
            more: sight.sees_particulars() || shown != Columns::seen(sight),
            id: Uuid::now_v7().to_string(),
        });
        let zone = view.query.zone.as_ref().and_then(zones::zone).unwrap_or_default();
        let path = scope.customer_id().logs_path();
        let may_begin = match &view.open.export {
            Some(Export::Of(id)) => is_fresh(id),
            _ => false,
        };
        let told = Told {
            path: &path,
            view,
            zone: &zone,
            say: self.language,
            recent: &recent,
            may_begin,
            choices,
        };
        Ok(fragment::export::write(&told, followed))
    }

    /// What `query` finds, as it could be taken away.
    async fn estimate(
        &self,
        scope: &Scope,
        query: &LogQuery,
        shown: &Columns,
    ) -> Result<Estimate, AppError> {
        let sample = self.found(self.store.sample(scope, query).await)?;
        let zone = query.zone.as_ref().and_then(zones::zone).unwrap_or_default();
        size::estimate(&sample, (shown, scope.sight()), &zone)
            .map_err(|_| AppError::Internal { request_id: self.request_id.clone() })
    }

    async fn all_customers(&self, query: &CustomerQuery) -> Result<CustomerPage, AppError> {
        access::admit_to_all(self.caller()?).map_err(not_found)?;
        self.found(self.store.customer_page(query).await.map(Some))
    }

    async fn one_customer(&self, id: &str) -> Result<Customer, AppError> {
        let scope = access::admit(self.caller()?, id).map_err(not_found)?;
        self.found(self.store.customer(&scope).await)
    }
}

#[async_trait]
impl Backend for RequestBackend {
    async fn log_page(&self, customer_id: &str, query: &LogQuery) -> Result<LogPage, AppError> {
        self.noted(self.log_page_of(customer_id, query).await)
    }

    async fn newest(&self, customer_id: &str) -> Result<u64, AppError> {
        self.noted(self.newest_of(customer_id).await)
    }

    async fn around(&self, customer_id: &str, view: &LogView) -> Result<Around, AppError> {
        self.noted(self.around_of(customer_id, view).await)
    }

    async fn entry(&self, customer_id: &str, view: &LogView) -> Result<String, AppError> {
        self.noted(self.entry_of(customer_id, view).await)
    }

    async fn completions(
        &self,
        customer_id: &str,
        view: &LogView,
        typed: (&str, usize),
    ) -> Result<String, AppError> {
        self.noted(self.completions_of(customer_id, view, typed).await)
    }

    async fn exports(
        &self,
        customer_id: &str,
        view: &LogView,
        followed: &str,
    ) -> Result<Exports, AppError> {
        self.noted(self.exports_of(customer_id, view, followed).await)
    }

    async fn customer_page(&self, query: &CustomerQuery) -> Result<CustomerPage, AppError> {
        self.noted(self.all_customers(query).await)
    }

    async fn customer(&self, customer_id: &str) -> Result<Customer, AppError> {
        self.noted(self.one_customer(customer_id).await)
    }
}
