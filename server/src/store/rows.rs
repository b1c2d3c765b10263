//! From rows to the product's types.

use app::{
    customer::{Customer, CustomerStatus, CustomerType},
    log::entry::{Entry, Source, UserKind},
};
use chrono::{DateTime, Utc};

use super::StoreError;

fn known<T: Copy>(all: &[T], name: fn(T) -> &'static str, text: &str) -> Result<T, StoreError> {
    all.iter()
        .copied()
        .find(|choice| name(*choice) == text)
        .ok_or_else(|| StoreError::Unreadable(text.to_owned()))
}

/// A number that the schema keeps from being negative.
pub(super) fn count(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Unreadable(number.to_string()))
}

#[derive(sqlx::FromRow)]
pub(super) struct EntryRow {
    seq: i64,
    created_at: DateTime<Utc>,
    user: String,
    user_kind: String,
    action: String,
    related_operation: Option<String>,
    impacted_table: String,
    source: String,
    app_instance: String,
    request_path: String,
}

impl TryFrom<EntryRow> for Entry {
    type Error = StoreError;

    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        Ok(Self {
            seq: count(row.seq)?,
            created_at: row.created_at,
            user: row.user,
            user_kind: known(&UserKind::ALL, UserKind::name, &row.user_kind)?,
            action: row.action,
            related_operation: row.related_operation,
            impacted_table: row.impacted_table,
            source: known(&Source::ALL, Source::name, &row.source)?,
            app_instance: row.app_instance,
            request_path: row.request_path,
        })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct CustomerRow {
    customer_id: String,
    name: String,
    customer_type: String,
    status: String,
    since: DateTime<Utc>,
    entries: i64,
    last_entry_at: Option<DateTime<Utc>>,
}

impl TryFrom<CustomerRow> for Customer {
    type Error = StoreError;

    fn try_from(row: CustomerRow) -> Result<Self, StoreError> {
        Ok(Self {
            customer_id: row
                .customer_id
                .parse()
                .map_err(|_| StoreError::Unreadable(row.customer_id.clone()))?,
            name: row.name,
            customer_type: known(&CustomerType::ALL, CustomerType::name, &row.customer_type)?,
            status: known(&CustomerStatus::ALL, CustomerStatus::name, &row.status)?,
            since: row.since,
            entries: count(row.entries)?,
            last_entry_at: row.last_entry_at,
        })
    }
}
