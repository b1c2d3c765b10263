//! Getting at Postgres: the one at `DATABASE_URL`, or a private one; migrated, and as the right role.

pub mod embedded;
pub mod pool;

use std::path::Path;

use sqlx::{ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};

use embedded::{Embedded, EmbeddedError};

/// The migrations, compiled in.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

/// Why there is no database to work with.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// The private one did not start.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// `DATABASE_URL` is not one.
    #[error("DATABASE_URL is not a Postgres address: {0}")]
    Address(#[source] sqlx::Error),
    /// It cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Connect(#[source] sqlx::Error),
    /// A migration failed.
    #[error("migrating failed: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The role could do what it must not.
    #[error(
        "the server would work as {role}, which {may}: give it the role customer_logs_app as the migrations make it"
    )]
    TooMighty {
        /// The role.
        role: String,
        /// What it may do.
        may: &'static str,
    },
}

/// A database that answers.
pub struct Database {
    options: PgConnectOptions,
    embedded: Option<Embedded>,
}

impl Database {
    /// The database at `url`, or without one a private one in `data_dir`, which it starts.
    ///
    /// # Errors
    /// [`PostgresError`] where it is not to be had.
    pub async fn open(url: Option<&str>, data_dir: &Path) -> Result<Self, PostgresError> {
        match url {
            Some(url) => {
                let options = url.parse().map_err(PostgresError::Address)?;
                Ok(Self { options, embedded: None })
            }
            None => {
                let embedded = Embedded::start(data_dir).await?;
                Ok(Self { options: embedded.connect_options(), embedded: Some(embedded) })
            }
        }
    }

    /// Whether this is the private one.
    pub const fn is_embedded(&self) -> bool {
        self.embedded.is_some()
    }

    /// How to connect to it.
    pub const fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// Applies the migrations that are missing. With none missing it only reads, so that a login role that
    /// may not change the schema can still serve.
    ///
    /// # Errors
    /// [`PostgresError`] where it cannot be reached, or a migration fails.
    pub async fn migrate(&self) -> Result<(), PostgresError> {
        let mut connection = self.options.connect().await.map_err(PostgresError::Connect)?;
        if !is_migrated(&mut connection).await {
            MIGRATIONS.run(&mut connection).await?;
        }
        connection.close().await.map_err(PostgresError::Connect)
    }

    /// Stops the private one, where this process started it.
    pub async fn close(self) {
        if let Some(embedded) = self.embedded {
            embedded.stop().await;
        }
    }
}

/// Whether everything was applied. Unreadable counts as no: migrating then tells why.
async fn is_migrated(connection: &mut PgConnection) -> bool {
    let applied: Result<Vec<(i64, Vec<u8>)>, _> = sqlx::query_as(
        "select version, checksum from _sqlx_migrations where success order by version",
    )
    .fetch_all(connection)
    .await;
    let known = MIGRATIONS.iter().map(|migration| (migration.version, migration.checksum.to_vec()));
    applied.is_ok_and(|applied| applied.into_iter().eq(known))
}
