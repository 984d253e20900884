//! What becomes of each visit, and who books when: decided purely from the seed and what already
//! stands, so that a loop that runs twice, or is killed in between, does nothing twice.

use crate::chance::Chance;
use jiff::{SignedDuration, Timestamp};
use vestnik_domain::appointment::{Appointment, Source};

/// So long one look at the bookings reaches.
pub(super) const SLOT_S: i64 = 15 * 60;
/// Staff change nothing that begins sooner.
const BEFORE_VISIT: SignedDuration = SignedDuration::from_hours(3);
/// A visit is not changed as soon as it is booked.
const AFTER_BOOKING: SignedDuration = SignedDuration::from_mins(20);
/// So long after its begin everybody knows whether the client came.
const LATE: SignedDuration = SignedDuration::from_mins(10);

/// What staff do with a visit some time before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Move,
    OtherMaster,
    OtherServices,
    Cancel,
}

/// What is seen at the front desk of a visit that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Arrived,
    NoShow,
}

/// By this a visit of the demo is told from one that whoever tries it out has booked, which is left
/// alone.
const OWN: &str = "demo-";

/// The name of the visit that is booked in a quarter of an hour: booked once, whoever asks twice.
pub(super) fn name_of_slot(slot: i64) -> String {
    format!("{OWN}slot-{slot}")
}

/// The same chance for the same visit and `purpose`, whenever it is asked for; `None` for a visit that
/// is not the demo's. Ids differ from start to start, so the visit's name decides.
pub(super) fn chance_of(seed: u64, purpose: u64, appointment: &Appointment) -> Option<Chance> {
    let name = appointment.external_id.as_deref().filter(|name| name.starts_with(OWN))?;
    // FNV-1a, 64 bits.
    let mixed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    Some(chance_from(seed, purpose, mixed))
}

fn chance_from(seed: u64, purpose: u64, of: u64) -> Chance {
    Chance::new(Chance::new(seed.wrapping_add(purpose)).draw() ^ of).branch()
}

/// What staff do with the visit, if anything, and since when it is due. Most visits stay as they were
/// booked.
fn change_of(seed: u64, appointment: &Appointment) -> Option<(Timestamp, Change)> {
    let mut chance = chance_of(seed, 1, appointment)?;
    let change = match chance.between(&(1..=100)) {
        1..=6 => Change::Move,
        7..=8 => Change::OtherMaster,
        9..=11 => Change::OtherServices,
        12..=16 => Change::Cancel,
        _ => return None,
    };
    let from = appointment.created_at.checked_add(AFTER_BOOKING).ok()?;
    let to = appointment.facts.starts_at.checked_sub(BEFORE_VISIT).ok()?;
    let stretch_s = u64::try_from(to.duration_since(from).as_secs()).ok()?;
    let after_s = i64::try_from(chance.between(&(0..=stretch_s))).ok()?;
    Some((from.checked_add(SignedDuration::from_secs(after_s)).ok()?, change))
}

/// The change of `change_of` if its time has come: nobody touched the visit yet, and it is not near.
pub(super) fn change_due(seed: u64, appointment: &Appointment, now: Timestamp) -> Option<Change> {
    let (at, change) = change_of(seed, appointment)?;
    let latest = appointment.facts.starts_at.checked_sub(BEFORE_VISIT).ok()?;
    (appointment.edit_version == 1 && at <= now && now <= latest).then_some(change)
}

/// What is to be marked of a visit that still counts as ahead.
pub(super) fn seen(seed: u64, appointment: &Appointment, now: Timestamp) -> Option<Seen> {
    let mut chance = chance_of(seed, 2, appointment)?;
    let begun = appointment.facts.starts_at.checked_add(LATE).ok()?;
    if chance.percent(93) {
        (begun <= now).then_some(Seen::Arrived)
    } else {
        (appointment.ends_at() <= now).then_some(Seen::NoShow)
    }
}

/// The booking of a quarter of an hour, if there is one: by the client, or by staff for the client.
/// Clients book in the evening too; `eager` leaves no quarter out.
pub(super) fn booking_of(seed: u64, slot: i64, hour: i8, eager: bool) -> Option<(Source, Chance)> {
    let mut chance = chance_from(seed, 3, slot.cast_unsigned());
    let desk_is_open = (9..=19).contains(&hour);
    let percent = match hour {
        9..=19 => 38,
        7 | 8 | 20..=23 => 25,
        _ => 4,
    };
    let books = chance.percent(percent);
    let by_client = chance.percent(45);
    let source = if by_client || !desk_is_open { Source::Client } else { Source::Staff };
    (books || eager).then(|| (source, chance.branch()))
}

/// The quarter of an hour that holds `at`.
pub(super) fn slot_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SLOT_S)
}
