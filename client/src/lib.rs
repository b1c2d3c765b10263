//! Records the actions of a service in Customer Logs.
//!
//! A [`Recorder`] takes entries without ever waiting, and a task behind it sends them in batches.
//! It sends until the server has acknowledged: an outage, a restart of the server or a wrong key
//! delays entries and does not lose them. Each entry carries an identifier, so that sending it
//! twice records it once.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use customer_logs_client::{Config, Entry, Recorder, User, UserKind};
//! use serde_json::json;
//!
//! # async fn service() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::new("https://logs.example.com", "cl_…").spool("logs-spool");
//! let recorder = Recorder::start(config)?;
//!
//! recorder.record(
//!     Entry::new("20401", User::new("Ana Prado").kind(UserKind::Operator), "Blocked the card")
//!         .related_operation("Card 4821")
//!         .impacted_table("cards")
//!         .app_instance("cards-1")
//!         .detail(json!({ "reason": "reported lost" })),
//! )?;
//!
//! recorder.shutdown(Duration::from_secs(10)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What is lost, and when
//!
//! | | without a spool | with [`Config::spool`] |
//! | --- | --- | --- |
//! | the server is away or refuses the key | nothing: tried again until it answers | nothing |
//! | the queue is full | nothing unnoticed: [`Full`] gives the entry back | the same |
//! | the process ends without [`Recorder::shutdown`] | what was not yet acknowledged | nothing |
//! | the machine loses power | what was not yet acknowledged | what the system had not yet written to the disk; with [`Config::sync_each`], nothing |
//! | the server rejects an entry | handed to [`Config::on_rejected`] | the same |
//!
//! # Act, then record?
//!
//! An act whose record finds no room would go unrecorded. [`Recorder::reserve`] takes the place in
//! the queue first; the [`Slot`] it gives then cannot fail. With the feature `tower`, the
//! `RecordLayer` does this for every state-changing request of a service.
//!
//! # Features
//!
//! - `tls` (default): `https`, by rustls on ring with the system's trusted roots.
//! - `tower` (default): `RecordLayer`, for axum and whatever else is built on tower.

mod backoff;
mod config;
mod entry;
#[cfg(feature = "tower")]
mod layer;
mod queue;
mod recorder;
mod sender;
mod spool;

pub use config::{Config, Rejected};
pub use entry::{Entry, Source, User, UserKind};
#[cfg(feature = "tower")]
pub use layer::{Attribution, RecordFuture, RecordLayer, RecordService};
pub use queue::Stats;
pub use recorder::{Full, Recorder, Slot, StartError, Stopped, Unsent};
