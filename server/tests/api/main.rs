//! The server against a real Postgres, over real HTTP: a fresh database for each test.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a test's helpers cannot do, fails the test"
)]

mod access;
mod acts;
mod api;
mod completeness;
mod completing;
mod database_down;
mod export;
mod export_layout;
mod export_running;
mod export_xlsx;
mod exports;
mod filters;
mod harness;
mod ingest;
mod layouts;
mod ledger;
mod months;
mod openapi;
mod order;
mod plans;
mod recorder;
mod requests;
mod search;
mod sight;
mod sign_in;
mod tail;
