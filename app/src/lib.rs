//! What browser and server share: the types of the log, the functions that cross the wire, and the
//! screen itself. There is no SQL in here, and nothing that knows of Postgres.

// The types of views nest deeply.
#![recursion_limit = "256"]

#[cfg(feature = "ssr")]
pub mod backend;
pub mod customer;
pub mod error;
pub mod log;
pub mod query;
pub mod session;
pub mod shell;
pub mod ui;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use customer::{list::CustomerList, overview::Overview, profile::Profile};
use log::tab::LogTab;
use session::sign_in::SignIn;
use shell::{NotFound, Shell};

/// The routes. Every page waits for its data before the first byte is sent (`SsrMode::Async`): it is
/// then whole without any script, and its status code is the true one.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Shell>
                <Routes fallback=NotFound>
                    <Route path=path!("/sign-in") view=SignIn ssr=SsrMode::Async />
                    <Route path=path!("/customers") view=CustomerList ssr=SsrMode::Async />
                    <ParentRoute
                        path=path!("/customers/:customer_id")
                        view=Profile
                        ssr=SsrMode::Async
                    >
                        <Route path=path!("") view=Overview ssr=SsrMode::Async />
                        <Route path=path!("logs") view=LogTab ssr=SsrMode::Async />
                    </ParentRoute>
                </Routes>
            </Shell>
        </Router>
    }
}
