//! One write to a journal: the intent first; what may have happened before is looked at first.

use super::settle::{self, end, retry};
use super::{WriteBack, wording};
use crate::context::App;
use crate::error::AppError;
use crate::journals::connector::{JournalConnector, WriteOutcome};
use crate::journals::take_in;
use jiff::SignedDuration;
use vestnik_domain::effect::{Effect, EffectState};
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::journal::{JournalFault, JournalLink};
use vestnik_store::{ChangeSet, CommitError, Urgency};

/// While this node has no connector of the kind; another one may.
const WITHOUT_CONNECTOR: SignedDuration = SignedDuration::from_mins(15);

/// Sees to an effect that is due.
pub(crate) async fn perform(app: &App, due: &Effect) -> Result<(), AppError> {
    let organization = due.organization_id;
    let body = WriteBack::read(due)?;
    let link = app.store.journal_link(organization, body.link_id).await?;
    let Some(link) = link.filter(JournalLink::is_active) else {
        return settle::unlinked(app, due).await;
    };
    let Some(connector) = app.journal(&link.kind) else {
        let not_before = app.liveness_now().checked_add(WITHOUT_CONNECTOR).ok();
        return retry(app, due, due.is_in_doubt(), not_before, JournalFault::KindUnknown).await;
    };
    let mut effect = due.clone();
    if due.is_in_doubt() {
        let Some(claim) = intend(app, due, body.clone()).await? else { return Ok(()) };
        match look_first(app, &link, &*connector, &claim).await? {
            Some(outstanding) => effect = outstanding,
            None => return Ok(()),
        }
    }
    let body = WriteBack::read(&effect)?;
    let body = WriteBack { written: Some(body.wanted.clone()), ..body };
    // Read before the claim: whatever is taken in after this touches the effect, and the claim loses.
    let appointment = match effect.subject.parse::<AppointmentId>() {
        Ok(id) => app.store.appointment(organization, id).await?,
        Err(_) => None,
    };
    let Some(claim) = intend(app, &effect, body.clone()).await? else { return Ok(()) };
    let Some(appointment) = appointment else {
        return end(app, &claim, EffectState::Dropped).await;
    };
    let expected = appointment.external_version.as_deref().and_then(|version| version.parse().ok());
    let outcome = match wording::record_write(app, &link, &body, expected).await? {
        // The heartbeat may have run out meanwhile.
        _ if !app.may_send() => return settle::put_off(app, &claim).await,
        Ok(write) => connector.write(&link.location_id, &write).await,
        Err(refusal) => WriteOutcome::Refused(refusal),
    };
    match outcome {
        WriteOutcome::Written { version } => settle::written(app, &claim, &version).await,
        WriteOutcome::Refused(refusal) => settle::refused(app, &claim, &refusal).await,
        WriteOutcome::NotWritten { fault, not_before } => {
            retry(app, &claim, false, not_before, fault).await
        }
        WriteOutcome::Unknown { fault } => retry(app, &claim, true, None, fault).await,
        WriteOutcome::Conflict => {
            // What it has become there is taken in now; what is still wanted is tried again.
            match look(app, &link, &*connector, &claim).await? {
                Ok(()) => settle::again(app, &claim).await,
                Err(fault) => retry(app, &claim, false, None, fault).await,
            }
        }
    }
}

/// Commits the intent; `None` if somebody else has taken it up, or it is wanted otherwise by now.
async fn intend(app: &App, effect: &Effect, body: WriteBack) -> Result<Option<Effect>, AppError> {
    let claim = effect.acting(app.liveness_now()).with_body(body.to_json()?);
    let mut change_set = ChangeSet::with_urgency(Urgency::Dispatch);
    change_set.update(&claim, effect.version);
    match app.store.commit(change_set).await {
        Ok(()) => Ok(Some(claim)),
        Err(CommitError::Conflict { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// An earlier try may have landed: takes in what the journal holds, and gives back what is then
/// still to be written.
async fn look_first(
    app: &App,
    link: &JournalLink,
    connector: &dyn JournalConnector,
    claim: &Effect,
) -> Result<Option<Effect>, AppError> {
    if let Err(fault) = look(app, link, connector, claim).await? {
        retry(app, claim, true, None, fault).await?;
        return Ok(None);
    }
    let fresh = app.store.effect(claim.organization_id, claim.kind, &claim.subject).await?;
    let Some(fresh) = fresh.filter(|fresh| fresh.state.is_open()) else { return Ok(None) };
    let body = WriteBack::read(&fresh)?;
    if body.wanted.reads_same(&body.base) {
        end(app, &fresh, EffectState::Done).await?;
        return Ok(None);
    }
    Ok(Some(fresh))
}

async fn look(
    app: &App,
    link: &JournalLink,
    connector: &dyn JournalConnector,
    claim: &Effect,
) -> Result<Result<(), JournalFault>, AppError> {
    let record_id = WriteBack::read(claim)?.record_id;
    take_in::fetch(app, link, connector, &record_id).await
}
