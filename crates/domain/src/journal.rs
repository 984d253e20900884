//! External journals: what a connected journal tells of its records, and the rules by which two
//! journals that both may change a record come to one state.
//!
//! Planning knows none of this: a record becomes an appointment, and its changes become the same
//! transitions that the front desk makes.

mod external_id;
mod fault;
mod follow;
mod link;
mod record;
mod side;

pub use external_id::{ExternalId, Seen, Thing};
pub use fault::JournalFault;
pub use follow::{FirstSight, follow};
pub use link::JournalLink;
pub use record::{
    Freshness, JournalClient, JournalRecord, JournalService, JournalStaff, RecordState,
    RecordVersion,
};
pub use side::{JournalSide, Merged, merge, rebase};
