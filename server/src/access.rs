//! Who may see what, and do what: the one check that page, server function, JSON API, count, export and
//! every act go through.

use app::{
    customer::id::CustomerId,
    log::sight::Sight,
    session::viewer::{Role, Viewer},
};

use crate::store::{Scope, api_keys::KeyScope};

/// A person, signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their number.
    pub user_id: i64,
    /// Name and role.
    pub viewer: Viewer,
    /// What they see of a log.
    pub sight: Sight,
    /// The hash of their session's token.
    pub session: [u8; 32],
}

/// A program with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key's number.
    pub key_id: i64,
    /// Which program it is for.
    pub name: String,
    /// What it may do.
    pub scope: KeyScope,
}

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A person, signed in.
    Person(Person),
    /// A program with a key.
    Key(Key),
}

impl Caller {
    /// The only customer whose rows this caller may ever see; nothing where that is all of them.
    pub const fn own_customer(&self) -> Option<&CustomerId> {
        match self {
            Self::Person(Person { viewer: Viewer { role: Role::Customer(id), .. }, .. }) => {
                Some(id)
            }
            Self::Person(_) | Self::Key(_) => None,
        }
    }

    /// What this caller sees of a log.
    pub const fn sight(&self) -> Sight {
        match self {
            Self::Person(person) => person.sight,
            Self::Key(_) => Sight::ALL,
        }
    }

    /// The signed-in person, where it is one.
    pub const fn viewer(&self) -> Option<&Viewer> {
        match self {
            Self::Person(person) => Some(&person.viewer),
            Self::Key(_) => None,
        }
    }
}

/// Whether a log is there or not, this caller is not to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not found")]
pub struct NotFound;

/// Lets `caller` at the customer named `customer_id`, as it came from outside. Whether there is such a
/// customer shows when the scope is used; that too must answer [`NotFound`].
///
/// # Errors
/// [`NotFound`] where the text is no id, or the caller may not see this customer.
pub fn admit(caller: &Caller, customer_id: &str) -> Result<Scope, NotFound> {
    let customer_id: CustomerId = customer_id.parse().map_err(|_| NotFound)?;
    match caller.own_customer() {
        Some(own) if *own != customer_id => Err(NotFound),
        _ => Ok(Scope::new(caller, customer_id)),
    }
}

/// Lets `caller` at the list of all customers.
///
/// # Errors
/// [`NotFound`] for customers.
pub fn admit_to_all(caller: &Caller) -> Result<(), NotFound> {
    if caller.own_customer().is_some() { Err(NotFound) } else { Ok(()) }
}

/// Lets `caller` at what staff sees of a customer beside the log: settings, operations and money.
///
/// # Errors
/// [`NotFound`] where the text is no id, or the caller is no staff.
pub fn admit_staff(caller: &Caller, customer_id: &str) -> Result<(Person, Scope), NotFound> {
    let scope = admit(caller, customer_id)?;
    match caller {
        Caller::Person(person) if !person.viewer.is_customer() => Ok((person.clone(), scope)),
        _ => Err(NotFound),
    }
}

/// Lets `caller` act on a customer's behalf.
///
/// # Errors
/// [`NotFound`] where the text is no id, or the caller is no operator.
pub fn admit_to_act(caller: &Caller, customer_id: &str) -> Result<(Person, Scope), NotFound> {
    let (person, scope) = admit_staff(caller, customer_id)?;
    if person.viewer.may_act() { Ok((person, scope)) } else { Err(NotFound) }
}
