//! What the screen's server functions reach the data through, for one request.

use app::{
    backend::Backend,
    customer::{Customer, CustomerPage, query::CustomerQuery},
    error::AppError,
    log::{entry::LogPage, query::LogQuery},
};
use async_trait::async_trait;
use axum::http::StatusCode;
use leptos_axum::ResponseOptions;

use crate::{
    access::{self, Caller, NotFound},
    store::{Store, StoreError, entries::PastTheEnd},
};

/// The backend of one request: it knows who asks, and sets the answer's status where it is a failure.
pub struct RequestBackend {
    /// The data.
    pub store: Store,
    /// Who asks; nobody without a session; unknown while the database does not answer.
    pub caller: Result<Option<Caller>, ()>,
    /// The request's id.
    pub request_id: String,
    /// The answer to be.
    pub response: ResponseOptions,
}

impl RequestBackend {
    fn caller(&self) -> Result<&Caller, AppError> {
        match &self.caller {
            Ok(Some(caller)) => Ok(caller),
            Ok(None) => self.fail(StatusCode::UNAUTHORIZED, AppError::SignedOut),
            Err(()) => self.fail(StatusCode::SERVICE_UNAVAILABLE, self.unavailable()),
        }
    }

    fn unavailable(&self) -> AppError {
        AppError::Unavailable { request_id: self.request_id.clone() }
    }

    fn fail<T>(&self, status: StatusCode, error: AppError) -> Result<T, AppError> {
        self.response.set_status(status);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            self.response.insert_header(
                axum::http::header::RETRY_AFTER,
                crate::http::problem::RETRY_AFTER,
            );
        }
        Err(error)
    }

    fn found<T>(&self, answer: Result<Option<T>, StoreError>) -> Result<T, AppError> {
        match answer {
            Ok(Some(found)) => Ok(found),
            Ok(None) => self.not_found(NotFound),
            Err(error) => self.store_failed(&error),
        }
    }

    fn not_found<T>(&self, NotFound: NotFound) -> Result<T, AppError> {
        self.fail(StatusCode::NOT_FOUND, AppError::NotFound)
    }

    fn store_failed<T>(&self, error: &StoreError) -> Result<T, AppError> {
        crate::telemetry::store_failed(error);
        if matches!(error, StoreError::Unavailable(_)) {
            self.fail(StatusCode::SERVICE_UNAVAILABLE, self.unavailable())
        } else {
            let request_id = self.request_id.clone();
            self.fail(StatusCode::INTERNAL_SERVER_ERROR, AppError::Internal { request_id })
        }
    }
}

#[async_trait]
impl Backend for RequestBackend {
    async fn log_page(&self, customer_id: &str, query: &LogQuery) -> Result<LogPage, AppError> {
        let scope =
            access::admit(self.caller()?, customer_id).or_else(|error| self.not_found(error))?;
        self.found(self.store.log_page(&scope, query, PastTheEnd::LastPage).await)
    }

    async fn customer_page(&self, query: &CustomerQuery) -> Result<CustomerPage, AppError> {
        access::admit_to_all(self.caller()?).or_else(|error| self.not_found(error))?;
        self.found(self.store.customer_page(query).await.map(Some))
    }

    async fn customer(&self, customer_id: &str) -> Result<Customer, AppError> {
        let scope =
            access::admit(self.caller()?, customer_id).or_else(|error| self.not_found(error))?;
        self.found(self.store.customer(&scope).await)
    }
}
