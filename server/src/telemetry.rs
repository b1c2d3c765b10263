//! The server's own log, on standard error. `RUST_LOG` says how much.

use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::store::StoreError;

/// Starts it. Without `RUST_LOG`: this program's doings, and others' warnings.
pub fn start() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,customer_logs=info,server=info"));
    // A second start, as in tests, leaves the first in place.
    let _already = tracing_subscriber::registry()
        .with(filter)
        .with(fmt::layer().with_writer(std::io::stderr).with_target(false))
        .try_init();
}

/// Notes a failure of the store, with all that the client is not told.
pub fn store_failed(error: &StoreError) {
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    tracing::error!(%error, cause, "the store failed");
}
