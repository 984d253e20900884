//! Why a phone could not send. The codes and their plain words are the domain's; here the app's sentence
//! is taken apart.

use vestnik_domain::message_status::phone_error_code;

const MAX_WORDS_CHARACTERS: usize = 200;

/// What is known about a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneFailure {
    pub kind: FailureKind,
    /// Stable; `reason_words` of the domain says what it means.
    pub code: &'static str,
    /// As the phone said it, cut to 200 characters; empty if it said nothing.
    pub words: String,
}

/// How far the message had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The phone kept to `validUntil` and did not try.
    Expired,
    /// The network took it and gave it up later. `tp_status` is the network's own number (3GPP TS
    /// 23.040), 0x40 or more: below it the network still tries, and the app reports no failure.
    NotDelivered { tp_status: Option<u8> },
    /// The phone or the network did not take it.
    Refused,
}

impl PhoneFailure {
    /// Reads the `error` of a failed recipient.
    pub fn read(error: Option<&str>) -> PhoneFailure {
        let error = error.unwrap_or_default().trim();
        let kind = if let Some(report) = error.strip_prefix("Delivery result") {
            FailureKind::NotDelivered { tp_status: tp_status(report) }
        } else if error.contains("TTL expired") {
            FailureKind::Expired
        } else {
            FailureKind::Refused
        };
        PhoneFailure {
            kind,
            code: phone_error_code(error),
            words: error.chars().take(MAX_WORDS_CHARACTERS).collect(),
        }
    }
}

/// The number at the end of a delivery report's words.
fn tp_status(report: &str) -> Option<u8> {
    let (_, number) = report.rsplit_once(':')?;
    let number = number.trim();
    match number.strip_prefix("0x") {
        Some(digits) => u8::from_str_radix(digits, 16).ok(),
        None => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_s_words_are_taken_apart() {
        let not_delivered = |tp_status| FailureKind::NotDelivered { tp_status };
        for (words, kind, code) in [
            (
                "Send result: RESULT_ERROR_NO_SERVICE (Failed because service is unavailable)",
                FailureKind::Refused,
                "phone_no_service",
            ),
            ("Send result: RESULT_NOBODY_KNOWS_THIS", FailureKind::Refused, "phone_error_other"),
            ("Delivery result from SC +7: 65", not_delivered(Some(0x41)), "phone_delivery_failed"),
            (
                "Delivery result from SC +7: 0x40",
                not_delivered(Some(0x40)),
                "phone_delivery_failed",
            ),
            ("Delivery result from SC +7: ?", not_delivered(None), "phone_delivery_failed"),
            ("Delivery result", not_delivered(None), "phone_delivery_failed"),
            ("TTL expired", FailureKind::Expired, "phone_ttl_expired"),
            ("Can't send message: No SIMs found", FailureKind::Refused, "phone_sim_absent"),
            ("Can't send message: SIM 2 not found", FailureKind::Refused, "phone_sim_not_found"),
            ("sendSMS: something", FailureKind::Refused, "phone_error_other"),
            ("", FailureKind::Refused, "phone_error_other"),
        ] {
            let failure = PhoneFailure::read(Some(words));
            assert_eq!((failure.kind, failure.code), (kind, code), "{words}");
            assert_eq!(failure.words, words);
        }
        assert_eq!(PhoneFailure::read(None), PhoneFailure::read(Some("  ")));
    }

    #[test]
    fn long_words_are_cut() {
        let words = PhoneFailure::read(Some(&"ы".repeat(1000))).words;
        assert_eq!(words.chars().count(), MAX_WORDS_CHARACTERS);
    }
}
