//! An export as CSV (RFC 4180), with the same quotes as Postgres puts.

use app::{log::entry::LogColumn, query::Column as _};

use crate::{http::stamp::Stamp, store::export::Row};

/// How texts that a spreadsheet would run as a formula are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Formulas {
    /// With an apostrophe in front, which spreadsheets take as "this is text".
    Disarmed,
    /// As they are.
    Exact,
}

/// What a formula begins with. The last four are the full-width forms.
const FORMULAS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The first record: `seq` and the guide's columns.
pub(super) fn head(file: &mut Vec<u8>) {
    file.extend_from_slice(b"seq");
    for column in LogColumn::ALL {
        file.push(b',');
        file.extend_from_slice(column.name().as_bytes());
    }
    file.extend_from_slice(b"\r\n");
}

/// An entry's record.
pub(super) fn entry(row: &Row<'_>, formulas: Formulas, file: &mut Vec<u8>) {
    number(row.seq, file);
    file.push(b',');
    Stamp(row.created_at).with(|at| file.extend_from_slice(at.as_bytes()));
    let texts = [Some(row.user), Some(row.action), row.related_operation, Some(row.impacted_table)];
    for field in texts {
        text(field, formulas, file);
    }
    text(Some(row.source.name()), Formulas::Exact, file);
    text(Some(row.app_instance), formulas, file);
    text(Some(row.request_path), formulas, file);
    file.extend_from_slice(b"\r\n");
}

/// The last record of a whole file: how many entries it has, and the SHA-256 of all bytes before this record.
pub(super) fn end(entries: u64, sha256: &str, file: &mut Vec<u8>) {
    last(&["#end", &entries.to_string(), sha256], file);
}

/// The last record of a file that broke off: how many entries stand before it.
pub(super) fn broken_off(entries: u64, file: &mut Vec<u8>) {
    last(&["#broken off", &entries.to_string()], file);
}

/// A record of as many fields as all others.
fn last(fields: &[&str], file: &mut Vec<u8>) {
    file.extend_from_slice(fields.join(",").as_bytes());
    for _ in fields.len()..=LogColumn::ALL.len() {
        file.push(b',');
    }
    file.extend_from_slice(b"\r\n");
}

fn number(mut number: u64, file: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] += (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return file.extend_from_slice(&digits[first..]);
        }
    }
}

/// A comma, and a field: absent as nothing, empty as `""`.
fn text(text: Option<&str>, formulas: Formulas, file: &mut Vec<u8>) {
    file.push(b',');
    let Some(text) = text else { return };
    let disarmed = formulas == Formulas::Disarmed && text.starts_with(FORMULAS);
    // All bytes, whatever the first ones are: such a loop looks at many at a time.
    let special = |byte: u8| (byte == b'"') | (byte == b',') | (byte == b'\n') | (byte == b'\r');
    let quoted = text.bytes().fold(text.is_empty(), |found, byte| found | special(byte));
    if quoted {
        file.push(b'"');
    }
    if disarmed {
        file.push(b'\'');
    }
    if quoted {
        for (number, part) in text.split('"').enumerate() {
            if number > 0 {
                file.extend_from_slice(b"\"\"");
            }
            file.extend_from_slice(part.as_bytes());
        }
        file.push(b'"');
    } else {
        file.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(field: Option<&str>, formulas: Formulas) -> String {
        let mut file = Vec::new();
        text(field, formulas, &mut file);
        String::from_utf8(file).unwrap()
    }

    #[test]
    fn quotes_stand_where_they_are_needed() {
        for (field, as_written) in [
            (None, ","),
            (Some(""), ",\"\""),
            (Some("Ana Leal"), ",Ana Leal"),
            (Some("Leal, Ana"), ",\"Leal, Ana\""),
            (Some("\"B\"ia"), ",\"\"\"B\"\"ia\""),
            (Some("a\nb"), ",\"a\nb\""),
            (Some("a\rb"), ",\"a\rb\""),
            (Some("\\."), ",\\."),
            (Some("=1"), ",=1"),
        ] {
            assert_eq!(written(field, Formulas::Exact), as_written);
        }
        assert_eq!(written(Some("=1"), Formulas::Disarmed), ",'=1");
        assert_eq!(written(Some("\n=1\""), Formulas::Disarmed), ",\"'\n=1\"\"\"");
    }

    #[test]
    fn numbers_are_written_in_full() {
        for example in [0, 7, 10, 1_000_000, u64::MAX] {
            let mut file = Vec::new();
            number(example, &mut file);
            assert_eq!(file, example.to_string().into_bytes());
        }
    }

    #[test]
    fn every_record_has_as_many_fields_as_the_first() {
        let mut file = Vec::new();
        head(&mut file);
        broken_off(7, &mut file);
        end(7, "ab", &mut file);
        let mut reader = csv::Reader::from_reader(&file[..]);
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!((&records[0][0], &records[0][1]), ("#broken off", "7"));
        assert_eq!((&records[1][0], &records[1][1], &records[1][2]), ("#end", "7", "ab"));
    }
}
