//! Tasks of the front desk, and the links of visits' pages.

use crate::engine::ReadError;
use crate::record::{Record, RowReader, json};
use crate::table::Table;
use crate::value::Value;
use vestnik_domain::ids::{
    AppointmentId, ClientId, IncomingMessageId, OrganizationId, TaskId, VisitId,
};
use vestnik_domain::task::{Task, TaskKind, VisitLink};

crate::table! {
    /// What a person at the front desk has to do.
    TASKS = "tasks" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, version: Integer, kind: Text,
        client_id: Integer null, visit_id: Integer null, appointment_id: Integer null, note: Text,
        created_at: Integer, done_at: Integer null, done_by: Text null,
        incoming_message_id: Integer null,
    }
}

impl Record for Task {
    fn table() -> &'static Table {
        &TASKS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.version.into(),
            self.kind.name().into(),
            self.client_id.into(),
            self.visit_id.into(),
            self.appointment_id.into(),
            (&self.note).into(),
            self.created_at.into(),
            self.done_at.into(),
            self.done_by.as_ref().map_or(Value::Null, json),
            self.incoming_message_id.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<Task, ReadError> {
        row.skip();
        let task = Task {
            organization_id: OrganizationId(row.integer()?),
            id: TaskId(row.integer()?),
            version: row.integer()?,
            kind: row.word(TaskKind::parse)?,
            client_id: row.optional_integer()?.map(ClientId),
            visit_id: row.optional_integer()?.map(VisitId),
            appointment_id: row.optional_integer()?.map(AppointmentId),
            note: row.text()?,
            created_at: row.timestamp()?,
            done_at: row.optional_timestamp()?,
            done_by: row.optional_word(|text| serde_json::from_str(text).ok())?,
            incoming_message_id: row.optional_integer()?.map(IncomingMessageId),
        };
        Ok(task)
    }
}

crate::table! {
    /// The links of visits' pages: global, since whoever opens one does not know the organization.
    VISIT_LINKS = "visit_links" key(token) {
        token: Text, organization_id: Integer, client_id: Integer, visit_id: Integer,
        created_at: Integer,
    }
}

impl Record for VisitLink {
    fn table() -> &'static Table {
        &VISIT_LINKS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            (&self.token).into(),
            self.organization_id.into(),
            self.client_id.into(),
            self.visit_id.into(),
            self.created_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<VisitLink, ReadError> {
        Ok(VisitLink {
            token: row.text()?,
            organization_id: OrganizationId(row.integer()?),
            client_id: ClientId(row.integer()?),
            visit_id: VisitId(row.integer()?),
            created_at: row.timestamp()?,
        })
    }
}
