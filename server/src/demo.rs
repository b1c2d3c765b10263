//! Data to look at, and sign-ins to look with.

use app::session::viewer::Role;
use chrono::Utc;

use crate::{
    config::Shape,
    generate::{self, GenerateError},
    password::{self, PasswordError},
    store::{Store, StoreError, users::NewUser},
};

const FIRST_CUSTOMER: u64 = 20_401;

/// E-mail, password and name. Everybody knows them.
const SIGN_INS: [(&str, &str, &str); 3] = [
    ("operator@example.com", "operator-demo", "Helena Prado"),
    ("auditor@example.com", "auditor-demo", "Jonas Weber"),
    ("customer@example.com", "customer-demo", ""),
];

/// Why there is no demo data.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// It would open somebody's database to everybody.
    #[error(
        "the demo's passwords are known to everybody: say --yes-demo-passwords to add them to the database at DATABASE_URL"
    )]
    WellKnownPasswords,
    /// The data could not be made.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// A password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The sign-ins could not be added.
    #[error("adding the demo sign-ins: {0}")]
    Store(#[from] StoreError),
}

/// Loads 40 customers with 60,000 entries up to yesterday, and the sign-ins.
///
/// # Errors
/// [`DemoError`]; some of the data may be there then.
pub async fn load(store: &Store) -> Result<(), DemoError> {
    let shape = Shape {
        customers: 40,
        entries: 60_000,
        largest: 25_000,
        seed: 1,
        first_id: FIRST_CUSTOMER,
        until: Utc::now().date_naive(),
    };
    generate::fill(store, &shape).await?;
    let person = generate::first_person(&shape);
    for ((email, password, name), role) in SIGN_INS.into_iter().zip([
        Role::Operator,
        Role::Auditor,
        Role::Customer(person.customer_id),
    ]) {
        let name = if name.is_empty() { person.name.as_str() } else { name };
        let new = NewUser {
            email: email.to_owned(),
            name: name.to_owned(),
            role,
            password_hash: password::hash(password.to_owned()).await?,
        };
        let mut transaction = store.begin().await?;
        Store::add_user(&mut transaction, &new).await?;
        transaction.commit().await.map_err(StoreError::from)?;
    }
    Ok(())
}

/// The sign-ins, for a person to read.
pub fn sign_ins() -> String {
    let lines: Vec<_> =
        SIGN_INS.iter().map(|(email, password, _)| format!("  {email:<22} {password}")).collect();
    format!("Demo sign-ins (e-mail, password):\n{}", lines.join("\n"))
}
