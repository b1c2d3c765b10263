//! The server, as the program that `make` builds and with its default settings.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
};

use sqlx::postgres::PgConnectOptions;

/// The command line's program, whatever it is to do, for the database that `options` name.
pub(crate) fn command(arguments: &[&str], options: &PgConnectOptions) -> Command {
    let socket = options.get_socket().expect("the private Postgres has a socket");
    let database = options.get_database().unwrap();
    let url = format!("postgres:///{database}?host={}&user=postgres", socket.display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_customer-logs"));
    command.args(arguments).args(["--database-url", &url]).env_remove("RUST_LOG");
    command
}

/// A server that runs. It ends when this is dropped.
pub(crate) struct Program {
    child: Child,
    /// Where it listens.
    pub(crate) address: String,
}

impl Program {
    pub(crate) fn start(options: &PgConnectOptions) -> Self {
        let mut child = command(&["serve", "--address", "127.0.0.1:0"], options)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut words = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let line = words.next().expect("the server says where it listens").unwrap();
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split(' ').next().unwrap().to_owned();
            }
            eprintln!("{line}");
        };
        // What it says later is passed on: it must not wait for a reader, and faults are to be seen.
        thread::spawn(move || {
            let words = words.map_while(Result::ok).filter(|line| !is_greeting(line));
            words.for_each(|line| eprintln!("{line}"));
        });
        Self { child, address }
    }

    /// Measures the most memory anew from here on; says how much it has now, in MB.
    pub(crate) fn watch_memory(&self) -> f64 {
        fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
        self.memory("VmRSS:")
    }

    /// The most memory it had since, in MB.
    pub(crate) fn most_memory(&self) -> f64 {
        self.memory("VmHWM:")
    }

    fn memory(&self, what: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    }
}

/// What every server says when it starts.
fn is_greeting(line: &str) -> bool {
    line.ends_with("Ctrl-C stops.") || line.starts_with("Nobody may sign in yet")
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}
