use super::*;
use crate::android_phone::app_version::AppVersion;
use crate::android_phone::webhooks::HealthStatus;

fn received(body: &[u8]) -> ReceivedSms {
    match WebhookCall::decode(body).unwrap().notice {
        PhoneNotice::SmsReceived(sms) => sms,
        other => panic!("{other:?}"),
    }
}

fn sms() -> ReceivedSms {
    received(include_bytes!("../../fixtures/sms_received.json"))
}

#[test]
fn an_incoming_message_is_read_whole() {
    let sms = sms();
    assert_eq!(sms.text, "1, приду <3");
    assert_eq!(sms.sender.as_deref(), Some("+79161234567"));
    assert_eq!((sms.sim_number, sms.message_id.as_str()), (Some(1), "9f0c2b1e"));
    assert_eq!(sms.received_at.to_string(), "2026-03-04T13:15:02.114Z");
    let shown = format!("{sms:?}");
    assert!(!shown.contains("приду") && !shown.contains("7916"), "{shown}");
}

#[test]
fn a_sender_may_have_its_old_name_or_none() {
    let body = |sender: &str| {
        let text = format!(
            r#"{{"event":"sms:received","payload":{{"messageId":"a","message":"",{sender}"receivedAt":"2026-03-04T13:15:02Z"}}}}"#
        );
        received(text.as_bytes()).sender
    };
    assert_eq!(body(r#""phoneNumber":"+7","#).as_deref(), Some("+7"));
    assert_eq!(body(r#""sender":"MTS","phoneNumber":"+7","#).as_deref(), Some("MTS"));
    assert_eq!(body(r#""sender":null,"#), None);
    assert_eq!(body(r#""sender":"","#), None);
}

#[test]
fn health_is_read_as_far_as_it_goes() {
    let call = WebhookCall::decode(include_bytes!("../../fixtures/system_ping.json")).unwrap();
    let PhoneNotice::Ping(health) = call.notice else { panic!("{call:?}") };
    assert_eq!(
        health,
        PhoneHealth {
            status: Some(HealthStatus::Warn),
            app_version: Some(AppVersion::new(1, 68, 0)),
            battery_percent: Some(87),
            is_charging: Some(true),
            is_online: Some(true),
            failed_messages: Some(2),
        }
    );
    let odd = br#"{"event":"system:ping","payload":{"health":{"status":7,"checks":{"battery:level":[{"observedValue":900}],"battery:charging":false}}}}"#;
    let PhoneNotice::Ping(health) = WebhookCall::decode(odd).unwrap().notice else { panic!() };
    assert_eq!(health, PhoneHealth { is_charging: Some(false), ..PhoneHealth::default() });
}

#[test]
fn the_cards_of_a_started_app_are_cut() {
    let call = WebhookCall::decode(include_bytes!("../../fixtures/app_started.json")).unwrap();
    let PhoneNotice::AppStarted { sim_cards } = call.notice else { panic!("{call:?}") };
    assert_eq!(sim_cards[0].phone_number.as_deref(), Some("****0000"));
    assert_eq!(sim_cards[0].iccid.as_deref(), Some("****1234"));
    assert_eq!(sim_cards[0].carrier_name.as_deref(), Some("МТС"));
}

#[test]
fn an_event_that_nobody_asked_for_is_taken_and_let_go() {
    let call = WebhookCall::decode(br#"{"event":"mms:batch:received","payload":7}"#).unwrap();
    assert_eq!(call.notice, PhoneNotice::Other { event: "mms:batch:received".to_owned() });
}

#[test]
fn a_refusal_names_the_field() {
    for (body, words) in [
        ("", "body: valid JSON in UTF-8 expected"),
        ("7", "body: an object expected"),
        ("{}", "event: a string expected"),
        (r#"{"event":"sms:received"}"#, "payload: an object expected"),
        (
            r#"{"event":"sms:received","payload":{"messageId":"a","message":"b","receivedAt":"now"}}"#,
            "payload.receivedAt: a date with an offset, 2026-03-04T15:15:02.114+03:00, expected",
        ),
        (
            r#"{"event":"sms:received","payload":{"messageId":"a","receivedAt":"2026-03-04T13:15:02Z"}}"#,
            "payload.message: a string expected",
        ),
        (
            r#"{"event":"app:started","payload":{"simCards":[7]}}"#,
            "payload.simCards[0]: an object expected",
        ),
    ] {
        assert_eq!(WebhookCall::decode(body.as_bytes()).unwrap_err().to_string(), words);
    }
}

#[test]
fn one_message_has_one_key_and_two_have_two() {
    let first = sms();
    let key = |sms: &ReceivedSms| dedupe_key("dev_1", sms);
    // The same moment in another offset, the same text or another: the same message.
    let again = ReceivedSms { text: "1".to_owned(), ..first.clone() };
    assert_eq!(key(&first), key(&again));

    let later = first.received_at.checked_add(jiff::SignedDuration::from_millis(1)).unwrap();
    for other in [
        ReceivedSms { message_id: "9f0c2b1f".to_owned(), ..first.clone() },
        ReceivedSms { sender: None, ..first.clone() },
        ReceivedSms { received_at: later, ..first.clone() },
        // The end of one field is not the beginning of the next.
        ReceivedSms {
            message_id: "9f0c2b1e+".to_owned(),
            sender: Some("79161234567".to_owned()),
            ..first.clone()
        },
    ] {
        assert_ne!(key(&first), key(&other), "{other:?}");
    }
    assert_ne!(key(&first), dedupe_key("dev_2", &first));
}
