//! Where it is measured: a private Postgres as the server starts its own, a fresh database for each
//! comparison, and the server itself as a program of its own.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use server::{
    origin::Origin,
    postgres::{MIGRATIONS, embedded::Embedded, pool},
    store::{
        Store,
        api_keys::{self, KeyScope},
    },
    token::Token,
};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, postgres::PgConnectOptions};

/// A private Postgres.
pub(crate) struct Place {
    embedded: Embedded,
    admin: PgConnectOptions,
}

impl Place {
    pub(crate) async fn make() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("speed");
        let embedded = Embedded::start(&folder).await.unwrap();
        let admin = embedded.connect_options();
        let place = Self { embedded, admin };
        place.drop_databases().await;
        place
    }

    /// Stops it, and leaves nothing large behind.
    pub(crate) async fn clear(self) {
        self.drop_databases().await;
        self.embedded.stop().await;
    }

    async fn drop_databases(&self) {
        let mut admin = self.admin.connect().await.unwrap();
        let left: Vec<String> =
            sqlx::query_scalar("select datname::text from pg_database where datname ~ '^speed_'")
                .fetch_all(&mut admin)
                .await
                .unwrap();
        for name in left {
            run(&mut admin, format!("drop database {name} with (force)")).await;
        }
    }

    /// A fresh database, and a server on it.
    pub(crate) async fn subject(&self) -> Subject {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("speed_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut admin = self.admin.connect().await.unwrap();
        run(&mut admin, format!("create database {name}")).await;
        let options = self.admin.clone().database(&name);
        let mut fresh = options.connect().await.unwrap();
        MIGRATIONS.run(&mut fresh).await.unwrap();
        // What making the database left to be written is none of what is measured.
        run(&mut admin, "checkpoint".into()).await;

        let store = pool::open(&options).await.unwrap();
        let key = Token::new("cl_").unwrap();
        let origin = Origin::of_command("bench", "bench");
        let mut act = store.act(&origin).await.unwrap();
        api_keys::add(&mut act, "bench", KeyScope::Write, key.sha256()).await.unwrap();
        act.commit().await.unwrap();
        let (program, address) = start_server(&options);
        Subject { options, store, key: key.reveal().to_owned(), address, program }
    }
}

async fn run(connection: &mut PgConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await.unwrap();
}

/// The program that `make` builds, as it runs by default, and where it listens.
fn start_server(options: &PgConnectOptions) -> (Child, String) {
    let socket = options.get_socket().expect("the private Postgres has a socket");
    let database = options.get_database().unwrap();
    let url = format!("postgres:///{database}?host={}&user=postgres", socket.display());
    let mut program = Command::new(env!("CARGO_BIN_EXE_customer-logs"))
        .args(["serve", "--address", "127.0.0.1:0", "--database-url", &url])
        .env_remove("RUST_LOG")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut words = BufReader::new(program.stderr.take().unwrap()).lines();
    let address = loop {
        let line = words.next().expect("the server says where it listens").unwrap();
        if let Some((_, rest)) = line.split_once("http://") {
            break rest.split(' ').next().unwrap().to_owned();
        }
        eprintln!("{line}");
    };
    // What it says later is passed on: it must not wait for a reader, and faults are to be seen.
    thread::spawn(move || words.map_while(Result::ok).for_each(|line| eprintln!("{line}")));
    (program, address)
}

/// A database and a server on it. The server ends when this is dropped.
pub(crate) struct Subject {
    options: PgConnectOptions,
    /// The same database, without the server.
    pub(crate) store: Store,
    pub(crate) key: String,
    pub(crate) address: String,
    program: Child,
}

impl Subject {
    /// A connection as the database's owner, whom row-level security does not bind.
    pub(crate) async fn owner(&self) -> PgConnection {
        self.options.connect().await.unwrap()
    }

    /// Makes sure that all `sent` entries are there, and no others.
    pub(crate) async fn check(&self, sent: usize) {
        // One is the key's own.
        let there: i64 = sqlx::query_scalar("select count(*) - 1 from log_entry")
            .fetch_one(&mut self.owner().await)
            .await
            .unwrap();
        assert_eq!(there, i64::try_from(sent).unwrap(), "every entry was recorded once");
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.program.kill();
        let _status = self.program.wait();
    }
}
