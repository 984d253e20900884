//! A life by chance: staff work in the journal, clients on their pages, staff here; webhooks go
//! astray, answers are lost, nodes die in the midst of what they do. In the end both hold the same.

use super::rig::{PLACE, Rig, at, irina, maria, record};
use crate::chance::Chance;
use crate::journal::{JournalBehaviour, NewRecord, StaffEdit, WriteFault};
use jiff::SignedDuration;
use std::pin::{Pin, pin};
use vestnik_app::appointments::edit::{EditAppointment, edit_appointment};
use vestnik_app::journals::poll;
use vestnik_app::visits::act::{VisitAction, act};
use vestnik_app::{App, AppError, effects};
use vestnik_domain::appointment::Status;
use vestnik_domain::effect::{EffectKind, EffectState};
use vestnik_domain::journal::{JournalClient, RecordState};
use vestnik_testkit::{Database, on_every_database};

on_every_database![whatever_happens_both_journals_come_to_one_state];

const SEEDS: u64 = 40;
/// Fewer: each commit waits for a disk.
const SEEDS_ON_POSTGRES: u64 = 6;
const STEPS: usize = 80;

struct Life {
    rig: Rig,
    nodes: Vec<App>,
    chance: Chance,
    records: Vec<String>,
    seed: u64,
}

async fn whatever_happens_both_journals_come_to_one_state(database: Database) {
    let (mut written, mut told) = (0, 0);
    let seeds = match database {
        Database::Sqlite => SEEDS,
        Database::Postgres => SEEDS_ON_POSTGRES,
    };
    for seed in 0..seeds {
        let rig = Rig::of_seed(database, JournalBehaviour::badly(), seed).await;
        let nodes = vec![rig.app.clone(), rig.another_node()];
        let mut life = Life { rig, nodes, chance: Chance::new(seed), records: Vec::new(), seed };
        for _ in 0..STEPS {
            life.step().await;
        }
        life.come_to_rest().await;
        written += life.compare().await;
        told += life.rig.tasks().await.len();
    }
    assert!(written > 0 && told > 0, "the lives were too quiet: {written} writes, {told} tasks");
}

impl Life {
    async fn step(&mut self) {
        match self.chance.draw() % 12 {
            0 | 1 => self.book(),
            2..=4 => self.edit_there(),
            5 => self.on_the_page().await,
            6 => self.move_here().await,
            7 => {
                let fault = [
                    WriteFault::Unreachable,
                    WriteFault::LostBefore,
                    WriteFault::LostAfter,
                    WriteFault::LostAfter,
                ];
                let fault = self.chance.one_of(&fault).copied().unwrap();
                self.rig.journal.plan_writes([fault]);
            }
            8 => {
                let is_up = self.chance.percent(70);
                self.rig.journal.set_up(is_up);
            }
            9 => {
                let seconds = self.chance.between(&(0..=400));
                self.rig.pass(i64::try_from(seconds).unwrap());
            }
            10 => self.loops(true).await,
            _ => self.loops(false).await,
        }
        for (_, body) in self.rig.journal.arriving() {
            self.rig.post(&body).await;
        }
    }

    /// Both loops on both nodes; killed somewhere if it is so.
    async fn loops(&mut self, killed: bool) {
        for node in self.nodes.clone() {
            // Killed while the journal keeps them waiting, or at some call of the database.
            let at_the_store = self.chance.percent(50);
            let moments = if at_the_store { 40 } else { 4 };
            let polls = self.chance.between(&(0..=moments));
            let writes = self.chance.between(&(0..=moments));
            if killed {
                let mut poll = pin!(poll::run_once(&node));
                let mut write = pin!(effects::run_once(&node));
                for turn in 0..moments {
                    if turn < polls && self.ends(poll.as_mut(), at_the_store).await {
                        break;
                    }
                    if turn < writes && self.ends(write.as_mut(), at_the_store).await {
                        break;
                    }
                }
            } else {
                let (polled, wrote) = tokio::join!(poll::run_once(&node), effects::run_once(&node));
                polled.unwrap();
                wrote.unwrap();
            }
        }
    }

    /// Lets a loop run until it waits once more; true if it came to its end before.
    async fn ends<F: Future>(&self, running: Pin<&mut F>, at_the_store: bool) -> bool {
        if at_the_store {
            self.rig.until_the_store_waits(running).await.is_some()
        } else {
            self.rig.until_the_journal_waits(running).await.is_some()
        }
    }

    fn some_start(&mut self) -> String {
        let day = self.chance.between(&(5..=9));
        let hour = self.chance.between(&(10..=19));
        format!("2026-03-{day:02}T{hour:02}:00")
    }

    fn book(&mut self) {
        let who = self.chance.between(&(1..=3));
        let client = JournalClient {
            id: self.chance.percent(80).then(|| format!("90{who}")),
            name: format!("Клиент {who}"),
            phone: Some(format!("+7916000000{who}")),
        };
        let start = self.some_start();
        let booked = NewRecord { client: Some(client), ..record(&start) };
        self.records.extend(self.rig.journal.book(PLACE, booked));
    }

    fn edit_there(&mut self) {
        let Some(id) = self.chance.one_of(&self.records.clone()).cloned() else { return };
        let mut edit = StaffEdit::default();
        match self.chance.draw() % 6 {
            0 => edit.start_local = Some(at(&self.some_start())),
            1 => edit.staff = Some(if self.chance.percent(50) { irina() } else { maria() }),
            2 => edit.note = Some(format!("заметка {}", self.chance.draw() % 3)),
            3 => edit.locked = Some(self.chance.percent(50)),
            4 => {
                let states = [RecordState::Confirmed, RecordState::Deleted, RecordState::Waiting];
                edit.state = self.chance.one_of(&states).copied();
            }
            _ => {
                let who = self.chance.between(&(1..=3));
                edit.client = Some(Some(JournalClient {
                    id: Some(format!("90{who}")),
                    name: format!("Клиент {who}"),
                    phone: Some(format!("+7916000000{who}")),
                }));
            }
        }
        self.rig.journal.edit(PLACE, &id, edit);
    }

    async fn on_the_page(&mut self) {
        let Some(id) = self.chance.one_of(&self.records.clone()).cloned() else { return };
        let Some(appointment) = self.rig.find(&id).await else { return };
        let token = format!("page{}", appointment.visit_id.0);
        if self.rig.store.visit_link(&token).await.unwrap().is_none() {
            self.rig.visit_page(&appointment).await;
        }
        let confirms = self.chance.percent(60);
        let action = if confirms { VisitAction::Confirm } else { VisitAction::Cancel };
        match act(&self.rig.app, &token, action, "").await {
            Ok(()) | Err(AppError::NotFound(_) | AppError::Conflict { .. }) => {}
            Err(error) => panic!("seed {}: {error}", self.seed),
        }
    }

    async fn move_here(&mut self) {
        let Some(id) = self.chance.one_of(&self.records.clone()).cloned() else { return };
        let Some(appointment) = self.rig.find(&id).await else { return };
        let command = EditAppointment {
            version: appointment.edit_version,
            start: Some(self.some_start()),
            force: true,
            ..EditAppointment::default()
        };
        edit_appointment(&self.rig.app, &self.rig.owner(), appointment.id, command).await.unwrap();
    }

    /// Everything is up again, and all that waits is done.
    async fn come_to_rest(&mut self) {
        self.rig.journal.set_up(true);
        for _ in 0..30 {
            self.loops(false).await;
            self.rig.pass(3600 / 4);
        }
    }

    /// Both sides of every record; how often we wrote.
    async fn compare(&self) -> u32 {
        let seed = self.seed;
        let mut written = 0;
        for id in &self.records {
            let theirs = self.rig.journal.record(PLACE, id).unwrap();
            written += self.rig.journal.writes(PLACE, id);
            let Some(ours) = self.rig.find(id).await else {
                assert_eq!(theirs.state, RecordState::Deleted, "seed {seed}, record {id}: lost");
                continue;
            };
            let organization = self.rig.salon.id();
            let subject = ours.id.to_string();
            let effect = self
                .rig
                .store
                .effect(organization, EffectKind::JournalWrite, &subject)
                .await
                .unwrap();
            assert!(effect.as_ref().is_none_or(|effect| !effect.state.is_open()), "seed {seed}");
            if let Some(effect) = effect.filter(|effect| effect.state.has_failed()) {
                // Both differ, and a task says so; but a refused time is not kept.
                let tasks = self.rig.tasks().await;
                assert!(tasks.iter().any(|task| task.appointment_id == Some(ours.id)));
                if effect.state == EffectState::Refused && ours.status != Status::Cancelled {
                    let (ours, theirs) = (ours.facts.start_local, theirs.start_local);
                    assert_eq!(ours, theirs, "seed {seed}, record {id}");
                }
                continue;
            }
            assert_eq!(ours.status, theirs.state.status(), "seed {seed}, record {id}");
            assert_eq!(ours.external_version, Some(theirs.version.to_string()), "seed {seed}");
            if ours.status != Status::Cancelled {
                assert_eq!(ours.facts.start_local, theirs.start_local, "seed {seed}, record {id}");
                assert_eq!(ours.note, theirs.note, "seed {seed}, record {id}");
                let client =
                    self.rig.store.client(organization, ours.client_id).await.unwrap().unwrap();
                let recipient = ours.recipient_phone.as_ref().or(client.phone.as_ref());
                let recipient = recipient.map(|phone| phone.as_str().to_owned());
                let person = theirs.client.unwrap();
                assert_eq!(client.name, person.name, "seed {seed}, record {id}");
                assert_eq!(recipient, person.phone, "seed {seed}, record {id}");
                let member =
                    self.rig.store.staff_member(organization, ours.facts.staff_id.unwrap());
                let member = member.await.unwrap().unwrap().name;
                assert_eq!(member, theirs.staff.unwrap().name, "seed {seed}, record {id}");
            }
        }
        let hours = self.rig.now().duration_since(vestnik_testkit::a_monday_morning());
        assert!(hours > SignedDuration::from_hours(1));
        written
    }
}
