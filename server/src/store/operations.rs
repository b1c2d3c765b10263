//! Operations: performed, decided on and undone, each with its ledger lines and its entries in one act.

use app::{
    customer::{CustomerStatus, id::CustomerId},
    log::entry::Entry,
    money::Currency,
    operation::{
        Operation, OperationKind, OperationName, OperationStatus,
        form::NewOperation,
        ledger::{Balances, LedgerError, Movement},
        page::LedgerLine,
        query::{TimePage, TimeQuery},
    },
    query::UrlQuery,
};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use super::{
    Scope, Store, StoreError,
    act::{Act, ActError, Step},
    customers::STAFF_SNAPSHOT,
    entries::COLUMNS as ENTRY_COLUMNS,
    ledger::{self, LINE_COLUMNS},
    rows::{EntryRow, LineRow, OperationRow, count},
    settings::{self, Kept},
};
use crate::origin::Origin;

/// A request that nobody decided on ends after so many days.
pub const REQUESTS_LAST_DAYS: i32 = 7;

/// Why an operation does not happen.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// There is no such operation, or no such customer.
    #[error("There is no such operation.")]
    NotFound,
    /// The account is not active.
    #[error("The account of customer {0} is not active: nothing moves on it.")]
    NotActive(CustomerId),
    /// The other customer is not there.
    #[error("There is no customer {0}.")]
    NoCounterparty(CustomerId),
    /// The other customer's account is kept in another currency.
    #[error("The account of customer {0} is kept in another currency.")]
    OtherCurrency(CustomerId),
    /// The ledger does not take it.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Somebody decided on it before.
    #[error("This operation does not wait for a decision any more.")]
    Decided,
    /// Nobody approves what they asked for.
    #[error("Another operator than the one who asked for it has to decide.")]
    OwnRequest,
    /// It was undone before, or cannot be.
    #[error("This operation cannot be reversed, or was reversed already.")]
    NotReversible,
    /// The database does not answer, or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be recorded.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl From<sqlx::Error> for OperationError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// An operation with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The operation.
    pub operation: Operation,
    /// What it moved, in order.
    pub lines: Vec<LedgerLine>,
    /// What the customer's log says of it, oldest first.
    pub entries: Vec<Entry>,
}

/// What stands before an operation is performed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What the accounts hold.
    pub balances: Balances,
    /// What may still be withdrawn today without a second operator; nothing where there is no limit.
    pub left_today: Option<i64>,
}

const COLUMNS: &str = "customer_id, operation_no, kind, status, amount, counterparty_id, incoming, reverses, \
    note, requested_by, requested_by_id, requested_at, decided_by, decided_at";

impl Store {
    /// A page of a customer's operations. For staff.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn operations(
        &self,
        customer_id: &CustomerId,
        query: &TimeQuery,
    ) -> Result<TimePage<Operation>, StoreError> {
        let mut snapshot = self.pages.begin_with(STAFF_SNAPSHOT).await?;
        let total: i64 =
            sqlx::query_scalar("select count(*) from operation where customer_id = $1")
                .bind(customer_id.as_str())
                .fetch_one(&mut *snapshot)
                .await?;
        let total = count(total)?;
        let pages = query.listing.pages(total);
        let page = query.listing.page.min(pages.max(1));
        // Served by operation's primary key: numbers grow with time.
        let statement = format!(
            "select {COLUMNS} from operation where customer_id = $1
             order by operation_no {} limit $2 offset $3",
            query.listing.sort.direction.name()
        );
        let rows: Vec<OperationRow> = sqlx::query_as(AssertSqlSafe(statement))
            .bind(customer_id.as_str())
            .bind(i64::try_from(query.listing.per_page.rows()).unwrap_or(i64::MAX))
            .bind(i64::try_from(query.at_page(page).listing.offset()).unwrap_or(i64::MAX))
            .fetch_all(&mut *snapshot)
            .await?;
        snapshot.commit().await?;
        let rows = rows.into_iter().map(Operation::try_from).collect::<Result<_, _>>()?;
        Ok(TimePage { rows, page, pages, total })
    }

    /// An operation with its ledger lines and its entries, from one snapshot. For staff.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn operation(&self, scope: &Scope, number: i64) -> Result<Option<Whole>, StoreError> {
        let mut snapshot = self.pages.begin_with(scope.staff_snapshot()).await?;
        let customer_id = scope.customer_id();
        let Some(operation) = find(&mut snapshot, customer_id, number).await? else {
            return Ok(None);
        };
        // Served by ledger_line_by_operation.
        let statement = format!(
            "select {LINE_COLUMNS} from ledger_line join operation using (customer_id, operation_no)
             where ledger_line.customer_id = $1 and operation_no = $2 order by line"
        );
        let lines: Vec<LineRow> = sqlx::query_as(AssertSqlSafe(statement))
            .bind(customer_id.as_str())
            .bind(number)
            .fetch_all(&mut *snapshot)
            .await?;
        // Served by log_entry_by_related_operation.
        let statement = format!(
            "select {ENTRY_COLUMNS} from log_entry
             where customer_id = $1 and related_operation = $2 order by seq limit 1000"
        );
        let entries: Vec<EntryRow> = sqlx::query_as(AssertSqlSafe(statement))
            .bind(customer_id.as_str())
            .bind(operation.name.to_string())
            .fetch_all(&mut *snapshot)
            .await?;
        snapshot.commit().await?;
        Ok(Some(Whole {
            operation,
            lines: lines.into_iter().map(LedgerLine::try_from).collect::<Result<_, _>>()?,
            entries: entries.into_iter().map(Entry::try_from).collect::<Result<_, _>>()?,
        }))
    }

    /// What stands before an operation of `customer_id`'s. For staff.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn standing(
        &self,
        customer_id: &CustomerId,
        daily_limit: Option<i64>,
    ) -> Result<Standing, StoreError> {
        let mut snapshot = self.pages.begin_with(STAFF_SNAPSHOT).await?;
        let balances = ledger::balances(&mut snapshot, customer_id).await?;
        let left_today = left_today(&mut snapshot, customer_id, daily_limit).await?;
        snapshot.commit().await?;
        Ok(Standing { balances, left_today })
    }

    /// Rejects the requests that nobody decided on in time; says how many. Each is an act of its own.
    ///
    /// # Errors
    /// [`OperationError`]; those before it are rejected then.
    pub async fn expire_requests(&self, origin: &Origin) -> Result<u64, OperationError> {
        let mut snapshot = self.pages.begin_with(STAFF_SNAPSHOT).await.map_err(StoreError::from)?;
        let expired: Vec<(String, i64)> = sqlx::query_as(
            "select customer_id, operation_no from operation
             where kind = 'withdrawal' and status = 'requested'
               and requested_at < now() - make_interval(days => $1)",
        )
        .bind(REQUESTS_LAST_DAYS)
        .fetch_all(&mut *snapshot)
        .await?;
        drop(snapshot);
        let mut rejected = 0;
        for (id, number) in expired {
            let customer_id = id.parse().map_err(|_| StoreError::Unreadable(id))?;
            let mut act = self.act(origin).await?;
            let decider = Decider { user_id: None, name: &origin.user };
            match decide(&mut act, &customer_id, number, Decision::Reject, &decider).await {
                Ok(()) => {
                    act.commit().await?;
                    rejected += 1;
                }
                // Somebody was quicker.
                Err(OperationError::Decided) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(rejected)
    }
}

/// Served by operation's primary key.
async fn find(
    connection: &mut PgConnection,
    customer_id: &CustomerId,
    number: i64,
) -> Result<Option<Operation>, StoreError> {
    let statement =
        format!("select {COLUMNS} from operation where customer_id = $1 and operation_no = $2");
    let row: Option<OperationRow> = sqlx::query_as(AssertSqlSafe(statement))
        .bind(customer_id.as_str())
        .bind(number)
        .fetch_optional(connection)
        .await?;
    row.map(Operation::try_from).transpose()
}

/// Served by operation_withdrawals.
async fn left_today(
    connection: &mut PgConnection,
    customer_id: &CustomerId,
    daily_limit: Option<i64>,
) -> Result<Option<i64>, StoreError> {
    let Some(limit) = daily_limit else { return Ok(None) };
    let used: i64 = sqlx::query_scalar(
        "select least(coalesce(sum(amount), 0), 9223372036854775807)::bigint from operation
         where customer_id = $1 and kind = 'withdrawal' and status in ('requested', 'completed')
           and requested_at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'",
    )
    .bind(customer_id.as_str())
    .fetch_one(connection)
    .await?;
    Ok(Some(limit.saturating_sub(used).max(0)))
}

/// Locks one customer or two, in the order of their ids, so that two transfers cannot wait for each other.
async fn lock(
    act: &mut Act,
    customer_id: &CustomerId,
    other: Option<&CustomerId>,
) -> Result<(Kept, Option<Kept>), OperationError> {
    let mut own = None;
    if other.is_none_or(|other| customer_id < other) {
        own = settings::lock(act, customer_id).await?;
    }
    let other = match other {
        Some(other) => {
            let kept = settings::lock(act, other).await?;
            Some(kept.ok_or_else(|| OperationError::NoCounterparty(other.clone()))?)
        }
        None => None,
    };
    if own.is_none() {
        own = settings::lock(act, customer_id).await?;
    }
    Ok((own.ok_or(OperationError::NotFound)?, other))
}

/// What the log says of an operation's beginning.
fn performed(name: OperationName, status: OperationStatus, incoming: bool) -> String {
    let what = match (status, incoming, name.kind) {
        (OperationStatus::Requested, ..) => "Requested",
        (_, true, OperationKind::Transfer) => "Received",
        _ => "Performed",
    };
    format!("{what} {}", name.kind.name())
}

/// One side of an operation that begins.
struct Side<'o> {
    customer_id: &'o CustomerId,
    counterparty: Option<&'o CustomerId>,
    incoming: bool,
    movement: Movement,
}

/// What both sides of an operation have in common.
struct Beginning<'o> {
    name: OperationName,
    status: OperationStatus,
    amount: i64,
    currency: Currency,
    reverses: Option<i64>,
    note: &'o str,
    form_key: Uuid,
    user: (i64, &'o str),
}

/// Writes one side: the operation, its ledger line, and their entries.
async fn begin(
    act: &mut Act,
    common: &Beginning<'_>,
    side: &Side<'_>,
) -> Result<(), OperationError> {
    sqlx::query(
        "insert into operation (customer_id, operation_no, kind, status, amount, counterparty_id, incoming,
             reverses, note, requested_by, requested_by_id, form_key)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::uuid)",
    )
    .bind(side.customer_id.as_str())
    .bind(common.name.number)
    .bind(common.name.kind.name())
    .bind(common.status.name())
    .bind(common.amount)
    .bind(side.counterparty.map(CustomerId::as_str))
    .bind(side.incoming)
    .bind(common.reverses)
    .bind(super::recorder::stored(common.note))
    .bind(common.user.1)
    .bind(common.user.0)
    .bind(common.form_key.to_string())
    .execute(&mut **act)
    .await?;
    let after = json!({
        "status": common.status.name(),
        "amount": common.currency.recorded(common.amount),
        "counterparty": side.counterparty.map(CustomerId::as_str),
        "reverses": common.reverses,
        "note": common.note,
    });
    act.note(
        side.customer_id,
        Step::new(performed(common.name, common.status, side.incoming), "operation")
            .of(common.name)
            .detail(json!({ "before": null, "after": after })),
    );
    ledger::post(act, side.customer_id, common.name, side.movement, common.amount).await
}

/// Performs an operation of `user`'s on `customer_id`'s behalf, or requests it where it takes a second
/// operator. The same `form_key` again performs nothing, and gives the first one's number; there is then
/// nothing to commit.
///
/// # Errors
/// [`OperationError`], which says why not; the act is then not to be committed.
pub async fn perform(
    act: &mut Act,
    customer_id: &CustomerId,
    new: &NewOperation,
    form_key: Uuid,
    user: (i64, &str),
) -> Result<Performed, OperationError> {
    let (own, other) = lock(act, customer_id, new.counterparty.as_ref()).await?;
    // Served by operation_form_key.
    let before: Option<i64> = sqlx::query_scalar(
        "select operation_no from operation where customer_id = $1 and form_key = $2::uuid",
    )
    .bind(customer_id.as_str())
    .bind(form_key.to_string())
    .fetch_optional(&mut **act)
    .await?;
    if let Some(number) = before {
        return Ok(Performed::Before(number));
    }
    if own.settings.status != CustomerStatus::Active {
        return Err(OperationError::NotActive(customer_id.clone()));
    }
    if let Some((id, kept)) = new.counterparty.as_ref().zip(other.as_ref()) {
        if kept.settings.status != CustomerStatus::Active {
            return Err(OperationError::NotActive(id.clone()));
        }
        if kept.currency != own.currency {
            return Err(OperationError::OtherCurrency(id.clone()));
        }
    }
    let left = left_today(act, customer_id, own.settings.daily_limit).await?;
    let waits = new.kind == OperationKind::Withdrawal && left.is_some_and(|left| new.amount > left);
    let (status, movement) = match new.kind {
        _ if waits => (OperationStatus::Requested, Movement::Reserve),
        OperationKind::Deposit => (OperationStatus::Completed, Movement::Deposit),
        OperationKind::Withdrawal => (OperationStatus::Completed, Movement::Withdrawal),
        OperationKind::Transfer => (OperationStatus::Completed, Movement::TransferOut),
        OperationKind::Reversal => return Err(OperationError::NotReversible),
    };
    let common = Beginning {
        name: OperationName { kind: new.kind, number: next_number(act).await? },
        status,
        amount: new.amount,
        currency: own.currency,
        reverses: None,
        note: &new.note,
        form_key,
        user,
    };
    let side = Side {
        customer_id,
        counterparty: new.counterparty.as_ref(),
        incoming: new.kind == OperationKind::Deposit,
        movement,
    };
    begin(act, &common, &side).await?;
    if let Some(other) = &new.counterparty {
        let side = Side {
            customer_id: other,
            counterparty: Some(customer_id),
            incoming: true,
            movement: Movement::TransferIn,
        };
        begin(act, &common, &side).await?;
    }
    Ok(Performed::Now(common.name.number))
}

/// What performing came to: the operation's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Performed {
    /// It was performed, or requested.
    Now(i64),
    /// It had been, by the same form.
    Before(i64),
}

async fn next_number(act: &mut Act) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("select nextval('operation_number')").fetch_one(&mut **act).await?)
}

/// What is decided on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It happens.
    Approve,
    /// It does not.
    Reject,
}

/// Who decides.
#[derive(Debug, Clone, Copy)]
pub struct Decider<'d> {
    /// Their number; nothing for scheduled work.
    pub user_id: Option<i64>,
    /// Their name.
    pub name: &'d str,
}

/// Approves or rejects a request.
///
/// # Errors
/// [`OperationError`], which says why not; the act is then not to be committed.
pub async fn decide(
    act: &mut Act,
    customer_id: &CustomerId,
    number: i64,
    decision: Decision,
    decider: &Decider<'_>,
) -> Result<(), OperationError> {
    let (own, _) = lock(act, customer_id, None).await?;
    let operation = find(act, customer_id, number).await?.ok_or(OperationError::NotFound)?;
    if operation.status != OperationStatus::Requested {
        return Err(OperationError::Decided);
    }
    if decider.user_id == Some(operation.requested_by_id) {
        return Err(OperationError::OwnRequest);
    }
    let (status, movement, what) = match decision {
        Decision::Approve => {
            if own.settings.status != CustomerStatus::Active {
                return Err(OperationError::NotActive(customer_id.clone()));
            }
            (OperationStatus::Completed, Movement::Settle, "Approved")
        }
        Decision::Reject => (OperationStatus::Rejected, Movement::Release, "Rejected"),
    };
    sqlx::query(
        "update operation set status = $3, decided_by = $4, decided_at = now()
         where customer_id = $1 and operation_no = $2",
    )
    .bind(customer_id.as_str())
    .bind(number)
    .bind(status.name())
    .bind(decider.name)
    .execute(&mut **act)
    .await?;
    let detail = json!({
        "before": { "status": operation.status.name() },
        "after": { "status": status.name() },
    });
    let action = format!("{what} {}", operation.name.kind.name());
    act.note(customer_id, Step::new(action, "operation").of(operation.name).detail(detail));
    ledger::post(act, customer_id, operation.name, movement, operation.amount).await
}

/// Undoes an operation by a new one, whose number it gives.
///
/// # Errors
/// [`OperationError`], which says why not; the act is then not to be committed.
pub async fn reverse(
    act: &mut Act,
    customer_id: &CustomerId,
    number: i64,
    user: (i64, &str),
) -> Result<i64, OperationError> {
    let seen = find(act, customer_id, number).await?.ok_or(OperationError::NotFound)?;
    let (own, other) = lock(act, customer_id, seen.counterparty.as_ref()).await?;
    // Read again: now it stays as it is.
    let operation = find(act, customer_id, number).await?.ok_or(OperationError::NotFound)?;
    let movement = operation.undoing().ok_or(OperationError::NotReversible)?;
    let sides = [
        (customer_id, Some(&own)),
        (operation.counterparty.as_ref().unwrap_or(customer_id), other.as_ref()),
    ];
    for (id, kept) in sides {
        if kept.is_some_and(|kept| kept.settings.status == CustomerStatus::Closed) {
            return Err(OperationError::NotActive(id.clone()));
        }
    }
    let common = Beginning {
        name: OperationName { kind: OperationKind::Reversal, number: next_number(act).await? },
        status: OperationStatus::Completed,
        amount: operation.amount,
        currency: own.currency,
        reverses: Some(number),
        note: "",
        form_key: Uuid::now_v7(),
        user,
    };
    let counterparty = operation.counterparty.as_ref();
    let incoming = !operation.incoming;
    undo(act, &common, &Side { customer_id, counterparty, incoming, movement }, operation.name)
        .await?;
    if let Some(other) = counterparty {
        let movement = if incoming { Movement::TransferOut } else { Movement::TransferIn };
        let side = Side {
            customer_id: other,
            counterparty: Some(customer_id),
            incoming: !incoming,
            movement,
        };
        undo(act, &common, &side, operation.name).await?;
    }
    Ok(common.name.number)
}

/// One side of a reversal: the operation that is undone, and the one that undoes it.
async fn undo(
    act: &mut Act,
    common: &Beginning<'_>,
    side: &Side<'_>,
    undone: OperationName,
) -> Result<(), OperationError> {
    sqlx::query(
        "update operation set status = 'reversed' where customer_id = $1 and operation_no = $2",
    )
    .bind(side.customer_id.as_str())
    .bind(undone.number)
    .execute(&mut **act)
    .await?;
    let detail = json!({
        "before": { "status": OperationStatus::Completed.name() },
        "after": { "status": OperationStatus::Reversed.name(), "reversed_by": common.name.to_string() },
        "operation": undone.to_string(),
    });
    let action = format!("Reversed {}", undone.kind.name());
    act.note(side.customer_id, Step::new(action, "operation").of(common.name).detail(detail));
    begin(act, common, side).await
}
