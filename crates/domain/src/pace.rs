//! Pace, daily limit, hours and window of a sender, kept exactly across restarts and clock steps.
//!
//! The state is one row that the claimant raises together with the intent, so what counts is what
//! was intended. A clock that steps back never reopens a spent day and never shortens a pause.

use crate::ids::{OrganizationId, SenderId};
use crate::local_time::{Zone, day_bounds, local};
use crate::planning::quiet_hours::QuietHours;
use crate::sender::Sender;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// After a wait for the limit may come one for the hours, and after that one for the pace.
const WAITS_IN_A_ROW_MAX: usize = 6;

/// What a sender has released so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaceState {
    pub organization_id: OrganizationId,
    pub sender_id: SenderId,
    pub version: i64,
    /// The day that the counters speak of, in the sender's zone; it never goes back.
    pub day: Date,
    pub day_parts: i64,
    pub day_messages: i64,
    pub last_release_at: Option<Timestamp>,
    /// Tries in flight: released, and nobody has said anything yet.
    pub window_open: i64,
}

/// How much of the day is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsedToday {
    pub parts: i64,
    /// When the count starts anew.
    pub resets_at: Timestamp,
}

/// May a try leave now?
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// Yes; this state is to be written with the intent.
    Now(PaceState),
    /// No. `until` is the first instant that would admit it; `None` where no time alone does: a full
    /// window waits for a report, and a text longer than the whole limit for other settings.
    Wait { until: Option<Timestamp>, reason: WaitReason },
}

/// What a try waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitReason {
    Pace,
    DailyLimit,
    Hours,
    Window,
}

impl WaitReason {
    /// The code that [`crate::message_status::reason_words`] explains.
    pub fn code(self) -> &'static str {
        match self {
            WaitReason::Pace => "pace",
            WaitReason::DailyLimit => "daily_limit",
            WaitReason::Hours => "outside_hours",
            WaitReason::Window => "window_full",
        }
    }
}

impl PaceState {
    /// The row of a sender that has never sent.
    pub fn new(
        organization_id: OrganizationId,
        sender_id: SenderId,
        zone: &Zone,
        now: Timestamp,
    ) -> PaceState {
        PaceState {
            organization_id,
            sender_id,
            version: 1,
            day: local(now, zone).date(),
            day_parts: 0,
            day_messages: 0,
            last_release_at: None,
            window_open: 0,
        }
    }

    /// How much of the day at `now` is used. Before the counted day (the clock stepped back, or the
    /// sender moved west) the counted one is the day.
    pub fn used_today(&self, zone: &Zone, now: Timestamp) -> UsedToday {
        let today = self.on_day_of(zone, now);
        UsedToday { parts: today.day_parts, resets_at: day_bounds(today.day, zone).1 }
    }

    /// A try was answered (taken, refused or unknown): it leaves the window.
    pub fn answered(&self) -> PaceState {
        PaceState {
            version: self.version + 1,
            window_open: (self.window_open - 1).max(0),
            ..self.clone()
        }
    }

    /// A try of `parts` that was released at `released_at` surely did not leave. Only the day that is
    /// still counted gets its parts back; the pause after it stays.
    pub fn give_back(&self, zone: &Zone, parts: i64, released_at: Timestamp) -> PaceState {
        self.adjusted(zone, -parts, -1, released_at)
    }

    /// A try that was given back had left after all: it counts again, also beyond the limit.
    pub fn count_again(&self, zone: &Zone, parts: i64, released_at: Timestamp) -> PaceState {
        self.adjusted(zone, parts, 1, released_at)
    }

    fn adjusted(
        &self,
        zone: &Zone,
        parts: i64,
        messages: i64,
        released_at: Timestamp,
    ) -> PaceState {
        if local(released_at, zone).date() != self.day {
            return self.clone();
        }
        PaceState {
            version: self.version + 1,
            day_parts: (self.day_parts + parts).max(0),
            day_messages: (self.day_messages + messages).max(0),
            ..self.clone()
        }
    }

    /// The counters as of `now`: empty once a later day has begun.
    fn on_day_of(&self, zone: &Zone, now: Timestamp) -> PaceState {
        let today = local(now, zone).date();
        if today <= self.day {
            return self.clone();
        }
        PaceState { day: today, day_parts: 0, day_messages: 0, ..self.clone() }
    }
}

/// May a try of `parts` SMS parts leave over `sender` at `now` (business time)?
pub fn admit(sender: &Sender, state: &PaceState, parts: i64, now: Timestamp) -> Admission {
    if state.window_open >= sender.channel.window() {
        return Admission::Wait { until: None, reason: WaitReason::Window };
    }
    let Some((first_wait, reason)) = blocked(sender, state, parts, now) else {
        let today = state.on_day_of(&sender.zone, now);
        return Admission::Now(PaceState {
            version: state.version + 1,
            day_parts: today.day_parts + parts,
            day_messages: today.day_messages + 1,
            last_release_at: Some(now),
            window_open: state.window_open + 1,
            ..today
        });
    };
    if sender.settings.daily_limit_parts.is_some_and(|limit| parts > limit) {
        return Admission::Wait { until: None, reason: WaitReason::DailyLimit };
    }
    let mut until = first_wait;
    for _ in 0..WAITS_IN_A_ROW_MAX {
        match blocked(sender, state, parts, until) {
            Some((later, _)) => until = later,
            None => break,
        }
    }
    Admission::Wait { until: Some(until), reason }
}

/// What stops a try at `at`, and the first instant at which that does no longer.
fn blocked(
    sender: &Sender,
    state: &PaceState,
    parts: i64,
    at: Timestamp,
) -> Option<(Timestamp, WaitReason)> {
    let Sender { settings, zone, .. } = sender;
    let used = state.used_today(zone, at);
    if settings.daily_limit_parts.is_some_and(|limit| used.parts + parts > limit) {
        return Some((used.resets_at, WaitReason::DailyLimit));
    }
    if let Some(window) = settings.hours {
        let hours = QuietHours { window, zone };
        if !hours.is_open(at) {
            return Some((hours.next_opening(at), WaitReason::Hours));
        }
    }
    let pause = SignedDuration::from_secs(settings.pace_s);
    let free_at = state.last_release_at?.checked_add(pause).unwrap_or(Timestamp::MAX);
    (at < free_at).then_some((free_at, WaitReason::Pace))
}

/// What becomes of a message at the head of its lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaneDecision {
    /// It goes; this state is to be written with the intent.
    Go(PaceState),
    /// It waits. Unless `in_time`, it will not make it before `send_before` by time alone: only other
    /// settings, or parts that are given back, can save it.
    WaitInLane { until: Option<Timestamp>, reason: WaitReason, in_time: bool },
    /// `send_before` has passed; the code says what it had waited for last.
    Skip { reason_code: &'static str },
}

/// C1: at the limit a message waits while there is time before `send_before`, else it is skipped
/// with the reason.
pub fn limit_decision(
    send_before: Timestamp,
    admission: Admission,
    now: Timestamp,
) -> LaneDecision {
    match admission {
        Admission::Now(_) if now >= send_before => {
            LaneDecision::Skip { reason_code: crate::delivery::own_codes::EXPIRED }
        }
        Admission::Now(state) => LaneDecision::Go(state),
        Admission::Wait { reason, .. } if now >= send_before => {
            LaneDecision::Skip { reason_code: reason.code() }
        }
        Admission::Wait { until, reason } => {
            let in_time = match until {
                Some(until) => until < send_before,
                None => reason == WaitReason::Window,
            };
            LaneDecision::WaitInLane { until, reason, in_time }
        }
    }
}

#[cfg(test)]
mod tests;
