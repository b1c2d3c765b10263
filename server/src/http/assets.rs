//! What the browser loads: compressed when it was built, under names that change with their content.

use std::path::Path;

use axum::{
    Router,
    http::{HeaderValue, Response, header},
};
use tower::ServiceBuilder;
use tower_http::{
    services::{ServeDir, ServeFile},
    set_header::SetResponseHeaderLayer,
};

const YEAR: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// `/pkg/…` and the icon, from `site_root`.
pub fn routes<S: Clone + Send + Sync + 'static>(site_root: &Path) -> Router<S> {
    let package = ServeDir::new(site_root.join("pkg")).precompressed_br().precompressed_gzip();
    let package = ServiceBuilder::new().layer(keep(YEAR)).service(package);
    let icon = ServeFile::new(site_root.join("favicon.svg"));
    let icon = ServiceBuilder::new().layer(keep(HOUR)).service(icon);
    Router::new().nest_service("/pkg", package).route_service("/favicon.svg", icon)
}

/// How long an answer may be kept, if it is one: a miss must not be.
fn keep<B>(
    how_long: HeaderValue,
) -> SetResponseHeaderLayer<impl Fn(&Response<B>) -> Option<HeaderValue> + Clone> {
    SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, move |response: &Response<B>| {
        response.status().is_success().then(|| how_long.clone())
    })
}
