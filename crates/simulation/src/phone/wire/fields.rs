//! Fields of a JSON object, with the place of each for the words about a flaw.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Flaw, dates};

pub(super) struct Fields<'a> {
    at: String,
    fields: &'a Map<String, Value>,
}

/// The elements of a body that is an array.
pub(super) fn list(body: &[u8]) -> Result<Vec<Value>, Flaw> {
    match serde_json::from_slice(body) {
        Ok(Value::Array(elements)) => Ok(elements),
        _ => Err(Flaw { field: "body".to_owned(), expected: "ждали массив JSON" }),
    }
}

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value, at: String) -> Result<Fields<'a>, Flaw> {
        match value {
            Value::Object(fields) => Ok(Fields { at, fields }),
            _ => Err(Flaw { field: at, expected: "ждали объект JSON" }),
        }
    }

    pub(super) fn flaw(&self, name: &str, expected: &'static str) -> Flaw {
        Flaw { field: format!("{}.{name}", self.at), expected }
    }

    /// `null` is as good as absent.
    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn object(&self, name: &str) -> Result<Option<Fields<'a>>, Flaw> {
        self.value(name).map(|value| Fields::of(value, format!("{}.{name}", self.at))).transpose()
    }

    fn read<T>(
        &self,
        name: &str,
        expected: &'static str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Flaw> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| self.flaw(name, expected)),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Flaw> {
        self.read(name, "ждали строку", Value::as_str)
    }

    pub(super) fn required_text(&self, name: &str) -> Result<&'a str, Flaw> {
        self.text(name)?.ok_or_else(|| self.flaw(name, "ждали строку, поле обязательно"))
    }

    pub(super) fn whole(&self, name: &str) -> Result<Option<i64>, Flaw> {
        self.read(name, "ждали целое число", Value::as_i64)
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Flaw> {
        self.read(name, "ждали true или false", Value::as_bool)
    }

    pub(super) fn date(&self, name: &str) -> Result<Option<Timestamp>, Flaw> {
        self.read(name, "ждали время RFC 3339", |value| dates::read(value.as_str()?))
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Flaw> {
        let read = |value: &Value| -> Option<Vec<String>> {
            value.as_array()?.iter().map(|text| Some(text.as_str()?.to_owned())).collect()
        };
        self.read(name, "ждали массив строк", read)?
            .ok_or_else(|| self.flaw(name, "ждали массив строк, поле обязательно"))
    }
}
