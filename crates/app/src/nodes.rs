//! This process among those that serve the database: that it is alive, which senders it drives, and
//! whether anything may be sent at all.

mod arrive;
mod beat;
mod let_go;
mod standing;

pub use arrive::{Arrived, arrive, beating};
pub use beat::{beat, leave};
pub use let_go::{InstanceState, instance_state, let_go, mark_restored};
pub use standing::Standing;
pub use vestnik_domain::node::{ClockVerdict, ClockWatch, HeldReason, Node, Sidecar};
