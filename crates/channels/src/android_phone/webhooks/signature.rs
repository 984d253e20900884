//! Whether a report is really the phone's: HMAC-SHA256 over the raw body and the time it names.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::android_phone::signing_key::SigningKey;

/// `X-Timestamp` (seconds since 1970, the phone's clock) and `X-Signature` (hex), as they came.
#[derive(Debug, Clone, Copy, Default)]
pub struct SignatureHeaders<'a> {
    pub timestamp: Option<&'a str>,
    pub signature: Option<&'a str>,
}

/// With what a report must be signed.
#[derive(Debug, Clone, Copy)]
pub enum ExpectedSignature<'a> {
    /// This registration has not read its settings yet, so the phone signs with a key that nobody knows:
    /// the secret in the path is all the proof there is.
    NotYetPossible,
    /// The pushed key; beside it the one before, while the phone may not have read the new one.
    OneOf(&'a [SigningKey]),
}

/// Why a report is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("X-Timestamp: seconds since 1970 expected")]
    Timestamp,
    #[error("X-Signature: 64 hexadecimal digits expected")]
    Signature,
    #[error("X-Signature: does not fit the body, the time and the key of this phone")]
    Forged,
    /// Signed rightly, but too long ago or ahead: a replay, or a phone whose clock is wrong.
    /// `age_s` is negative if it is ahead.
    #[error(
        "X-Timestamp: {age_s} s old, at most {max_age_s} s are allowed; is the phone's clock right?"
    )]
    Stale { age_s: i64, max_age_s: i64 },
}

/// Checks the signature of `body` (the bytes as they came: the app escapes JSON in its own way).
///
/// `now_s` is liveness time in seconds since 1970: never the virtual clock, since the phone lives in real
/// time. A report may be `max_age_s` old or ahead. Each retry of the phone is signed anew, so an honest one
/// is young. The age is judged last: only then is it known to be the phone's own word.
pub fn check_signature(
    expected: ExpectedSignature<'_>,
    headers: SignatureHeaders<'_>,
    body: &[u8],
    now_s: i64,
    max_age_s: i64,
) -> Result<(), SignatureError> {
    let keys = match expected {
        ExpectedSignature::NotYetPossible => return Ok(()),
        ExpectedSignature::OneOf(keys) => keys,
    };
    let timestamp = headers.timestamp.ok_or(SignatureError::Timestamp)?;
    let signed_at_s: i64 = timestamp.parse().map_err(|_| SignatureError::Timestamp)?;
    let signature = headers.signature.ok_or(SignatureError::Signature)?;
    let signature = hex::decode(signature).map_err(|_| SignatureError::Signature)?;

    if !keys.iter().any(|key| fits(key, body, timestamp, &signature)) {
        return Err(SignatureError::Forged);
    }
    let age_s = now_s.saturating_sub(signed_at_s);
    if age_s.saturating_abs() > max_age_s {
        return Err(SignatureError::Stale { age_s, max_age_s });
    }
    Ok(())
}

/// Compares in constant time.
fn fits(key: &SigningKey, body: &[u8], timestamp: &str, signature: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.reveal().as_bytes()) else {
        return false;
    };
    mac.update(body);
    mac.update(timestamp.as_bytes());
    mac.verify_slice(signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = include_bytes!("../fixtures/sms_received.json");
    const SIGNED_AT: &str = "1772630105";
    const SIGNED_AT_S: i64 = 1_772_630_105;
    /// Of `BODY` and `SIGNED_AT` under `key()`, by another implementation.
    const SIGNATURE: &str = "d24ed729206be0fb8eca3621113ce189869585c543b6b6253b64560919880b63";

    fn key() -> SigningKey {
        SigningKey::new(&"k7".repeat(16)).unwrap()
    }

    fn check(
        timestamp: &str,
        signature: &str,
        body: &[u8],
        now_s: i64,
    ) -> Result<(), SignatureError> {
        let headers = SignatureHeaders { timestamp: Some(timestamp), signature: Some(signature) };
        check_signature(ExpectedSignature::OneOf(&[key()]), headers, body, now_s, 300)
    }

    #[test]
    fn a_signed_report_is_taken_while_it_is_young() {
        for now_s in [SIGNED_AT_S, SIGNED_AT_S + 300, SIGNED_AT_S - 300] {
            assert_eq!(check(SIGNED_AT, SIGNATURE, BODY, now_s), Ok(()));
        }
        for age_s in [301, -301, 86_400] {
            assert_eq!(
                check(SIGNED_AT, SIGNATURE, BODY, SIGNED_AT_S + age_s),
                Err(SignatureError::Stale { age_s, max_age_s: 300 })
            );
        }
    }

    #[test]
    fn whatever_was_changed_is_forged() {
        let now_s = SIGNED_AT_S;
        let mut body = BODY.to_vec();
        body.push(b' ');
        assert_eq!(check(SIGNED_AT, SIGNATURE, &body, now_s), Err(SignatureError::Forged));
        // A replay cannot pretend to be younger.
        assert_eq!(check("1772630106", SIGNATURE, BODY, now_s), Err(SignatureError::Forged));
        assert_eq!(check(SIGNED_AT, &"0".repeat(64), BODY, now_s), Err(SignatureError::Forged));
        assert_eq!(check(SIGNED_AT, &SIGNATURE[..8], BODY, now_s), Err(SignatureError::Forged));
        assert_eq!(check(SIGNED_AT, "", BODY, now_s), Err(SignatureError::Forged));
    }

    #[test]
    fn malformed_and_missing_headers_are_named() {
        let now_s = SIGNED_AT_S;
        assert_eq!(check("soon", SIGNATURE, BODY, now_s), Err(SignatureError::Timestamp));
        assert_eq!(check(SIGNED_AT, "not hex", BODY, now_s), Err(SignatureError::Signature));
        let keys = [key()];
        let expected = ExpectedSignature::OneOf(&keys);
        let bare = SignatureHeaders::default();
        assert_eq!(check_signature(expected, bare, BODY, 0, 300), Err(SignatureError::Timestamp));
        let unsigned = SignatureHeaders { timestamp: Some(SIGNED_AT), signature: None };
        assert_eq!(
            check_signature(expected, unsigned, BODY, 0, 300),
            Err(SignatureError::Signature)
        );
    }

    #[test]
    fn the_key_before_is_good_while_a_new_one_is_on_its_way() {
        let other = SigningKey::new(&"n8".repeat(16)).unwrap();
        let headers = SignatureHeaders { timestamp: Some(SIGNED_AT), signature: Some(SIGNATURE) };
        let with = |keys: &[SigningKey]| {
            let expected = ExpectedSignature::OneOf(keys);
            check_signature(expected, headers, BODY, SIGNED_AT_S, 300)
        };
        assert_eq!(with(&[other.clone(), key()]), Ok(()));
        assert_eq!(with(&[other]), Err(SignatureError::Forged));
        assert_eq!(with(&[]), Err(SignatureError::Forged));
    }

    #[test]
    fn before_the_first_settings_the_path_alone_proves() {
        let expected = ExpectedSignature::NotYetPossible;
        let bare = SignatureHeaders::default();
        assert_eq!(check_signature(expected, bare, BODY, 0, 300), Ok(()));
    }

    #[test]
    fn numbers_at_the_edge_do_not_overflow() {
        let far = check(&i64::MIN.to_string(), SIGNATURE, BODY, i64::MAX);
        assert_eq!(far, Err(SignatureError::Forged));
    }
}
