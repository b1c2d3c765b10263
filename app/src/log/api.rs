//! The function through which the Logs tab gets its rows.

use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::{entry::LogPage, query::LogQuery};
use crate::error::AppError;

/// The page of `customer_id`'s log that `query` asks for; the last one where it lies past the end.
///
/// # Errors
/// [`AppError::NotFound`] where there is no such customer, or the viewer may not see them.
#[server(prefix = "/fn", endpoint = "log", input = GetUrl)]
pub async fn fetch_log_page(
    customer_id: String,
    #[server(flatten)] query: LogQuery,
) -> Result<LogPage, AppError> {
    crate::backend::backend()?.log_page(&customer_id, &query).await
}
