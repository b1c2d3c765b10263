//! A service that crashes with entries unsent, and starts again.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use customer_logs_client::{Config, Entry, Recorder};
use sqlx::ConnectOptions as _;
use tokio::runtime::Runtime;

use crate::{
    audit,
    harness::{free_port, fresh_database, serve_here, until, within, write_key},
};

/// A service that records, with a runtime of its own: when that is dropped, it ends in the middle.
struct Service {
    recorder: Recorder,
    runtime: Runtime,
}

impl Service {
    fn start(config: Config) -> Self {
        let runtime = Runtime::new().unwrap();
        let recorder = runtime.block_on(async { Recorder::start(config).unwrap() });
        Self { recorder, runtime }
    }

    fn record(&self, numbers: std::ops::Range<usize>) {
        for number in numbers {
            let entry = Entry::new(format!("{}", 1 + number % 3), "Ana", format!("e{number:04}"));
            self.recorder.record(entry.id(format!("e{number:04}"))).unwrap();
        }
    }

    fn crash(self) {
        drop(self.runtime);
    }
}

fn segments(spool: &Path) -> usize {
    let files = fs::read_dir(spool).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl")).count()
}

#[test]
fn what_a_service_accepted_before_it_crashed_arrives_once_it_and_the_server_are_back() {
    let spool: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults-spool");
    if spool.exists() {
        fs::remove_dir_all(&spool).unwrap();
    }
    let server = Runtime::new().unwrap();
    let database = server.block_on(fresh_database());
    let key = server.block_on(write_key(&database));
    let port = free_port();
    let config = Config::new(format!("http://127.0.0.1:{port}"), key).spool(&spool).batch(20);
    let config = config.backoff(Duration::from_millis(10), Duration::from_millis(200));

    // Nobody answers, twice.
    for run in 0..2 {
        let service = Service::start(config.clone());
        assert_eq!(service.recorder.stats().queued, 500 * run);
        let first = 500 * usize::try_from(run).unwrap();
        service.record(first..first + 500);
        service.crash();
    }

    // The server is there, and the service crashes in the middle of sending.
    server.block_on(serve_here(&database, port));
    let service = Service::start(config.clone());
    service.record(1000..2000);
    let begun = async || service.recorder.stats().recorded >= 100;
    service.runtime.block_on(until(20, "the recorder has begun", begun));
    let stats = service.recorder.stats();
    assert!(stats.queued > 0, "all was sent before: {stats:?}");
    service.crash();

    // What the last run left, and no more, is sent.
    let service = Service::start(config);
    service.record(2000..2100);
    service
        .runtime
        .block_on(within(60, "the recorder delivers", service.recorder.flush()))
        .unwrap();
    let stats = service.recorder.stats();
    assert_eq!((stats.queued, stats.rejected), (0, 0), "{stats:?}");
    assert_eq!(segments(&spool), 0, "the spool is empty");
    let ended = service.recorder.shutdown(Duration::from_secs(10));
    service.runtime.block_on(ended).unwrap();

    server.block_on(async {
        let mut connection = database.connect().await.unwrap();
        audit::nothing_is_wrong(&mut connection).await;
        let places = audit::places(&mut connection).await;
        let expected: Vec<String> = (0..2100).map(|number| format!("e{number:04}")).collect();
        assert!(places.keys().eq(&expected), "{} entries are there", places.len());
        // One sender, who keeps the order: so does the log.
        for customer_id in ["1", "2", "3"] {
            let of_customer = places.values().filter(|(id, _)| id == customer_id);
            assert!(of_customer.map(|(_, seq)| seq).is_sorted(), "{customer_id} is out of order");
        }
    });
    fs::remove_dir_all(&spool).unwrap();
}
