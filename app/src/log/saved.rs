//! A view that somebody keeps: what to show of whichever log it is opened for.

use super::query::LogQuery;
use crate::query::{Listing, UrlQuery};

/// A kept view, as one viewer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// What it shows.
    pub query: LogQuery,
    /// Whether others see it.
    pub shared: bool,
    /// Whose it is; nothing where it is the viewer's own.
    pub owner: Option<String>,
    /// Whether logs open with it, for the viewer.
    pub is_default: bool,
}

/// The longest name of a view, in characters.
pub const LONGEST_NAME: usize = 100;

/// `query` as a view keeps it: from its first page, of a log as it is when it is looked at.
pub fn kept(query: &LogQuery) -> LogQuery {
    query.unpinned()
}

impl SavedView {
    /// Whether `query` shows this view, wherever it is pinned, and in whichever order and size.
    pub fn is_shown_by(&self, query: &LogQuery) -> bool {
        // The zone is the viewer's, unless the view says one.
        let zone = if self.query.zone.is_none() { None } else { query.zone.clone() };
        let alike = |query: LogQuery| LogQuery { listing: Listing::default(), ..query };
        alike(LogQuery { zone, ..kept(query) }) == alike(self.query.clone())
    }

    /// A link to it, in the log at `path`.
    pub fn href(&self, path: &str) -> String {
        self.query.href(path)
    }
}
