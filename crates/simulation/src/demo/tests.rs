use super::calendar::{FirstVisit, as_file, first_visits};
use super::life::{Deeds, Life};
use super::offer::{BRANCHES, MASTERS, length_min};
use super::people::{self, CLIENTS, Person};
use super::salon::DemoSalon;
use super::seed::{Seeding, open, start_token};
use crate::chance::Chance;
use jiff::civil::{DateTime, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use vestnik_app::appointments::WantedFacts;
use vestnik_app::appointments::book::{BookAppointment, book_appointment};
use vestnik_app::clients::find_or_create::WantedClient;
use vestnik_app::{App, Clock, Entropy};
use vestnik_domain::appointment::{Appointment, Source, Status};
use vestnik_domain::ids::{ClientId, MessageId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::planning::Notify;
use vestnik_domain::schedule::Hours;
use vestnik_store::tables::messages::WantedMessages;
use vestnik_store::{Engine, Store};
use vestnik_store_sqlite::InlineEngine;
use vestnik_testkit::{Fault, FaultyEngine, a_monday_morning};

/// A clock that stands until it is moved.
struct HandMoved(AtomicI64);

impl Clock for HandMoved {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Other secrets and ids in every test salon, as on every real start.
struct Counted(Mutex<Chance>);

impl Entropy for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        let mut chance = self.0.lock().unwrap();
        bytes.iter_mut().for_each(|byte| *byte = chance.draw().to_le_bytes()[0]);
    }
}

struct Trial {
    app: App,
    clock: Arc<HandMoved>,
    engine: Arc<FaultyEngine>,
}

impl Trial {
    fn new() -> Trial {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let engine = Arc::new(FaultyEngine::around(Arc::new(InlineEngine::new().unwrap())));
        let clock = Arc::new(HandMoved(AtomicI64::new(a_monday_morning().as_second())));
        let chance = Chance::new(NUMBER.fetch_add(1, Ordering::SeqCst));
        let store = Store::new(Arc::clone(&engine) as Arc<dyn Engine>);
        let entropy = Arc::new(Counted(Mutex::new(chance)));
        Trial { app: App::new(store, Arc::clone(&clock) as Arc<dyn Clock>, entropy), clock, engine }
    }

    fn pass_min(&self, minutes: i64) {
        self.clock.0.fetch_add(minutes * 60, Ordering::SeqCst);
    }

    /// Every appointment of eight weeks.
    async fn appointments(&self, salon: &DemoSalon) -> Vec<Appointment> {
        let organization = salon.caller.organization_id;
        let (from, to) = (a_monday_morning() - WEEKS_4, a_monday_morning() + WEEKS_4);
        let mut found = Vec::new();
        for branch in self.app.store.branches(organization).await.unwrap() {
            let store = &self.app.store;
            let of_branch =
                store.appointments_between(organization, branch.id, from, to, 5_000).await;
            found.extend(of_branch.unwrap());
        }
        found
    }
}

const WEEKS_4: SignedDuration = SignedDuration::from_hours(24 * 28);

/// Noon of a Wednesday, in both branches.
const NOON: DateTime = date(2026, 3, 4).at(12, 0, 0, 0);

fn first_of(seed: u64) -> (Vec<Person>, Vec<FirstVisit>) {
    let mut chance = Chance::new(seed);
    let clients = people::clients(&mut chance.branch());
    let visits = first_visits(&mut chance.branch(), &clients, &[NOON, NOON]);
    (clients, visits)
}

/// No two appointments of one master at once, none outside the master's shifts or in a break.
async fn nothing_overlaps(trial: &Trial, salon: &DemoSalon) {
    let store = &trial.app.store;
    let organization = salon.caller.organization_id;
    let services = store.services(organization).await.unwrap();
    let mut of_masters: BTreeMap<_, Vec<Appointment>> = BTreeMap::new();
    for appointment in trial.appointments(salon).await {
        if appointment.holds_time() {
            of_masters.entry(appointment.facts.staff_id.unwrap()).or_default().push(appointment);
        }
    }
    for member in store.staff(organization).await.unwrap() {
        let mut taken = of_masters.remove(&member.id).unwrap_or_default();
        taken.sort_by_key(|one| one.facts.starts_at);
        for one in &taken {
            let facts = &one.facts;
            let end = facts.start_local.checked_add(facts.duration_min.minutes()).unwrap();
            let hours = Hours { from: facts.start_local.time(), to: end.time() };
            assert!(member.schedule.allows(facts.start_local.date(), hours), "{facts:?}");
        }
        for pair in taken.windows(2) {
            let last = pair[0].facts.service_ids.last().unwrap();
            let buffer_min =
                services.iter().find(|one| one.id == *last).map_or(0, |one| one.buffer_min);
            let free = pair[0].ends_at() + SignedDuration::from_mins(buffer_min);
            assert!(free <= pair[1].facts.starts_at, "{:?}\n{:?}", pair[0], pair[1]);
        }
    }
    assert!(of_masters.is_empty());
}

#[test]
fn the_seed_decides_who_comes_when() {
    let file = |seed| {
        let (clients, visits) = first_of(seed);
        people::as_file(&clients)
            + &as_file(&visits, &clients, &[BRANCHES[0].name, BRANCHES[1].name])
    };
    assert_eq!(file(1), file(1));
    assert_ne!(file(1), file(2));
}

#[test]
fn first_visits_are_such_as_a_salon_has() {
    for seed in 0..20 {
        let (clients, visits) = first_of(seed);
        let numbers: BTreeSet<&String> = clients.iter().map(|client| &client.phone).collect();
        assert_eq!(numbers.len(), CLIENTS);
        let count = |status, ahead| {
            visits.iter().filter(|v| v.status == status && (v.start > NOON) == ahead).count()
        };
        for (status, ahead, at_least) in [
            (Status::Arrived, false, 200),
            (Status::NoShow, false, 5),
            (Status::Cancelled, false, 10),
            (Status::Waiting, true, 150),
            (Status::Confirmed, true, 10),
            (Status::Cancelled, true, 1),
        ] {
            assert!(
                count(status, ahead) >= at_least,
                "{seed} {status:?}: {}",
                count(status, ahead)
            );
        }
        assert_eq!(count(Status::Arrived, true) + count(Status::NoShow, true), 0);
        let mut of_client: BTreeMap<(usize, _), Vec<(DateTime, DateTime)>> = BTreeMap::new();
        for visit in &visits {
            let minutes = length_min(visit.services).0.minutes();
            let stretch = (visit.start, visit.start.checked_add(minutes).unwrap());
            of_client.entry((visit.client, visit.start.date())).or_default().push(stretch);
            assert!(MASTERS[visit.master].menu.contains(&visit.services));
        }
        let mut days_with_two = 0;
        for stretches in of_client.values_mut() {
            stretches.sort();
            days_with_two += usize::from(stretches.len() == 2);
            assert!(stretches.len() <= 2 && stretches.windows(2).all(|two| two[0].1 <= two[1].0));
        }
        assert!(days_with_two > 0, "{seed}");
    }
}

#[tokio::test]
async fn a_first_start_makes_the_salon_and_a_second_goes_on_with_it() {
    let trial = Trial::new();
    let (salon, first_link, seeding) = open(&trial.app, 1).await.unwrap();
    assert_eq!(seeding, Seeding::Made);
    let organization = salon.caller.organization_id;
    let store = &trial.app.store;
    assert_eq!(store.branches(organization).await.unwrap().len(), 2);
    assert_eq!(store.staff(organization).await.unwrap().len(), 6);
    let clients = store.clients(organization, ClientId(i64::MAX), 1_000).await.unwrap();
    assert_eq!(clients.len(), CLIENTS);
    let visits = trial.appointments(&salon).await;
    assert!(visits.len() > 600, "{}", visits.len());
    nothing_overlaps(&trial, &salon).await;
    // Reminders wait, and nobody is told that a visit was made which was there all along.
    let wanted = WantedMessages {
        from: a_monday_morning() - WEEKS_4,
        to: a_monday_morning() + WEEKS_4,
        kind: None,
        client: None,
        senders: None,
        digits: None,
    };
    let messages =
        store.messages_page(organization, &wanted, MessageId(i64::MAX), 5_000).await.unwrap();
    assert!(messages.len() > 300, "{}", messages.len());
    assert!(messages.iter().all(|message| message.kind == NotificationKind::Reminder));

    let token = start_token(&trial.app, &salon).await.unwrap();
    let (again, second_link, seeding) = open(&trial.app, 2).await.unwrap();
    assert_eq!((again.caller, seeding), (salon.caller, Seeding::Found));
    assert_ne!(first_link, second_link);
    assert_ne!(start_token(&trial.app, &again).await.unwrap(), token);
    assert_eq!(trial.appointments(&salon).await, visits);
}

#[tokio::test]
async fn a_start_that_was_broken_off_anywhere_is_gone_on_with() {
    let whole = Trial::new();
    let plenty = 1_000;
    whole.engine.plan_commits(std::iter::repeat_n(Fault::Nothing, plenty));
    let (salon, ..) = open(&whole.app, 1).await.unwrap();
    let total = plenty - whole.engine.commits_left();
    whole.engine.forget_plans();
    let said = |appointments: Vec<Appointment>| -> BTreeSet<_> {
        let say = |one: Appointment| (one.external_id, one.facts.start_local, one.status);
        appointments.into_iter().map(say).collect()
    };
    let expected = said(whole.appointments(&salon).await);
    for (commits, fault) in [
        (0, Fault::Unavailable),
        (0, Fault::LostAfterCommit),
        (2, Fault::LostAfterCommit),
        (total / 4, Fault::Unavailable),
        (total / 2, Fault::LostBeforeCommit),
        (total * 3 / 5, Fault::LostAfterCommit),
        (total * 2 / 3, Fault::Unavailable),
        (total - 3, Fault::LostAfterCommit),
        (total - 1, Fault::Unavailable),
    ] {
        let trial = Trial::new();
        let through = std::iter::repeat_n(Fault::Nothing, commits);
        trial.engine.plan_commits(through.chain(std::iter::repeat_n(fault, 50)));
        open(&trial.app, 1).await.err().unwrap();
        trial.engine.forget_plans();
        // The next day: the salon is made as it was meant on the first.
        trial.pass_min(24 * 60);
        let (salon, _, seeding) = open(&trial.app, 1).await.unwrap();
        assert_eq!(seeding, Seeding::Made, "{commits} {fault:?}");
        if commits > 0 || fault == Fault::LostAfterCommit {
            assert_eq!(said(trial.appointments(&salon).await), expected, "{commits} {fault:?}");
        }
        nothing_overlaps(&trial, &salon).await;
    }
}

/// What a life of some hours did, and what the journal says then.
async fn live(trial: &Trial, salon: &DemoSalon, hours: i64) -> (Deeds, Vec<String>) {
    let mut life = Life::new(*salon, 1, true);
    let mut sum = Deeds::default();
    for turn in 0..hours * 2 {
        trial.pass_min(30);
        if turn % 7 == 0 {
            // Another start, which knows nothing of the one before.
            life = Life::new(*salon, 1, false);
        }
        let deeds = life.run_once(&trial.app).await.unwrap();
        sum.booked += deeds.booked;
        sum.changed += deeds.changed;
        sum.cancelled += deeds.cancelled;
        sum.marked += deeds.marked;
        if turn % 5 == 0 {
            let twice = Life::new(*salon, 1, false).run_once(&trial.app).await.unwrap();
            assert_eq!(twice, Deeds::default(), "a second turn at the same time");
        }
    }
    let mut journal: Vec<String> = trial
        .appointments(salon)
        .await
        .into_iter()
        .map(|one| {
            let name = one.external_id.unwrap_or_default();
            format!("{name} {} {} {:?}", one.facts.start_local, one.facts.duration_min, one.status)
        })
        .collect();
    journal.sort();
    (sum, journal)
}

#[tokio::test]
async fn the_seed_decides_how_the_salon_lives() {
    let mut lives = Vec::new();
    for _ in 0..2 {
        let trial = Trial::new();
        let (salon, ..) = open(&trial.app, 1).await.unwrap();
        let (deeds, journal) = live(&trial, &salon, 60).await;
        let Deeds { booked, changed, cancelled, marked, .. } = deeds;
        assert!(booked > 20 && changed > 2 && cancelled > 1 && marked > 20, "{deeds:?}");
        nothing_overlaps(&trial, &salon).await;
        let mut names = BTreeSet::new();
        for line in &journal {
            assert!(names.insert(line.split(' ').next().unwrap().to_owned()), "twice: {line}");
        }
        lives.push((deeds, journal));
    }
    assert_eq!(lives[0], lives[1]);
}

#[tokio::test]
async fn what_a_person_booked_is_left_alone() {
    let trial = Trial::new();
    let (salon, ..) = open(&trial.app, 1).await.unwrap();
    let organization = salon.caller.organization_id;
    let member = trial.app.store.staff(organization).await.unwrap().remove(0);
    let mut own = Vec::new();
    for minute in 0..60 {
        let command = BookAppointment {
            client: WantedClient::Described {
                name: "Гость".to_owned(),
                phone: Some(format!("+79161000{minute:03}")),
            },
            recipient_phone: None,
            visit_id: None,
            facts: WantedFacts {
                branch_id: member.branch_id,
                staff_id: Some(member.id),
                service_ids: vec![member.service_ids[0]],
                start: format!("2026-03-03T12:{minute:02}"),
                duration_min: Some(5),
            },
            source: Source::Staff,
            note: String::new(),
            external_id: None,
            force: true,
            notify: Notify::ByRule,
        };
        own.push(book_appointment(&trial.app, &salon.caller, command, None).await.unwrap());
    }
    let mut life = Life::new(salon, 1, false);
    for _ in 0..48 {
        trial.pass_min(60);
        life.run_once(&trial.app).await.unwrap();
    }
    for appointment in own {
        let found =
            trial.app.store.appointment(organization, appointment.id).await.unwrap().unwrap();
        assert_eq!((found.edit_version, found.status), (1, Status::Waiting));
    }
}
