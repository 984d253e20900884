//! Appointments, their history, and the guard of a staff member's day.

use crate::engine::ReadError;
use crate::record::{Record, RowReader, json};
use crate::table::Table;
use crate::value::Value;
use jiff::civil::Date;
use vestnik_domain::appointment::{
    Appointment, AppointmentEvent, CancelledBy, Facts, Source, Status,
};
use vestnik_domain::ids::{AppointmentId, BranchId, ClientId, OrganizationId, StaffId, VisitId};
use vestnik_domain::phone_number::PhoneNumber;

crate::table! {
    /// What is agreed with clients.
    APPOINTMENTS = "appointments" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, version: Integer,
        edit_version: Integer, visit_id: Integer, client_id: Integer, recipient_phone: Text null, branch_id: Integer,
        staff_id: Integer null, service_ids: Text, start_local: Text, starts_at: Integer,
        duration_min: Integer, status: Text, cancelled_by: Text null, source: Text, note: Text,
        external_id: Text null, external_version: Text null, created_at: Integer,
        created_by: Text, journal_created_at: Integer, notification: Text,
    }
}

fn cancelled_by_name(cancelled_by: CancelledBy) -> &'static str {
    match cancelled_by {
        CancelledBy::Staff => "staff",
        CancelledBy::Client => "client",
    }
}

fn read_cancelled_by(name: &str) -> Option<CancelledBy> {
    match name {
        "staff" => Some(CancelledBy::Staff),
        "client" => Some(CancelledBy::Client),
        _ => None,
    }
}

impl Record for Appointment {
    fn table() -> &'static Table {
        &APPOINTMENTS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.version.into(),
            self.edit_version.into(),
            self.visit_id.into(),
            self.client_id.into(),
            self.recipient_phone.as_ref().map(PhoneNumber::as_str).into(),
            self.facts.branch_id.into(),
            self.facts.staff_id.into(),
            json(&self.facts.service_ids),
            self.facts.start_local.to_string().into(),
            self.facts.starts_at.into(),
            self.facts.duration_min.into(),
            self.status.name().into(),
            self.cancelled_by.map(cancelled_by_name).into(),
            self.source.name().into(),
            (&self.note).into(),
            self.external_id.as_deref().into(),
            self.external_version.as_deref().into(),
            self.created_at.into(),
            json(&self.created_by),
            self.journal_created_at.into(),
            json(&self.notification),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<Appointment, ReadError> {
        row.skip();
        Ok(Appointment {
            organization_id: OrganizationId(row.integer()?),
            id: AppointmentId(row.integer()?),
            version: row.integer()?,
            edit_version: row.integer()?,
            visit_id: VisitId(row.integer()?),
            client_id: ClientId(row.integer()?),
            recipient_phone: row.optional_word(|text| PhoneNumber::from_e164(text).ok())?,
            facts: Facts {
                branch_id: BranchId(row.integer()?),
                staff_id: row.optional_integer()?.map(StaffId),
                service_ids: row.json()?,
                start_local: row.word(|text| text.parse().ok())?,
                starts_at: row.timestamp()?,
                duration_min: row.integer()?,
            },
            status: row.word(Status::parse)?,
            cancelled_by: row.optional_word(read_cancelled_by)?,
            source: row.word(Source::parse)?,
            note: row.text()?,
            external_id: row.optional_text()?,
            external_version: row.optional_text()?,
            created_at: row.timestamp()?,
            created_by: row.json()?,
            journal_created_at: row.timestamp()?,
            notification: row.json()?,
        })
    }
}

crate::table! {
    /// One compact row per change of an appointment; the creation stands in the appointment itself.
    APPOINTMENT_EVENTS = "appointment_events" key(bucket, organization_id, appointment_id, event_version) {
        bucket: Integer, organization_id: Integer, appointment_id: Integer, event_version: Integer,
        at: Integer, actor: Text, changes: Text,
    }
}

impl Record for AppointmentEvent {
    fn table() -> &'static Table {
        &APPOINTMENT_EVENTS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.appointment_id.into(),
            self.version.into(),
            self.at.into(),
            json(&self.actor),
            json(&self.changes),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<AppointmentEvent, ReadError> {
        row.skip();
        Ok(AppointmentEvent {
            organization_id: OrganizationId(row.integer()?),
            appointment_id: AppointmentId(row.integer()?),
            version: row.integer()?,
            at: row.timestamp()?,
            actor: row.json()?,
            changes: row.json()?,
        })
    }
}

/// The guard against double booking: expected and raised by every change or hold on that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffDay {
    pub organization_id: OrganizationId,
    pub staff_id: StaffId,
    /// The branch's local date.
    pub date: Date,
    /// 0 while the row does not exist.
    pub version: i64,
}

crate::table! {
    /// One row per staff member and day on which anything was ever booked.
    STAFF_DAYS = "staff_days" key(bucket, organization_id, staff_id, day) {
        bucket: Integer, organization_id: Integer, staff_id: Integer, day: Text, version: Integer,
    }
}

impl Record for StaffDay {
    fn table() -> &'static Table {
        &STAFF_DAYS
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.staff_id.into(),
            self.date.to_string().into(),
            self.version.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<StaffDay, ReadError> {
        row.skip();
        Ok(StaffDay {
            organization_id: OrganizationId(row.integer()?),
            staff_id: StaffId(row.integer()?),
            date: row.word(|text| text.parse().ok())?,
            version: row.integer()?,
        })
    }
}
