//! Signing in and out.

use app::session::viewer::Role;
use reqwest::{StatusCode, header};

use super::harness::{App, PASSWORD, cookie, location};

#[tokio::test]
async fn a_session_begins_at_sign_in_and_ends_at_sign_out() {
    let app = App::start().await;
    app.add_user("ana@example.com", Role::Operator).await;
    let answer = app.sign_in(" Ana@Example.com ", PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(location(&answer), "/customers");
    let set = answer.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(
        set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"),
        "{set}"
    );

    let session = cookie(&answer).unwrap();
    let status = async || {
        app.get("/customers").header(header::COOKIE, &session).send().await.unwrap().status()
    };
    assert_eq!(status().await, StatusCode::OK);
    let out = app.post("/sign-out").header(header::COOKIE, &session).send().await.unwrap();
    assert_eq!(location(&out), "/sign-in");
    assert_eq!(status().await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_database_keeps_no_token_and_no_password() {
    let app = App::start().await;
    let session = app.session(Role::Operator).await;
    let token = session.strip_prefix("session=").unwrap();
    let kept: String = sqlx::query_scalar(
        "select string_agg(session::text, ' ') || string_agg(app_user::text, ' ') from session, app_user",
    )
    .fetch_one(&mut app.owner().await)
    .await
    .unwrap();
    assert!(!kept.contains(token) && !kept.contains(PASSWORD));
    assert!(kept.contains("$argon2id$"));
}

#[tokio::test]
async fn sessions_end_after_an_idle_hour_and_after_twelve_hours() {
    let app = App::start().await;
    for change in [
        "update session set last_seen_at = now() - interval '61 minutes'",
        "update session set created_at = now() - interval '12 hours 1 second'",
    ] {
        let session = app.session(Role::Operator).await;
        let status = async || {
            app.get("/customers").header(header::COOKIE, &session).send().await.unwrap().status()
        };
        assert_eq!(status().await, StatusCode::OK);
        sqlx::query(change).execute(&mut app.owner().await).await.unwrap();
        assert_eq!(status().await, StatusCode::SEE_OTHER, "{change}");
    }
}

#[tokio::test]
async fn what_an_open_page_asks_by_itself_does_not_keep_the_session_alive() {
    let app = App::start().await;
    app.add_customer("1").await;
    let session = app.session(Role::Operator).await;
    let idle = async || {
        sqlx::query("update session set last_seen_at = now() - interval '59 minutes'")
            .execute(&mut app.owner().await)
            .await
            .unwrap();
    };
    let seen = async |path: &str| {
        let answer = app.get(path).header(header::COOKIE, &session).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        sqlx::query_scalar::<_, bool>(
            "select last_seen_at > now() - interval '1 minute' from session",
        )
        .fetch_one(&mut app.owner().await)
        .await
        .unwrap()
    };
    idle().await;
    assert!(!seen("/fn/log-newest?customer_id=1").await);
    assert!(!seen("/fn/log-tail?customer_id=1").await);
    assert!(!seen("/fn/log-exports?customer_id=1&followed=1").await);
    assert!(seen("/fn/log?customer_id=1").await);
}

#[tokio::test]
async fn guessing_is_slowed_down_whoever_exists() {
    let app = App::start().await;
    app.add_user("ana@example.com", Role::Operator).await;
    for email in ["ana@example.com", "nobody@example.com"] {
        for _ in 0..3 {
            let answer = app.sign_in(email, "wrong").await;
            assert_eq!(location(&answer), "/sign-in?problem=credentials");
            assert!(cookie(&answer).is_none());
        }
        // The right password does not help before the wait is over.
        let answer = app.sign_in(email, PASSWORD).await;
        assert!(location(&answer).starts_with("/sign-in?problem=wait&seconds="), "{email}");
        assert!(cookie(&answer).is_none());
    }
    sqlx::query("update sign_in_failure set last_failed_at = now() - interval '2 minutes'")
        .execute(&mut app.owner().await)
        .await
        .unwrap();
    assert!(cookie(&app.sign_in("ana@example.com", PASSWORD).await).is_some());
}

#[tokio::test]
async fn signing_in_leads_on_to_pages_of_this_site_only() {
    let app = App::start().await;
    app.add_user("ana@example.com", Role::Operator).await;
    for (next, to) in [
        ("/customers/1/logs?sort=user", "/customers/1/logs?sort=user"),
        ("https://evil.example/", "/customers"),
        ("//evil.example/", "/customers"),
    ] {
        let form = [("email", "ana@example.com"), ("password", PASSWORD), ("next", next)];
        let answer = app
            .post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(app::query::query_string(form))
            .send()
            .await
            .unwrap();
        assert_eq!(location(&answer), to);
    }
}

#[tokio::test]
async fn other_sites_cannot_send_this_ones_forms() {
    let app = App::start().await;
    let session = app.session(Role::Operator).await;
    for path in ["/sign-in", "/sign-out", "/preferences"] {
        for foreign in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            let answer = app
                .post(path)
                .header(header::COOKIE, &session)
                .header(foreign.0, foreign.1)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} {foreign:?}");
        }
    }
    let still = app.get("/customers").header(header::COOKIE, &session).send().await.unwrap();
    assert_eq!(still.status(), StatusCode::OK);
}
