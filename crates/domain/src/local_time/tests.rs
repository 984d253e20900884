use super::*;
use vestnik_template::Language;

fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn wall(text: &str) -> DateTime {
    text.parse().unwrap()
}

#[test]
fn wall_times_become_instants() {
    // zone, wall time, offset given in seconds, instant
    for (name, local, offset_s, expected) in [
        ("Europe/Moscow", "2026-12-25T15:00", None, "2026-12-25T12:00:00Z"),
        ("Europe/Moscow", "2026-03-29T02:30", None, "2026-03-28T23:30:00Z"),
        ("Asia/Yekaterinburg", "2026-10-25T02:30", None, "2026-10-24T21:30:00Z"),
        ("Asia/Yekaterinburg", "2026-10-25T02:30", Some(18_000), "2026-10-24T21:30:00Z"),
        ("Europe/Berlin", "2026-03-29T01:59", None, "2026-03-29T00:59:00Z"),
        ("Europe/Berlin", "2026-03-29T03:00", None, "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-10-25T02:30", None, "2026-10-25T00:30:00Z"),
        ("Europe/Berlin", "2026-10-25T02:30", Some(7_200), "2026-10-25T00:30:00Z"),
        ("Europe/Berlin", "2026-10-25T02:30", Some(3_600), "2026-10-25T01:30:00Z"),
        ("Europe/Berlin", "2026-10-25T03:00", None, "2026-10-25T02:00:00Z"),
        ("America/New_York", "2026-11-01T01:30", None, "2026-11-01T05:30:00Z"),
        ("America/New_York", "2026-11-01T01:30", Some(-18_000), "2026-11-01T06:30:00Z"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", None, "2026-04-04T14:45:00Z"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", Some(37_800), "2026-04-04T15:15:00Z"),
        ("Pacific/Apia", "2011-12-29T23:59", None, "2011-12-30T09:59:00Z"),
        ("Pacific/Apia", "2011-12-31T00:00", None, "2011-12-30T10:00:00Z"),
    ] {
        let zone = zone(name);
        let found = resolve(wall(local), offset_s, &zone);
        assert_eq!(found, Ok(at(expected)), "{name} {local} {offset_s:?}");
        let start = LocalStart::resolve(wall(local), offset_s, &zone).unwrap();
        assert_eq!(start.local, wall(local), "{name} {local}");
        assert_eq!(super::local(start.instant, &zone), wall(local), "{name} {local}");
    }
}

#[test]
fn a_skipped_wall_time_is_refused_with_its_neighbours() {
    for (name, local, before, after) in [
        ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:59", "2026-03-29T03:00"),
        ("Europe/Berlin", "2026-03-29T02:59:59", "2026-03-29T01:59", "2026-03-29T03:00"),
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T01:59", "2026-03-08T03:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T01:59", "2026-10-04T02:30"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-29T23:59", "2011-12-31T00:00"),
        ("Europe/Moscow", "2011-03-27T02:30", "2011-03-27T01:59", "2011-03-27T03:00"),
    ] {
        // An offset cannot make a time exist.
        for offset_s in [None, Some(3_600), Some(0)] {
            let error = resolve(wall(local), offset_s, &zone(name)).unwrap_err();
            assert_eq!(error.code(), "time_does_not_exist", "{name} {local}");
            let LocalTimeError::DoesNotExist { last_before, first_after, .. } = error else {
                panic!("{error}");
            };
            assert_eq!((last_before, first_after), (wall(before), wall(after)), "{name} {local}");
        }
    }
}

#[test]
fn a_wrong_offset_is_refused_with_the_right_ones() {
    let berlin = zone("Europe/Berlin");
    let twice = resolve(wall("2026-10-25T02:30"), Some(10_800), &berlin).unwrap_err();
    assert_eq!(
        twice.message(Language::Russian),
        "У времени 2026-10-25 02:30 в поясе Europe/Berlin нет смещения +03:00. Верно: +02:00 или \
         +01:00."
    );
    let once = resolve(wall("2026-12-25T15:00"), Some(-5_400), &berlin).unwrap_err();
    assert_eq!(once.code(), "time_wrong_offset");
    assert_eq!(
        once.message(Language::English),
        "The time 2026-12-25 15:00 in Europe/Berlin has no offset -01:30. Right would be: +01:00."
    );
}

#[test]
fn days_have_the_length_that_their_clock_gives() {
    for (name, date, start, end) in [
        ("Europe/Moscow", "2026-12-25", "2026-12-24T21:00:00Z", "2026-12-25T21:00:00Z"),
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"),
        // Midnight is skipped, or comes twice.
        ("America/Havana", "2026-03-08", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"),
        ("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"),
    ] {
        let bounds = day_bounds(date.parse().unwrap(), &zone(name));
        assert_eq!(bounds, (at(start), at(end)), "{name} {date}");
    }
}

#[test]
fn a_lead_in_days_keeps_the_wall_time() {
    for (name, start, days, expected) in [
        ("Europe/Moscow", "2026-12-25T15:00", 1, "2026-12-24T12:00:00Z"),
        ("Europe/Berlin", "2026-03-29T15:00", 1, "2026-03-28T14:00:00Z"),
        ("Europe/Berlin", "2026-10-25T15:00", 1, "2026-10-24T13:00:00Z"),
        ("Europe/Berlin", "2026-10-25T15:00", 0, "2026-10-25T14:00:00Z"),
        // The wall time is skipped that day: the first instant after the gap.
        ("Europe/Berlin", "2026-03-30T02:30", 1, "2026-03-29T01:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-05T02:10", 1, "2026-10-03T15:30:00Z"),
        ("Pacific/Apia", "2011-12-31T09:00", 1, "2011-12-30T10:00:00Z"),
        // It exists twice: the first.
        ("America/New_York", "2026-11-03T01:30", 2, "2026-11-01T05:30:00Z"),
        ("Europe/Moscow", "2026-12-25T15:00", u32::MAX, "-009999-01-02T01:59:59Z"),
    ] {
        let found = at_wall_time_days_before(wall(start), days, &zone(name));
        assert_eq!(found, at(expected), "{name} {start} {days}");
    }
}

#[test]
fn a_lead_in_hours_is_elapsed_time() {
    let start = resolve(wall("2026-03-29T04:00"), None, &zone("Europe/Berlin")).unwrap();
    let due = minus_elapsed(start, SignedDuration::from_hours(2));
    assert_eq!(super::local(due, &zone("Europe/Berlin")), wall("2026-03-29T01:00"));
    assert_eq!(minus_elapsed(Timestamp::MIN, SignedDuration::from_secs(1)), Timestamp::MIN);
    assert_eq!(minus_elapsed(Timestamp::MAX, SignedDuration::from_secs(-1)), Timestamp::MAX);
}

#[test]
fn times_of_the_api_with_and_without_offset() {
    let moscow = zone("Europe/Moscow");
    for (text, expected) in [
        ("2026-12-25T15:00:00+03:00", "2026-12-25T12:00:00Z"),
        ("2026-12-25T15:00+03:00", "2026-12-25T12:00:00Z"),
        ("2026-12-25T15:00", "2026-12-25T12:00:00Z"),
        ("2026-12-25 15:00:00", "2026-12-25T12:00:00Z"),
        ("2026-12-25T12:00:00Z", "2026-12-25T12:00:00Z"),
        ("2026-12-25t12:00:00z", "2026-12-25T12:00:00Z"),
        ("2026-12-25T17:00:00.5+05:00", "2026-12-25T12:00:00.5Z"),
        ("2026-12-25T15:00:00.123456789", "2026-12-25T12:00:00.123456Z"),
        ("2026-12-24T23:00:00-13:00", "2026-12-25T12:00:00Z"),
    ] {
        let start = LocalStart::parse(text, &moscow).expect(text);
        assert_eq!(start.instant, at(expected), "{text}");
        assert_eq!(start.offset_s, 10_800, "{text}");
        assert_eq!(start.local, super::local(start.instant, &moscow), "{text}");
    }
    for text in [
        "",
        "2026-12-25",
        "15:00",
        "25.12.2026 15:00",
        "2026-02-30T15:00",
        "2026-12-25T24:00",
        "2026-12-25T15:00[Europe/Paris]",
        "2026-12-25T15:60",
        "2026-W52-5T15:00",
        "tomorrow",
        "2026-12-25T15:00+99:00",
        "2026-12-25T15:00:00+03:00+03:00",
        "２０２６-12-25T15:00",
    ] {
        let error = LocalStart::parse(text, &moscow).expect_err(text);
        assert_eq!(error.code(), "time_unreadable", "{text}");
    }
    let skipped = LocalStart::parse("2026-03-29T02:30", &zone("Europe/Berlin")).unwrap_err();
    assert_eq!(skipped.code(), "time_does_not_exist");
    // The instant that an offset names exists always; the clock shows it as it can.
    let named = LocalStart::parse("2026-03-29T02:30+01:00", &zone("Europe/Berlin")).unwrap();
    assert_eq!(named.local, wall("2026-03-29T03:30"));
}

#[test]
fn zones_are_known_by_their_database_name_only() {
    assert_eq!(zone("europe/moscow").name(), "Europe/Moscow");
    assert_eq!(zone("Europe/Moscow"), zone("EUROPE/MOSCOW"));
    assert_eq!(zone("UTC").name(), "UTC");
    let read: Zone = serde_json::from_str("\"Asia/Yekaterinburg\"").unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), "\"Asia/Yekaterinburg\"");
    for name in
        ["", "Moscow", "MSK", "+03:00", "Europe/Moskva", "MSK-3", "../../etc/passwd", "Etc/Unknown"]
    {
        let error = Zone::parse(name).expect_err(name);
        assert_eq!(error.code(), "zone_unknown");
        assert!(error.message(Language::Russian).contains("Europe/Moscow"));
        assert!(error.message(Language::English).contains("Europe/Moscow"));
    }
    assert!(Zone::parse(&"x".repeat(1_000_000)).is_err());
}

#[test]
fn stored_instants_are_whole_microseconds_rounded_down() {
    for (text, micros) in [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000001999Z", 1),
        ("1969-12-31T23:59:59.999999500Z", -1),
        ("2026-12-25T12:00:00Z", 1_798_200_000_000_000),
    ] {
        assert_eq!(to_micros(at(text)), micros, "{text}");
    }
    // The ends of time are read back as well: what is written there must not spoil its row.
    for end in [Timestamp::MIN, Timestamp::MAX] {
        assert_eq!(from_micros(to_micros(end)).map(to_micros), Ok(to_micros(end)));
    }
    assert_eq!(from_micros(i64::MAX), Err(StoredTimeError { micros: i64::MAX }));
}
