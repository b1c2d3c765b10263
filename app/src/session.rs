//! Who is looking, and how they came in.

#[cfg(feature = "ssr")]
pub mod sign_in;
pub mod viewer;
