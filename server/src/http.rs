//! HTTP: one concern, one file.

pub mod api;
pub mod assets;
pub mod caller;
pub mod export;
pub mod headers;
pub mod health;
pub mod limits;
pub mod pages;
pub mod preferences;
pub mod problem;
pub mod router;
pub mod sign_in;
