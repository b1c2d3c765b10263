//! One entry as a sender sends it: from JSON to what is recorded, or why not.

use app::{
    customer::id::CustomerId,
    log::entry::{Source, UserKind},
    query::Column,
};
use chrono::{DateTime, Datelike, Utc};
use serde_json::{Map, Value};

use super::json::{self, Fault};
use crate::{
    store::{
        act::PLATFORM,
        receive::Received,
        recorder::{LONGEST_DETAIL, NewEntry, stored},
    },
    token::sha256,
};

/// The longest `id`, in characters.
pub const LONGEST_ID: usize = 128;

const FIELDS: [&str; 11] = [
    "customer_id",
    "id",
    "user",
    "action",
    "related_operation",
    "impacted_table",
    "source",
    "app_instance",
    "request_path",
    "occurred_at",
    "detail",
];

/// Reads one item, sent with the key of this number.
///
/// # Errors
/// The first [`Fault`].
pub fn read(text: &str, api_key_id: i64) -> Result<Received, Fault> {
    let value = json::read(text)?;
    // Keys in the order of the alphabet: the same entry has the same hash, however it was written.
    let sha256 = sha256(&value.to_string());
    let Value::Object(mut fields) = value else {
        return Err(Fault::new("", "takes a JSON object"));
    };
    if let Some(unknown) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        let pointer = format!("/{}", unknown.replace('~', "~0").replace('/', "~1"));
        return Err(Fault::new(pointer, format!("no such field; there are {}", FIELDS.join(", "))));
    }
    let customer_id: CustomerId = required(&mut fields, "customer_id")?
        .parse()
        .map_err(|error| Fault::new("/customer_id", format!("{error}")))?;
    // What happens to this installation it records by itself: nobody else writes that log.
    if customer_id.as_str() == PLATFORM {
        return Err(Fault::new("/customer_id", "is this installation's own log"));
    }
    let id = text_of(&mut fields, "/", "id")?;
    if id.as_ref().is_some_and(|id| !(1..=LONGEST_ID).contains(&id.chars().count())) {
        return Err(Fault::new("/id", format!("takes text of 1 to {LONGEST_ID} characters")));
    }
    let (user, user_id, user_kind) = user(&mut fields)?;
    let entry = NewEntry {
        customer_id,
        user,
        user_id,
        user_kind,
        action: required(&mut fields, "action")?,
        related_operation: text_of(&mut fields, "/", "related_operation")?,
        impacted_table: text_of(&mut fields, "/", "impacted_table")?.unwrap_or_default(),
        source: choice(&mut fields, "/", "source", &Source::ALL, Source::name)?
            .unwrap_or(Source::Api),
        app_instance: text_of(&mut fields, "/", "app_instance")?.unwrap_or_default(),
        request_path: text_of(&mut fields, "/", "request_path")?.unwrap_or_default(),
        occurred_at: occurred_at(&mut fields)?,
        api_key_id: Some(api_key_id),
        detail: detail(&mut fields)?,
    };
    for (column, text, longest) in entry.texts() {
        if stored(text).len() > longest {
            let pointer = format!("/{}", column.name());
            return Err(Fault::new(pointer, format!("takes at most {longest} bytes")));
        }
    }
    Ok(Received { entry, id, sha256 })
}

/// A text; `null` is as good as nothing.
fn text_of(
    fields: &mut Map<String, Value>,
    within: &str,
    name: &str,
) -> Result<Option<String>, Fault> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Fault::new(format!("{within}{name}"), "takes text")),
    }
}

fn required(fields: &mut Map<String, Value>, name: &str) -> Result<String, Fault> {
    let text = text_of(fields, "/", name)?.filter(|text| !text.is_empty());
    text.ok_or_else(|| Fault::new(format!("/{name}"), "is required: text that is not empty"))
}

fn choice<T: Copy>(
    fields: &mut Map<String, Value>,
    within: &str,
    name: &str,
    all: &[T],
    name_of: fn(T) -> &'static str,
) -> Result<Option<T>, Fault> {
    let Some(text) = text_of(fields, within, name)? else { return Ok(None) };
    let known = all.iter().copied().find(|choice| name_of(*choice) == text);
    known.map(Some).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|choice| name_of(*choice)).collect();
        Fault::new(format!("{within}{name}"), format!("takes one of {}", names.join(", ")))
    })
}

/// A name; or an object with name, id and kind.
fn user(fields: &mut Map<String, Value>) -> Result<(String, Option<String>, UserKind), Fault> {
    let Some(Value::Object(mut user)) = fields.get("user").cloned() else {
        return Ok((required(fields, "user")?, None, UserKind::Unknown));
    };
    let name = text_of(&mut user, "/user/", "name")?.filter(|name| !name.is_empty());
    let name =
        name.ok_or_else(|| Fault::new("/user/name", "is required: text that is not empty"))?;
    let id = text_of(&mut user, "/user/", "id")?;
    if id.as_ref().is_some_and(|id| stored(id).len() > 1000) {
        return Err(Fault::new("/user/id", "takes at most 1000 bytes"));
    }
    let kind = choice(&mut user, "/user/", "kind", &UserKind::ALL, UserKind::name)?;
    if let Some(unknown) = user.keys().next() {
        let pointer = format!("/user/{}", unknown.replace('~', "~0").replace('/', "~1"));
        return Err(Fault::new(pointer, "no such field; there are id, name, kind"));
    }
    Ok((name, id, kind.unwrap_or(UserKind::Unknown)))
}

fn occurred_at(fields: &mut Map<String, Value>) -> Result<Option<DateTime<Utc>>, Fault> {
    let Some(text) = text_of(fields, "/", "occurred_at")? else { return Ok(None) };
    // RFC 3339 knows years of four digits; in UTC, too, or it could not be shown again.
    let at = DateTime::parse_from_rfc3339(&text).map(|at| at.with_timezone(&Utc));
    match at.ok().filter(|at| (0..=9999).contains(&at.year())) {
        Some(at) => Ok(Some(at)),
        None => Err(Fault::new("/occurred_at", "takes an instant such as 2026-03-12T14:22:31Z")),
    }
}

fn detail(fields: &mut Map<String, Value>) -> Result<Option<Value>, Fault> {
    match fields.remove("detail") {
        None | Some(Value::Null) => Ok(None),
        Some(detail @ Value::Object(_)) => {
            if detail.to_string().len() > LONGEST_DETAIL {
                return Err(Fault::new("/detail", format!("takes at most {LONGEST_DETAIL} bytes")));
            }
            Ok(Some(detail))
        }
        Some(_) => Err(Fault::new("/detail", "takes a JSON object")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        read(text, 1).unwrap_err().pointer
    }

    #[test]
    fn only_customer_user_and_action_are_required() {
        let item = read(r#"{"customer_id":"7","user":"Ana","action":"Did it"}"#, 3).unwrap();
        assert_eq!(item.id, None);
        assert_eq!(item.entry.user_kind, UserKind::Unknown);
        assert_eq!(item.entry.source, Source::Api);
        assert_eq!(item.entry.api_key_id, Some(3));
        let missing = [
            (r#"{"user":"a","action":"b"}"#, "/customer_id"),
            (r#"{"customer_id":"7","action":"b"}"#, "/user"),
            (r#"{"customer_id":"7","user":"a"}"#, "/action"),
            (r#"{"customer_id":"7","user":"a","action":""}"#, "/action"),
        ];
        for (text, pointer) in missing {
            assert_eq!(fault(text), pointer);
        }
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        let with =
            |field: &str| format!(r#"{{"customer_id":"7","user":"a","action":"b",{field}}}"#);
        let long = "é".repeat(1001);
        let large = format!(r#""detail":{{"a":"{}"}}"#, "x".repeat(LONGEST_DETAIL));
        let cases = [
            (r#""id":"""#.to_owned(), "/id"),
            (format!(r#""id":"{}""#, "x".repeat(129)), "/id"),
            (r#""source":"ui""#.into(), "/source"),
            (r#""occurred_at":"yesterday""#.into(), "/occurred_at"),
            (r#""occurred_at":"9999-12-31T23:59:59-01:00""#.into(), "/occurred_at"),
            (r#""detail":[1]"#.into(), "/detail"),
            (r#""detail":{"n":{"m":99999999999999999999}}"#.into(), "/detail/n/m"),
            (large, "/detail"),
            (format!(r#""request_path":"{long}""#), "/request_path"),
            (r#""impacted_table":7"#.into(), "/impacted_table"),
            (r#""colour/red":1"#.into(), "/colour~1red"),
            (r#""user":"b""#.into(), "/user"),
        ];
        for (field, pointer) in cases {
            assert_eq!(fault(&with(&field)), pointer, "{field:.60}");
        }
        for (user, pointer) in [
            (r#"{"id":"1"}"#, "/user/name"),
            (r#"{"name":"a","kind":"robot"}"#, "/user/kind"),
            (r#"{"name":"a","mail":1}"#, "/user/mail"),
            ("7", "/user"),
        ] {
            let text = format!(r#"{{"customer_id":"7","user":{user},"action":"b"}}"#);
            assert_eq!(fault(&text), pointer, "{user}");
        }
        let platform = r#"{"customer_id":"platform","user":"a","action":"b"}"#;
        assert_eq!(fault(platform), "/customer_id");
        assert_eq!(fault("[]"), "");
        assert_eq!(fault(r#"{"customer_id":"a b","user":"a","action":"b"}"#), "/customer_id");
    }

    #[test]
    fn the_same_entry_has_the_same_hash_however_it_is_written() {
        let one = r#"{"customer_id":"7","user":"Ana","action":"b","detail":{"x":1,"y":2}}"#;
        let other =
            r#" { "detail": {"y":2, "x":1}, "action":"b", "user":"\u0041na", "customer_id":"7" }"#;
        let hash = |text: &str| read(text, 1).unwrap().sha256;
        assert_eq!(hash(one), hash(other));
        assert_ne!(hash(one), hash(&one.replace("\"b\"", "\"c\"")));
    }
}
