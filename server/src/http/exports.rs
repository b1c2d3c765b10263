//! What one does with an export that goes on: end it.

use app::{
    error::AppError,
    log::view::{Export, LogView},
    ui::field::Fields,
};
use axum::{
    body::Bytes,
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{plain::Plain, routes::Routes};
use crate::origin::Origin;

/// The route.
pub(super) fn routes() -> Routes {
    Routes::new().post("/customers/{customer_id}/logs/exports/{export_id}/cancel", cancel)
}

/// Ends the export, where it is one's own and goes on; and back to the dialog, in the view that the form names.
async fn cancel(
    plain: Plain,
    Path((customer_id, export_id)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    plain
        .answer(async |plain| {
            let (caller, scope) = plain.reader(&customer_id)?;
            let id: Uuid = export_id.parse().map_err(|_| AppError::NotFound)?;
            let origin = Origin::of(caller, plain.asked.way.clone());
            let known = plain.store.cancel_export(&scope, id, &origin).await;
            if !known.map_err(|error| plain.failure(error))? {
                return Err(AppError::NotFound);
            }
            let (view, _) = LogView::read(Fields::read(&body).get("view"));
            let here = view.with_export(Some(Export::Of(id.to_string())));
            Ok(Redirect::to(&here.href(&scope.customer_id().logs_path())).into_response())
        })
        .await
}
