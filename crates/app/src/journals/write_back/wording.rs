//! A change in the journal's ids: only what differs, so that what staff change there at the same time
//! is not overwritten.

use super::WriteBack;
use crate::context::App;
use crate::error::AppError;
use crate::journals::connector::{RecordWrite, WriteRefusal, WrittenStart};
use vestnik_domain::appointment::{Facts, Status};
use vestnik_domain::ids::{ServiceId, StaffId};
use vestnik_domain::journal::{ExternalId, JournalLink, RecordState, RecordVersion, Thing};

/// What to write; refused where it names what the journal does not have.
pub(super) async fn record_write(
    app: &App,
    link: &JournalLink,
    body: &WriteBack,
    expected: Option<RecordVersion>,
) -> Result<Result<RecordWrite, WriteRefusal>, AppError> {
    let (base, wanted) = (&body.base, &body.wanted);
    let mut write = RecordWrite {
        record_id: body.record_id.clone(),
        expected,
        state: (base.status != wanted.status).then(|| RecordState::of(wanted.status)),
        start: None,
        duration_min: None,
        staff_id: None,
        service_ids: None,
        note: None,
    };
    if wanted.status == Status::Cancelled {
        return Ok(Ok(write));
    }
    let (from, to): (&Facts, &Facts) = (&base.facts, &wanted.facts);
    if to.branch_id != link.branch_id {
        return Ok(Err(WriteRefusal::NotThere));
    }
    write.start = (from.starts_at != to.starts_at)
        .then_some(WrittenStart { local: to.start_local, instant: to.starts_at });
    write.duration_min = (from.duration_min != to.duration_min).then_some(to.duration_min);
    write.note = (base.note != wanted.note).then(|| wanted.note.clone());
    let store = &app.store;
    let (organization, journal) = (link.organization_id, link.journal());
    if from.staff_id != to.staff_id {
        let known = store.external_ids(organization, &journal, Thing::Staff).await?;
        let named = to.staff_id.and_then(|StaffId(id)| named(&known, id));
        let Some(id) = named else { return Ok(Err(WriteRefusal::NotThere)) };
        write.staff_id = Some(id);
    }
    if from.service_ids != to.service_ids {
        let known = store.external_ids(organization, &journal, Thing::Service).await?;
        let ids: Option<Vec<String>> =
            to.service_ids.iter().map(|ServiceId(id)| named(&known, *id)).collect();
        let Some(ids) = ids else { return Ok(Err(WriteRefusal::NotThere)) };
        write.service_ids = Some(ids);
    }
    Ok(Ok(write))
}

fn named(known: &[ExternalId], internal_id: i64) -> Option<String> {
    known.iter().find(|one| one.internal_id == internal_id).map(|one| one.external_id.clone())
}
