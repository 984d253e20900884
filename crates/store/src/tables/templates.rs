//! Own texts of templates. `retired` is 0 while a text is in force and the row's own id once it was
//! replaced, and neither branch nor channel is ever NULL, so that one unique index holds «one text in
//! force for each place» on both databases.

use crate::engine::ReadError;
use crate::record::{Record, RowReader};
use crate::table::Table;
use crate::value::Value;
use vestnik_domain::Language;
use vestnik_domain::ids::{BranchId, OrganizationId, TemplateId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::template_choice::{StoredTemplate, TemplateVariant};

crate::table! {
    /// Own texts, one row per save; the standard ones are in the program.
    TEMPLATES = "templates" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, version: Integer,
        branch_id: Integer, kind: Text, variant: Text, language: Text, channel: Text,
        retired: Integer, text: Text, created_at: Integer, replaced_at: Integer null,
    }
}

/// Stands in `branch_id` for the whole organization.
const EVERY_BRANCH: i64 = 0;

impl Record for StoredTemplate {
    fn table() -> &'static Table {
        &TEMPLATES
    }

    fn to_row(&self) -> Vec<Value> {
        let retired = if self.replaced_at.is_none() { 0 } else { self.id.0 };
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.version.into(),
            self.branch_id.map_or(EVERY_BRANCH, |branch| branch.0).into(),
            self.kind.name().into(),
            self.variant.key().into(),
            self.language.code().into(),
            self.channel.as_deref().unwrap_or_default().into(),
            retired.into(),
            (&self.text).into(),
            self.created_at.into(),
            self.replaced_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<StoredTemplate, ReadError> {
        row.skip();
        let organization_id = OrganizationId(row.integer()?);
        let id = TemplateId(row.integer()?);
        let version = row.integer()?;
        let branch_id = row.integer()?;
        let kind = row.word(NotificationKind::parse)?;
        let variant = row.word(TemplateVariant::parse)?;
        let language = row.word(Language::from_code)?;
        let channel = row.text()?;
        row.skip();
        Ok(StoredTemplate {
            organization_id,
            id,
            version,
            branch_id: (branch_id != EVERY_BRANCH).then_some(BranchId(branch_id)),
            kind,
            variant,
            language,
            channel: (!channel.is_empty()).then_some(channel),
            text: row.text()?,
            created_at: row.timestamp()?,
            replaced_at: row.optional_timestamp()?,
        })
    }
}
