//! Which message goes next, whether it may go now, and the last look before it leaves.

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp};

use super::stored_message::{StoredMessage, dialled};
use super::{Output, PhoneModel, tell};
use crate::phone::moment::Moment;
use crate::phone::wire::reports::ReportedState;
use crate::phone::wire::settings::ProcessingOrder;

/// From here on a message waits neither for the pause nor for the limit.
const URGENT_PRIORITY: i8 = 100;

impl PhoneModel {
    pub(super) fn send_what_may_go(&mut self, now: Moment, outputs: &mut Vec<Output>) {
        while let Some(id) = self.next_to_go(now) {
            self.send(&id, now, outputs);
        }
    }

    fn next_to_go(&mut self, now: Moment) -> Option<String> {
        let ready = |message: &&StoredMessage| {
            message.state() == ReportedState::Pending
                && message.pulled.schedule_at.is_none_or(|at| at <= now.clock)
        };
        let order = self.settings.processing_order;
        let first = self.messages.values().filter(ready).min_by(|a, b| before(order, a, b))?;
        let (id, priority) = (first.pulled.id.clone(), first.pulled.priority);
        // The first has the highest priority: if it must wait, so must all others.
        let must_wait =
            priority < URGENT_PRIORITY && (self.is_paused(now) || self.is_at_limit(now));
        (!must_wait).then_some(id)
    }

    fn is_paused(&self, now: Moment) -> bool {
        self.pause.is_some_and(|pause| !pause.is_over(now))
    }

    /// A full window makes the app sleep until its last message and the whole period after it.
    fn is_at_limit(&mut self, now: Moment) -> bool {
        if self.limit_sleep.is_some_and(|sleep| !sleep.is_over(now)) {
            return true;
        }
        let Some(period_ms) = self.settings.limit_period_ms else {
            return false;
        };
        let period = SignedDuration::from_millis(i64::try_from(period_ms).unwrap_or(i64::MAX));
        let counts = |at: &Timestamp| now.clock.duration_since(*at) < period;
        let messages = self.messages.values();
        let gone = messages.filter(|message| message.state() != ReportedState::Failed);
        let in_window: Vec<Timestamp> =
            gone.filter_map(|message| message.processed_at).filter(counts).collect();
        let limit = usize::try_from(self.settings.limit_value).unwrap_or(usize::MAX);
        let last = in_window.iter().max().filter(|_| in_window.len() >= limit);
        self.limit_sleep =
            last.and_then(|last| last.checked_add(period).ok()).map(|end| now.until(end));
        self.limit_sleep.is_some()
    }

    fn send(&mut self, id: &str, now: Moment, outputs: &mut Vec<Output>) {
        let sim_count = self.sim_count;
        let Some(message) = self.messages.get_mut(id) else {
            return;
        };
        if let Some(refusal) = refusal(message, sim_count, now) {
            message.advance_all(ReportedState::Failed, Some(&refusal), now.clock);
            tell(message, now.clock, outputs);
            return;
        }
        message.processed_at = Some(now.clock);
        message.advance_all(ReportedState::Processed, None, now.clock);
        outputs.extend(message.transmissions().into_iter().map(Output::Transmit));
        tell(message, now.clock, outputs);
        let least_ms = u64::from(self.settings.send_interval_min_s) * 1000;
        let most_ms = least_ms.max(u64::from(self.settings.send_interval_max_s) * 1000);
        if most_ms > 0 {
            self.pause = Some(now.after_ms(self.chance.between(&(least_ms..=most_ms))));
        }
    }
}

/// Why it does not go at all, in the app's words.
fn refusal(message: &StoredMessage, sim_count: u8, now: Moment) -> Option<String> {
    let pulled = &message.pulled;
    if pulled.valid_until.is_some_and(|until| now.clock > until) {
        return Some("TTL expired".to_owned());
    }
    if pulled.is_encrypted {
        return Some("sendSMS: the passphrase is not set".to_owned());
    }
    if sim_count == 0 {
        return Some("Can't send message: No SIMs found".to_owned());
    }
    if let Some(sim) = pulled.sim_number.filter(|sim| *sim > sim_count) {
        return Some(format!("Can't send message: SIM {sim} not found"));
    }
    let unusable = pulled.numbers.iter().any(|number| dialled(number).is_empty());
    unusable.then(|| "sendSMS: Invalid destinationAddress".to_owned())
}

fn before(order: ProcessingOrder, a: &StoredMessage, b: &StoredMessage) -> Ordering {
    let by_creation = match order {
        ProcessingOrder::OldestFirst => a.created_at.cmp(&b.created_at),
        ProcessingOrder::NewestFirst => b.created_at.cmp(&a.created_at),
    };
    let by_priority = b.pulled.priority.cmp(&a.pulled.priority);
    by_priority.then(by_creation).then(a.arrival.cmp(&b.arrival))
}
