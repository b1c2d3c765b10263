//! The functions through which the customers' screens get their data.

use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::{Customer, CustomerPage, query::CustomerQuery};
use crate::error::AppError;

/// The page of customers that `query` asks for; the last one where it lies past the end.
///
/// # Errors
/// [`AppError::NotFound`] where the viewer may not see other customers.
#[server(prefix = "/fn", endpoint = "customers", input = GetUrl)]
pub async fn fetch_customers(
    #[server(default)] query: CustomerQuery,
) -> Result<CustomerPage, AppError> {
    crate::backend::backend()?.customer_page(&query).await
}

/// One customer.
///
/// # Errors
/// [`AppError::NotFound`] where there is no such customer, or the viewer may not see them.
#[server(prefix = "/fn", endpoint = "customer", input = GetUrl)]
pub async fn fetch_customer(customer_id: String) -> Result<Customer, AppError> {
    crate::backend::backend()?.customer(&customer_id).await
}
