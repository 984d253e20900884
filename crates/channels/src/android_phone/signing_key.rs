//! The key with which a phone signs what it reports to us. We make it and push it with the settings;
//! before that the phone signs with a random one that we never learn.

use std::fmt;

const MIN_CHARACTERS: usize = 32;
const MAX_CHARACTERS: usize = 128;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a signing key is {MIN_CHARACTERS} to {MAX_CHARACTERS} Latin letters and digits")]
pub struct SigningKeyError;

/// At least 32 letters and digits. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey(String);

impl SigningKey {
    pub fn new(text: &str) -> Result<SigningKey, SigningKeyError> {
        let fits = (MIN_CHARACTERS..=MAX_CHARACTERS).contains(&text.len());
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits && plain { Ok(SigningKey(text.to_owned())) } else { Err(SigningKeyError) }
    }

    /// The key itself, to be sealed, pushed or used.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_long_plain_and_hidden() {
        let key = SigningKey::new(&"k7".repeat(16)).unwrap();
        assert_eq!(format!("{key:?}"), "SigningKey(…)");
        for bad in ["short", &"k".repeat(129), &"ключ".repeat(10), &" ".repeat(40)] {
            assert_eq!(SigningKey::new(bad), Err(SigningKeyError), "{bad}");
        }
    }
}
