//! Recording, sending and the spool.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json,
    http::{StatusCode, header},
};
use customer_logs_client::{Config, Full, Recorder, StartError, Stats};
use serde_json::json;
use tokio::runtime::Runtime;

use super::{Folder, act, acts, fake_server::*, quick, soon};

const LONG: Duration = Duration::from_secs(3600);

fn stats(recorder: &Recorder) -> [u64; 4] {
    let Stats { queued, recorded, duplicate, rejected, .. } = recorder.stats();
    [queued, recorded, duplicate, rejected]
}

#[tokio::test]
async fn entries_are_sent_together_in_their_order() {
    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url).batch(10).linger(LONG)).unwrap();
    for n in 0..25 {
        recorder.record(act(n)).unwrap();
    }
    // Full batches do not linger; the rest would.
    server.came(2).await;
    soon(recorder.flush()).await.unwrap();
    assert_eq!(server.sizes(), [10, 10, 5]);
    assert_eq!(server.actions(), acts(0..25));
    assert_eq!(stats(&recorder), [0, 25, 0, 0]);
    for entry in server.recorded() {
        assert!(entry["id"].is_string() && entry["occurred_at"].is_string(), "{entry}");
    }
}

#[tokio::test]
async fn a_lone_entry_is_sent_after_the_linger() {
    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url)).unwrap();
    recorder.record(act(1)).unwrap();
    server.came(1).await;
    assert_eq!(server.sizes(), [1]);
}

#[tokio::test]
async fn large_entries_share_a_request_only_as_far_as_it_takes_them() {
    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url).linger(LONG)).unwrap();
    for n in 0..5 {
        recorder.record(act(n).detail(json!({ "text": "x".repeat(3 << 19) }))).unwrap();
    }
    soon(recorder.flush()).await.unwrap();
    assert_eq!(server.sizes(), [2, 2, 1]);
    assert_eq!(server.actions(), acts(0..5));
}

#[tokio::test]
async fn a_server_that_asks_for_time_is_given_it() {
    let server = FakeServer::start().await;
    server.plan((StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")]));
    let recorder = Recorder::start(quick(&server.url)).unwrap();
    recorder.record(act(1)).unwrap();
    soon(recorder.flush()).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen[1].at - seen[0].at >= Duration::from_secs(1));
    assert_eq!(server.actions(), acts([1]));
}

#[tokio::test]
async fn whatever_a_server_answers_that_is_no_acknowledgement_is_asked_again() {
    let server = FakeServer::start().await;
    for status in [408, 429, 500, 502, 503, 401, 403, 404, 301] {
        server.plan(StatusCode::from_u16(status).unwrap());
    }
    server.plan("<p>All is well</p>");
    server.plan(Json(json!({ "results": [] })));
    server.plan((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "title": "The key was used" }))));
    let recorder = Recorder::start(quick(&server.url)).unwrap();
    recorder.record(act(1)).unwrap();
    soon(recorder.flush()).await.unwrap();
    assert_eq!(server.seen().len(), 13);
    assert_eq!(server.actions(), acts([1]));
}

#[tokio::test]
async fn a_server_that_is_not_there_yet_is_waited_for() {
    let reserved = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = reserved.local_addr().unwrap();
    drop(reserved);
    let recorder = Recorder::start(quick(&format!("http://{address}"))).unwrap();
    recorder.record(act(1)).unwrap();
    let unsent = soon(recorder.shutdown(Duration::from_millis(50))).await.unwrap_err();
    assert_eq!(unsent.entries.len(), 1);
    assert_eq!(unsent.spooled, 0);

    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url)).unwrap();
    for entry in unsent.entries {
        recorder.record(entry).unwrap();
    }
    soon(recorder.flush()).await.unwrap();
    assert_eq!(server.actions(), acts([1]));
}

#[tokio::test]
async fn a_wrong_key_loses_nothing() {
    let server = FakeServer::start().await;
    let wrong = Config::new(&server.url, "cl_other")
        .backoff(Duration::from_millis(1), Duration::from_millis(1))
        .linger(Duration::ZERO);
    let recorder = Recorder::start(wrong).unwrap();
    recorder.record(act(1)).unwrap();
    server.came(3).await;
    assert_eq!(stats(&recorder), [1, 0, 0, 0]);
    assert!(server.recorded().is_empty());
}

#[tokio::test]
async fn a_rejected_entry_is_handed_over_and_the_others_are_recorded() {
    let server = FakeServer::start().await;
    let handed = Arc::new(Mutex::new(Vec::new()));
    let seen = handed.clone();
    let config = quick(&server.url).on_rejected(move |rejected| {
        seen.lock().unwrap().push((
            rejected.entry.id.unwrap(),
            rejected.pointer.unwrap(),
            rejected.reason,
        ));
        panic!("which must not end the recording");
    });
    let recorder = Recorder::start(config).unwrap();
    let mut bad = act(2).id("e-2");
    bad.action = BAD.to_owned();
    for entry in [act(1), bad.clone(), act(3)] {
        recorder.record(entry).unwrap();
    }
    soon(recorder.flush()).await.unwrap();
    recorder.record(bad).unwrap();
    recorder.record(act(4)).unwrap();
    soon(recorder.flush()).await.unwrap();
    assert_eq!(server.actions(), acts([1, 3, 4]));
    assert_eq!(stats(&recorder), [0, 3, 0, 2]);
    let handed = handed.lock().unwrap();
    assert_eq!(handed.len(), 2);
    assert_eq!(handed[0], ("e-2".to_owned(), "/action".to_owned(), "bad".to_owned()));
}

#[tokio::test]
async fn an_entry_that_was_recorded_before_is_not_recorded_again() {
    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url)).unwrap();
    let entry = act(1).id("e-1").occurred_at("2026-03-04T05:06:07Z".parse().unwrap());
    for _ in 0..2 {
        recorder.record(entry.clone()).unwrap();
        soon(recorder.flush()).await.unwrap();
    }
    assert_eq!(stats(&recorder), [0, 1, 1, 0]);
    assert_eq!(server.recorded().len(), 1);
}

#[tokio::test]
async fn what_is_too_large_together_is_sent_in_halves() {
    let server = FakeServer::with_limit(2).await;
    let recorder = Recorder::start(quick(&server.url).linger(LONG)).unwrap();
    for n in 0..7 {
        recorder.record(act(n)).unwrap();
    }
    soon(recorder.flush()).await.unwrap();
    assert_eq!(server.actions(), acts(0..7));
    assert_eq!(server.sizes(), [7, 3, 1, 2, 4, 2, 2]);
}

#[tokio::test]
async fn what_is_refused_by_itself_is_handed_over() {
    let server = FakeServer::with_limit(0).await;
    let handed = Arc::new(Mutex::new(Vec::new()));
    let seen = handed.clone();
    let config = quick(&server.url).linger(LONG).on_rejected(move |rejected| {
        seen.lock().unwrap().push((rejected.entry.action, rejected.pointer, rejected.reason));
    });
    let recorder = Recorder::start(config).unwrap();
    recorder.record(act(1)).unwrap();
    recorder.record(act(2)).unwrap();
    soon(recorder.flush()).await.unwrap();
    let reason = "413 Payload Too Large".to_owned();
    assert_eq!(
        *handed.lock().unwrap(),
        [("Act 1".to_owned(), None, reason.clone()), ("Act 2".to_owned(), None, reason)]
    );
    assert_eq!(stats(&recorder), [0, 0, 0, 2]);
}

#[tokio::test]
async fn a_full_queue_gives_the_entry_back() {
    let server = FakeServer::start().await;
    server.hold();
    let recorder = Recorder::start(quick(&server.url).capacity(2)).unwrap();
    recorder.record(act(1)).unwrap();
    recorder.record(act(2)).unwrap();
    // What is being sent still has its place.
    server.came(1).await;
    let Err(Full(entry)) = recorder.record(act(3)) else { panic!("it holds two") };
    assert_eq!(*entry, act(3));
    assert!(recorder.reserve().is_err());
    server.release();
    soon(recorder.flush()).await.unwrap();
    recorder.record(*entry).unwrap();
    soon(recorder.flush()).await.unwrap();
    assert_eq!(server.actions(), acts(1..=3));
}

#[tokio::test]
async fn a_reserved_place_is_kept_until_it_is_used_or_dropped() {
    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url).capacity(2)).unwrap();
    let first = recorder.reserve().unwrap();
    let second = recorder.reserve().unwrap();
    assert!(recorder.record(act(0)).is_err());
    drop(second);
    recorder.record(act(1)).unwrap();
    first.record(act(2));
    soon(recorder.flush()).await.unwrap();
    assert_eq!(server.actions(), acts([1, 2]));
}

#[tokio::test]
async fn to_flush_is_to_wait_for_the_acknowledgement() {
    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url).linger(LONG)).unwrap();
    soon(recorder.flush()).await.unwrap();
    server.hold();
    recorder.record(act(1)).unwrap();
    let flush = recorder.flush();
    tokio::pin!(flush);
    tokio::select! {
        biased;
        _ = &mut flush => panic!("it is not acknowledged"),
        () = server.came(1) => {}
    }
    server.release();
    soon(flush).await.unwrap();
    assert_eq!(server.actions(), acts([1]));
}

#[tokio::test]
async fn a_shutdown_sends_what_is_there_and_what_comes_into_reserved_places() {
    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url).linger(LONG)).unwrap();
    recorder.record(act(1)).unwrap();
    let slot = recorder.reserve().unwrap();
    let unused = recorder.reserve().unwrap();
    let shutdown = recorder.shutdown(LONG);
    tokio::pin!(shutdown);
    tokio::select! {
        biased;
        _ = &mut shutdown => panic!("two places are reserved"),
        () = server.came(1) => {}
    }
    assert!(recorder.record(act(0)).is_err());
    slot.record(act(2));
    drop(unused);
    soon(shutdown).await.unwrap();
    assert_eq!(server.actions(), acts([1, 2]));
    soon(recorder.flush()).await.unwrap();
}

#[tokio::test]
async fn a_shutdown_that_has_no_more_time_gives_the_entries_back() {
    let server = FakeServer::start().await;
    server.hold();
    let recorder = Recorder::start(quick(&server.url)).unwrap();
    recorder.record(act(1)).unwrap();
    recorder.record(act(2)).unwrap();
    let waiting = tokio::spawn({
        let recorder = recorder.clone();
        async move { recorder.flush().await }
    });
    server.came(1).await;
    let unsent = soon(recorder.shutdown(Duration::ZERO)).await.unwrap_err();
    let actions: Vec<String> = unsent.entries.into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, acts([1, 2]));
    assert!(soon(waiting).await.unwrap().is_err());
}

#[tokio::test]
async fn a_dropped_recorder_still_sends() {
    let server = FakeServer::start().await;
    let recorder = Recorder::start(quick(&server.url).linger(LONG)).unwrap();
    recorder.record(act(1)).unwrap();
    drop(recorder);
    server.came(1).await;
}

#[tokio::test]
async fn what_is_acknowledged_is_in_the_spool_no_more() {
    let (server, folder) = (FakeServer::start().await, Folder::new());
    server.hold();
    let recorder = Recorder::start(quick(&server.url).spool(folder.path())).unwrap();
    recorder.record(act(1)).unwrap();
    assert_eq!(folder.files().len(), 2);
    server.release();
    soon(recorder.flush()).await.unwrap();
    assert_eq!(folder.files(), ["lock"]);
}

#[test]
fn a_crash_loses_nothing_that_is_in_the_spool() {
    let folder = Folder::new();
    // The runtime goes with a request under way, as in a process that is killed.
    let run = |acts: std::ops::Range<usize>| {
        let runtime = Runtime::new().unwrap();
        let recorder = runtime.block_on(async {
            let server = FakeServer::start().await;
            server.hold();
            let recorder = Recorder::start(quick(&server.url).spool(folder.path())).unwrap();
            for n in acts {
                recorder.record(act(n)).unwrap();
            }
            server.came(1).await;
            recorder
        });
        drop(runtime);
        assert!(recorder.record(act(0)).is_err());
    };
    run(1..4);
    run(4..6);
    Runtime::new().unwrap().block_on(async {
        let server = FakeServer::start().await;
        server.hold();
        let config = quick(&server.url).batch(2).linger(LONG).spool(folder.path());
        let recorder = Recorder::start(config).unwrap();
        assert_eq!(recorder.stats().queued, 5);
        recorder.record(act(6)).unwrap();
        server.release();
        soon(recorder.flush()).await.unwrap();
        assert_eq!(server.actions(), acts(1..=6));
        assert_eq!(server.sizes(), [2, 1, 2, 1]);
        assert_eq!(stats(&recorder), [0, 6, 0, 0]);
        assert_eq!(folder.files(), ["lock"]);
    });
}

#[tokio::test]
async fn an_unfinished_shutdown_leaves_the_rest_to_the_next_start() {
    let (server, folder) = (FakeServer::start().await, Folder::new());
    server.hold();
    let config = quick(&server.url).spool(folder.path());
    let recorder = Recorder::start(config.clone()).unwrap();
    recorder.record(act(1)).unwrap();
    let slot = recorder.reserve().unwrap();
    server.came(1).await;
    let unsent = soon(recorder.shutdown(Duration::ZERO)).await.unwrap_err();
    assert!(unsent.entries.is_empty());
    assert_eq!(unsent.spooled, 1);
    // A place that was promised holds even now.
    slot.record(act(2));
    drop(recorder);

    server.release();
    let recorder = Recorder::start(config).unwrap();
    soon(recorder.shutdown(LONG)).await.unwrap();
    assert_eq!(server.recorded().len(), 2);
    let Stats { recorded, duplicate, .. } = recorder.stats();
    assert_eq!(recorded + duplicate, 2);
}

#[tokio::test]
async fn a_spool_in_use_is_not_opened() {
    let (server, folder) = (FakeServer::start().await, Folder::new());
    let config = quick(&server.url).spool(folder.path());
    let recorder = Recorder::start(config.clone()).unwrap();
    assert!(matches!(Recorder::start(config.clone()), Err(StartError::SpoolInUse { .. })));
    soon(recorder.shutdown(LONG)).await.unwrap();
    drop(recorder);
    Recorder::start(config).unwrap();
}
