//! From rows to the product's types.

use app::{
    customer::{Customer, CustomerStatus, CustomerType, settings::Settings},
    log::entry::{Entry, Source, UserKind},
    money::Currency,
    operation::{
        Operation, OperationKind, OperationName, OperationStatus, ledger::Account, page::LedgerLine,
    },
};
use chrono::{DateTime, Utc};

use super::{StoreError, settings::Kept};

pub(super) fn known<T: Copy>(
    all: &[T],
    name: fn(T) -> &'static str,
    text: &str,
) -> Result<T, StoreError> {
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
            source: Some(known(&Source::ALL, Source::name, &row.source)?),
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
    known: bool,
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
            known: row.known,
            since: row.since,
            entries: count(row.entries)?,
            last_entry_at: row.last_entry_at,
        })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct SettingsRow {
    name: String,
    customer_type: String,
    status: String,
    email: String,
    document: String,
    tags: Vec<String>,
    daily_limit: Option<i64>,
    currency: String,
    known: bool,
}

impl TryFrom<SettingsRow> for Kept {
    type Error = StoreError;

    fn try_from(row: SettingsRow) -> Result<Self, StoreError> {
        Ok(Self {
            settings: Settings {
                name: row.name,
                customer_type: known(&CustomerType::ALL, CustomerType::name, &row.customer_type)?,
                status: known(&CustomerStatus::ALL, CustomerStatus::name, &row.status)?,
                email: row.email,
                document: row.document,
                daily_limit: row.daily_limit,
                tags: row.tags,
            },
            currency: known(&Currency::ALL, Currency::code, &row.currency)?,
            known: row.known,
        })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct OperationRow {
    customer_id: String,
    operation_no: i64,
    kind: String,
    status: String,
    amount: i64,
    counterparty_id: Option<String>,
    incoming: bool,
    reverses: Option<i64>,
    note: String,
    requested_by: String,
    requested_by_id: i64,
    requested_at: DateTime<Utc>,
    decided_by: Option<String>,
    decided_at: Option<DateTime<Utc>>,
}

impl TryFrom<OperationRow> for Operation {
    type Error = StoreError;

    fn try_from(row: OperationRow) -> Result<Self, StoreError> {
        let id = |text: String| text.parse().map_err(|_| StoreError::Unreadable(text));
        Ok(Self {
            customer_id: id(row.customer_id)?,
            name: OperationName {
                kind: known(&OperationKind::ALL, OperationKind::name, &row.kind)?,
                number: row.operation_no,
            },
            status: known(&OperationStatus::ALL, OperationStatus::name, &row.status)?,
            amount: row.amount,
            counterparty: row.counterparty_id.map(id).transpose()?,
            incoming: row.incoming,
            reverses: row.reverses,
            note: row.note,
            requested_by: row.requested_by,
            requested_by_id: row.requested_by_id,
            requested_at: row.requested_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct LineRow {
    line: i64,
    operation_no: i64,
    kind: String,
    created_at: DateTime<Utc>,
    amount: i64,
    from_account: String,
    to_account: String,
    available_after: i64,
    reserved_after: i64,
}

impl TryFrom<LineRow> for LedgerLine {
    type Error = StoreError;

    fn try_from(row: LineRow) -> Result<Self, StoreError> {
        let account = |text: &str| known(&Account::ALL, Account::name, text);
        Ok(Self {
            line: count(row.line)?,
            operation: OperationName {
                kind: known(&OperationKind::ALL, OperationKind::name, &row.kind)?,
                number: row.operation_no,
            },
            created_at: row.created_at,
            amount: row.amount,
            from: account(&row.from_account)?,
            to: account(&row.to_account)?,
            available_after: row.available_after,
            reserved_after: row.reserved_after,
        })
    }
}
