//! Customers' settings: read, changed, and recorded.

use app::{
    customer::{
        CustomerStatus,
        id::CustomerId,
        settings::{Addition, Settings},
    },
    money::Currency,
    query::fold,
};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{
    Store, StoreError,
    act::{Act, Step, difference},
    customers::STAFF_SNAPSHOT,
    recorder::stored,
    rows::SettingsRow,
};

/// What is kept of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What can be changed.
    pub settings: Settings,
    /// What their account is kept in.
    pub currency: Currency,
    /// Whether anybody described them yet.
    pub known: bool,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was made and recorded.
    Made,
    /// Everything was so already: nothing was done.
    None,
}

const COLUMNS: &str =
    "name, customer_type, status, email, document, tags, daily_limit, currency, known";

/// The settings as the log shows them.
fn in_json(settings: &Settings, currency: Currency) -> Value {
    json!({
        "name": settings.name,
        "type": settings.customer_type.name(),
        "status": settings.status.name(),
        "email": settings.email,
        "document": settings.document,
        "daily_limit": settings.daily_limit.map(|limit| currency.recorded(limit)),
        "tags": settings.tags,
    })
}

impl Store {
    /// A customer's settings, for staff. Served by customer's primary key. The installation itself has none.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn settings(&self, customer_id: &CustomerId) -> Result<Option<Kept>, StoreError> {
        let mut snapshot = self.pages.begin_with(STAFF_SNAPSHOT).await?;
        let row: Option<SettingsRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from customer where customer_id = $1 and customer_type <> 'platform'"
        )))
        .bind(customer_id.as_str())
        .fetch_optional(&mut *snapshot)
        .await?;
        snapshot.commit().await?;
        row.map(Kept::try_from).transpose()
    }
}

/// A customer's settings, locked: whoever changes them or moves their money waits for the act's end.
pub(super) async fn lock(
    connection: &mut PgConnection,
    customer_id: &CustomerId,
) -> Result<Option<Kept>, StoreError> {
    let row: Option<SettingsRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from customer where customer_id = $1 and customer_type <> 'platform'
         for no key update"
    )))
    .bind(customer_id.as_str())
    .fetch_optional(connection)
    .await?;
    row.map(Kept::try_from).transpose()
}

/// Adds a customer, with an empty log and empty accounts.
///
/// # Errors
/// [`StoreError::Exists`] where the id is taken.
pub async fn add(act: &mut Act, addition: &Addition) -> Result<(), StoreError> {
    let Addition { customer_id, currency, settings } = addition;
    let added = sqlx::query(
        "insert into customer (customer_id, name, name_folded, customer_type, status, email, document,
             tags, daily_limit, currency)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (customer_id) do nothing",
    )
    .bind(customer_id.as_str())
    .bind(stored(&settings.name))
    .bind(fold(&settings.name))
    .bind(settings.customer_type.name())
    .bind(settings.status.name())
    .bind(stored(&settings.email))
    .bind(stored(&settings.document))
    .bind(settings.tags.iter().map(|tag| stored(tag)).collect::<Vec<_>>())
    .bind(settings.daily_limit)
    .bind(currency.code())
    .execute(&mut **act)
    .await?;
    if added.rows_affected() == 0 {
        return Err(StoreError::Exists("a customer with this number"));
    }
    sqlx::query("insert into log_head (customer_id) values ($1)")
        .bind(customer_id.as_str())
        .execute(&mut **act)
        .await?;
    let mut after = in_json(settings, *currency);
    after["currency"] = json!(currency.code());
    let detail = json!({ "before": null, "after": after });
    act.note(customer_id, Step::new("Added customer", "customer").detail(detail));
    Ok(())
}

/// Changes a customer's settings to `wanted`.
///
/// # Errors
/// [`StoreError`] where the database does not answer or fails; nothing where there is no such customer.
pub async fn change(
    act: &mut Act,
    customer_id: &CustomerId,
    wanted: impl FnOnce(&Kept) -> Settings,
) -> Result<Option<Change>, StoreError> {
    let Some(kept) = lock(act, customer_id).await? else { return Ok(None) };
    let wanted = wanted(&kept);
    let (old, new) = (in_json(&kept.settings, kept.currency), in_json(&wanted, kept.currency));
    let changed = difference(&old, &new);
    if changed.is_none() && kept.known {
        return Ok(Some(Change::None));
    }
    sqlx::query(
        "update customer
         set name = $2, name_folded = $3, customer_type = $4, status = $5, email = $6, document = $7,
             tags = $8, daily_limit = $9, known = true
         where customer_id = $1",
    )
    .bind(customer_id.as_str())
    .bind(stored(&wanted.name))
    .bind(fold(&wanted.name))
    .bind(wanted.customer_type.name())
    .bind(wanted.status.name())
    .bind(stored(&wanted.email))
    .bind(stored(&wanted.document))
    .bind(wanted.tags.iter().map(|tag| stored(tag)).collect::<Vec<_>>())
    .bind(wanted.daily_limit)
    .execute(&mut **act)
    .await?;
    let action = action(&kept, &wanted);
    let step = Step::new(action, "customer");
    act.note(
        customer_id,
        match changed {
            Some(detail) => step.detail(detail),
            None => step,
        },
    );
    Ok(Some(Change::Made))
}

/// What a change is called: the one field that it touches, where it is one that people look for.
fn action(kept: &Kept, wanted: &Settings) -> &'static str {
    use CustomerStatus::{Active, Blocked};
    let before = &kept.settings;
    let only_status = Settings { status: before.status, ..wanted.clone() } == *before;
    let only_limit = Settings { daily_limit: before.daily_limit, ..wanted.clone() } == *before;
    match (before.status, wanted.status) {
        _ if !kept.known => "Described customer",
        (_, Blocked) if only_status => "Blocked customer",
        (Blocked, Active) if only_status => "Unblocked customer",
        _ if only_status => "Changed status",
        _ if only_limit => "Changed daily limit",
        _ => "Changed settings",
    }
}
