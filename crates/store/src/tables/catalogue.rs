//! Branches, staff and services: what the salon offers.

use crate::engine::ReadError;
use crate::record::{Record, RowReader, json};
use crate::table::Table;
use crate::value::Value;
use vestnik_domain::branch::Branch;
use vestnik_domain::ids::{BranchId, OrganizationId, SenderId, ServiceId, StaffId};
use vestnik_domain::local_time::Zone;
use vestnik_domain::money::Kopecks;
use vestnik_domain::service::Service;
use vestnik_domain::staff::StaffMember;

crate::table! {
    /// Places with an address and a time zone.
    BRANCHES = "branches" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, version: Integer, name: Text,
        commercial_name: Text null, address: Text, zone: Text, working_hours: Text,
        sender_id: Integer null, created_at: Integer, archived_at: Integer null,
    }
}

impl Record for Branch {
    fn table() -> &'static Table {
        &BRANCHES
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.version.into(),
            (&self.name).into(),
            self.commercial_name.as_deref().into(),
            (&self.address).into(),
            self.zone.name().into(),
            json(&self.working_hours),
            self.sender_id.into(),
            self.created_at.into(),
            self.archived_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<Branch, ReadError> {
        row.skip();
        Ok(Branch {
            organization_id: OrganizationId(row.integer()?),
            id: BranchId(row.integer()?),
            version: row.integer()?,
            name: row.text()?,
            commercial_name: row.optional_text()?,
            address: row.text()?,
            zone: row.word(|name| Zone::parse(name).ok())?,
            working_hours: row.json()?,
            sender_id: row.optional_integer()?.map(SenderId),
            created_at: row.timestamp()?,
            archived_at: row.optional_timestamp()?,
        })
    }
}

crate::table! {
    /// Who performs services.
    STAFF = "staff" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, version: Integer,
        branch_id: Integer, name: Text, position: Text, schedule: Text, service_ids: Text,
        created_at: Integer, archived_at: Integer null,
    }
}

impl Record for StaffMember {
    fn table() -> &'static Table {
        &STAFF
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.version.into(),
            self.branch_id.into(),
            (&self.name).into(),
            (&self.position).into(),
            json(&self.schedule),
            json(&self.service_ids),
            self.created_at.into(),
            self.archived_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<StaffMember, ReadError> {
        row.skip();
        Ok(StaffMember {
            organization_id: OrganizationId(row.integer()?),
            id: StaffId(row.integer()?),
            version: row.integer()?,
            branch_id: BranchId(row.integer()?),
            name: row.text()?,
            position: row.text()?,
            schedule: row.json()?,
            service_ids: row.json()?,
            created_at: row.timestamp()?,
            archived_at: row.optional_timestamp()?,
        })
    }
}

crate::table! {
    /// What clients come for.
    SERVICES = "services" key(bucket, organization_id, id) {
        bucket: Integer, organization_id: Integer, id: Integer, version: Integer, title: Text,
        duration_min: Integer, buffer_min: Integer, price_kopecks: Integer, created_at: Integer,
        archived_at: Integer null,
    }
}

impl Record for Service {
    fn table() -> &'static Table {
        &SERVICES
    }

    fn to_row(&self) -> Vec<Value> {
        vec![
            self.organization_id.bucket().into(),
            self.organization_id.into(),
            self.id.into(),
            self.version.into(),
            (&self.title).into(),
            self.duration_min.into(),
            self.buffer_min.into(),
            self.price.0.into(),
            self.created_at.into(),
            self.archived_at.into(),
        ]
    }

    fn from_row(row: &mut RowReader<'_>) -> Result<Service, ReadError> {
        row.skip();
        Ok(Service {
            organization_id: OrganizationId(row.integer()?),
            id: ServiceId(row.integer()?),
            version: row.integer()?,
            title: row.text()?,
            duration_min: row.integer()?,
            buffer_min: row.integer()?,
            price: Kopecks(row.integer()?),
            created_at: row.timestamp()?,
            archived_at: row.optional_timestamp()?,
        })
    }
}
