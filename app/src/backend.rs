//! How server functions reach the data. The server provides an implementation for each request,
//! which knows who is asking.

use std::sync::Arc;

use async_trait::async_trait;
use leptos::prelude::use_context;

use crate::{
    customer::{Customer, CustomerPage, query::CustomerQuery},
    error::AppError,
    log::{
        answers::{Around, Exports},
        entry::LogPage,
        query::LogQuery,
        view::LogView,
    },
};

/// What the screen asks of the server, for the one who asks. A customer's id is taken as it came:
/// malformed, unknown and forbidden answer alike, so one place decides on all three.
#[async_trait]
pub trait Backend: Send + Sync {
    /// See [`crate::log::api::fetch_log_page`].
    async fn log_page(&self, customer_id: &str, query: &LogQuery) -> Result<LogPage, AppError>;
    /// See [`crate::log::api::fetch_newest`].
    async fn newest(&self, customer_id: &str) -> Result<u64, AppError>;
    /// See [`crate::log::api::fetch_around`].
    async fn around(&self, customer_id: &str, view: &LogView) -> Result<Around, AppError>;
    /// See [`crate::log::api::fetch_entry`].
    async fn entry(&self, customer_id: &str, view: &LogView) -> Result<String, AppError>;
    /// See [`crate::log::api::fetch_exports`].
    async fn exports(
        &self,
        customer_id: &str,
        view: &LogView,
        followed: &str,
    ) -> Result<Exports, AppError>;
    /// See [`crate::log::api::fetch_completions`]. What is typed is a text, and where the caret is in it.
    async fn completions(
        &self,
        customer_id: &str,
        view: &LogView,
        typed: (&str, usize),
    ) -> Result<String, AppError>;
    /// See [`crate::customer::api::fetch_customers`].
    async fn customer_page(&self, query: &CustomerQuery) -> Result<CustomerPage, AppError>;
    /// See [`crate::customer::api::fetch_customer`].
    async fn customer(&self, customer_id: &str) -> Result<Customer, AppError>;
}

/// The backend of the request that is being served.
pub(crate) fn backend() -> Result<Arc<dyn Backend>, AppError> {
    use_context().ok_or(AppError::Unreachable)
}
