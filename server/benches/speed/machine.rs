//! What the figures were measured on.

use std::{fs, process::Command, thread};

use chrono::Utc;
use serde_json::{Value, json};

/// The commit that is measured, with a plus where the work tree is not as it says.
pub(crate) fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short", "HEAD"]) else { return "unknown".into() };
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]);
    if changed.is_some_and(|changed| !changed.is_empty()) { format!("{commit}+") } else { commit }
}

/// Machine, date and commit.
pub(crate) fn facts() -> Value {
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim());
        value.unwrap_or("unknown").to_owned()
    };
    let kilobytes = field("/proc/meminfo", "MemTotal");
    let memory = kilobytes.trim_end_matches(" kB").parse().unwrap_or(0.0) / f64::from(1 << 20);
    json!({
        "date": Utc::now().date_naive().to_string(),
        "commit": commit(),
        "processor": field("/proc/cpuinfo", "model name"),
        "processors": thread::available_parallelism().map_or(0, usize::from),
        "memory_gib": memory.round() as u64,
    })
}
