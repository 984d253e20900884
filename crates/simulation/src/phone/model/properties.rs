//! What must hold whatever a server says, in whatever order, and whatever the clock does meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{Input, OfferedState};
use crate::chance::Chance;
use crate::phone::behaviour::PhoneBehaviour;
use crate::phone::handset::{Handset, HandsetOutput};
use crate::phone::moment::Moment;
use crate::phone::wire::messages::{Content, PulledMessage};
use crate::phone::wire::reports::ReportedState;
use crate::phone::wire::settings::{PhoneSettings, ProcessingOrder};

fn start() -> Timestamp {
    Timestamp::from_second(1_772_625_600).unwrap()
}

fn second(second: i64) -> Timestamp {
    start() + SignedDuration::from_secs(second)
}

/// One thing that happens.
#[derive(Debug, Clone)]
enum Event {
    Pulled(Vec<PulledMessage>),
    CancelRequested(String),
    Settings(PhoneSettings),
    /// The clock may jump, stand still or run; real time only runs.
    Time {
        clock_s: i64,
        elapsed_ms: u64,
    },
}

fn id() -> impl Strategy<Value = String> {
    (0..6u8).prop_map(|number| format!("m{number}"))
}

prop_compose! {
    fn message()(
        id in id(),
        two_numbers in any::<bool>(),
        valid_until in prop::option::of(0..600i64),
        schedule_at in prop::option::weighted(0.2, 0..600i64),
        created_at in prop::option::of(0..600i64),
        priority in any::<i8>(),
        sim_number in prop::option::of(1..=2u8),
        state in prop::sample::select(vec![
            OfferedState::Pending, OfferedState::Pending, OfferedState::Pending,
            OfferedState::Cancelling, OfferedState::WithoutEffect,
        ]),
    ) -> PulledMessage {
        let mut numbers = vec!["+15550100123".to_owned()];
        numbers.extend(two_numbers.then(|| "+15550100124".to_owned()));
        PulledMessage {
            id,
            content: Content::Text("Ждём вас".to_owned()),
            numbers,
            sim_number,
            wants_delivery_report: true,
            is_encrypted: false,
            valid_until: valid_until.map(second),
            schedule_at: schedule_at.map(second),
            priority,
            created_at: created_at.map(second),
            state,
        }
    }
}

fn settings() -> impl Strategy<Value = PhoneSettings> {
    let order =
        prop::sample::select(vec![ProcessingOrder::NewestFirst, ProcessingOrder::OldestFirst]);
    (prop::option::of(1..200_000u64), 0..3u32, 0..20u32, 0..20u32, order).prop_map(
        |(limit_period_ms, limit_value, least_s, most_s, processing_order)| PhoneSettings {
            limit_period_ms,
            limit_value,
            send_interval_min_s: least_s,
            send_interval_max_s: most_s,
            processing_order,
            ..PhoneSettings::default()
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => prop::collection::vec(message(), 0..4).prop_map(Event::Pulled),
        2 => id().prop_map(Event::CancelRequested),
        1 => settings().prop_map(Event::Settings),
        4 => (prop_oneof![Just(0), 0..5i64, 0..200i64], 0..5_000u64)
            .prop_map(|(clock_s, elapsed_ms)| Event::Time { clock_s, elapsed_ms }),
    ]
}

#[derive(Default)]
struct Witness {
    on_air: BTreeSet<(String, String)>,
    states: BTreeMap<String, ReportedState>,
}

impl Witness {
    fn sees(&mut self, output: &HandsetOutput, now: Moment) -> Result<(), TestCaseError> {
        match output {
            HandsetOutput::OnAir(record) => {
                let key = (record.id.clone(), record.phone_number.clone());
                prop_assert!(self.on_air.insert(key), "{} goes twice", record.id);
                prop_assert!(record.valid_until.is_none_or(|until| record.at <= until));
                prop_assert_eq!(record.at, now.clock);
                let state = self.states.get(&record.id);
                prop_assert!(state.is_none_or(|state| *state == ReportedState::Pending));
            }
            HandsetOutput::Report(report) => {
                let before = self.states.insert(report.id.clone(), report.state);
                let late_part =
                    (before, report.state) == (Some(ReportedState::Delivered), ReportedState::Sent);
                prop_assert!(
                    late_part || before.is_none_or(|before| before <= report.state),
                    "{before:?} then {report:?}"
                );
                if let Some(ReportedState::Failed | ReportedState::Cancelled) = before {
                    prop_assert_eq!(before, Some(report.state), "an end is the end");
                }
            }
            HandsetOutput::Webhook(_) => {}
        }
        Ok(())
    }

    fn is_on_air(&self, id: &str) -> bool {
        self.on_air.iter().any(|(on_air, _)| on_air == id)
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(2026),
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_promises_of_the_app_hold(
        seed in any::<u64>(),
        events in prop::collection::vec(event(), 1..60),
    ) {
        let behaviour = PhoneBehaviour {
            failure_percent: 20, lost_receipt_percent: 20, late_part_percent: 20, answer_percent: 30,
            ..PhoneBehaviour::default()
        };
        let mut handset = Handset::new(&behaviour, &mut Chance::new(seed));
        let mut now = Moment { clock: start(), elapsed_ms: 0 };
        let mut witness = Witness::default();
        // Known to the phone and asked back before they went: these must never go.
        let mut asked_back: BTreeSet<String> = BTreeSet::new();
        let mut known: BTreeSet<String> = BTreeSet::new();
        for event in events {
            let input = match event {
                Event::Time { clock_s, elapsed_ms } => {
                    now.clock = now.clock.checked_add(SignedDuration::from_secs(clock_s)).unwrap();
                    now.elapsed_ms += elapsed_ms;
                    Input::TimePassed
                }
                Event::Settings(settings) => Input::Settings(settings),
                Event::CancelRequested(id) => {
                    // What time alone lets go now goes before the wish is heard.
                    for output in handset.step(Input::TimePassed, now) {
                        witness.sees(&output, now)?;
                    }
                    if known.contains(&id) && !witness.is_on_air(&id) {
                        asked_back.insert(id.clone());
                    }
                    Input::CancelRequested { id }
                }
                Event::Pulled(list) => {
                    known.extend(
                        list.iter()
                            .filter(|message| message.state != OfferedState::WithoutEffect)
                            .map(|message| message.id.clone()),
                    );
                    Input::Pulled(list)
                }
            };
            for output in handset.step(input, now) {
                witness.sees(&output, now)?;
            }
            let broken: Vec<&String> =
                asked_back.iter().filter(|id| witness.is_on_air(id)).collect();
            prop_assert!(broken.is_empty(), "cancelled and sent: {broken:?}");
        }
    }

    #[test]
    fn the_same_seed_lives_the_same_life(seed in any::<u64>(), list in prop::collection::vec(message(), 1..6)) {
        let live = || {
            let behaviour = PhoneBehaviour {
                failure_percent: 30, answer_percent: 50, ..PhoneBehaviour::default()
            };
            let mut handset = Handset::new(&behaviour, &mut Chance::new(seed));
            let mut outputs = handset.step(
                Input::Pulled(list.clone()), Moment { clock: start(), elapsed_ms: 0 },
            );
            for step in 1..100 {
                let now = Moment { clock: second(step), elapsed_ms: step.unsigned_abs() * 1000 };
                outputs.extend(handset.step(Input::TimePassed, now));
            }
            outputs
        };
        prop_assert_eq!(live(), live());
    }
}
