//! Organizations and the audit of what was set up.

use crate::engine::ReadError;
use crate::record::{Record, RowReader, json};
use crate::table::Table;
use crate::value::Value;
use vestnik_domain::Language;
use vestnik_domain::audit::AuditEntry;
use vestnik_domain::ids::{AuditId, OrganizationId};
use vestnik_domain::organization::Organization;

crate::table! {
    /// The tenants.
    ORGANIZATIONS = "organizations" key(bucket, organization_id) {
        bucket: Integer, organization_id: Integer, version: Integer, name: Text, language: Text,
        country: Text, plan_generation: Integer, swept_generation: Integer, created_at: Integer,
    }
}

/// The code of a language in columns: `ru`, `en`.
pub(crate) fn language_name(language: Language) -> &'static str {
    match language {
        Language::Russian => "ru",
        Language::English => "en",
    }
}

pub(crate) fn read_language(name: &str) -> Option<Language> {
    match name {
        "ru" => Some(Language::Russian),
        "en" => Some(Language::English),
        _ => None,
    }
}

impl Record for Organization {
    fn table() -> &'static Table {
        &ORGANIZATIONS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.id.bucket().into(),
            self.id.into(),
            self.version.into(),
            (&self.name).into(),
            language_name(self.language).into(),
            (&self.country).into(),
            self.plan_generation.into(),
            self.swept_generation.into(),
            self.created_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<Organization, ReadError> {
        row.skip();
        Ok(Organization {
            id: OrganizationId(row.integer()?),
            version: row.integer()?,
            name: row.text()?,
            language: row.word(read_language)?,
            country: row.text()?,
            plan_generation: row.integer()?,
            swept_generation: row.integer()?,
            created_at: row.timestamp()?,
        })
    }
}

crate::table! {
    /// Who changed what that is set up.
    AUDIT = "audit" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, at: Integer, actor: Text,
        action: Text, subject: Text, changes: Text,
    }
}

impl Record for AuditEntry {
    fn table() -> &'static Table {
        &AUDIT
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.at.into(),
            json(&self.actor),
            (&self.action).into(),
            (&self.subject).into(),
            json(&self.changes),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<AuditEntry, ReadError> {
        row.skip();
        Ok(AuditEntry {
            organization_id: OrganizationId(row.integer()?),
            id: AuditId(row.integer()?),
            at: row.timestamp()?,
            actor: row.json()?,
            action: row.text()?,
            subject: row.text()?,
            changes: row.json()?,
        })
    }
}
