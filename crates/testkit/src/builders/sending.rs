//! What a salon sends with, and what comes of it.

use super::{Salon, secret_hash};
use jiff::ToSpan;
use vestnik_domain::Language;
use vestnik_domain::access::Actor;
use vestnik_domain::daily_total::{CountedBy, DailyTotal};
use vestnik_domain::delivery::{CountsFor, Delivery, DeliveryState};
use vestnik_domain::ids::{DeliveryId, IncomingMessageId, NodeId, ReceiptId, SenderId, TemplateId};
use vestnik_domain::incoming::IncomingMessage;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::local_time::local;
use vestnik_domain::message::Message;
use vestnik_domain::node::SenderLease;
use vestnik_domain::pace::PaceState;
use vestnik_domain::planning::Variant;
use vestnik_domain::receipt::{ParkedReceipt, Receipt};
use vestnik_domain::sender::{Channel, PhoneLink, Sender, SenderSettings};
use vestnik_domain::stopped_number::StoppedNumber;
use vestnik_domain::template_choice::{StoredTemplate, TemplateVariant};
use vestnik_store::tables::numbers::ClientNumber;
use vestnik_store::tables::senders::LinkCode;

impl Salon {
    pub fn sender(&mut self) -> Sender {
        Sender {
            organization_id: self.id(),
            id: SenderId(self.next_id()),
            version: 1,
            name: "Телефон на стойке".to_owned(),
            channel: Channel::AndroidPhone,
            number: self.client.phone.clone(),
            zone: self.branch.zone.clone(),
            settings: SenderSettings::default(),
            created_at: self.now,
            archived_at: None,
        }
    }

    /// A phone that has registered.
    pub fn phone_link(&mut self, sender: &Sender) -> PhoneLink {
        PhoneLink {
            organization_id: self.id(),
            sender_id: sender.id,
            version: 1,
            link_token_hash: secret_hash(self.next_id()),
            registration: 1,
            device_token_hash: Some(secret_hash(self.next_id())),
            app_version: Some("1.40.0".to_owned()),
            relinking_since: None,
            last_contact_at: Some(self.now),
            battery_percent: Some(80),
            charging: Some(true),
            has_push_token: false,
            sim_count: Some(2),
            webhook_key_confirmed: true,
            password_hash: None,
        }
    }

    pub fn pace_state(&self, sender: &Sender) -> PaceState {
        PaceState::new(self.id(), sender.id, &sender.zone, self.now)
    }

    pub fn link_code(&mut self, sender: &Sender) -> LinkCode {
        LinkCode {
            code_hash: secret_hash(self.next_id()),
            version: 1,
            organization_id: self.id(),
            sender_id: sender.id,
            expires_at: self.now + 10.minutes(),
            used_at: None,
        }
    }

    /// The first try of `message`, intended and not yet fetched.
    pub fn delivery(&mut self, message: &Message, sender: &Sender) -> Delivery {
        Delivery {
            organization_id: self.id(),
            id: DeliveryId(self.next_id()),
            version: 1,
            message_id: message.id,
            step: 0,
            attempt: 0,
            sender_id: sender.id,
            sender_registration: 1,
            client_id: message.client_id,
            recipient: message.recipient.clone(),
            text: "Ждём вас завтра в 12:00".to_owned(),
            parts: 1,
            state: DeliveryState::Processing,
            delivered_in_part: false,
            carrier_id: None,
            error_code: None,
            intended_at: self.now,
            fetched_at: None,
            acknowledged_at: None,
            handed_to_radio_at: None,
            submitted_at: None,
            ended_at: None,
            valid_until: message.send_before,
            price_kopecks: None,
            recall_asked_at: None,
            counts_for: Some(CountsFor {
                day: local(self.now, &sender.zone).date(),
                kind: message.kind,
                branch_id: Some(self.branch.id),
            }),
        }
    }

    /// So many tries over `sender` that were delivered on the salon's day.
    pub fn daily_total(&self, sender: &Sender, count: i64) -> DailyTotal {
        let of = CountedBy {
            day: local(self.now, &sender.zone).date(),
            branch_id: Some(self.branch.id),
            kind: NotificationKind::Reminder,
            sender_id: sender.id,
            state: DeliveryState::Delivered,
        };
        DailyTotal { organization_id: self.id(), of, count }
    }

    /// The right of a node to drive a sender that we call.
    pub fn sender_lease(&mut self, sender: &Sender) -> SenderLease {
        SenderLease {
            organization_id: self.id(),
            sender_id: sender.id,
            version: 1,
            node_id: Some(NodeId(self.next_id())),
            taken_at: self.now,
        }
    }

    /// A word of the carrier that came before anybody knew its id.
    pub fn parked_receipt(&mut self, sender: &Sender) -> ParkedReceipt {
        ParkedReceipt {
            organization_id: self.id(),
            id: ReceiptId(self.next_id()),
            sender_id: sender.id,
            carrier_id: "carrier-1".to_owned(),
            receipt: Receipt::Delivered,
            received_at: self.now,
        }
    }

    /// An SMS from the client.
    pub fn incoming_message(&mut self, sender: &Sender) -> IncomingMessage {
        let id = self.next_id();
        let phone = self.client.phone.clone().unwrap();
        IncomingMessage {
            organization_id: self.id(),
            id: IncomingMessageId(id),
            sender_id: sender.id,
            from: phone.as_str().to_owned(),
            phone: Some(phone),
            client_id: Some(self.client.id),
            text: "Опоздаю на 10 минут".to_owned(),
            received_at: self.now,
            at: self.now,
            dedupe_key: format!("sms-{id}"),
        }
    }

    /// The client's number, stopped by the client.
    pub fn stopped_number(&self) -> StoppedNumber {
        StoppedNumber {
            organization_id: self.id(),
            phone: self.client.phone.clone().unwrap(),
            version: 1,
            stopped: true,
            changed_at: self.now,
            changed_by: Actor::Client,
            incoming_message_id: None,
        }
    }

    /// The guard of the client's number.
    pub fn client_number(&self, version: i64) -> ClientNumber {
        let phone = self.client.phone.clone().unwrap();
        ClientNumber { organization_id: self.id(), phone, version }
    }

    /// The organization's own text of the reminder, for any channel.
    pub fn template(&mut self) -> StoredTemplate {
        StoredTemplate {
            organization_id: self.id(),
            id: TemplateId(self.next_id()),
            version: 1,
            branch_id: None,
            kind: NotificationKind::Reminder,
            variant: TemplateVariant::One(Variant::Plain),
            language: Language::Russian,
            channel: None,
            text: "Ждём вас!".to_owned(),
            created_at: self.now,
            replaced_at: None,
        }
    }
}
