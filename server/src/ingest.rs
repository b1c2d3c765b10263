//! What others send to be recorded: read strictly, and recorded many requests at a time.

pub mod item;
pub mod json;
pub mod queue;
