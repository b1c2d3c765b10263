//! Which of the guide's columns a file has, and in which order.

use app::{log::entry::LogColumn, query::Column as _};

use crate::store::export::Row;

/// Columns that were asked for: each once, at least one. The number stands before them in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns(Vec<LogColumn>);

impl Columns {
    /// These, in their order; nothing where there are none.
    pub(super) fn of(columns: &[LogColumn]) -> Option<Self> {
        (!columns.is_empty()).then(|| Self(columns.to_vec()))
    }

    /// Reads names with commas between them.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut columns = Vec::new();
        for name in text.split(',') {
            let column = LogColumn::ALL.iter().copied().find(|column| column.name() == name)?;
            if columns.contains(&column) {
                return None;
            }
            columns.push(column);
        }
        Some(Self(columns))
    }

    /// What the parameter takes, in words.
    pub(super) fn takes() -> String {
        let names: Vec<_> = LogColumn::ALL.iter().map(|column| column.name()).collect();
        format!(
            "all, or each at most once and with commas between them some of {}",
            names.join(", ")
        )
    }

    /// Whether these are all of them, in the guide's order.
    pub(super) fn are_the_guides(&self) -> bool {
        self.0 == LogColumn::ALL
    }

    pub(super) fn as_slice(&self) -> &[LogColumn] {
        &self.0
    }
}

impl Default for Columns {
    fn default() -> Self {
        Self(LogColumn::ALL.to_vec())
    }
}

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
            LogColumn::Source => Some(row.source.name()),
            LogColumn::AppInstance => Some(row.app_instance),
            LogColumn::RequestPath => Some(row.request_path),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_names_each_once() {
        let columns = Columns::parse("user,created_at").unwrap();
        assert_eq!(columns.as_slice(), [LogColumn::User, LogColumn::CreatedAt]);
        assert!(!columns.are_the_guides());
        let all: Vec<_> = LogColumn::ALL.iter().map(|column| column.name()).collect();
        assert!(Columns::parse(&all.join(",")).unwrap().are_the_guides());
        for bad in ["", "user,", "user,user", "seq", "User", "user, action", "user_id"] {
            assert_eq!(Columns::parse(bad), None, "{bad}");
        }
    }
}
