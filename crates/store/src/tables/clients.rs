//! Clients. The number is kept twice: as E.164 and as bare digits, which is what people search by.

use super::organizations::{language_name, read_language};
use crate::engine::ReadError;
use crate::record::{Record, RowReader, json};
use crate::table::Table;
use crate::value::Value;
use vestnik_domain::client::{Birthday, Client};
use vestnik_domain::ids::{ClientId, OrganizationId};
use vestnik_domain::phone_number::PhoneNumber;

crate::table! {
    /// People who visit.
    CLIENTS = "clients" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, version: Integer, name: Text,
        name_folded: Text, phone: Text null, email: Text null, birthday: Text null, note: Text,
        language: Text null, switches: Text, consents: Text, external_id: Text null,
        created_at: Integer, archived_at: Integer null,
    }
}

/// The form in which names are compared: lower case, `ё` as `е`. SQLite folds ASCII only, so it is
/// done here.
pub fn fold_name(name: &str) -> String {
    name.to_lowercase().replace('ё', "е")
}

impl Record for Client {
    fn table() -> &'static Table {
        &CLIENTS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.version.into(),
            (&self.name).into(),
            fold_name(&self.name).into(),
            self.phone.as_ref().map(PhoneNumber::as_str).into(),
            self.email.as_deref().into(),
            self.birthday.map(|birthday| birthday.to_string()).into(),
            (&self.note).into(),
            self.language.map(language_name).into(),
            json(&self.switches),
            json(&self.consents),
            self.external_id.as_deref().into(),
            self.created_at.into(),
            self.archived_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<Client, ReadError> {
        row.skip();
        let organization_id = OrganizationId(row.integer()?);
        let id = ClientId(row.integer()?);
        let version = row.integer()?;
        let name = row.text()?;
        row.skip();
        Ok(Client {
            organization_id,
            id,
            version,
            name,
            phone: row.optional_word(|text| PhoneNumber::from_e164(text).ok())?,
            email: row.optional_text()?,
            birthday: row.optional_word(Birthday::parse)?,
            note: row.text()?,
            language: row.optional_word(read_language)?,
            switches: row.json()?,
            consents: row.json()?,
            external_id: row.optional_text()?,
            created_at: row.timestamp()?,
            archived_at: row.optional_timestamp()?,
        })
    }
}
