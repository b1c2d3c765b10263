//! Acting with a customer's money: the Operations and the Financial tab, and their forms.

use app::{
    customer::Customer,
    error::AppError,
    operation::{
        OperationKind, OperationStatus,
        financial::FinancialTab,
        form::NewOperation,
        ledger::Account,
        new_page::NewOperationPage,
        page::{Choices, OperationPage},
        path_of,
        query::TimeQuery,
        tab::OperationsTab,
        timeline::Timeline,
    },
    place::Tab,
    query::{Parameters, Takes, UrlQuery},
    ui::field::{FieldErrors, Fields, FormState},
};
use axum::{
    body::Bytes,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::{IntoAny, view};
use uuid::Uuid;

use super::{
    plain::Plain,
    routes::Routes,
    settings::{customer, tab_title},
};
use crate::{
    access::Person,
    origin::Origin,
    store::{
        Scope,
        act::ActError,
        operations::{self, Decider, Decision, OperationError, Performed, Whole},
        settings::Kept,
    },
};

/// A timeline shows so many entries; the log, filtered, shows all.
const MOST_ENTRIES: usize = 500;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/customers/{customer_id}/operations", tab)
        .post("/customers/{customer_id}/operations", perform)
        .get("/customers/{customer_id}/operations/new", new)
        .get("/customers/{customer_id}/operations/{number}", operation)
        .post("/customers/{customer_id}/operations/{number}/approve", approve)
        .post("/customers/{customer_id}/operations/{number}/reject", reject)
        .post("/customers/{customer_id}/operations/{number}/reverse", reverse)
        .get("/customers/{customer_id}/financial", financial)
}

async fn tab(plain: Plain, Path(customer_id): Path<String>) -> Response {
    plain
        .answer(async |plain| {
            let (person, scope) = plain.staff(&customer_id)?;
            let (customer, kept) = customer(plain, &scope).await?;
            let (query, _) = TimeQuery::read(plain.query());
            let page = plain.store.operations(scope.customer_id(), &query).await;
            let page = page.map_err(|error| plain.failure(error))?;
            let (may_act, currency) = (person.viewer.may_act(), kept.currency);
            let title = tab_title(plain, &customer, Tab::Operations);
            let view = move || {
                let (customer, query, page) = (customer.clone(), query.clone(), page.clone());
                view! { <OperationsTab customer currency query page may_act /> }.into_any()
            };
            Ok(plain.page(&title, StatusCode::OK, view).await)
        })
        .await
}

async fn financial(plain: Plain, Path(customer_id): Path<String>) -> Response {
    plain
        .answer(async |plain| {
            let (_, scope) = plain.staff(&customer_id)?;
            let (customer, kept) = customer(plain, &scope).await?;
            let (query, _) = TimeQuery::read(plain.query());
            let found = plain.store.financial(scope.customer_id(), &query).await;
            let (balances, page) = found.map_err(|error| plain.failure(error))?;
            let currency = kept.currency;
            let title = tab_title(plain, &customer, Tab::Financial);
            let view = move || {
                let (customer, query, page) = (customer.clone(), query.clone(), page.clone());
                view! { <FinancialTab customer currency balances query page /> }.into_any()
            };
            Ok(plain.page(&title, StatusCode::OK, view).await)
        })
        .await
}

async fn new(plain: Plain, Path(customer_id): Path<String>) -> Response {
    plain
        .answer(async |plain| {
            let (_, scope) = plain.operator(&customer_id)?;
            let found = customer(plain, &scope).await?;
            let mut parameters = Parameters::read(plain.query());
            let kind = parameters.take("kind", OperationKind::Deposit, || Takes::Nothing, kind_of);
            let fields = Fields::of([("form_key", Uuid::now_v7().to_string())]);
            let form = FormState { fields, errors: FieldErrors::default() };
            filling_in(plain, found, kind, form, StatusCode::OK).await
        })
        .await
}

fn kind_of(text: &str) -> Option<OperationKind> {
    OperationKind::NEW.into_iter().find(|kind| kind.name() == text)
}

/// The form of a new operation.
async fn filling_in(
    plain: &Plain,
    (customer, kept): (Customer, Kept),
    kind: OperationKind,
    form: FormState,
    status: StatusCode,
) -> Result<Response, AppError> {
    let limit = kept.settings.daily_limit;
    let standing = plain.store.standing(&customer.customer_id, limit).await;
    let standing = standing.map_err(|error| plain.failure(error))?;
    let (available, left_today) = (standing.balances.get(Account::Available), standing.left_today);
    let currency = kept.currency;
    let title = format!("{} · {}", kind.new_one(plain.say()), customer.name);
    let view = move || {
        let (customer, form) = (customer.clone(), form.clone());
        view! { <NewOperationPage customer currency available left_today kind form /> }.into_any()
    };
    Ok(plain.page(&title, status, view).await)
}

async fn perform(plain: Plain, Path(customer_id): Path<String>, body: Bytes) -> Response {
    plain
        .answer(async |plain| {
            let (person, scope) = plain.operator(&customer_id)?;
            let id = scope.customer_id();
            let found = customer(plain, &scope).await?;
            let fields = Fields::read(&body);
            let kind = kind_of(fields.get("kind")).unwrap_or(OperationKind::Deposit);
            let new = match NewOperation::read(&fields, id, found.1.currency, plain.say()) {
                Ok(new) => new,
                Err(errors) => {
                    let form = FormState { fields, errors };
                    let status = StatusCode::UNPROCESSABLE_ENTITY;
                    return filling_in(plain, found, kind, form, status).await;
                }
            };
            // A form without its key was made by somebody else: it is as new.
            let form_key = fields.get("form_key").parse().unwrap_or_else(|_| Uuid::now_v7());
            let user = (person.user_id, person.viewer.name.as_str());
            let mut act = begin(plain, &person).await?;
            match operations::perform(&mut act, id, &new, form_key, user).await {
                Ok(Performed::Now(number)) => {
                    act.commit().await.map_err(|error| plain.failure(error))?;
                    Ok(Redirect::to(&path_of(id, number)).into_response())
                }
                Ok(Performed::Before(number)) => {
                    Ok(Redirect::to(&path_of(id, number)).into_response())
                }
                Err(error) => {
                    let field = match error {
                        OperationError::NoCounterparty(_) | OperationError::OtherCurrency(_) => {
                            "counterparty"
                        }
                        OperationError::Ledger(_) => "amount",
                        _ => "",
                    };
                    let errors = FieldErrors::one(field, &refusal(plain, error)?);
                    let form = FormState { fields, errors };
                    let status = StatusCode::UNPROCESSABLE_ENTITY;
                    filling_in(plain, found, kind, form, status).await
                }
            }
        })
        .await
}

async fn begin(plain: &Plain, person: &Person) -> Result<crate::store::act::Act, AppError> {
    let origin = Origin::of_person(person, plain.asked.way.clone());
    plain.store.act(&origin).await.map_err(|error| plain.failure(error))
}

/// The sentence for a person; or the failure, where it is none of theirs.
fn refusal(plain: &Plain, error: OperationError) -> Result<String, AppError> {
    let say = plain.say();
    Ok(match error {
        OperationError::NotFound => return Err(AppError::NotFound),
        OperationError::Store(error) => return Err(plain.failure(error)),
        OperationError::Act(error) => return Err(plain.failure(error)),
        OperationError::NotActive(id) => say.account_not_active(id),
        OperationError::NoCounterparty(id) => say.no_such_customer(id),
        OperationError::OtherCurrency(id) => say.other_currency(id),
        OperationError::Ledger(error) => error.in_words(say).to_owned(),
        OperationError::Decided => say.decided_already().to_owned(),
        OperationError::OwnRequest => say.another_has_to_decide().to_owned(),
        OperationError::NotReversible => say.not_reversible().to_owned(),
    })
}

/// An operation of this system's, by its number; or whatever an entry's Related Operation names, by that.
async fn operation(plain: Plain, Path((customer_id, name)): Path<(String, String)>) -> Response {
    plain
        .answer(async |plain| {
            let staff = plain.staff(&customer_id).ok();
            if let Some((person, scope)) = &staff
                && let Some(number) = number_of(plain, scope, &name).await?
            {
                let errors = FieldErrors::default();
                return showing(plain, person, scope, number, errors, StatusCode::OK).await;
            }
            timeline(plain, &customer_id, &name).await
        })
        .await
}

/// The number of the operation that `name` names, where this system has performed one of that name: `1042`, or
/// `withdrawal #1042`.
async fn number_of(plain: &Plain, scope: &Scope, name: &str) -> Result<Option<i64>, AppError> {
    let number = name.rsplit_once(" #").map_or(name, |(_, number)| number);
    let Ok(number) = number.parse() else { return Ok(None) };
    let found = plain.store.operation(scope, number).await.map_err(|error| plain.failure(error))?;
    let found = found
        .filter(|whole| number.to_string() == name || whole.operation.name.to_string() == name);
    Ok(found.map(|_| number))
}

/// The entries of an operation, over all tables and in the order of time.
async fn timeline(plain: &Plain, customer_id: &str, name: &str) -> Result<Response, AppError> {
    let (caller, scope) = plain.reader(customer_id)?;
    let customer = plain.store.customer(&scope).await.map_err(|error| plain.failure(error))?;
    let customer = customer.ok_or(AppError::NotFound)?;
    let origin = Origin::of(caller, plain.asked.way.clone());
    let noted = plain.store.note_view(caller, &scope, &origin).await;
    noted.map_err(|error| plain.failure(error))?;
    let found = plain.store.operation_entries(&scope, name, MOST_ENTRIES).await;
    let (entries, total) = found.map_err(|error| plain.failure(error))?;
    if entries.is_empty() {
        return Err(AppError::NotFound);
    }
    let own = caller.own_customer().is_some();
    let zone = plain.zone();
    let title = format!("{name} · {}", customer.name);
    let name = name.to_owned();
    let view = move || {
        let (customer, name) = (customer.clone(), name.clone());
        let (zone, entries) = (zone.clone(), entries.clone());
        view! { <Timeline customer name entries total zone own /> }.into_any()
    };
    Ok(plain.page(&title, StatusCode::OK, view).await)
}

async fn showing(
    plain: &Plain,
    person: &Person,
    scope: &Scope,
    number: i64,
    errors: FieldErrors,
    status: StatusCode,
) -> Result<Response, AppError> {
    let (customer, kept) = customer(plain, scope).await?;
    let whole = plain.store.operation(scope, number).await.map_err(|error| plain.failure(error))?;
    let Whole { operation, lines, entries } = whole.ok_or(AppError::NotFound)?;
    let may_act = person.viewer.may_act();
    let choices = Choices {
        decide: may_act
            && operation.status == OperationStatus::Requested
            && operation.requested_by_id != person.user_id,
        reverse: may_act && operation.undoing().is_some(),
    };
    let currency = kept.currency;
    let title = format!("{} · {}", operation.name, customer.name);
    let view = move || {
        let (customer, operation, errors) = (customer.clone(), operation.clone(), errors.clone());
        let (lines, entries) = (lines.clone(), entries.clone());
        view! { <OperationPage customer currency operation lines entries choices errors /> }
            .into_any()
    };
    Ok(plain.page(&title, status, view).await)
}

async fn approve(plain: Plain, path: Path<(String, String)>) -> Response {
    decide(plain, path, Decision::Approve).await
}

async fn reject(plain: Plain, path: Path<(String, String)>) -> Response {
    decide(plain, path, Decision::Reject).await
}

async fn decide(
    plain: Plain,
    Path((customer_id, number)): Path<(String, String)>,
    decision: Decision,
) -> Response {
    plain
        .answer(async |plain| {
            let (person, scope) = plain.operator(&customer_id)?;
            let number: i64 = number.parse().map_err(|_| AppError::NotFound)?;
            let id = scope.customer_id();
            let mut act = begin(plain, &person).await?;
            let decider = Decider { user_id: Some(person.user_id), name: &person.viewer.name };
            let done = operations::decide(&mut act, id, number, decision, &decider).await;
            let done = match done {
                Ok(()) => commit(act).await.map(|()| number),
                Err(error) => Err(error),
            };
            finish(plain, &person, &scope, number, done).await
        })
        .await
}

async fn commit(act: crate::store::act::Act) -> Result<(), OperationError> {
    act.commit().await.map(|_| ()).map_err(|error: ActError| OperationError::Act(error))
}

async fn reverse(plain: Plain, Path((customer_id, number)): Path<(String, String)>) -> Response {
    plain
        .answer(async |plain| {
            let (person, scope) = plain.operator(&customer_id)?;
            let number: i64 = number.parse().map_err(|_| AppError::NotFound)?;
            let user = (person.user_id, person.viewer.name.as_str());
            let mut act = begin(plain, &person).await?;
            let done = operations::reverse(&mut act, scope.customer_id(), number, user).await;
            let done = match done {
                Ok(reversal) => commit(act).await.map(|()| reversal),
                Err(error) => Err(error),
            };
            finish(plain, &person, &scope, number, done).await
        })
        .await
}

/// Goes on to the operation that was done; or shows the one that was looked at, and says why not.
async fn finish(
    plain: &Plain,
    person: &Person,
    scope: &Scope,
    number: i64,
    done: Result<i64, OperationError>,
) -> Result<Response, AppError> {
    match done {
        Ok(done) => Ok(Redirect::to(&path_of(scope.customer_id(), done)).into_response()),
        Err(error) => {
            let errors = FieldErrors::one("", &refusal(plain, error)?);
            showing(plain, person, scope, number, errors, StatusCode::CONFLICT).await
        }
    }
}
