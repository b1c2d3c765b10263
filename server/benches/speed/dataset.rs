//! The data set that is read from: made once by the product's own `generate`, and kept. A private Postgres
//! as the server starts its own, and the server itself as a program of its own.

use std::{fs, path::PathBuf, time::Instant};

use app::{log::query::LogQuery, query::UrlQuery, session::viewer::Role};
use chrono::Utc;
use serde_json::{Value, json};
use server::{
    origin::Origin,
    password,
    postgres::{MIGRATIONS, embedded::Embedded, pool},
    store::{
        Store,
        api_keys::{self, KeyScope},
        users::NewUser,
    },
    token::Token,
};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, postgres::PgConnectOptions};
use uuid::Uuid;

use crate::{
    machine,
    options::home,
    program::{self, Program},
    reader::{Identity, Reader},
    table::{Bound, Table, figure},
};

/// The id of the largest customer; what `generate` gives it by itself.
const LARGEST: u64 = 100_001;
/// The ids of those that growth is measured with, out of the others' way.
const SMALLER: u64 = 900_001;
/// 20,000,000 entries in 25 minutes.
const LEAST_RATE: f64 = 20_000_000.0 / (25.0 * 60.0);
const PASSWORD: &str = "correct horse battery";

/// A customer's log.
#[derive(Clone)]
pub(crate) struct Log {
    pub(crate) id: String,
    /// The customer's name, as their own entries have it.
    pub(crate) name: String,
    pub(crate) entries: u64,
}

impl Log {
    /// What the API answers to `query`.
    pub(crate) fn api(&self, query: &LogQuery) -> String {
        query.href(&format!("/api/v1/customers/{}/logs", self.id))
    }

    /// The Logs tab.
    pub(crate) fn tab(&self, query: &LogQuery) -> String {
        query.href(&format!("/customers/{}/logs", self.id))
    }
}

/// The data set, and a server on it.
pub(crate) struct Dataset {
    embedded: Embedded,
    pub(crate) options: PgConnectOptions,
    pub(crate) program: Program,
    /// A key that reads.
    pub(crate) key: Identity,
    email: String,
    /// The logs that are measured, the smallest first.
    pub(crate) logs: Vec<Log>,
}

impl Dataset {
    /// With so many entries in all; made where it is not there.
    pub(crate) async fn ready(entries: u64, table: &mut Table) -> Self {
        let folder = home().join(entries.to_string());
        let embedded = Embedded::start(&folder).await.unwrap();
        let options = embedded.connect_options();
        let note = folder.join("made.json");
        let made = match read(&note) {
            Some(made) if made["schema"] == schema() => made,
            _ => {
                let made = make(entries, &options).await;
                fs::write(&note, format!("{made:#}\n")).unwrap();
                made
            }
        };
        say(&made, table);
        warm(&options).await;

        let store = pool::open(&options).await.unwrap();
        let (key, email) = introduce(&store).await;
        store.close().await;
        let logs = logs(entries, &mut options.connect().await.unwrap()).await;
        let program = Program::start(&options);
        Self { embedded, options, program, key, email, logs }
    }

    /// Another server, which has done nothing yet. Keys and sessions stay.
    pub(crate) fn start_afresh(&mut self) {
        self.program = Program::start(&self.options);
    }

    pub(crate) async fn stop(self) {
        drop(self.program);
        self.embedded.stop().await;
    }

    /// A connection as the database's owner, whom row-level security does not bind.
    pub(crate) async fn owner(&self) -> PgConnection {
        self.options.connect().await.unwrap()
    }

    /// The largest log.
    pub(crate) fn largest(&self) -> &Log {
        self.logs.last().unwrap()
    }

    /// A connection with the key.
    pub(crate) fn reader(&self) -> Reader {
        Reader::open(&self.program.address, &self.key)
    }

    /// A connection of somebody who has just signed in.
    pub(crate) fn signed_in(&self) -> Reader {
        let form =
            app::query::query_string([("email", self.email.as_str()), ("password", PASSWORD)]);
        let mut door = Reader::open(&self.program.address, &Identity::Nobody);
        let answer = door.post("/sign-in", &form).unwrap();
        let cookie = answer.header("set-cookie").and_then(|set| set.split(';').next());
        let cookie = cookie.expect("signing in gives a cookie").to_owned();
        Reader::open(&self.program.address, &Identity::Session(cookie))
    }
}

/// How many entries the customers have that growth is measured with, beside the largest.
fn smaller(entries: u64) -> Vec<u64> {
    let sizes: Vec<u64> =
        [100_000, 1_000_000].into_iter().filter(|size| size * 4 <= entries).collect();
    // A data set for trying things out.
    if sizes.is_empty() { vec![entries / 20] } else { sizes }
}

fn read(note: &PathBuf) -> Option<Value> {
    serde_json::from_slice(&fs::read(note).ok()?).ok()
}

/// Tells the tables of one release from those of another.
fn schema() -> String {
    let checksums = MIGRATIONS.iter().map(|migration| &migration.checksum[..4]);
    checksums.flatten().map(|byte| format!("{byte:02x}")).collect()
}

async fn make(entries: u64, options: &PgConnectOptions) -> Value {
    eprintln!("Making a data set of {entries} entries, this once …");
    let mut admin = options.clone().database("postgres").connect().await.unwrap();
    let name = options.get_database().unwrap();
    // One that was made for other tables, or not to its end.
    run(&mut admin, format!("drop database if exists {name} with (force)")).await;
    run(&mut admin, format!("create database {name}")).await;

    let smaller = smaller(entries);
    let others: u64 = smaller.iter().sum();
    let customers = (entries / 10_000).clamp(100, 2_000);
    let began = Instant::now();
    generate(options, customers, entries - others, entries / 2, LARGEST);
    for (id, size) in (SMALLER..).zip(smaller) {
        generate(options, 1, size, size, id);
    }
    let seconds = began.elapsed().as_secs_f64();

    let began = Instant::now();
    let mut owner = options.connect().await.unwrap();
    run(&mut owner, "vacuum analyze".into()).await;
    run(&mut owner, "checkpoint".into()).await;
    json!({
        "entries": entries,
        "customers": customers + u64::try_from(self::smaller(entries).len()).unwrap(),
        "seconds": seconds,
        "entries_per_second": entries as f64 / seconds,
        "vacuum_seconds": began.elapsed().as_secs_f64(),
        "date": Utc::now().date_naive().to_string(),
        "commit": machine::commit(),
        "schema": schema(),
    })
}

fn generate(options: &PgConnectOptions, customers: u64, entries: u64, largest: u64, first_id: u64) {
    let numbers = [customers, entries, largest, first_id].map(|number| number.to_string());
    let names = ["--customers", "--entries", "--largest", "--first-id"];
    let arguments = names.into_iter().zip(&numbers).flat_map(|(name, number)| [name, number]);
    let arguments: Vec<&str> = ["generate"].into_iter().chain(arguments).collect();
    assert!(program::command(&arguments, options).status().unwrap().success(), "generate failed");
}

async fn run(connection: &mut PgConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await.unwrap();
}

/// How it was made is measured when it is made, and told in every run.
fn say(made: &Value, table: &mut Table) {
    let number = |name: &str| made[name].as_f64().unwrap();
    let entries = crate::table::grouped(number("entries"));
    let part = table.part(format!("Making the data set: {entries} entries"));
    part.says(
        "`generate`: entries/s",
        number("entries_per_second"),
        format!(
            "{} s, on {} at {}",
            figure(number("seconds")),
            made["date"].as_str().unwrap(),
            made["commit"].as_str().unwrap()
        ),
        Some(Bound::AtLeast(LEAST_RATE.ceil())),
    );
    part.says("`vacuum analyze`: seconds", number("vacuum_seconds"), "", None);
    part.detail(made.clone());
}

/// Reads the database's files once, so that the first requests do not wait for a disk that the later ones
/// need not ask.
async fn warm(options: &PgConnectOptions) {
    let mut owner = options.connect().await.unwrap();
    let (folder, database): (String, String) = sqlx::query_as(
        "select current_setting('data_directory'), oid::text from pg_database
         where datname = current_database()",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    for file in fs::read_dir(PathBuf::from(folder).join("base").join(database)).unwrap() {
        // One that has just been removed needs no warming.
        if let Ok(mut file) = fs::File::open(file.unwrap().path()) {
            std::io::copy(&mut file, &mut std::io::sink()).unwrap();
        }
    }
}

/// A key that reads, and somebody who may sign in.
async fn introduce(store: &Store) -> (Identity, String) {
    let key = Token::new("cl_").unwrap();
    let email = format!("{}@example.com", Uuid::now_v7());
    let user = NewUser {
        email: email.clone(),
        name: "bench".into(),
        role: Role::Operator,
        password_hash: password::hash(PASSWORD.into()).await.unwrap(),
    };
    let mut act = store.act(&Origin::of_command("bench", "bench")).await.unwrap();
    api_keys::add(&mut act, "bench", KeyScope::Read, key.sha256()).await.unwrap();
    Store::add_user(&mut act, &user).await.unwrap();
    act.commit().await.unwrap();
    (Identity::Key(key.reveal().to_owned()), email)
}

async fn logs(entries: u64, owner: &mut PgConnection) -> Vec<Log> {
    let smaller = SMALLER..SMALLER + u64::try_from(smaller(entries).len()).unwrap();
    let mut logs = Vec::new();
    for id in smaller.chain([LARGEST]) {
        let (name, entries): (String, i64) = sqlx::query_as(
            "select name, entries from customer join log_head using (customer_id)
             where customer_id = $1",
        )
        .bind(id.to_string())
        .fetch_one(&mut *owner)
        .await
        .unwrap();
        logs.push(Log { id: id.to_string(), name, entries: entries.try_into().unwrap() });
    }
    logs
}
