//! Every action is recorded: a walk through every route and server function there is. The list is the
//! router's own; what is not known here fails.

use std::collections::BTreeMap;

use app::{customer::id::CustomerId, session::viewer::Role};
use reqwest::{RequestBuilder, Response, header};
use server::http::{
    router,
    routes::{Route, changes},
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{
    acts::{done, perform, said},
    exports::begun,
    harness::{App, PASSWORD},
};

/// What the database holds, but for the logs: a hash for each table.
async fn state(app: &App) -> BTreeMap<String, String> {
    let mut owner = app.owner().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select tablename::text from pg_tables where schemaname = 'public'
         and tablename not in ('log_entry', 'log_head', 'log_value', 'log_receipt')",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let mut state = BTreeMap::new();
    for table in tables {
        let statement = format!(
            "select coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') from {table} t"
        );
        let hash =
            sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&mut owner).await.unwrap();
        state.insert(table, hash);
    }
    state
}

/// How many entries all logs have.
async fn entries(app: &App) -> i64 {
    sqlx::query_scalar("select count(*) from log_entry")
        .fetch_one(&mut app.owner().await)
        .await
        .unwrap()
}

/// Reads all of an answer; of one that has no end, its beginning.
async fn read(mut answer: Response) {
    let endless = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes() == b"text/event-stream");
    while answer.chunk().await.unwrap().is_some() && !endless {}
}

/// Waits until whoever writes the file of an export has noted that it is whole.
async fn settled(app: &App) {
    let running = "select exists (select from log_export where state = 'running')";
    let mut owner = app.owner().await;
    while sqlx::query_scalar::<_, bool>(running).fetch_one(&mut owner).await.unwrap() {
        tokio::task::yield_now().await;
    }
}

/// Who acts, and on what.
struct Stage {
    app: App,
    /// The operator who asks.
    ana: String,
    /// The operator who decides.
    bea: String,
    id: CustomerId,
}

impl Stage {
    async fn set() -> Self {
        let app = App::start().await;
        let id = app.add_customer("1").await;
        app.add_user("carla@example.com", Role::Customer(id.clone())).await;
        let (ana, bea) = (app.session(Role::Operator).await, app.session(Role::Operator).await);
        perform(&app, &ana, &id, "deposit", "1000", "").await;
        Self { app, ana, bea, id }
    }

    /// A withdrawal that waits for its approval.
    async fn requested(&self) -> i64 {
        let limit = [
            ("name", "Customer 1"),
            ("customer_type", "business"),
            ("status", "active"),
            ("daily_limit", "0"),
        ];
        done(&self.app, &self.ana, "/customers/1/settings", &limit).await;
        perform(&self.app, &self.ana, &self.id, "withdrawal", "5", "").await
    }

    /// A view that the operator keeps.
    async fn view(&self, name: &str) -> i64 {
        let kept = self.form(&self.ana, "/views", &[("name", name), ("query", "")]);
        assert!(kept.send().await.unwrap().status().is_redirection());
        sqlx::query_scalar("select view_id from saved_view where name = $1")
            .bind(name)
            .fetch_one(&mut self.app.owner().await)
            .await
            .unwrap()
    }

    fn form(&self, session: &str, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        self.app
            .post(path)
            .header(header::COOKIE, session)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(app::query::query_string(form.iter().copied()))
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.app.get(path).header(header::COOKIE, &self.ana)
    }

    /// A request that goes the route and does what the route is for; everything that it needs is there.
    async fn request(&self, route: &Route) -> RequestBuilder {
        let key = async || self.app.write_key().await;
        match (route.method, route.path) {
            ("POST", "/sign-in") => {
                let form = [("email", "carla@example.com"), ("password", PASSWORD)];
                self.form("", "/sign-in", &form)
            }
            ("POST", "/sign-out") => {
                let session = self.app.session(Role::Operator).await;
                self.form(&session, "/sign-out", &[])
            }
            ("POST", "/preferences") => self.form(&self.ana, "/preferences", &[("theme", "other")]),
            ("POST", "/new-customer") => {
                let form = [
                    ("customer_id", "2"),
                    ("currency", "EUR"),
                    ("name", "Two"),
                    ("customer_type", "person"),
                    ("status", "active"),
                ];
                self.form(&self.ana, "/new-customer", &form)
            }
            ("POST", "/customers/{customer_id}/settings") => {
                let form = [("name", "Other"), ("customer_type", "person"), ("status", "active")];
                self.form(&self.ana, "/customers/1/settings", &form)
            }
            ("POST", "/customers/{customer_id}/block") => {
                self.form(&self.ana, "/customers/1/block", &[])
            }
            ("POST", "/customers/{customer_id}/unblock") => {
                done(&self.app, &self.ana, "/customers/1/block", &[]).await;
                self.form(&self.ana, "/customers/1/unblock", &[])
            }
            ("POST", "/customers/{customer_id}/operations") => {
                let form = [("kind", "deposit"), ("amount", "5")];
                self.form(&self.ana, "/customers/1/operations", &form)
            }
            ("POST", "/customers/{customer_id}/operations/{number}/approve") => {
                let number = self.requested().await;
                self.form(&self.bea, &format!("/customers/1/operations/{number}/approve"), &[])
            }
            ("POST", "/customers/{customer_id}/operations/{number}/reject") => {
                let number = self.requested().await;
                self.form(&self.bea, &format!("/customers/1/operations/{number}/reject"), &[])
            }
            ("POST", "/customers/{customer_id}/operations/{number}/reverse") => {
                let number = perform(&self.app, &self.ana, &self.id, "deposit", "7", "").await;
                self.form(&self.ana, &format!("/customers/1/operations/{number}/reverse"), &[])
            }
            ("POST", "/customers/{customer_id}/logs/exports/{export_id}/cancel") => {
                let id = Uuid::now_v7();
                begun(&self.app, &self.ana, id).await;
                self.form(&self.ana, &format!("/customers/1/logs/exports/{id}/cancel"), &[])
            }
            ("POST", "/layout") => self.form(&self.ana, "/layout", &[("density", "compact")]),
            ("POST", "/views") => {
                self.form(&self.ana, "/views", &[("name", "Kept"), ("query", "source=API")])
            }
            ("POST", "/views/{view_id}/delete") => {
                let id = self.view("Deleted").await;
                self.form(&self.ana, &format!("/views/{id}/delete"), &[])
            }
            ("POST", "/views/{view_id}/default") => {
                let id = self.view("Default").await;
                self.form(&self.ana, &format!("/views/{id}/default"), &[])
            }
            ("POST", "/views/no-default") => self.form(&self.ana, "/views/no-default", &[]),
            ("POST", "/customers/{customer_id}/links") => {
                self.form(&self.ana, "/customers/1/links", &[("query", "source=API")])
            }
            ("GET", "/l/{code}") => {
                let made = self.form(&self.ana, "/customers/1/links", &[("query", "source=UI")]);
                let made = made.send().await.unwrap();
                self.get(made.headers()[header::LOCATION].to_str().unwrap())
            }
            ("POST", "/api/v1/logs") => self
                .app
                .post("/api/v1/logs")
                .bearer_auth(key().await)
                .header(header::CONTENT_TYPE, "application/json")
                .body(r#"{"customer_id":"1","user":"Ana","action":"Did it"}"#),
            ("PUT", "/api/v1/customers/{customer_id}") => self
                .app
                .put("/api/v1/customers/1")
                .bearer_auth(key().await)
                .body(r#"{"name":"Another name"}"#),
            ("GET", "/fn/log-tail") => self.get("/fn/log-tail?customer_id=1"),
            ("GET", path) if !path.contains('{') => self.get(path),
            ("GET", "/customers/{customer_id}/operations/{number}") => {
                let number = perform(&self.app, &self.ana, &self.id, "deposit", "7", "").await;
                self.get(&format!("/customers/1/operations/{number}"))
            }
            ("GET", path) if path.replace("{customer_id}", "1").find('{').is_none() => {
                self.get(&path.replace("{customer_id}", "1"))
            }
            ("GET", "/fn/{*name}") => self.get("/fn/log?customer_id=1"),
            _ => panic!(
                "no request is known for {route:?}: add one, so that it is shown to be recorded"
            ),
        }
    }
}

#[tokio::test]
async fn every_route_that_changes_something_leaves_an_entry_that_says_who_and_by_which_way() {
    let stage = Stage::set().await;
    let routes = router::routes().list();
    assert!(routes.iter().filter(|route| changes(route)).count() >= 13, "{routes:?}");
    for route in routes {
        let request = stage.request(&route).await;
        let (before, seen) = (state(&stage.app).await, entries(&stage.app).await);
        let (client, request) = request.build_split();
        let request = request.unwrap();
        let went = format!("{} {}", request.method(), request.url().path());
        let by_key = request.headers().contains_key(header::AUTHORIZATION);
        let answer = client.execute(request).await.unwrap();
        let status = answer.status();
        assert!(status.is_success() || status.is_redirection(), "{route:?}: {status}");
        read(answer).await;
        settled(&stage.app).await;
        let (after, recorded) = (state(&stage.app).await, entries(&stage.app).await - seen);
        let changed: Vec<_> =
            after.iter().filter(|(table, hash)| before[*table] != **hash).collect();
        assert!(
            recorded > 0 || changed.is_empty(),
            "{route:?} changed {changed:?} and left no entry"
        );
        // What is posted does something; but for the one choice that only the browser keeps.
        if changes(&route) && route.path != "/preferences" {
            assert!(recorded > 0, "{route:?} left no entry");
        }
        if recorded > 0 && route.path != "/api/v1/logs" {
            let said: Vec<(String, String, String, String)> = sqlx::query_as(
                r#"select "user", source, app_instance, request_path from log_entry
                   order by created_at desc, seq desc limit $1"#,
            )
            .bind(recorded)
            .fetch_all(&mut stage.app.owner().await)
            .await
            .unwrap();
            for (user, source, instance, path) in said {
                assert!(!user.is_empty(), "{route:?}");
                assert_eq!(source, if by_key { "API" } else { "UI" }, "{route:?}");
                assert_eq!(
                    (instance.as_str(), path.as_str()),
                    ("test-1", went.as_str()),
                    "{route:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn server_functions_only_read_and_what_they_show_of_others_is_recorded() {
    let stage = Stage::set().await;
    let known = [
        ("/fn/log", "/fn/log?customer_id=1"),
        ("/fn/log-around", "/fn/log-around?customer_id=1&view=facet%3Duser"),
        ("/fn/log-entry", "/fn/log-entry?customer_id=1&view=entry%3D1"),
        ("/fn/log-completions", "/fn/log-completions?customer_id=1&text=user%3A&caret=5"),
        ("/fn/log-exports", "/fn/log-exports?customer_id=1&view=export%3D1"),
        ("/fn/log-newest", "/fn/log-newest?customer_id=1"),
        ("/fn/customers", "/fn/customers"),
        ("/fn/customer", "/fn/customer?customer_id=1"),
    ];
    let functions: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    assert_eq!(functions.len(), known.len(), "{functions:?}");
    for (path, method) in functions {
        assert_eq!(method, "GET", "{path} may change something: it is to be shown what it records");
        let (_, example) = known.iter().find(|(known, _)| path == *known).unwrap();
        let seen = said(&stage.app, "1", 0).await.len();
        let before = state(&stage.app).await;
        assert!(stage.get(example).send().await.unwrap().status().is_success(), "{path}");
        let recorded = said(&stage.app, "1", seen).await.len();
        let changed = state(&stage.app).await != before;
        assert_eq!(changed, recorded > 0, "{path}");
    }
}
