//! What holds for every zone, day and text.

use super::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};
use vestnik_template::Language;

/// Zones with every kind of oddity, and ordinary ones.
fn any_zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(
        "Europe/Moscow Europe/Berlin America/New_York Asia/Yekaterinburg Australia/Lord_Howe \
         Pacific/Apia America/Havana Africa/Casablanca Asia/Kathmandu America/Sao_Paulo \
         Antarctica/Troll UTC"
            .split(' ')
            .collect::<Vec<_>>(),
    )
    .prop_map(|name| Zone::parse(name).unwrap())
}

prop_compose! {
    fn any_local()(
        year in 1970_i16..2060, month in 1_i8..=12, day in 1_i8..=28,
        hour in 0_i8..24, minute in 0_i8..60,
    ) -> DateTime {
        jiff::civil::datetime(year, month, day, hour, minute, 0, 0)
    }
}

proptest! {
    #![proptest_config(Config {
        cases: 2_000,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(2026),
        ..Config::default()
    })]

    #[test]
    fn an_instant_and_its_wall_time_agree(zone in any_zone(), seconds in -1_000_000_000_i64..4_000_000_000) {
        let instant = Timestamp::from_second(seconds).unwrap();
        let start = LocalStart::of_instant(instant, &zone);
        prop_assert_eq!(resolve(start.local, Some(start.offset_s), &zone), Ok(instant));
        prop_assert!(resolve(start.local, None, &zone).unwrap() <= instant);
        let (from, until) = day_bounds(start.local.date(), &zone);
        prop_assert!(from <= instant && instant < until);
        prop_assert_eq!(from_micros(to_micros(instant)), Ok(instant));
    }

    #[test]
    fn a_wall_time_exists_or_its_neighbours_do(zone in any_zone(), local in any_local()) {
        match resolve(local, None, &zone) {
            Ok(instant) => {
                prop_assert_eq!(super::local(instant, &zone), local);
                prop_assert_eq!(at_wall_time_days_before(local, 0, &zone), instant);
            }
            Err(LocalTimeError::DoesNotExist { last_before, first_after, .. }) => {
                prop_assert!(last_before < local && local < first_after);
                prop_assert!(resolve(last_before, None, &zone).is_ok());
                let after = resolve(first_after, None, &zone).unwrap();
                prop_assert_eq!(at_wall_time_days_before(local, 0, &zone), after);
            }
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn days_follow_each_other_without_a_hole(zone in any_zone(), local in any_local()) {
        let (from, until) = day_bounds(local.date(), &zone);
        prop_assert!(from <= until);
        prop_assert_eq!(day_bounds(local.date().tomorrow().unwrap(), &zone).0, until);
    }

    #[test]
    fn any_text_is_a_time_or_an_error(
        zone in any_zone(),
        text in prop_oneof![any::<String>(), "[0-9TZ:+.-]{0,40}", "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d([+-]\\d\\d:\\d\\d)?"],
    ) {
        let _ = Zone::parse(&text);
        match LocalStart::parse(&text, &zone) {
            Ok(start) => prop_assert_eq!(super::local(start.instant, &zone), start.local),
            Err(error) => prop_assert!(!error.message(Language::Russian).is_empty()),
        }
    }
}
