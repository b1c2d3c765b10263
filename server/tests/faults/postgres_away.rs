//! A Postgres that cannot be reached for ten seconds, and a service that records meanwhile.

use std::{path::PathBuf, sync::Arc, time::Duration};

use customer_logs_client::{Config, Entry, Recorder};
use reqwest::{
    StatusCode,
    header::{AUTHORIZATION, RETRY_AFTER},
};
use serde_json::json;
use sqlx::ConnectOptions as _;
use tokio::{
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
};

use crate::{
    audit,
    harness::{client, fresh_database, serve_here, until, within, write_key},
};

/// Stands between the server and Postgres; what it carries breaks off while it is closed.
async fn gate(socket: PathBuf) -> (u16, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (open, state) = watch::channel(true);
    let socket = Arc::new(socket);
    tokio::spawn(async move {
        loop {
            let (client, _) = listener.accept().await.unwrap();
            tokio::spawn(carry(client, Arc::clone(&socket), state.clone()));
        }
    });
    (port, open)
}

async fn carry(mut client: TcpStream, socket: Arc<PathBuf>, mut open: watch::Receiver<bool>) {
    if !*open.borrow() {
        return;
    }
    let mut postgres = UnixStream::connect(&*socket).await.unwrap();
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut postgres) => {}
        _ = open.wait_for(|open| !open) => {}
    }
}

fn entry(number: usize) -> Entry {
    let customer_id = format!("{}", 1 + number % 3);
    Entry::new(customer_id, "Ana", format!("e{number}")).id(format!("e{number}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_get_503_while_postgres_is_away_and_a_recorder_delivers_everything_once_it_is_back() {
    let direct = fresh_database().await;
    let key = write_key(&direct).await;
    let (port, open) = gate(direct.get_socket().unwrap().join(".s.PGSQL.5432")).await;
    let database = direct.get_database().unwrap();
    let through = format!("postgres://postgres@127.0.0.1:{port}/{database}").parse().unwrap();
    let base = serve_here(&through, 0).await;
    let config = Config::new(&base, &key).batch(20);
    let config = config.backoff(Duration::from_millis(50), Duration::from_secs(1));
    let recorder = Recorder::start(config).unwrap();
    let client = client();
    let post = async |id: &str| {
        let item = json!({ "id": id, "customer_id": "1", "user": "Ana", "action": id });
        let request = client.post(format!("{base}/api/v1/logs")).json(&item);
        request.header(AUTHORIZATION, format!("Bearer {key}")).send().await.unwrap()
    };

    for number in 0..1000 {
        recorder.record(entry(number)).unwrap();
    }
    // The gate closes while the recorder sends.
    until(20, "the recorder has begun", async || recorder.stats().recorded > 0).await;
    open.send(false).unwrap();
    let before = recorder.stats();
    assert!(before.queued > 0, "all was sent before: {before:?}");
    let mut pace = tokio::time::interval(Duration::from_millis(100));
    for round in 0..100 {
        pace.tick().await;
        for number in 0..10 {
            recorder.record(entry(1000 + 10 * round + number)).unwrap();
        }
        let answer = post("in vain").await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let seconds = answer.headers()[RETRY_AFTER].to_str().unwrap().parse::<u64>();
        assert!(seconds.is_ok_and(|seconds| seconds > 0));
    }

    open.send(true).unwrap();
    within(60, "the recorder delivers", recorder.flush()).await.unwrap();
    let stats = recorder.stats();
    assert_eq!((stats.queued, stats.rejected), (0, 0), "{stats:?}");
    assert_eq!(stats.recorded + stats.duplicate, 2000, "{stats:?}");
    assert_eq!(post("once more").await.status(), StatusCode::OK);

    let mut connection = direct.connect().await.unwrap();
    audit::nothing_is_wrong(&mut connection).await;
    let places = audit::places(&mut connection).await;
    let mut expected: Vec<String> = (0..2000).map(|number| format!("e{number}")).collect();
    expected.push("once more".into());
    expected.sort();
    assert!(places.keys().eq(&expected), "{} entries are there", places.len());
}
