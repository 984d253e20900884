use super::*;
use crate::access::Actor;
use crate::appointment::{CancelledBy, Facts, Source, Status};
use crate::client::ClientSwitches;
use crate::ids::*;
use crate::local_time::{Zone, resolve};
use crate::money::Kopecks;
use crate::planning::{Announcement, ChangedVariant, NotificationState, Told, ToldBy};
use crate::schedule::{Schedule, WeekHours};
use crate::settings::Lead;
use jiff::Timestamp;
use std::collections::BTreeMap;

const ORGANIZATION: OrganizationId = OrganizationId(1);

/// Two branches in two zones, two masters, two services, one client.
struct World {
    organization: Organization,
    branches: Vec<Branch>,
    staff: Vec<StaffMember>,
    services: Vec<Service>,
    client: Client,
    stored: Vec<StoredTemplate>,
    only_standard: bool,
}

fn branch(id: i64, zone: &str, address: &str) -> Branch {
    Branch {
        organization_id: ORGANIZATION,
        id: BranchId(id),
        version: 1,
        name: format!("Филиал {id}"),
        commercial_name: Some("Стиль де Виль".to_owned()),
        address: address.to_owned(),
        zone: Zone::parse(zone).unwrap(),
        working_hours: WeekHours::default(),
        sender_id: None,
        created_at: Timestamp::UNIX_EPOCH,
        archived_at: None,
    }
}

fn member(id: i64, name: &str) -> StaffMember {
    StaffMember {
        organization_id: ORGANIZATION,
        id: StaffId(id),
        version: 1,
        branch_id: BranchId(1),
        name: name.to_owned(),
        position: String::new(),
        schedule: Schedule::default(),
        service_ids: Vec::new(),
        created_at: Timestamp::UNIX_EPOCH,
        archived_at: None,
    }
}

fn service(id: i64, title: &str, price: i64) -> Service {
    Service {
        organization_id: ORGANIZATION,
        id: ServiceId(id),
        version: 1,
        title: title.to_owned(),
        duration_min: 60,
        buffer_min: 0,
        price: Kopecks(price),
        created_at: Timestamp::UNIX_EPOCH,
        archived_at: None,
    }
}

fn world() -> World {
    World {
        organization: Organization {
            id: ORGANIZATION,
            version: 1,
            name: "ООО «Стиль»".to_owned(),
            language: Language::Russian,
            country: "RU".to_owned(),
            plan_generation: 1,
            swept_generation: 1,
            created_at: Timestamp::UNIX_EPOCH,
        },
        branches: vec![
            branch(1, "Europe/Moscow", "Тверская, 12"),
            branch(2, "Asia/Yekaterinburg", "Ленина, 5"),
        ],
        staff: vec![member(1, "Ольга"), member(2, "Ирина")],
        services: vec![service(1, "Стрижка", 150_000), service(2, "Маникюр", 99_950)],
        client: Client {
            organization_id: ORGANIZATION,
            id: ClientId(1),
            version: 1,
            name: "Анна".to_owned(),
            phone: None,
            email: None,
            birthday: None,
            note: String::new(),
            language: None,
            switches: ClientSwitches::default(),
            consents: BTreeMap::new(),
            external_id: None,
            created_at: Timestamp::UNIX_EPOCH,
            archived_at: None,
        },
        stored: Vec::new(),
        only_standard: false,
    }
}

impl World {
    fn facts(&self, branch: i64, start: &str) -> Facts {
        let zone = &self.branches.iter().find(|one| one.id == BranchId(branch)).unwrap().zone;
        let start_local = start.parse().unwrap();
        Facts {
            branch_id: BranchId(branch),
            staff_id: Some(StaffId(1)),
            service_ids: vec![ServiceId(1)],
            start_local,
            starts_at: resolve(start_local, None, zone).unwrap(),
            duration_min: 60,
        }
    }

    fn own(&mut self, variant: &str, text: &str) {
        self.stored.push(StoredTemplate {
            organization_id: ORGANIZATION,
            id: TemplateId(self.stored.len() as i64 + 1),
            version: 1,
            branch_id: None,
            kind: NotificationKind::Created,
            variant: TemplateVariant::parse(variant).unwrap(),
            language: Language::Russian,
            channel: None,
            text: text.to_owned(),
            created_at: Timestamp::UNIX_EPOCH,
            replaced_at: None,
        });
    }

    fn compose(
        &self,
        kind: NotificationKind,
        variant: Variant,
        appointments: &[Appointment],
    ) -> Result<Composed, ComposeError> {
        let appointments: Vec<&Appointment> = appointments.iter().collect();
        let input = ComposeInput {
            kind,
            variant,
            appointments: &appointments,
            branches: &self.branches,
            staff: &self.staff,
            services: &self.services,
            organization: &self.organization,
            client: &self.client,
            link: None,
            language: language_of(&self.client, &self.organization),
            channel: None,
        };
        compose(&input, &Texts { stored: &self.stored, only_standard: self.only_standard })
    }

    fn words(&self, kind: NotificationKind, variant: Variant, all: &[Appointment]) -> String {
        self.compose(kind, variant, all).unwrap().text
    }

    fn created(&self, all: &[Appointment]) -> String {
        self.words(NotificationKind::Created, Variant::Plain, all)
    }
}

fn appointment(id: i64, facts: Facts) -> Appointment {
    Appointment {
        organization_id: ORGANIZATION,
        id: AppointmentId(id),
        version: 1,
        edit_version: 1,
        visit_id: VisitId(1),
        client_id: ClientId(1),
        recipient_phone: None,
        facts,
        status: Status::Waiting,
        cancelled_by: None,
        source: Source::Staff,
        note: String::new(),
        external_id: None,
        external_version: None,
        created_at: Timestamp::UNIX_EPOCH,
        created_by: Actor::System,
        journal_created_at: Timestamp::UNIX_EPOCH,
        notification: NotificationState::default(),
    }
}

fn told(mut appointment: Appointment, facts: Facts) -> Appointment {
    appointment.notification.announcement = Announcement::Submitted;
    appointment.notification.told = Some(Told {
        facts: Some(facts),
        at: Timestamp::UNIX_EPOCH,
        by: ToldBy::Message(NotificationKind::Created),
        message_id: None,
        repeated_by: Vec::new(),
        before: None,
    });
    appointment
}

fn cancelled(mut appointment: Appointment) -> Appointment {
    appointment.status = Status::Cancelled;
    appointment.cancelled_by = Some(CancelledBy::Staff);
    appointment
}

const START: &str = "2019-12-25T15:00";

#[test]
fn the_example_of_saby_reads_as_it_should() {
    let mut world = world();
    world.own("", "Вы записаны [Дата] в [Время] в Салон \"[Салон]\"");
    let one = [appointment(1, world.facts(1, START))];
    assert_eq!(world.created(&one), "Вы записаны 25.12.19 в 15:00 в Салон \"Стиль де Виль\"");
    world.branches[0].commercial_name = None;
    assert_eq!(world.created(&one), "Вы записаны 25.12.19 в 15:00 в Салон \"ООО «Стиль»\"");
    let composed = world.compose(NotificationKind::Created, Variant::Plain, &one).unwrap();
    assert_eq!((composed.template_id, composed.sms.parts), (Some(TemplateId(1)), 1));
    world.only_standard = true;
    insta::assert_snapshot!(world.created(&one),
        @"Вы записаны 25.12.19 в 15:00: Стрижка, мастер Ольга. ООО «Стиль», Тверская, 12");
}

#[test]
fn times_are_those_of_the_branch() {
    let world = world();
    // 15:00 in Yekaterinburg is 13:00 in Moscow.
    let one = [appointment(1, world.facts(2, START))];
    insta::assert_snapshot!(world.created(&one), @"Вы записаны 25.12.19 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Ленина, 5");
}

#[test]
fn every_variable_has_its_value() {
    let mut world = world();
    world.own(
        "",
        "[Имя]|[День недели]|[День и месяц]|%SERVICE_TITLE%|%MASTER_NAME%|[Адрес]|\
        [Цена]|%DATE%|%HOURMINUTES%|[Визиты]",
    );
    let mut facts = world.facts(1, START);
    facts.service_ids = vec![ServiceId(2), ServiceId(1), ServiceId(404)];
    insta::assert_snapshot!(world.created(&[appointment(1, facts.clone())]), @"Анна|среда|25 декабря|Маникюр, Стрижка|Ольга|Тверская, 12|2499,50|25.12.19|15:00|25.12.19 в 15:00 Маникюр + Стрижка (Ольга)");
    facts.service_ids.clear();
    facts.staff_id = None;
    world.client.name = "  ".to_owned();
    world.branches[0].address = String::new();
    insta::assert_snapshot!(world.created(&[appointment(1, facts)]), @"уважаемый клиент|среда|25 декабря|визит|наш мастер|уточните у нас|по прейскуранту|25.12.19|15:00|25.12.19 в 15:00");
}

#[test]
fn the_language_is_the_clients_else_the_organizations() {
    let mut world = world();
    let one = [appointment(1, world.facts(1, START))];
    world.organization.language = Language::English;
    insta::assert_snapshot!(world.created(&one), @"You are booked for 25 Dec 2019 at 15:00: Стрижка with Ольга. Стиль де Виль, Тверская, 12");
    world.client.language = Some(Language::Russian);
    insta::assert_snapshot!(world.created(&one), @"Вы записаны 25.12.19 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12");
}

#[test]
fn several_appointments_are_listed_by_day_and_place() {
    let world = world();
    let mut nails = world.facts(1, "2019-12-25T16:00");
    nails.staff_id = Some(StaffId(2));
    nails.service_ids = vec![ServiceId(2), ServiceId(1)];
    let all = [
        appointment(2, nails),
        appointment(1, world.facts(1, START)),
        appointment(3, world.facts(1, "2019-12-26T10:00")),
    ];
    let day = Variant::Lead(Lead::Days(1));
    insta::assert_snapshot!(world.words(NotificationKind::Reminder, day, &all[..2]), @"Напоминаем о записях: 25.12.19 в 15:00 Стрижка (Ольга), в 16:00 Маникюр + Стрижка (Ирина). Стиль де Виль, Тверская, 12");
    insta::assert_snapshot!(world.created(&all), @"Вы записаны: 25.12.19 в 15:00 Стрижка (Ольга), в 16:00 Маникюр + Стрижка (Ирина); 26.12.19 в 10:00 Стрижка (Ольга). Стиль де Виль, Тверская, 12");
    let far =
        [appointment(1, world.facts(1, START)), appointment(2, world.facts(2, "2019-12-25T20:00"))];
    insta::assert_snapshot!(world.words(NotificationKind::Reminder, day, &far), @"Напоминаем о записях: 25.12.19 в 15:00 Стрижка (Ольга) — Тверская, 12; 25.12.19 в 20:00 Стрижка (Ольга) — Ленина, 5. Стиль де Виль");
}

#[test]
fn a_change_tells_what_was_and_what_is() {
    let world = world();
    let changed = |variant, all: &[Appointment]| {
        world.words(NotificationKind::Changed, Variant::Changed(variant), all)
    };
    let before = world.facts(1, "2019-12-24T12:30");
    let moved = told(appointment(1, world.facts(1, START)), before.clone());
    insta::assert_snapshot!(changed(ChangedVariant::Moved, std::slice::from_ref(&moved)), @"Ваша запись перенесена с 24.12.19 12:30 на 25.12.19 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12");
    let never_told = appointment(1, world.facts(1, START));
    insta::assert_snapshot!(changed(ChangedVariant::Moved, &[never_told]), @"Ваша запись перенесена на 25.12.19 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12");
    let mut alone = told(appointment(1, world.facts(1, START)), before.clone());
    alone.facts.staff_id = None;
    insta::assert_snapshot!(changed(ChangedVariant::StaffChanged, &[alone]), @"Замена мастера: 25.12.19 в 15:00 вас примет наш мастер (Стрижка). Стиль де Виль, Тверская, 12");
    // One of two is cancelled: it is listed as the client knew it.
    let gone = cancelled(told(appointment(2, world.facts(1, "2019-12-25T17:00")), before));
    insta::assert_snapshot!(changed(ChangedVariant::Several, &[gone, moved]), @"Ваша запись изменена. Теперь: 25.12.19 в 15:00 Стрижка (Ольга); отменено: 24.12.19 в 12:30 Стрижка (Ольга). Стиль де Виль, Тверская, 12");
}

#[test]
fn a_cancellation_names_the_time_that_was_told() {
    let world = world();
    let before = world.facts(1, "2019-12-24T12:30");
    let one = cancelled(told(appointment(1, world.facts(1, START)), before));
    let words = |all: &[Appointment]| world.words(NotificationKind::Cancelled, Variant::Plain, all);
    insta::assert_snapshot!(words(std::slice::from_ref(&one)), @"Запись 24.12.19 в 12:30 (Стрижка) отменена. Стиль де Виль");
    let other = cancelled(appointment(2, world.facts(1, "2019-12-25T17:00")));
    insta::assert_snapshot!(words(&[one, other]), @"Ваши записи отменены: 24.12.19 в 12:30 Стрижка (Ольга); 25.12.19 в 17:00 Стрижка (Ольга). Стиль де Виль");
}

#[test]
fn what_is_cancelled_meanwhile_is_not_reminded_of() {
    let world = world();
    let day = Variant::Lead(Lead::Days(1));
    let gone = cancelled(appointment(2, world.facts(1, "2019-12-25T17:00")));
    let stands = appointment(1, world.facts(1, START));
    insta::assert_snapshot!(world.words(NotificationKind::Reminder, day, &[gone.clone(), stands]), @"Напоминаем о записи 25.12.19 в 15:00: Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12");
    let nothing = world.compose(NotificationKind::Reminder, day, &[gone]);
    assert_eq!(nothing, Err(ComposeError::NothingToTell));
}

#[test]
fn a_text_that_cannot_be_filled_in_gives_way_to_the_standard_one() {
    let mut world = world();
    world.own("", "[Дата] [Время] [Ссылка]");
    let one = [appointment(1, world.facts(1, START))];
    let composed = world.compose(NotificationKind::Created, Variant::Plain, &one).unwrap();
    assert_eq!(composed.template_id, None);
    assert_eq!(
        composed.unusable.map(|(id, error)| (id, error.code())),
        Some((TemplateId(1), "no_value"))
    );
    assert!(composed.text.starts_with("Вы записаны 25.12.19 в 15:00"));
}

#[test]
fn a_branch_that_is_not_given_is_named() {
    let mut world = world();
    let one = [appointment(1, world.facts(2, START))];
    world.branches.pop();
    let refused = world.compose(NotificationKind::Created, Variant::Plain, &one);
    assert_eq!(refused, Err(ComposeError::BranchUnknown(BranchId(2))));
}
