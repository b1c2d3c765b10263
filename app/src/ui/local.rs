//! What only the browser has, such as its elements and listeners, kept beside what both sides have.

use leptos::prelude::*;
use send_wrapper::SendWrapper;

/// A place for something that stays on its thread. On the server it stays empty, and is bound to none: a page is
/// rendered by one thread and let go of by another, which may not touch what is bound to the first.
#[derive(Debug)]
pub struct Local<T: 'static>(StoredValue<Option<SendWrapper<T>>>);

impl<T> Clone for Local<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Local<T> {}

impl<T> Default for Local<T> {
    /// An empty place.
    fn default() -> Self {
        Self(StoredValue::new(None))
    }
}

impl<T> Local<T> {
    /// Puts `it` there, in the place of what was there. Nothing happens where the page has gone.
    pub fn put(self, it: T) {
        let _put = self.0.try_set_value(Some(SendWrapper::new(it)));
    }

    /// Takes what is there.
    pub fn take(self) -> Option<T> {
        self.0.try_update_value(Option::take).flatten().map(SendWrapper::take)
    }

    /// What `look` says of what is there; nothing where nothing is.
    pub fn look<R>(self, look: impl FnOnce(&T) -> R) -> Option<R> {
        self.0.try_with_value(|it| it.as_deref().map(look)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use std::{rc::Rc, thread};

    use super::*;

    #[test]
    fn what_one_thread_set_up_another_lets_go_of() {
        let owner = Owner::new();
        let place = owner.with(Local::<Rc<u8>>::default);
        assert!(place.look(|_| ()).is_none());
        thread::spawn(move || drop(owner)).join().unwrap();
        assert!(place.take().is_none());
    }

    #[test]
    fn what_is_put_there_is_looked_at_and_taken() {
        let owner = Owner::new();
        let place = owner.with(Local::default);
        place.put(Rc::new(7));
        assert_eq!(place.look(|seven| **seven), Some(7));
        assert_eq!(place.take().as_deref(), Some(&7));
        assert!(place.take().is_none());
    }
}
