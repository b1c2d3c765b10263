//! HTTP: one concern, one file.

pub mod api;
pub mod api_entry;
pub mod assets;
pub mod body;
pub mod caller;
pub mod customers_api;
pub mod export;
mod exports;
pub mod headers;
pub mod health;
pub mod ingest;
mod language;
pub mod limits;
pub mod openapi;
pub mod operations;
pub mod pages;
pub mod plain;
pub mod preferences;
pub mod problem;
pub mod router;
pub mod routes;
pub mod settings;
pub mod sign_in;
pub mod stamp;
pub mod tail;
