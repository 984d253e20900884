//! A message in the phone's memory, with the way of each of its numbers.

use jiff::Timestamp;

use crate::phone::model::Sms;
use crate::phone::wire::messages::{Content, PulledMessage};
use crate::phone::wire::reports::{MessageReport, RecipientReport, ReportedState};

#[derive(Debug, Clone)]
pub(super) struct StoredMessage {
    pub(super) pulled: PulledMessage,
    /// Its place among the messages that came.
    pub(super) arrival: u64,
    /// Orders it among messages of one priority.
    pub(super) created_at: Timestamp,
    pub(super) processed_at: Option<Timestamp>,
    recipients: Vec<RecipientReport>,
    reached: Vec<(ReportedState, Timestamp)>,
}

impl StoredMessage {
    pub(super) fn new(pulled: PulledMessage, arrival: u64, now: Timestamp) -> StoredMessage {
        let recipients = pulled
            .numbers
            .iter()
            .map(|number| RecipientReport {
                phone_number: number.clone(),
                state: ReportedState::Pending,
                error: None,
            })
            .collect();
        StoredMessage {
            created_at: pulled.created_at.unwrap_or(now),
            pulled,
            arrival,
            processed_at: None,
            recipients,
            reached: vec![(ReportedState::Pending, now)],
        }
    }

    /// The fold over the recipients, in the app's order of questions.
    pub(super) fn state(&self) -> ReportedState {
        use ReportedState::{Cancelled, Delivered, Failed, Pending, Processed, Sent};
        let any = |state| self.recipients.iter().any(|recipient| recipient.state == state);
        let all = |state| self.recipients.iter().all(|recipient| recipient.state == state);
        if let Some(first) = [Pending, Cancelled, Processed].into_iter().find(|state| any(*state)) {
            return first;
        }
        [Failed, Delivered].into_iter().find(|state| all(*state)).unwrap_or(Sent)
    }

    pub(super) fn report(&self) -> MessageReport {
        MessageReport {
            id: self.pulled.id.clone(),
            state: self.state(),
            recipients: self.recipients.clone(),
            reached: self.reached.clone(),
        }
    }

    /// The first error among the recipients.
    pub(super) fn error(&self) -> Option<&str> {
        self.recipients.iter().find_map(|recipient| recipient.error.as_deref())
    }

    /// Moves one number; says whether it was still open. Only `Failed` and `Cancelled` end it: of a text
    /// in several parts a late part's `Sent` comes after `Delivered`, and so does its failure.
    pub(super) fn advance(
        &mut self,
        number: &str,
        state: ReportedState,
        error: Option<String>,
        at: Timestamp,
    ) -> bool {
        let recipient = self.recipients.iter_mut().find(|one| one.phone_number == number);
        let Some(recipient) = recipient.filter(|one| may_follow(one.state, state)) else {
            return false;
        };
        recipient.state = state;
        recipient.error = error;
        self.note_state(at);
        true
    }

    pub(super) fn advance_all(&mut self, state: ReportedState, error: Option<&str>, at: Timestamp) {
        for recipient in self.recipients.iter_mut().filter(|one| may_follow(one.state, state)) {
            recipient.state = state;
            recipient.error = error.map(str::to_owned);
        }
        self.note_state(at);
    }

    fn note_state(&mut self, at: Timestamp) {
        let state = self.state();
        if self.reached.iter().all(|(known, _)| *known != state) {
            self.reached.push((state, at));
        }
    }

    /// One SMS for each number, all at once: the app knows no pause between the numbers of a message.
    pub(super) fn transmissions(&self) -> Vec<Sms> {
        let (text, data_port) = match &self.pulled.content {
            Content::Text(text) => (text, None),
            Content::Data { base64, port } => (base64, Some(*port)),
        };
        let sms_to = |number: &String| Sms {
            message_id: self.pulled.id.clone(),
            number: number.clone(),
            dialled: dialled(number),
            text: text.clone(),
            data_port,
            sim_number: self.pulled.sim_number,
            wants_delivery_report: self.pulled.wants_delivery_report,
            valid_until: self.pulled.valid_until,
        };
        self.pulled.numbers.iter().map(sms_to).collect()
    }
}

fn may_follow(from: ReportedState, to: ReportedState) -> bool {
    use ReportedState::{Cancelled, Failed, Pending};
    match (from, to) {
        (Failed | Cancelled, _) => false,
        (_, Cancelled) => from == Pending,
        (_, _) => true,
    }
}

/// The app keeps digits, `+`, `*` and `#`, and checks nothing.
pub(super) fn dialled(number: &str) -> String {
    number.chars().filter(|c| c.is_ascii_digit() || "+*#".contains(*c)).collect()
}
