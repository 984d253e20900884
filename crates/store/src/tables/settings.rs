//! Settings of notifications: every save is a new row, nothing is overwritten.

use crate::engine::ReadError;
use crate::record::{Record, RowReader, json};
use crate::table::Table;
use crate::value::Value;
use vestnik_domain::ids::OrganizationId;
use vestnik_domain::settings::SettingsVersion;

crate::table! {
    /// The settings of notifications, one row per save; the highest generation is in force.
    SETTINGS_VERSIONS = "settings_versions" key(bucket, organization_id, generation) {
        bucket: Integer, organization_id: Integer, generation: Integer, at: Integer, settings: Text,
        branches: Text,
    }
}

impl Record for SettingsVersion {
    fn table() -> &'static Table {
        &SETTINGS_VERSIONS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.generation.into(),
            self.at.into(),
            json(&self.settings),
            json(&self.branches),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<SettingsVersion, ReadError> {
        row.skip();
        Ok(SettingsVersion {
            organization_id: OrganizationId(row.integer()?),
            generation: row.integer()?,
            at: row.timestamp()?,
            settings: row.json()?,
            branches: row.json()?,
        })
    }
}
