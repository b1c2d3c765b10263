//! A Postgres for all tests, a database for each, and a server on it.

use std::{
    path::Path,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
};

use app::{
    customer::{CustomerStatus, CustomerType, id::CustomerId},
    log::entry::{Source, UserKind},
    session::viewer::Role,
};
use chrono::Utc;
use reqwest::{Client, RequestBuilder, Response, header, redirect::Policy};
use server::{
    access::{Caller, Key},
    http::router::{self, Settings},
    origin::Origin,
    password,
    postgres::{MIGRATIONS, embedded::Embedded, pool},
    store::{
        Store,
        api_keys::{self, KeyScope},
        customers::NewCustomer,
        recorder::{NewEntry, Recorder},
        tail,
        users::NewUser,
    },
    token::Token,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::{net::TcpListener, sync::OnceCell};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// The cluster, on a thread of its own that lives as long as the tests: it stops when that ends.
fn cluster() -> &'static PgConnectOptions {
    static CLUSTER: OnceLock<PgConnectOptions> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            tokio::runtime::Runtime::new().unwrap().block_on(async {
                let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cluster");
                let embedded = Embedded::start(&folder).await.unwrap();
                tell.send(embedded.connect_options()).unwrap();
                std::future::pending::<()>().await;
            });
        });
        told.recv().expect("the cluster starts")
    })
}

/// A database with every migration, to be copied.
async fn template() -> &'static str {
    static TEMPLATE: OnceCell<()> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let mut admin = cluster().connect().await.unwrap();
            let left: Vec<String> = sqlx::query_scalar(
                "select datname::text from pg_database where datname ~ '^(test_|template_logs)'",
            )
            .fetch_all(&mut admin)
            .await
            .unwrap();
            for name in left {
                run(&mut admin, format!("drop database {name} with (force)")).await;
            }
            run(&mut admin, "create database template_logs".into()).await;
            let mut fresh = cluster().clone().database("template_logs").connect().await.unwrap();
            MIGRATIONS.run(&mut fresh).await.unwrap();
            fresh.close().await.unwrap();
        })
        .await;
    "template_logs"
}

async fn run(connection: &mut PgConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await.unwrap();
}

/// How to connect to a fresh database, as its owner.
pub(crate) async fn fresh_database() -> PgConnectOptions {
    database_like(template().await).await
}

/// How to connect to a database without any migration.
pub(crate) async fn empty_database() -> PgConnectOptions {
    // Once the template is there, what earlier tests left is gone.
    template().await;
    database_like("template1").await
}

async fn database_like(template: &str) -> PgConnectOptions {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut admin = cluster().connect().await.unwrap();
    run(&mut admin, format!("create database {name} template {template}")).await;
    cluster().clone().database(&name)
}

/// A server on a fresh database.
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) base: String,
    pub(crate) options: PgConnectOptions,
    client: Client,
}

impl App {
    pub(crate) async fn start() -> Self {
        let options = fresh_database().await;
        Self::start_on(&options).await
    }

    /// The same with another store.
    pub(crate) async fn start_with(store: impl FnOnce(Store) -> Store) -> Self {
        let options = fresh_database().await;
        Self::serve(store(pool::open(&options).await.unwrap()), &options).await
    }

    pub(crate) async fn start_on(options: &PgConnectOptions) -> Self {
        Self::serve(pool::open(options).await.unwrap(), options).await
    }

    async fn serve(store: Store, options: &PgConnectOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let settings = Settings {
            site_root: "target/site".into(),
            address,
            https: false,
            instance: "test-1".into(),
        };
        let router = router::router(store.clone(), &settings);
        tokio::spawn(tail::run(store.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { store, base: format!("http://{address}"), options: options.clone(), client }
    }

    /// The same, but what is asked goes to another server on its database.
    pub(crate) fn at(self, base: String, store: Store) -> Self {
        Self { base, store, ..self }
    }

    /// A connection as the database's owner, whom row-level security does not bind.
    pub(crate) async fn owner(&self) -> PgConnection {
        self.options.connect().await.unwrap()
    }

    pub(crate) async fn add_customer(&self, id: &str) -> CustomerId {
        let customer_id: CustomerId = id.parse().unwrap();
        let new = NewCustomer {
            customer_id: customer_id.clone(),
            name: format!("Customer {id}"),
            customer_type: CustomerType::Business,
            status: CustomerStatus::Active,
            since: Utc::now(),
        };
        let mut transaction = self.store.begin().await.unwrap();
        Store::add_customer(&mut transaction, &new).await.unwrap();
        transaction.commit().await.unwrap();
        customer_id
    }

    pub(crate) async fn record(&self, entries: &[NewEntry]) {
        let mut transaction = self.store.begin().await.unwrap();
        Recorder::new(&mut transaction).record(entries).await.unwrap();
        transaction.commit().await.unwrap();
    }

    pub(crate) async fn add_user(&self, email: &str, role: Role) {
        let new = NewUser {
            email: email.into(),
            name: email.into(),
            role,
            password_hash: password::hash(PASSWORD.into()).await.unwrap(),
        };
        let mut act = self.store.act(&by_test()).await.unwrap();
        Store::add_user(&mut act, &new).await.unwrap();
        act.commit().await.unwrap();
    }

    /// A key that reads.
    pub(crate) async fn key(&self) -> String {
        self.key_with(KeyScope::Read).await
    }

    /// A key that records.
    pub(crate) async fn write_key(&self) -> String {
        self.key_with(KeyScope::Write).await
    }

    async fn key_with(&self, scope: KeyScope) -> String {
        let key = Token::new("cl_").unwrap();
        let mut act = self.store.act(&by_test()).await.unwrap();
        api_keys::add(&mut act, "test", scope, key.sha256()).await.unwrap();
        act.commit().await.unwrap();
        key.reveal().to_owned()
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.base))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.base))
    }

    pub(crate) fn put(&self, path: &str) -> RequestBuilder {
        self.client.put(format!("{}{path}", self.base))
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Response {
        self.post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(app::query::query_string([("email", email), ("password", password)]))
            .send()
            .await
            .unwrap()
    }

    /// The cookie of a session of a user with this role.
    pub(crate) async fn session(&self, role: Role) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let email = format!("user{}@example.com", NEXT.fetch_add(1, Ordering::Relaxed));
        self.add_user(&email, role).await;
        // Where all tests keep the database busy, a sign-in can be told to come back: everybody else would.
        for _ in 0..5 {
            let answer = self.sign_in(&email, PASSWORD).await;
            if let Some(cookie) = cookie(&answer) {
                return cookie;
            }
            let to = answer.headers()[header::LOCATION].to_str().unwrap();
            assert!(to.contains("problem=unavailable"), "signing in leads to {to}");
        }
        panic!("signing in is told to come back, again and again");
    }
}

/// The session's cookie that an answer sets, as a request sends it.
pub(crate) fn cookie(response: &Response) -> Option<String> {
    let set = response.headers().get(header::SET_COOKIE)?.to_str().ok()?;
    let cookie = set.split(';').next()?;
    (cookie.starts_with("session=") && cookie.len() > "session=".len()).then(|| cookie.to_owned())
}

pub(crate) fn location(response: &Response) -> &str {
    response.headers()[header::LOCATION].to_str().unwrap()
}

/// Where the tests' own acts come from.
pub(crate) fn by_test() -> Origin {
    Origin::of_command("test", "test-1")
}

/// A program that reads every log, as the store sees it.
pub(crate) fn reader() -> Caller {
    Caller::Key(Key { key_id: 1, name: "test".into(), scope: KeyScope::Read })
}

/// An entry with nothing special about it.
pub(crate) fn entry(customer_id: &CustomerId) -> NewEntry {
    NewEntry {
        customer_id: customer_id.clone(),
        user: "Helena Prado".into(),
        user_id: None,
        user_kind: UserKind::Operator,
        action: "Approved withdrawal".into(),
        related_operation: Some("Withdrawal 7".into()),
        impacted_table: "withdrawals".into(),
        source: Source::Ui,
        app_instance: "web-1".into(),
        request_path: "POST /withdrawals/7/approve".into(),
        occurred_at: None,
        api_key_id: None,
        detail: None,
    }
}
