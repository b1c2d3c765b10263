//! How people want the Logs tab: columns, saved views, and short links.

use app::{
    log::{
        columns::Columns,
        layout::{Density, Layout},
    },
    session::viewer::Role,
};
use reqwest::{Response, StatusCode, header};

use super::{
    acts::said,
    harness::{App, entry, location},
};

async fn send(app: &App, session: &str, path: &str, form: &[(&str, &str)]) -> Response {
    app.post(path)
        .header(header::COOKIE, session)
        .header(header::REFERER, "http://127.0.0.1/customers/1/logs?sort=user")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(app::query::query_string(form.iter().copied()))
        .send()
        .await
        .unwrap()
}

async fn page(app: &App, session: &str, path: &str) -> String {
    let answer = app.get(path).header(header::COOKIE, session).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.unwrap()
}

/// The heads of the table's columns, in their order.
fn heads(page: &str) -> Vec<String> {
    let head = page.split("<thead role").nth(1).unwrap().split("</thead>").next().unwrap();
    let labels = head.split("class=\"label\">").skip(1);
    labels.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

/// A log of three entries, and the session of an operator.
async fn stage() -> (App, String) {
    let app = App::start().await;
    let id = app.add_customer("1").await;
    app.record(&[entry(&id), entry(&id), entry(&id)]).await;
    let session = app.session(Role::Operator).await;
    (app, session)
}

#[tokio::test]
async fn a_layout_is_its_users_in_every_browser_and_changes_of_it_are_recorded() {
    let (app, ana) = stage().await;
    let bea = app.session(Role::Operator).await;
    let chosen = "source,action,created_at";
    let answer = send(&app, &ana, "/layout", &[("columns", chosen)]).await;
    assert_eq!(location(&answer), "/customers/1/logs?sort=user");
    send(&app, &ana, "/layout", &[("widths", "source:200")]).await;
    send(&app, &ana, "/layout", &[("density", "compact")]).await;
    let shown = page(&app, &ana, "/customers/1/logs").await;
    assert_eq!(heads(&shown), ["Source", "Action", "Created At"]);
    assert!(shown.contains("data-density=\"compact\"") && shown.contains("width=\"200\""));
    let others = page(&app, &bea, "/customers/1/logs").await;
    assert_eq!(heads(&others).len(), 8);

    // What the address names is shown, and nothing is kept of it.
    let named = page(&app, &ana, "/customers/1/logs?columns=user,action").await;
    assert_eq!(heads(&named), ["User", "Action"]);
    assert_eq!(heads(&page(&app, &ana, "/customers/1/logs").await).len(), 3);

    let platform = said(&app, "platform", 0).await;
    let changes = || platform.iter().filter(|one| one.action == "Changed layout of logs");
    assert_eq!(changes().count(), 3, "{platform:?}");
    // The same again is no change.
    send(&app, &ana, "/layout", &[("density", "compact")]).await;
    assert_eq!(said(&app, "platform", 0).await.len(), platform.len());

    send(&app, &ana, "/layout", &[("reset", "1")]).await;
    let shown = page(&app, &ana, "/customers/1/logs").await;
    assert_eq!(heads(&shown).len(), 8);
    assert!(shown.contains("data-density=\"compact\""));
}

#[tokio::test]
async fn what_is_no_layout_changes_nothing() {
    let (app, ana) = stage().await;
    for (name, value) in [("columns", "password"), ("widths", "user:9"), ("density", "huge")] {
        let answer = send(&app, &ana, "/layout", &[(name, value)]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    }
    let kept: i64 = sqlx::query_scalar("select count(*) from log_layout")
        .fetch_one(&mut app.owner().await)
        .await
        .unwrap();
    assert_eq!(kept, 0);
    let nobody = send(&app, "", "/layout", &[("density", "compact")]).await;
    assert!(location(&nobody).starts_with("/sign-in"), "{}", location(&nobody));
    assert_eq!(Layout::default().density, Density::Regular);
    assert!(Columns::default().are_the_guides());
}

#[tokio::test]
async fn a_view_keeps_conditions_order_and_columns_but_neither_page_nor_pin() {
    let (app, ana) = stage().await;
    let query = "source=API&sort=user&dir=asc&per_page=50&columns=user,action&page=3&as_of=2";
    send(&app, &ana, "/views", &[("name", "Programs"), ("query", query)]).await;
    let shown = page(&app, &ana, "/customers/1/logs").await;
    let link = "/customers/1/logs?source=API&amp;columns=user%2Caction&amp;sort=user&amp;dir=asc&amp;per_page=50";
    assert!(shown.contains(&format!("href=\"{link}\"")), "{link}");
    // It is there for any log.
    app.add_customer("2").await;
    assert!(page(&app, &ana, "/customers/2/logs").await.contains("Programs"));

    for (name, query) in [("", "source=API"), (&"x".repeat(101), ""), ("A", "colour=red")] {
        let answer = send(&app, &ana, "/views", &[("name", name), ("query", query)]).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{name} {query}");
    }
    // One of the same name takes its place.
    send(&app, &ana, "/views", &[("name", "Programs"), ("query", "source=System")]).await;
    let shown = page(&app, &ana, "/customers/1/logs").await;
    assert!(shown.contains("href=\"/customers/1/logs?source=System\"") && !shown.contains(link));
}

#[tokio::test]
async fn own_views_are_ones_own_and_shared_ones_stay_among_those_who_see_the_same_logs() {
    let (app, ana) = stage().await;
    let bea = app.session(Role::Auditor).await;
    let (one, two) = ("1".parse().unwrap(), app.add_customer("2").await);
    let (carla, dora) =
        (app.session(Role::Customer(one)).await, app.session(Role::Customer(two)).await);
    send(&app, &ana, "/views", &[("name", "Mine"), ("query", "")]).await;
    send(&app, &ana, "/views", &[("name", "Ours"), ("query", "source=API"), ("shared", "1")]).await;
    send(&app, &carla, "/views", &[("name", "Carlas"), ("query", ""), ("shared", "1")]).await;
    let seen = async |session: &str, id: &str| {
        let shown = page(&app, session, &format!("/customers/{id}/logs")).await;
        ["Mine", "Ours", "Carlas"].map(|name| shown.contains(&format!(">{name}<")))
    };
    assert_eq!(seen(&ana, "1").await, [true, true, false]);
    assert_eq!(seen(&bea, "1").await, [false, true, false]);
    assert_eq!(seen(&carla, "1").await, [false, false, true]);
    assert_eq!(seen(&dora, "2").await, [false, false, false]);

    // Nobody deletes another's, and nobody opens logs with one that they do not see.
    let mut owner = app.owner().await;
    let id = async |owner: &mut sqlx::PgConnection, name: &str| -> i64 {
        sqlx::query_scalar("select view_id from saved_view where name = $1")
            .bind(name)
            .fetch_one(owner)
            .await
            .unwrap()
    };
    let (mine, ours) = (id(&mut owner, "Mine").await, id(&mut owner, "Ours").await);
    for path in [format!("/views/{ours}/delete"), format!("/views/{mine}/default")] {
        let answer = send(&app, &bea, &path, &[]).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    send(&app, &ana, &format!("/views/{ours}/delete"), &[]).await;
    assert_eq!(seen(&bea, "1").await, [false, false, false]);
    // A customer's are recorded in their own log, staff's in this installation's.
    assert!(said(&app, "1", 0).await.iter().any(|one| one.action == "Saved view of logs"));
    assert!(said(&app, "platform", 0).await.iter().any(|one| one.action == "Deleted view of logs"));
}

#[tokio::test]
async fn a_log_opens_with_the_view_that_was_chosen_for_it_and_with_all_where_one_says_so() {
    let (app, ana) = stage().await;
    let open = async |path: &str| app.get(path).header(header::COOKIE, &ana).send().await.unwrap();
    assert_eq!(open("/customers/1/logs").await.status(), StatusCode::OK);
    let form = [("name", "Programs"), ("query", "source=API"), ("default", "1")];
    send(&app, &ana, "/views", &form).await;
    assert_eq!(location(&open("/customers/1/logs").await), "/customers/1/logs?source=API");
    assert_eq!(open("/customers/1/logs?as_of=3").await.status(), StatusCode::OK);
    // The tab's link leads there at once.
    assert!(page(&app, &ana, "/customers/1").await.contains("/customers/1/logs?source=API"));
    send(&app, &ana, "/views/no-default", &[]).await;
    assert_eq!(open("/customers/1/logs").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_short_link_shows_the_same_rows_for_ever_and_only_to_those_who_may_see_them() {
    let (app, ana) = stage().await;
    let id = "1".parse().unwrap();
    let query = "user=Helena+Prado&from=-7d&per_page=10";
    let made = send(&app, &ana, "/customers/1/links", &[("query", query)]).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let link = location(&made).to_owned();
    assert!(link.starts_with("/l/") && link.len() == 13, "{link}");
    assert!(made.text().await.unwrap().contains(&format!("{}{link}", app.base)));

    app.record(&[entry(&id), entry(&id)]).await;
    let follow = async |session: &str, link: &str| {
        app.get(link).header(header::COOKIE, session).send().await.unwrap()
    };
    let target = location(&follow(&ana, &link).await).to_owned();
    // Pinned where it was made, its times instants, its zone and columns said.
    for part in ["as_of=3", "tz=UTC", "columns=created_at%2C", "per_page=10", "from=20"] {
        assert!(target.contains(part), "{part} in {target}");
    }
    let shown = page(&app, &ana, &target).await;
    assert_eq!(shown.matches("<tr role=\"row\" tabindex").count(), 3);

    // Its customer follows it to their own log; others, and codes that are none, find nothing, and look alike.
    let carla = app.session(Role::Customer(id)).await;
    assert_eq!(location(&follow(&carla, &link).await), target);
    let dora = app.session(Role::Customer(app.add_customer("2").await)).await;
    let (other, none) = (follow(&dora, &link).await, follow(&dora, "/l/0000000000").await);
    assert_eq!((other.status(), none.status()), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    let nobody = app.get(&link).send().await.unwrap();
    assert!(location(&nobody).starts_with("/sign-in?next=%2Fl%2F"), "{}", location(&nobody));

    // The same view has one link. Making it is recorded, once.
    let pinned = target.split_once('?').unwrap().1;
    let again = send(&app, &ana, "/customers/1/links", &[("query", pinned)]).await;
    assert_eq!(location(&again), link);
    let said = said(&app, "1", 0).await;
    assert_eq!(
        said.iter().filter(|one| one.action == "Made short link to log").count(),
        1,
        "{said:?}"
    );
    // Nobody makes one to a log that they may not see.
    let made = send(&app, &dora, "/customers/1/links", &[("query", "")]).await;
    assert_eq!(made.status(), StatusCode::NOT_FOUND);
}
