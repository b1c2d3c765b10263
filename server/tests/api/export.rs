//! What stands in an exported file, and what proves it.

use std::io::Read;

use app::{customer::id::CustomerId, session::viewer::Role};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use flate2::read::MultiGzDecoder;
use reqwest::{
    StatusCode,
    header::{self, HeaderName},
};
use serde_json::{Value, json};
use server::store::recorder::NewEntry;
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    harness::{App, entry},
    order::{entries, generated},
};

pub(super) const PATH: &str = "/api/v1/customers/1/logs/export?format=csv";

pub(super) async fn export(app: &App, more: &str) -> String {
    let answer =
        app.get(&format!("{PATH}{more}")).bearer_auth(app.key().await).send().await.unwrap();
    answer.error_for_status().unwrap().text().await.unwrap()
}

pub(super) fn records(csv: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(csv.as_bytes()).records().map(Result::unwrap).collect()
}

#[tokio::test]
async fn it_is_a_file_with_a_header_row_and_every_matching_record() {
    let app = App::start().await;
    let customer = app.add_customer("a:1").await;
    let awkward = NewEntry {
        user: "Leal, Ana \"Bia\"\r\nBeatriz".into(),
        related_operation: None,
        ..entry(&customer)
    };
    app.record(&[
        entry(&customer),
        awkward.clone(),
        NewEntry { related_operation: Some(String::new()), ..awkward },
    ])
    .await;
    let answer = app
        .get("/api/v1/customers/a:1/logs/export?format=csv&page=7&per_page=10")
        .bearer_auth(app.key().await)
        .send()
        .await
        .unwrap();
    let disposition = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(
        disposition.starts_with("attachment; filename=\"customer-a_1-logs-20"),
        "{disposition}"
    );
    assert!(answer.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"));
    let text = answer.text().await.unwrap();
    assert!(text.starts_with(
        "seq,created_at,user,action,related_operation,impacted_table,source,app_instance,request_path\r\n3,"
    ));
    let records = records(&text);
    assert_eq!(records.len(), 3);
    assert_eq!(&records[0][2], "Leal, Ana \"Bia\"\r\nBeatriz");
    assert!(chrono::DateTime::parse_from_rfc3339(&records[0][1]).is_ok());
    // Absent and empty are told apart, as Postgres does: nothing, and nothing in quotes.
    assert!(text.contains("Approved withdrawal,,withdrawals"), "absent");
    assert!(text.contains("Approved withdrawal,\"\",withdrawals"), "empty");
}

#[tokio::test]
async fn what_a_spreadsheet_would_run_is_disarmed_unless_the_exact_text_is_asked_for() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    let armed = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠a"];
    for text in armed {
        app.record(&[NewEntry { user: text.into(), ..entry(&customer) }]).await;
    }
    let users = |csv: &str| -> Vec<String> {
        // Taking it away stands in the log, too, from the second time on.
        let said = |record: &csv::StringRecord| record[2].to_owned();
        records(csv).iter().map(said).filter(|user| user != "test").collect()
    };
    assert_eq!(users(&export(&app, "&dir=asc").await), armed.map(|text| format!("'{text}")));
    assert_eq!(users(&export(&app, "&dir=asc&raw=1").await), armed);
}

/// All that comes out of it, until it ends or breaks off.
pub(super) fn decoded(mut decoder: impl Read) -> String {
    let mut bytes = Vec::new();
    let _broken = decoder.read_to_end(&mut bytes);
    String::from_utf8(bytes).unwrap()
}

/// What is whole says how many entries it has, and what they hash to.
fn assert_whole(entries: u64, sha256: &str, before: &str, expected: u64) {
    assert_eq!(entries, expected);
    let digest: String = Sha256::digest(before).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(sha256, digest);
}

#[tokio::test]
async fn the_last_line_proves_the_file_where_it_is_asked_for() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[entry(&customer), NewEntry { user: "a\r\nb".into(), ..entry(&customer) }]).await;
    let csv = export(&app, "&as_of=2&end=1").await;
    let (before, last) = csv.trim_end().rsplit_once('\n').unwrap();
    let last: Vec<_> = last.split(',').collect();
    assert_eq!((last.len(), last[0]), (9, "#end"));
    assert_whole(last[1].parse().unwrap(), last[2], &format!("{before}\n"), 2);
    // Well-formed to the end.
    assert_eq!(records(&csv).len(), 3);

    let path = "/api/v1/customers/1/logs/export?format=ndjson&as_of=2&end=1";
    let answer = app.get(path).bearer_auth(app.key().await).send().await.unwrap();
    let lines = answer.text().await.unwrap();
    let (before, last) = lines.trim_end().rsplit_once('\n').unwrap();
    let last: Value = serde_json::from_str(last).unwrap();
    let (entries, sha256) = (&last["end"]["entries"], &last["end"]["sha256"]);
    assert_whole(entries.as_u64().unwrap(), sha256.as_str().unwrap(), &format!("{before}\n"), 2);

    // An empty one, too.
    let csv = export(&app, "&q=nobody&end=1").await;
    assert!(csv.contains("\r\n#end,0,"), "{csv}");
    assert!(!export(&app, "").await.contains("#end"));
}

/// An answer as it stands on the wire, its body without the marks of its chunks.
pub(super) struct Raw {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
    pub(super) trailers: String,
}

pub(super) async fn raw(app: &App, path: &str, headers: &str) -> Raw {
    let (host, key) = (app.base.strip_prefix("http://").unwrap(), app.key().await);
    let mut socket = TcpStream::connect(host).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n{headers}\r\n"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    let line = |from: &[u8]| from.windows(2).position(|two| two == b"\r\n").unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase();
    let (mut left, mut body) = (&answer[end + 4..], Vec::new());
    loop {
        let size = line(left);
        let length = usize::from_str_radix(str::from_utf8(&left[..size]).unwrap(), 16).unwrap();
        left = &left[size + 2..];
        if length == 0 {
            return Raw { head, body, trailers: String::from_utf8(left.to_vec()).unwrap() };
        }
        body.extend_from_slice(&left[..length]);
        left = &left[length + 2..];
    }
}

pub(super) fn digest(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}

#[tokio::test]
async fn trailers_prove_the_file_to_those_who_take_them() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[entry(&customer), entry(&customer)]).await;
    let path = format!("{PATH}&as_of=2&end=1");
    let plain = raw(&app, &path, "TE: trailers\r\n").await;
    assert!(plain.head.contains("trailer: repr-digest, unencoded-digest, export-entries"));
    let told = |trailer: &str, value: &str, of: &Raw| {
        let line = format!("{trailer}: {value}\r\n");
        assert!(of.trailers.contains(&line), "{line} {}", of.trailers);
    };
    told("repr-digest", &digest(&plain.body), &plain);
    told("unencoded-digest", &digest(&plain.body), &plain);
    told("export-entries", "2", &plain);

    let packed = raw(&app, &path, "TE: trailers\r\nAccept-Encoding: gzip\r\n").await;
    assert!(packed.head.contains("content-encoding: gzip"));
    assert!(packed.head.contains("vary: accept-encoding"));
    told("repr-digest", &digest(&packed.body), &packed);
    told("unencoded-digest", &digest(&plain.body), &packed);
    assert_eq!(decoded(MultiGzDecoder::new(&packed.body[..])).into_bytes(), plain.body);

    let without = raw(&app, &path, "").await;
    assert!(!without.head.contains("trailer:"));
    assert_eq!((without.trailers.as_str(), without.body), ("\r\n", plain.body));
}

#[tokio::test(flavor = "multi_thread")]
async fn compressed_it_is_the_same_file() {
    let app = generated().await;
    let key = app.key().await;
    for format in ["csv", "ndjson"] {
        let get = async |encoding: &str| {
            // The exports are recorded, too, but not among what was there before them.
            let path = format!(
                "/api/v1/customers/1/logs/export?format={format}&as_of={}&end=1",
                entries()
            );
            let asked = app.get(&path).bearer_auth(&key).header(header::ACCEPT_ENCODING, encoding);
            let answer = asked.send().await.unwrap().error_for_status().unwrap();
            let told = answer.headers().get(header::CONTENT_ENCODING).cloned();
            (told, answer.bytes().await.unwrap())
        };
        let (none, plain) = get("br").await;
        assert_eq!(none, None);
        let plain = str::from_utf8(&plain).unwrap();
        assert!(plain.len() > 1_000_000);
        let (gzip, packed) = get("gzip").await;
        assert_eq!(gzip.unwrap(), "gzip");
        assert!(decoded(MultiGzDecoder::new(&packed[..])) == plain, "gzip changes {format}");
        let (zstd, packed) = get("gzip, zstd").await;
        assert_eq!(zstd.unwrap(), "zstd");
        assert!(packed.len() < plain.len() / 3);
        let unpacked = decoded(zstd::Decoder::new(&packed[..]).unwrap());
        assert!(unpacked == plain, "zstd changes {format}");
    }
}

/// The lines of an export as JSON.
async fn lines(app: &App, query: &str, with: (HeaderName, &str)) -> Vec<Value> {
    let path = format!("/api/v1/customers/1/logs/export?format=ndjson{query}");
    let answer = app.get(&path).header(with.0, with.1).send().await.unwrap();
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/x-ndjson");
    let text = answer.error_for_status().unwrap().text().await.unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.split_terminator('\n').map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Entries with all that could go wrong in JSON.
pub(super) fn nasty(customer: &CustomerId) -> Vec<NewEntry> {
    let texts = [
        "\"quoted\"\\back\\slashed\\",
        "\u{1}\u{2}\u{1f}\u{7f}\u{8}\u{c}",
        "line\nfeed\r\nand\ttab",
        "\\N",
        "\\.",
        "",
        "=1+1",
        "Zoë 👩‍👩‍👧 \u{2028}\u{2029}\u{feff}\u{10ffff}",
        "{\"json\":[null]}",
    ];
    texts
        .map(|text| NewEntry {
            user: text.into(),
            user_id: Some(text.into()),
            action: text.into(),
            related_operation: Some(text.into()),
            impacted_table: text.into(),
            app_instance: text.into(),
            request_path: text.into(),
            occurred_at: chrono::DateTime::from_timestamp_micros(-1),
            detail: Some(json!({ text: text, "n": 1.5, "nested": [{ "a": text }, null, true] })),
            ..entry(customer)
        })
        .into_iter()
        .chain([entry(customer), NewEntry { related_operation: None, ..entry(customer) }])
        .collect()
}

#[tokio::test]
async fn lines_of_json_hold_what_the_rows_hold_whatever_their_texts() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    let entries = nasty(&customer);
    app.record(&entries).await;
    let key = format!("Bearer {}", app.key().await);
    let as_of = format!("&dir=asc&as_of={}", entries.len());
    let lines = lines(&app, &as_of, (header::AUTHORIZATION, &key)).await;
    let rows: Vec<Value> = sqlx::query_scalar(
        r#"select json_build_object(
               'seq', seq, 'user', "user", 'user_id', user_id, 'user_kind', user_kind, 'action', action,
               'related_operation', related_operation, 'impacted_table', impacted_table,
               'source', source, 'app_instance', app_instance, 'request_path', request_path,
               'api_key_id', api_key_id, 'detail', detail,
               'created_at', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'occurred_at', to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text
           from log_entry where customer_id = '1' order by seq limit $1"#,
    )
    .bind(entries.len() as i64)
    .fetch_all(&mut app.owner().await)
    .await
    .unwrap()
    .into_iter()
    .map(|row: String| serde_json::from_str(&row).unwrap())
    .collect();
    assert_eq!(lines, rows);
    assert_eq!(lines[0]["user"], entries[0].user);
}

#[tokio::test]
async fn lines_of_json_are_the_apis_entries_for_staff_and_for_customers() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&nasty(&customer)).await;
    for role in [Role::Auditor, Role::Customer(customer.clone())] {
        let for_customers = role != Role::Auditor;
        let session = app.session(role).await;
        let path = "/api/v1/customers/1/logs?per_page=100&q=%3D&in=user";
        let page = app.get(path).header(header::COOKIE, &session).send().await.unwrap();
        let page: Value = page.json().await.unwrap();
        let lines = lines(&app, "&q=%3D&in=user", (header::COOKIE, &session)).await;
        assert_eq!(page["entries"], Value::from(lines.clone()));
        for particular in ["user_id", "occurred_at", "api_key_id", "detail"] {
            let there = lines[0].as_object().unwrap().contains_key(particular);
            assert_eq!(there, !for_customers, "{particular}");
        }
    }
}

#[tokio::test]
async fn a_pinned_log_is_exported_as_it_was() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&vec![entry(&customer); 4]).await;
    let seqs = |csv: &str| -> Vec<String> {
        records(csv).iter().map(|record| record[0].to_owned()).collect()
    };
    assert_eq!(seqs(&export(&app, "&as_of=2").await), ["2", "1"]);
    assert_eq!(seqs(&export(&app, "&as_of=3&q=helena&dir=asc").await), ["1", "2", "3"]);
    assert_eq!(seqs(&export(&app, "&as_of=18446744073709551615&q=helena").await).len(), 4);
}

#[tokio::test]
async fn what_cannot_be_exported_is_a_problem_that_names_the_parameter() {
    let app = App::start().await;
    app.add_customer("1").await;
    for (query, parameter) in [
        ("format=xls", "format"),
        ("format=csv&end=yes", "end"),
        ("columns=user,seq", "columns"),
        ("format=xlsx&columns=user,user", "columns"),
        ("format=ndjson&columns=", "columns"),
        ("tz=Europe/Atlantis", "tz"),
        ("format=ndjson&tz=Europe/Atlantis", "tz"),
        ("format=xlsx&tz=%20", "tz"),
    ] {
        let path = format!("/api/v1/customers/1/logs/export?{query}");
        let answer = app.get(&path).bearer_auth(app.key().await).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["parameters"][0]["parameter"], parameter, "{query}");
    }
}
