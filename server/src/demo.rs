//! Data to look at, and sign-ins to look with.

use app::{
    customer::{CustomerStatus, id::CustomerId, settings::Settings},
    operation::{OperationKind, form::NewOperation},
    session::viewer::Role,
};
use chrono::Utc;
use uuid::Uuid;

use crate::{
    config::Shape,
    generate::{self, GenerateError},
    origin::{Origin, Way},
    password::{self, PasswordError},
    store::{
        Store, StoreError,
        act::ActError,
        operations::{self, OperationError},
        settings,
        users::NewUser,
    },
};

const FIRST_CUSTOMER: u64 = 20_401;

/// E-mail, password and name. Everybody knows them.
const SIGN_INS: [(&str, &str, &str); 4] = [
    ("operator@example.com", "operator-demo", "Helena Prado"),
    ("supervisor@example.com", "supervisor-demo", "Priya Raman"),
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
    /// Something could not be recorded.
    #[error(transparent)]
    Act(#[from] ActError),
    /// An operation could not be performed.
    #[error("performing the demo operations: {0}")]
    Operation(#[from] OperationError),
}

/// Loads 40 customers with 60,000 entries up to yesterday, and the sign-ins.
///
/// # Errors
/// [`DemoError`]; some of the data may be there then.
pub async fn load(store: &Store, instance: &str) -> Result<(), DemoError> {
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
        let mut act = store.act(&Origin::of_command("demo", instance)).await?;
        Store::add_user(&mut act, &new).await?;
        act.commit().await?;
    }
    operations(store, instance).await
}

/// Something to see on the Operations and the Financial tab of the first customers.
async fn operations(store: &Store, instance: &str) -> Result<(), DemoError> {
    let (email, ..) = SIGN_INS[0];
    let Some(user) = store.credentials(email).await? else { return Ok(()) };
    let sight = store.sight_of(&user.role);
    let person = user.into_person([0; 32], sight);
    let user = (person.user_id, person.viewer.name.as_str());
    let request = |what: &str, id: &CustomerId| {
        let path = format!("/customers/{id}/{what}");
        Origin::of_person(&person, Way::of_request("POST", &path, false, instance))
    };
    let mut before: Option<CustomerId> = None;
    for number in FIRST_CUSTOMER..FIRST_CUSTOMER + 6 {
        let id: CustomerId = number.into();
        let mut act = store.act(&request("settings", &id)).await?;
        let limit = Some(500_000);
        settings::change(&mut act, &id, |kept| {
            let active = CustomerStatus::Active;
            Settings { daily_limit: limit, status: active, ..kept.settings.clone() }
        })
        .await?;
        act.commit().await?;
        let plan = [
            (OperationKind::Deposit, 1_250_000, None, "Opening balance"),
            (OperationKind::Withdrawal, 84_990, None, "Card settlement"),
            (OperationKind::Transfer, 320_000, before.clone(), "Invoice 2026-118"),
            (OperationKind::Withdrawal, 600_000, None, "Supplier payment"),
        ];
        for (kind, amount, counterparty, note) in plan {
            if kind == OperationKind::Transfer && counterparty.is_none() {
                continue;
            }
            let new = NewOperation { kind, amount, counterparty, note: note.to_owned() };
            let mut act = store.act(&request("operations", &id)).await?;
            operations::perform(&mut act, &id, &new, Uuid::now_v7(), user).await?;
            act.commit().await?;
        }
        before = Some(id);
    }
    Ok(())
}

/// The sign-ins, for a person to read.
pub fn sign_ins() -> String {
    let lines: Vec<_> =
        SIGN_INS.iter().map(|(email, password, _)| format!("  {email:<22} {password}")).collect();
    format!("Demo sign-ins (e-mail, password):\n{}", lines.join("\n"))
}
