//! Who may sign in.

use app::{
    customer::id::CustomerId,
    log::sight::Sight,
    session::viewer::{Role, Viewer},
};
use serde_json::json;

use super::{
    Store, StoreError,
    act::{Act, Step},
};
use crate::access::Person;

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
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The user.
    pub user_id: i64,
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// See [`crate::password::verify`].
    pub password_hash: String,
}

impl Credentials {
    /// The person that they are, in a session, where they see this of a log.
    pub fn into_person(self, session: [u8; 32], sight: Sight) -> Person {
        let viewer = Viewer { name: self.name, role: self.role };
        Person { user_id: self.user_id, viewer, sight, session }
    }
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
        let row: Option<(i64, String, String, Option<String>, String)> = sqlx::query_as(
            "select user_id, name, role, customer_id, password_hash from app_user where email = $1",
        )
        .bind(email)
        .fetch_optional(&self.pages)
        .await?;
        let Some((user_id, name, role_name, customer_id, password_hash)) = row else {
            return Ok(None);
        };
        let role = role(&role_name, customer_id)?;
        Ok(Some(Credentials { user_id, name, role, password_hash }))
    }

    /// Adds a user.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where the e-mail is taken.
    pub async fn add_user(act: &mut Act, new: &NewUser) -> Result<(), StoreError> {
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
        .execute(&mut **act)
        .await?;
        if added.rows_affected() == 0 {
            return Err(StoreError::Exists("a user with this e-mail"));
        }
        let after = json!({ "email": new.email.to_lowercase(), "name": new.name, "role": role });
        let step =
            Step::new("Added user", "app_user").detail(json!({ "before": null, "after": after }));
        act.note_of(&new.role, step);
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
