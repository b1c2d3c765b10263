//! An export while it goes on: who leaves, what breaks off, how many there are at once, and how much memory they take.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use flate2::read::MultiGzDecoder;
use futures_util::StreamExt;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use reqwest::{Response, StatusCode, header};
use serde_json::{Value, json};
use server::store::recorder::NewEntry;
use sqlx::PgConnection;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::{
    export::{PATH, decoded, export, records},
    harness::{App, entry},
    order::{entries, generated},
};

/// An export is a statement over every month, which Postgres would take seconds to compile before its first row.
#[tokio::test]
async fn postgres_compiles_no_statement() {
    let app = App::start().await;
    let mut transaction = app.store.begin().await.unwrap();
    let compiles: String =
        sqlx::query_scalar("show jit").fetch_one(&mut *transaction).await.unwrap();
    assert_eq!(compiles, "off");
}

pub(super) async fn exports_running(owner: &mut PgConnection) -> i64 {
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
    for _ in 0..14 {
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
    // Each of the 14 stands in the log, and none of them in itself.
    assert_eq!(records(&export(&app, "").await).len() as u64, entries() + 14);
}

/// Reads what is left until it ends or breaks off; says whether it broke.
pub(super) async fn rest(answer: Response, read: &mut Vec<u8>) -> bool {
    let mut body = answer.bytes_stream();
    while let Some(chunk) = body.next().await {
        match chunk {
            Ok(chunk) => read.extend_from_slice(&chunk),
            Err(_) => return true,
        }
    }
    false
}

pub(super) async fn kill_exports(owner: &mut PgConnection) {
    sqlx::query(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query like 'copy%'",
    )
    .execute(owner)
    .await
    .unwrap();
}

/// A log that no buffer on the way holds, however it is compressed: 300 entries of 100 kB noise.
pub(super) async fn noisy() -> App {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for _ in 0..10 {
        let mut entries = Vec::new();
        for _ in 0..30 {
            let noise: String =
                (0..50_000).map(|_| format!("{:02x}", rng.random::<u8>())).collect();
            entries.push(NewEntry { detail: Some(json!({ "noise": noise })), ..entry(&customer) });
        }
        app.record(&entries).await;
    }
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_fails_midway_says_so_in_its_last_line_and_breaks_the_transfer() {
    let app = noisy().await;
    let key = app.key().await;
    let mut owner = app.owner().await;
    for encoding in ["identity", "gzip", "zstd"] {
        let path = "/api/v1/customers/1/logs/export?format=ndjson&end=1";
        let asked = app.get(path).bearer_auth(&key).header(header::ACCEPT_ENCODING, encoding);
        let mut answer = asked.send().await.unwrap();
        assert!(answer.status().is_success());
        let mut read = answer.chunk().await.unwrap().unwrap().to_vec();
        kill_exports(&mut owner).await;
        assert!(rest(answer, &mut read).await, "a body of {} bytes looks whole", read.len());
        let text = match encoding {
            "gzip" => decoded(MultiGzDecoder::new(&read[..])),
            "zstd" => decoded(zstd::Decoder::new(&read[..]).unwrap()),
            _ => String::from_utf8(read).unwrap(),
        };
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let (last, entries) = lines.split_last().unwrap();
        assert_eq!(*last, json!({ "broken_off": { "entries": entries.len() } }), "{encoding}");
        assert!(entries.iter().all(|entry| entry["seq"].is_u64()), "{encoding}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_csv_that_broke_off_ends_with_a_record_that_says_so() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    // 24 MB, which no buffer on the way holds.
    let text = "x".repeat(2000);
    let long = NewEntry {
        action: text.clone(),
        related_operation: Some(text.clone()),
        app_instance: text.clone(),
        request_path: text,
        ..entry(&customer)
    };
    app.record(&vec![long; 3000]).await;
    let mut owner = app.owner().await;
    let mut answer = app.get(PATH).bearer_auth(app.key().await).send().await.unwrap();
    let mut read = answer.chunk().await.unwrap().unwrap().to_vec();
    kill_exports(&mut owner).await;
    assert!(rest(answer, &mut read).await, "a file of {} bytes looks whole", read.len());
    let text = String::from_utf8(read).unwrap();
    let records = records(&text);
    let (last, entries) = records.split_last().unwrap();
    assert_eq!((&last[0], &last[1]), ("#broken off", entries.len().to_string().as_str()));
    assert!(text.ends_with("\r\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_exports_at_once_all_go_on_and_more_than_there_is_room_for_are_told_to_come_back() {
    let app = noisy().await;
    let key = app.key().await;
    let ask = async || {
        let path = "/api/v1/customers/1/logs/export?format=ndjson&as_of=300";
        app.get(path).bearer_auth(&key).send().await.unwrap()
    };
    // None of them ends while nobody reads it, and none waits for another's end.
    let mut running = Vec::new();
    for _ in 0..12 {
        let mut answer = ask().await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.chunk().await.unwrap().is_some());
        running.push(answer);
    }
    let refused = ask().await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key(header::RETRY_AFTER));
    let read = futures_util::future::join_all(running.into_iter().map(async |answer| {
        let mut read = Vec::new();
        (rest(answer, &mut read).await, read.iter().filter(|byte| **byte == b'\n').count())
    }));
    for (broken, lines) in read.await {
        assert!(!broken);
        // The first line is longer than the first part.
        assert_eq!(lines, 300);
    }
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
    let read = async |customer: &str, format: &str, encoding: &str| {
        let address = format!("{base}/api/v1/customers/{customer}/logs/export?format={format}");
        let asked = client.get(address).bearer_auth(&key).header(header::ACCEPT_ENCODING, encoding);
        let mut body = asked.send().await.unwrap().error_for_status().unwrap().bytes_stream();
        let (mut bytes, mut most) = (0, 0);
        while let Some(chunk) = body.next().await {
            bytes += chunk.unwrap().len();
            most = most.max(resident_bytes(process));
        }
        (bytes, most)
    };
    let (short, before) = read("2", "csv", "identity").await;
    let (mut long, mut after) = (0, 0);
    // Many times the same is as long as one of so many times the rows: none of them may stay.
    for _ in 0..3 {
        for format in ["csv", "ndjson", "xlsx"] {
            for encoding in ["identity", "gzip", "zstd"] {
                let (bytes, most) = read("1", format, encoding).await;
                long += bytes;
                after = after.max(most);
            }
        }
    }
    let grown = after.saturating_sub(before) / 1024;
    println!("{short} bytes at {} kB, {long} bytes at {grown} kB more", before / 1024);
    assert!(long > 10 * short);
    assert!(grown < 32 * 1024, "{grown} kB more");
}
