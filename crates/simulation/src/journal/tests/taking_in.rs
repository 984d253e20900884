use super::rig::{PLACE, Rig, at, haircut, irina, maria, olga, record};
use crate::journal::{JournalBehaviour, NewRecord, StaffEdit};
use vestnik_app::stops::stop_number;
use vestnik_domain::appointment::{Source, Status};
use vestnik_domain::client::Client;
use vestnik_domain::journal::{JournalClient, JournalService, JournalStaff, RecordState};
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_store::ChangeSet;
use vestnik_testkit::{Database, on_every_database};

on_every_database![
    a_record_becomes_a_client_and_an_appointment,
    a_known_number_is_the_known_client,
    another_number_in_the_record_is_followed,
    a_number_that_said_stop_is_planned_nothing,
    what_stood_there_before_is_reminded_of_and_not_announced,
    older_than_the_block_stays_silent,
    deleted_is_cancelled_and_brought_back_is_brought_back,
    another_client_in_the_record_is_another_appointment,
    masters_and_services_are_made_once_and_renamed_with_the_journal,
    records_of_one_visit_are_one_visit,
    overlaps_there_are_taken_in_as_they_are,
    a_booking_on_the_journals_own_page_is_confirmed_and_not_announced,
];

async fn a_record_becomes_a_client_and_an_appointment(database: Database) {
    let rig = Rig::new(database).await;
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    let appointment = rig.appointment(&id).await;
    assert_eq!(appointment.facts.start_local, at("2026-03-05T15:00"));
    assert_eq!(appointment.facts.branch_id, rig.salon.branch.id);
    // Known by their names: nobody has linked them by hand.
    assert_eq!(appointment.facts.staff_id, Some(rig.salon.staff.id));
    assert_eq!(appointment.facts.service_ids, [rig.salon.service.id]);
    assert_eq!((appointment.source, appointment.status), (Source::Journal, Status::Waiting));
    assert_eq!(appointment.journal_created_at.as_second(), rig.now().as_second() - 2);
    assert_eq!(appointment.recipient_phone, None);
    let client = rig.store.client(rig.salon.id(), appointment.client_id).await.unwrap().unwrap();
    assert_eq!(client.name, "Ольга Иванова");
    assert_eq!(client.phone.unwrap().as_str(), "+79161234567");
    assert_eq!(rig.kinds(appointment.client_id).await, ["created", "reminder"]);
}

async fn a_known_number_is_the_known_client(database: Database) {
    let rig = Rig::new(database).await;
    let phone = rig.salon.client.phone.as_ref().unwrap().as_str().to_owned();
    let client = JournalClient { id: None, name: "А.".to_owned(), phone: Some(phone) };
    let booked = NewRecord { client: Some(client), ..record("2026-03-05T15:00") };
    let id = rig.journal.book(PLACE, booked).unwrap();
    rig.deliver().await;
    let appointment = rig.appointment(&id).await;
    assert_eq!(appointment.client_id, rig.salon.client.id);
    let card = rig.store.client(rig.salon.id(), rig.salon.client.id).await.unwrap().unwrap();
    assert_eq!(card.name, "Алёна Петрова", "the card is ours");
}

async fn another_number_in_the_record_is_followed(database: Database) {
    let rig = Rig::new(database).await;
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    let other = JournalClient { phone: Some("8 (916) 765-43-21".to_owned()), ..olga() };
    rig.journal.edit(PLACE, &id, StaffEdit { client: Some(Some(other)), ..StaffEdit::default() });
    rig.deliver().await;
    let appointment = rig.appointment(&id).await;
    let live = rig.live(appointment.client_id).await;
    assert!(!live.is_empty());
    for message in live {
        assert_eq!(message.recipient.as_str(), "+79167654321");
    }
}

async fn a_number_that_said_stop_is_planned_nothing(database: Database) {
    let rig = Rig::new(database).await;
    let (stopped, also_stopped) = ("+79165550001", "+79165550002");
    for number in [stopped, also_stopped] {
        stop_number(&rig.app, &rig.owner(), number).await.unwrap();
    }
    let first = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    let first = rig.appointment(&first).await;
    // Their number is changed here, so a record that names another one speaks to that alone.
    let card = rig.store.client(rig.salon.id(), first.client_id).await.unwrap().unwrap();
    let phone = Some(PhoneNumber::from_e164("+79165550003").unwrap());
    let corrected = Client { phone, version: card.version + 1, ..card.clone() };
    let mut change_set = ChangeSet::new();
    change_set.update(&corrected, card.version);
    rig.store.commit(change_set).await.unwrap();

    let by = |phone: &str| Some(JournalClient { phone: Some(phone.to_owned()), ..olga() });
    let booked = NewRecord { client: by(stopped), ..record("2026-03-06T15:00") };
    let id = rig.journal.book(PLACE, booked).unwrap();
    for phone in [stopped, also_stopped] {
        rig.journal.edit(PLACE, &id, StaffEdit { client: Some(by(phone)), ..StaffEdit::default() });
        rig.deliver().await;
        let standing = rig.appointment(&id).await;
        assert_eq!(standing.client_id, first.client_id);
        assert_eq!(standing.recipient_phone.unwrap().as_str(), phone);
        let live = rig.live(first.client_id).await;
        assert!(!live.is_empty());
        for message in live {
            assert_eq!(message.covers, [first.id], "{} to {phone}", message.kind.name());
        }
    }
}

async fn what_stood_there_before_is_reminded_of_and_not_announced(database: Database) {
    let rig = Rig::unlinked(database, JournalBehaviour::well()).await;
    rig.pass(600);
    let before = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.pass(600);
    rig.link().await;
    let after = rig.journal.book(PLACE, record("2026-03-06T15:00")).unwrap();
    rig.poll().await;
    let client = rig.appointment(&before).await.client_id;
    assert_eq!(rig.appointment(&after).await.client_id, client);
    let live = rig.live(client).await;
    let told: Vec<(&str, usize)> =
        live.iter().map(|message| (message.kind.name(), message.covers.len())).collect();
    assert_eq!(told, [("created", 1), ("reminder", 1), ("reminder", 1)]);
    assert_eq!(live[0].covers, [rig.appointment(&after).await.id]);
}

async fn older_than_the_block_stays_silent(database: Database) {
    // The salon's block is on since it began; this record is dated before that.
    let rig = Rig::unlinked(database, JournalBehaviour::well()).await;
    rig.pass(-3600);
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.pass(3600);
    rig.link().await;
    rig.poll().await;
    let appointment = rig.appointment(&id).await;
    assert!(rig.kinds(appointment.client_id).await.is_empty());
    // A later move of an older visit stays silent, too.
    let edit = StaffEdit { start_local: Some(at("2026-03-06T15:00")), ..StaffEdit::default() };
    rig.journal.edit(PLACE, &id, edit);
    rig.deliver().await;
    assert_eq!(rig.appointment(&id).await.facts.start_local, at("2026-03-06T15:00"));
    assert!(rig.kinds(appointment.client_id).await.is_empty());
}

async fn deleted_is_cancelled_and_brought_back_is_brought_back(database: Database) {
    let rig = Rig::new(database).await;
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    let edit = |state| StaffEdit { state: Some(state), ..StaffEdit::default() };
    rig.journal.edit(PLACE, &id, edit(RecordState::Deleted));
    rig.deliver().await;
    let appointment = rig.appointment(&id).await;
    assert_eq!(appointment.status, Status::Cancelled);
    assert!(rig.kinds(appointment.client_id).await.is_empty(), "created + cancelled is nothing");
    rig.journal.edit(PLACE, &id, edit(RecordState::Confirmed));
    rig.deliver().await;
    assert_eq!(rig.appointment(&id).await.status, Status::Confirmed);
    assert_eq!(rig.kinds(appointment.client_id).await, ["created", "reminder"]);
}

async fn another_client_in_the_record_is_another_appointment(database: Database) {
    let rig = Rig::new(database).await;
    let id = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    rig.deliver().await;
    let first = rig.appointment(&id).await;
    let vera = JournalClient {
        id: Some("902".to_owned()),
        name: "Вера".to_owned(),
        phone: Some("+79160000002".to_owned()),
    };
    let change = |client| StaffEdit { client: Some(client), ..StaffEdit::default() };
    rig.journal.edit(PLACE, &id, change(Some(vera)));
    rig.deliver().await;
    let second = rig.appointment(&id).await;
    assert_ne!(second.id, first.id);
    assert_ne!(second.client_id, first.client_id);
    let first = rig.store.appointment(rig.salon.id(), first.id).await.unwrap().unwrap();
    assert_eq!((first.status, first.external_id), (Status::Cancelled, None));
    assert!(rig.kinds(first.client_id).await.is_empty());
    assert_eq!(rig.kinds(second.client_id).await, ["created", "reminder"]);

    // Held without anybody: it is off, and nobody is told.
    rig.journal.edit(PLACE, &id, change(None));
    rig.deliver().await;
    assert_eq!(rig.appointment(&id).await.status, Status::Cancelled);
    assert!(rig.kinds(second.client_id).await.is_empty());
}

async fn masters_and_services_are_made_once_and_renamed_with_the_journal(database: Database) {
    let rig = Rig::new(database).await;
    let colouring = JournalService {
        id: "12".to_owned(),
        title: "Окрашивание".to_owned(),
        duration_min: Some(120),
        price_kopecks: None,
    };
    let namesake = JournalStaff { id: "3".to_owned(), ..maria() };
    for (staff, start) in [
        (maria(), "2026-03-05T10:00"),
        (namesake.clone(), "2026-03-05T10:00"),
        (irina(), "2026-03-05T12:00"),
        (namesake, "2026-03-05T14:00"),
    ] {
        // A service may stand twice in a record.
        let services = vec![haircut(), colouring.clone(), colouring.clone()];
        let booked = NewRecord { staff: Some(staff), services, ..record(start) };
        rig.journal.book(PLACE, booked).unwrap();
    }
    rig.deliver().await;
    let names = |rig: &Rig| {
        let (store, id) = (rig.store.clone(), rig.salon.id());
        async move {
            let staff = store.staff(id).await.unwrap();
            let services = store.services(id).await.unwrap();
            let staff: Vec<String> = staff.into_iter().map(|member| member.name).collect();
            let services: Vec<String> = services.into_iter().map(|one| one.title).collect();
            (staff, services)
        }
    };
    let (staff, services) = names(&rig).await;
    assert_eq!(staff, ["Мария", "Мария", "Ирина"], "two of one name are two people");
    assert_eq!(services, ["Стрижка", "Окрашивание"]);

    let renamed = JournalStaff { name: "Ирина Смирнова".to_owned(), ..irina() };
    let booked = NewRecord { staff: Some(renamed), ..record("2026-03-06T12:00") };
    rig.journal.book(PLACE, booked).unwrap();
    rig.deliver().await;
    assert_eq!(names(&rig).await.0, ["Мария", "Мария", "Ирина Смирнова"]);
}

async fn records_of_one_visit_are_one_visit(database: Database) {
    let rig = Rig::new(database).await;
    let visit_id = Some("55".to_owned());
    let one = NewRecord { visit_id: visit_id.clone(), ..record("2026-03-05T15:00") };
    let other = NewRecord { visit_id, staff: Some(irina()), ..record("2026-03-05T16:00") };
    let one = rig.journal.book(PLACE, one).unwrap();
    let other = rig.journal.book(PLACE, other).unwrap();
    rig.deliver().await;
    let (one, other) = (rig.appointment(&one).await, rig.appointment(&other).await);
    assert_eq!(one.visit_id, other.visit_id);
    let live = rig.live(one.client_id).await;
    let told: Vec<(&str, usize)> =
        live.iter().map(|message| (message.kind.name(), message.covers.len())).collect();
    assert_eq!(told, [("created", 2), ("reminder", 2)]);
}

async fn overlaps_there_are_taken_in_as_they_are(database: Database) {
    let rig = Rig::new(database).await;
    let one = rig.journal.book(PLACE, record("2026-03-05T15:00")).unwrap();
    let other = rig.journal.book(PLACE, record("2026-03-05T15:30")).unwrap();
    rig.deliver().await;
    assert_eq!(rig.appointment(&one).await.status, Status::Waiting);
    assert_eq!(rig.appointment(&other).await.status, Status::Waiting);
}

async fn a_booking_on_the_journals_own_page_is_confirmed_and_not_announced(database: Database) {
    let rig = Rig::new(database).await;
    let booked = NewRecord { online: true, ..record("2026-03-05T15:00") };
    let id = rig.journal.book(PLACE, booked).unwrap();
    rig.deliver().await;
    let appointment = rig.appointment(&id).await;
    assert_eq!(appointment.source, Source::Client);
    assert_eq!(rig.kinds(appointment.client_id).await, ["confirmation", "reminder"]);
}
