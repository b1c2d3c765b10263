//! All that is known of one entry, for its drawer.

use chrono::{DateTime, Utc};

use super::entry::Entry;

/// How many entries of the same operation the drawer shows.
pub const MOST_OF_OPERATION: usize = 20;

/// An entry with all that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// The entry.
    pub entry: Entry,
    /// What it says beyond the guide's columns; nothing for those who may not see it.
    pub particulars: Option<Particulars>,
    /// The first entries of the same operation, oldest first; empty where there is no operation.
    pub operation: Vec<Entry>,
    /// How many entries the operation has.
    pub operation_entries: u64,
    /// The number of the log's newest entry.
    pub newest: u64,
}

/// What an entry says beyond the guide's columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Particulars {
    /// The user's id, where they have one.
    pub user_id: Option<String>,
    /// When the sender says that it happened, where they said it.
    pub occurred_at: Option<DateTime<Utc>>,
    /// The key that it came with, where it came over the API.
    pub api_key_id: Option<i64>,
    /// What changed, and more: an object, as JSON.
    pub detail: Option<String>,
}
