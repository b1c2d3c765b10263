//! What stands in a column of an exported row.

use app::log::entry::{LogColumn, Source};

use crate::store::export::Row;

/// What stands in a column.
pub(super) enum Field<'r> {
    /// When the entry was recorded.
    CreatedAt,
    /// A text, or nothing.
    Text(Option<&'r str>),
}

impl<'r> Field<'r> {
    /// What stands in `column` of `row`.
    pub(super) fn of(row: &Row<'r>, column: LogColumn) -> Self {
        Self::Text(match column {
            LogColumn::CreatedAt => return Self::CreatedAt,
            LogColumn::User => Some(row.user),
            LogColumn::Action => Some(row.action),
            LogColumn::RelatedOperation => row.related_operation,
            LogColumn::ImpactedTable => Some(row.impacted_table),
            LogColumn::Source => row.source.map(Source::name),
            LogColumn::AppInstance => Some(row.app_instance),
            LogColumn::RequestPath => Some(row.request_path),
        })
    }
}
