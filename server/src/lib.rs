//! The server of Customer Logs: Postgres below, HTTP above, and the command line that starts it.

// The types of the screen's views nest deeply.
#![recursion_limit = "256"]

pub mod access;
pub mod backend;
pub mod completing;
pub mod config;
pub mod demo;
pub mod generate;
pub mod http;
pub mod ingest;
pub mod origin;
pub mod password;
pub mod postgres;
pub mod schedule;
pub mod startup;
pub mod store;
pub mod telemetry;
pub mod token;
pub mod zones;
