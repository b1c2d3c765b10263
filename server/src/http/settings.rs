//! Customers' settings: the tab, its forms, and the form that adds a customer.

use app::{
    customer::{
        Customer, CustomerStatus,
        id::CustomerId,
        settings::{Addition, Settings},
        settings_page::{AddCustomerPage, SettingsTab},
    },
    error::AppError,
    place::Tab,
    ui::field::{FieldErrors, Fields, FormState},
};
use axum::{
    body::Bytes,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::{IntoAny, view};

use super::{plain::Plain, routes::Routes};
use crate::{
    access::Person,
    origin::Origin,
    store::{
        Scope, StoreError,
        settings::{self, Change, Kept},
    },
};

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/new-customer", new_customer)
        .post("/new-customer", add)
        .get("/customers/{customer_id}/settings", tab)
        .post("/customers/{customer_id}/settings", change)
        .post("/customers/{customer_id}/block", block)
        .post("/customers/{customer_id}/unblock", unblock)
}

/// The customer and their settings; not found where there are none.
pub(super) async fn customer(plain: &Plain, scope: &Scope) -> Result<(Customer, Kept), AppError> {
    let customer = plain.store.customer(scope).await.map_err(|error| plain.failure(error))?;
    let kept = plain.store.settings(scope.customer_id()).await;
    let kept = kept.map_err(|error| plain.failure(error))?;
    customer.zip(kept).ok_or(AppError::NotFound)
}

/// The title of one of the profile's tabs.
pub(super) fn tab_title(plain: &Plain, customer: &Customer, tab: Tab) -> String {
    format!("{} · {}", tab.label(plain.say()), customer.name)
}

async fn new_customer(plain: Plain) -> Response {
    plain
        .answer(async |plain| {
            plain.any_operator()?;
            let fields = Fields::of([
                ("customer_type", "business".to_owned()),
                ("status", "active".to_owned()),
                ("currency", "EUR".to_owned()),
            ]);
            let form = FormState { fields, errors: FieldErrors::default() };
            Ok(adding(plain, form, StatusCode::OK).await)
        })
        .await
}

async fn adding(plain: &Plain, form: FormState, status: StatusCode) -> Response {
    let view = move || view! { <AddCustomerPage form=form.clone() /> }.into_any();
    plain.page(plain.say().add_customer(), status, view).await
}

async fn add(plain: Plain, body: Bytes) -> Response {
    plain
        .answer(async |plain| {
            let person = plain.any_operator()?;
            let fields = Fields::read(&body);
            let addition = match Addition::read(&fields, plain.say()) {
                Ok(addition) => addition,
                Err(errors) => {
                    let form = FormState { fields, errors };
                    return Ok(adding(plain, form, StatusCode::UNPROCESSABLE_ENTITY).await);
                }
            };
            let origin = Origin::of_person(&person, plain.asked.way.clone());
            let mut act = plain.store.act(&origin).await.map_err(|error| plain.failure(error))?;
            match settings::add(&mut act, &addition).await {
                Ok(()) => {}
                Err(StoreError::Exists(_)) => {
                    let errors = FieldErrors::one("customer_id", plain.say().customer_exists());
                    let form = FormState { fields, errors };
                    return Ok(adding(plain, form, StatusCode::CONFLICT).await);
                }
                Err(error) => return Err(plain.failure(error)),
            }
            act.commit().await.map_err(|error| plain.failure(error))?;
            Ok(Redirect::to(&addition.customer_id.profile_path()).into_response())
        })
        .await
}

async fn tab(plain: Plain, Path(customer_id): Path<String>) -> Response {
    plain
        .answer(async |plain| {
            let (person, scope) = plain.staff(&customer_id)?;
            let (customer, kept) = customer(plain, &scope).await?;
            let fields = kept.settings.fields(kept.currency);
            let form = FormState { fields, errors: FieldErrors::default() };
            Ok(showing(plain, &person, (customer, kept), form, StatusCode::OK).await)
        })
        .await
}

async fn showing(
    plain: &Plain,
    person: &Person,
    (customer, Kept { settings, currency, .. }): (Customer, Kept),
    form: FormState,
    status: StatusCode,
) -> Response {
    let may_act = person.viewer.may_act();
    let saved = plain.query() == "saved";
    let title = tab_title(plain, &customer, Tab::Settings);
    let view = move || {
        let (customer, settings, form) = (customer.clone(), settings.clone(), form.clone());
        view! { <SettingsTab customer currency settings form saved may_act /> }.into_any()
    };
    plain.page(&title, status, view).await
}

async fn change(plain: Plain, Path(customer_id): Path<String>, body: Bytes) -> Response {
    plain
        .answer(async |plain| {
            let (person, scope) = plain.operator(&customer_id)?;
            let (customer, kept) = customer(plain, &scope).await?;
            let fields = Fields::read(&body);
            match Settings::read(&fields, kept.currency, plain.say()) {
                Ok(wanted) => keep(plain, &person, scope.customer_id(), |_| wanted).await,
                Err(errors) => {
                    let form = FormState { fields, errors };
                    let status = StatusCode::UNPROCESSABLE_ENTITY;
                    Ok(showing(plain, &person, (customer, kept), form, status).await)
                }
            }
        })
        .await
}

async fn block(plain: Plain, Path(customer_id): Path<String>) -> Response {
    set_status(plain, customer_id, CustomerStatus::Blocked).await
}

async fn unblock(plain: Plain, Path(customer_id): Path<String>) -> Response {
    set_status(plain, customer_id, CustomerStatus::Active).await
}

async fn set_status(plain: Plain, customer_id: String, status: CustomerStatus) -> Response {
    plain
        .answer(async |plain| {
            let (person, scope) = plain.operator(&customer_id)?;
            let wanted = |kept: &Kept| Settings { status, ..kept.settings.clone() };
            keep(plain, &person, scope.customer_id(), wanted).await
        })
        .await
}

/// Changes the settings, and goes back to them.
async fn keep(
    plain: &Plain,
    person: &Person,
    customer_id: &CustomerId,
    wanted: impl FnOnce(&Kept) -> Settings,
) -> Result<Response, AppError> {
    let origin = Origin::of_person(person, plain.asked.way.clone());
    let mut act = plain.store.act(&origin).await.map_err(|error| plain.failure(error))?;
    let change = settings::change(&mut act, customer_id, wanted).await;
    match change.map_err(|error| plain.failure(error))? {
        Some(Change::Made) => {
            act.commit().await.map_err(|error| plain.failure(error))?;
        }
        // Nothing was done: there is nothing to record.
        Some(Change::None) => {}
        None => return Err(AppError::NotFound),
    }
    let to = format!("{}/settings?saved", customer_id.profile_path());
    Ok(Redirect::to(&to).into_response())
}
