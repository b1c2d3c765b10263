//! The command line and the environment.

use std::{net::SocketAddr, path::PathBuf};

use app::{customer::id::CustomerId, log::sight::Sight};
use chrono::{Months, NaiveDate};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::store::api_keys::KeyScope;

/// Customer Logs: every action on a customer's account, recorded and readable.
///
/// Without a command it serves. Without DATABASE_URL it runs a private PostgreSQL in the data folder.
#[derive(Debug, Parser)]
#[command(name = "customer-logs", version, about, long_about = None, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do; `serve` unless said otherwise.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What `serve` takes, where it is not named.
    #[command(flatten)]
    pub serve: Serve,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the product over HTTP (the default)
    Serve(Serve),
    /// Bring the database's tables up to date, and end
    Migrate(Data),
    /// Load demo data: 40 customers, 60,000 entries, and three sign-ins
    Demo(Demo),
    /// Fill the database with data as a bank's back office has it, for tests and measurements
    Generate(Generate),
    /// Drop entries that need not be kept any longer: says what it would drop, unless told to
    Retention(Retention),
    /// Keep a customer's entries whatever retention says, or end that
    LegalHold(LegalHold),
    /// Manage who may sign in
    #[command(subcommand)]
    User(UserCommand),
    /// Manage keys for programs
    #[command(subcommand)]
    ApiKey(ApiKeyCommand),
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct Data {
    /// The PostgreSQL to use, as postgres://user:password@host:port/database
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The folder of the private PostgreSQL, where DATABASE_URL is not set
    #[arg(long, env = "DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// The database.
    #[command(flatten)]
    pub data: Data,
    /// The address to listen on
    #[arg(long, env = "LEPTOS_SITE_ADDR", default_value = "127.0.0.1:3000")]
    pub address: SocketAddr,
    /// The folder with what the browser loads
    #[arg(long, env = "LEPTOS_SITE_ROOT", default_value = "target/site")]
    pub site_root: PathBuf,
    /// What users type to get here, as https://logs.example.com: with https, cookies are for https only
    #[arg(long, env = "PUBLIC_URL", default_value = "")]
    pub public_url: String,
    /// The name of this instance [default: the host's name]
    #[arg(long, env = "APP_INSTANCE", hide_env_values = true)]
    pub app_instance: Option<String>,
    /// What customers see of their own logs, with commas in between: user, related_operation, impacted_table, source,
    /// app_instance, request_path, detail (what changed), staff_names (whole, and not as Helena P.)
    #[arg(long, env = "CUSTOMERS_SEE", default_value_t)]
    pub customers_see: Sight,
    /// Load the demo data first, where the private PostgreSQL has no customers yet
    #[arg(long)]
    pub demo_if_empty: bool,
}

impl Serve {
    /// The name of this instance.
    pub fn instance(&self) -> String {
        self.app_instance.clone().unwrap_or_else(host_name)
    }
}

/// The host's name, as the kernel knows it; not every system tells it here.
pub fn host_name() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim();
    if host.is_empty() { "customer-logs".to_owned() } else { host.to_owned() }
}

/// How to load demo data.
#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// The database.
    #[command(flatten)]
    pub data: Data,
    /// Add the demo sign-ins, whose passwords everybody knows, to the database at DATABASE_URL too
    #[arg(long)]
    pub yes_demo_passwords: bool,
}

/// What to generate.
#[derive(Debug, Clone, Args)]
pub struct Generate {
    /// The database.
    #[command(flatten)]
    pub data: Data,
    /// What the data is to look like.
    #[command(flatten)]
    pub shape: Shape,
}

/// What generated data looks like. The same shape gives the same data, always.
#[derive(Debug, Clone, Args)]
pub struct Shape {
    /// How many customers
    #[arg(long, default_value_t = 100)]
    pub customers: u64,
    /// How many entries all of them have together
    #[arg(long, default_value_t = 100_000)]
    pub entries: u64,
    /// How many entries the largest customer has
    #[arg(long, default_value_t = 20_000)]
    pub largest: u64,
    /// Where the random numbers start
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The id of the first (and largest) customer; the others follow
    #[arg(long, default_value_t = 100_001)]
    pub first_id: u64,
    /// The day before which the entries' two years end
    #[arg(long, default_value = "2026-11-01")]
    pub until: NaiveDate,
}

/// What to keep.
#[derive(Debug, Clone, Args)]
pub struct Retention {
    /// The database; the login role must own its tables.
    #[command(flatten)]
    pub data: Data,
    /// How long entries are kept, in whole months, as 24m, or years, as 2y
    #[arg(long, value_parser = months)]
    pub keep: Months,
    /// Drop them. Without this it only says what it would drop
    #[arg(long)]
    pub drop: bool,
}

/// Whose entries to keep.
#[derive(Debug, Clone, Args)]
pub struct LegalHold {
    /// The database.
    #[command(flatten)]
    pub data: Data,
    /// The customer
    #[arg(long)]
    pub customer: CustomerId,
    /// End the hold
    #[arg(long)]
    pub release: bool,
}

/// `24m` or `2y`: at least one month.
fn months(text: &str) -> Result<Months, &'static str> {
    let wrong = "takes whole months, as 24m, or years, as 2y";
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or(wrong)?;
    let number: u32 = number.parse().map_err(|_| wrong)?;
    let months = match unit {
        "m" => Some(number),
        "y" => number.checked_mul(12),
        _ => None,
    };
    // More than a thousand years are a slip of the pen.
    months.filter(|months| (1..=12_000).contains(months)).map(Months::new).ok_or(wrong)
}

/// What to do about users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Let somebody sign in; the password is read from standard input, or made up and printed
    Create(UserCreate),
}

/// Whom to let in.
#[derive(Debug, Clone, Args)]
pub struct UserCreate {
    /// The database.
    #[command(flatten)]
    pub data: Data,
    /// What they sign in with
    #[arg(long)]
    pub email: String,
    /// Their name, as it is shown
    #[arg(long)]
    pub name: String,
    /// What they may do
    #[arg(long, value_enum)]
    pub role: RoleName,
    /// The customer that they are (with the role customer)
    #[arg(long, value_name = "CUSTOMER_ID", required_if_eq("role", "customer"))]
    pub customer: Option<CustomerId>,
    /// Read the password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoleName {
    /// See every customer, and act for them
    Operator,
    /// See every customer
    Auditor,
    /// See their own log
    Customer,
}

/// What to do about keys.
#[derive(Debug, Subcommand)]
pub enum ApiKeyCommand {
    /// Make a key, and print it: it is shown this once
    Create(ApiKeyCreate),
}

/// Which key to make.
#[derive(Debug, Clone, Args)]
pub struct ApiKeyCreate {
    /// The database.
    #[command(flatten)]
    pub data: Data,
    /// Which program it is for
    #[arg(long)]
    pub name: String,
    /// What it may do
    #[arg(long, value_enum)]
    pub scope: KeyScope,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn retention_takes_months_and_years_and_nothing_that_would_drop_all() {
        assert_eq!(months("24m"), Ok(Months::new(24)));
        assert_eq!(months("2y"), Ok(Months::new(24)));
        for wrong in ["", "m", "0m", "24", "24d", "-1m", "1.5y", "é"] {
            assert!(months(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn serving_is_what_it_does_by_default() {
        let cli = Cli::try_parse_from(["customer-logs", "--address", "127.0.0.1:0"]).unwrap();
        assert!(cli.command.is_none());
        assert_eq!(cli.serve.address.port(), 0);
    }

    #[test]
    fn a_customer_must_be_named_for_the_role_customer() {
        let words = "customer-logs user create --email a@b.c --name A --role customer";
        assert!(Cli::try_parse_from(words.split(' ')).is_err());
    }
}
