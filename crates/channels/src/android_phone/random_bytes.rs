//! Whatever comes from outside is read or refused, never a crash.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};

use super::app_version::AppVersion;
use super::authorization::Credential;
use super::phone_error::PhoneFailure;
use super::signing_key::SigningKey;
use super::states::PhoneState;
use super::webhooks::PhoneNotice;
use super::webhooks::{
    ExpectedSignature, SignatureHeaders, WebhookCall, WebhookUrl, check_signature, dedupe_key,
};
use super::wire::{DeviceUpdate, MessageStateReport, PasswordChange, Register};

const FIXTURES: [&[u8]; 7] = [
    include_bytes!("fixtures/register.json"),
    include_bytes!("fixtures/device_update.json"),
    include_bytes!("fixtures/message_failed.json"),
    include_bytes!("fixtures/message_delivered.json"),
    include_bytes!("fixtures/sms_received.json"),
    include_bytes!("fixtures/system_ping.json"),
    include_bytes!("fixtures/app_started.json"),
];

/// A real body with some bytes changed, or cut short.
fn broken_body() -> impl Strategy<Value = Vec<u8>> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6);
    (prop::sample::select(FIXTURES.to_vec()), changes, any::<prop::sample::Index>(), any::<bool>())
        .prop_map(|(body, changes, end, is_cut)| {
            let mut body = body.to_vec();
            for (at, byte) in changes {
                let at = at.index(body.len());
                body[at] = byte;
            }
            if is_cut {
                body.truncate(end.index(body.len()));
            }
            body
        })
}

/// JSON of any shape with the names that the readers look for.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ -~а-я]{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["sms:received", "system:ping", "app:started", "Sent", "Failed"])
            .prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "id",
        "state",
        "recipients",
        "states",
        "payload",
        "event",
        "simCards",
        "slotIndex",
        "simNumber",
        "phoneNumber",
        "error",
        "health",
        "checks",
        "battery:level",
        "observedValue",
        "message",
        "messageId",
        "receivedAt",
        "Sent",
        "name",
        "pushToken",
    ]);
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name.clone(), inner, 0..6).prop_map(|entries| {
                let entries = entries.into_iter().map(|(name, value)| (name.to_owned(), value));
                Value::Object(entries.collect())
            }),
        ]
    })
}

fn read_in_every_way(body: &[u8]) {
    let _ = Register::decode(body);
    let _ = DeviceUpdate::decode(body);
    let _ = PasswordChange::decode(body);
    for report in MessageStateReport::decode_list(body).unwrap_or_default() {
        let _ = PhoneState::of_report(&report);
        let _ = report.phone_clock_ahead(jiff::Timestamp::MIN);
        let _ = report.phone_clock_ahead(jiff::Timestamp::MAX);
    }
    if let Ok(WebhookCall { notice: PhoneNotice::SmsReceived(sms), .. }) = WebhookCall::decode(body)
    {
        let _ = dedupe_key("dev_1", &sms);
    }
}

proptest! {
    #![proptest_config(Config {
        cases: 1_000,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(2026),
        ..Config::default()
    })]

    #[test]
    fn random_bytes_are_survived(body in prop::collection::vec(any::<u8>(), 0..200)) {
        read_in_every_way(&body);
    }

    #[test]
    fn broken_bodies_are_survived(body in broken_body()) {
        read_in_every_way(&body);
    }

    #[test]
    fn json_of_any_shape_is_survived(value in any_json()) {
        read_in_every_way(value.to_string().as_bytes());
        read_in_every_way(serde_json::json!([value]).to_string().as_bytes());
    }

    #[test]
    fn headers_of_any_text_are_survived(text in ".{0,60}", other in ".{0,60}", now_s in any::<i64>()) {
        let _ = AppVersion::of_user_agent(&text);
        let _ = AppVersion::of_user_agent(&format!("me.capcom.smsgateway/{text}"));
        let _ = Credential::of_header(Some(&text));
        let _ = Credential::of_header(Some(&format!("Basic {text}")));
        let _ = WebhookUrl::parse(&text);
        let _ = PhoneFailure::read(Some(&text));
        let _ = PhoneFailure::read(Some(&format!("Delivery result {text}")));
        let _ = PhoneFailure::read(Some(&format!("Send result: {text}")));
        let keys = [SigningKey::new(&"k7".repeat(16)).unwrap()];
        let headers = SignatureHeaders { timestamp: Some(&text), signature: Some(&other) };
        let expected = ExpectedSignature::OneOf(&keys);
        prop_assert!(check_signature(expected, headers, b"", now_s, 300).is_err());
    }
}
