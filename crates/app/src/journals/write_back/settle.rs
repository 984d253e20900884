//! What comes of a write. By now the row may be wanted otherwise, or the echo may have been first.

use super::{Trouble, Words, WriteBack, task};
use crate::appointments::change::{self, Offer};
use crate::context::App;
use crate::counters;
use crate::error::AppError;
use crate::journals::apply::Bench;
use crate::journals::connector::WriteRefusal;
use crate::journals::journal_caller;
use jiff::Timestamp;
use vestnik_domain::Language;
use vestnik_domain::appointment::{Appointment, Status};
use vestnik_domain::effect::{Effect, EffectState};
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::journal::{Freshness, JournalFault, JournalSide, RecordVersion};
use vestnik_store::ChangeSet;

/// It stands there: the version is kept, so that its echo is recognised.
pub(super) async fn written(
    app: &App,
    claim: &Effect,
    version: &RecordVersion,
) -> Result<(), AppError> {
    change::decide_and_commit(app, || async {
        let mut change_set = ChangeSet::new();
        let fresh = open(app, claim).await?;
        // Whatever was taken in since has touched the row.
        let undisturbed = fresh.as_ref().is_some_and(|fresh| fresh.version == claim.version);
        if let Some(before) = appointment(app, claim).await?
            && is_next(&before, version, undisturbed)
        {
            let after = Appointment {
                version: before.version + 1,
                external_version: Some(version.to_string()),
                ..before.clone()
            };
            change_set.update(&after, before.version);
        }
        if let Some(fresh) = fresh {
            let body = WriteBack::read(&fresh)?;
            let written = WriteBack::read(claim)?.wanted;
            let now = app.liveness_now();
            let after = if body.wanted.reads_same(&written) {
                fresh.ended(EffectState::Done, None, now)
            } else {
                // Changed again meanwhile: from what stands there now.
                let body = WriteBack { base: written, written: None, ..body };
                due(&fresh, now).with_body(body.to_json()?)
            };
            change_set.update(&after, fresh.version);
        }
        Ok((change_set, ()))
    })
    .await?;
    counters::count(counters::JOURNAL_WRITES);
    Ok(())
}

/// Is this the state that follows the known one?
fn is_next(appointment: &Appointment, version: &RecordVersion, undisturbed: bool) -> bool {
    let known = appointment.external_version.as_deref().and_then(|text| text.parse().ok());
    match version.freshness(known.as_ref()) {
        Freshness::Newer => true,
        Freshness::Unclear => undisturbed,
        Freshness::NoNews => false,
    }
}

/// The journal will not have it: staff get a task. A move steps back, since the journal's time is
/// the one that counts; what the client has said about coming stays said.
pub(super) async fn refused(
    app: &App,
    claim: &Effect,
    refusal: &WriteRefusal,
) -> Result<(), AppError> {
    tracing::warn!(subject = claim.subject, reason = refusal.code(), "a journal refused a change");
    change::decide_and_commit(app, || async {
        let Some(fresh) = open(app, claim).await? else { return Ok((ChangeSet::new(), ())) };
        let body = WriteBack::read(&fresh)?;
        let now = app.liveness_now();
        if fresh.version != claim.version {
            // Something else is wanted by now.
            let mut change_set = ChangeSet::new();
            let body = WriteBack { written: None, ..body };
            change_set.update(&due(&fresh, now).with_body(body.to_json()?), fresh.version);
            return Ok((change_set, ()));
        }
        let Some(before) = appointment(app, claim).await? else {
            return Ok((ChangeSet::new(), ()));
        };
        let caller = journal_caller(before.organization_id);
        let mut bench = Bench::new(app, Offer::read(app, &caller).await?);
        let why = Words::new(|language| refusal.message(language));
        let task = task(app, &before, Trouble::NotWritten(why)).await?;
        bench.change_set.insert(&task);
        let kept = JournalSide {
            facts: body.base.facts.clone(),
            note: body.base.note.clone(),
            status: body.wanted.status,
        };
        let moved = !body.wanted.same_facts(&body.base);
        let ended = if kept.reads_same(&body.base) || !moved {
            fresh.ended(EffectState::Refused, Some(refusal.code()), now)
        } else {
            // The move was refused; the status alone may be welcome.
            due(&fresh, now)
        };
        let client = crate::clients::get(app, &caller, before.client_id).await?;
        let mut wanted = before.clone();
        if before.status == Status::Cancelled {
            // Nobody is told of a cancelled visit's time; brought back it must not be a wrong one.
            wanted.facts.clone_from(&kept.facts);
        }
        bench.apply(&client, &before, wanted, &kept).await?;
        let body = WriteBack { wanted: kept, written: None, ..body };
        bench.change_set.update(&ended.with_body(body.to_json()?), fresh.version);
        Ok((bench.finish(), ()))
    })
    .await
}

/// The journal's newer state was taken in: what is still wanted is tried again.
pub(super) async fn again(app: &App, claim: &Effect) -> Result<(), AppError> {
    change::decide_and_commit(app, || async {
        let mut change_set = ChangeSet::new();
        if let Some(fresh) = open(app, claim).await? {
            let body = WriteBack { written: None, ..WriteBack::read(&fresh)? };
            let after = fresh.retried(false, None, "conflict", app.liveness_now());
            if after.state == EffectState::GivenUp
                && let Some(before) = appointment(app, claim).await?
            {
                let why = Words::new(|language| match language {
                    Language::Russian => "запись там всё время меняется".to_owned(),
                    Language::English => "the record keeps changing there".to_owned(),
                });
                change_set.insert(&task(app, &before, Trouble::NotWritten(why)).await?);
            }
            change_set.update(&after.with_body(body.to_json()?), fresh.version);
        }
        Ok((change_set, ()))
    })
    .await
}

/// Another try later; after too many, a task for staff.
pub(super) async fn retry(
    app: &App,
    claim: &Effect,
    in_doubt: bool,
    not_before: Option<Timestamp>,
    fault: JournalFault,
) -> Result<(), AppError> {
    change::decide_and_commit(app, || async {
        let mut change_set = ChangeSet::new();
        let Some(fresh) = open(app, claim).await? else { return Ok((change_set, ())) };
        let after = fresh.retried(in_doubt, not_before, fault.code(), app.liveness_now());
        let body = WriteBack::read(&fresh)?;
        let written = body.written.clone().filter(|_| in_doubt);
        let after = after.with_body(WriteBack { written, ..body }.to_json()?);
        change_set.update(&after, fresh.version);
        if after.state == EffectState::GivenUp
            && let Some(before) = appointment(app, claim).await?
        {
            let why = Words::new(|language| fault.tried(language).to_owned());
            let trouble = if in_doubt { Trouble::InDoubt(why) } else { Trouble::NotWritten(why) };
            change_set.insert(&task(app, &before, trouble).await?);
        }
        Ok((change_set, ()))
    })
    .await
}

/// The branch is linked to that journal no more: both differ until a person sees to it. Should they
/// be linked again, the next change takes this one along.
pub(super) async fn unlinked(app: &App, claim: &Effect) -> Result<(), AppError> {
    change::decide_and_commit(app, || async {
        let mut change_set = ChangeSet::new();
        // Wanted anew meanwhile it may be a new link's.
        let fresh = open(app, claim).await?.filter(|fresh| fresh.version == claim.version);
        let Some(fresh) = fresh else { return Ok((change_set, ())) };
        let after = fresh.ended(EffectState::GivenUp, Some("unlinked"), app.liveness_now());
        change_set.update(&after, fresh.version);
        if let Some(before) = appointment(app, claim).await? {
            let why = Words::new(|language| match language {
                Language::Russian => "филиал отключён от журнала".to_owned(),
                Language::English => "the branch is not linked to the journal any more".to_owned(),
            });
            let is_in_doubt = fresh.is_in_doubt();
            let trouble =
                if is_in_doubt { Trouble::InDoubt(why) } else { Trouble::NotWritten(why) };
            change_set.insert(&task(app, &before, trouble).await?);
        }
        Ok((change_set, ()))
    })
    .await
}

/// Nothing was written, by no fault of the journal: as before the intent.
pub(super) async fn put_off(app: &App, claim: &Effect) -> Result<(), AppError> {
    change::decide_and_commit(app, || async {
        let mut change_set = ChangeSet::new();
        if let Some(fresh) = open(app, claim).await? {
            let body = WriteBack { written: None, ..WriteBack::read(&fresh)? };
            let tries = (fresh.tries - 1).max(0);
            let after = Effect { tries, ..due(&fresh, app.liveness_now()) };
            change_set.update(&after.with_body(body.to_json()?), fresh.version);
        }
        Ok((change_set, ()))
    })
    .await
}

/// Ends it, whatever it is wanted for by now.
pub(super) async fn end(app: &App, claim: &Effect, state: EffectState) -> Result<(), AppError> {
    change::decide_and_commit(app, || async {
        let mut change_set = ChangeSet::new();
        if let Some(fresh) = open(app, claim).await? {
            change_set.update(&fresh.ended(state, None, app.liveness_now()), fresh.version);
        }
        Ok((change_set, ()))
    })
    .await
}

fn due(effect: &Effect, now: Timestamp) -> Effect {
    Effect {
        version: effect.version + 1,
        state: EffectState::Due,
        due_at: Some(now),
        ..effect.clone()
    }
}

/// The row as it stands, while it is still to be done.
async fn open(app: &App, claim: &Effect) -> Result<Option<Effect>, AppError> {
    let found = app.store.effect(claim.organization_id, claim.kind, &claim.subject).await?;
    Ok(found.filter(|effect| effect.state.is_open()))
}

async fn appointment(app: &App, claim: &Effect) -> Result<Option<Appointment>, AppError> {
    let Ok(id) = claim.subject.parse::<AppointmentId>() else { return Ok(None) };
    Ok(app.store.appointment(claim.organization_id, id).await?)
}
