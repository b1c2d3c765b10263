//! An export as CSV (RFC 4180), with the same quotes as Postgres puts.

use std::sync::Arc;

use app::{
    log::{
        columns::Columns,
        csv::{self, Formulas},
        entry::{LogColumn, Source},
    },
    query::Column as _,
    zone::Zone,
};

use super::{digits::number, field::Field};
use crate::{http::stamp::Stamp, store::export::Row};

/// Writes a CSV.
#[derive(Debug)]
pub(super) struct Csv {
    formulas: Formulas,
    /// Nothing for the guide's columns in UTC, as nearly all are asked for: their records are written faster.
    chosen: Option<Chosen>,
}

/// What not every file is like.
#[derive(Debug)]
struct Chosen {
    columns: Columns,
    zone: Arc<Zone>,
}

impl Csv {
    /// A file of these columns, with the clocks of `zone`.
    pub(super) fn new(formulas: Formulas, columns: Columns, zone: Arc<Zone>) -> Self {
        let usual = columns.are_the_guides() && zone.offsets.is_empty();
        Self { formulas, chosen: (!usual).then_some(Chosen { columns, zone }) }
    }

    fn columns(&self) -> &[LogColumn] {
        self.chosen.as_ref().map_or(LogColumn::ALL, |chosen| chosen.columns.as_slice())
    }

    /// The first record: `seq` and the columns.
    pub(super) fn head(&self, file: &mut Vec<u8>) {
        file.extend_from_slice(b"seq");
        for column in self.columns() {
            file.push(b',');
            file.extend_from_slice(column.name().as_bytes());
        }
        file.extend_from_slice(b"\r\n");
    }

    /// An entry's record.
    pub(super) fn entry(&self, row: &Row<'_>, file: &mut Vec<u8>) {
        match &self.chosen {
            None => entry(row, self.formulas, file),
            Some(chosen) => chosen.entry(row, self.formulas, file),
        }
    }

    /// The last record of a whole file: how many entries it has, and the SHA-256 of all bytes before this record.
    pub(super) fn end(&self, entries: u64, sha256: &str, file: &mut Vec<u8>) {
        self.last(&["#end", &entries.to_string(), sha256], file);
    }

    /// The last record of a file that broke off: how many entries stand before it.
    pub(super) fn broken_off(&self, entries: u64, file: &mut Vec<u8>) {
        self.last(&["#broken off", &entries.to_string()], file);
    }

    /// A record of as many fields as all others; but the last of a whole file needs three, even where there is a
    /// single column.
    fn last(&self, fields: &[&str], file: &mut Vec<u8>) {
        file.extend_from_slice(fields.join(",").as_bytes());
        for _ in fields.len()..=self.columns().len() {
            file.push(b',');
        }
        file.extend_from_slice(b"\r\n");
    }
}

impl Chosen {
    fn entry(&self, row: &Row<'_>, formulas: Formulas, file: &mut Vec<u8>) {
        number(row.seq, file);
        for column in self.columns.as_slice() {
            match Field::of(row, *column) {
                Field::CreatedAt => {
                    file.push(b',');
                    Stamp(row.created_at)
                        .with_in(&self.zone, |at| file.extend_from_slice(at.as_bytes()));
                }
                Field::Text(field) => text(field, formulas, file),
            }
        }
        file.extend_from_slice(b"\r\n");
    }
}

/// An entry's record of the guide's columns in UTC.
fn entry(row: &Row<'_>, formulas: Formulas, file: &mut Vec<u8>) {
    number(row.seq, file);
    file.push(b',');
    Stamp(row.created_at).with(|at| file.extend_from_slice(at.as_bytes()));
    let texts = [Some(row.user), Some(row.action), row.related_operation, Some(row.impacted_table)];
    for field in texts {
        text(field, formulas, file);
    }
    text(row.source.map(Source::name), Formulas::Exact, file);
    text(Some(row.app_instance), formulas, file);
    text(Some(row.request_path), formulas, file);
    file.extend_from_slice(b"\r\n");
}

/// A comma, and a field.
fn text(text: Option<&str>, formulas: Formulas, file: &mut Vec<u8>) {
    file.push(b',');
    csv::field(text, formulas, file);
}

#[cfg(test)]
mod tests {
    use app::log::entry::{Source, UserKind};
    use chrono::DateTime;

    use super::*;

    #[test]
    fn every_record_has_as_many_fields_as_the_first() {
        let csv = Csv::new(Formulas::Exact, Columns::default(), Arc::default());
        let mut file = Vec::new();
        csv.head(&mut file);
        csv.broken_off(7, &mut file);
        csv.end(7, "ab", &mut file);
        let mut reader = ::csv::Reader::from_reader(&file[..]);
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!((&records[0][0], &records[0][1]), ("#broken off", "7"));
        assert_eq!((&records[1][0], &records[1][1], &records[1][2]), ("#end", "7", "ab"));
    }

    #[test]
    fn all_columns_by_their_names_are_the_same_as_none() {
        let at = DateTime::from_timestamp_micros(1_773_325_351_006_412).unwrap();
        let row = Row {
            seq: 7,
            created_at: at,
            user: "=Zoë",
            user_kind: UserKind::Operator,
            action: "a,b",
            related_operation: None,
            impacted_table: "",
            source: Some(Source::Api),
            app_instance: "i",
            request_path: "GET /",
            user_id: None,
            occurred_at: None,
            api_key_id: None,
            detail: None,
        };
        let chosen = Chosen { columns: Columns::default(), zone: Arc::default() };
        let (mut one, mut other) = (Vec::new(), Vec::new());
        entry(&row, Formulas::Disarmed, &mut one);
        chosen.entry(&row, Formulas::Disarmed, &mut other);
        assert_eq!(one, other);
        assert_eq!(
            String::from_utf8(one).unwrap(),
            "7,2026-03-12T14:22:31.006412Z,'=Zoë,\"a,b\",,\"\",API,i,GET /\r\n"
        );
    }
}
