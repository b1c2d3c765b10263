//! Operations: what is done with a customer's money, on their behalf.

#[cfg(feature = "ssr")]
pub mod financial;
#[cfg(feature = "ssr")]
pub mod form;
pub mod ledger;
#[cfg(feature = "ssr")]
pub mod new_page;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod query;
#[cfg(feature = "ssr")]
pub mod tab;
#[cfg(feature = "ssr")]
pub mod timeline;

use std::fmt;

use chrono::{DateTime, Utc};

use crate::{customer::id::CustomerId, words::Language};
use ledger::Movement;

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// Money comes in from outside.
    Deposit,
    /// Money goes out.
    Withdrawal,
    /// Money goes to another customer.
    Transfer,
    /// An earlier operation is undone.
    Reversal,
}

impl OperationKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Deposit, Self::Withdrawal, Self::Transfer, Self::Reversal];
    /// Those that begin with a form.
    pub const NEW: [Self; 3] = [Self::Deposit, Self::Withdrawal, Self::Transfer];

    /// As it is stored, and as a Related Operation begins.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Withdrawal => "withdrawal",
            Self::Transfer => "transfer",
            Self::Reversal => "reversal",
        }
    }

    /// The name of its form.
    pub const fn new_one(self, language: Language) -> &'static str {
        match self {
            Self::Deposit => language.new_deposit(),
            Self::Withdrawal => language.new_withdrawal(),
            Self::Transfer => language.new_transfer(),
            Self::Reversal => language.new_reversal(),
        }
    }

    /// What pressing the form's button does.
    pub const fn perform(self, language: Language) -> &'static str {
        match self {
            Self::Deposit => language.perform_deposit(),
            Self::Withdrawal => language.perform_withdrawal(),
            Self::Transfer => language.perform_transfer(),
            Self::Reversal => language.perform_reversal(),
        }
    }
}

/// How far an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationStatus {
    /// Waits for another operator.
    Requested,
    /// Done.
    Completed,
    /// Refused by another operator.
    Rejected,
    /// Done, and undone.
    Reversed,
}

impl OperationStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Requested, Self::Completed, Self::Rejected, Self::Reversed];

    /// As it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Completed => "completed",
            Self::Rejected => "rejected",
            Self::Reversed => "reversed",
        }
    }

    /// As the screen says it.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::Requested => language.waits_for_approval(),
            Self::Completed => language.completed(),
            Self::Rejected => language.rejected(),
            Self::Reversed => language.reversed(),
        }
    }

    /// The badge's classes.
    #[cfg(feature = "ssr")]
    pub(crate) const fn badge(self) -> &'static str {
        match self {
            Self::Requested => "badge status warn",
            Self::Completed => "badge status ok",
            Self::Rejected => "badge status danger",
            Self::Reversed => "badge status",
        }
    }
}

/// The name of an operation, as the log has it: `withdrawal #1042`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationName {
    /// What it does.
    pub kind: OperationKind,
    /// Its number, over all customers.
    pub number: i64,
}

impl fmt::Display for OperationName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} #{}", self.kind.name(), self.number)
    }
}

/// An operation, from one customer's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Whose.
    pub customer_id: CustomerId,
    /// What it does, and its number.
    pub name: OperationName,
    /// How far it is.
    pub status: OperationStatus,
    /// How much, in minor units of the customer's currency; more than 0.
    pub amount: i64,
    /// The other customer of a transfer, or of a transfer's reversal.
    pub counterparty: Option<CustomerId>,
    /// Whether the customer gets the money.
    pub incoming: bool,
    /// The number of the operation that this one undoes.
    pub reverses: Option<i64>,
    /// What was said about it.
    pub note: String,
    /// Who asked for it.
    pub requested_by: String,
    /// Their number: nobody approves what they asked for.
    pub requested_by_id: i64,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Who approved or rejected it, where that took somebody.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

impl Operation {
    /// What undoing it does to this customer's accounts; nothing where it cannot be undone.
    pub const fn undoing(&self) -> Option<Movement> {
        match (self.status, self.name.kind, self.incoming) {
            (OperationStatus::Completed, OperationKind::Deposit, _) => Some(Movement::Withdrawal),
            (OperationStatus::Completed, OperationKind::Withdrawal, _) => Some(Movement::Deposit),
            (OperationStatus::Completed, OperationKind::Transfer, false) => {
                Some(Movement::TransferIn)
            }
            (OperationStatus::Completed, OperationKind::Transfer, true) => {
                Some(Movement::TransferOut)
            }
            _ => None,
        }
    }

    /// The path of its page.
    pub fn path(&self) -> String {
        path_of(&self.customer_id, self.name.number)
    }
}

/// The path of the page of whatever an entry's Related Operation names, in the profile at `profile`.
pub fn path_of_related(profile: &str, name: &str) -> String {
    let segment: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    // In a path a plus is a plus.
    format!("{profile}/operations/{}", segment.replace('+', "%20"))
}

/// The path of an operation's page.
pub fn path_of(customer_id: &CustomerId, number: i64) -> String {
    format!("{}/operations/{number}", customer_id.profile_path())
}
