//! Who may sign in.

use app::{customer::id::CustomerId, session::viewer::Role};
use sqlx::PgConnection;

use super::{Store, StoreError};

/// A user that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// What they sign in with; case does not count.
    pub email: String,
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// See [`crate::password::hash`].
    pub password_hash: String,
}

/// What signing in needs to know of a user.
#[derive(Debug, sqlx::FromRow)]
pub struct Credentials {
    /// The user.
    pub user_id: i64,
    /// See [`crate::password::verify`].
    pub password_hash: String,
}

/// A role from the two columns that hold it.
pub(super) fn role(role: &str, customer_id: Option<String>) -> Result<Role, StoreError> {
    match (role, customer_id) {
        ("operator", None) => Ok(Role::Operator),
        ("auditor", None) => Ok(Role::Auditor),
        ("customer", Some(id)) => {
            id.parse::<CustomerId>().map(Role::Customer).map_err(|_| StoreError::Unreadable(id))
        }
        (other, _) => Err(StoreError::Unreadable(other.to_owned())),
    }
}

impl Store {
    /// What is stored for `email`, in lower case. Served by app_user_email_key.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn credentials(&self, email: &str) -> Result<Option<Credentials>, StoreError> {
        Ok(sqlx::query_as("select user_id, password_hash from app_user where email = $1")
            .bind(email)
            .fetch_optional(&self.pages)
            .await?)
    }

    /// Adds a user.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where the e-mail is taken.
    pub async fn add_user(connection: &mut PgConnection, new: &NewUser) -> Result<(), StoreError> {
        let (role, customer_id) = match &new.role {
            Role::Operator => ("operator", None),
            Role::Auditor => ("auditor", None),
            Role::Customer(id) => ("customer", Some(id.as_str())),
        };
        let added = sqlx::query(
            "insert into app_user (email, name, role, customer_id, password_hash)
             values (lower($1), $2, $3, $4, $5)
             on conflict (email) do nothing",
        )
        .bind(&new.email)
        .bind(&new.name)
        .bind(role)
        .bind(customer_id)
        .bind(&new.password_hash)
        .execute(connection)
        .await?;
        if added.rows_affected() == 0 {
            return Err(StoreError::Exists("a user with this e-mail"));
        }
        Ok(())
    }

    /// How many users there are. For the command line.
    ///
    /// # Errors
    /// [`StoreError`] where the database does not answer or fails.
    pub async fn users(&self) -> Result<u64, StoreError> {
        let number: i64 =
            sqlx::query_scalar("select count(*) from app_user").fetch_one(&self.pages).await?;
        super::rows::count(number)
    }
}
