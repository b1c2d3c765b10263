//! What lies around every answer.

use app::session::viewer::Role;
use reqwest::{StatusCode, header};

use super::harness::App;

#[tokio::test]
async fn too_large_is_turned_away() {
    let app = App::start().await;
    let long = format!("/customers?q={}", "x".repeat(9_000));
    assert_eq!(app.get(&long).send().await.unwrap().status(), StatusCode::URI_TOO_LONG);
    let large = app.post("/sign-in").body(vec![b'x'; 100_000]).send().await.unwrap();
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn every_answer_tells_the_browser_how_far_to_trust_it() {
    let app = App::start().await;
    let session = app.session(Role::Operator).await;
    for path in ["/sign-in", "/customers", "/nowhere", "/api/v1/nothing", "/healthz"] {
        let answer = app.get(path).header(header::COOKIE, &session).send().await.unwrap();
        let headers = answer.headers();
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert!(headers.contains_key("x-request-id"), "{path}");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}");
    }
}

#[tokio::test]
async fn a_page_is_whole_without_scripts_and_its_scripts_carry_the_nonce() {
    let app = App::start().await;
    app.add_customer("1").await;
    let session = app.session(Role::Operator).await;
    let answer = app.get("/customers").header(header::COOKIE, &session).send().await.unwrap();
    let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    let page = answer.text().await.unwrap();
    assert!(page.contains("Customer 1"));
    for script in page.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap();
        if !tag.contains("application/json") {
            let nonce = tag.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(policy.contains(&format!("'nonce-{nonce}'")), "{tag}");
        }
    }
}

/// One thread renders a page and another may send its end: whatever is bound to the first breaks the answer off. Before
/// that was mended, one of forty was.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_pages_at_once_each_one_comes_to_its_end() {
    let app = App::start().await;
    app.add_customer("1").await;
    let session = app.session(Role::Operator).await;
    let people = (0..16).map(|_| async {
        for _ in 0..40 {
            let page = app.get("/customers/1/logs").header(header::COOKIE, &session);
            let page = page.send().await.unwrap().text().await.unwrap();
            assert!(page.contains("</html>"));
        }
    });
    futures_util::future::join_all(people).await;
}

#[tokio::test]
async fn parameters_that_a_page_does_not_take_are_named_on_it() {
    let app = App::start().await;
    app.add_customer("1").await;
    let session = app.session(Role::Operator).await;
    let path = "/customers/1/logs?per_page=7&colour=%3Cscript%3E&page=9";
    let answer = app.get(path).header(header::COOKIE, &session).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let page = answer.text().await.unwrap();
    assert!(page.contains("“per_page” was left out of this page: it takes 10, 25, 50 or 100."));
    assert!(page.contains("“colour” was left out"));
    assert!(page.contains("Page 9 does not exist; this is the last."));
    assert!(!page.contains("<script>"));
}

#[tokio::test]
async fn alive_and_ready_are_told_apart() {
    let app = App::start().await;
    assert_eq!(app.get("/healthz").send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(app.get("/readyz").send().await.unwrap().status(), StatusCode::OK);
    sqlx::query("delete from _sqlx_migrations where version = 3")
        .execute(&mut app.owner().await)
        .await
        .unwrap();
    assert_eq!(app.get("/healthz").send().await.unwrap().status(), StatusCode::OK);
    let ready = app.get("/readyz").send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn looks_are_kept_without_scripts_too() {
    let app = App::start().await;
    let answer = app
        .post("/preferences")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::REFERER, format!("{}/customers/1/logs?sort=user", app.base))
        .body("theme=other")
        .send()
        .await
        .unwrap();
    assert_eq!(super::harness::location(&answer), "/customers/1/logs?sort=user");
    let set = answer.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(set.starts_with("theme=dark"), "{set}");
}
