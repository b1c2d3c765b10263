//! The functions through which the Logs tab gets its rows, and learns that there are more.

use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::{
    answers::{Around, Exports},
    entry::LogPage,
    query::LogQuery,
};
use crate::error::AppError;

/// The page of `customer_id`'s log that `query` asks for; the last one where it lies past the end.
///
/// # Errors
/// [`AppError::NotFound`] where there is no such customer, or the viewer may not see them.
#[server(prefix = "/fn", endpoint = "log", input = GetUrl)]
pub async fn fetch_log_page(
    customer_id: String,
    #[server(default)] query: LogQuery,
) -> Result<LogPage, AppError> {
    crate::backend::backend()?.log_page(&customer_id, &query).await
}

/// The number of the newest entry of `customer_id`'s log. It shows nothing of the log, and so is not a view
/// of it.
///
/// # Errors
/// [`AppError::NotFound`] where there is no such customer, or the viewer may not see them.
#[server(prefix = "/fn", endpoint = "log-newest", input = GetUrl)]
pub async fn fetch_newest(customer_id: String) -> Result<u64, AppError> {
    crate::backend::backend()?.newest(&customer_id).await
}

/// What stands around the rows of `customer_id`'s log, for the view that the query string `view` names.
///
/// # Errors
/// [`AppError::NotFound`] where there is no such customer, or the viewer may not see them.
#[server(prefix = "/fn", endpoint = "log-around", input = GetUrl)]
pub async fn fetch_around(
    customer_id: String,
    #[server(default)] view: String,
) -> Result<Around, AppError> {
    crate::backend::backend()?.around(&customer_id, &super::view::LogView::read(&view).0).await
}

/// What may be meant by what is being typed into the search box, as HTML: a list to choose from, or nothing. What the
/// query string `view` says is in force; `caret` is counted as browsers do.
///
/// # Errors
/// [`AppError::NotFound`] where there is no such customer, or the viewer may not see them.
#[server(prefix = "/fn", endpoint = "log-completions", input = GetUrl)]
pub async fn fetch_completions(
    customer_id: String,
    #[server(default)] view: String,
    #[server(default)] text: String,
    #[server(default)] caret: usize,
) -> Result<String, AppError> {
    let view = super::view::LogView::read(&view).0;
    crate::backend::backend()?.completions(&customer_id, &view, (&text, caret)).await
}

/// The inside of the drawer, as HTML, for the entry that the query string `view` names.
///
/// # Errors
/// [`AppError::NotFound`] where there is no such customer or entry, or the viewer may not see them.
#[server(prefix = "/fn", endpoint = "log-entry", input = GetUrl)]
pub async fn fetch_entry(customer_id: String, view: String) -> Result<String, AppError> {
    crate::backend::backend()?.entry(&customer_id, &super::view::LogView::read(&view).0).await
}

/// What the dialog of exports shows for the view that the query string `view` names, and how the viewer's export
/// `followed` stands: open pages ask for it while one goes on.
///
/// # Errors
/// [`AppError::NotFound`] where there is no such customer, or the viewer may not see them.
#[server(prefix = "/fn", endpoint = "log-exports", input = GetUrl)]
pub async fn fetch_exports(
    customer_id: String,
    #[server(default)] view: String,
    #[server(default)] followed: String,
) -> Result<Exports, AppError> {
    let view = super::view::LogView::read(&view).0;
    crate::backend::backend()?.exports(&customer_id, &view, &followed).await
}
