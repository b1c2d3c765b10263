//! Routes that know their own list: what is tested over every route takes it from here, so that none can
//! be forgotten.

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{get, post, put},
};

use super::router::AppState;

/// A method and a path, as axum writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The method's name.
    pub method: &'static str,
    /// The path.
    pub path: &'static str,
}

/// Routes, and the list of them.
#[derive(Default)]
pub struct Routes {
    router: Router<AppState>,
    list: Vec<Route>,
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn add(mut self, method: &'static str, path: &'static str) -> Self {
        self.list.push(Route { method, path });
        self
    }

    /// Answers `GET` (and `HEAD`): what changes nothing.
    pub fn get<H: Handler<T, AppState>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        let mut with = self.add("GET", path);
        with.router = with.router.route(path, get(handler));
        with
    }

    /// Answers `POST`.
    pub fn post<H: Handler<T, AppState>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        let mut with = self.add("POST", path);
        with.router = with.router.route(path, post(handler));
        with
    }

    /// Answers `PUT`.
    pub fn put<H: Handler<T, AppState>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        let mut with = self.add("PUT", path);
        with.router = with.router.route(path, put(handler));
        with
    }

    /// Those of `other`, too.
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.list.extend(other.list);
        self
    }

    /// The same routes, with `change` made to their router: what lies around it, or what answers beside it.
    pub fn around(mut self, change: impl FnOnce(Router<AppState>) -> Router<AppState>) -> Self {
        self.router = change(self.router);
        self
    }

    /// The list.
    pub fn list(&self) -> Vec<Route> {
        self.list.clone()
    }

    /// The router.
    pub fn into_router(self) -> Router<AppState> {
        self.router
    }
}

/// Methods that may change something. What `GET` does leaves things as they are, but for the record of it.
pub fn changes(route: &Route) -> bool {
    route.method != Method::GET.as_str()
}
