//! Applies the table to a row: new state, times, reason, and what follows from it.

use super::event::{DeliveryEvent, EventKind};
use super::table::{Effect, Phase, decide};
use super::{Delivery, DeliveryState};
use jiff::{SignedDuration, Timestamp};

/// How long after the last possible moment of sending its outcome is still awaited (A1).
pub const UNKNOWN_FOR: SignedDuration = SignedDuration::from_hours(24);
/// How long after `valid_until` a phone's report may still be on its way.
pub const REPORT_GRACE: SignedDuration = SignedDuration::from_mins(2);

const RETRY_FIRST_S: i64 = 15;
const RETRY_LONGEST_S: i64 = 600;

/// What one event made of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The row after it, its version raised if anything changed.
    pub delivery: Delivery,
    /// To be done in the same commit.
    pub effects: Vec<DeliveryEffect>,
}

impl Step {
    /// Is there anything to write?
    pub fn changes(&self, before: &Delivery) -> bool {
        self.delivery.version != before.version
    }
}

/// What follows from a step for the message and its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryEffect {
    /// The client was surely not told: `told` steps back.
    ToldFailed,
    /// The client was told after all: `told` holds.
    ToldStands,
    /// The next step of the cascade may go, not before `not_before`. With `may_double` this try may
    /// have reached the client: only kinds that allow it go on, marked «возможен дубль».
    NextStep { not_before: Timestamp, may_double: bool },
    /// It was given back and left after all: pace and limit count it again.
    CountSent,
    /// It surely did not leave: pace and limit give it back.
    UncountSent,
    /// The same step may be tried anew from this instant, before the message's `send_before`.
    RetryAt(Timestamp),
    /// The client has it: later steps end.
    StopLaterSteps,
}

impl Delivery {
    /// What `event` makes of this row at `now` (business time). Total: an event that does not fit is
    /// passed over, the same one twice changes nothing the second time.
    pub fn step(&self, event: &DeliveryEvent, now: Timestamp) -> Step {
        let cell = decide(self.phase(), event.kind());
        let mut after = self.clone();
        enter(&mut after, cell.to, now);
        if let DeliveryEvent::Accepted { carrier_id: Some(carrier_id) } = event {
            after.carrier_id.get_or_insert_with(|| carrier_id.clone());
        }
        if after.state != self.state {
            after.error_code = event.code().map(str::to_owned);
        } else if after.state == DeliveryState::Undelivered && after.phase() != self.phase() {
            // Held for unsent, and now the carrier's own word.
            after.error_code = explains(event).or(after.error_code);
        }
        if event.kind() == EventKind::UnknownFor24h && after.state == DeliveryState::Unknown {
            after.ended_at.get_or_insert(now);
        }
        if after != *self {
            after.version += 1;
        }
        let effects = cell.effects.iter().map(|effect| self.timed(*effect, event, now)).collect();
        Step { delivery: after, effects }
    }

    /// The event that time alone will bring, and when; `None` once the row has ended. No row is left
    /// without one, so none stays open for ever.
    pub fn deadline(&self) -> Option<(Timestamp, DeliveryEvent)> {
        if self.ended_at.is_some() {
            return None;
        }
        match self.state {
            DeliveryState::Processing if self.fetched_at.is_some() => {
                Some((plus(self.valid_until, REPORT_GRACE), DeliveryEvent::Expired))
            }
            // Its node died between intent and answer: bytes may have left.
            DeliveryState::Processing => {
                Some((plus(self.valid_until, REPORT_GRACE), DeliveryEvent::OutcomeUnknown))
            }
            DeliveryState::Submitted | DeliveryState::Unknown => {
                Some((self.outcome_awaited_until(), DeliveryEvent::UnknownFor24h))
            }
            DeliveryState::Undelivered | DeliveryState::Delivered | DeliveryState::Read => None,
        }
    }

    /// Until when a try without an outcome counts as waiting; after it as not delivered (A1).
    pub fn outcome_awaited_until(&self) -> Timestamp {
        plus(self.submitted_at.unwrap_or(self.valid_until), UNKNOWN_FOR)
    }

    fn timed(&self, effect: Effect, event: &DeliveryEvent, now: Timestamp) -> DeliveryEffect {
        match effect {
            Effect::ToldFailed => DeliveryEffect::ToldFailed,
            Effect::ToldStands => DeliveryEffect::ToldStands,
            Effect::NextStep => DeliveryEffect::NextStep { not_before: now, may_double: false },
            Effect::NextStepMayDouble => {
                // What a phone has fetched it may still send until then.
                let fetched = self.fetched_at.is_some();
                let not_before = if fetched { now.max(self.valid_until) } else { now };
                DeliveryEffect::NextStep { not_before, may_double: true }
            }
            Effect::CountSent => DeliveryEffect::CountSent,
            Effect::UncountSent => DeliveryEffect::UncountSent,
            Effect::Retry => DeliveryEffect::RetryAt(self.retry_at(event, now)),
            Effect::StopLaterSteps => DeliveryEffect::StopLaterSteps,
        }
    }

    fn retry_at(&self, event: &DeliveryEvent, now: Timestamp) -> Timestamp {
        match event {
            DeliveryEvent::RefusedRetryAt { at, .. } => now.max(*at),
            // It waited long enough already.
            DeliveryEvent::Expired => now,
            _ => {
                let doublings = u32::try_from(self.attempt.clamp(0, 16)).unwrap_or(0);
                let delay_s = (RETRY_FIRST_S << doublings).min(RETRY_LONGEST_S);
                plus(now, SignedDuration::from_secs(delay_s))
            }
        }
    }
}

/// Writes down that the row is in `phase`; times that are known already stay.
fn enter(row: &mut Delivery, phase: Phase, now: Timestamp) {
    let was = row.state;
    match phase {
        Phase::InHand | Phase::Unknown | Phase::Unsent => {}
        Phase::WithPhone => {
            row.fetched_at.get_or_insert(now);
        }
        Phase::OnRadio | Phase::UnknownOnRadio => {
            row.fetched_at.get_or_insert(now);
            row.handed_to_radio_at.get_or_insert(now);
        }
        Phase::Submitted
        | Phase::UnknownAccepted
        | Phase::Undelivered
        | Phase::DeliveredInPart
        | Phase::Delivered
        | Phase::Read => {
            row.submitted_at.get_or_insert(now);
        }
    }
    row.state = phase.state();
    row.delivered_in_part = phase == Phase::DeliveredInPart;
    if row.state != was && row.state.is_final() && !was.is_proven() {
        row.ended_at = Some(now);
    }
}

fn explains(event: &DeliveryEvent) -> Option<String> {
    match event {
        DeliveryEvent::RefusedPermanent { code } | DeliveryEvent::ReceiptUndelivered { code } => {
            Some(code.clone())
        }
        _ => None,
    }
}

fn plus(at: Timestamp, elapsed: SignedDuration) -> Timestamp {
    at.checked_add(elapsed).unwrap_or(Timestamp::MAX)
}
