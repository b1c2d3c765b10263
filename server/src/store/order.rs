//! The orders of a log, in SQL: by a column, and by number where that is the same.

use app::{
    log::entry::LogColumn,
    query::{Direction, Sort},
};

/// The column's name in the log, quoted where SQL needs it.
pub(super) const fn column_in_sql(column: LogColumn) -> &'static str {
    match column {
        // created_at never decreases as seq grows, and seq is unique: the orders are the same.
        LogColumn::CreatedAt => "seq",
        LogColumn::User => "\"user\"",
        LogColumn::Action => "action",
        LogColumn::RelatedOperation => "related_operation",
        LogColumn::ImpactedTable => "impacted_table",
        LogColumn::Source => "source",
        LogColumn::AppInstance => "app_instance",
        LogColumn::RequestPath => "request_path",
    }
}

/// A total order: `seq` breaks ties, in the same direction. Absent values come last ascending, and first
/// descending, as Postgres has it by itself.
pub(super) fn order_in_sql(sort: Sort<LogColumn>) -> String {
    let direction = sort.direction.name();
    match sort.by {
        LogColumn::CreatedAt => format!("seq {direction}"),
        by => format!("{} {direction}, seq {direction}", column_in_sql(by)),
    }
}

/// What the column holds, as a [`Key`] has it: never null.
pub(super) fn value_in_sql(column: LogColumn) -> String {
    match column {
        LogColumn::CreatedAt => "''".to_owned(),
        LogColumn::RelatedOperation => "coalesce(related_operation, '')".to_owned(),
        column => column_in_sql(column).to_owned(),
    }
}

/// Whether the column holds nothing.
pub(super) const fn absence_in_sql(column: LogColumn) -> &'static str {
    match column {
        LogColumn::RelatedOperation => "related_operation is null",
        _ => "false",
    }
}

/// Where an entry stands in an order. Compares as the order does: texts by code point, which for Rust's
/// texts and for Postgres's "C" is by their bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub(super) struct Key {
    /// Whether the column holds nothing; such entries come last.
    pub(super) absent: bool,
    /// What it holds; empty where nothing, and where the order is that of the numbers.
    pub(super) value: String,
    /// The entry's number.
    pub(super) seq: i64,
}

impl Key {
    /// Before all entries whose column holds something, or all whose column holds nothing.
    pub(super) const fn start(absent: bool) -> Self {
        Self { absent, value: String::new(), seq: 0 }
    }

    /// After all entries.
    pub(super) const fn end() -> Self {
        Self { absent: true, value: String::new(), seq: i64::MAX }
    }
}

/// The entries at `key` and after it, or those before it, that hold something or nothing as `key` does; further
/// ones of the other kind are [`across`]. `value` and `seq` name the parameters.
pub(super) fn beside(column: LogColumn, key: &Key, after: bool, value: &str, seq: &str) -> String {
    let compared = if after { ">=" } else { "<" };
    match column {
        LogColumn::CreatedAt => format!("seq {compared} {seq}"),
        column if key.absent => {
            format!("{} is null and seq {compared} {seq}", column_in_sql(column))
        }
        column => format!("({}, seq) {compared} ({value}, {seq})", column_in_sql(column)),
    }
}

/// The entries that come next, up or down the order, when those of `key`'s kind are all passed; none where all
/// are of one kind.
pub(super) fn across(column: LogColumn, key: &Key, upwards: bool) -> Option<String> {
    let nullable = column == LogColumn::RelatedOperation;
    (nullable && key.absent != upwards).then(|| {
        let kind = if upwards { "is null" } else { "is not null" };
        format!("{} {kind}", column_in_sql(column))
    })
}

/// Which way a walk goes.
pub(super) const fn direction(upwards: bool) -> Direction {
    if upwards { Direction::Ascending } else { Direction::Descending }
}
