//! Going to another view of the same page.

use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Whether Back returns to where one was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// A step of its own.
    Push,
    /// Takes the place of the step before it.
    Replace,
}

/// A function that goes to an address without a new document and without scrolling.
pub fn use_go() -> impl Fn(&str, History) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    move |address, history| {
        navigate(
            address,
            NavigateOptions {
                resolve: false,
                replace: history == History::Replace,
                scroll: false,
                ..Default::default()
            },
        );
    }
}
