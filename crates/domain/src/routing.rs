//! Which lane a due message goes to: the branch's phone, else another one, else it waits or is
//! skipped with a reason.

use crate::ids::SenderId;
use crate::message_status::reason_words;
use crate::phone_number::PhoneNumber;
use crate::sender::{Sender, SenderStatus};
use jiff::{SignedDuration, Timestamp};
use vestnik_template::Language;

/// How long a phone may keep what it fetched before it must drop it unsent.
const VALID_FOR: SignedDuration = SignedDuration::from_mins(30);

/// What routing asks about a message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Routable<'a> {
    pub recipient: &'a PhoneNumber,
    pub send_before: Timestamp,
    /// The phone that the branch chose.
    pub chosen_sender_id: Option<SenderId>,
    /// The phone that has fetched an earlier try, and until when it may still send it.
    pub fetched_by: Option<FetchedBy>,
}

/// A try that a phone may still send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchedBy {
    pub sender_id: SenderId,
    pub valid_until: Timestamp,
}

/// A sender of the organization as routing sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate<'a> {
    pub sender: &'a Sender,
    pub status: SenderStatus,
    /// Was a phone ever linked to it? Always true for a sender that is no phone.
    pub ever_linked: bool,
}

/// Where a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Into the lane of this sender; it may have to wait there.
    Lane(SenderId),
    /// Nowhere yet; asked again at `until` (`None`: when a sender changes), at the latest at
    /// `send_before`, when it is skipped with this reason.
    Hold { until: Option<Timestamp>, reason: RouteReason },
    /// It cannot be sent any more.
    Skip(RouteReason),
}

/// Why a message is held or skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteReason {
    /// The organization has no sender.
    NoSender,
    /// It has one, but no phone was ever linked to it.
    NotLinked,
    /// Another phone has fetched it and may still send it.
    FetchedByAnother,
    /// An SMS cannot reach this number.
    NotMobile,
    /// It had not left before `send_before`: the phone was being linked anew.
    Relinking,
    /// … the phone was silent.
    Unavailable,
    /// … the day's limit was used up.
    DailyLimit,
    /// … nothing special.
    Expired,
    /// It fell due while the installation was held after a restore.
    Held,
}

impl RouteReason {
    pub const ALL: [RouteReason; 9] = [
        RouteReason::NoSender,
        RouteReason::NotLinked,
        RouteReason::FetchedByAnother,
        RouteReason::NotMobile,
        RouteReason::Relinking,
        RouteReason::Unavailable,
        RouteReason::DailyLimit,
        RouteReason::Expired,
        RouteReason::Held,
    ];

    /// The code of API and columns.
    pub fn code(self) -> &'static str {
        match self {
            RouteReason::NoSender => "no_sender",
            RouteReason::NotLinked => "sender_not_linked",
            RouteReason::FetchedByAnother => "fetched_by_another",
            RouteReason::NotMobile => "recipient_not_mobile",
            RouteReason::Relinking => "sender_relinking",
            RouteReason::Unavailable => "sender_unavailable",
            RouteReason::DailyLimit => "daily_limit",
            RouteReason::Expired => "expired",
            RouteReason::Held => "held",
        }
    }

    /// In plain words, one phrase without a full stop.
    pub fn message(self, language: Language) -> &'static str {
        reason_words(self.code(), language).meaning
    }

    /// Why a message that waited in the lane of a sender with this status has not left in time.
    pub fn of_expiry(status: &SenderStatus) -> RouteReason {
        match status {
            SenderStatus::Relinking { .. } => RouteReason::Relinking,
            SenderStatus::Unavailable { .. } => RouteReason::Unavailable,
            SenderStatus::DailyLimit { .. } => RouteReason::DailyLimit,
            SenderStatus::Ready { .. } => RouteReason::Expired,
        }
    }
}

/// Routes a due message at `now` (business time). The branch's chosen sender takes it as long as it
/// is not archived, also while it is silent: there the message waits. Else the organization's first
/// ready sender takes it, else the first that was ever linked. A sender for trials, which reaches
/// nobody, steps in for no other: it takes what chose it, or what an organization has that keeps
/// nothing else.
pub fn route(message: Routable<'_>, senders: &[Candidate<'_>], now: Timestamp) -> Route {
    let in_time = now < message.send_before;
    let target = match target(message.chosen_sender_id, senders) {
        Ok(target) => target,
        Err(reason) if in_time => return Route::Hold { until: None, reason },
        Err(reason) => return Route::Skip(reason),
    };
    if target.sender.channel.needs_mobile_number() && !message.recipient.is_mobile_possible() {
        return Route::Skip(RouteReason::NotMobile);
    }
    if !in_time {
        return Route::Skip(RouteReason::of_expiry(&target.status));
    }
    match message.fetched_by {
        // The phone that has it would be given the same id again; any other would double it.
        Some(fetched) if now < fetched.valid_until && fetched.sender_id != target.sender.id => {
            Route::Hold { until: Some(fetched.valid_until), reason: RouteReason::FetchedByAnother }
        }
        _ => Route::Lane(target.sender.id),
    }
}

/// Is there a sender that takes what chose none?
pub fn somebody_takes(senders: &[Candidate<'_>]) -> bool {
    target(None, senders).is_ok()
}

fn target<'a>(
    chosen_sender_id: Option<SenderId>,
    senders: &'a [Candidate<'a>],
) -> Result<&'a Candidate<'a>, RouteReason> {
    let mut open: Vec<&Candidate<'_>> =
        senders.iter().filter(|candidate| candidate.sender.archived_at.is_none()).collect();
    open.sort_by_key(|candidate| (candidate.sender.created_at, candidate.sender.id));
    let first = |fits: &dyn Fn(&Candidate<'_>) -> bool| {
        open.iter().copied().find(|candidate| fits(candidate))
    };
    let only_trials = open.iter().all(|candidate| candidate.sender.channel.is_trial());
    let steps_in = |candidate: &Candidate<'_>| only_trials || !candidate.sender.channel.is_trial();
    first(&|candidate| Some(candidate.sender.id) == chosen_sender_id)
        .or_else(|| first(&|candidate| steps_in(candidate) && candidate.status.is_ready()))
        .or_else(|| first(&|candidate| steps_in(candidate) && candidate.ever_linked))
        .ok_or(if open.is_empty() { RouteReason::NoSender } else { RouteReason::NotLinked })
}

/// Until when a phone may send what it is given at `now`: half an hour, never after `send_before`.
pub fn valid_until(send_before: Timestamp, now: Timestamp) -> Timestamp {
    now.checked_add(VALID_FOR).unwrap_or(Timestamp::MAX).min(send_before)
}

#[cfg(test)]
mod tests;
