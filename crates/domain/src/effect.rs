//! An effect outwards: something that another system is to learn, and must learn once.
//!
//! There is one row per kind and subject, so the latest state wins. An intent is committed before
//! anything is done; what is found begun and not ended may have happened, so whoever takes it up
//! looks first.

use crate::ids::OrganizationId;
use jiff::{SignedDuration, Timestamp};

/// Longer than a connector waits for an answer.
const ACTING: SignedDuration = SignedDuration::from_mins(1);
const PAUSE_S: i64 = 5;
const PAUSE_MOST_S: i64 = 15 * 60;
/// About three and a half hours; then a person has to see to it.
const TRIES_MOST: i64 = 20;

/// What kind of effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EffectKind {
    /// A change made here, for the external journal of its appointment.
    JournalWrite,
}

impl EffectKind {
    pub const ALL: [EffectKind; 1] = [EffectKind::JournalWrite];

    pub fn name(self) -> &'static str {
        match self {
            EffectKind::JournalWrite => "journal_write",
        }
    }

    pub fn parse(name: &str) -> Option<EffectKind> {
        EffectKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Where an effect stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EffectState {
    /// To be done; nothing of it has happened.
    Due,
    /// The intent stands: it may be happening. Found due, its outcome is unknown.
    Acting,
    /// It may have happened: look before doing it again.
    Unknown,
    Done,
    /// The other system will not have it.
    Refused,
    /// Tried too often.
    GivenUp,
    /// Nobody wants it any more.
    Dropped,
}

impl EffectState {
    pub const ALL: [EffectState; 7] = [
        EffectState::Due,
        EffectState::Acting,
        EffectState::Unknown,
        EffectState::Done,
        EffectState::Refused,
        EffectState::GivenUp,
        EffectState::Dropped,
    ];

    pub fn name(self) -> &'static str {
        match self {
            EffectState::Due => "due",
            EffectState::Acting => "acting",
            EffectState::Unknown => "unknown",
            EffectState::Done => "done",
            EffectState::Refused => "refused",
            EffectState::GivenUp => "given_up",
            EffectState::Dropped => "dropped",
        }
    }

    pub fn parse(name: &str) -> Option<EffectState> {
        EffectState::ALL.into_iter().find(|state| state.name() == name)
    }

    /// It is still to be done.
    pub fn is_open(self) -> bool {
        matches!(self, EffectState::Due | EffectState::Acting | EffectState::Unknown)
    }

    /// It did not come about, and nobody does it any more: both systems differ.
    pub fn has_failed(self) -> bool {
        matches!(self, EffectState::Refused | EffectState::GivenUp)
    }
}

/// One effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    pub organization_id: OrganizationId,
    pub kind: EffectKind,
    /// What it is about, as an id: `apt_…`.
    pub subject: String,
    pub version: i64,
    pub state: EffectState,
    /// When somebody has to see to it; `None` once it has ended.
    pub due_at: Option<Timestamp>,
    pub tries: i64,
    /// What is wanted, in the words of its kind.
    pub body: serde_json::Value,
    /// When it was last wanted anew.
    pub wanted_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Why it ended otherwise than done, or what stands in its way.
    pub reason: Option<String>,
}

impl Effect {
    /// Wanted for the first time.
    pub fn new(
        organization_id: OrganizationId,
        kind: EffectKind,
        subject: String,
        body: serde_json::Value,
        now: Timestamp,
    ) -> Effect {
        Effect {
            organization_id,
            kind,
            subject,
            version: 1,
            state: EffectState::Due,
            due_at: Some(now),
            tries: 0,
            body,
            wanted_at: now,
            ended_at: None,
            reason: None,
        }
    }

    /// Wanted anew, with what is wanted by now. While an earlier try may have happened it stays in
    /// doubt, and a try under way is waited for.
    #[must_use]
    pub fn wanted(&self, body: serde_json::Value, now: Timestamp) -> Effect {
        let (state, due_at) = match self.state {
            EffectState::Acting => (EffectState::Acting, self.due_at),
            EffectState::Unknown => (EffectState::Unknown, Some(now)),
            _ => (EffectState::Due, Some(now)),
        };
        Effect {
            version: self.version + 1,
            state,
            due_at,
            tries: 0,
            body,
            wanted_at: now,
            ended_at: None,
            reason: None,
            ..self.clone()
        }
    }

    /// Must somebody look before doing it?
    pub fn is_in_doubt(&self) -> bool {
        matches!(self.state, EffectState::Acting | EffectState::Unknown)
    }

    /// The intent: from here on it may happen.
    #[must_use]
    pub fn acting(&self, now: Timestamp) -> Effect {
        Effect {
            version: self.version + 1,
            state: EffectState::Acting,
            due_at: Some(later(now, ACTING)),
            tries: self.tries + 1,
            ..self.clone()
        }
    }

    /// It did not come about this time: surely not, or perhaps (`in_doubt`). After too many tries
    /// it is given up.
    #[must_use]
    pub fn retried(
        &self,
        in_doubt: bool,
        not_before: Option<Timestamp>,
        reason: &str,
        now: Timestamp,
    ) -> Effect {
        if self.tries >= TRIES_MOST {
            return self.ended(EffectState::GivenUp, Some(reason), now);
        }
        let doublings = u32::try_from((self.tries - 1).clamp(0, 10)).unwrap_or(0);
        let pause_s = (PAUSE_S << doublings).min(PAUSE_MOST_S);
        // What may still be under way must have come to its end before somebody looks.
        let pause = SignedDuration::from_secs(pause_s).max(if in_doubt {
            ACTING
        } else {
            SignedDuration::ZERO
        });
        let due_at = later(now, pause).max(not_before.unwrap_or(now));
        Effect {
            version: self.version + 1,
            state: if in_doubt { EffectState::Unknown } else { EffectState::Due },
            due_at: Some(due_at),
            reason: Some(reason.to_owned()),
            ..self.clone()
        }
    }

    /// It ended.
    #[must_use]
    pub fn ended(&self, state: EffectState, reason: Option<&str>, now: Timestamp) -> Effect {
        Effect {
            version: self.version + 1,
            state,
            due_at: None,
            ended_at: Some(now),
            reason: reason.map(str::to_owned),
            ..self.clone()
        }
    }

    /// The same with other words of what is wanted.
    #[must_use]
    pub fn with_body(self, body: serde_json::Value) -> Effect {
        Effect { body, ..self }
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use serde_json::json;

    fn now() -> Timestamp {
        "2026-03-02T06:00:00Z".parse().unwrap()
    }

    fn effect() -> Effect {
        let subject = "apt_1".to_owned();
        Effect::new(OrganizationId(1), EffectKind::JournalWrite, subject, json!(1), now())
    }

    #[test]
    fn it_is_tried_again_with_growing_pauses_and_then_given_up() {
        let mut effect = effect();
        let mut waited_s = 0;
        while effect.state.is_open() {
            effect = effect.acting(now()).retried(false, None, "no answer", now());
            waited_s += effect.due_at.map_or(0, |due| due.duration_since(now()).as_secs());
        }
        assert_eq!((effect.state, effect.tries), (EffectState::GivenUp, TRIES_MOST));
        assert!((3 * 3600..4 * 3600).contains(&waited_s), "{waited_s}");
        assert!(effect.state.has_failed() && effect.due_at.is_none());
    }

    #[test]
    fn what_may_have_happened_stays_in_doubt_when_it_is_wanted_anew() {
        let acting = effect().acting(now());
        assert_eq!(acting.wanted(json!(2), now()).due_at, acting.due_at);
        let unknown = acting.retried(true, None, "no answer", now());
        assert_eq!(unknown.due_at, Some(now() + 1.minute()));
        for (before, in_doubt) in [
            (effect(), false),
            (acting.clone(), true),
            (unknown, true),
            (acting.ended(EffectState::Done, None, now()), false),
        ] {
            let wanted = before.wanted(json!(2), now());
            assert_eq!(wanted.is_in_doubt(), in_doubt, "{:?}", before.state);
            assert!(wanted.state.is_open() && wanted.tries == 0 && wanted.body == json!(2));
        }
    }

    #[test]
    fn a_pause_that_the_other_side_asks_for_is_kept() {
        let not_before = now() + 2.hours();
        let retried = effect().acting(now()).retried(false, Some(not_before), "busy", now());
        assert_eq!(retried.due_at, Some(not_before));
    }
}
