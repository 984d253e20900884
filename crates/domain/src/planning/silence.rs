//! Why a notification does not exist.

use super::state::ToldBy;
use crate::ids::{AppointmentId, VisitId};
use crate::kind::NotificationKind;
use crate::settings::Lead;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// One notification that should not exist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Silence {
    pub visit_id: VisitId,
    /// What holds for a whole visit is said once, at its first appointment.
    pub appointment_id: AppointmentId,
    pub kind: NotificationKind,
    /// Which of the reminders; `None` for other kinds and for all reminders at once.
    pub lead: Option<Lead>,
    pub reason: SilenceReason,
}

/// The rule that stopped it. Times are wall times of the visit's branch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SilenceReason {
    /// N1: the block «Уведомления клиентов» is off.
    BlockOff,
    /// N1: made before the block was switched on.
    OlderThanBlock {
        made: DateTime,
        on_since: DateTime,
    },
    /// The snapshot lacks the branch.
    BranchUnknown,
    /// N11: the client's switch for everything.
    ClientOff,
    /// N11: the client's switch for this kind.
    ClientKindOff,
    /// The number said STOP.
    Stopped,
    NoPhone,
    /// N11: off in the branch.
    BranchOff,
    /// N11: off in the organization.
    KindOff,
    /// No lead time is set up.
    NoLeads,
    PastVisit {
        start: DateTime,
    },
    /// Its moment passed while it could not be planned (kind or lead off, number missing).
    MomentPassed {
        due: DateTime,
    },
    /// N13: booked or moved inside the lead.
    InsideLead {
        lead: Lead,
        before_visit_min: i64,
        moved: bool,
    },
    /// N13: another late reminder, nearer to the visit, goes at once instead.
    NearerLead {
        nearest: Lead,
    },
    /// N13: this message counts as the reminder.
    MergedInto {
        kind: NotificationKind,
    },
    /// N5: the notice of the change went within the lead, or is about to.
    CountedAsChanged {
        at: DateTime,
    },
    /// The start was set with «не сообщать» inside the lead.
    StartSetSilently,
    /// The client chose the start inside the lead.
    StartSetByClient,
    /// Imported inside the lead.
    ImportedInsideLead,
    /// N14: «вошло в сообщение …».
    InDayMessage {
        first_start: DateTime,
        due: DateTime,
    },
    /// N12: no sensible edge of the window.
    QuietHours {
        due: DateTime,
        next_edge: DateTime,
        start: DateTime,
    },
    /// «Не сообщать».
    SilentByStaff {
        at: DateTime,
    },
    /// The client did it and saw the outcome there.
    ClientDidIt,
    /// What the client knows is true again.
    EditUndone,
    /// The client learned of it already.
    Told {
        by: ToldBy,
        at: DateTime,
    },
    /// A message of this key was submitted already.
    AlreadySent {
        at: DateTime,
    },
    /// «Created» or the confirmation carries the edit.
    InAnnouncement {
        kind: NotificationKind,
    },
    /// Booked and cancelled before the client was told.
    CancelledBeforeTold,
    VisitCancelled,
    /// Import never sends «created».
    ImportedCreated,
    /// The import did not ask for reminders.
    ImportedReminders,
    /// Let in by hand: without «created».
    LetIn,
    Arrived,
    NoShow,
    /// N7: the status is not waiting.
    NotWaiting,
    /// N7: not confirmed.
    NotConfirmed,
    /// The message surely failed; it is not repeated.
    DeliveryFailed {
        at: DateTime,
    },
    /// It waited past its `send_before`.
    Expired,
    /// Another message stands in its place: the visit or its day was planned anew.
    Replaced,
}

impl SilenceReason {
    /// The stable word of the API and of columns.
    pub fn code(self) -> &'static str {
        match self {
            SilenceReason::BlockOff => "block_off",
            SilenceReason::OlderThanBlock { .. } => "older_than_block",
            SilenceReason::BranchUnknown => "branch_unknown",
            SilenceReason::ClientOff => "client_off",
            SilenceReason::ClientKindOff => "client_kind_off",
            SilenceReason::Stopped => "stopped",
            SilenceReason::NoPhone => "no_phone",
            SilenceReason::BranchOff => "branch_off",
            SilenceReason::KindOff => "kind_off",
            SilenceReason::NoLeads => "no_leads",
            SilenceReason::PastVisit { .. } => "past_visit",
            SilenceReason::MomentPassed { .. } => "moment_passed",
            SilenceReason::InsideLead { .. } => "inside_lead",
            SilenceReason::NearerLead { .. } => "nearer_lead",
            SilenceReason::MergedInto { .. } => "merged_into",
            SilenceReason::CountedAsChanged { .. } => "counted_as_changed",
            SilenceReason::StartSetSilently => "start_set_silently",
            SilenceReason::StartSetByClient => "start_set_by_client",
            SilenceReason::ImportedInsideLead => "imported_inside_lead",
            SilenceReason::InDayMessage { .. } => "in_day_message",
            SilenceReason::QuietHours { .. } => "quiet_hours",
            SilenceReason::SilentByStaff { .. } => "silent_by_staff",
            SilenceReason::ClientDidIt => "client_did_it",
            SilenceReason::EditUndone => "edit_undone",
            SilenceReason::Told { .. } => "told",
            SilenceReason::AlreadySent { .. } => "already_sent",
            SilenceReason::InAnnouncement { .. } => "in_announcement",
            SilenceReason::CancelledBeforeTold => "cancelled_before_told",
            SilenceReason::VisitCancelled => "visit_cancelled",
            SilenceReason::ImportedCreated => "imported_created",
            SilenceReason::ImportedReminders => "imported_reminders",
            SilenceReason::LetIn => "let_in",
            SilenceReason::Arrived => "arrived",
            SilenceReason::NoShow => "no_show",
            SilenceReason::NotWaiting => "not_waiting",
            SilenceReason::NotConfirmed => "not_confirmed",
            SilenceReason::DeliveryFailed { .. } => "delivery_failed",
            SilenceReason::Expired => "expired",
            SilenceReason::Replaced => "replaced",
        }
    }
}
