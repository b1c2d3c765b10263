use std::io::Cursor;

use app::log::entry::{Source, UserKind};
use calamine::{Data, Reader as _, Xlsx};

use super::{super::written::Written, package::Package, *};

fn row(seq: u64) -> Row<'static> {
    Row {
        seq,
        created_at: "2026-03-12T14:22:31.006Z".parse().unwrap(),
        user: "Zoë",
        user_kind: UserKind::Operator,
        action: "=1+1",
        related_operation: None,
        impacted_table: "",
        source: Some(Source::Ui),
        app_instance: "i",
        request_path: "GET /",
        user_id: None,
        occurred_at: None,
        api_key_id: None,
        detail: None,
    }
}

fn packed(entries: u64, limits: Limits) -> Vec<u8> {
    let subject = Subject { customer: "7".into(), asked: "q=<a>&x".into() };
    let mut book = Book::new(Columns::default(), Arc::default(), subject, limits);
    let (mut package, mut part, mut file) = (Package::new(), Written::default(), Vec::new());
    book.head(&mut part);
    for seq in 1..=entries {
        book.entry(&row(seq), &mut part).unwrap();
        // Parts of all lengths, of which some begin or end with a sheet.
        if seq % 3 == 0 {
            file.extend(package.take(&std::mem::take(&mut part)).unwrap());
        }
    }
    book.foot(entries, &mut part).unwrap();
    file.extend(package.take(&part).unwrap());
    file.extend(package.finish().unwrap());
    file
}

fn sheets(file: Vec<u8>) -> Vec<(String, calamine::Range<Data>)> {
    Xlsx::new(Cursor::new(file)).unwrap().worksheets()
}

#[test]
fn past_a_sheets_limit_the_next_one_begins_with_its_own_header() {
    let limits = Limits { rows: 10, ..Limits::SPREADSHEET };
    for (entries, names) in [
        (0, &["Logs", "About"][..]),
        (9, &["Logs", "About"]),
        (10, &["Logs", "Logs 2", "About"]),
        (25, &["Logs", "Logs 2", "Logs 3", "About"]),
    ] {
        let sheets = sheets(packed(entries, limits));
        assert_eq!(sheets.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), names);
        let (about, logs) = sheets.split_last().unwrap();
        let mut seqs = Vec::new();
        for (_, sheet) in logs {
            assert!(sheet.height() <= 10);
            assert_eq!(sheet.get((0, 1)).unwrap(), "Created At (UTC)");
            seqs.extend(sheet.rows().skip(1).map(|row| row[0].clone()));
        }
        let expected: Vec<_> = (1..=entries).map(|seq| Data::Float(seq as f64)).collect();
        assert_eq!(seqs, expected);
        assert_eq!(about.1.get((1, 1)).unwrap(), "q=<a>&x");
        assert_eq!(*about.1.get((3, 1)).unwrap(), Data::Float(entries as f64));
    }
}

#[test]
fn a_sheet_of_long_texts_ends_before_it_is_too_large_for_its_package() {
    let sheets = sheets(packed(10, Limits { bytes: 1000, ..Limits::SPREADSHEET }));
    assert!(sheets.len() > 3);
    let entries: usize = sheets.iter().rev().skip(1).map(|(_, sheet)| sheet.height() - 1).sum();
    assert_eq!(entries, 10);
}

#[test]
fn without_its_end_it_is_no_workbook() {
    let file = packed(100, Limits::SPREADSHEET);
    for length in [0, 100, file.len() / 2, file.len() - 100, file.len() - 1] {
        assert!(Xlsx::new(Cursor::new(&file[..length])).is_err(), "{length} bytes");
    }
}
