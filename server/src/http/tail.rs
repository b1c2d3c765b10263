//! The live tail: says the number of a log's newest entry whenever the log has grown, for as long as somebody
//! looks. Nothing of what stands in the log goes by here, and so it is not a view of it.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderName, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout_at};

use super::{caller::Asked, problem::Problem, routes::Routes};
use crate::{
    access::{self, Caller},
    store::{
        Store,
        tail::{Newest, News, Tail},
    },
};

/// The path. An open page keeps asking for it by itself.
pub const PATH: &str = "/fn/log-tail";
/// How often a silent tail says that it is there: proxies cut what is silent for longer.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often it is asked whether the session is still there.
const CHECK: Duration = Duration::from_secs(25);

/// The route.
pub fn routes() -> Routes {
    Routes::new().get(PATH, tail)
}

/// Whose log.
#[derive(Debug, Deserialize)]
struct Whose {
    customer_id: String,
}

/// `GET /fn/log-tail`
///
/// # Errors
/// A [`Problem`]: [`Problem::Unavailable`] also where too many tails are open, or the server is about to end.
async fn tail(
    State(store): State<Store>,
    asked: Asked,
    whose: Result<Query<Whose>, QueryRejection>,
) -> Result<Response, Problem> {
    let Caller::Person(person) = asked.identity.caller()? else { return Err(Problem::SignedOut) };
    let Query(Whose { customer_id }) = whose.map_err(|_| Problem::NotFound)?;
    let scope = access::admit(&Caller::Person(person.clone()), &customer_id)?;
    // Before the newest entry is looked up, so that none can come unheard in between.
    let mut tail =
        store.tails().open(scope.customer_id(), person.session).ok_or(Problem::Unavailable)?;
    let newest = store.newest_entry(&scope).await?.ok_or(Problem::NotFound)?;
    tail.said(newest);
    let open =
        Open { tail, store, session: person.session, customer_id, check: Instant::now() + CHECK };
    let events = stream::once(async move { newest })
        .chain(stream::unfold(open, async |mut open| Some((open.next().await?, open))))
        .map(|newest| Ok::<_, Infallible>(event(newest)));
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        // Proxies that gather answers before they pass them on are asked not to.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok((headers, events).into_response())
}

#[derive(Serialize)]
struct Said {
    newest: u64,
    at: Option<String>,
}

fn event(newest: Newest) -> Event {
    let said = Said { newest: newest.seq, at: newest.at.map(app::ui::time::rfc3339) };
    Event::default()
        .id(newest.seq.to_string())
        .event("newest")
        .data(serde_json::to_string(&said).unwrap_or_default())
}

/// A tail, and whom it tells.
struct Open {
    tail: Tail,
    store: Store,
    session: [u8; 32],
    customer_id: String,
    /// When the session is asked for next.
    check: Instant,
}

impl Open {
    /// The next to be said; nothing where it is over.
    async fn next(&mut self) -> Option<Newest> {
        loop {
            match timeout_at(self.check, self.tail.next()).await {
                Ok(News::Grown(newest)) => return Some(newest),
                Ok(News::Over) => return None,
                Ok(News::Unsure) | Err(_) if self.is_over().await => return None,
                Ok(News::Unsure) | Err(_) => self.check = Instant::now() + CHECK,
            }
        }
    }

    /// Whether the session is over, or no longer lets its user see this log. Being asked does not prolong it. A
    /// database that is away says nothing of either, nor of new entries.
    async fn is_over(&self) -> bool {
        match self.store.person_of_session(self.session, false).await {
            Ok(Some(person)) => access::admit(&Caller::Person(person), &self.customer_id).is_err(),
            Ok(None) => true,
            Err(_) => false,
        }
    }
}
