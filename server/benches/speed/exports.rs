//! Exports of the largest log, against psql's `\copy` of the same query; and pages while ten of them run.

use std::{
    io,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use app::log::query::LogQuery;

use crate::{
    dataset::{Dataset, Log},
    psql,
    report::Report,
    shapes::Asker,
    table::{Bound, Rates, Times, figure, grouped},
};

/// How often each pair is measured, unless that takes longer than this.
const ROUNDS: usize = 3;
const LONGEST: Duration = Duration::from_secs(240);
const AT_ONCE: usize = 10;
/// How many pages are asked for, idle and while exports run.
const PAGES: usize = 200;
/// In MB.
const MEMORY: f64 = 32.0;

pub(crate) fn measure(dataset: &mut Dataset, report: &mut Report) {
    // What a server had to hold earlier would hide how much more it takes now.
    dataset.start_afresh();
    dataset.reader().get(&dataset.largest().api(&LogQuery::default())).unwrap();
    speed(dataset, report);
    beside_pages(dataset, report);
}

fn path(log: &Log, format: &str) -> String {
    format!("/api/v1/customers/{}/logs/export?format={format}", log.id)
}

/// What came, as it came.
struct Exported {
    bytes: u64,
    seconds: f64,
    encoding: Option<String>,
}

fn export(dataset: &Dataset, log: &Log, format: &str, encoding: &str) -> io::Result<Exported> {
    let mut reader = dataset.reader();
    let headers = if encoding.is_empty() {
        String::new()
    } else {
        format!("accept-encoding: {encoding}\r\n")
    };
    let (mut bytes, mut lines) = (0, 0);
    let began = Instant::now();
    let head = reader.stream(&path(log, format), &headers, |some| {
        bytes += some.len() as u64;
        lines += some.iter().filter(|byte| **byte == b'\n').count() as u64;
        Ok(())
    })?;
    if head.status != 200 {
        return Err(io::Error::other(format!("answered with {}", head.status)));
    }
    let encoding = head.header("content-encoding").map(str::to_owned);
    if encoding.is_none() && lines < log.entries {
        return Err(io::Error::other(format!("{lines} lines")));
    }
    Ok(Exported { bytes, seconds: began.elapsed().as_secs_f64(), encoding })
}

fn speed(dataset: &Dataset, report: &mut Report) {
    let log = dataset.largest();
    let rows = grouped(log.entries as f64);
    let part = report.table.part(format!("Exports of {rows} entries: rows/s"));
    for (format, query) in [("csv", psql::csv(log)), ("ndjson", psql::json(log))] {
        eprintln!("Exports, {format} …");
        let (mut over_http, mut copied, mut memory) =
            (Rates::default(), Rates::default(), f64::NEG_INFINITY);
        let mut failed = None;
        let began = Instant::now();
        for round in 0..ROUNDS {
            if round > 0 && began.elapsed() > LONGEST {
                break;
            }
            let before = dataset.program.watch_memory();
            match export(dataset, log, format, "") {
                Ok(exported) => over_http.push(log.entries as f64 / exported.seconds),
                Err(error) => {
                    failed = Some(error.to_string());
                    break;
                }
            }
            memory = memory.max(dataset.program.most_memory() - before);
            copied.push(psql::rate(&dataset.options, &query, log.entries));
        }
        if let Some(failed) = failed {
            part.fact(format!("{format} over HTTP"), false, failed);
            continue;
        }
        part.rate(format!("{format} over HTTP"), &over_http);
        part.rate(format!("{format} by psql's \\copy of the same query"), &copied);
        part.ratio(
            format!("{format}: HTTP ÷ \\copy"),
            over_http.over(&copied),
            Bound::AtLeast(0.85),
        );
        part.says(
            format!("{format}: MB of memory more"),
            memory.max(0.0),
            "the server, at most",
            Some(Bound::Below(MEMORY)),
        );
        for encoding in ["", "zstd", "gzip"] {
            let name = if encoding.is_empty() { "as it is" } else { encoding };
            match export(dataset, log, format, encoding) {
                Ok(exported) if encoding == exported.encoding.as_deref().unwrap_or_default() => {
                    let size = exported.bytes as f64 / 1e6;
                    let rate = log.entries as f64 / exported.seconds;
                    let size = format!("{} MB", figure(size));
                    part.says(format!("{format}, {name}"), rate, size, None);
                }
                Ok(_) => part.fact(format!("{format}, {encoding}"), false, "came as it is"),
                Err(error) => part.fact(format!("{format}, {name}"), false, error.to_string()),
            }
        }
    }
}

fn beside_pages(dataset: &Dataset, report: &mut Report) {
    eprintln!("Pages while ten exports run …");
    let log = dataset.largest();
    let mut asker = Asker::new(dataset.reader(), 6);
    let idle = pages(&mut asker, log);
    let (begun, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let before = dataset.program.watch_memory();
    let (busy, outcomes) = thread::scope(|scope| {
        let exports: Vec<_> = (0..AT_ONCE)
            .map(|_| scope.spawn(|| keep_exporting(dataset, log, &begun, &over)))
            .collect();
        while begun.load(Ordering::Relaxed) < AT_ONCE {
            thread::sleep(Duration::from_millis(10));
        }
        let busy = pages(&mut asker, log);
        over.store(true, Ordering::Relaxed);
        let outcomes: Vec<_> = exports.into_iter().map(|export| export.join().unwrap()).collect();
        (busy, outcomes)
    });
    let memory = dataset.program.most_memory() - before;
    let refused: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();

    let part = report.table.part("Ten exports at once, any page in any order: milliseconds".into());
    part.time("idle", &idle);
    part.time("while ten exports run", &busy);
    part.ratio_of(
        "ten exports ÷ idle: p95",
        busy.p95() / idle.p95(),
        format!("{} → {} ms", figure(idle.p95()), figure(busy.p95())),
        Bound::AtMost(3.0),
    );
    let words = match refused.first() {
        None => "all ten ran".into(),
        Some(one) => format!("{} of ten failed: {one}", refused.len()),
    };
    part.fact("exports", refused.is_empty(), words);
    part.says("MB of memory more", memory.max(0.0), "the server, all ten together, at most", None);
}

fn pages(asker: &mut Asker, log: &Log) -> Times {
    let mut times = Times::default();
    for _ in 0..PAGES {
        let path = log.api(&asker.anywhere(log));
        times.push(asker.time(&path));
    }
    times
}

/// One export after another, until it is over. It has begun when its first bytes are here, or it never will.
fn keep_exporting(
    dataset: &Dataset,
    log: &Log,
    begun: &AtomicUsize,
    over: &AtomicBool,
) -> Result<(), String> {
    let mut first = true;
    let mut begin = || {
        if std::mem::take(&mut first) {
            begun.fetch_add(1, Ordering::Relaxed);
        }
    };
    while !over.load(Ordering::Relaxed) {
        let answer = dataset.reader().stream(&path(log, "csv"), "", |_| {
            begin();
            if over.load(Ordering::Relaxed) {
                Err(io::ErrorKind::Interrupted.into())
            } else {
                Ok(())
            }
        });
        begin();
        match answer {
            Ok(head) if head.status != 200 => return Err(format!("answered with {}", head.status)),
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                return Err(error.to_string());
            }
            _ => {}
        }
    }
    Ok(())
}
