//! The export as a workbook, opened as a spreadsheet opens it.

use std::io::Cursor;

use calamine::{Data, Range, Reader as _, Xlsx};
use chrono::{DateTime, Utc};
use rand::{RngExt as _, SeedableRng as _, distr::Alphanumeric};
use rand_chacha::ChaCha8Rng;
use reqwest::{StatusCode, header};
use serde_json::Value;
use server::store::recorder::NewEntry;

use super::{
    export::{digest, export, nasty, raw, records},
    export_layout::around_a_jump,
    export_running::{kill_exports, rest},
    harness::{App, entry},
};

const PATH: &str = "/api/v1/customers/1/logs/export?format=xlsx";
const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What a spreadsheet counts days from, in microseconds since 1970.
const EPOCH: i64 = -25_569 * DAY;
const DAY: i64 = 86_400_000_000;

async fn workbook(app: &App, more: &str) -> Xlsx<Cursor<Vec<u8>>> {
    let path = format!("{PATH}{more}");
    let answer = app.get(&path).bearer_auth(app.key().await).send().await.unwrap();
    let answer = answer.error_for_status().unwrap();
    assert_eq!(answer.headers()[header::CONTENT_TYPE], KIND);
    Xlsx::new(Cursor::new(answer.bytes().await.unwrap().to_vec())).unwrap()
}

async fn logs(app: &App, more: &str) -> Range<Data> {
    workbook(app, more).await.worksheet_range("Logs").unwrap()
}

/// Microseconds since 1970.
fn instant(cell: &Data) -> i64 {
    let Data::DateTime(at) = cell else { panic!("{cell:?} is no date") };
    (at.as_f64() * DAY as f64).round() as i64 + EPOCH
}

/// A text as a spreadsheet shows it: this reader leaves the escapes of what XML cannot hold as they are.
fn shown(cell: &str) -> String {
    let (mut text, mut left) = (String::new(), cell);
    while let Some((before, after)) = left.split_once("_x") {
        text += before;
        let code = after.get(..5).and_then(|code| code.strip_suffix('_'));
        let code = code.and_then(|code| u32::from_str_radix(code, 16).ok());
        match code.and_then(char::from_u32) {
            Some(character) => {
                text.push(character);
                left = &after[5..];
            }
            None => {
                text += "_x";
                left = after;
            }
        }
    }
    text + left
}

#[tokio::test]
async fn a_workbook_holds_the_same_as_the_csv_with_its_types() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    let mut entries = nasty(&customer);
    let more = [
        "شركة \u{202e}النيل\u{202c} עברית",
        "𝔘𝔫𝔦 🇧🇷 \u{10fffd}\u{fffe}\u{ffff}\u{85}",
        "_x0041_ _x005F_ _xZZZZ_ <a href=\"&amp;\">]]>",
        "  blanks at both ends \t",
        "\r",
        "'=1",
        "0042",
        "1e5",
        "2026-03-12",
        "TRUE",
        "＝1",
        "@SUM(A1)",
    ];
    entries.extend(more.map(|text| NewEntry {
        user: text.into(),
        action: text.into(),
        related_operation: Some(text.into()),
        impacted_table: text.into(),
        ..entry(&customer)
    }));
    app.record(&entries).await;
    let as_of = format!("&dir=asc&as_of={}", entries.len());

    let csv = records(&export(&app, &format!("{as_of}&raw=1")).await);
    let path = format!("/api/v1/customers/1/logs/export?format=ndjson{as_of}");
    let lines = app.get(&path).bearer_auth(app.key().await).send().await.unwrap();
    let lines = lines.text().await.unwrap();
    let absent: Vec<bool> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["related_operation"].is_null())
        .collect();
    assert!(absent.contains(&true));

    let mut workbook = workbook(&app, &as_of).await;
    assert_eq!(workbook.sheet_names(), ["Logs", "About"]);
    assert!(workbook.worksheet_formula("Logs").unwrap().is_empty());
    let sheet = workbook.worksheet_range("Logs").unwrap();
    let header: Vec<_> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(
        header,
        [
            "Seq",
            "Created At (UTC)",
            "User",
            "Action",
            "Related Operation",
            "Impacted Table",
            "Source",
            "App Instance",
            "Request Path"
        ]
    );
    assert_eq!(sheet.height(), 1 + entries.len());
    for ((cells, record), absent) in sheet.rows().skip(1).zip(&csv).zip(absent) {
        assert_eq!(cells[0], Data::Float(record[0].parse().unwrap()));
        let at: DateTime<Utc> = record[1].parse().unwrap();
        // What a spreadsheet's number can tell apart.
        assert!((instant(&cells[1]) - at.timestamp_micros()).abs() <= 1, "{}", &record[1]);
        for (place, cell) in cells.iter().enumerate().skip(2) {
            if place == 4 && absent {
                assert_eq!(*cell, Data::Empty);
            } else {
                let Data::String(text) = cell else { panic!("{cell:?} is no text") };
                assert_eq!(shown(text), record[place]);
            }
        }
    }
}

#[tokio::test]
async fn a_workbook_has_the_columns_and_the_clocks_asked_for_and_says_which() {
    let app = around_a_jump().await;
    let sheet = logs(&app, "&as_of=2&dir=asc&columns=user,created_at&tz=Europe/Lisbon").await;
    let header: Vec<_> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(header, ["Seq", "User", "Created At (Europe/Lisbon)"]);
    for (row, shown) in [(1, "2026-03-29T00:59:59.999999Z"), (2, "2026-03-29T02:00:00.000001Z")] {
        let clock: DateTime<Utc> = shown.parse().unwrap();
        let cell = sheet.get((row, 2)).unwrap();
        assert!((instant(cell) - clock.timestamp_micros()).abs() <= 1, "{cell}");
    }
}

#[tokio::test]
async fn its_last_sheet_says_what_the_file_is() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&vec![entry(&customer); 3]).await;
    let before = Utc::now().timestamp_micros();
    let mut workbook = workbook(&app, "&q=helena&tz=UTC&as_of=2&end=1").await;
    let about = workbook.worksheet_range("About").unwrap();
    let rows: Vec<Vec<_>> =
        about.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    assert_eq!(rows[0], ["Customer", "1"]);
    assert_eq!(rows[1], ["Asked", "format=xlsx&q=helena&tz=UTC&as_of=2&end=1"]);
    assert_eq!(rows[2], ["Time Zone", "UTC"]);
    assert_eq!(*about.get((3, 1)).unwrap(), Data::Float(2.0));
    assert_eq!(rows[4][0], "Exported At (UTC)");
    let at = instant(about.get((4, 1)).unwrap());
    assert!((before - 1..=Utc::now().timestamp_micros() + 1).contains(&at));
}

#[tokio::test]
async fn it_is_sent_as_it_is_under_its_name_and_its_trailers_prove_it() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[entry(&customer), entry(&customer)]).await;
    let path = format!("{PATH}&as_of=2");
    let answer = raw(&app, &path, "TE: trailers\r\nAccept-Encoding: gzip, zstd\r\n").await;
    assert!(answer.head.contains(".xlsx\""), "{}", answer.head);
    assert!(!answer.head.contains("content-encoding"), "{}", answer.head);
    for trailer in ["repr-digest", "unencoded-digest"] {
        let line = format!("{trailer}: {}\r\n", digest(&answer.body));
        assert!(answer.trailers.contains(&line), "{line} {}", answer.trailers);
    }
    assert!(answer.trailers.contains("export-entries: 2\r\n"));
    assert!(Xlsx::new(Cursor::new(answer.body)).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_that_breaks_off_opens_nowhere() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    // So much that no buffer on the way holds it.
    for _ in 0..10 {
        let mut entries = Vec::new();
        for _ in 0..2_000 {
            let noise = (&mut rng).sample_iter(Alphanumeric).take(1_900).map(char::from).collect();
            entries.push(NewEntry { action: noise, ..entry(&customer) });
        }
        app.record(&entries).await;
    }
    let mut answer = app.get(PATH).bearer_auth(app.key().await).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let mut read = answer.chunk().await.unwrap().unwrap().to_vec();
    kill_exports(&mut app.owner().await).await;
    assert!(rest(answer, &mut read).await, "a file of {} bytes looks whole", read.len());
    assert!(read.starts_with(b"PK\x03\x04") && read.len() > 100_000);
    assert!(Xlsx::new(Cursor::new(read)).is_err());
}
