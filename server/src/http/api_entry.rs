//! An entry as the API shows it: the one place that says which fields it has, on a page and in an export.

use std::borrow::Cow;

use app::log::entry::{Entry, Source, UserKind};
use serde::Serialize;
use serde_json::value::RawValue;

use super::stamp::Stamp;
use crate::store::{entries::Particulars, export::Row};

/// An entry as the API shows it.
#[derive(Debug, Serialize)]
pub struct ApiEntry<'e> {
    seq: u64,
    created_at: Stamp,
    user: Cow<'e, str>,
    user_id: Option<Cow<'e, str>>,
    user_kind: UserKind,
    action: Cow<'e, str>,
    related_operation: Option<Cow<'e, str>>,
    impacted_table: Cow<'e, str>,
    source: Source,
    app_instance: Cow<'e, str>,
    request_path: Cow<'e, str>,
    occurred_at: Option<Stamp>,
    api_key_id: Option<i64>,
    detail: Option<Cow<'e, RawValue>>,
}

impl ApiEntry<'static> {
    /// An entry of a page. Without particulars their fields are null.
    pub fn new(entry: Entry, particulars: Option<Particulars>) -> Self {
        let (user_id, occurred_at, api_key_id, detail) = particulars
            .map(|more| (more.user_id, more.occurred_at, more.api_key_id, more.detail))
            .unwrap_or_default();
        Self {
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
    /// A row of an export. What was not read of it is null.
    pub fn of_row(row: &Row<'e>) -> Self {
        Self {
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
