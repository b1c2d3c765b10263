//! `PUT /api/v1/customers/{customer_id}`: a platform keeps its customers' names and settings current.

use app::{
    customer::{
        CustomerStatus, CustomerType,
        id::CustomerId,
        settings::{
            Addition, LONGEST_DOCUMENT, LONGEST_NAME, LONGEST_TAG, MOST_TAGS, Settings, is_email,
        },
    },
    money::{Currency, LARGEST},
    query::{BadParameter, Takes},
};
use axum::{
    Json,
    body::Bytes,
    extract::{
        Path, State,
        rejection::{BytesRejection, PathRejection},
    },
    http::StatusCode,
};
use serde_json::{Map, Value, json};

use super::{caller::Asked, problem::Problem, routes::Routes};
use crate::{
    ingest::json,
    origin::Origin,
    store::{
        Store, StoreError,
        act::ActError,
        settings::{self, Change},
    },
};

/// The routes.
pub fn routes() -> Routes {
    Routes::new().put("/api/v1/customers/{customer_id}", put)
}

/// What a request says of a customer; what it does not say stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Said {
    name: Option<String>,
    customer_type: Option<CustomerType>,
    status: Option<CustomerStatus>,
    email: Option<String>,
    document: Option<String>,
    daily_limit: Option<Option<i64>>,
    tags: Option<Vec<String>>,
    currency: Option<Currency>,
}

impl Said {
    fn over(self, settings: Settings) -> Settings {
        Settings {
            name: self.name.unwrap_or(settings.name),
            customer_type: self.customer_type.unwrap_or(settings.customer_type),
            status: self.status.unwrap_or(settings.status),
            email: self.email.unwrap_or(settings.email),
            document: self.document.unwrap_or(settings.document),
            daily_limit: self.daily_limit.unwrap_or(settings.daily_limit),
            tags: self.tags.unwrap_or(settings.tags),
        }
    }

    /// A customer who is not there yet.
    fn anew(self, customer_id: CustomerId) -> Addition {
        let currency = self.currency.unwrap_or_default();
        let empty = Settings {
            name: String::new(),
            customer_type: CustomerType::Business,
            status: CustomerStatus::Active,
            email: String::new(),
            document: String::new(),
            daily_limit: None,
            tags: Vec::new(),
        };
        Addition { customer_id, currency, settings: self.over(empty) }
    }
}

async fn put(
    State(store): State<Store>,
    asked: Asked,
    customer_id: Result<Path<String>, PathRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let (Path(customer_id), body) = (customer_id?, body?);
    let (_, origin) = asked.writer()?;
    let customer_id: CustomerId =
        customer_id.parse().map_err(|error| bad("customer_id", &format!("{error}")))?;
    let said = read(&body)?;
    let status = keep(&store, &origin, &customer_id, &said).await?;
    Ok((status, Json(json!({ "customer_id": customer_id.as_str() }))))
}

/// Changes the customer, or adds them.
async fn keep(
    store: &Store,
    origin: &Origin,
    id: &CustomerId,
    said: &Said,
) -> Result<StatusCode, Problem> {
    let mut act = store.act(origin).await?;
    let same_currency = said.currency;
    let mut other_currency = false;
    let change = settings::change(&mut act, id, |kept| {
        other_currency = same_currency.is_some_and(|currency| currency != kept.currency);
        said.clone().over(kept.settings.clone())
    })
    .await?;
    if other_currency {
        return Err(bad("/currency", "the currency that the account has: it stays as it is"));
    }
    match change {
        Some(Change::Made) => {
            act.commit().await.map_err(of_act)?;
            Ok(StatusCode::OK)
        }
        Some(Change::None) => Ok(StatusCode::OK),
        None => {
            match settings::add(&mut act, &said.clone().anew(id.clone())).await {
                Ok(()) => {}
                // Somebody added them in this moment, or it is this installation itself.
                Err(StoreError::Exists(_)) => return Err(Problem::Conflict),
                Err(error) => return Err(error.into()),
            }
            act.commit().await.map_err(of_act)?;
            Ok(StatusCode::CREATED)
        }
    }
}

fn of_act(error: ActError) -> Problem {
    StoreError::from(error).into()
}

fn bad(parameter: &str, takes: &str) -> Problem {
    Problem::Parameters(vec![BadParameter {
        parameter: parameter.into(),
        takes: Takes::Said(takes.into()),
    }])
}

/// Reads the body.
fn read(body: &[u8]) -> Result<Said, Problem> {
    let text = std::str::from_utf8(body)
        .map_err(|_| Problem::Malformed("The body is not UTF-8.".into()))?;
    let value = json::read(text).map_err(|fault| {
        Problem::Malformed(format!(
            "The body cannot be taken: {}: {}.",
            fault.pointer, fault.reason
        ))
    })?;
    let Value::Object(mut fields) = value else {
        return Err(Problem::Malformed("The body takes a JSON object.".into()));
    };
    let name = text_of(&mut fields, "name", 1, LONGEST_NAME)?;
    if name.as_deref().is_none_or(|name| name.trim().is_empty()) {
        return Err(bad(
            "/name",
            &format!("text of 1 to {LONGEST_NAME} characters; it is required"),
        ));
    }
    let email = text_of(&mut fields, "email", 0, 254)?;
    if email.as_deref().is_some_and(|email| !email.is_empty() && !is_email(email)) {
        return Err(bad("/email", "an address such as name@example.com, or an empty text"));
    }
    let said = Said {
        name,
        customer_type: choice(&mut fields, "type", &CustomerType::CHOICES, CustomerType::name)?,
        status: choice(&mut fields, "status", &CustomerStatus::ALL, CustomerStatus::name)?,
        email,
        document: text_of(&mut fields, "document", 0, LONGEST_DOCUMENT)?,
        daily_limit: match fields.remove("daily_limit") {
            None => None,
            Some(Value::Null) => Some(None),
            Some(limit) => match limit.as_i64() {
                Some(limit) if (0..=LARGEST).contains(&limit) => Some(Some(limit)),
                _ => {
                    let takes =
                        format!("a whole number of minor units from 0 to {LARGEST}, or null");
                    return Err(bad("/daily_limit", &takes));
                }
            },
        },
        tags: tags(&mut fields)?,
        currency: choice(&mut fields, "currency", &Currency::ALL, Currency::code)?,
    };
    match fields.keys().next() {
        Some(unknown) => Err(bad(&format!("/{unknown}"), "no value: there is no such field")),
        None => Ok(said),
    }
}

fn text_of(
    fields: &mut Map<String, Value>,
    name: &str,
    shortest: usize,
    longest: usize,
) -> Result<Option<String>, Problem> {
    match fields.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) if (shortest..=longest).contains(&text.chars().count()) => {
            Ok(Some(text))
        }
        Some(_) => {
            let takes = format!("text of {shortest} to {longest} characters");
            Err(bad(&format!("/{name}"), &takes))
        }
    }
}

fn choice<T: Copy>(
    fields: &mut Map<String, Value>,
    name: &str,
    all: &[T],
    name_of: fn(T) -> &'static str,
) -> Result<Option<T>, Problem> {
    let Some(value) = fields.remove(name) else { return Ok(None) };
    let known = all.iter().copied().find(|choice| value.as_str() == Some(name_of(*choice)));
    known.map(Some).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|choice| name_of(*choice)).collect();
        bad(&format!("/{name}"), &format!("one of {}", names.join(", ")))
    })
}

fn tags(fields: &mut Map<String, Value>) -> Result<Option<Vec<String>>, Problem> {
    let Some(value) = fields.remove("tags") else { return Ok(None) };
    let tags = value.as_array().and_then(|tags| {
        tags.iter()
            .map(|tag| {
                let fits = |tag: &&str| (1..=LONGEST_TAG).contains(&tag.chars().count());
                tag.as_str().filter(fits).map(str::to_owned)
            })
            .collect::<Option<Vec<_>>>()
    });
    tags.filter(|tags| tags.len() <= MOST_TAGS).map(Some).ok_or_else(|| {
        let takes = format!("at most {MOST_TAGS} texts of 1 to {LONGEST_TAG} characters");
        bad("/tags", &takes)
    })
}
