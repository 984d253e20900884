//! Reads a JSON object of the app field by field: unknown fields are passed over, `null` is the same as
//! absent, and a refusal names the field by its path and says what would be right.

use serde_json::{Map, Value};

/// Why a body of the phone is refused: answered with 400 and these words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {expected} expected")]
pub struct WireError {
    /// Path of the field, `[0].recipients[1].state`; `body` for the whole.
    pub field: String,
    pub expected: String,
}

impl WireError {
    pub(crate) fn new(field: impl Into<String>, expected: impl Into<String>) -> WireError {
        WireError { field: field.into(), expected: expected.into() }
    }
}

/// The body as JSON.
pub(crate) fn json(body: &[u8]) -> Result<Value, WireError> {
    serde_json::from_slice(body).map_err(|_| WireError::new("body", "valid JSON in UTF-8"))
}

/// One object and where it stands.
pub(crate) struct Fields<'a> {
    path: String,
    object: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// `path` is empty for the body itself.
    pub(crate) fn of(value: &'a Value, path: &str) -> Result<Fields<'a>, WireError> {
        match value.as_object() {
            Some(object) => Ok(Fields { path: path.to_owned(), object }),
            None => {
                let field = if path.is_empty() { "body" } else { path };
                Err(WireError::new(field, "an object"))
            }
        }
    }

    pub(crate) fn error(&self, name: &str, expected: impl Into<String>) -> WireError {
        WireError::new(self.path_of(name), expected)
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<&'a str>, WireError> {
        self.value(name)
            .map(|value| value.as_str().ok_or_else(|| self.error(name, "a string")))
            .transpose()
    }

    pub(crate) fn text(&self, name: &str) -> Result<&'a str, WireError> {
        self.optional_text(name)?.ok_or_else(|| self.error(name, "a string"))
    }

    /// A string of 1 to `max_characters` characters.
    pub(crate) fn word(&self, name: &str, max_characters: usize) -> Result<&'a str, WireError> {
        let text = self.text(name)?;
        if text.is_empty() || text.chars().count() > max_characters {
            return Err(self.error(name, format!("1 to {max_characters} characters")));
        }
        Ok(text)
    }

    pub(crate) fn optional_number(&self, name: &str) -> Result<Option<i64>, WireError> {
        self.value(name)
            .map(|value| value.as_i64().ok_or_else(|| self.error(name, "a whole number")))
            .transpose()
    }

    /// The elements of a list with their paths; absent is empty.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<(String, &'a Value)>, WireError> {
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(value) => elements(value, &self.path_of(name)),
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    pub(crate) fn object(&self, name: &str) -> Result<Fields<'a>, WireError> {
        match self.value(name) {
            Some(value) => Fields::of(value, &self.path_of(name)),
            None => Err(self.error(name, "an object")),
        }
    }

    /// Names and values, as they came.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.object.iter()
    }
}

/// The elements of the list `value` that stands at `path` (empty: the body itself).
pub(crate) fn elements<'a>(
    value: &'a Value,
    path: &str,
) -> Result<Vec<(String, &'a Value)>, WireError> {
    let Some(list) = value.as_array() else {
        let field = if path.is_empty() { "body" } else { path };
        return Err(WireError::new(field, "a list"));
    };
    Ok(list.iter().enumerate().map(|(at, value)| (format!("{path}[{at}]"), value)).collect())
}
