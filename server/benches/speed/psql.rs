//! Exporting with psql, which is the fastest way that comes with Postgres.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    time::Instant,
};

use sqlx::postgres::PgConnectOptions;

use crate::dataset::Log;

const TEXTS: [&str; 4] = ["action", "related_operation", "impacted_table", "app_instance"];
const AT: &str = r#"to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"#;

/// The columns of an export, as its CSV has them: what a spreadsheet would run gets an apostrophe in front.
pub(crate) fn csv(log: &Log) -> String {
    let text = |name: &str| {
        format!(
            "case when left({name}, 1) in ('=', '+', '-', '@', '＝', '＋', '－', '＠', E'\\t', E'\\r', E'\\n') \
             then '''' || {name} else {name} end"
        )
    };
    let [action, operation, table, instance] = TEXTS.map(text);
    let (user, path) = (text("\"user\""), text("request_path"));
    query(
        &format!("seq, {AT}, {user}, {action}, {operation}, {table}, source, {instance}, {path}"),
        log,
    )
}

/// The same as JSON, an object a row.
pub(crate) fn json(log: &Log) -> String {
    let columns = format!(
        "seq, {AT} as created_at, \"user\", action, related_operation, impacted_table, source,
         app_instance, request_path"
    );
    format!("select row_to_json(entry) from ({}) entry", query(&columns, log))
}

fn query(columns: &str, log: &Log) -> String {
    let id = &log.id;
    format!("select {columns} from log_entry where customer_id = '{id}' order by seq desc")
}

/// How many rows a second `\copy` writes into nothing.
pub(crate) fn rate(options: &PgConnectOptions, query: &str, rows: u64) -> f64 {
    // A quote and a delimiter that no text has: the rows of JSON then come as they are.
    let format = r"with (format csv, quote e'\x01', delimiter e'\x02')";
    let format = if query.contains("row_to_json") { format } else { "with (format csv)" };
    // psql ends its own commands with the line.
    let copy = format!("\\copy ({query}) to '/dev/null' {format}").replace('\n', " ");
    let began = Instant::now();
    let status = Command::new(program())
        .args(["--no-psqlrc", "--quiet", "--username", "postgres", "--set", "ON_ERROR_STOP=1"])
        .arg("--host")
        .arg(options.get_socket().unwrap())
        .args(["--dbname", options.get_database().unwrap(), "--command", &copy])
        .stdin(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "psql failed");
    rows as f64 / began.elapsed().as_secs_f64()
}

/// Beside Postgres' other programs, or wherever the shell finds it.
fn program() -> PathBuf {
    let named = std::env::var_os("POSTGRES_BIN").map(PathBuf::from);
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = installed
        .map(|version| version.path().join("bin"))
        .chain(named)
        .map(|folder| folder.join("psql"))
        .filter(|program| program.is_file())
        .collect();
    found.pop().unwrap_or_else(|| "psql".into())
}
