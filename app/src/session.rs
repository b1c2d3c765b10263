//! Who is looking, and how they came in.

pub mod sign_in;
pub mod viewer;
