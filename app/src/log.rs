//! The product: a customer's log, and the tab that shows it.

pub mod activity;
pub mod api;
pub mod bar;
pub mod entry;
pub mod facet;
pub mod filter;
pub mod help;
pub mod language;
pub mod moment;
pub mod newer;
pub mod query;
pub mod row;
pub mod tab;
pub mod table;
