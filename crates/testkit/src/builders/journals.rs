//! A branch that is linked to an external journal.

use super::Salon;
use serde_json::json;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::effect::{Effect, EffectKind};
use vestnik_domain::ids::JournalLinkId;
use vestnik_domain::journal::{ExternalId, JournalLink, Seen, Thing};

impl Salon {
    /// The branch's journal, which nobody has asked yet.
    pub fn journal_link(&mut self) -> JournalLink {
        JournalLink {
            organization_id: self.id(),
            id: JournalLinkId(self.next_id()),
            version: 1,
            branch_id: self.branch.id,
            kind: "simulated".to_owned(),
            location_id: "4564".to_owned(),
            location_title: "Стиль де Виль".to_owned(),
            cursor: None,
            next_poll_at: Some(self.now),
            failures: 0,
            last_contact_at: None,
            fault: None,
            created_at: self.now,
            unlinked_at: None,
        }
    }

    /// The client under its id in the journal.
    pub fn external_id(&self, link: &JournalLink, external_id: &str) -> ExternalId {
        ExternalId {
            organization_id: self.id(),
            journal: link.journal(),
            thing: Thing::Client,
            external_id: external_id.to_owned(),
            version: 1,
            internal_id: self.client.id.0,
            seen: Seen { name: self.client.name.clone(), phone: None },
        }
    }

    /// A change of the appointment that its journal is to learn.
    pub fn effect(&self, appointment: &Appointment) -> Effect {
        let subject = appointment.id.to_string();
        let body = json!({ "status": "confirmed" });
        Effect::new(self.id(), EffectKind::JournalWrite, subject, body, self.now)
    }
}
