//! What is to be told to a client, when, and why not: the rules of PRODUCT, section 2, as pure functions.
//!
//! An appointment changes through a transition of its [`NotificationState`]; then [`plan`] says which
//! messages should exist and, for every notification that should not, the reason; [`reconcile`]
//! compares that with the rows that exist. Explain, the forecast and the sending call the same `plan`.
//!
//! Where a rule lives: N1 and N11 in `gate`, N2 and N3 in `created`, N4 in `changed` and `settle`,
//! N5 and N13 in `reminders`, N6 in `cancelled`, N7 in `confirmation`, N12 in `quiet_hours`, N14 in
//! `merging`, N16 in `reconcile` and in the occasions.

mod again;
mod cancelled;
mod changed;
mod confirmation;
mod context;
mod created;
mod gate;
mod merging;
mod message;
mod plan;
pub mod quiet_hours;
mod recall;
mod reconcile;
mod reminders;
pub mod settle;
mod silence;
mod silence_words;
mod snapshot;
mod state;
mod transitions;
mod visit;
mod why;

pub use again::{Again, again};
pub use message::{ChangedVariant, MessageClass, Plan, PlannedMessage, Subject, Variant};
pub use plan::plan;
pub use recall::{no_longer_wanted, stands_as_told};
pub use reconcile::{Changes, End, EndedAs, Move, reconcile};
pub use silence::{Silence, SilenceReason};
pub use snapshot::{BranchRules, ClientRules, ExistingMessage, ExistingState, Snapshot};
pub(crate) use state::same_services;
pub use state::{
    Announcement, Burst, Cancellation, Known, NotificationState, StartSet, StartSetBy, Told,
    ToldBy, tells_same,
};
pub use transitions::{Booking, Cancel, Edit, Moment, Notify, Restore, Side, Submission};
pub use why::Why;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests_again;
#[cfg(test)]
mod tests_changes;
#[cfg(test)]
mod tests_decided;
#[cfg(test)]
mod tests_decided_reminders;
#[cfg(test)]
mod tests_properties;
#[cfg(test)]
mod tests_quiet_hours;
#[cfg(test)]
mod tests_reminders;
#[cfg(test)]
mod tests_rules;
