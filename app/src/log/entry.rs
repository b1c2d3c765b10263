//! An entry of a log, and a page of them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    query::{Column, Direction, Sort, Total},
    words::Language,
    zone::Zone,
};

/// Where a request came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Source {
    /// A person at a screen.
    #[serde(rename = "UI")]
    Ui,
    /// A program.
    #[serde(rename = "API")]
    Api,
    /// Scheduled work.
    System,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ui, Self::Api, Self::System];

    /// As the guide writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ui => "UI",
            Self::Api => "API",
            Self::System => "System",
        }
    }
}

/// What kind of user executed an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserKind {
    /// A member of the platform's staff.
    Operator,
    /// The customer.
    Customer,
    /// A program with a key.
    Client,
    /// The platform itself.
    System,
    /// Whoever sent the entry did not say.
    Unknown,
}

impl UserKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Operator, Self::Customer, Self::Client, Self::System, Self::Unknown];

    /// As it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Customer => "customer",
            Self::Client => "client",
            Self::System => "system",
            Self::Unknown => "unknown",
        }
    }
}

/// One recorded action. Never changed. What the one who looks does not see of it ([`super::sight`]) is empty here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number in its customer's log, from 1, without gaps.
    pub seq: u64,
    /// When it was recorded, to the microsecond.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub created_at: DateTime<Utc>,
    /// Who executed it.
    pub user: String,
    /// What kind of user that is.
    pub user_kind: UserKind,
    /// Description of the task.
    pub action: String,
    /// What operation caused it; absent where none did. An empty text is a text.
    pub related_operation: Option<String>,
    /// What part of the system was affected.
    pub impacted_table: String,
    /// Where the request came from; nothing for those who do not see it.
    pub source: Option<Source>,
    /// The instance that processed the request.
    pub app_instance: String,
    /// Technical route of the request, with its method.
    pub request_path: String,
}

/// The guide's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogColumn {
    /// Exact timestamp of the action.
    CreatedAt,
    /// Who executed the action.
    User,
    /// Description of the task.
    Action,
    /// What operation caused the action.
    RelatedOperation,
    /// What part of the system was affected.
    ImpactedTable,
    /// Where the request came from.
    Source,
    /// Instance that processed the request.
    AppInstance,
    /// Technical route of the request.
    RequestPath,
}

impl Column for LogColumn {
    const ALL: &'static [Self] = &[
        Self::CreatedAt,
        Self::User,
        Self::Action,
        Self::RelatedOperation,
        Self::ImpactedTable,
        Self::Source,
        Self::AppInstance,
        Self::RequestPath,
    ];
    const DEFAULT: Sort<Self> = Sort { by: Self::CreatedAt, direction: Direction::Descending };

    fn name(self) -> &'static str {
        match self {
            Self::CreatedAt => "created_at",
            Self::User => "user",
            Self::Action => "action",
            Self::RelatedOperation => "related_operation",
            Self::ImpactedTable => "impacted_table",
            Self::Source => "source",
            Self::AppInstance => "app_instance",
            Self::RequestPath => "request_path",
        }
    }

    fn label(self, language: Language) -> &'static str {
        match self {
            Self::CreatedAt => language.created_at(),
            Self::User => language.user(),
            Self::Action => language.action(),
            Self::RelatedOperation => language.related_operation(),
            Self::ImpactedTable => language.impacted_table(),
            Self::Source => language.source(),
            Self::AppInstance => language.app_instance(),
            Self::RequestPath => language.request_path(),
        }
    }

    fn first_direction(self) -> Direction {
        match self {
            Self::CreatedAt => Direction::Descending,
            _ => Direction::Ascending,
        }
    }
}

impl LogColumn {
    /// The column of this name, as URLs have it.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.name() == name)
    }

    /// The order by this column in a person's words.
    pub fn in_words(self, direction: Direction, language: Language) -> String {
        match (self, direction) {
            (Self::CreatedAt, Direction::Descending) => language.newest_first().to_owned(),
            (Self::CreatedAt, Direction::Ascending) => language.oldest_first().to_owned(),
            (_, Direction::Ascending) => language.a_to_z(self.label(language)),
            (_, Direction::Descending) => language.z_to_a(self.label(language)),
        }
    }
}

/// A page of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPage {
    /// The entries, in the order that was asked for.
    pub entries: Vec<Entry>,
    /// Which page this is, from 1: the one asked for, or the last where that lies past the end.
    pub page: u64,
    /// How many pages there are; 0 where nothing matches.
    pub pages: u64,
    /// How many entries match.
    pub total: Total,
    /// How many entries the log has, as of [`Self::as_of`].
    pub log_entries: u64,
    /// The number of the entry that the page is pinned to; 0 where nothing was recorded yet.
    pub as_of: u64,
    /// The number of the log's newest entry: as many are new as it is larger.
    pub newest: u64,
    /// The zone that the question was meant in, and that times are shown in.
    pub zone: Zone,
    /// When it was found.
    #[serde(with = "chrono::serde::ts_seconds")]
    pub found_at: DateTime<Utc>,
}
