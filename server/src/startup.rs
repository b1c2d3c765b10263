//! Starting, serving and stopping.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use app::ui::number::grouped;
use tokio::{net::TcpListener, sync::Notify};

use crate::{
    config::Serve,
    demo::{self, DemoError},
    http::router::{self, Settings},
    postgres::{Database, PostgresError, pool},
    schedule,
    store::{Store, StoreError, counting, tail},
};

/// How long requests that are under way may take after the server was told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// Why the server did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// There is no database to work with.
    #[error(transparent)]
    Postgres(#[from] PostgresError),
    /// The demo data could not be loaded.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// The database answered, and then did not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address cannot be listened on.
    #[error("{address} cannot be listened on: {error}. Set LEPTOS_SITE_ADDR to another")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        error: io::Error,
    },
    /// Serving broke off.
    #[error("serving ended: {0}")]
    Serve(#[source] io::Error),
}

/// Serves until the process is told to stop, and then puts everything away.
///
/// # Errors
/// [`StartupError`], which says what to do.
pub async fn serve(config: Serve) -> Result<(), StartupError> {
    let database =
        Database::open(config.data.database_url.as_deref(), &config.data.data_dir).await?;
    let outcome = serve_from(&database, &config).await;
    database.close().await;
    outcome
}

async fn serve_from(database: &Database, config: &Serve) -> Result<(), StartupError> {
    database.migrate().await?;
    let store = pool::open(database.options()).await?.with_customers_seeing(config.customers_see);
    let demo = config.demo_if_empty && database.is_embedded();
    if demo && store.customers().await? == 0 {
        eprintln!("Loading the demo data, this once …");
        demo::load(&store, &config.instance()).await?;
    }
    let listener = TcpListener::bind(config.address)
        .await
        .map_err(|error| StartupError::Listen { address: config.address, error })?;
    let address = listener
        .local_addr()
        .map_err(|error| StartupError::Listen { address: config.address, error })?;
    eprintln!("Serving on http://{address} as {}", config.instance());
    if demo {
        eprintln!("{}", demo::sign_ins());
    } else if store.users().await? == 0 {
        eprintln!("Nobody may sign in yet: customer-logs user create --help");
    }
    eprintln!("{} customers. Ctrl-C stops.", grouped(store.customers().await?));

    let settings = Settings {
        site_root: config.site_root.clone(),
        address,
        https: config.public_url.starts_with("https://"),
        instance: config.instance().into(),
    };
    let scheduled = tokio::spawn(schedule::run(store.clone(), Arc::clone(&settings.instance)));
    let counting = tokio::spawn(counting::run(store.clone()));
    let tailing = tokio::spawn(tail::run(store.clone()));
    let outcome = run(listener, &store, &settings, told_to_stop()).await;
    scheduled.abort();
    counting.abort();
    tailing.abort();
    store.close().await;
    outcome
}

/// Serves until `told_to_stop`, and then until what is under way is answered, if that does not take too long.
///
/// # Errors
/// [`StartupError::Serve`] where serving broke off.
pub async fn run(
    listener: TcpListener,
    store: &Store,
    settings: &Settings,
    told_to_stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), StartupError> {
    let stopping = Arc::new(Notify::new());
    let told = Arc::clone(&stopping);
    let tails = store.tails().clone();
    let serving = axum::serve(listener, router::router(store.clone(), settings))
        .with_graceful_shutdown(async move {
            told_to_stop.await;
            // They would never be answered in full.
            tails.end();
            told.notify_one();
        });
    tokio::select! {
        ended = serving.into_future() => ended.map_err(StartupError::Serve),
        () = async { stopping.notified().await; tokio::time::sleep(LAST_REQUESTS).await } => {
            tracing::warn!("some requests did not end in time, and were broken off");
            Ok(())
        }
    }
}

async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        // Where it cannot be listened for, Ctrl-C does what it does by itself.
        Ok(()) = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
    eprintln!("Stopping …");
}
