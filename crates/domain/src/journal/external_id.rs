//! Which of our clients, masters, services and visits is which of the journal's.

use crate::ids::OrganizationId;
use serde::{Deserialize, Serialize};

/// What has an id in the journal, beside the record itself, whose id stands in the appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    Client,
    Staff,
    Service,
    Visit,
}

impl Thing {
    pub const ALL: [Thing; 4] = [Thing::Client, Thing::Staff, Thing::Service, Thing::Visit];

    pub fn name(self) -> &'static str {
        match self {
            Thing::Client => "client",
            Thing::Staff => "staff",
            Thing::Service => "service",
            Thing::Visit => "visit",
        }
    }

    pub fn parse(name: &str) -> Option<Thing> {
        Thing::ALL.into_iter().find(|thing| thing.name() == name)
    }
}

/// One thing of ours under its id in a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalId {
    pub organization_id: OrganizationId,
    /// See [`super::JournalLink::journal`].
    pub journal: String,
    pub thing: Thing,
    pub external_id: String,
    pub version: i64,
    /// The bare number of our id.
    pub internal_id: i64,
    /// How the journal last described it: what changes there is followed, what people changed here
    /// is left alone.
    pub seen: Seen,
}

/// What a journal last said of a thing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Seen {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}
