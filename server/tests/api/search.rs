//! Searching.

use app::{
    log::query::{LogQuery, Search, SearchIn},
    query::Total,
};
use server::{
    access::admit,
    store::{entries::PastTheEnd, recorder::NewEntry},
};

use super::harness::{App, entry, reader};

async fn found(app: &App, text: &str, within: SearchIn) -> (Vec<String>, Total) {
    let scope = admit(&reader(), "1").unwrap();
    let query = LogQuery { search: Search { text: text.into(), within }, ..LogQuery::default() };
    let page = app.store.log_page(&scope, &query, PastTheEnd::Empty).await.unwrap().unwrap();
    (page.entries.into_iter().map(|entry| entry.user).collect(), page.total)
}

#[tokio::test]
async fn every_character_stands_for_itself_and_case_does_not_count() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    let users = [
        "100% sure",
        "under_score",
        r"back\slash",
        "O'Brien",
        "say \"hi\"",
        "<script>alert(1)</script>",
        "محمد العلي",
        "ÉLODIE",
        "ΣΊΣΥΦΟΣ",
        "a\u{0}b",
    ];
    for user in users {
        app.record(&[NewEntry { user: user.into(), ..entry(&customer) }]).await;
    }
    for (text, user) in [
        ("%", "100% sure"),
        ("_", "under_score"),
        ("\\", r"back\slash"),
        ("'", "O'Brien"),
        ("\"", "say \"hi\""),
        ("<SCRIPT>", "<script>alert(1)</script>"),
        ("العلي", "محمد العلي"),
        ("élod", "ÉLODIE"),
        ("σίσυ", "ΣΊΣΥΦΟΣ"),
        ("A\u{0}", "a\u{2400}b"),
    ] {
        let (users, total) = found(&app, text, SearchIn::User).await;
        assert_eq!(users, [user], "{text}");
        assert_eq!(total, Total { value: 1, exact: true }, "{text}");
    }
}

#[tokio::test]
async fn a_search_looks_where_it_is_told_to() {
    let app = App::start().await;
    let customer = app.add_customer("1").await;
    app.record(&[
        NewEntry { user: "balance-bot".into(), ..entry(&customer) },
        NewEntry { user: "Ana".into(), impacted_table: "balances".into(), ..entry(&customer) },
        NewEntry {
            user: "balance-bot".into(),
            impacted_table: "balances".into(),
            ..entry(&customer)
        },
        entry(&customer),
    ])
    .await;
    for (within, total) in [(SearchIn::User, 2), (SearchIn::Table, 2), (SearchIn::UserOrTable, 3)] {
        assert_eq!(found(&app, "balance", within).await.1.value, total, "{within:?}");
    }
}
