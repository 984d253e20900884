//! Taking in what a journal says: a record becomes a client and an appointment, with its plan, in one
//! commit; a record that says what stands already, or less, changes nothing.

mod fetch;
mod people;
mod things;
mod visits;

pub(super) use fetch::fetch;

use super::apply::Bench;
use super::connector::Page;
use super::journal_caller;
use super::write_back::{self, Trouble, WriteBack};
use crate::appointments::book::EXTERNAL_ID_LETTERS_MOST;
use crate::appointments::change::{self, Offer};
use crate::context::App;
use crate::counters;
use crate::error::AppError;
use crate::import_run::names::plain_lines;
use people::Person;
use vestnik_domain::appointment::{Appointment, Facts, Source, Status};
use vestnik_domain::effect::{Effect, EffectKind, EffectState};
use vestnik_domain::ids::AppointmentId;
use vestnik_domain::journal::{
    FirstSight, Freshness, JournalLink, JournalRecord, JournalSide, RecordState, merge, rebase,
};
use vestnik_domain::local_time::{LocalStart, at_wall_time_days_before};
use vestnik_domain::service::DURATION_MIN;
use vestnik_store::ChangeSet;

const NOTE_LETTERS_MOST: usize = 2_000;

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    Changed,
    /// It says what stands already, or less.
    Unchanged,
    /// It may be older than what stands: only asking for it tells.
    Unclear,
    /// The poll that brought it has been overtaken, or the branch is unlinked.
    Outdated,
}

/// How a record came to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By a poll of the link as it was claimed.
    Polled,
    /// Asked for by its id, while its appointment's row had this version: still so, nothing of ours
    /// can have landed since.
    Fetched { row_version: i64 },
}

/// Takes in a record of a poll; `link` is as the poll claimed it.
pub(super) async fn polled(
    app: &App,
    link: &JournalLink,
    record: &JournalRecord,
) -> Result<Taken, AppError> {
    take_in(app, link, record, Way::Polled).await
}

/// Takes in cards, masters and services that changed by themselves. False if the poll that brought them
/// has been overtaken, or the branch is unlinked: they have no date, so an older page must not have
/// the last word.
pub(super) async fn things(app: &App, link: &JournalLink, page: &Page) -> Result<bool, AppError> {
    let outdated = || Ok((ChangeSet::new(), false));
    let mut is_current = true;
    for client in &page.clients {
        is_current &= change::decide_and_commit(app, || async {
            if current(app, link, Way::Polled).await?.is_none() {
                return outdated();
            }
            let mut bench = Bench::new(app, offer(app, link).await?);
            let person = people::person(&mut bench, link, client, None).await?;
            if person.card_changed {
                bench.replan(&person.client).await?;
            }
            Ok((bench.finish(), true))
        })
        .await?;
    }
    for member in &page.staff {
        is_current &= change::decide_and_commit(app, || async {
            if current(app, link, Way::Polled).await?.is_none() {
                return outdated();
            }
            let mut bench = Bench::new(app, offer(app, link).await?);
            things::staff(&mut bench, link, member).await?;
            Ok((bench.finish(), true))
        })
        .await?;
    }
    for service in &page.services {
        is_current &= change::decide_and_commit(app, || async {
            if current(app, link, Way::Polled).await?.is_none() {
                return outdated();
            }
            let mut bench = Bench::new(app, offer(app, link).await?);
            things::services(&mut bench, link, std::slice::from_ref(service)).await?;
            Ok((bench.finish(), true))
        })
        .await?;
    }
    Ok(is_current)
}

/// The link as it stands; `None` if it has ended, or another poll has come further than the one that
/// claimed `link`.
async fn current(app: &App, link: &JournalLink, way: Way) -> Result<Option<JournalLink>, AppError> {
    let found = app.store.journal_link(link.organization_id, link.id).await?;
    Ok(found.filter(|found| {
        let is_overtaken = way == Way::Polled && found.cursor != link.cursor;
        found.is_active() && !is_overtaken
    }))
}

async fn take_in(
    app: &App,
    link: &JournalLink,
    record: &JournalRecord,
    way: Way,
) -> Result<Taken, AppError> {
    if link.external_id(&record.id).chars().count() > EXTERNAL_ID_LETTERS_MOST {
        tracing::warn!(journal = %link.id, "a record's id is too long to be kept");
        return Ok(Taken::Unchanged);
    }
    let taken = change::decide_and_commit(app, || decide(app, link, record, way)).await?;
    if taken == Taken::Changed {
        counters::count(counters::JOURNAL_RECORDS);
    }
    Ok(taken)
}

async fn decide(
    app: &App,
    link: &JournalLink,
    record: &JournalRecord,
    way: Way,
) -> Result<(ChangeSet, Taken), AppError> {
    let nothing = |taken| Ok((ChangeSet::new(), taken));
    let organization = link.organization_id;
    let Some(current) = current(app, link, way).await? else {
        return nothing(Taken::Outdated);
    };
    let external_id = link.external_id(&record.id);
    let standing = app.store.appointment_by_external_id(organization, &external_id).await?;
    if let Some(standing) = &standing {
        let known = standing.external_version.as_deref().and_then(|text| text.parse().ok());
        let is_asked = way == Way::Fetched { row_version: standing.version };
        // The place is another branch's by now: for us that is news of every record.
        let is_elsewhere = standing.facts.branch_id != link.branch_id;
        match record.version.freshness(known.as_ref()) {
            Freshness::NoNews if is_elsewhere && known.as_ref() == Some(&record.version) => {}
            Freshness::NoNews => return nothing(Taken::Unchanged),
            Freshness::Unclear if !is_asked => return nothing(Taken::Unclear),
            Freshness::Unclear | Freshness::Newer => {}
        }
    }

    let mut bench = Bench::new(app, offer(app, link).await?);
    let client = record.client.as_ref().filter(|_| record.state != RecordState::Deleted);
    let changed = match (standing, client) {
        // Deleted, or time that is held there without a client: nobody to tell of a booking.
        (None, None) => false,
        // It keeps its id, so that whoever comes (back) into the record is told.
        (Some(before), None) => {
            let client = client_of(app, &before).await?;
            let wanted = with_version(&before, record);
            follow(&mut bench, &client, &before, wanted, Theirs::Gone).await?
        }
        (None, Some(client)) => {
            if way == Way::Polled {
                // A poll that comes after this one may know of its deletion: then this one is void.
                bench.change_set.expect(&current, current.version);
            }
            let person = people::person(&mut bench, link, client, None).await?;
            let source = if record.booked_by_client { Source::Client } else { Source::Journal };
            let sight =
                FirstSight { created_at: record.created_at, linked_at: link.created_at, source };
            book(&mut bench, link, record, &person, sight).await?;
            true
        }
        (Some(before), Some(client)) => {
            let person = people::person(&mut bench, link, client, Some(&before)).await?;
            if person.client.id == before.client_id {
                change_standing(&mut bench, link, record, &before, &person).await?
            } else {
                // Somebody else comes instead: one visit is off, another one is new as of now,
                // however old the record is and whoever made it.
                let client = client_of(app, &before).await?;
                release(&mut bench, &client, &before).await?;
                let (created_at, linked_at) = (bench.now, link.created_at);
                let sight = FirstSight { created_at, linked_at, source: Source::Journal };
                book(&mut bench, link, record, &person, sight).await?;
                true
            }
        }
    };
    Ok((bench.finish(), if changed { Taken::Changed } else { Taken::Unchanged }))
}

async fn offer(app: &App, link: &JournalLink) -> Result<Offer, AppError> {
    Offer::read(app, &journal_caller(link.organization_id)).await
}

async fn client_of(
    app: &App,
    appointment: &Appointment,
) -> Result<vestnik_domain::client::Client, AppError> {
    crate::clients::get(app, &journal_caller(appointment.organization_id), appointment.client_id)
        .await
}

fn with_version(before: &Appointment, record: &JournalRecord) -> Appointment {
    Appointment { external_version: Some(record.version.to_string()), ..before.clone() }
}

/// The journal's side of a record that it still has.
async fn side(
    bench: &mut Bench<'_>,
    link: &JournalLink,
    record: &JournalRecord,
) -> Result<JournalSide, AppError> {
    let staff_id = match &record.staff {
        Some(member) => Some(things::staff(bench, link, member).await?),
        None => None,
    };
    let service_ids = things::services(bench, link, &record.services).await?;
    let branch = bench
        .offer
        .branch(link.branch_id)
        .ok_or_else(|| AppError::Internal("a linked branch is missing".to_owned()))?;
    let (local, zone) = (record.start_local, &branch.zone);
    // Journals have been seen to give wrong offsets, and times that a clock change skips.
    let start = LocalStart::resolve(local, record.offset_s, zone)
        .or_else(|_| LocalStart::resolve(local, None, zone))
        .unwrap_or_else(|_| LocalStart::of_instant(at_wall_time_days_before(local, 0, zone), zone));
    let note: String = plain_lines(&record.note).chars().take(NOTE_LETTERS_MOST).collect();
    Ok(JournalSide {
        status: record.state.status(),
        facts: Facts {
            branch_id: link.branch_id,
            staff_id,
            service_ids,
            start_local: start.local,
            starts_at: start.instant,
            duration_min: record.duration_min.clamp(*DURATION_MIN.start(), *DURATION_MIN.end()),
        },
        note: note.trim().to_owned(),
    })
}

async fn book(
    bench: &mut Bench<'_>,
    link: &JournalLink,
    record: &JournalRecord,
    person: &Person,
    sight: FirstSight,
) -> Result<(), AppError> {
    let side = side(bench, link, record).await?;
    let visit_id = visits::visit(bench, link, record, person.client.id).await?;
    let now = bench.now;
    let notification = sight.notification(now);
    // A confirmation of before we saw it is nothing to give notice of now, so only the status says so.
    let appointment = Appointment {
        organization_id: link.organization_id,
        id: AppointmentId(bench.app.new_id()),
        version: 1,
        edit_version: 1,
        visit_id,
        client_id: person.client.id,
        recipient_phone: person.recipient(),
        facts: side.facts,
        status: side.status,
        cancelled_by: None,
        source: sight.source,
        note: side.note,
        external_id: Some(link.external_id(&record.id)),
        external_version: Some(record.version.to_string()),
        created_at: now,
        created_by: journal_caller(link.organization_id).actor,
        journal_created_at: record.created_at,
        notification,
    };
    bench.book(&person.client, &appointment).await
}

async fn change_standing(
    bench: &mut Bench<'_>,
    link: &JournalLink,
    record: &JournalRecord,
    before: &Appointment,
    person: &Person,
) -> Result<bool, AppError> {
    let theirs = side(bench, link, record).await?;
    let mut wanted = with_version(before, record);
    if person.phone_is_news {
        wanted.recipient_phone = person.recipient();
    }
    let changed =
        follow(bench, &person.client, before, wanted, Theirs::Side(Box::new(theirs))).await?;
    if person.card_changed && !changed {
        bench.replan(&person.client).await?;
    }
    Ok(changed || person.card_changed)
}

/// The record is another client's now: the visit of the old one is off.
async fn release(
    bench: &mut Bench<'_>,
    client: &vestnik_domain::client::Client,
    before: &Appointment,
) -> Result<(), AppError> {
    let wanted = Appointment { external_id: None, external_version: None, ..before.clone() };
    follow(bench, client, before, wanted, Theirs::Gone).await?;
    Ok(())
}

/// What the journal has.
enum Theirs {
    Side(Box<JournalSide>),
    /// The record is cancelled or deleted; nothing else about it matters.
    Gone,
}

/// Brings the appointment to what the journal has, with what was changed here and is not yet there.
async fn follow(
    bench: &mut Bench<'_>,
    client: &vestnik_domain::client::Client,
    before: &Appointment,
    wanted: Appointment,
    theirs: Theirs,
) -> Result<bool, AppError> {
    let ours = JournalSide::of(before);
    let subject = before.id.to_string();
    let effect = bench
        .app
        .store
        .effect(before.organization_id, EffectKind::JournalWrite, &subject)
        .await?
        .filter(|effect| effect.state.is_open() || effect.state.has_failed());
    let Some(effect) = effect else {
        let side = theirs.over(&ours);
        return bench.apply(client, before, wanted, &side).await;
    };

    let body = WriteBack::read(&effect)?;
    let theirs = theirs.over(&body.base);
    let base = match &body.written {
        Some(written) => rebase(&body.base, written, &theirs),
        None => body.base.clone(),
    };
    let merged = merge(&base, &ours, &theirs);
    let after = if merged.outstanding {
        let body = WriteBack { base: theirs, wanted: merged.side.clone(), ..body };
        Effect { version: effect.version + 1, ..effect.clone() }.with_body(body.to_json()?)
    } else {
        let reason = merged.overruled.then_some("overruled");
        effect.ended(EffectState::Done, reason, bench.app.liveness_now())
    };
    bench.change_set.update(&after, effect.version);
    if merged.overruled && effect.state.is_open() {
        let task = write_back::task(bench.app, before, Trouble::Overruled).await?;
        bench.change_set.insert(&task);
    }
    bench.apply(client, before, wanted, &merged.side).await
}

impl Theirs {
    fn over(self, base: &JournalSide) -> JournalSide {
        match self {
            Theirs::Side(side) => *side,
            Theirs::Gone => JournalSide { status: Status::Cancelled, ..base.clone() },
        }
    }
}
