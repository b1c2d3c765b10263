//! What the server writes for the Logs tab, as it travels.

use serde::{Deserialize, Serialize};

/// What stands around the rows, as HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Around {
    /// The menu of the time range, for the toolbar.
    pub time: String,
    /// The conditions in force, and the ways to more of them.
    pub chips: String,
    /// The strip of activity.
    pub strip: String,
    /// The menu of saved views, for the toolbar.
    pub views: String,
}
