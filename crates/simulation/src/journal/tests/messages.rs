//! A salon whose branch is linked tells its clients exactly what one tells that uses our own journal.

use super::rig::{PLACE, Rig, at, irina, olga, record};
use crate::journal::StaffEdit;
use vestnik_app::appointments::WantedFacts;
use vestnik_app::appointments::book::{BookAppointment, book_appointment};
use vestnik_app::appointments::edit::{EditAppointment, edit_appointment};
use vestnik_app::appointments::status::{SetStatus, set_status};
use vestnik_app::clients::find_or_create::WantedClient;
use vestnik_domain::appointment::{Source, Status};
use vestnik_domain::ids::{AppointmentId, ClientId, StaffId};
use vestnik_domain::journal::RecordState;
use vestnik_domain::message::MessageState;
use vestnik_domain::planning::Notify;
use vestnik_domain::staff::StaffMember;
use vestnik_store::ChangeSet;
use vestnik_testkit::{Database, on_every_database};

on_every_database![both_journals_tell_the_same];

/// What the front desk does, in either journal.
#[derive(Clone, Copy)]
enum Step {
    Move(&'static str),
    GiveToIrina,
    Set(Status),
    Wait(i64),
    /// A message falls due and leaves.
    Tell,
}

/// Kind, variant, occasion, due time and end of every live message, and the reasons of those that
/// ended.
async fn plan(rig: &Rig, client: ClientId) -> Vec<String> {
    let all =
        rig.store.messages_of_client(rig.salon.id(), client, jiff::Timestamp::MIN).await.unwrap();
    let mut lines: Vec<String> =
        all.iter()
            .map(|message| {
                let end = match &message.state {
                    MessageState::Cancelled { reason, .. }
                    | MessageState::Skipped { reason, .. } => reason.as_str(),
                    state => state.name(),
                };
                format!(
                    "{} {} {} {:?} {} {} {end}",
                    message.due_at,
                    message.kind.name(),
                    message.occasion,
                    message.variant,
                    message.send_before,
                    message.recipient.as_str(),
                )
            })
            .collect();
    lines.sort();
    lines
}

/// Marks the next planned message as told, as its intent would.
async fn tell(rig: &Rig, id: AppointmentId) {
    let organization = rig.salon.id();
    let before = rig.store.appointment(organization, id).await.unwrap().unwrap();
    let live = rig.live(before.client_id).await;
    let planned = live.into_iter().find(|message| message.state == MessageState::Planned);
    let message = planned.expect("something to tell");
    let submission = vestnik_domain::planning::Submission {
        kind: message.kind,
        message_id: message.id,
        tells: (before.status != Status::Cancelled).then_some(&before.facts),
        at: rig.now(),
    };
    let mut after = before.clone();
    after.version += 1;
    after.notification = before.notification.submitted(submission);
    let mut told = message.clone();
    told.version += 1;
    told.state = MessageState::Submitted { at: rig.now() };
    let mut change_set = ChangeSet::new();
    change_set.update(&after, before.version).update(&told, message.version);
    rig.store.commit(change_set).await.unwrap();
}

async fn staff_member(rig: &Rig, name: &str) -> StaffId {
    let staff: Vec<StaffMember> = rig.store.staff(rig.salon.id()).await.unwrap();
    staff.into_iter().find(|member| member.name == name).unwrap().id
}

async fn in_the_linked_journal(database: Database, steps: &[Step]) -> Vec<Vec<String>> {
    let rig = Rig::new(database).await;
    rig.pass(2);
    let record_id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.post(br#"{"company_id": "4564", "resource": "record"}"#).await;
    rig.poll().await;
    let appointment = rig.appointment(&record_id).await;
    let mut plans = vec![plan(&rig, appointment.client_id).await];
    for step in steps {
        let edit = match *step {
            Step::Move(start) => StaffEdit { start_local: Some(at(start)), ..StaffEdit::default() },
            Step::GiveToIrina => StaffEdit { staff: Some(irina()), ..StaffEdit::default() },
            Step::Set(status) => {
                StaffEdit { state: Some(RecordState::of(status)), ..StaffEdit::default() }
            }
            Step::Wait(seconds) => {
                rig.pass(seconds);
                continue;
            }
            Step::Tell => {
                tell(&rig, appointment.id).await;
                continue;
            }
        };
        rig.pass(2);
        rig.journal.edit(PLACE, &record_id, edit);
        rig.post(br#"{"company_id": "4564", "resource": "record"}"#).await;
        assert_eq!(rig.poll().await, 1);
        plans.push(plan(&rig, appointment.client_id).await);
    }
    plans
}

async fn in_our_own_journal(database: Database, steps: &[Step]) -> Vec<Vec<String>> {
    let mut rig = Rig::unlinked(database, crate::journal::JournalBehaviour::well()).await;
    let irina = StaffMember {
        id: StaffId(rig.salon.next_id()),
        name: irina().name,
        service_ids: Vec::new(),
        ..rig.salon.staff.clone()
    };
    let mut change_set = ChangeSet::new();
    change_set.insert(&irina);
    rig.store.commit(change_set).await.unwrap();
    rig.pass(2);
    let command = BookAppointment {
        client: WantedClient::Described { name: olga().name, phone: olga().phone },
        recipient_phone: None,
        visit_id: None,
        facts: WantedFacts {
            branch_id: rig.salon.branch.id,
            staff_id: Some(rig.salon.staff.id),
            service_ids: vec![rig.salon.service.id],
            start: "2026-03-05T15:00".to_owned(),
            duration_min: Some(60),
        },
        source: Source::Staff,
        note: String::new(),
        external_id: None,
        force: false,
        notify: Notify::ByRule,
    };
    let booked = book_appointment(&rig.app, &rig.owner(), command, None).await.unwrap();
    let mut plans = vec![plan(&rig, booked.client_id).await];
    for step in steps {
        let current = rig.store.appointment(rig.salon.id(), booked.id).await.unwrap().unwrap();
        let edit = |start: Option<&str>, staff_id| EditAppointment {
            version: current.edit_version,
            start: start.map(str::to_owned),
            staff_id,
            ..EditAppointment::default()
        };
        let (app, owner) = (&rig.app, rig.owner());
        match *step {
            Step::Wait(seconds) => {
                rig.pass(seconds);
                continue;
            }
            Step::Tell => {
                tell(&rig, booked.id).await;
                continue;
            }
            Step::Move(start) => {
                rig.pass(2);
                edit_appointment(app, &owner, booked.id, edit(Some(start), None)).await.unwrap();
            }
            Step::GiveToIrina => {
                rig.pass(2);
                let staff = Some(Some(staff_member(&rig, "Ирина").await));
                edit_appointment(app, &owner, booked.id, edit(None, staff)).await.unwrap();
            }
            Step::Set(status) => {
                rig.pass(2);
                let command =
                    SetStatus { version: None, status, force: false, notify: Notify::ByRule };
                set_status(app, &owner, booked.id, command).await.unwrap();
            }
        }
        plans.push(plan(&rig, booked.client_id).await);
    }
    plans
}

async fn both_journals_tell_the_same(database: Database) {
    use Step::{GiveToIrina, Move, Set, Tell, Wait};
    let scripts: [&[Step]; 6] = [
        // Edits before «created» has gone.
        &[Move("2026-03-05T17:00"), GiveToIrina, Move("2026-03-06T12:00")],
        // Told, then moved, moved again, moved back.
        &[Wait(300), Tell, Move("2026-03-05T17:00"), GiveToIrina, Move("2026-03-05T15:00")],
        &[Wait(300), Tell, Move("2026-03-05T17:00"), Move("2026-03-05T15:00")],
        // Cancelled and brought back, before and after it was told.
        &[Set(Status::Cancelled), Set(Status::Waiting), Set(Status::Cancelled)],
        &[Wait(300), Tell, Set(Status::Cancelled), Wait(300), Tell, Set(Status::Waiting)],
        // Confirmed, come.
        &[Wait(300), Tell, Set(Status::Confirmed), Set(Status::Arrived), Set(Status::Waiting)],
    ];
    for (number, script) in scripts.into_iter().enumerate() {
        let linked = in_the_linked_journal(database, script).await;
        let own = in_our_own_journal(database, script).await;
        assert_eq!(linked, own, "script {number}: left linked, right our own");
        assert!(linked.iter().any(|plan| !plan.is_empty()));
    }
}
