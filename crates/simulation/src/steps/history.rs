//! One history: about a hundred deeds of staff, clients and phones over several days, then calm, and
//! the last look.

use super::deeds::Deed;
use super::invariant::{Checked, Invariant, Violation, ensure};
use super::setup::set_up;
use super::world::{World, read, surely};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use vestnik_domain::daily_total::CountedBy;
use vestnik_domain::ids::{AppointmentId, OrganizationId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::message::MessageState;

/// After the last deed: over a night, a day's limit, and the day that an unknown outcome is awaited.
const CALM: SignedDuration = SignedDuration::from_hours(50);

/// Plays the whole history; stops at the first violation. A trace ends with every message as it
/// stands by then.
pub(super) fn play(world: &mut World) -> Checked {
    let played = play_through(world);
    let noted = note_messages(world);
    played.and(noted)
}

fn play_through(world: &mut World) -> Checked {
    set_up(world)?;
    for _ in 0..world.temper.events {
        let pause = pause(world);
        let next = world.now() + pause;
        world.live_until(next)?;
        world.step += 1;
        world.totals.events += 1;
        let deed = Deed::any(world);
        world.do_deed(deed)?;
    }
    calm_down(world)?;
    let until = world.now() + CALM;
    world.live_until(until)?;
    last_look(world)
}

/// Busy minutes, quiet hours.
fn pause(world: &mut World) -> SignedDuration {
    let seconds = match world.chance.between(&(0..=99)) {
        0..=39 => world.chance.between(&(1..=90)),
        40..=79 => world.chance.between(&(300..=3_600)),
        _ => world.chance.between(&(3_600..=18_000)),
    };
    SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(1))
}

/// No more faults; every phone is switched on and linked.
fn calm_down(world: &mut World) -> Checked {
    world.is_calm = true;
    world.note(|| "nothing fails from here on".to_owned());
    for place in 0..world.nodes.len() {
        world.comes_back(place)?;
    }
    world.let_go()?;
    world.calm_journal();
    for index in 0..world.phones.len() {
        world.make_whole(index)?;
    }
    Ok(())
}

fn last_look(world: &mut World) -> Checked {
    world.look_at_all_tries()?;
    let now = world.now();
    let ids: Vec<_> = world.model.bookings.keys().copied().collect();
    for id in ids {
        let Some(booking) = world.model.bookings.get(&id) else { continue };
        let row = surely(read(world.auditor.store.appointment(booking.organization, id))?)?;
        let row = row.ok_or_else(|| {
            let words = format!("{id} was acknowledged and is gone");
            Violation::new(Invariant::Acknowledged, words)
        })?;
        world.model.journal_unchanged(&row)?;
    }
    world.journals_agree()?;
    if clock_changed(world) {
        world.totals.dst_days += 1;
    }
    daily_totals_agree(world)?;
    let skipped = skipped_news(world)?;
    let checked = world.model.finish(&skipped, now);
    world.totals.checked_visits += world.model.checked_visits;
    world.totals.checked_reminders += world.model.checked_reminders;
    world.totals.checked_in_time += world.model.checked_in_time;
    world.totals.checked_forecasts += world.model.checked_forecasts;
    checked
}

/// Every message as it stands, for whoever reads the trace.
fn note_messages(world: &mut World) -> Checked {
    if !world.is_traced() {
        return Ok(());
    }
    let clients: Vec<_> =
        world.model.clients.iter().map(|(id, client)| (*id, client.organization)).collect();
    for (client, organization) in clients {
        let from = Timestamp::UNIX_EPOCH;
        let store = &world.auditor.store;
        let messages = surely(read(store.messages_of_client(organization, client, from))?)?;
        for message in messages {
            world.note(|| {
                format!(
                    "{client} {} {} {} due {} until {} {:?} about {:?}",
                    message.id,
                    message.kind.name(),
                    message.occasion,
                    message.due_at,
                    message.send_before,
                    message.state,
                    message.covers.iter().map(ToString::to_string).collect::<Vec<_>>()
                )
            });
        }
    }
    Ok(())
}

/// News that was given up, or still waits in its lane, with the reason.
fn skipped_news(world: &World) -> Result<BTreeMap<AppointmentId, String>, Violation> {
    let mut skipped = BTreeMap::new();
    for (id, client) in &world.model.clients {
        let from = Timestamp::UNIX_EPOCH;
        let store = &world.auditor.store;
        let messages = surely(read(store.messages_of_client(client.organization, *id, from))?)?;
        for message in messages {
            let is_news = !matches!(
                message.kind,
                NotificationKind::Reminder
                    | NotificationKind::ConfirmationRequest
                    | NotificationKind::ConfirmationNotice
            );
            let reason = match &message.state {
                MessageState::Skipped { reason, .. } => reason.clone(),
                MessageState::Submitted { .. } | MessageState::Cancelled { .. } => continue,
                waiting => format!("it is still {}", waiting.name()),
            };
            if is_news {
                skipped.extend(message.covers.iter().map(|id| (*id, reason.clone())));
            }
        }
    }
    Ok(skipped)
}

/// The totals that are kept with every outcome are what counting all tries gives.
fn daily_totals_agree(world: &World) -> Checked {
    let store = &world.auditor.store;
    let mut counted: BTreeMap<(OrganizationId, CountedBy), i64> = BTreeMap::new();
    for (id, client) in &world.model.clients {
        let organization = client.organization;
        let from = Timestamp::UNIX_EPOCH;
        let messages = surely(read(store.messages_of_client(organization, *id, from))?)?;
        let ids: Vec<_> = messages.iter().map(|message| message.id).collect();
        for delivery in surely(read(store.deliveries_of_messages(organization, &ids))?)? {
            if let Some(of) = CountedBy::of(&delivery) {
                *counted.entry((organization, of)).or_insert(0) += 1;
            }
        }
    }
    let organizations: BTreeSet<_> =
        world.model.clients.values().map(|client| client.organization).collect();
    let mut kept = BTreeMap::new();
    for organization in organizations {
        let totals = surely(read(store.daily_totals(organization, Date::MIN, Date::MAX))?)?;
        kept.extend(totals.into_iter().map(|total| ((organization, total.of), total.count)));
    }
    ensure(kept == counted, Invariant::Totals, || format!("kept {kept:?}, counted {counted:?}"))
}

fn clock_changed(world: &World) -> bool {
    world.model.zones.values().any(|zone| {
        let mut changes = zone.time_zone().following(world.temper.begin);
        changes.next().is_some_and(|change| change.timestamp() <= world.now())
    })
}
