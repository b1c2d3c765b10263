//! What is recorded: who did what on whose account.

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// One action on a customer's account.
///
/// The server checks the entry and rejects what does not hold (see [`Config::on_rejected`]); the
/// limits below are its own.
///
/// [`Config::on_rejected`]: crate::Config::on_rejected
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// Names the entry, 1 to 128 characters: an entry with an `id` that was recorded before is not
    /// recorded again. Given when the entry is accepted, if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whose account it was: 1 to 64 of `A-Z a-z 0-9 _ . : -`.
    pub customer_id: String,
    /// Who did it.
    pub user: User,
    /// What was done, in words for people; at most 2,000 bytes.
    pub action: String,
    /// The operation that the action belongs to; at most 2,000 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related_operation: Option<String>,
    /// The table of the database that was changed; at most 1,000 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impacted_table: Option<String>,
    /// Where the action came from; the server takes none for [`Source::Api`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Which instance of which service did it; at most 2,000 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_instance: Option<String>,
    /// The request that asked for it, as `METHOD /path`; at most 2,000 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_path: Option<String>,
    /// When it was done. Now, when the entry is accepted, if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<DateTime<Utc>>,
    /// Anything else that is worth keeping: a JSON object of at most 64 KiB and 32 levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Value>,
}

impl Entry {
    /// An entry with what every entry must have.
    pub fn new(
        customer_id: impl Into<String>,
        user: impl Into<User>,
        action: impl Into<String>,
    ) -> Self {
        Self {
            id: None,
            customer_id: customer_id.into(),
            user: user.into(),
            action: action.into(),
            related_operation: None,
            impacted_table: None,
            source: None,
            app_instance: None,
            request_path: None,
            occurred_at: None,
            detail: None,
        }
    }

    /// Sets [`id`](Self::id): for entries that the service can name by itself, such as by the
    /// identifier of the event that it acts upon.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets [`related_operation`](Self::related_operation).
    #[must_use]
    pub fn related_operation(mut self, operation: impl Into<String>) -> Self {
        self.related_operation = Some(operation.into());
        self
    }

    /// Sets [`impacted_table`](Self::impacted_table).
    #[must_use]
    pub fn impacted_table(mut self, table: impl Into<String>) -> Self {
        self.impacted_table = Some(table.into());
        self
    }

    /// Sets [`source`](Self::source).
    #[must_use]
    pub fn source(mut self, source: Source) -> Self {
        self.source = Some(source);
        self
    }

    /// Sets [`app_instance`](Self::app_instance).
    #[must_use]
    pub fn app_instance(mut self, instance: impl Into<String>) -> Self {
        self.app_instance = Some(instance.into());
        self
    }

    /// Sets [`request_path`](Self::request_path).
    #[must_use]
    pub fn request_path(mut self, path: impl Into<String>) -> Self {
        self.request_path = Some(path.into());
        self
    }

    /// Sets [`occurred_at`](Self::occurred_at).
    #[must_use]
    pub fn occurred_at(mut self, at: DateTime<Utc>) -> Self {
        self.occurred_at = Some(at);
        self
    }

    /// Sets [`detail`](Self::detail), to a `serde_json` map or a `json!({…})`. The server rejects
    /// what is not an object.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Value>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Gives the entry what makes it safe to send twice: its name, and its time, which must not
    /// differ from one sending to the next.
    pub(crate) fn complete(mut self) -> Self {
        self.id.get_or_insert_with(|| Uuid::now_v7().to_string());
        // Microseconds: what the server's database keeps.
        self.occurred_at.get_or_insert_with(|| Utc::now().trunc_subsecs(6));
        self
    }

    /// The entry as JSON, on one line.
    pub(crate) fn to_line(&self) -> String {
        #[expect(
            clippy::expect_used,
            reason = "texts, a time and maps with texts for keys: nothing in it can fail"
        )]
        serde_json::to_string(self).expect("an entry is always JSON")
    }
}

/// Who did it: at least a name; a text becomes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "UserJson", into = "UserJson")]
#[non_exhaustive]
pub struct User {
    /// The user's identifier where the user is known by one.
    pub id: Option<String>,
    /// The name to show; at most 1,000 bytes.
    pub name: String,
    /// What kind of user it is; the server takes none for unknown.
    pub kind: Option<UserKind>,
}

impl User {
    /// A user of whom the name alone is known.
    pub fn new(name: impl Into<String>) -> Self {
        Self { id: None, name: name.into(), kind: None }
    }

    /// Sets [`id`](Self::id).
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets [`kind`](Self::kind).
    #[must_use]
    pub fn kind(mut self, kind: UserKind) -> Self {
        self.kind = Some(kind);
        self
    }
}

impl From<&str> for User {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for User {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

/// What kind of user did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserKind {
    /// Somebody who works for the company.
    Operator,
    /// The customer.
    Customer,
    /// A program of somebody else, by its key.
    Client,
    /// A program of the company: a scheduled job, an automatic rule.
    System,
    /// Not known.
    Unknown,
}

/// Where an action came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A screen.
    #[serde(rename = "UI")]
    Ui,
    /// A request of another program.
    #[serde(rename = "API")]
    Api,
    /// The system by itself.
    System,
}

/// A user as the API writes it: text where there is nothing but a name.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum UserJson {
    Name(String),
    Known {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        name: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        kind: Option<UserKind>,
    },
}

impl From<User> for UserJson {
    fn from(user: User) -> Self {
        match user {
            User { id: None, name, kind: None } => Self::Name(name),
            User { id, name, kind } => Self::Known { id, name, kind },
        }
    }
}

impl From<UserJson> for User {
    fn from(json: UserJson) -> Self {
        match json {
            UserJson::Name(name) => Self::new(name),
            UserJson::Known { id, name, kind } => Self { id, name, kind },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entry_is_the_json_of_the_api() {
        let entry = Entry::new(
            "20401",
            User::new("Ana Prado").id("u-7").kind(UserKind::Operator),
            "Blocked the card",
        )
        .id("e-1")
        .related_operation("Card 4821")
        .impacted_table("cards")
        .source(Source::Ui)
        .app_instance("cards-1")
        .request_path("POST /customers/20401/cards")
        .occurred_at("2026-03-04T05:06:07.891Z".parse().unwrap())
        .detail(json!({ "reason": "lost" }));
        let json = json!({
            "id": "e-1",
            "customer_id": "20401",
            "user": { "id": "u-7", "name": "Ana Prado", "kind": "operator" },
            "action": "Blocked the card",
            "related_operation": "Card 4821",
            "impacted_table": "cards",
            "source": "UI",
            "app_instance": "cards-1",
            "request_path": "POST /customers/20401/cards",
            "occurred_at": "2026-03-04T05:06:07.891Z",
            "detail": { "reason": "lost" },
        });
        assert_eq!(serde_json::to_value(&entry).unwrap(), json);
        assert_eq!(serde_json::from_value::<Entry>(json).unwrap(), entry);
    }

    #[test]
    fn what_is_not_given_is_not_written_and_a_mere_name_is_text() {
        let entry = Entry::new("1", "Ana", "Looked");
        let json = json!({ "customer_id": "1", "user": "Ana", "action": "Looked" });
        assert_eq!(serde_json::to_value(&entry).unwrap(), json);
        assert_eq!(serde_json::from_value::<Entry>(json).unwrap(), entry);
    }

    #[test]
    fn kinds_and_sources_have_the_names_of_the_api() {
        let kinds = [
            UserKind::Operator,
            UserKind::Customer,
            UserKind::Client,
            UserKind::System,
            UserKind::Unknown,
        ];
        assert_eq!(
            serde_json::to_value(kinds).unwrap(),
            json!(["operator", "customer", "client", "system", "unknown"])
        );
        let sources = [Source::Ui, Source::Api, Source::System];
        assert_eq!(serde_json::to_value(sources).unwrap(), json!(["UI", "API", "System"]));
    }

    #[test]
    fn an_accepted_entry_has_a_name_and_a_time_that_stay() {
        let entry = Entry::new("1", "Ana", "Looked").complete();
        let id: Uuid = entry.id.as_deref().unwrap().parse().unwrap();
        assert_eq!(id.get_version_num(), 7);
        assert!(entry.occurred_at.is_some());
        assert_eq!(entry.clone().complete(), entry);
        assert_eq!(serde_json::from_str::<Entry>(&entry.to_line()).unwrap(), entry);
    }

    #[test]
    fn an_entry_is_one_line_whatever_is_in_it() {
        let entry = Entry::new("1", "Ana\nPrado", "a\r\nb").detail(json!({ "a\n": "\n" }));
        assert!(!entry.to_line().contains(['\n', '\r']));
    }
}
