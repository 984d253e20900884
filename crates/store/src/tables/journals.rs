//! Links to external journals, and whose ids are whose.

use crate::engine::ReadError;
use crate::record::{Record, RowReader, json};
use crate::table::Table;
use crate::value::Value;
use vestnik_domain::ids::{BranchId, JournalLinkId, OrganizationId};
use vestnik_domain::journal::{ExternalId, JournalFault, JournalLink, Thing};

crate::table! {
    /// Branches whose appointments live in another journal.
    JOURNAL_LINKS = "journal_links" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, version: Integer,
        branch_id: Integer, kind: Text, location_id: Text, location_title: Text,
        poll_cursor: Text null, next_poll_at: Integer null, failures: Integer,
        last_contact_at: Integer null, fault: Text null, created_at: Integer,
        unlinked_at: Integer null,
    }
}

impl Record for JournalLink {
    fn table() -> &'static Table {
        &JOURNAL_LINKS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.version.into(),
            self.branch_id.into(),
            (&self.kind).into(),
            (&self.location_id).into(),
            (&self.location_title).into(),
            self.cursor.as_deref().into(),
            self.next_poll_at.into(),
            self.failures.into(),
            self.last_contact_at.into(),
            self.fault.map(JournalFault::code).into(),
            self.created_at.into(),
            self.unlinked_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<JournalLink, ReadError> {
        row.skip();
        Ok(JournalLink {
            organization_id: OrganizationId(row.integer()?),
            id: JournalLinkId(row.integer()?),
            version: row.integer()?,
            branch_id: BranchId(row.integer()?),
            kind: row.text()?,
            location_id: row.text()?,
            location_title: row.text()?,
            cursor: row.optional_text()?,
            next_poll_at: row.optional_timestamp()?,
            failures: row.integer()?,
            last_contact_at: row.optional_timestamp()?,
            fault: row.optional_word(JournalFault::parse)?,
            created_at: row.timestamp()?,
            unlinked_at: row.optional_timestamp()?,
        })
    }
}

crate::table! {
    /// Clients, masters, services and visits under their ids in a journal.
    EXTERNAL_IDS = "external_ids" key(bucket, organization_id, journal, thing, external_id) {
        bucket: Integer, organization_id: Integer, journal: Text, thing: Text, external_id: Text,
        version: Integer, internal_id: Integer, seen: Text,
    }
}

impl Record for ExternalId {
    fn table() -> &'static Table {
        &EXTERNAL_IDS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            (&self.journal).into(),
            self.thing.name().into(),
            (&self.external_id).into(),
            self.version.into(),
            self.internal_id.into(),
            json(&self.seen),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<ExternalId, ReadError> {
        row.skip();
        Ok(ExternalId {
            organization_id: OrganizationId(row.integer()?),
            journal: row.text()?,
            thing: row.word(Thing::parse)?,
            external_id: row.text()?,
            version: row.integer()?,
            internal_id: row.integer()?,
            seen: row.json()?,
        })
    }
}
