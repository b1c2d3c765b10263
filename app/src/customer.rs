//! Customers: whom the logs are about.

pub mod api;
pub mod id;
pub mod list;
pub mod overview;
pub mod profile;
pub mod query;
#[cfg(feature = "ssr")]
pub mod settings;
#[cfg(feature = "ssr")]
pub mod settings_page;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{query::Total, words::Language};
use id::CustomerId;

/// What a customer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerType {
    /// A company.
    Business,
    /// A natural person.
    Person,
    /// This installation itself: what concerns no customer is in its log.
    Platform,
}

impl CustomerType {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Business, Self::Person, Self::Platform];
    /// What somebody can be.
    pub const CHOICES: [Self; 2] = [Self::Business, Self::Person];

    /// As it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Business => "business",
            Self::Person => "person",
            Self::Platform => "platform",
        }
    }

    /// As the screen says it.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::Business => language.business(),
            Self::Person => language.person(),
            Self::Platform => language.platform(),
        }
    }
}

/// How a customer's account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerStatus {
    /// In use.
    Active,
    /// Not yet, or not at present, cleared for use.
    InReview,
    /// Stopped by the platform.
    Blocked,
    /// Ended.
    Closed,
}

impl CustomerStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Active, Self::InReview, Self::Blocked, Self::Closed];

    /// As it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::InReview => "in_review",
            Self::Blocked => "blocked",
            Self::Closed => "closed",
        }
    }

    /// As the screen says it.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::Active => language.active(),
            Self::InReview => language.in_review(),
            Self::Blocked => language.blocked(),
            Self::Closed => language.closed(),
        }
    }

    /// The badge's classes: the marked ones stand out in a list.
    pub(crate) const fn badge(self) -> &'static str {
        match self {
            Self::Active => "badge status ok",
            Self::InReview => "badge status warn",
            Self::Blocked => "badge status danger",
            Self::Closed => "badge status",
        }
    }
}

/// A customer, and how much their log holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The platform's own id.
    pub customer_id: CustomerId,
    /// Name.
    pub name: String,
    /// What they are.
    pub customer_type: CustomerType,
    /// How the account stands.
    pub status: CustomerStatus,
    /// False where they are here only because something was recorded for them: the name is then the id.
    pub known: bool,
    /// Customer since.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub since: DateTime<Utc>,
    /// How many entries the log has.
    pub entries: u64,
    /// When the last one was recorded.
    #[serde(with = "chrono::serde::ts_microseconds_option")]
    pub last_entry_at: Option<DateTime<Utc>>,
}

impl Customer {
    /// What they are, as the screen says it; of those nobody has described yet it says that.
    pub const fn type_label(&self, language: Language) -> &'static str {
        if self.known { self.customer_type.label(language) } else { language.not_described() }
    }
}

/// A page of customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerPage {
    /// The customers, in the order that was asked for.
    pub customers: Vec<Customer>,
    /// Which page this is, from 1: the one asked for, or the last where that lies past the end.
    pub page: u64,
    /// How many pages there are; 0 where nobody matches.
    pub pages: u64,
    /// How many customers match.
    pub total: Total,
}
