use super::*;

fn words<T: fmt::Debug>(result: Result<T, WireError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_registration_is_read_leniently() {
    let read = Register::decode(include_bytes!("../../fixtures/register.json")).unwrap();
    insta::assert_debug_snapshot!(read, @r#"
    Register {
        name: "Samsung/a15",
        has_push_token: true,
        sim_cards: [
            SimCard {
                slot_index: 0,
                sim_number: 1,
                phone_number: Some(
                    "****4567",
                ),
                carrier_name: Some(
                    "МТС",
                ),
                iccid: Some(
                    "****0123",
                ),
            },
            SimCard {
                slot_index: 1,
                sim_number: 2,
                phone_number: None,
                carrier_name: None,
                iccid: None,
            },
        ],
    }
    "#);

    let bare = Register::decode(br#"{"name":null,"pushToken":"","future":[1]}"#).unwrap();
    assert_eq!(bare, Register { name: String::new(), has_push_token: false, sim_cards: vec![] });

    let long = format!(r#"{{"name":"{}"}}"#, "я".repeat(300));
    assert_eq!(Register::decode(long.as_bytes()).unwrap().name.chars().count(), 128);
}

#[test]
fn a_sim_card_keeps_four_characters_and_either_number_will_do() {
    let body = br#"{"simCards":[{"simNumber":2,"phoneNumber":"+79161234567","iccid":"89701012345678901234"}]}"#;
    let sim = &Register::decode(body).unwrap().sim_cards[0];
    assert_eq!((sim.slot_index, sim.sim_number), (1, 2));
    assert_eq!(sim.phone_number.as_deref(), Some("****4567"));
    assert_eq!(sim.iccid.as_deref(), Some("****1234"));
}

#[test]
fn an_update_without_push_token_means_that_there_is_none() {
    let body = include_bytes!("../../fixtures/device_update.json");
    let update = DeviceUpdate::decode(body).unwrap();
    assert!(!update.has_push_token);
    assert_eq!(update.sim_cards.unwrap().len(), 1);

    let update = DeviceUpdate::decode(br#"{"id":"d","pushToken":"fcm"}"#).unwrap();
    assert!(update.has_push_token && update.sim_cards.is_none());
}

#[test]
fn a_refusal_names_the_field_and_what_is_right() {
    for (refusal, expected) in [
        (words(Register::decode(b"{")), "body: valid JSON in UTF-8 expected"),
        (words(Register::decode(b"[]")), "body: an object expected"),
        (words(Register::decode(br#"{"name":7}"#)), "name: a string expected"),
        (words(Register::decode(br#"{"simCards":{}}"#)), "simCards: a list expected"),
        (
            words(Register::decode(br#"{"simCards":[{"slotIndex":0},{}]}"#)),
            "simCards[1].simNumber: a whole number from 1 expected",
        ),
        (words(DeviceUpdate::decode(b"{}")), "id: a string expected"),
        (words(DeviceUpdate::decode(br#"{"id":""}"#)), "id: 1 to 64 characters expected"),
        (
            words(PasswordChange::decode(br#"{"currentPassword":"a","newPassword":"short"}"#)),
            "newPassword: at least 14 characters expected",
        ),
        (words(PullOrder::parse(Some("FIFO"))), "order: `fifo` or `lifo` expected"),
        (words(MessageStateReport::decode_list(br#"{"id":"x"}"#)), "body: a list expected"),
        (words(MessageStateReport::decode_list(br#"[{"id":7}]"#)), "[0].id: a string expected"),
        (
            words(MessageStateReport::decode_list(br#"[{"id":"x","state":"Flown"}]"#)),
            "[0].state: Pending, Cancelling, Cancelled, Processed, Sent, Delivered or Failed expected",
        ),
        (
            words(MessageStateReport::decode_list(
                br#"[{"id":"x","state":"Sent","recipients":[{"phoneNumber":"+7"}]}]"#,
            )),
            "[0].recipients[0].state: a string expected",
        ),
        (
            words(MessageStateReport::decode_list(
                br#"[{"id":"1234567890123456789012345678901234567","state":"Sent"}]"#,
            )),
            "[0].id: 1 to 36 characters expected",
        ),
    ] {
        assert_eq!(refusal, expected);
    }
}

#[test]
fn a_report_is_read_with_its_error_and_dates() {
    let body = include_bytes!("../../fixtures/message_failed.json");
    let reports = MessageStateReport::decode_list(body).unwrap();
    insta::assert_debug_snapshot!(reports, @r#"
    [
        MessageStateReport {
            id: "8f0c2b1e6a3d4c57",
            state: Failed,
            recipients: [
                RecipientState {
                    state: Failed,
                    error: Some(
                        "Send result: RESULT_ERROR_NO_SERVICE (Failed because service is currently unavailable)",
                    ),
                    ..
                },
            ],
            reached: [
                (
                    Pending,
                    2026-03-04T12:15:02.114Z,
                ),
                (
                    Processed,
                    2026-03-04T12:15:02.48Z,
                ),
                (
                    Failed,
                    2026-03-04T12:15:05.001Z,
                ),
            ],
        },
    ]
    "#);
}

#[test]
fn dates_that_cannot_be_read_and_fields_of_later_versions_do_no_harm() {
    let body = br#"[{"id":"x","state":"Sent","states":{"Sent":"yesterday","Archived":"2026-03-04T15:15:02.114+03:00","Pending":null},"deviceId":null,"extra":{}}]"#;
    let reports = MessageStateReport::decode_list(body).unwrap();
    assert_eq!(reports[0].reached, []);
    assert_eq!(reports[0].state, WireState::Sent);
}

#[test]
fn a_wrong_clock_of_the_phone_shows() {
    let body = br#"[{"id":"x","state":"Sent","states":{"Pending":"2026-03-04T15:15:02.114+03:00","Sent":"2026-03-04T16:15:05.000+03:00"}}]"#;
    let report = &MessageStateReport::decode_list(body).unwrap()[0];
    let received_at = "2026-03-04T12:15:05Z".parse().unwrap();
    assert_eq!(report.phone_clock_ahead(received_at), Some(SignedDuration::from_hours(1)));
}

#[test]
fn a_recipient_s_number_and_passwords_do_not_show_in_debug() {
    let body = include_bytes!("../../fixtures/message_failed.json");
    let shown = format!("{:?}", MessageStateReport::decode_list(body).unwrap());
    assert!(!shown.contains("+1555"), "{shown}");
    let change = br#"{"currentPassword":"abc","newPassword":"correct-horse-1"}"#;
    assert_eq!(format!("{:?}", PasswordChange::decode(change).unwrap()), "PasswordChange(…)");
}
