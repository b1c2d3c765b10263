//! Completion of what is typed into the search box: what is suggested, and how often it comes.

use app::{
    log::{
        entry::{Source, UserKind},
        filter::Field,
        query::LogQuery,
    },
    query::{UrlQuery, query_string},
    session::viewer::Role,
};
use reqwest::{StatusCode, header};
use server::{access::admit, store::recorder::NewEntry};

use super::harness::{App, entry, reader};

/// What stands in each option: the text that it makes, and what is read of it.
async fn options(app: &App, session: &str, view: &str, typed: &str) -> Vec<(String, String)> {
    let (text, caret) = (typed.replace('|', ""), typed.find('|').unwrap().to_string());
    let asked = [("customer_id", "1"), ("view", view), ("text", &text), ("caret", &caret)];
    let path = format!("/fn/log-completions?{}", query_string(asked));
    let answer = app.get(&path).header(header::COOKIE, session).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let html: String = answer.json().await.unwrap();
    let plain =
        |html: &str| html.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    html.split("role=\"option\"")
        .skip(1)
        .map(|option| {
            let text = option.split("data-text=\"").nth(1).unwrap().split('"').next().unwrap();
            let shown = option.split('>').skip(1).map(|part| part.split('<').next().unwrap());
            let shown: Vec<_> = shown.filter(|part| !part.trim().is_empty()).collect();
            (plain(text), plain(&shown.join(" ")))
        })
        .collect()
}

/// What was recorded before anybody signed in.
const PIN: &str = "as_of=4";

async fn log() -> App {
    let app = App::start().await;
    let own = app.add_customer("1").await;
    let one = |user: &str, table: &str, source| NewEntry {
        user: user.into(),
        user_kind: UserKind::Client,
        impacted_table: table.into(),
        source,
        ..entry(&own)
    };
    app.record(&[
        one("Ana \"A\" Prado", "accounts", Source::Ui),
        one("Ana \"A\" Prado", "banana", Source::Api),
        one("Bruno", "banana", Source::Api),
        one("", "accounts", Source::Api),
    ])
    .await;
    app
}

fn texts(options: &[(String, String)]) -> Vec<&str> {
    options.iter().map(|(text, _)| text.as_str()).collect()
}

#[tokio::test]
async fn words_suggest_users_tables_and_keywords_and_fields_their_values() {
    let app = log().await;
    let session = app.session(Role::Auditor).await;
    let found = options(&app, &session, PIN, "an|").await;
    assert_eq!(texts(&found), ["user:=\"Ana \\\"A\\\" Prado\" ", "table:=banana "]);
    assert_eq!(found[0].1, "Ana \"A\" Prado User · 2");
    assert_eq!(found[1].1, "banana Impacted Table · 2");
    // Words beside each other are one.
    assert_eq!(options(&app, &session, PIN, r#""ana \"a\" pr|"#).await.len(), 1);
    let keywords = options(&app, &session, PIN, "x a|").await;
    assert_eq!(texts(&keywords)[keywords.len() - 2..], ["x action:", "x after:"]);
    let values = options(&app, &session, PIN, "-user:|").await;
    assert_eq!(texts(&values), ["-user:=\"Ana \\\"A\\\" Prado\" ", "-user:=Bruno "]);
    let paths = options(&app, &session, PIN, "path:POST|").await;
    assert_eq!(texts(&paths), ["path:\"POST /withdrawals/7/approve\" "]);
    assert_eq!(options(&app, &session, PIN, "after:|").await.len(), 6);
    assert_eq!(options(&app, &session, PIN, "colour:r|").await, []);
}

#[tokio::test]
async fn counts_are_the_facets_of_what_is_in_force() {
    let app = log().await;
    let session = app.session(Role::Auditor).await;
    let scope = admit(&reader(), "1").unwrap();
    for (view, text, said) in [
        ("", "user:|", ""),
        ("source=API", "user:|", "source=API"),
        ("source=API&q=lost", "user:| table:banana", "source=API&impacted_table.has=banana"),
        ("impacted_table=banana&user=Bruno", "user:|", "impacted_table=banana"),
        ("", "source:=API user:a|", "source=API"),
    ] {
        let (query, _) = LogQuery::read(&format!("{PIN}&{said}"));
        let part = if text.contains(":a") { "a" } else { "" };
        let facet = app.store.facet(&scope, &query, Field::User, part).await.unwrap().unwrap();
        let expected: Vec<_> = facet
            .into_iter()
            .filter(|found| !found.value.is_empty())
            .map(|found| format!("{} User · {}", found.value, found.entries.unwrap()))
            .collect();
        // The text that is typed stands for the one that the page was found by.
        let view = format!("{PIN}&{}", view.replace("&q=lost", ""));
        let shown = options(&app, &session, &view, text).await;
        let shown: Vec<_> = shown.into_iter().map(|(_, shown)| shown).collect();
        assert_eq!(shown, expected, "{view} {text}");
    }
}

#[tokio::test]
async fn customers_are_suggested_nothing_that_they_do_not_see() {
    let app = log().await;
    let own = "1".parse().unwrap();
    app.record(&[entry(&own)]).await;
    let session = app.session(Role::Customer(own)).await;
    assert_eq!(
        texts(&options(&app, &session, "as_of=5", "an|").await),
        ["user:=\"Ana \\\"A\\\" Prado\" "]
    );
    for nothing in ["table:|", "instance:w|", "path:P|", "t|", "prado hel|x", "user:prado|x"] {
        let found = options(&app, &session, "as_of=5", nothing).await;
        assert!(
            found.iter().all(|(text, _)| text.starts_with("user:=\"Ana")),
            "{nothing}: {found:?}"
        );
    }
    // Staff by the name that is shown.
    let staff = options(&app, &session, "as_of=5", "helena|").await;
    assert_eq!(texts(&staff), ["user:=\"Helena P.\" "]);
    // What is asked of what is hidden is named when it is sent off; here it does not count.
    assert_eq!(options(&app, &session, "as_of=5", "table:x user:bru|").await.len(), 1);
}
