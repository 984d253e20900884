//! Ids: made by the application, 64 bits, ordered by time, each with its own type and prefix.
//!
//! On the outside an id is text such as `apt_0d4k1m8x2v7q3`: the prefix says what it names, so a
//! branch id given where a client id belongs is refused with a clear word. In the database it is
//! the bare number.

use std::fmt;

/// Crockford's base 32, lower case: no `i`, `l`, `o`, `u`, so ids survive being read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const DIGITS: usize = 13;

/// Why a text is not the id that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("expected an id that begins with `{expected}_`")]
    WrongPrefix { expected: &'static str },
    #[error("an id of the form `{expected}_` + 13 letters and digits was expected")]
    Malformed { expected: &'static str },
}

/// Writes the 13 digits of `value`.
pub fn encode(value: i64) -> String {
    let mut rest = value.cast_unsigned();
    let mut digits = [b'0'; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest & 31) as usize];
        rest >>= 5;
    }
    String::from_utf8_lossy(&digits).into_owned()
}

/// Reads what [`encode`] wrote; `None` for anything else.
pub fn decode(text: &str) -> Option<i64> {
    if text.len() != DIGITS {
        return None;
    }
    let mut value: u64 = 0;
    for byte in text.bytes() {
        let digit = ALPHABET.iter().position(|&letter| letter == byte)? as u64;
        if value >> 59 != 0 {
            return None;
        }
        value = (value << 5) | digit;
    }
    i64::try_from(value).ok()
}

/// The next id after `previous` at `now_ms` (milliseconds since 1970): 41 bits of time, 22 bits of
/// `entropy`. It always grows within one process, also when the clock steps back.
pub fn next(previous: i64, now_ms: i64, entropy: u32) -> i64 {
    const FREE_BITS: u32 = 22;
    let fresh = (now_ms.max(0) << FREE_BITS) | i64::from(entropy & ((1 << FREE_BITS) - 1));
    // Inside one millisecond, or after a step back, count on from the last one.
    if fresh > previous { fresh } else { previous + 1 + i64::from(entropy & 0xff) }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl $name {
            pub const PREFIX: &'static str = $prefix;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, encode(self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let digits = text
                    .strip_prefix(concat!($prefix, "_"))
                    .ok_or(IdError::WrongPrefix { expected: $prefix })?;
                decode(digits).map($name).ok_or(IdError::Malformed { expected: $prefix })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// The tenant.
    OrganizationId = "org";
    /// A person who signs in to the cabinet.
    UserId = "usr";
    /// A signed-in browser.
    SessionId = "ses";
    /// A key for programs.
    ApiTokenId = "tok";
    /// A place with an address and a time zone.
    BranchId = "brn";
    /// Who performs services.
    StaffId = "stf";
    /// What is performed.
    ServiceId = "srv";
    /// A person who visits.
    ClientId = "cli";
    /// One or more services for a client with one staff member at a time.
    AppointmentId = "apt";
    /// The appointments of one client booked together.
    VisitId = "vis";
    /// One thing to tell one person.
    MessageId = "msg";
    /// One try of a message over one sender.
    DeliveryId = "dlv";
    /// One identity on a channel: a phone, a bind, a bot.
    SenderId = "snd";
    /// One saved text of a template.
    TemplateId = "tpl";
    /// One row of the audit of settings.
    AuditId = "aud";
    /// An SMS that a linked phone received.
    IncomingMessageId = "inc";
    /// Something that a person at the front desk has to do.
    TaskId = "tsk";
    /// One process that serves the database.
    NodeId = "nod";
    /// A carrier's word that overtook the answer that names its try.
    ReceiptId = "rcp";
    /// The link of a branch to an external journal.
    JournalLinkId = "jrn";
}

/// How many parts the tenants are spread over; never changes, since it is stored in every row.
pub const BUCKETS: i64 = 256;

impl OrganizationId {
    /// The part of the data that this organization lives in: 0..=255, a mixing hash of the id.
    pub fn bucket(self) -> i64 {
        // splitmix64: spreads ids that differ in few bits (they are ordered by time) evenly.
        let mut mixed = self.0.cast_unsigned().wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % BUCKETS.cast_unsigned()).cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_of_another_kind_is_refused_by_name() {
        let client = ClientId(77).to_string();
        assert_eq!(client.parse::<BranchId>(), Err(IdError::WrongPrefix { expected: "brn" }));
        assert_eq!(client.parse::<ClientId>(), Ok(ClientId(77)));
    }

    #[test]
    fn ids_grow_even_when_the_clock_steps_back() {
        let first = next(0, 1_800_000_000_000, 5);
        let second = next(first, 1_700_000_000_000, 9);
        assert!(second > first);
    }

    #[test]
    fn organizations_spread_over_the_buckets() {
        let mut rows = vec![0; 256];
        for number in 0..25_600 {
            rows[usize::try_from(OrganizationId(number).bucket()).unwrap()] += 1;
        }
        assert!(rows.iter().all(|&count| (50..200).contains(&count)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn text_and_number_are_one(value in 0i64..) {
            prop_assert_eq!(decode(&encode(value)), Some(value));
        }

        #[test]
        fn garbage_is_no_id(text in ".{0,20}") {
            let _ = text.parse::<ClientId>();
        }
    }
}
