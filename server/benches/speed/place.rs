//! Where recording is measured: a private Postgres as the server starts its own, a fresh database for each
//! comparison, and the server itself as a program of its own.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;
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

use crate::{options::home, program::Program};

/// A private Postgres.
pub(crate) struct Place {
    embedded: Embedded,
    admin: PgConnectOptions,
}

impl Place {
    pub(crate) async fn make() -> Self {
        let embedded = Embedded::start(&home().join("fresh")).await.unwrap();
        let admin = embedded.connect_options();
        let place = Self { embedded, admin };
        place.drop_databases().await;
        place
    }

    pub(crate) async fn version(&self) -> Value {
        version(&mut self.admin.connect().await.unwrap()).await
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
        let program = Program::start(&options);
        Subject { options, store, key: key.reveal().to_owned(), program }
    }
}

/// Which Postgres it is.
pub(crate) async fn version(connection: &mut PgConnection) -> Value {
    let version: String =
        sqlx::query_scalar("show server_version").fetch_one(connection).await.unwrap();
    version.into()
}

async fn run(connection: &mut PgConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await.unwrap();
}

/// A database and a server on it. The server ends when this is dropped.
pub(crate) struct Subject {
    options: PgConnectOptions,
    /// The same database, without the server.
    pub(crate) store: Store,
    pub(crate) key: String,
    pub(crate) program: Program,
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
