//! What happens to an appointment, and what planning remembers of it: one pure function each.
//!
//! An echo of our own write needs no transition: [`NotificationState::edited`] with facts that read
//! the same returns the state unchanged.

use super::state::{
    Announcement, Burst, Cancellation, Known, NotificationState, StartSet, StartSetBy, Told,
    ToldBy, tells_same,
};
use crate::access::Actor;
use crate::appointment::{Facts, Source, Status};
use crate::ids::MessageId;
use crate::kind::NotificationKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Is the client to be told?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    /// By the settings.
    #[default]
    ByRule,
    /// «Не сообщать».
    Silent,
}

/// On whose side a change was made. What the client did is answered where it was done (N4, N6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Staff,
    Client,
}

impl Side {
    pub fn of(actor: &Actor) -> Side {
        match actor {
            Actor::Client => Side::Client,
            Actor::User { .. } | Actor::ApiToken { .. } | Actor::Journal | Actor::System => {
                Side::Staff
            }
        }
    }
}

/// The moment of a change to an appointment that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub now: Timestamp,
    /// Does a message that tells the client of this visit's changes still wait to be sent? From
    /// [`super::Snapshot::moment`].
    pub notice_waits: bool,
}

/// A new appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booking {
    pub source: Source,
    pub notify: Notify,
    /// Asked at an import; other sources always have reminders.
    pub import_with_reminders: bool,
}

/// An edit of the facts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edit<'a> {
    pub before: &'a Facts,
    pub after: &'a Facts,
    pub by: Side,
    pub notify: Notify,
}

/// A cancellation; deletion is one too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cancel<'a> {
    pub facts: &'a Facts,
    pub by: Side,
    pub notify: Notify,
}

/// A cancelled appointment is brought back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Restore<'a> {
    pub facts: &'a Facts,
    pub by: Side,
    pub notify: Notify,
}

/// A committed intent: from here on the client counts as told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Submission<'a> {
    pub kind: NotificationKind,
    pub message_id: MessageId,
    /// What its text says of this appointment; `None`: that it is cancelled.
    pub tells: Option<&'a Facts>,
    pub at: Timestamp,
}

impl NotificationState {
    /// An appointment was entered at `now`.
    pub fn booked(booking: Booking, now: Timestamp) -> NotificationState {
        let mut state = NotificationState { booked_at: Some(now), ..NotificationState::default() };
        if booking.source == Source::Import {
            state.close_announcement(Announcement::Imported, now);
            state.without_reminders = !booking.import_with_reminders;
            state.start_set = Some(StartSet { at: now, by: StartSetBy::Import });
        } else if booking.notify == Notify::Silent {
            state.close_announcement(Announcement::Silent, now);
            state.start_set = Some(StartSet { at: now, by: StartSetBy::Silently });
            state.silent_at = Some(now);
        }
        state
    }

    /// Booked where nobody could tell it in time: the client knows of the booking as it was made,
    /// and «created» would be no news.
    #[must_use]
    pub fn missed(mut self, now: Timestamp) -> NotificationState {
        self.close_announcement(Announcement::Missed, now);
        self
    }

    /// The facts were edited.
    pub fn edited(&self, edit: Edit<'_>, moment: Moment) -> NotificationState {
        let mut state = self.clone();
        if tells_same(edit.before, edit.after) {
            return state;
        }
        let start_before = state.start_set;
        state.at_booking.get_or_insert_with(|| edit.before.clone());
        if edit.before.start_local != edit.after.start_local {
            let by = match (edit.by, edit.notify) {
                (Side::Client, _) => StartSetBy::Client,
                (Side::Staff, Notify::Silent) => StartSetBy::Silently,
                (Side::Staff, Notify::ByRule) => StartSetBy::StaffMove,
            };
            state.start_set = Some(StartSet { at: moment.now, by });
        }
        if state.cancellation.is_some() {
            return state;
        }
        state.miss_announcement_unless_waiting(moment);
        match edit.by {
            Side::Client => state.told_by_client(Some(edit.after), moment.now),
            Side::Staff => {
                state.staff_changed(edit.before, start_before, edit.notify, moment);
                state.drop_burst_if_undone(edit.after);
            }
        }
        state
    }

    /// The appointment was cancelled or deleted.
    pub fn cancelled(&self, cancel: Cancel<'_>, moment: Moment) -> NotificationState {
        let mut state = self.clone();
        if state.cancellation.is_some() {
            return state;
        }
        state.cancellation = Some(Cancellation {
            at: moment.now,
            by_client: cancel.by == Side::Client,
            silent: cancel.notify == Notify::Silent,
        });
        state.confirmed_at = None;
        if cancel.by == Side::Client {
            state.told_by_client(None, moment.now);
            return state;
        }
        state.miss_announcement_unless_waiting(moment);
        if state.announcement.is_pending() && state.told.is_none() {
            state.close_announcement(Announcement::Withdrawn, moment.now);
            state.burst = None;
            return state;
        }
        let start_before = state.start_set;
        state.staff_changed(cancel.facts, start_before, cancel.notify, moment);
        state
    }

    /// The cancellation was taken back.
    pub fn restored(&self, restore: Restore<'_>, moment: Moment) -> NotificationState {
        let mut state = self.clone();
        if state.cancellation.take().is_none() {
            return state;
        }
        let gone = matches!(state.told, Some(Told { facts: None, .. }));
        if gone || state.announcement == Announcement::Withdrawn {
            state.book_again(restore, moment.now);
        } else if restore.by == Side::Client {
            state.told_by_client(Some(restore.facts), moment.now);
        } else {
            let start_before = state.start_set;
            // A burst that lived at the cancellation goes on, whether or not «cancelled» was on.
            let moment = Moment { notice_waits: true, ..moment };
            state.staff_changed(restore.facts, start_before, restore.notify, moment);
            state.drop_burst_if_undone(restore.facts);
        }
        state
    }

    /// The status changed between waiting, confirmed, arrived and no-show; for cancelling and
    /// bringing back there are [`Self::cancelled`] and [`Self::restored`].
    pub fn status_set(&self, before: Status, after: Status, moment: Moment) -> NotificationState {
        let mut state = self.clone();
        state.confirmed_at = match after {
            Status::Confirmed => Some(state.confirmed_at.unwrap_or(moment.now)),
            Status::Waiting | Status::Arrived | Status::NoShow | Status::Cancelled => None,
        };
        if after.is_ahead() && matches!(before, Status::Arrived | Status::NoShow) {
            state.news_waits_from(moment.now);
        } else if before.is_ahead() && !after.is_ahead() {
            state.miss_announcement_unless_waiting(moment);
        }
        state
    }

    /// Of a client who had come, or would not, nothing was told; as they are still to come, it is news
    /// from now on.
    fn news_waits_from(&mut self, now: Timestamp) {
        if let Some(burst) = &mut self.burst {
            (burst.first_at, burst.last_at) = (now, now);
        }
        // It waited when it was put aside, or it would count as missed.
        if self.announcement.is_pending() && self.told.is_none() {
            self.booked_at = Some(now);
        }
    }

    /// An older visit is let in by hand: it counts from now on, without «created» (N1).
    pub fn let_in(&self, now: Timestamp) -> NotificationState {
        let mut state = self.clone();
        state.let_in_at = Some(now);
        state.burst = None;
        if state.told.is_none() {
            state.at_booking = None;
            state.close_announcement(Announcement::LetIn, now);
        }
        state
    }

    /// The intent of a message that covers this appointment was committed.
    pub fn submitted(&self, submission: Submission<'_>) -> NotificationState {
        let mut state = self.clone();
        if submission.kind == NotificationKind::Changed {
            state.bursts_told += 1;
        }
        state.burst = None;
        state.silent_at = None;
        state.failed_at = None;
        if state.announcement.is_pending() {
            state.close_announcement(Announcement::Submitted, submission.at);
        }
        let by = ToldBy::Message(submission.kind);
        state.tell(submission.tells, submission.at, by, Some(submission.message_id));
        state
    }

    /// The delivery of `message_id` surely failed: what it told was not told.
    pub fn delivery_failed(&self, message_id: MessageId, at: Timestamp) -> NotificationState {
        let mut state = self.clone();
        let Some(told) = &mut state.told else {
            return state;
        };
        if told.repeated_by.contains(&message_id) {
            told.repeated_by.retain(|other| *other != message_id);
        } else if told.message_id == Some(message_id) {
            match told.repeated_by.pop() {
                Some(other) => told.message_id = Some(other),
                None => {
                    state.told = told.before.take().map(|before| *before);
                    state.failed_at = Some(at);
                }
            }
        } else if let Some(before) = &mut told.before
            && before.message_id == Some(message_id)
            && before.repeated_by.is_empty()
        {
            told.before = before.before.take();
        }
        state
    }

    /// As it stood before `message_id`, whose delivery surely failed at `at`, told of it: what goes once more
    /// is said to somebody who knows what they knew then.
    pub fn before_telling(&self, message_id: MessageId, at: Timestamp) -> NotificationState {
        let mut state = self.delivery_failed(message_id, at);
        let closed_at = self.announcement_closed_at;
        let was_announced_by_it = self.told.as_ref().is_some_and(|told| Some(told.at) == closed_at);
        if state.told.is_none() && was_announced_by_it {
            state.announcement = Announcement::Pending;
            state.announcement_closed_at = None;
        }
        state
    }

    /// The phone dropped `message_id` unsent, because it was asked to: what it told was not told. A
    /// booking of which the client thus never heard is announced as it stands now, or, if nothing is
    /// left of it, not spoken of at all.
    pub fn recalled(&self, message_id: MessageId, at: Timestamp) -> NotificationState {
        let mut state = self.delivery_failed(message_id, at);
        let never_told = self.told.is_some() && state.told.is_none();
        if never_told && state.announcement == Announcement::Submitted {
            state.failed_at = None;
            if state.cancellation.is_some() {
                state.close_announcement(Announcement::Withdrawn, at);
                state.burst = None;
            } else {
                state.announcement = Announcement::Pending;
                state.announcement_closed_at = None;
            }
        }
        state
    }

    /// A change by staff: loud ones open or prolong the burst. «Не сообщать» while a loud change
    /// waits prolongs it too, since its message goes and carries the truth; alone it stays untold.
    fn staff_changed(
        &mut self,
        before: &Facts,
        start_before: Option<StartSet>,
        notify: Notify,
        moment: Moment,
    ) {
        let now = moment.now;
        let waits = moment.notice_waits && (self.burst.is_some() || self.announcement.is_pending());
        match &mut self.burst {
            Some(burst) if waits => burst.last_at = burst.last_at.max(now),
            burst if notify == Notify::ByRule || waits => {
                *burst = Some(Burst {
                    first_at: now,
                    last_at: now,
                    from: before.clone(),
                    start_set: start_before,
                });
            }
            burst => {
                *burst = None;
                self.silent_at = Some(now);
            }
        }
        self.failed_at = None;
    }

    /// An edit undone makes no message: back at what the client knows, or at the burst's begin.
    fn drop_burst_if_undone(&mut self, current: &Facts) {
        let Some(burst) = &self.burst else {
            return;
        };
        let at_begin = tells_same(&burst.from, current);
        let known =
            matches!(self.known(current), Known::Facts(facts) if tells_same(facts, current));
        if self.announcement.is_pending() && self.told.is_none() {
            // The announcement settles anew with each edit, also with one that undoes another.
            if at_begin {
                self.start_set = burst.start_set;
            }
        } else if at_begin || known {
            if at_begin {
                self.start_set = burst.start_set;
            }
            self.burst = None;
            if known {
                self.silent_at = None;
            }
        }
    }

    /// What the client learned of as cancelled, or never learned of, is booked anew.
    fn book_again(&mut self, restore: Restore<'_>, now: Timestamp) {
        let kept = NotificationState {
            booking_cycle: self.booking_cycle,
            bursts_told: self.bursts_told,
            without_reminders: self.without_reminders,
            let_in_at: self.let_in_at,
            booked_at: Some(now),
            brought_back: true,
            ..NotificationState::default()
        };
        *self = kept;
        match (restore.by, restore.notify) {
            (Side::Client, _) => {
                self.start_set = Some(StartSet { at: now, by: StartSetBy::Client });
                self.told_by_client(Some(restore.facts), now);
            }
            (Side::Staff, Notify::Silent) => {
                self.start_set = Some(StartSet { at: now, by: StartSetBy::Silently });
                self.silent_at = Some(now);
                self.close_announcement(Announcement::Silent, now);
            }
            (Side::Staff, Notify::ByRule) => {}
        }
    }

    fn told_by_client(&mut self, facts: Option<&Facts>, now: Timestamp) {
        self.burst = None;
        self.silent_at = None;
        self.failed_at = None;
        if self.announcement.is_pending() {
            self.close_announcement(Announcement::Submitted, now);
        }
        self.tell(facts, now, ToldBy::Client, None);
    }

    fn tell(
        &mut self,
        facts: Option<&Facts>,
        at: Timestamp,
        by: ToldBy,
        message_id: Option<MessageId>,
    ) {
        if let Some(told) = &mut self.told {
            let same = match (&told.facts, facts) {
                (Some(one), Some(other)) => tells_same(one, other),
                (None, None) => true,
                _ => false,
            };
            if same {
                told.repeated_by.extend(message_id);
                return;
            }
        }
        if facts.is_none() {
            self.booking_cycle += 1;
        }
        let mut before = self.told.take().map(Box::new);
        if let Some(earlier) = before.as_mut().and_then(|before| before.before.as_mut()) {
            earlier.before = None;
        }
        let facts = facts.cloned();
        self.told = Some(Told { facts, at, by, message_id, repeated_by: Vec::new(), before });
    }

    fn close_announcement(&mut self, closed: Announcement, at: Timestamp) {
        self.announcement = closed;
        self.announcement_closed_at = Some(at);
    }

    /// A booking whose announcement neither went nor waits counts as known as it was made: «created»
    /// does not come back for it when the kind is switched on later.
    fn miss_announcement_unless_waiting(&mut self, moment: Moment) {
        if self.announcement.is_pending() && self.told.is_none() && !moment.notice_waits {
            self.close_announcement(Announcement::Missed, moment.now);
        }
    }
}
