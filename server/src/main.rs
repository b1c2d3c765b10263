//! The command `customer-logs`.

use std::{io::BufRead, process::ExitCode};

use app::{session::viewer::Role, ui::number::grouped, words::Language};
use clap::Parser;
use server::{
    config::{
        ApiKeyCommand, Cli, Command, Data, Retention, RoleName, UserCommand, UserCreate, host_name,
    },
    demo, generate,
    origin::Origin,
    password,
    postgres::{Database, pool},
    startup,
    store::{Store, api_keys, retention, users::NewUser},
    telemetry,
    token::Token,
};
use sqlx::{ConnectOptions as _, Connection as _, PgPool};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    telemetry::start();
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("customer-logs: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Outcome {
    match cli.command {
        None => Ok(startup::serve(cli.serve).await?),
        Some(Command::Serve(serve)) => Ok(startup::serve(serve).await?),
        Some(Command::Migrate(data)) => {
            let database = open(&data).await?;
            database.close().await;
            println!("The database is up to date.");
            Ok(())
        }
        Some(Command::Demo(demo)) => {
            let database = open(&demo.data).await?;
            let outcome = load_demo(&database, demo.yes_demo_passwords).await;
            database.close().await;
            outcome
        }
        Some(Command::Generate(generate)) => {
            with_store(&generate.data, async |store| {
                Ok(generate::fill(&store, &generate.shape).await?)
            })
            .await
        }
        Some(Command::Retention(retention)) => {
            let database = open(&retention.data).await?;
            let outcome = retain(&database, &retention).await;
            database.close().await;
            outcome
        }
        Some(Command::LegalHold(hold)) => {
            with_store(&hold.data, async |store| {
                let mut act = store.act(&by_command("legal-hold")).await?;
                if !retention::hold(&mut act, &hold.customer, !hold.release).await? {
                    return Err(format!("there is no customer {}", hold.customer).into());
                }
                act.commit().await?;
                let what = if hold.release { "no longer under" } else { "under" };
                println!("{} is {what} legal hold.", hold.customer);
                Ok(())
            })
            .await
        }
        Some(Command::User(UserCommand::Create(create))) => {
            let data = create.data.clone();
            with_store(&data, async |store| create_user(&store, create).await).await
        }
        Some(Command::ApiKey(ApiKeyCommand::Create(create))) => {
            with_store(&create.data, async |store| {
                let key = Token::new("cl_")?;
                let mut act = store.act(&by_command("api-key create")).await?;
                api_keys::add(&mut act, &create.name, create.scope, key.sha256()).await?;
                act.commit().await?;
                println!("{}", key.reveal());
                eprintln!("This key is shown once. Send it as: Authorization: Bearer cl_…");
                Ok(())
            })
            .await
        }
    }
}

/// What is done on the command line is recorded, too.
fn by_command(command: &str) -> Origin {
    Origin::of_command(command, &host_name())
}

async fn open(data: &Data) -> Outcome<Database> {
    let database = Database::open(data.database_url.as_deref(), &data.data_dir).await?;
    if let Err(error) = database.migrate().await {
        database.close().await;
        return Err(error.into());
    }
    Ok(database)
}

async fn with_store(data: &Data, work: impl AsyncFnOnce(Store) -> Outcome) -> Outcome {
    let database = open(data).await?;
    let outcome = match pool::open(database.options()).await {
        Ok(store) => {
            let outcome = work(store.clone()).await;
            store.close().await;
            outcome
        }
        Err(error) => Err(error.into()),
    };
    database.close().await;
    outcome
}

/// Says what is expired, and drops it where told to, a month at a time.
async fn retain(database: &Database, retention: &Retention) -> Outcome {
    let mut owner = database.options().connect().await?;
    let today = chrono::Utc::now().date_naive();
    let months = retention::expired(&mut owner, retention.keep, today).await?;
    owner.close().await?;
    let mut total = 0;
    for month in &months {
        let (dropped, held) = month.entries();
        total += dropped;
        if retention.drop && dropped > 0 {
            let pool = PgPool::connect_with(database.options().clone()).await?;
            let transaction = pool.begin().await?;
            retention::drop_month(transaction, month, &by_command("retention")).await?;
            pool.close().await;
        }
        let held = if held > 0 {
            format!("; {} stay under legal hold", grouped(held, Language::English))
        } else {
            String::new()
        };
        println!(
            "{}  {:>13} entries{held}",
            month.first_day.format("%Y-%m"),
            grouped(dropped, Language::English)
        );
    }
    match (total, retention.drop) {
        (0, _) => println!("Nothing is old enough to be dropped."),
        (total, true) => println!(
            "{} entries were dropped, and it was recorded.",
            grouped(total, Language::English)
        ),
        (total, false) => {
            println!(
                "{} entries would be dropped. To do it: --drop",
                grouped(total, Language::English)
            );
        }
    }
    Ok(())
}

async fn load_demo(database: &Database, yes: bool) -> Outcome {
    if !database.is_embedded() && !yes {
        return Err(demo::DemoError::WellKnownPasswords.into());
    }
    let store = pool::open(database.options()).await?;
    let outcome = demo::load(&store, &host_name()).await;
    store.close().await;
    outcome?;
    println!("{}", demo::sign_ins());
    Ok(())
}

async fn create_user(store: &Store, create: UserCreate) -> Outcome {
    let role = match (create.role, create.customer) {
        (RoleName::Operator, _) => Role::Operator,
        (RoleName::Auditor, _) => Role::Auditor,
        (RoleName::Customer, Some(id)) => Role::Customer(id),
        (RoleName::Customer, None) => return Err("the role customer needs --customer".into()),
    };
    let (password, made_up) = if create.password_stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        (line.trim_end_matches(['\r', '\n']).to_owned(), false)
    } else {
        (Token::new("")?.reveal()[..20].to_owned(), true)
    };
    if password.chars().count() < password::SHORTEST {
        return Err(format!("a password has at least {} characters", password::SHORTEST).into());
    }
    let new = NewUser {
        email: create.email,
        name: create.name,
        role,
        password_hash: password::hash(password.clone()).await?,
    };
    let mut act = store.act(&by_command("user create")).await?;
    Store::add_user(&mut act, &new).await?;
    act.commit().await?;
    println!("{} may sign in.", new.email);
    if made_up {
        println!("Password (shown once): {password}");
    }
    Ok(())
}
