//! An export as newline-delimited JSON: an entry as the API shows it on each line.

use std::io;

use app::{
    log::{columns::Columns, sight::Sight},
    query::Column as _,
};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Value, json};

use super::field::Field;
use crate::{
    http::{api_entry::ApiEntry, stamp::Stamp},
    store::export::Row,
};

/// What stands on each line.
pub(super) enum Lines {
    /// All fields that the API shows somebody who sees this.
    Seen(Sight),
    /// The number and what was asked for.
    Of(Columns),
}

/// An entry's line.
pub(super) fn entry(row: &Row<'_>, lines: &Lines, file: &mut Vec<u8>) -> io::Result<()> {
    match lines {
        Lines::Seen(sight) => serde_json::to_writer(&mut *file, &ApiEntry::of_row(row, *sight))?,
        Lines::Of(columns) => serde_json::to_writer(&mut *file, &Few { row, columns })?,
    }
    file.push(b'\n');
    Ok(())
}

/// Some fields of an entry.
struct Few<'r> {
    row: &'r Row<'r>,
    columns: &'r Columns,
}

impl Serialize for Few<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = self.columns.as_slice();
        let mut fields = serializer.serialize_map(Some(1 + columns.len()))?;
        fields.serialize_entry("seq", &self.row.seq)?;
        for column in columns {
            match Field::of(self.row, *column) {
                Field::CreatedAt => {
                    fields.serialize_entry(column.name(), &Stamp(self.row.created_at))?;
                }
                Field::Text(text) => fields.serialize_entry(column.name(), &text)?,
            }
        }
        fields.end()
    }
}

/// The last line of a whole file: how many entries it has, and the SHA-256 of all bytes before this line.
pub(super) fn end(entries: u64, sha256: &str, file: &mut Vec<u8>) {
    last(&json!({ "end": { "entries": entries, "sha256": sha256 } }), file);
}

/// The last line of a file that broke off: how many entries stand before it.
pub(super) fn broken_off(entries: u64, file: &mut Vec<u8>) {
    last(&json!({ "broken_off": { "entries": entries } }), file);
}

fn last(line: &Value, file: &mut Vec<u8>) {
    file.extend_from_slice(line.to_string().as_bytes());
    file.push(b'\n');
}
