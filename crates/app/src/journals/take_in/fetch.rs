//! Taking in one record by asking for it: after a write of ours that may have landed, and where two
//! states have one date.

use super::{Bench, Taken, Theirs, Way, client_of, follow, offer, take_in};
use crate::appointments::change;
use crate::context::App;
use crate::error::AppError;
use crate::journals::connector::JournalConnector;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::journal::{JournalFault, JournalLink};
use vestnik_store::ChangeSet;

/// Each try is overtaken by a write of ours; they do not come that fast.
const TRIES_MOST: usize = 10;

/// Asks for the record and takes it in as it stands; the inner error is the journal's.
pub(in crate::journals) async fn fetch(
    app: &App,
    link: &JournalLink,
    connector: &dyn JournalConnector,
    record_id: &str,
) -> Result<Result<(), JournalFault>, AppError> {
    let external_id = link.external_id(record_id);
    for _ in 0..TRIES_MOST {
        let found = app.store.appointment_by_external_id(link.organization_id, &external_id);
        let Some(standing) = found.await? else { return Ok(Ok(())) };
        let taken = match connector.fetch(&link.location_id, record_id).await {
            Err(fault) => return Ok(Err(fault)),
            Ok(None) => gone(app, link, &standing).await?,
            Ok(Some(record)) => {
                let way = Way::Fetched { row_version: standing.version };
                take_in(app, link, &record, way).await?
            }
        };
        if taken != Taken::Unclear {
            return Ok(Ok(()));
        }
    }
    Ok(Err(JournalFault::Unreadable))
}

/// There is no trace of the record any more.
async fn gone(app: &App, link: &JournalLink, standing: &Appointment) -> Result<Taken, AppError> {
    change::decide_and_commit(app, || async {
        let found = app.store.appointment(link.organization_id, standing.id).await?;
        let Some(before) = found.filter(|found| found.version == standing.version) else {
            return Ok((ChangeSet::new(), Taken::Unclear));
        };
        let mut bench = Bench::new(app, offer(app, link).await?);
        let client = client_of(app, &before).await?;
        follow(&mut bench, &client, &before, before.clone(), Theirs::Gone).await?;
        Ok((bench.finish(), Taken::Changed))
    })
    .await
}
