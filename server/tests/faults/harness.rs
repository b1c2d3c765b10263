//! Installations whose processes can be killed, and servers of this process on a database of their own.

use std::{
    fs::{self, OpenOptions},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        OnceLock,
        atomic::{AtomicU16, AtomicU32, Ordering},
        mpsc,
    },
    time::Duration,
};

use reqwest::{Client, redirect::Policy};
use server::{
    http::router::{self, Settings},
    origin::Origin,
    postgres::{MIGRATIONS, embedded::Embedded, pool},
    store::api_keys::{self, KeyScope},
    token::Token,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::{
    io::AsyncWriteExt,
    net::TcpListener,
    process::{Child, Command},
};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// Waits for what has to happen; it is the test's fault where it does not in this time.
pub(crate) async fn within<T>(seconds: u64, what: &str, work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(Duration::from_secs(seconds), work).await;
    done.unwrap_or_else(|_| panic!("not within {seconds} seconds: {what}"))
}

/// Waits until it is so.
pub(crate) async fn until(seconds: u64, what: &str, is_so: impl AsyncFn() -> bool) {
    let pace = Duration::from_millis(5);
    within(seconds, what, async {
        while !is_so().await {
            tokio::time::sleep(pace).await;
        }
    })
    .await;
}

/// Where the random numbers start: the same moments in each run, unless `SEED` says otherwise.
pub(crate) fn seed() -> u64 {
    std::env::var("SEED").map_or(1, |seed| seed.parse().expect("SEED takes a number"))
}

/// Sends what a client of a server that may be away sends, and follows no answer elsewhere.
pub(crate) fn client() -> Client {
    let client = Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(40));
    client.build().unwrap()
}

/// A port that nobody listens on. It is below those that the system gives to outgoing connections: a client's
/// own connection could else take it while the server is away.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let process = u16::try_from(std::process::id() % 10_000).unwrap();
    loop {
        let port = 20_000 + (process + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Sends a signal to a process; whether there was such a process.
pub(crate) fn signal(signal: &str, pid: &str) -> bool {
    let kill =
        std::process::Command::new("kill").args([signal, pid]).stderr(Stdio::null()).status();
    kill.unwrap().success()
}

/// A data folder, and the address at which its server is to be found.
pub(crate) struct Installation {
    data: PathBuf,
    address: SocketAddr,
}

impl Installation {
    /// A fresh one, of this name.
    pub(crate) fn new(name: &str) -> Self {
        let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-{name}"));
        let installation = Self { data, address: ([127, 0, 0, 1], free_port()).into() };
        installation.remove();
        fs::create_dir_all(&installation.data).unwrap();
        installation
    }

    /// Another server's, on the same data.
    pub(crate) fn beside(&self) -> Self {
        Self { data: self.data.clone(), address: ([127, 0, 0, 1], free_port()).into() }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_customer-logs"));
        command.env_remove("DATABASE_URL").env("DATA_DIR", &self.data).kill_on_drop(true);
        command
    }

    /// Runs a command to its end; gives what it printed.
    pub(crate) async fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).await.unwrap();
        drop(stdin);
        let output = child.wait_with_output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?} failed: {said}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Makes an operator.
    pub(crate) async fn add_operator(&self, email: &str) {
        let who = ["--email", email, "--name", email, "--role", "operator", "--password-stdin"];
        self.run(&[&["user", "create"], &who[..]].concat(), PASSWORD).await;
    }

    /// Makes a key that records.
    pub(crate) async fn add_key(&self) -> String {
        self.run(&["api-key", "create", "--name", "test", "--scope", "write"], "").await
    }

    /// Starts the server; it is killed when this is dropped.
    pub(crate) fn serve(&self) -> Child {
        let log = OpenOptions::new().create(true).append(true).open(self.data.join("server.log"));
        let mut command = self.command();
        command.arg("serve").arg("--address").arg(self.address.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log.unwrap());
        command.spawn().unwrap()
    }

    /// Starts the server, and waits until it can work.
    pub(crate) async fn serve_until_ready(&self) -> Child {
        let server = self.serve();
        until(60, "the server is ready", async || self.is_ready().await).await;
        server
    }

    /// Whether the server can work.
    pub(crate) async fn is_ready(&self) -> bool {
        let answer = reqwest::get(format!("{}/readyz", self.base())).await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// The folder that Postgres keeps its own in.
    fn cluster(&self) -> PathBuf {
        let home = fs::read_link(self.data.join("elsewhere"));
        home.unwrap_or_else(|_| self.data.clone()).join("postgres")
    }

    /// The number of Postgres's first process, where it says so.
    pub(crate) fn postmaster(&self) -> Option<String> {
        let file = fs::read_to_string(self.cluster().join("postmaster.pid")).ok()?;
        file.lines().next().map(str::to_owned)
    }

    /// Removes everything. A Postgres that a broken test left is stopped first.
    pub(crate) fn remove(&self) {
        if let Some(pid) = self.postmaster() {
            let process = Path::new("/proc").join(&pid);
            let is_it = || {
                let folder = fs::read_link(process.join("cwd"));
                folder
                    .is_ok_and(|folder| self.cluster().canonicalize().is_ok_and(|it| it == folder))
            };
            if is_it() {
                signal("-QUIT", &pid);
                while is_it() {
                    std::thread::sleep(Duration::from_millis(10));
                }
            }
        }
        let elsewhere = fs::read_link(self.data.join("elsewhere")).ok();
        for folder in [Some(self.data.clone()), elsewhere].into_iter().flatten() {
            if folder.exists() {
                fs::remove_dir_all(folder).unwrap();
            }
        }
    }
}

/// A cluster for the tests that kill none, on a thread of its own that lives as long as they do: it stops when
/// that ends.
fn cluster() -> &'static PgConnectOptions {
    static CLUSTER: OnceLock<PgConnectOptions> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            tokio::runtime::Runtime::new().unwrap().block_on(async {
                let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults");
                let embedded = Embedded::start(&folder).await.unwrap();
                tell.send(embedded.connect_options()).unwrap();
                std::future::pending::<()>().await;
            });
        });
        told.recv().expect("the cluster starts")
    })
}

/// How to connect to a fresh database with every migration, as its owner.
pub(crate) async fn fresh_database() -> PgConnectOptions {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let name = format!("faults_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut admin = cluster().connect().await.unwrap();
    // An earlier run may have left one of this name.
    run(&mut admin, format!("drop database if exists {name} with (force)")).await;
    run(&mut admin, format!("create database {name}")).await;
    let options = cluster().clone().database(&name);
    let mut fresh = options.connect().await.unwrap();
    MIGRATIONS.run(&mut fresh).await.unwrap();
    fresh.close().await.unwrap();
    options
}

async fn run(connection: &mut PgConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await.unwrap();
}

/// Makes a key that records.
pub(crate) async fn write_key(options: &PgConnectOptions) -> String {
    let store = pool::open(options).await.unwrap();
    let key = Token::new("cl_").unwrap();
    let mut act = store.act(&Origin::of_command("test", "test-1")).await.unwrap();
    api_keys::add(&mut act, "test", KeyScope::Write, key.sha256()).await.unwrap();
    act.commit().await.unwrap();
    store.close().await;
    key.reveal().to_owned()
}

/// Starts a server of this process at this port, on the database that `options` lead to.
pub(crate) async fn serve_here(options: &PgConnectOptions, port: u16) -> String {
    let store = pool::open(options).await.unwrap();
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let site_root = "target/site".into();
    let settings = Settings { site_root, address, https: false, instance: "test-1".into() };
    let router = router::router(store, &settings);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("http://{address}")
}
