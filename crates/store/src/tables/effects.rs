//! The outbox of effects outwards.

use crate::engine::ReadError;
use crate::record::{Record, RowReader, json};
use crate::table::Table;
use crate::value::Value;
use vestnik_domain::effect::{Effect, EffectKind, EffectState};
use vestnik_domain::ids::OrganizationId;

crate::table! {
    /// What other systems are to learn: one row per kind and subject, so the latest state wins.
    EFFECTS = "effects" key(bucket, organization_id, kind, subject) {
        bucket: Integer, organization_id: Integer, kind: Text, subject: Text, version: Integer,
        state: Text, due_at: Integer null, tries: Integer, body: Text, wanted_at: Integer,
        ended_at: Integer null, reason: Text null,
    }
}

impl Record for Effect {
    fn table() -> &'static Table {
        &EFFECTS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.kind.name().into(),
            (&self.subject).into(),
            self.version.into(),
            self.state.name().into(),
            self.due_at.into(),
            self.tries.into(),
            json(&self.body),
            self.wanted_at.into(),
            self.ended_at.into(),
            self.reason.as_deref().into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<Effect, ReadError> {
        row.skip();
        Ok(Effect {
            organization_id: OrganizationId(row.integer()?),
            kind: row.word(EffectKind::parse)?,
            subject: row.text()?,
            version: row.integer()?,
            state: row.word(EffectState::parse)?,
            due_at: row.optional_timestamp()?,
            tries: row.integer()?,
            body: row.json()?,
            wanted_at: row.timestamp()?,
            ended_at: row.optional_timestamp()?,
            reason: row.optional_text()?,
        })
    }
}
