//! The variants of what is sent with and of what comes of it; as in `round_trip_variants`.

use super::round_trip_variants::{STRANGE, first_moment, last_moment, long_text, longest_number};
use crate::Salon;
use jiff::ToSpan;
use jiff::civil::{Date, time};
use vestnik_domain::Language;
use vestnik_domain::access::Actor;
use vestnik_domain::daily_total::{CountedBy, DailyTotal};
use vestnik_domain::delivery::{Delivery, DeliveryState};
use vestnik_domain::ids::{BranchId, IncomingMessageId, NodeId, SenderId, UserId};
use vestnik_domain::incoming::IncomingMessage;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::node::{Held, HeldReason, Instance, Node, SenderLease};
use vestnik_domain::pace::PaceState;
use vestnik_domain::planning::Variant;
use vestnik_domain::receipt::{ParkedReceipt, Receipt};
use vestnik_domain::sender::{Channel, PhoneLink, Sender, SenderSettings};
use vestnik_domain::settings::{Lead, SendingWindow};
use vestnik_domain::stopped_number::StoppedNumber;
use vestnik_domain::template_choice::{StoredTemplate, TemplateVariant};
use vestnik_store::tables::numbers::ClientNumber;
use vestnik_store::tables::senders::LinkCode;

pub(super) fn senders(salon: &mut Salon) -> Vec<Sender> {
    let plain = salon.sender();
    let hours = SendingWindow { from: time(9, 30, 0, 0), to: time(0, 0, 0, 0) };
    let full = Sender {
        version: 2,
        name: STRANGE.to_owned(),
        channel: Channel::Simulated,
        number: Some(longest_number()),
        settings: SenderSettings {
            daily_limit_parts: Some(100_000),
            pace_s: 0,
            hours: Some(hours),
            sim_number: Some(3),
            unavailable_after_s: i64::MAX,
        },
        archived_at: Some(last_moment()),
        ..plain.clone()
    };
    let empty = Sender { version: 3, channel: Channel::Log, number: None, ..plain.clone() };
    vec![plain, full, empty]
}

pub(super) fn phone_links(salon: &mut Salon) -> Vec<PhoneLink> {
    let sender = salon.sender();
    let plain = salon.phone_link(&sender);
    let bare = PhoneLink {
        version: 2,
        link_token_hash: Vec::new(),
        registration: 0,
        device_token_hash: None,
        app_version: None,
        relinking_since: Some(first_moment()),
        last_contact_at: None,
        battery_percent: None,
        charging: None,
        has_push_token: true,
        sim_count: None,
        webhook_key_confirmed: false,
        password_hash: Some(Vec::new()),
        ..plain.clone()
    };
    let empty_hash = PhoneLink {
        version: 3,
        device_token_hash: Some(Vec::new()),
        charging: Some(false),
        ..bare.clone()
    };
    vec![plain, bare, empty_hash]
}

pub(super) fn pace_states(salon: &mut Salon) -> Vec<PaceState> {
    let sender = salon.sender();
    let plain = salon.pace_state(&sender);
    let edge = PaceState {
        version: 2,
        day: Date::MAX,
        day_parts: i64::MAX,
        day_messages: i64::MAX,
        last_release_at: Some(last_moment()),
        window_open: i64::MAX,
        ..plain.clone()
    };
    vec![plain, edge]
}

pub(super) fn link_codes(salon: &mut Salon) -> Vec<LinkCode> {
    let sender = salon.sender();
    let plain = salon.link_code(&sender);
    let used = LinkCode { version: 2, used_at: Some(first_moment()), ..plain.clone() };
    vec![plain, used]
}

pub(super) fn deliveries(salon: &mut Salon) -> Vec<Delivery> {
    let appointment = salon.appointment(salon.organization.created_at + 24.hours());
    let due_at = salon.organization.created_at;
    let message = salon.message(&appointment, NotificationKind::Created, due_at);
    let sender = salon.sender();
    let plain = salon.delivery(&message, &sender);
    let mut variants = vec![plain.clone()];
    for (version, state) in (2..).zip(DeliveryState::ALL) {
        variants.push(Delivery {
            version,
            step: version,
            attempt: i64::MAX,
            sender_id: SenderId(i64::MAX),
            sender_registration: i64::MAX,
            recipient: longest_number(),
            text: long_text(),
            parts: i64::MAX,
            state,
            delivered_in_part: state == DeliveryState::Delivered,
            carrier_id: Some(STRANGE.to_owned()),
            error_code: Some(String::new()),
            fetched_at: Some(due_at),
            acknowledged_at: Some(due_at + 1.second()),
            handed_to_radio_at: Some(due_at + 2.seconds()),
            submitted_at: Some(due_at + 3.seconds()),
            ended_at: Some(last_moment()),
            valid_until: due_at + 1.hour(),
            price_kopecks: Some(i64::MIN),
            recall_asked_at: Some(due_at + 2.seconds()),
            counts_for: None,
            ..plain.clone()
        });
    }
    variants
}

/// In the order in which they are read.
pub(super) fn daily_totals(salon: &mut Salon) -> Vec<DailyTotal> {
    let sender = salon.sender();
    let plain = salon.daily_total(&sender, 1);
    let next_day = CountedBy { day: plain.of.day.tomorrow().unwrap(), ..plain.of };
    let of_no_branch = CountedBy { branch_id: None, ..next_day };
    let states = DeliveryState::ALL.into_iter().zip(10..).map(|(state, number)| CountedBy {
        state,
        sender_id: SenderId(number),
        ..of_no_branch
    });
    let highest = CountedBy {
        branch_id: Some(BranchId(i64::MAX)),
        sender_id: SenderId(i64::MAX),
        ..next_day
    };
    let (least, most) = (
        DailyTotal { of: of_no_branch, count: i64::MIN, ..plain.clone() },
        DailyTotal { of: highest, count: i64::MAX, ..plain.clone() },
    );
    let states: Vec<DailyTotal> =
        states.map(|of| DailyTotal { of, count: 7, ..plain.clone() }).collect();
    [vec![plain], states, vec![least, most]].concat()
}

pub(super) fn stopped_numbers(salon: &Salon) -> Vec<StoppedNumber> {
    let plain = salon.stopped_number();
    let lifted = StoppedNumber {
        version: 2,
        stopped: false,
        changed_at: last_moment(),
        changed_by: Actor::User { user_id: UserId(i64::MAX) },
        incoming_message_id: Some(IncomingMessageId(i64::MAX)),
        ..plain.clone()
    };
    vec![plain, lifted]
}

pub(super) fn client_numbers(salon: &Salon) -> Vec<ClientNumber> {
    vec![salon.client_number(1), salon.client_number(i64::MAX)]
}

/// Each has an id of its own.
pub(super) fn incoming_messages(salon: &mut Salon) -> Vec<IncomingMessage> {
    let sender = salon.sender();
    let plain = salon.incoming_message(&sender);
    let service = IncomingMessage {
        id: IncomingMessageId(i64::MAX - 1),
        from: STRANGE.to_owned(),
        phone: None,
        client_id: None,
        text: long_text(),
        received_at: first_moment(),
        at: last_moment(),
        dedupe_key: STRANGE.to_owned(),
        ..plain.clone()
    };
    vec![service, plain]
}

/// The last one is in force.
pub(super) fn templates(salon: &mut Salon) -> Vec<StoredTemplate> {
    let plain = salon.template();
    let replaced = StoredTemplate { version: 2, replaced_at: Some(last_moment()), ..plain.clone() };
    let full = StoredTemplate {
        version: 3,
        branch_id: Some(BranchId(i64::MAX)),
        kind: NotificationKind::ConfirmationRequest,
        variant: TemplateVariant::Visits,
        language: Language::English,
        channel: Some("sms".to_owned()),
        text: long_text(),
        ..plain.clone()
    };
    let lead = TemplateVariant::One(Variant::Lead(Lead::Minutes(90)));
    let with_lead =
        StoredTemplate { version: 4, variant: lead, text: String::new(), ..full.clone() };
    vec![plain, replaced, full, with_lead]
}

pub(super) fn instances() -> Vec<Instance> {
    let plain = Instance {
        version: 1,
        name: STRANGE.to_owned(),
        epoch: 0,
        made_at: first_moment(),
        held: None,
        let_go_at: None,
    };
    let held = HeldReason::ALL.into_iter().zip(2..).map(|(because, version)| Instance {
        version,
        epoch: i64::MAX,
        held: Some(Held { since: first_moment(), because }),
        let_go_at: Some(last_moment()),
        ..plain.clone()
    });
    std::iter::once(plain.clone()).chain(held).collect()
}

pub(super) fn nodes() -> Vec<Node> {
    let plain =
        Node { id: NodeId(1), version: 1, started_at: first_moment(), expires_at: first_moment() };
    let late = Node { version: 2, expires_at: last_moment(), ..plain.clone() };
    vec![plain, late]
}

pub(super) fn sender_leases(salon: &mut Salon) -> Vec<SenderLease> {
    let sender = salon.sender();
    let plain = salon.sender_lease(&sender);
    let handed_back = SenderLease { version: 2, node_id: None, ..plain.clone() };
    vec![plain, handed_back]
}

pub(super) fn parked_receipts(salon: &mut Salon) -> Vec<ParkedReceipt> {
    let sender = salon.sender();
    let receipts = [
        Receipt::Delivered,
        Receipt::DeliveredInPart,
        Receipt::Read,
        Receipt::Undelivered { code: STRANGE.to_owned() },
    ];
    receipts
        .into_iter()
        .map(|receipt| ParkedReceipt { receipt, ..salon.parked_receipt(&sender) })
        .collect()
}
