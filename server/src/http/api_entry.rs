//! An entry as the API shows it: the one place that says which fields it has, on a page and in an export.

use std::borrow::Cow;

use app::log::{
    entry::{Entry, LogColumn, Source, UserKind},
    sight::Sight,
};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::value::RawValue;

use super::stamp::Stamp;
use crate::store::{entries::Particulars, export::Row};

/// An entry as the API shows it to somebody: what they do not see is not in it.
#[derive(Debug)]
pub struct ApiEntry<'e> {
    sight: Sight,
    seq: u64,
    created_at: Stamp,
    user: Cow<'e, str>,
    user_id: Option<Cow<'e, str>>,
    user_kind: UserKind,
    action: Cow<'e, str>,
    related_operation: Option<Cow<'e, str>>,
    impacted_table: Cow<'e, str>,
    source: Option<Source>,
    app_instance: Cow<'e, str>,
    request_path: Cow<'e, str>,
    occurred_at: Option<Stamp>,
    api_key_id: Option<i64>,
    detail: Option<Cow<'e, RawValue>>,
}

impl Serialize for ApiEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sees = |column| self.sight.sees(column);
        let particulars = self.sight.sees_particulars();
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("seq", &self.seq)?;
        fields.serialize_entry("created_at", &self.created_at)?;
        if sees(LogColumn::User) {
            fields.serialize_entry("user", &self.user)?;
        }
        if particulars {
            fields.serialize_entry("user_id", &self.user_id)?;
        }
        if sees(LogColumn::User) {
            fields.serialize_entry("user_kind", &self.user_kind)?;
        }
        fields.serialize_entry("action", &self.action)?;
        if sees(LogColumn::RelatedOperation) {
            fields.serialize_entry("related_operation", &self.related_operation)?;
        }
        if sees(LogColumn::ImpactedTable) {
            fields.serialize_entry("impacted_table", &self.impacted_table)?;
        }
        if sees(LogColumn::Source) {
            fields.serialize_entry("source", &self.source)?;
        }
        if sees(LogColumn::AppInstance) {
            fields.serialize_entry("app_instance", &self.app_instance)?;
        }
        if sees(LogColumn::RequestPath) {
            fields.serialize_entry("request_path", &self.request_path)?;
        }
        if particulars {
            fields.serialize_entry("occurred_at", &self.occurred_at)?;
            fields.serialize_entry("api_key_id", &self.api_key_id)?;
            fields.serialize_entry("detail", &self.detail)?;
        }
        fields.end()
    }
}

impl ApiEntry<'static> {
    /// An entry of a page, for somebody who sees this.
    pub fn new(entry: Entry, particulars: Particulars, sight: Sight) -> Self {
        let Particulars { user_id, occurred_at, api_key_id, detail } = particulars;
        Self {
            sight,
            seq: entry.seq,
            created_at: Stamp(entry.created_at),
            user: entry.user.into(),
            user_id: user_id.map(Cow::Owned),
            user_kind: entry.user_kind,
            action: entry.action.into(),
            related_operation: entry.related_operation.map(Cow::Owned),
            impacted_table: entry.impacted_table.into(),
            source: entry.source,
            app_instance: entry.app_instance.into(),
            request_path: entry.request_path.into(),
            occurred_at: occurred_at.map(Stamp),
            api_key_id,
            // As it was recorded: the store takes nothing that is no JSON.
            detail: detail.and_then(|detail| RawValue::from_string(detail).ok()).map(Cow::Owned),
        }
    }
}

impl<'e> ApiEntry<'e> {
    /// A row of an export, for somebody who sees this. What was not read of it is null.
    pub fn of_row(row: &Row<'e>, sight: Sight) -> Self {
        Self {
            sight,
            seq: row.seq,
            created_at: Stamp(row.created_at),
            user: row.user.into(),
            user_id: row.user_id.map(Cow::Borrowed),
            user_kind: row.user_kind,
            action: row.action.into(),
            related_operation: row.related_operation.map(Cow::Borrowed),
            impacted_table: row.impacted_table.into(),
            source: row.source,
            app_instance: row.app_instance.into(),
            request_path: row.request_path.into(),
            occurred_at: row.occurred_at.map(Stamp),
            api_key_id: row.api_key_id,
            detail: row.detail.and_then(on_one_line),
        }
    }
}

/// `detail` as it was recorded. Only between its tokens can JSON have line ends; a space means the same there.
fn on_one_line(detail: &str) -> Option<Cow<'_, RawValue>> {
    if detail.bytes().any(|byte| matches!(byte, b'\n' | b'\r')) {
        RawValue::from_string(detail.replace(['\n', '\r'], " ")).ok().map(Cow::Owned)
    } else {
        serde_json::from_str(detail).ok().map(Cow::Borrowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_stays_as_it_was_recorded_on_one_line() {
        let text = |detail: &'static str| on_one_line(detail).map(|raw| raw.get().to_owned());
        assert_eq!(text("{\"b\":1.50,\"a\":\"\\n\"}").unwrap(), "{\"b\":1.50,\"a\":\"\\n\"}");
        assert_eq!(text("{\n  \"a\":\r\n1}").unwrap(), "{   \"a\":  1}");
    }
}
