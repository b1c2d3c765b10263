//! The product: a customer's log, and the tab that shows it.

pub mod api;
pub mod bar;
pub mod entry;
pub mod help;
pub mod newer;
pub mod query;
pub mod row;
pub mod tab;
pub mod table;
