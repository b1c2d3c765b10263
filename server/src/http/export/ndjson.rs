//! An export as newline-delimited JSON: an entry as the API shows it on each line.

use std::io;

use serde_json::{Value, json};

use crate::{http::api_entry::ApiEntry, store::export::Row};

/// An entry's line.
pub(super) fn entry(row: &Row<'_>, file: &mut Vec<u8>) -> io::Result<()> {
    serde_json::to_writer(&mut *file, &ApiEntry::of_row(row))?;
    file.push(b'\n');
    Ok(())
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
