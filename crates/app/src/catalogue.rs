//! What the salon offers: branches, staff and services, and what their verbs share.

pub mod branches;
pub mod services;
pub mod staff;

mod working_time;

/// Which of the things of a list are asked for. By its id an archived thing is always readable, since
/// old appointments name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shelf {
    #[default]
    InUse,
    Archived,
}

impl Shelf {
    fn holds(self, archived_at: Option<jiff::Timestamp>) -> bool {
        archived_at.is_some() == (self == Shelf::Archived)
    }
}

/// Where a thing should be: out of use, or back in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Archiving {
    Archive,
    Restore,
}

impl Archiving {
    /// When the thing is archived after this, given when it was before; `None` if nothing changes.
    fn of(
        self,
        archived_at: Option<jiff::Timestamp>,
        now: jiff::Timestamp,
    ) -> Option<Option<jiff::Timestamp>> {
        match (self, archived_at) {
            (Archiving::Archive, None) => Some(Some(now)),
            (Archiving::Restore, Some(_)) => Some(None),
            _ => None,
        }
    }

    /// The last word of the audit's action.
    fn word(self) -> &'static str {
        match self {
            Archiving::Archive => "archived",
            Archiving::Restore => "restored",
        }
    }
}

/// What the audit keeps of a new thing: every field that is not empty, from nothing.
fn first_state(audited: &impl serde::Serialize) -> serde_json::Value {
    let state = serde_json::to_value(audited).unwrap_or_default();
    crate::audit::difference(&serde_json::json!({}), &state)
}
