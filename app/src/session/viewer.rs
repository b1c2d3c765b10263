//! Who is looking at the screen.

use serde::{Deserialize, Serialize};

use crate::{
    customer::id::CustomerId,
    log::{layout::Layout, sight::Sight},
    words::Language,
    zone::ZoneName,
};

/// What a signed-in user may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees every customer, and acts for them.
    Operator,
    /// Sees every customer.
    Auditor,
    /// Sees their own log.
    Customer(CustomerId),
}

impl Role {
    /// As the screen says it.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Operator => "Operator",
            Self::Auditor => "Auditor",
            Self::Customer(_) => "Customer",
        }
    }

    /// Where this role's work begins.
    pub fn home(&self) -> String {
        match self {
            Self::Operator | Self::Auditor => "/customers".into(),
            Self::Customer(id) => id.logs_path(),
        }
    }
}

/// The signed-in user, as far as the screen needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

impl Viewer {
    /// Whether they may change anything: a customer's settings, or their money.
    pub const fn may_act(&self) -> bool {
        matches!(self.role, Role::Operator)
    }

    /// Whether this is a customer looking at their own log.
    pub const fn is_customer(&self) -> bool {
        matches!(self.role, Role::Customer(_))
    }
}

/// What the page knows of the one who looks at it, from its first byte: it is in the document that the
/// server sends, and the browser reads it from there, so that both draw the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looker {
    /// The signed-in user; nobody on the sign-in page.
    pub viewer: Option<Viewer>,
    /// `light` or `dark`, where one was chosen.
    pub theme: Option<String>,
    /// How they want the table of a log.
    pub layout: Layout,
    /// The query string that logs open with, where they chose a view for that.
    pub default_view: Option<String>,
    /// The zone that times are shown in, where one was chosen.
    pub zone: Option<ZoneName>,
    /// What they see of a log.
    pub sight: Sight,
    /// The language that the page speaks.
    pub language: Language,
}

/// Who looks at the page.
pub fn looker() -> Looker {
    leptos::prelude::use_context().unwrap_or_default()
}

/// The language that the page speaks: `say().close()`.
pub fn say() -> Language {
    leptos::prelude::use_context::<Looker>().map(|looker| looker.language).unwrap_or_default()
}
