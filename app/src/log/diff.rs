//! What changed: the fields of an object before and after, one beside the other.

use serde_json::{Map, Value};

/// A field before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where it is: `address.lines[1]`.
    pub path: String,
    /// What it was; nothing where it was not there.
    pub before: Option<String>,
    /// What it became; nothing where it is no longer there.
    pub after: Option<String>,
}

impl Change {
    /// Whether it is another value than before.
    pub fn is_change(&self) -> bool {
        self.before != self.after
    }
}

/// The fields of `before` and `after`, in the order in which they come. Objects and arrays are looked into, so that a
/// change deep in one is one line.
pub fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    walk(String::new(), present(before), present(after), &mut changes);
    changes
}

/// To people, `null` is nothing: a field that is not set, an object that was not there before.
fn present(value: &Value) -> Option<&Value> {
    Some(value).filter(|value| !value.is_null())
}

fn walk(path: String, before: Option<&Value>, after: Option<&Value>, changes: &mut Vec<Change>) {
    match (before, after) {
        (None, None) => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            of_objects(&path, before, after, changes);
        }
        (Some(Value::Object(before)), None) => of_objects(&path, before, &Map::new(), changes),
        (None, Some(Value::Object(after))) => of_objects(&path, &Map::new(), after, changes),
        (Some(Value::Array(before)), Some(Value::Array(after)))
            if before.iter().chain(after).any(|item| item.is_object() || item.is_array()) =>
        {
            for nth in 0..before.len().max(after.len()) {
                walk(format!("{path}[{nth}]"), before.get(nth), after.get(nth), changes);
            }
        }
        (before, after) => {
            let shown = |value: Option<&Value>| value.and_then(present).map(shown);
            changes.push(Change { path, before: shown(before), after: shown(after) });
        }
    }
}

fn of_objects(
    path: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    changes: &mut Vec<Change>,
) {
    let added = after.keys().filter(|name| !before.contains_key(*name));
    for name in before.keys().chain(added) {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        walk(path, before.get(name), after.get(name), changes);
    }
}

/// A value as people read it: texts without quotes, everything else as JSON.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            items.iter().map(shown).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lines(before: Value, after: Value) -> Vec<(String, Option<String>, Option<String>)> {
        let changes = changes(&before, &after);
        changes.into_iter().map(|change| (change.path, change.before, change.after)).collect()
    }

    #[test]
    fn each_field_is_a_line_however_deep() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            lines(
                json!({"name": "Ana", "limit": {"daily": 5, "monthly": 9}, "tags": ["a"], "old": true}),
                json!({"name": "Ana", "limit": {"daily": 7, "monthly": 9}, "tags": ["a", "b"], "new": null}),
            ),
            [
                ("limit.daily".into(), text("5"), text("7")),
                ("limit.monthly".into(), text("9"), text("9")),
                ("name".into(), text("Ana"), text("Ana")),
                ("old".into(), text("true"), None),
                ("tags".into(), text("a"), text("a, b")),
                ("new".into(), None, None),
            ]
        );
    }

    #[test]
    fn what_was_not_there_before_is_added_whole_and_what_went_is_removed_whole() {
        let text = |text: &str| Some(text.to_owned());
        let object = json!({"a": {"b": 1}});
        assert_eq!(lines(Value::Null, object.clone()), [("a.b".into(), None, text("1"))]);
        assert_eq!(lines(object, Value::Null), [("a.b".into(), text("1"), None)]);
        assert_eq!(
            lines(json!([{"a": 1}]), json!([{"a": 2}, 3])),
            [("[0].a".into(), text("1"), text("2")), ("[1]".into(), None, text("3")),]
        );
        assert_eq!(lines(Value::Null, Value::Null), []);
    }
}
