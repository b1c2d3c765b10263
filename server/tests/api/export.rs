//! The export.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use reqwest::header;
use server::store::recorder::NewEntry;
use sqlx::PgConnection;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::{
    harness::{App, entry},
    order::{entries, generated},
};

const PATH: &str = "/api/v1/customers/1/logs/export?format=csv";

async fn export(app: &App, more: &str) -> String {
    let answer =
        app.get(&format!("{PATH}{more}")).bearer_auth(app.key().await).send().await.unwrap();
    answer.error_for_status().unwrap().text().await.unwrap()
}

fn records(csv: &str) -> Vec<csv::StringRecord> {
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

async fn exports_running(owner: &mut PgConnection) -> i64 {
    sqlx::query_scalar(
        "select count(*) from pg_stat_activity
         where datname = current_database() and state = 'active' and query like 'copy%'",
    )
    .fetch_one(owner)
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_frees_its_connection_within_a_second() {
    let app = generated().await;
    let key = app.key().await;
    let mut owner = app.owner().await;
    // More than there are connections for exports: they must come back.
    for _ in 0..6 {
        let answer = app.get(PATH).bearer_auth(&key).send().await.unwrap();
        let mut body = answer.bytes_stream();
        assert!(body.next().await.unwrap().is_ok());
        drop(body);
        let left = Instant::now();
        while exports_running(&mut owner).await > 0 {
            assert!(left.elapsed() < Duration::from_secs(1), "the export still runs");
            tokio::task::yield_now().await;
        }
    }
    // Each of the six stands in the log, and none of them in itself.
    assert_eq!(records(&export(&app, "").await).len() as u64, entries() + 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_fails_midway_breaks_the_transfer() {
    let app = generated().await;
    let answer = app.get(PATH).bearer_auth(app.key().await).send().await.unwrap();
    assert!(answer.status().is_success());
    let mut body = answer.bytes_stream();
    let mut bytes = body.next().await.unwrap().unwrap().len();
    sqlx::query(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query like 'copy%'",
    )
    .execute(&mut app.owner().await)
    .await
    .unwrap();
    let mut broken = false;
    while let Some(chunk) = body.next().await {
        match chunk {
            Ok(chunk) => bytes += chunk.len(),
            Err(_) => broken = true,
        }
    }
    assert!(broken, "a file of {bytes} bytes looks whole");
}

/// The server as a process of its own, on the same database: its memory is its own.
async fn serve(app: &App) -> (Child, String) {
    let socket = app.options.get_socket().unwrap().display();
    let database = app.options.get_database().unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_customer-logs"))
        .args(["serve", "--address", "127.0.0.1:0"])
        .env("DATABASE_URL", format!("postgres://postgres@localhost/{database}?host={socket}"))
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut words = BufReader::new(server.stderr.take().unwrap()).lines();
    while let Some(line) = words.next_line().await.unwrap() {
        if let Some(rest) = line.strip_prefix("Serving on ") {
            let base = rest.split(' ').next().unwrap().to_owned();
            // Its further words are not to fill the pipe.
            tokio::spawn(async move { while let Ok(Some(_)) = words.next_line().await {} });
            return (server, base);
        }
    }
    panic!("the server ended before it served");
}

fn resident_bytes(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/statm")).unwrap();
    status.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_export_takes_no_more_memory_than_a_short_one() {
    let app = generated().await;
    let key = app.key().await;
    let (server, base) = serve(&app).await;
    let process = server.id().unwrap();
    let client = reqwest::Client::new();
    let read = async |customer: &str| {
        let address = format!("{base}/api/v1/customers/{customer}/logs/export?format=csv");
        let answer = client.get(address).bearer_auth(&key).send().await.unwrap();
        let mut body = answer.error_for_status().unwrap().bytes_stream();
        let (mut rows, mut most) = (0, 0);
        while let Some(chunk) = body.next().await {
            rows += chunk.unwrap().iter().filter(|byte| **byte == b'\n').count();
            most = most.max(resident_bytes(process));
        }
        (rows, most)
    };
    let (short, before) = read("2").await;
    let (mut long, mut after) = (0, 0);
    // Ten times the same is as long as one of ten times the rows: none of them may stay.
    for _ in 0..10 {
        let (rows, most) = read("1").await;
        long += rows;
        after = after.max(most);
    }
    let grown = after.saturating_sub(before) / 1024;
    println!("{short} rows at {} kB, {long} rows at {grown} kB more", before / 1024);
    assert!(long > 10 * short);
    assert!(grown < 32 * 1024, "{grown} kB more");
}
