//! What the URLs of the Operations and the Financial tab say: a page, newest or oldest first.

use crate::{
    query::{Column, Direction, Listing, Parameters, Sort, UrlQuery},
    words::Language,
};

/// The one order of these lists: that of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When;

impl Column for When {
    const ALL: &'static [Self] = &[Self];
    const DEFAULT: Sort<Self> = Sort { by: Self, direction: Direction::Descending };

    fn name(self) -> &'static str {
        "when"
    }

    fn label(self, language: Language) -> &'static str {
        language.operation_when()
    }

    fn first_direction(self) -> Direction {
        Direction::Descending
    }
}

/// Which rows of a list in the order of time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TimeQuery {
    /// The rows.
    pub listing: Listing<When>,
}

impl UrlQuery for TimeQuery {
    type Column = When;

    fn take(parameters: &mut Parameters<'_>) -> Self {
        Self { listing: Listing::take(parameters) }
    }

    fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        self.listing.put(&mut pairs);
        pairs
    }

    fn listing(&self) -> &Listing<When> {
        &self.listing
    }

    fn with_listing(&self, listing: Listing<When>) -> Self {
        Self { listing }
    }
}

/// A page of such a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimePage<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Which page this is, from 1: the one asked for, or the last where that lies past the end.
    pub page: u64,
    /// How many pages there are; 0 where there are no rows.
    pub pages: u64,
    /// How many rows there are.
    pub total: u64,
}
