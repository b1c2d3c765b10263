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

/// What is told of exports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exports {
    /// The inside of the dialog, as HTML.
    pub html: String,
    /// The viewer's export that goes on, where one does.
    pub running: Option<Running>,
    /// How the one that is followed stands, to be spoken; empty where there is nothing to say.
    pub said: String,
    /// Whether that one is over.
    pub over: bool,
}

/// An export that goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Its id.
    pub id: String,
    /// How far it is, in words.
    pub text: String,
}
