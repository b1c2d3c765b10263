//! Customers.

use app::{
    customer::{
        Customer, CustomerPage, CustomerStatus, CustomerType,
        id::CustomerId,
        query::{CustomerColumn, CustomerQuery},
    },
    query::{Total, UrlQuery, fold},
};
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Postgres, Transaction};

use super::{
    Scope, Store, StoreError,
    rows::{CustomerRow, count},
    sql::literal,
};

/// A customer that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCustomer {
    /// The platform's own id.
    pub customer_id: CustomerId,
    /// Name.
    pub name: String,
    /// What they are.
    pub customer_type: CustomerType,
    /// How the account stands.
    pub status: CustomerStatus,
    /// Customer since.
    pub since: DateTime<Utc>,
}

/// For all who may see every customer: opens the list, and no log.
pub(super) const STAFF_SNAPSHOT: &str =
    "begin isolation level repeatable read read only; set local app.staff = 'on'";

const COLUMNS: &str =
    "customer.customer_id, customer.name, customer.customer_type, customer.status,
    customer.known, customer.since, log_head.entries - log_head.dropped as entries,
    log_head.last_created_at as last_entry_at";

/// The list is short beside a log: it is sorted as it is asked for, names as people sort them.
const fn column_in_sql(column: CustomerColumn) -> &'static str {
    match column {
        CustomerColumn::Name => "customer.name collate \"und-x-icu\"",
        CustomerColumn::CustomerId => "customer.customer_id",
        CustomerColumn::Type => "customer.customer_type",
        CustomerColumn::Status => "customer.status",
        CustomerColumn::Since => "customer.since",
        CustomerColumn::Entries => "log_head.entries - log_head.dropped",
        CustomerColumn::LastEntry => "log_head.last_created_at",
    }
}

impl Store {
    /// The page of customers that `query` asks for, the last one where it lies past the end. For staff.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn customer_page(&self, query: &CustomerQuery) -> Result<CustomerPage, StoreError> {
        let mut snapshot = self.pages.begin_with(STAFF_SNAPSHOT).await?;
        let wanted = fold(&query.text);
        // Reads all customers: names are searched in any part, and there are few beside entries.
        let total: i64 = sqlx::query_scalar(
            "select count(*) from customer
             where $1 = '' or strpos(name_folded, $1) > 0 or strpos(lower(customer_id), $1) > 0",
        )
        .bind(&wanted)
        .fetch_one(&mut *snapshot)
        .await?;
        let total = count(total)?;
        let pages = query.listing.pages(total);
        let query =
            if query.listing.page > pages { query.at_page(pages.max(1)) } else { query.clone() };

        let sort = query.listing.sort;
        let direction = sort.direction.name();
        let statement = format!(
            "select {COLUMNS} from customer join log_head using (customer_id)
             where $1 = '' or strpos(name_folded, $1) > 0 or strpos(lower(customer_id), $1) > 0
             order by {} {direction}, customer.customer_id {direction}
             limit $2 offset $3",
            column_in_sql(sort.by)
        );
        let rows: Vec<CustomerRow> = sqlx::query_as(AssertSqlSafe(statement))
            .bind(&wanted)
            .bind(i64::try_from(query.listing.per_page.rows()).unwrap_or(i64::MAX))
            .bind(i64::try_from(query.listing.offset()).unwrap_or(i64::MAX))
            .fetch_all(&mut *snapshot)
            .await?;
        snapshot.commit().await?;
        Ok(CustomerPage {
            customers: rows.into_iter().map(Customer::try_from).collect::<Result<_, _>>()?,
            page: query.listing.page,
            pages,
            total: Total { value: total, exact: true },
        })
    }

    /// The customer of `scope`; nothing where there is none, or row-level security hides it.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn customer(&self, scope: &Scope) -> Result<Option<Customer>, StoreError> {
        let mut snapshot = self.pages.begin_with(scope.snapshot()).await?;
        // Served by both tables' primary keys.
        let statement = format!(
            "select {COLUMNS} from customer join log_head using (customer_id) where customer_id = $1"
        );
        let row: Option<CustomerRow> = sqlx::query_as(AssertSqlSafe(statement))
            .bind(scope.customer_id().as_str())
            .fetch_optional(&mut *snapshot)
            .await?;
        snapshot.commit().await?;
        row.map(Customer::try_from).transpose()
    }

    /// How many customers there are, without this installation itself. For the command line.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn customers(&self) -> Result<u64, StoreError> {
        let mut snapshot = self.pages.begin_with(STAFF_SNAPSHOT).await?;
        let total: i64 =
            sqlx::query_scalar("select count(*) from customer where customer_type <> 'platform'")
                .fetch_one(&mut *snapshot)
                .await?;
        count(total)
    }

    /// Adds a customer, and their log with nothing in it.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where the id is taken.
    pub async fn add_customer(
        transaction: &mut Transaction<'static, Postgres>,
        new: &NewCustomer,
    ) -> Result<(), StoreError> {
        let customer = format!("set local app.customer = {}", literal(new.customer_id.as_str()));
        sqlx::raw_sql(AssertSqlSafe(customer)).execute(&mut **transaction).await?;
        let added = sqlx::query(
            "insert into customer (customer_id, name, name_folded, customer_type, status, since)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (customer_id) do nothing",
        )
        .bind(new.customer_id.as_str())
        .bind(new.name.chars().map(app::query::printable).collect::<String>())
        .bind(fold(&new.name))
        .bind(new.customer_type.name())
        .bind(new.status.name())
        .bind(new.since)
        .execute(&mut **transaction)
        .await?;
        if added.rows_affected() == 0 {
            return Err(StoreError::Exists("a customer with this id"));
        }
        sqlx::query("insert into log_head (customer_id) values ($1)")
            .bind(new.customer_id.as_str())
            .execute(&mut **transaction)
            .await?;
        Ok(())
    }
}
