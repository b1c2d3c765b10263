//! A private Postgres: the installed programs, a cluster in the data folder, a Unix socket that only this
//! user can open. Nothing listens on the network.

use std::{
    fs::{self, OpenOptions, Permissions},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink},
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use sqlx::{ConnectOptions as _, Connection as _, postgres::PgConnectOptions};
use tokio::{
    process::{Child, Command},
    sync::Notify,
    task::JoinHandle,
};

use crate::token::sha256;

/// The longest path of a Unix socket that every system takes.
const LONGEST_SOCKET: usize = 100;
/// How long it may take to start: after a crash it first replays what was in flight.
const STARTING: Duration = Duration::from_secs(120);
const DATABASE: &str = "customer_logs";
const SUPERUSER: &str = "postgres";

/// Why the private Postgres is not there. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// Its programs are not installed.
    #[error(
        "PostgreSQL's programs ({0}) are not installed. Install them (Debian: apt-get install postgresql), name their folder in POSTGRES_BIN, or set DATABASE_URL to a server that is running"
    )]
    NoPrograms(&'static str),
    /// It would have to run as root, and refuses to.
    #[error(
        "PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as: start this as another user, or set DATABASE_URL"
    )]
    NobodyToRunAs,
    /// A folder or file could not be made.
    #[error("{what} {path}: {error}")]
    Files {
        /// What was tried.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// One of its programs failed.
    #[error("{program} failed: {output}")]
    Program {
        /// Which.
        program: &'static str,
        /// What it said.
        output: String,
    },
    /// It did not answer in time.
    #[error("PostgreSQL did not start within {} seconds; its own words are in {log}", STARTING.as_secs())]
    Silent {
        /// Its log.
        log: PathBuf,
    },
    /// The database could not be made.
    #[error("making the database failed: {0}")]
    Create(#[source] sqlx::Error),
}

fn files(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> EmbeddedError {
    move |error| EmbeddedError::Files { what, path: path.to_owned(), error }
}

/// The user that the programs run as, where this process is root.
#[derive(Debug, Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
}

/// Where everything is, and as whom it runs.
#[derive(Debug, Clone)]
struct Cluster {
    programs: PathBuf,
    data: PathBuf,
    sockets: PathBuf,
    log: PathBuf,
    owner: Option<Owner>,
}

/// A private Postgres that answers.
pub struct Embedded {
    cluster: Cluster,
    stop: Arc<Notify>,
    watch: JoinHandle<()>,
}

impl Embedded {
    /// Starts the cluster in `data_dir`, made first where there is none. Where another process runs it
    /// already, that one is used; and when it ends with that process, this one starts it again.
    ///
    /// # Errors
    /// [`EmbeddedError`], which says what to do.
    pub async fn start(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let cluster = Cluster::prepare(data_dir).await?;
        let first = if cluster.answers(SUPERUSER).await { None } else { Some(cluster.spawn()?) };
        // Watched from its first moment: where the one before is still ending, it takes two.
        let stop = Arc::new(Notify::new());
        let watch = tokio::spawn(watch(cluster.clone(), first, Arc::clone(&stop)));
        if let Err(error) = cluster.wait_until_it_answers().await {
            watch.abort();
            return Err(error);
        }
        cluster.ensure_database().await?;
        Ok(Self { cluster, stop, watch })
    }

    /// How to connect to it.
    pub fn connect_options(&self) -> PgConnectOptions {
        self.cluster.connect_options(DATABASE)
    }

    /// Stops it, where this process started it.
    pub async fn stop(self) {
        self.stop.notify_one();
        // The watch ends when the server has; it does not panic.
        let _ended = self.watch.await;
    }
}

/// Starts the server again when it ends without being told to. `server` is absent where another process
/// started it.
async fn watch(cluster: Cluster, mut server: Option<Child>, stop: Arc<Notify>) {
    loop {
        tokio::select! {
            () = ended(&cluster, &mut server) => {
                tokio::time::sleep(Duration::from_secs(1)).await;
                // Of two that watch, the other may have been quicker.
                server = if cluster.answers(SUPERUSER).await {
                    None
                } else {
                    tracing::error!("the private PostgreSQL ended; starting it again");
                    cluster
                        .spawn()
                        .inspect_err(|error| tracing::error!(%error, "it does not start"))
                        .ok()
                };
            }
            () = stop.notified() => break,
        }
    }
    if let Some(mut server) = server {
        if let Err(error) = cluster.run("pg_ctl", &["stop", "-w", "-m", "fast", "-D"]).await {
            tracing::error!(%error, "the private PostgreSQL did not stop");
        }
        let _ended = server.wait().await;
    }
}

/// Waits until the server is gone.
async fn ended(cluster: &Cluster, server: &mut Option<Child>) {
    match server {
        Some(server) => {
            let _status = server.wait().await;
        }
        None => {
            while cluster.answers(SUPERUSER).await {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

impl Cluster {
    async fn prepare(data_dir: &Path) -> Result<Self, EmbeddedError> {
        fs::create_dir_all(data_dir).map_err(files("making the folder", data_dir))?;
        let data_dir =
            data_dir.canonicalize().map_err(files("looking for the folder", data_dir))?;
        let owner = owner()?;
        let home = home(&data_dir, owner).await?;
        let data = home.join("postgres");
        let cluster = Self {
            programs: programs(&data)?,
            sockets: sockets(&home),
            log: home.join("postgres.log"),
            data,
            owner,
        };
        for folder in [&cluster.data, &cluster.sockets] {
            fs::create_dir_all(folder).map_err(files("making the folder", folder))?;
            fs::set_permissions(folder, Permissions::from_mode(0o700))
                .map_err(files("closing the folder", folder))?;
            if let Some(owner) = owner {
                chown(folder, Some(owner.uid), Some(owner.gid))
                    .map_err(files("giving away the folder", folder))?;
            }
        }
        if !cluster.data.join("PG_VERSION").exists() {
            tracing::info!(folder = %cluster.data.display(), "making a private PostgreSQL cluster");
            // The locale is one that every machine has and no upgrade changes.
            cluster
                .run(
                    "initdb",
                    &[
                        "--username=postgres",
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--locale=C.UTF-8",
                        "--data-checksums",
                        "-D",
                    ],
                )
                .await?;
        }
        Ok(cluster)
    }

    fn connect_options(&self, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.sockets)
            .port(5432)
            .username(SUPERUSER)
            .database(database)
    }

    async fn answers(&self, database: &str) -> bool {
        match self.connect_options(database).connect().await {
            Ok(connection) => connection.close().await.is_ok(),
            Err(_) => false,
        }
    }

    async fn wait_until_it_answers(&self) -> Result<(), EmbeddedError> {
        tokio::time::timeout(STARTING, async {
            while !self.answers(SUPERUSER).await {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
        .await
        .map_err(|_| EmbeddedError::Silent { log: self.log.clone() })
    }

    async fn ensure_database(&self) -> Result<(), EmbeddedError> {
        if self.answers(DATABASE).await {
            return Ok(());
        }
        let mut connection =
            self.connect_options(SUPERUSER).connect().await.map_err(EmbeddedError::Create)?;
        sqlx::raw_sql("create database customer_logs")
            .execute(&mut connection)
            .await
            .map_err(EmbeddedError::Create)?;
        connection.close().await.map_err(EmbeddedError::Create)
    }

    fn spawn(&self) -> Result<Child, EmbeddedError> {
        let log = || OpenOptions::new().create(true).append(true).open(&self.log);
        let log = || log().map_err(files("opening", &self.log));
        let postgres = self.programs.join("postgres");
        // setpriv lets it know when this process is gone, even by kill -9: it then stops by itself.
        let setpriv = Path::new("/usr/bin/setpriv");
        let mut command = if setpriv.exists() {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", "INT", "--"]).arg(postgres);
            command
        } else {
            Command::new(postgres)
        };
        command
            .arg("-D")
            .arg(&self.data)
            .arg("-k")
            .arg(&self.sockets)
            .args(["-p", "5432", "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"])
            .arg("-c")
            .arg(format!("shared_buffers={}MB", shared_buffers()))
            // Fewer checkpoints: after each, every page that is changed again is written whole once.
            .args(["-c", "max_wal_size=4GB", "-c", "checkpoint_timeout=15min"])
            .stdin(Stdio::null())
            .stdout(log()?)
            .stderr(log()?)
            // A Ctrl-C in the terminal is for the server above, which stops this one last.
            .process_group(0);
        self.as_owner(&mut command);
        command.spawn().map_err(files("starting", &self.programs))
    }

    /// Runs one of the programs to its end; the data folder is its last argument.
    async fn run(&self, program: &'static str, arguments: &[&str]) -> Result<(), EmbeddedError> {
        let path = self.programs.join(program);
        let mut command = Command::new(&path);
        command.args(arguments).arg(&self.data).stdin(Stdio::null());
        self.as_owner(&mut command);
        let output = command.output().await.map_err(files("starting", &path))?;
        if output.status.success() {
            return Ok(());
        }
        let output = [output.stdout, output.stderr].concat();
        Err(EmbeddedError::Program { program, output: String::from_utf8_lossy(&output).into() })
    }

    fn as_owner(&self, command: &mut Command) {
        command.current_dir("/");
        if let Some(owner) = self.owner {
            command.uid(owner.uid).gid(owner.gid);
        }
    }
}

/// An eighth of the memory, in MB: there are others on this machine, and what Postgres does not keep, the system
/// does. 256 where that is not known; never more than 4,096.
fn shared_buffers() -> u64 {
    let memory = fs::read_to_string("/proc/meminfo").ok().and_then(|memory| {
        memory.lines().find_map(|line| {
            let kilobytes = line.strip_prefix("MemTotal:")?.trim().strip_suffix("kB")?;
            kilobytes.trim().parse::<u64>().ok()
        })
    });
    memory.map_or(256, |kilobytes| (kilobytes / 1024 / 8).clamp(128, 4096))
}

/// Whom to run as: nobody else, unless this process is root.
fn owner() -> Result<Option<Owner>, EmbeddedError> {
    let root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !root {
        return Ok(None);
    }
    let users = Path::new("/etc/passwd");
    let users = fs::read_to_string(users).map_err(files("reading", users))?;
    ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| {
            let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
            let mut numbers = line.split(':').skip(2).map(str::parse::<u32>);
            Some(Owner { uid: numbers.next()?.ok()?, gid: numbers.next()?.ok()? })
        })
        .map(Some)
        .ok_or(EmbeddedError::NobodyToRunAs)
}

/// The folder for the cluster: the data folder, where its owner can get there. Under a folder that only root
/// may enter they cannot; then the cluster is kept elsewhere, and a link says where.
async fn home(data_dir: &Path, owner: Option<Owner>) -> Result<PathBuf, EmbeddedError> {
    let Some(owner) = owner else { return Ok(data_dir.to_owned()) };
    let link = data_dir.join("elsewhere");
    if let Ok(elsewhere) = fs::read_link(&link) {
        return Ok(elsewhere);
    }
    let reaches = Command::new("test")
        .arg("-x")
        .arg(data_dir)
        .uid(owner.uid)
        .gid(owner.gid)
        .current_dir("/")
        .status()
        .await
        .is_ok_and(|status| status.success());
    if reaches {
        return Ok(data_dir.to_owned());
    }
    // A name of its own: who removes the data folder starts afresh.
    let name = uuid::Uuid::now_v7().simple().to_string();
    let elsewhere = Path::new("/var/lib/customer-logs").join(name);
    tracing::info!(
        "only root may enter {}, and PostgreSQL does not run as root: keeping it in {}",
        data_dir.display(),
        elsewhere.display()
    );
    fs::create_dir_all(&elsewhere).map_err(files("making the folder", &elsewhere))?;
    symlink(&elsewhere, &link).map_err(files("linking", &link))?;
    Ok(elsewhere)
}

/// The folder for the socket: beside the cluster, unless that path is too long for one.
fn sockets(home: &Path) -> PathBuf {
    let beside = home.join("run");
    if beside.join(".s.PGSQL.5432").as_os_str().len() <= LONGEST_SOCKET {
        return beside;
    }
    let hash = sha256(&home.to_string_lossy());
    let name: String = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    std::env::temp_dir().join(format!("customer-logs-{name}"))
}

/// The folder of the programs: `POSTGRES_BIN`, or the newest installed; for a cluster that is there already,
/// of the version that made it.
fn programs(data: &Path) -> Result<PathBuf, EmbeddedError> {
    let complete = |folder: &PathBuf| {
        ["postgres", "initdb", "pg_ctl"].iter().all(|program| folder.join(program).is_file())
    };
    if let Some(folder) = std::env::var_os("POSTGRES_BIN").map(PathBuf::from) {
        return complete(&folder)
            .then_some(folder)
            .ok_or(EmbeddedError::NoPrograms("none in the folder that POSTGRES_BIN names"));
    }
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| complete(folder))
        .collect();
    versions.sort();
    let made_by = fs::read_to_string(data.join("PG_VERSION"))
        .ok()
        .and_then(|version| version.trim().parse::<u32>().ok());
    match made_by {
        Some(made_by) => versions.retain(|(version, _)| *version == made_by),
        None => {
            let elsewhere = std::env::var_os("PATH")
                .into_iter()
                .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
                .filter(|folder| complete(folder))
                .map(|folder| (0, folder));
            versions.splice(0..0, elsewhere);
        }
    }
    versions.pop().map(|(_, folder)| folder).ok_or(EmbeddedError::NoPrograms(
        if made_by.is_some() {
            "of the version that made the cluster"
        } else {
            "postgres, initdb, pg_ctl"
        },
    ))
}
