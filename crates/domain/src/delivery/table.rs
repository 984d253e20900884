//! The lifecycle of a try as one table: every phase under every event.
//!
//! The matches name every pair and have no catch-all, so a new phase or event does not compile
//! until it is decided. A phase never falls in the order of [`Phase::ALL`], hence no rank does.

use super::DeliveryState;
use super::event::EventKind;
use Effect::{
    CountSent, NextStep, NextStepMayDouble, Retry, StopLaterSteps, ToldFailed, ToldStands,
    UncountSent,
};
use Phase::{
    Delivered, DeliveredInPart, InHand, OnRadio, Read, Submitted, Undelivered, Unknown,
    UnknownAccepted, UnknownOnRadio, Unsent, WithPhone,
};

/// A state, and how far the text had got: the rows of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Processing: intended; no phone has it.
    InHand,
    /// Processing: given to the phone.
    WithPhone,
    /// Processing: the phone handed it to its radio.
    OnRadio,
    Submitted,
    Unknown,
    /// Unknown, and the phone's radio had it.
    UnknownOnRadio,
    /// Unknown, and the carrier took it.
    UnknownAccepted,
    /// Undelivered, and surely never sent: it counts nowhere.
    Unsent,
    /// Undelivered, though the carrier had it.
    Undelivered,
    DeliveredInPart,
    Delivered,
    Read,
}

impl Phase {
    /// In rising order.
    pub const ALL: [Phase; 12] = [
        InHand,
        WithPhone,
        OnRadio,
        Submitted,
        Unknown,
        UnknownOnRadio,
        UnknownAccepted,
        Unsent,
        Undelivered,
        DeliveredInPart,
        Delivered,
        Read,
    ];

    pub fn state(self) -> DeliveryState {
        match self {
            InHand | WithPhone | OnRadio => DeliveryState::Processing,
            Submitted => DeliveryState::Submitted,
            Unknown | UnknownOnRadio | UnknownAccepted => DeliveryState::Unknown,
            Unsent | Undelivered => DeliveryState::Undelivered,
            DeliveredInPart | Delivered => DeliveryState::Delivered,
            Read => DeliveryState::Read,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            InHand => "in hand",
            WithPhone => "with phone",
            OnRadio => "on radio",
            Submitted => "submitted",
            Unknown => "unknown",
            UnknownOnRadio => "unknown on radio",
            UnknownAccepted => "unknown but accepted",
            Unsent => "unsent",
            Undelivered => "undelivered",
            DeliveredInPart => "delivered in part",
            Delivered => "delivered",
            Read => "read",
        }
    }
}

/// What a decision asks for beside the new phase; `step` fills in the times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    ToldFailed,
    ToldStands,
    NextStep,
    NextStepMayDouble,
    CountSent,
    UncountSent,
    Retry,
    StopLaterSteps,
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) to: Phase,
    pub(super) effects: &'static [Effect],
}

/// A surely unsent try whose message may be tried again.
const AGAIN: &[Effect] = &[ToldFailed, UncountSent, Retry];
/// A surely unsent try that this way will not bring.
const OTHER_WAY: &[Effect] = &[ToldFailed, UncountSent, NextStep];
/// A surely unsent try that nobody wants any more.
const CALLED_OFF: &[Effect] = &[ToldFailed, UncountSent];
/// Sent and failed.
const FAILED: &[Effect] = &[ToldFailed, NextStep];
const IN_DOUBT: &[Effect] = &[NextStepMayDouble];
const PROVEN: &[Effect] = &[ToldStands, StopLaterSteps];
/// Proven after it was held for unsent.
const PROVEN_AFTER_ALL: &[Effect] = &[CountSent, ToldStands, StopLaterSteps];

/// What `event` makes of a try in `phase`.
pub(super) fn decide(phase: Phase, event: EventKind) -> Cell {
    let to = |to, effects| Cell { to, effects };
    let stay = Cell { to: phase, effects: &[] };
    match event {
        EventKind::Accepted => match phase {
            InHand | WithPhone | OnRadio => to(Submitted, &[]),
            // The rank of unknown is higher: only a receipt lifts the doubt.
            Unknown | UnknownOnRadio => to(UnknownAccepted, &[]),
            Unsent => to(Undelivered, &[CountSent]),
            Submitted | UnknownAccepted | Undelivered | DeliveredInPart | Delivered | Read => stay,
        },
        EventKind::RefusedPermanent => match phase {
            InHand | WithPhone | OnRadio | Unknown | UnknownOnRadio => to(Unsent, OTHER_WAY),
            // A later part of a long text failed on the phone.
            Submitted | UnknownAccepted => to(Undelivered, FAILED),
            Unsent | Undelivered | DeliveredInPart | Delivered | Read => stay,
        },
        EventKind::RefusedRetryAt => match phase {
            InHand | WithPhone | OnRadio => to(Unsent, AGAIN),
            // It answers a repeat with the same id; an earlier one may have been taken.
            Submitted | Unknown | UnknownOnRadio | UnknownAccepted => stay,
            Unsent | Undelivered | DeliveredInPart | Delivered | Read => stay,
        },
        EventKind::NotSent => match phase {
            InHand | WithPhone => to(Unsent, AGAIN),
            OnRadio | Submitted | Unknown | UnknownOnRadio | UnknownAccepted => stay,
            Unsent | Undelivered | DeliveredInPart | Delivered | Read => stay,
        },
        EventKind::OutcomeUnknown => match phase {
            InHand | WithPhone => to(Unknown, IN_DOUBT),
            OnRadio => to(UnknownOnRadio, IN_DOUBT),
            Submitted | Unknown | UnknownOnRadio | UnknownAccepted => stay,
            Unsent | Undelivered | DeliveredInPart | Delivered | Read => stay,
        },
        EventKind::ReceiptDelivered => match phase {
            InHand | WithPhone | OnRadio | Submitted => to(Delivered, PROVEN),
            Unknown | UnknownOnRadio | UnknownAccepted | Undelivered => to(Delivered, PROVEN),
            Unsent => to(Delivered, PROVEN_AFTER_ALL),
            DeliveredInPart => to(Delivered, &[]),
            Delivered | Read => stay,
        },
        EventKind::ReceiptUndelivered => match phase {
            InHand | WithPhone | OnRadio | Submitted => to(Undelivered, FAILED),
            Unknown | UnknownOnRadio | UnknownAccepted => to(Undelivered, FAILED),
            Unsent => to(Undelivered, &[CountSent]),
            Undelivered | DeliveredInPart | Delivered | Read => stay,
        },
        EventKind::ReceiptRead => match phase {
            InHand | WithPhone | OnRadio | Submitted => to(Read, PROVEN),
            Unknown | UnknownOnRadio | UnknownAccepted | Undelivered => to(Read, PROVEN),
            Unsent => to(Read, PROVEN_AFTER_ALL),
            DeliveredInPart | Delivered => to(Read, &[]),
            Read => stay,
        },
        EventKind::ReceiptDeliveredInPart => match phase {
            InHand | WithPhone | OnRadio | Submitted => to(DeliveredInPart, PROVEN),
            Unknown | UnknownOnRadio | UnknownAccepted => to(DeliveredInPart, PROVEN),
            Undelivered => to(DeliveredInPart, PROVEN),
            Unsent => to(DeliveredInPart, PROVEN_AFTER_ALL),
            DeliveredInPart | Delivered | Read => stay,
        },
        EventKind::Fetched => match phase {
            InHand => to(WithPhone, &[]),
            WithPhone | OnRadio | Submitted | Unknown | UnknownOnRadio | UnknownAccepted => stay,
            Unsent | Undelivered | DeliveredInPart | Delivered | Read => stay,
        },
        EventKind::PhoneProcessed => match phase {
            InHand | WithPhone => to(OnRadio, &[]),
            Unknown => to(UnknownOnRadio, &[]),
            OnRadio | Submitted | UnknownOnRadio | UnknownAccepted => stay,
            Unsent | Undelivered | DeliveredInPart | Delivered | Read => stay,
        },
        EventKind::RegistrationLost => match phase {
            WithPhone => to(Unknown, IN_DOUBT),
            OnRadio => to(UnknownOnRadio, IN_DOUBT),
            // No phone ever had it: the new registration may fetch it.
            InHand => stay,
            Submitted | Unknown | UnknownOnRadio | UnknownAccepted => stay,
            Unsent | Undelivered | DeliveredInPart | Delivered | Read => stay,
        },
        EventKind::Withdrawn => match phase {
            InHand => to(Unsent, CALLED_OFF),
            // Given away: the phone has to be asked, and its word counts.
            WithPhone | OnRadio | Submitted | Unknown | UnknownOnRadio | UnknownAccepted => stay,
            Unsent | Undelivered | DeliveredInPart | Delivered | Read => stay,
        },
        EventKind::CancelConfirmed => match phase {
            InHand | WithPhone | Unknown => to(Unsent, CALLED_OFF),
            // The phone that forgot a message says «cancelled» too; its radio may have sent it.
            OnRadio | Submitted | UnknownOnRadio | UnknownAccepted => stay,
            Unsent | Undelivered | DeliveredInPart | Delivered | Read => stay,
        },
        EventKind::Expired => match phase {
            InHand => to(Unsent, AGAIN),
            WithPhone => to(Unknown, IN_DOUBT),
            OnRadio => to(UnknownOnRadio, IN_DOUBT),
            Submitted | Unknown | UnknownOnRadio | UnknownAccepted => stay,
            Unsent | Undelivered | DeliveredInPart | Delivered | Read => stay,
        },
        EventKind::UnknownFor24h => match phase {
            InHand | WithPhone => to(Unknown, IN_DOUBT),
            OnRadio => to(UnknownOnRadio, IN_DOUBT),
            Submitted => to(UnknownAccepted, &[]),
            // They stay, and `step` ends the row.
            Unknown | UnknownOnRadio | UnknownAccepted => stay,
            Unsent | Undelivered | DeliveredInPart | Delivered | Read => stay,
        },
    }
}
