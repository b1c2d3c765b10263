//! Facets: which values a field holds, among what is found, and how often.

use serde::{Deserialize, Serialize};

/// The most values that are listed.
pub const MOST: usize = 50;

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// How many of the entries that are found hold it; nothing for fields with many values, which are not counted.
    pub entries: Option<u64>,
}
