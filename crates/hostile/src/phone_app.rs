//! What the app on a salon's phone sends: bodies, headers, and the signature of its reports.

use crate::lines::above_and_below;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use vestnik_channels::android_phone::app_version::AppVersion;
use vestnik_channels::android_phone::authorization::Credential;
use vestnik_channels::android_phone::phone_error::PhoneFailure;
use vestnik_channels::android_phone::signing_key::SigningKey;
use vestnik_channels::android_phone::states::{PhoneState, TextParts};
use vestnik_channels::android_phone::webhooks::{
    ExpectedSignature, PhoneNotice, ReceivedSms, SignatureError, SignatureHeaders, WebhookCall,
    WebhookUrl, check_signature, dedupe_key, webhook_list,
};
use vestnik_channels::android_phone::wire::{
    DeviceUpdate, MessageStateReport, PasswordChange, PullOrder, Register, SimCard, WireError,
};

const KEY: &str = "k7k7k7k7k7k7k7k7k7k7k7k7k7k7k7k7";
const NOW_S: i64 = 1_772_630_105;
const AGE_S_MOST: i64 = 300;

/// Lines (time, signature, authorization, user agent, words of an error), an empty line, a body.
pub(crate) fn check(bytes: &[u8]) {
    let (headers, body) = above_and_below(bytes);
    check_signing(&headers, body);
    for header in &headers {
        check_header(header);
    }
    check_requests(body);
    match WebhookCall::decode(body) {
        Err(error) => check_refusal(&error),
        Ok(call) => match &call.notice {
            PhoneNotice::SmsReceived(sms) => check_sms(sms),
            PhoneNotice::Ping(health) => {
                assert!(health.battery_percent.is_none_or(|percent| percent <= 100));
            }
            PhoneNotice::AppStarted { sim_cards } => check_sim_cards(sim_cards),
            PhoneNotice::Other { event } => assert!(!event.is_empty()),
        },
    }
}

fn check_refusal(error: &WireError) {
    assert!(!error.field.is_empty() && !error.expected.is_empty(), "{error:?}");
}

fn check_requests(body: &[u8]) {
    match Register::decode(body) {
        Err(error) => check_refusal(&error),
        Ok(register) => {
            assert!(register.name.chars().count() <= 128);
            check_sim_cards(&register.sim_cards);
        }
    }
    match DeviceUpdate::decode(body) {
        Err(error) => check_refusal(&error),
        Ok(update) => check_sim_cards(update.sim_cards.as_deref().unwrap_or_default()),
    }
    match PasswordChange::decode(body) {
        Err(error) => check_refusal(&error),
        Ok(change) => assert!(change.new.chars().count() >= 14 && !change.current.is_empty()),
    }
    match MessageStateReport::decode_list(body) {
        Err(error) => check_refusal(&error),
        Ok(reports) => check_reports(&reports),
    }
}

/// Numbers of cards are cut as they are read.
fn check_sim_cards(cards: &[SimCard]) {
    for card in cards {
        for number in [&card.phone_number, &card.iccid].into_iter().flatten() {
            assert!(number.starts_with("****") && number.chars().count() <= 8, "{number:?}");
        }
    }
}

/// What reports add up to never falls, and does not depend on the order in which they come.
fn check_reports(reports: &[MessageStateReport]) {
    for report in reports {
        assert!(!report.id.is_empty() && report.id.chars().count() <= 36);
        assert!(report.reached.is_sorted());
        for received_at in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            let _ = report.phone_clock_ahead(received_at);
        }
    }
    let states: Vec<PhoneState> = reports.iter().filter_map(PhoneState::of_report).collect();
    for parts in [TextParts::One, TextParts::Several] {
        let forwards = sum(states.iter(), parts);
        assert_eq!(forwards, sum(states.iter().rev(), parts), "{states:?}");
        let most = states.iter().map(PhoneState::rank).max();
        assert!(forwards >= most, "{states:?}");
    }
}

fn sum<'a>(states: impl Iterator<Item = &'a PhoneState>, parts: TextParts) -> Option<u8> {
    let merged = states.cloned().reduce(|known, later| {
        let before = known.rank();
        let after = known.merge(later, parts);
        assert!(after.rank() >= before);
        after
    });
    merged.map(|state| state.rank())
}

fn check_sms(sms: &ReceivedSms) {
    let key = dedupe_key("dev_1", sms);
    assert_eq!(key.len(), 64);
    assert_ne!(key, dedupe_key("dev_2", sms));
    // Neither text nor number is shown in logs.
    let silent = ReceivedSms { sender: None, text: String::new(), ..sms.clone() };
    assert_eq!(format!("{sms:?}"), format!("{silent:?}"));
    assert!(sms.sender.as_ref().is_none_or(|sender| !sender.is_empty()));
}

fn check_header(text: &str) {
    match Credential::of_header(Some(text)) {
        Credential::Basic { login, .. } => assert!(!login.contains(':')),
        Credential::Bearer(value) | Credential::Code(value) => assert_eq!(value.trim(), value),
        Credential::None | Credential::Unreadable => {}
    }
    for version in [AppVersion::parse(text), AppVersion::of_user_agent(text)].into_iter().flatten()
    {
        assert_eq!(AppVersion::parse(&version.to_string()), Some(version));
    }
    let failure = PhoneFailure::read(Some(text));
    assert!(!failure.code.is_empty() && failure.words.chars().count() <= 200);
    if let Ok(url) = WebhookUrl::parse(text) {
        let list = webhook_list(AppVersion::of_user_agent(text), &url);
        assert!(!list.is_empty() && serde_json::to_string(&list).is_ok());
    }
    let _ = PullOrder::parse(Some(text));
}

/// What was not signed with the key is refused; what was is judged by its age alone.
fn check_signing(headers: &[String], body: &[u8]) {
    let header = |at: usize| headers.get(at).map(String::as_str);
    let key = [SigningKey::new(KEY).unwrap()];
    let judge = |timestamp, signature| {
        let headers = SignatureHeaders { timestamp, signature };
        check_signature(ExpectedSignature::OneOf(&key), headers, body, NOW_S, AGE_S_MOST)
    };
    let (timestamp, signature) = (header(0), header(1));
    let signed = signed(body, timestamp.unwrap_or_default());
    if signature != Some(signed.as_str()) {
        assert!(judge(timestamp, signature).is_err());
    }
    let judged = judge(timestamp, Some(&signed));
    match timestamp.and_then(|text| text.parse::<i64>().ok()) {
        None => assert_eq!(judged, Err(SignatureError::Timestamp)),
        Some(at) if NOW_S.abs_diff(at) <= AGE_S_MOST.unsigned_abs() => assert_eq!(judged, Ok(())),
        Some(_) => assert!(matches!(judged, Err(SignatureError::Stale { .. })), "{judged:?}"),
    }
}

fn signed(body: &[u8], timestamp: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    mac.update(body);
    mac.update(timestamp.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}
