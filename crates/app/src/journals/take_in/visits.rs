//! Which visit a record belongs to: records that the journal booked together are one visit here.

use crate::error::AppError;
use crate::journals::apply::Bench;
use vestnik_domain::ids::{ClientId, VisitId};
use vestnik_domain::journal::{ExternalId, JournalLink, JournalRecord, Seen, Thing};

/// The visit of the journal's id, if it is this client's; else a new one.
pub(super) async fn visit(
    bench: &mut Bench<'_>,
    link: &JournalLink,
    record: &JournalRecord,
    client: ClientId,
) -> Result<VisitId, AppError> {
    let new = VisitId(bench.app.new_id());
    let Some(id) = &record.visit_id else { return Ok(new) };
    let organization = link.organization_id;
    let store = &bench.app.store;
    let known = store.external_id(organization, &link.journal(), Thing::Visit, id).await?;
    let Some(known) = known else {
        bench.change_set.insert(&ExternalId {
            organization_id: organization,
            journal: link.journal(),
            thing: Thing::Visit,
            external_id: id.clone(),
            version: 1,
            internal_id: new.0,
            seen: Seen::default(),
        });
        return Ok(new);
    };
    let visit = VisitId(known.internal_id);
    if !store.appointments_of_visit(organization, client, visit).await?.is_empty() {
        return Ok(visit);
    }
    // Another client's by now.
    let after = ExternalId { version: known.version + 1, internal_id: new.0, ..known.clone() };
    bench.change_set.update(&after, known.version);
    Ok(new)
}
