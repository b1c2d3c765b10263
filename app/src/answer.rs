//! Questions to the server and their answers. The first comes in the document itself; the others are
//! fetched as the question changes.
//!
//! A `Resource` under `Suspense` does this too, for 20 kB of WebAssembly (compressed) more.

use std::future::Future;

use futures_util::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};

use crate::{
    customer::{Customer, CustomerPage},
    error::AppError,
    log::{
        answers::{Around, Exports},
        entry::LogPage,
    },
    query::query_string,
};

/// A question, and what the server said.
pub type Answered<Q, T> = (Q, Result<T, AppError>);

/// What the server sends along with a page: the answers to what its address asks.
///
/// The rows travel twice so, here and as HTML. That costs 0.9 kB for 25 rows (of 6.8 kB for the document,
/// compressed: the second time they are mostly references to the first), 5 ms on a slow line. Reading them back
/// out of the document would take more than that in WebAssembly, and could not tell an absent text from an empty
/// one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct First {
    /// The customer of a profile.
    pub customer: Option<Result<Customer, AppError>>,
    /// The page of customers.
    pub customers: Option<Result<CustomerPage, AppError>>,
    /// The page of a log.
    pub log: Option<Result<LogPage, AppError>>,
    /// What stands around the rows of a log.
    pub around: Option<Result<Around, AppError>>,
    /// The inside of the drawer.
    pub entry: Option<Result<String, AppError>>,
    /// What is told of exports.
    pub exports: Option<Result<Exports, AppError>>,
}

impl First {
    /// The same without what the document has as HTML: the browser keeps that as it is.
    #[cfg(feature = "ssr")]
    pub(crate) fn without_html(self) -> Self {
        Self {
            around: self.around.map(|around| around.map(|_| Around::default())),
            entry: self.entry.map(|entry| entry.map(|_| String::new())),
            exports: self
                .exports
                .map(|exports| exports.map(|exports| Exports { html: String::new(), ..exports })),
            ..self
        }
    }
}

#[derive(Clone, Copy)]
struct Along(StoredValue<First>);

/// Gives the page what came along with it.
pub fn provide_first(first: First) {
    provide_context(Along(StoredValue::new(first)));
}

/// All that came along, to be sent to the browser.
#[cfg(feature = "ssr")]
pub(crate) fn first() -> First {
    use_context::<Along>().map(|along| along.0.get_value()).unwrap_or_default()
}

/// Takes an answer that came along. It is for the address that the page began at, so whoever shows that
/// address takes it, and nobody after them.
fn take_first<T>(pick: fn(&mut First) -> Option<T>) -> Option<T> {
    use_context::<Along>()?.0.try_update_value(pick)?
}

/// An answer that follows its question.
#[derive(Debug)]
pub struct Answer<Q: 'static, T: 'static> {
    /// The latest answer, and what it answers. Stays while the next is awaited.
    pub latest: RwSignal<Option<Answered<Q, T>>>,
    /// Whether the next is awaited.
    pub pending: RwSignal<bool>,
}

impl<Q, T> Clone for Answer<Q, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q, T> Copy for Answer<Q, T> {}

/// Asks `question` whenever it changes from what was answered; the first answer may have come along. A newer
/// question cancels the older.
///
/// `settled` says which question an answer is the answer to, where that is more than was asked: a question
/// about the log as it is now is answered by the log as it was at one entry, and that is what it is the
/// answer to from then on.
pub fn use_answer<Q, T, F>(
    question: Memo<Q>,
    first: fn(&mut First) -> Option<Result<T, AppError>>,
    ask: impl Fn(Q) -> F + 'static,
    settled: fn(Q, &T) -> Q,
) -> Answer<Q, T>
where
    Q: Clone + PartialEq + Send + Sync + 'static,
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, AppError>> + 'static,
{
    let settle = move |asked: Q, result: Result<T, AppError>| match result {
        Ok(answer) => (settled(asked, &answer), Ok(answer)),
        failed => (asked, failed),
    };
    let first = take_first(first).map(|result| settle(question.get_untracked(), result));
    let answer = Answer { latest: RwSignal::new(first), pending: RwSignal::new(false) };
    let running = StoredValue::new(None::<AbortHandle>);
    Effect::new(move |before: Option<()>| {
        let asked = question.get();
        if let Some(running) = running.try_update_value(Option::take).flatten() {
            running.abort();
        }
        let known = answer.latest.with_untracked(|latest| {
            // The first has settled already, and is the answer to what was asked all the same.
            latest.as_ref().is_some_and(|(answered, result)| {
                (before.is_none() || *answered == asked) && result.is_ok()
            })
        });
        answer.pending.set(!known);
        if known {
            return;
        }
        let (asking, handle) = abortable(ask(asked.clone()));
        running.set_value(Some(handle));
        spawn_local(async move {
            let Ok(result) = asking.await else { return };
            if matches!(result, Err(AppError::SignedOut)) {
                sign_in_again();
            }
            // The page may have been left meanwhile; then nobody wants the answer.
            let _wanted = answer.latest.try_set(Some(settle(asked, result)));
            let _wanted = answer.pending.try_set(false);
        });
    });
    answer
}

/// What [`use_answer`] takes where an answer is the answer to what was asked.
pub fn as_asked<Q, T>(asked: Q, _: &T) -> Q {
    asked
}

/// The session is over: to the sign-in page, and back here afterwards.
fn sign_in_again() {
    let location = window().location();
    let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    let _left = location.set_href(&format!("/sign-in?{}", query_string([("next", here)])));
}
