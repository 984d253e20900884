//! Everything that planning may look at: one client, plainly.

use super::message::{Subject, Variant};
use super::transitions::Moment;
use crate::appointment::Appointment;
use crate::client::ClientSwitches;
use crate::ids::{AppointmentId, BranchId, ClientId, MessageId, VisitId};
use crate::kind::NotificationKind;
use crate::local_time::Zone;
use crate::phone_number::PhoneNumber;
use crate::settings::{BranchNotificationSettings, NotificationSettings};
use jiff::Timestamp;

/// One client with all visits that lie ahead or changed lately.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    pub settings: &'a NotificationSettings,
    /// The branches of the appointments.
    pub branches: &'a [BranchRules<'a>],
    pub client: ClientRules<'a>,
    /// Whole visits: an appointment comes with all others of its visit, cancelled ones too, since
    /// occasions count over the visit.
    pub appointments: &'a [Appointment],
    /// All messages of these visits and of the client's days, in whatever state.
    pub existing: &'a [ExistingMessage],
    /// What fell due before this instant without a message was missed and is not sent late; `None`:
    /// now. A sweep after a change of settings gives the instant of the save, so that nothing is
    /// lost while it works.
    pub missed_before: Option<Timestamp>,
}

/// What planning asks of a branch.
#[derive(Debug, Clone, Copy)]
pub struct BranchRules<'a> {
    pub id: BranchId,
    pub zone: &'a Zone,
    pub settings: &'a BranchNotificationSettings,
}

/// What planning asks of the client.
#[derive(Debug, Clone, Copy)]
pub struct ClientRules<'a> {
    pub id: ClientId,
    /// The card's number.
    pub phone: Option<&'a PhoneNumber>,
    pub switches: &'a ClientSwitches,
    /// Those of the recipients' numbers that said STOP to this organization.
    pub stopped: &'a [PhoneNumber],
}

/// A message that exists.
#[derive(Debug, Clone, PartialEq)]
pub struct ExistingMessage {
    pub id: MessageId,
    pub subject: Subject,
    pub kind: NotificationKind,
    pub occasion: String,
    pub variant: Variant,
    pub due_at: Timestamp,
    pub send_before: Timestamp,
    pub recipient: PhoneNumber,
    pub covers: Vec<AppointmentId>,
    pub state: ExistingState,
}

/// How far an existing message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExistingState {
    /// No intent yet: it may be moved or cancelled.
    Planned,
    /// The intent was committed at this instant, whatever came of it.
    Submitted {
        at: Timestamp,
    },
    Cancelled,
    Skipped,
}

impl ExistingMessage {
    pub(crate) fn has_key(&self, subject: Subject, kind: NotificationKind, occasion: &str) -> bool {
        self.subject == subject && self.kind == kind && self.occasion == occasion
    }

    pub(crate) fn is_open(&self) -> bool {
        self.state == ExistingState::Planned
    }
}

impl Snapshot<'_> {
    /// The moment of a change to an appointment of `visit_id`, for its transition.
    pub fn moment(&self, visit_id: VisitId, now: Timestamp) -> Moment {
        let notice_waits = self.existing.iter().any(|message| {
            message.is_open()
                && message.subject == Subject::Visit(visit_id)
                && matches!(
                    message.kind,
                    NotificationKind::Confirmation
                        | NotificationKind::Created
                        | NotificationKind::Changed
                        | NotificationKind::Cancelled
                )
        });
        Moment { now, notice_waits }
    }
}
