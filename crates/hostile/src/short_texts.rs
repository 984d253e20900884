//! Short texts of settings, addresses and files of our own: ids, dates, zones, versions, ranges.

use jiff::Timestamp;
use serde_json::Value;
use std::fmt::Display;
use std::str::FromStr;
use vestnik_api::AddressRange;
use vestnik_app::nodes::Sidecar;
use vestnik_domain::Language::{English, Russian};
use vestnik_domain::client::Birthday;
use vestnik_domain::ids::{AppointmentId, BranchId, ClientId, OrganizationId, SenderId};
use vestnik_domain::journal::RecordVersion;
use vestnik_domain::local_time::{
    LocalStart, Zone, at_wall_time_days_before, day_bounds, from_micros, to_micros,
};
use vestnik_domain::node::{Arrival, HeldReason, arrive};

use crate::lines::assert_words;

/// The first line may name a zone; every line is read as each of the kinds.
pub(crate) fn check(bytes: &[u8]) {
    let all = String::from_utf8_lossy(bytes);
    let moscow = Zone::parse("Europe/Moscow").unwrap();
    let zone = all.lines().next().and_then(|name| Zone::parse(name).ok()).unwrap_or(moscow);
    for line in all.lines() {
        check_written::<AppointmentId>(line);
        check_written::<BranchId>(line);
        check_written::<ClientId>(line);
        check_written::<OrganizationId>(line);
        check_written::<SenderId>(line);
        check_time(line, &zone);
        check_zone(line);
        let _ = line.parse::<AddressRange>();
        if let Ok(version) = line.parse::<RecordVersion>() {
            assert_eq!(version.to_string().parse(), Ok(version));
        }
        if let Some(birthday) = Birthday::parse(line) {
            assert_eq!(Birthday::parse(&birthday.to_string()), Some(birthday));
            assert!(line.bytes().all(|c| c.is_ascii_digit() || c == b'-'), "{line:?}");
        }
        check_sidecar(line);
    }
}

/// An id is written in one way alone.
fn check_written<T: FromStr + Display>(text: &str)
where
    T::Err: Display,
{
    match text.parse::<T>() {
        Ok(id) => assert_eq!(id.to_string(), text),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A time that was read is one moment in three views, and what is reckoned from it stays in order.
fn check_time(text: &str, zone: &Zone) {
    let start = match LocalStart::parse(text, zone) {
        Ok(start) => start,
        Err(error) => {
            assert!(!error.code().is_empty());
            return assert_words(&error.message(Russian), &error.message(English));
        }
    };
    assert_eq!(LocalStart::of_instant(start.instant, zone), start);
    let again = LocalStart::resolve(start.local, Some(start.offset_s), zone);
    assert_eq!(again.as_ref().map(|again| again.instant), Ok(start.instant), "{text}");
    let stored = from_micros(to_micros(start.instant)).unwrap();
    assert_eq!(stored, start.instant, "a start is whole microseconds: {text}");
    let (first, next) = day_bounds(start.local.date(), zone);
    assert!(first <= start.instant && start.instant < next, "{text}: {first} {next}");
    for days in [0, 1, 30, u32::MAX] {
        assert!(at_wall_time_days_before(start.local, days, zone) <= next, "{text}, {days} days");
    }
}

fn check_zone(text: &str) {
    match Zone::parse(text) {
        Ok(zone) => assert_eq!(Zone::parse(zone.name()).as_ref(), Ok(&zone)),
        Err(error) => assert_words(&error.message(Russian), &error.message(English)),
    }
}

/// What a node finds beside its database; half a file, or another's, makes the database wake held.
fn check_sidecar(text: &str) {
    let Ok(sidecar) = serde_json::from_str::<Sidecar>(text) else { return };
    let written = serde_json::to_string(&sidecar).unwrap();
    assert_eq!(serde_json::from_str::<Sidecar>(&written).unwrap(), sidecar);
    // Nothing of it is lost, nothing made up; a bare list of the fields is taken as well.
    let read: Value = serde_json::from_str(text).unwrap();
    if read.is_object() {
        assert_eq!(serde_json::to_value(&sidecar).unwrap(), read);
    }
    let instance = vestnik_domain::node::Instance {
        version: 1,
        name: sidecar.instance.clone(),
        epoch: sidecar.epoch,
        made_at: Timestamp::UNIX_EPOCH,
        held: None,
        let_go_at: None,
    };
    let arrival = arrive(Some(&sidecar), Some(&instance), None, false);
    assert_eq!(arrival, Arrival::Held(HeldReason::Rewound), "a node without a row may not send");
}
