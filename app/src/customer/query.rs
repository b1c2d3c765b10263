//! What is asked of the list of customers.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    query::{
        Column, Direction, Listing, Parameters, Sort, UrlQuery, deserialize_query, serialize_query,
    },
    words::Language,
};

/// The list's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerColumn {
    /// Name.
    Name,
    /// The platform's own id.
    CustomerId,
    /// Business or person.
    Type,
    /// How the account stands.
    Status,
    /// Customer since.
    Since,
    /// How many entries the log has.
    Entries,
    /// When the last one was recorded.
    LastEntry,
}

impl Column for CustomerColumn {
    const ALL: &'static [Self] = &[
        Self::Name,
        Self::CustomerId,
        Self::Type,
        Self::Status,
        Self::Since,
        Self::Entries,
        Self::LastEntry,
    ];
    const DEFAULT: Sort<Self> = Sort { by: Self::Name, direction: Direction::Ascending };

    fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::CustomerId => "customer_id",
            Self::Type => "type",
            Self::Status => "status",
            Self::Since => "since",
            Self::Entries => "entries",
            Self::LastEntry => "last_entry",
        }
    }

    fn label(self, language: Language) -> &'static str {
        match self {
            Self::Name => language.customer(),
            Self::CustomerId => language.customer_number(),
            Self::Type => language.customer_type(),
            Self::Status => language.customer_status(),
            Self::Since => language.customer_since(),
            Self::Entries => language.log_entries(),
            Self::LastEntry => language.last_entry(),
        }
    }

    fn first_direction(self) -> Direction {
        match self {
            Self::Entries | Self::LastEntry | Self::Since => Direction::Descending,
            _ => Direction::Ascending,
        }
    }
}

/// A question to the list of customers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomerQuery {
    /// Some part of a name or an id; empty finds everybody.
    pub text: String,
    /// Which rows of what was found.
    pub listing: Listing<CustomerColumn>,
}

impl CustomerQuery {
    /// The same order and size, from the start, with another search.
    pub fn searching(&self, text: String) -> Self {
        Self { text, listing: Listing { page: 1, ..self.listing } }
    }
}

impl UrlQuery for CustomerQuery {
    type Column = CustomerColumn;

    fn take(parameters: &mut Parameters<'_>) -> Self {
        Self { text: parameters.take_search(), listing: Listing::take(parameters) }
    }

    fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        if !self.text.is_empty() {
            pairs.push(("q".into(), self.text.clone()));
        }
        self.listing.put(&mut pairs);
        pairs
    }

    fn listing(&self) -> &Listing<CustomerColumn> {
        &self.listing
    }

    fn with_listing(&self, listing: Listing<CustomerColumn>) -> Self {
        Self { text: self.text.clone(), listing }
    }
}

impl Serialize for CustomerQuery {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_query(self, serializer)
    }
}

impl<'de> Deserialize<'de> for CustomerQuery {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_query(deserializer)
    }
}
