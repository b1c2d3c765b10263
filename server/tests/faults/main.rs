//! What happens when something is killed or goes away: nothing that was acknowledged is lost, nothing is
//! there twice, and money and log agree.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a test's helpers cannot do, fails the test"
)]

mod audit;
mod harness;
mod load;
mod operator;
mod postgres_away;
mod postgres_killed;
mod server_killed;
mod spool;
