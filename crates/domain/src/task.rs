//! What a person at the front desk has to do.

use crate::access::Actor;
use crate::ids::{AppointmentId, ClientId, IncomingMessageId, OrganizationId, TaskId, VisitId};
use jiff::Timestamp;

/// Why there is something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskKind {
    /// The client asked, on the visit's page, for another time.
    MoveRequested,
    /// An SMS came in that nobody has read.
    IncomingMessage,
    /// The external journal did not take over what was changed here.
    JournalRefused,
    /// What was changed here gave way to what was changed in the external journal meanwhile.
    JournalOverruled,
}

impl TaskKind {
    pub const ALL: [TaskKind; 4] = [
        TaskKind::MoveRequested,
        TaskKind::IncomingMessage,
        TaskKind::JournalRefused,
        TaskKind::JournalOverruled,
    ];

    pub fn name(self) -> &'static str {
        match self {
            TaskKind::MoveRequested => "move_requested",
            TaskKind::IncomingMessage => "incoming_message",
            TaskKind::JournalRefused => "journal_refused",
            TaskKind::JournalOverruled => "journal_overruled",
        }
    }

    pub fn parse(name: &str) -> Option<TaskKind> {
        TaskKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One thing to do; it stays listed until somebody marks it done.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    pub organization_id: OrganizationId,
    pub id: TaskId,
    pub version: i64,
    pub kind: TaskKind,
    pub client_id: Option<ClientId>,
    pub visit_id: Option<VisitId>,
    pub appointment_id: Option<AppointmentId>,
    /// What came in.
    pub incoming_message_id: Option<IncomingMessageId>,
    /// What the client wrote, or what became of a change.
    pub note: String,
    pub created_at: Timestamp,
    pub done_at: Option<Timestamp>,
    pub done_by: Option<Actor>,
}

/// The short secret of a visit's page: whoever has it may confirm, ask to move, or cancel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitLink {
    /// 12 letters and digits of chance: 60 bits.
    pub token: String,
    pub organization_id: OrganizationId,
    pub client_id: ClientId,
    pub visit_id: VisitId,
    pub created_at: Timestamp,
}
