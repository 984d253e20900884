//! External journals: branches whose appointments live elsewhere.
//!
//! What changes there is taken in (`poll`, which a webhook only makes come sooner; `take_in`) through
//! the same transitions, plan and commit as a change at our own front desk. What changes here is
//! written there (`write_back`) through the outbox of [`crate::effects`]. A journal itself is a
//! [`connector::JournalConnector`]; nothing but that trait knows whose journal it is.

mod apply;
pub mod connector;
pub mod link_branch;
pub mod list_links;
pub mod poll;
mod take_in;
pub mod unlink_branch;
pub mod webhook;
pub(crate) mod write_back;

use crate::context::Caller;
use vestnik_domain::access::{Actor, Role};
use vestnik_domain::ids::OrganizationId;

/// The journal as a caller: what changed there was done there.
fn journal_caller(organization_id: OrganizationId) -> Caller {
    Caller { organization_id, role: Role::Administrator, actor: Actor::Journal }
}
