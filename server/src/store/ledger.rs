//! The ledger: what the accounts hold, every line, and the one way that money moves.

use app::{
    customer::id::CustomerId,
    operation::{
        OperationName,
        ledger::{Account, Balances, Movement},
        page::LedgerLine,
        query::{TimePage, TimeQuery},
    },
    query::{Direction, UrlQuery},
};
use serde_json::{Map, Value, json};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    Store, StoreError,
    act::{Act, Step},
    customers::STAFF_SNAPSHOT,
    operations::OperationError,
    rows::{LineRow, count},
};

impl Store {
    /// What a customer's accounts hold, and a page of their ledger, from one snapshot. For staff.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn financial(
        &self,
        customer_id: &CustomerId,
        query: &TimeQuery,
    ) -> Result<(Balances, TimePage<LedgerLine>), StoreError> {
        let mut snapshot = self.pages.begin_with(STAFF_SNAPSHOT).await?;
        let balances = balances(&mut snapshot, customer_id).await?;
        // Lines are numbered without gaps: the last number is how many there are.
        let total = count(last_line(&mut snapshot, customer_id).await?)?;
        let pages = query.listing.pages(total);
        let page = query.listing.page.min(pages.max(1));
        let before = query.at_page(page).listing.offset();
        let rows = query.listing.per_page.rows();
        let direction = query.listing.sort.direction;
        let (first, last) = match direction {
            Direction::Ascending => (before + 1, before + rows),
            Direction::Descending => {
                let last = total.saturating_sub(before);
                (last.saturating_sub(rows) + 1, last)
            }
        };
        // Served by ledger_line's and operation's primary keys.
        let statement = format!(
            "select {LINE_COLUMNS} from ledger_line join operation using (customer_id, operation_no)
             where ledger_line.customer_id = $1 and line between $2 and $3
             order by line {}",
            direction.name()
        );
        let rows: Vec<LineRow> = sqlx::query_as(AssertSqlSafe(statement))
            .bind(customer_id.as_str())
            .bind(i64::try_from(first).unwrap_or(i64::MAX))
            .bind(i64::try_from(last).unwrap_or(i64::MAX))
            .fetch_all(&mut *snapshot)
            .await?;
        snapshot.commit().await?;
        let rows = rows.into_iter().map(LedgerLine::try_from).collect::<Result<_, _>>()?;
        Ok((balances, TimePage { rows, page, pages, total }))
    }
}

pub(super) const LINE_COLUMNS: &str = "line, operation_no, operation.kind, created_at, \
    ledger_line.amount, from_account, to_account, available_after, reserved_after";

/// What a customer's accounts hold. Served by account's primary key.
pub(super) async fn balances(
    connection: &mut PgConnection,
    customer_id: &CustomerId,
) -> Result<Balances, StoreError> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("select kind, balance from account where customer_id = $1")
            .bind(customer_id.as_str())
            .fetch_all(connection)
            .await?;
    let of = |(kind, balance): (String, i64)| {
        let account = super::rows::known(&Account::ALL, Account::name, &kind)?;
        Ok::<_, StoreError>((account, balance))
    };
    Ok(Balances::of(rows.into_iter().map(of).collect::<Result<Vec<_>, _>>()?))
}

/// The number of the last line; 0 where there is none. Served by ledger_line's primary key.
async fn last_line(
    connection: &mut PgConnection,
    customer_id: &CustomerId,
) -> Result<i64, StoreError> {
    let last: Option<i64> =
        sqlx::query_scalar("select max(line) from ledger_line where customer_id = $1")
            .bind(customer_id.as_str())
            .fetch_one(connection)
            .await?;
    Ok(last.unwrap_or(0))
}

/// Moves money on one customer's accounts, and notes both tables. The customer is locked by the act; the
/// operation is there.
pub(super) async fn post(
    act: &mut Act,
    customer_id: &CustomerId,
    operation: OperationName,
    movement: Movement,
    amount: i64,
) -> Result<(), OperationError> {
    let before = balances(act, customer_id).await?;
    let after = before.after(movement, amount)?;
    let (from, to) = movement.accounts();
    for account in [from, to] {
        sqlx::query(
            "insert into account (customer_id, kind, balance) values ($1, $2, $3)
             on conflict (customer_id, kind) do update set balance = excluded.balance",
        )
        .bind(customer_id.as_str())
        .bind(account.name())
        .bind(after.get(account))
        .execute(&mut **act)
        .await
        .map_err(StoreError::from)?;
    }
    let line = last_line(act, customer_id).await? + 1;
    sqlx::query(
        "insert into ledger_line (customer_id, line, operation_no, created_at, amount, from_account,
             to_account, available_after, reserved_after)
         values ($1, $2, $3, clock_timestamp(), $4, $5, $6, $7, $8)",
    )
    .bind(customer_id.as_str())
    .bind(line)
    .bind(operation.number)
    .bind(amount)
    .bind(from.name())
    .bind(to.name())
    .bind(after.get(Account::Available))
    .bind(after.get(Account::Reserved))
    .execute(&mut **act)
    .await
    .map_err(StoreError::from)?;

    let posted = json!({ "line": line, "amount": amount, "from": from.name(), "to": to.name() });
    act.note(
        customer_id,
        Step::new("Posted ledger line", "ledger_line")
            .of(operation)
            .detail(json!({ "before": null, "after": posted })),
    );
    let shown = |balances: &Balances| -> Map<String, Value> {
        let part = |account: Account| (account.name().to_owned(), json!(balances.get(account)));
        [from, to].map(part).into_iter().collect()
    };
    act.note(
        customer_id,
        Step::new("Changed balances", "account")
            .of(operation)
            .detail(json!({ "before": shown(&before), "after": shown(&after) })),
    );
    Ok(())
}
