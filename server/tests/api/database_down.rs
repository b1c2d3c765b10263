//! A database that goes away, and comes back.

use std::{sync::Arc, time::Duration};

use app::session::viewer::Role;
use reqwest::{StatusCode, header};
use tokio::{
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
};

use super::harness::{App, fresh_database};

/// Stands between the server and Postgres; what it carries breaks off while it is closed.
async fn gate(socket: Arc<std::path::PathBuf>) -> (u16, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (open, state) = watch::channel(true);
    tokio::spawn(async move {
        loop {
            let (client, _) = listener.accept().await.unwrap();
            let (socket, state) = (Arc::clone(&socket), state.clone());
            tokio::spawn(carry(client, socket, state));
        }
    });
    (port, open)
}

async fn carry(
    mut client: TcpStream,
    socket: Arc<std::path::PathBuf>,
    mut open: watch::Receiver<bool>,
) {
    if !*open.borrow() {
        return;
    }
    let mut postgres = UnixStream::connect(&*socket).await.unwrap();
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut postgres) => {}
        _ = open.wait_for(|open| !open) => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_api_say_503_while_the_database_is_away_and_work_again_when_it_is_back() {
    let direct = fresh_database().await;
    let socket = direct.get_socket().unwrap().join(".s.PGSQL.5432");
    let (port, open) = gate(Arc::new(socket)).await;
    let database = direct.get_database().unwrap();
    let through = format!("postgres://postgres@127.0.0.1:{port}/{database}").parse().unwrap();
    let app = App::start_on(&through).await;
    app.add_customer("1").await;
    let session = app.session(Role::Operator).await;
    let get =
        async |path: &str| app.get(path).header(header::COOKIE, &session).send().await.unwrap();
    let paths = ["/customers/1/logs", "/customers", "/api/v1/customers/1/logs", "/readyz"];
    for path in paths {
        assert_eq!(get(path).await.status(), StatusCode::OK, "{path}");
    }

    open.send(false).unwrap();
    for path in paths {
        let answer = get(path).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.headers().contains_key(header::RETRY_AFTER), "{path}");
        let text = answer.text().await.unwrap();
        let told = !text.to_lowercase().contains("postgres") && !text.contains("pool");
        assert!(told, "{path} tells of the database: {text}");
        if path == "/customers/1/logs" {
            assert!(text.contains("The log could not be loaded") && text.contains("Try again"));
        }
    }
    assert_eq!(get("/healthz").await.status(), StatusCode::OK);

    open.send(true).unwrap();
    let back = tokio::time::timeout(Duration::from_secs(10), async {
        while get("/readyz").await.status() != StatusCode::OK {}
    });
    back.await.expect("it recovers by itself");
    for path in paths {
        assert_eq!(get(path).await.status(), StatusCode::OK, "{path}");
    }
}
