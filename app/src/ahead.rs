//! Answers that are fetched ahead of their questions. Only for those that stay right: nobody asks again.

use std::future::Future;

use futures_channel::oneshot;
use futures_util::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};

use crate::error::AppError;

/// How many answers are kept: the next page, the previous, and one to spare.
const KEPT: usize = 3;

/// A question that is on its way to the server before it is asked.
struct Running<Q, T> {
    question: Q,
    handle: AbortHandle,
    /// Who has asked it meanwhile.
    waits: Option<oneshot::Sender<Result<T, AppError>>>,
}

struct Shelf<Q, T> {
    running: Option<Running<Q, T>>,
    kept: Vec<(Q, T)>,
}

impl<Q: PartialEq, T> Shelf<Q, T> {
    /// Whether `question` need not be sent.
    fn has(&self, question: &Q) -> bool {
        self.running.as_ref().is_some_and(|running| running.question == *question)
            || self.kept.iter().any(|(kept, _)| kept == question)
    }

    /// Keeps an answer; the oldest makes room.
    fn keep(&mut self, question: Q, answer: T) {
        if self.kept.len() == KEPT {
            self.kept.remove(0);
        }
        self.kept.push((question, answer));
    }

    fn take(&mut self, question: &Q) -> Option<T> {
        let at = self.kept.iter().position(|(kept, _)| kept == question)?;
        Some(self.kept.remove(at).1)
    }

    /// Waits for `question` if it is on its way; whatever else is on its way is cancelled.
    fn wait(&mut self, question: &Q) -> Option<oneshot::Receiver<Result<T, AppError>>> {
        let running = self.running.as_mut()?;
        if running.question == *question {
            let (sender, receiver) = oneshot::channel();
            running.waits = Some(sender);
            return Some(receiver);
        }
        running.handle.abort();
        self.running = None;
        None
    }
}

/// Asks questions, some of them ahead.
pub struct Ahead<Q: 'static, T: 'static, F: 'static> {
    shelf: StoredValue<Shelf<Q, T>>,
    ask: fn(Q) -> F,
}

impl<Q, T, F> Clone for Ahead<Q, T, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q, T, F> Copy for Ahead<Q, T, F> {}

impl<Q, T, F> Ahead<Q, T, F>
where
    Q: Clone + PartialEq + Send + Sync + 'static,
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, AppError>> + 'static,
{
    /// Asks by `ask`.
    pub fn new(ask: fn(Q) -> F) -> Self {
        Self { shelf: StoredValue::new(Shelf { running: None, kept: Vec::new() }), ask }
    }

    /// Asks `question`, which may well be the next. A newer guess cancels the older.
    pub fn guess(self, question: Q) {
        if self.shelf.with_value(|shelf| shelf.has(&question)) {
            return;
        }
        let (asking, handle) = abortable((self.ask)(question.clone()));
        let running = Running { question: question.clone(), handle, waits: None };
        self.shelf.update_value(|shelf| {
            if let Some(before) = shelf.running.replace(running) {
                before.handle.abort();
            }
        });
        spawn_local(async move {
            let Ok(result) = asking.await else { return };
            // The page may have been left meanwhile; then nobody wants the answer.
            let _wanted = self.shelf.try_update_value(|shelf| {
                let waits = shelf.running.take().and_then(|running| running.waits);
                let unwanted = match waits {
                    Some(waits) => waits.send(result).err(),
                    None => Some(result),
                };
                // One that failed is asked again when it is wanted.
                if let Some(Ok(answer)) = unwanted {
                    shelf.keep(question, answer);
                }
            });
        });
    }

    /// The answer to `question`: at once where it was guessed.
    ///
    /// # Errors
    /// As the server says.
    pub async fn answer(self, question: Q) -> Result<T, AppError> {
        if let Some(answer) = self.shelf.try_update_value(|shelf| shelf.take(&question)).flatten() {
            return Ok(answer);
        }
        let coming = self.shelf.try_update_value(|shelf| shelf.wait(&question)).flatten();
        if let Some(coming) = coming
            && let Ok(result) = coming.await
        {
            return result;
        }
        (self.ask)(question).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf() -> Shelf<u64, &'static str> {
        Shelf { running: None, kept: Vec::new() }
    }

    #[test]
    fn only_a_few_answers_are_kept_and_each_is_given_once() {
        let mut shelf = shelf();
        for page in 1..=5 {
            shelf.keep(page, "answer");
        }
        assert_eq!(shelf.kept.len(), KEPT);
        assert!(!shelf.has(&2) && shelf.has(&3));
        assert_eq!(shelf.take(&5), Some("answer"));
        assert_eq!(shelf.take(&5), None);
    }

    #[test]
    fn a_wrong_guess_is_cancelled_and_a_right_one_waited_for() {
        let mut shelf = shelf();
        let (handle, _) = AbortHandle::new_pair();
        shelf.running = Some(Running { question: 2, handle: handle.clone(), waits: None });
        assert!(shelf.wait(&2).is_some() && !handle.is_aborted());
        assert!(shelf.wait(&3).is_none() && handle.is_aborted());
        assert!(!shelf.has(&2));
    }
}
