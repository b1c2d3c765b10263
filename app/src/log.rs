//! The product: a customer's log, and the tab that shows it.

pub mod activity;
pub mod answers;
pub mod api;
pub mod around;
pub mod bar;
pub mod detail;
#[cfg(feature = "ssr")]
pub mod diff;
pub mod drawer;
pub mod entry;
pub mod facet;
pub mod filter;
#[cfg(feature = "ssr")]
pub mod fragment;
pub mod help;
pub mod language;
pub mod live;
pub mod moment;
pub mod newer;
pub mod presses;
pub mod query;
pub mod row;
pub mod strip;
pub mod tab;
pub mod table;
pub mod view;
