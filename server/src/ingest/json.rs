//! JSON read strictly: nothing in it is silently lost or changed. What other readers let pass (a key twice,
//! of which one wins; a whole number that becomes a fraction) is a fault here, and told with its place.

use std::fmt;

use app::query::printable;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The deepest that a value may be nested.
pub const DEEPEST: usize = 32;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What is wrong there, in a sentence without its full stop.
    pub reason: String,
}

impl Fault {
    /// `reason` at `pointer`.
    pub fn new(pointer: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), reason: reason.into() }
    }
}

/// Reads one value.
///
/// # Errors
/// The first [`Fault`].
pub fn read(text: &str) -> Result<Value, Fault> {
    let mut fault = None;
    let mut pointer = String::new();
    let mut reader = serde_json::Deserializer::from_str(text);
    let node = Node { pointer: &mut pointer, depth: 0, fault: &mut fault };
    let value = node.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    match (value, fault) {
        (Ok(value), None) => Ok(value),
        (_, Some(fault)) => Err(fault),
        (Err(error), None) => Err(Fault::new("", format!("no JSON: {error}"))),
    }
}

/// A value at some place of the whole.
struct Node<'r> {
    pointer: &'r mut String,
    depth: usize,
    fault: &'r mut Option<Fault>,
}

impl Node<'_> {
    fn fault(&mut self, reason: &str) {
        let pointer = self.pointer.clone();
        self.fault.get_or_insert_with(|| Fault::new(pointer, reason));
    }

    /// The node of a part of this one.
    fn part<'p>(&'p mut self, name: &str) -> Node<'p> {
        self.pointer.push('/');
        self.pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        Node { pointer: self.pointer, depth: self.depth + 1, fault: self.fault }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(mut self, reader: D) -> Result<Value, D::Error> {
        if self.depth > DEEPEST {
            self.fault(&format!("nested more than {DEEPEST} deep"));
            return IgnoredAny::deserialize(reader);
        }
        reader.deserialize_any(self)
    }
}

/// Skips a value, however deep, without keeping anything of it.
trait Skip: Sized {
    fn deserialize<'de, D: Deserializer<'de>>(reader: D) -> Result<Value, D::Error>;
}

impl Skip for IgnoredAny {
    fn deserialize<'de, D: Deserializer<'de>>(reader: D) -> Result<Value, D::Error> {
        reader.deserialize_ignored_any(Self).map(|_| Value::Null)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(mut self, value: u64) -> Result<Value, E> {
        if i64::try_from(value).is_err() {
            self.fault("a whole number outside −2⁶³ … 2⁶³−1");
        }
        Ok(Value::from(value))
    }

    fn visit_f64<E>(mut self, value: f64) -> Result<Value, E> {
        // Whole numbers that fit nowhere else come here, rounded.
        if value.fract() == 0.0 && value.abs() >= 9_223_372_036_854_775_808.0 {
            self.fault("a whole number outside −2⁶³ … 2⁶³−1");
        }
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.chars().map(printable).collect()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        let length = self.pointer.len();
        while let Some(item) = items.next_element_seed(self.part(&list.len().to_string()))? {
            list.push(item);
            self.pointer.truncate(length);
        }
        self.pointer.truncate(length);
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut pairs: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        let length = self.pointer.len();
        while let Some(key) = pairs.next_key::<String>()? {
            let key: String = key.chars().map(printable).collect();
            let mut part = self.part(&key);
            if map.contains_key(&key) {
                part.fault("the same key twice");
            }
            let value = pairs.next_value_seed(part)?;
            self.pointer.truncate(length);
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn fault(text: &str) -> (String, String) {
        let Fault { pointer, reason } = read(text).unwrap_err();
        (pointer, reason)
    }

    #[test]
    fn faults_are_told_with_their_place() {
        assert_eq!(fault(r#"{"a":{"b":1,"b":2}}"#), ("/a/b".into(), "the same key twice".into()));
        assert_eq!(fault(r#"{"a/~b":[0,9223372036854775808]}"#).0, "/a~1~0b/1");
        assert_eq!(fault("[-123456789012345678901234567890]").0, "/0");
        assert_eq!(fault("[1e300]").0, "/0");
        let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(fault(&deep).0, "/0".repeat(DEEPEST + 1));
        let bottomless = "[".repeat(100_000);
        assert!(read(&bottomless).is_err());
        for malformed in ["", "{", "nul", "1 2", "{\"a\":\u{0}1}", "\"\\ud800\"", "[1e999]"] {
            assert!(read(malformed).is_err(), "{malformed:?}");
        }
    }

    #[test]
    fn what_is_well_is_kept_as_it_is() {
        let text = r#"{"b":[1,-9223372036854775808,1.5,true,null,"\u0000é"],"a":{}}"#;
        let kept = json!({ "a": {}, "b": [1, i64::MIN, 1.5, true, null, "\u{2400}é"] });
        assert_eq!(read(text), Ok(kept));
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e9..1e9_f64).prop_map(Value::from),
            "[^\u{0}]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 40, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::btree_map("[^\u{0}]{0,4}", inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_value_reads_back_the_same(value in value()) {
            prop_assert_eq!(read(&value.to_string()), Ok(value));
        }

        #[test]
        fn no_text_at_all_is_more_than_a_fault(text in any::<String>()) {
            let _either = read(&text);
        }

        #[test]
        fn no_almost_json_is_more_than_a_fault(value in value(), at in any::<usize>(), with in any::<char>()) {
            let mut text: Vec<char> = value.to_string().chars().collect();
            let at = at % text.len();
            text[at] = with;
            let _either = read(&text.into_iter().collect::<String>());
        }
    }
}
