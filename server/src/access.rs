//! Who may see what: the one check that page, server function, JSON API, count and export go through.

use app::{
    customer::id::CustomerId,
    session::viewer::{Role, Viewer},
};

use crate::store::Scope;

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A person, signed in.
    Person(Viewer),
    /// A program with a key. Keys read every log.
    Key,
}

impl Caller {
    /// The only customer whose rows this caller may ever see; nothing where that is all of them.
    pub const fn own_customer(&self) -> Option<&CustomerId> {
        match self {
            Self::Person(Viewer { role: Role::Customer(id), .. }) => Some(id),
            Self::Person(_) | Self::Key => None,
        }
    }

    /// The signed-in person, where it is one.
    pub const fn viewer(&self) -> Option<&Viewer> {
        match self {
            Self::Person(viewer) => Some(viewer),
            Self::Key => None,
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
