//! The variants of every record: the first is ordinary, the others have every optional field empty
//! or stand at the edges. All variants of a list share one key, unless it says otherwise.

use crate::Salon;
use jiff::civil::{Date, DateTime, date, time};
use jiff::{Timestamp, ToSpan};
use std::collections::{BTreeMap, BTreeSet};
use vestnik_domain::Language;
use vestnik_domain::access::{Actor, ApiToken, Role, Session, User};
use vestnik_domain::appointment::{Appointment, AppointmentEvent, CancelledBy, Source, Status};
use vestnik_domain::audit::AuditEntry;
use vestnik_domain::branch::Branch;
use vestnik_domain::client::{Birthday, Client, ClientSwitches, Consent, ConsentPurpose};
use vestnik_domain::ids::{
    ApiTokenId, AppointmentId, AuditId, ClientId, IncomingMessageId, SenderId, ServiceId, StaffId,
    UserId, VisitId,
};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::local_time::Zone;
use vestnik_domain::message::{Message, MessageState};
use vestnik_domain::money::Kopecks;
use vestnik_domain::organization::Organization;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::planning::{
    Announcement, Burst, ChangedVariant, NotificationState, Subject, Told, ToldBy, Variant, Why,
};
use vestnik_domain::schedule::{DayPlan, Hours, Schedule, WeekHours};
use vestnik_domain::service::Service;
use vestnik_domain::settings::{
    BranchNotificationSettings, BranchSwitch, LateReminder, Lead, NotificationSettings,
    SettingsVersion,
};
use vestnik_domain::staff::StaffMember;
use vestnik_domain::task::{Task, TaskKind, VisitLink};
use vestnik_store::tables::appointments::StaffDay;
use vestnik_store::tables::idempotency::IdempotencyKey;

/// Letters of several scripts, quotes of every kind, what SQL and LIKE treat specially, characters
/// that nobody sees, and one beyond 16 bits. Without NUL, which PostgreSQL has no place for.
pub(super) const STRANGE: &str =
    "Ёё «ёлка» 'a' \"b\" `c` \\ % _ ~ ; -- $1 ?1 \t\r\n \u{feff}\u{202e}\u{1} 👩‍🔬 ก็ 漢";

/// The first and the last moment that the calendar knows, in whole microseconds.
pub(super) fn first_moment() -> Timestamp {
    Timestamp::from_microsecond(-377_705_023_201_000_000).unwrap()
}

pub(super) fn last_moment() -> Timestamp {
    Timestamp::from_microsecond(253_402_207_200_000_000).unwrap()
}

pub(super) fn long_text() -> String {
    STRANGE.repeat(500)
}

pub(super) fn longest_number() -> PhoneNumber {
    PhoneNumber::from_e164("+999999999999999").unwrap()
}

pub(super) fn organizations(salon: &Salon) -> Vec<Organization> {
    let plain = salon.organization.clone();
    let edge = Organization {
        version: i64::MAX,
        name: long_text(),
        language: Language::English,
        country: "KZ".to_owned(),
        plan_generation: i64::MAX,
        created_at: last_moment(),
        ..plain.clone()
    };
    vec![plain, edge]
}

pub(super) fn users(salon: &Salon) -> Vec<User> {
    let plain = salon.owner.clone();
    let edge = User {
        version: -1,
        email: format!("{STRANGE}@example.com"),
        name: String::new(),
        role: Role::Administrator,
        password_hash: long_text(),
        created_at: first_moment(),
        disabled_at: Some(last_moment()),
        ..plain.clone()
    };
    vec![plain, edge]
}

pub(super) fn sessions(salon: &mut Salon) -> Vec<Session> {
    let plain = salon.session(last_moment());
    let edge = Session {
        version: 2,
        secret_hash: (0..=255).collect(),
        user_agent: long_text(),
        created_at: first_moment(),
        ended_at: Some(first_moment()),
        ..plain.clone()
    };
    let empty = Session { version: 3, secret_hash: Vec::new(), ended_at: None, ..edge.clone() };
    vec![plain, edge, empty]
}

pub(super) fn api_tokens(salon: &mut Salon) -> Vec<ApiToken> {
    let plain = salon.api_token();
    let edge = ApiToken {
        version: 2,
        name: STRANGE.to_owned(),
        role: Role::Owner,
        secret_hash: vec![0; 64],
        hint: String::new(),
        created_by: UserId(i64::MAX),
        revoked_at: Some(first_moment()),
        ..plain.clone()
    };
    vec![plain, edge]
}

pub(super) fn branches(salon: &Salon) -> Vec<Branch> {
    let plain = salon.branch.clone();
    let edge = Branch {
        version: 2,
        name: STRANGE.to_owned(),
        commercial_name: Some(String::new()),
        address: long_text(),
        zone: Zone::parse("America/Argentina/ComodRivadavia").unwrap(),
        working_hours: WeekHours::default(),
        sender_id: Some(SenderId(i64::MAX)),
        archived_at: Some(last_moment()),
        ..plain.clone()
    };
    vec![plain, edge]
}

pub(super) fn staff(salon: &Salon) -> Vec<StaffMember> {
    let plain = salon.staff.clone();
    let evening = Hours { from: time(18, 0, 0, 0), to: time(0, 0, 0, 0) };
    let days = BTreeMap::from([
        (Date::MIN, DayPlan::DayOff),
        (date(2026, 2, 28), DayPlan::Shift { shifts: vec![evening], breaks: Vec::new() }),
        (Date::MAX, DayPlan::DayOff),
    ]);
    let edge = StaffMember {
        version: 2,
        name: STRANGE.to_owned(),
        position: String::new(),
        schedule: Schedule { days, ..Schedule::default() },
        service_ids: vec![ServiceId(0), ServiceId(i64::MAX)],
        archived_at: Some(first_moment()),
        ..plain.clone()
    };
    let empty = StaffMember { version: 3, service_ids: Vec::new(), ..plain.clone() };
    vec![plain, edge, empty]
}

pub(super) fn services(salon: &Salon) -> Vec<Service> {
    let plain = salon.service.clone();
    let edge = |version: i64, number: i64| Service {
        version,
        title: long_text(),
        duration_min: number,
        buffer_min: number,
        price: Kopecks(number),
        archived_at: Some(last_moment()),
        ..plain.clone()
    };
    vec![plain.clone(), edge(2, i64::MAX), edge(3, i64::MIN)]
}

pub(super) fn clients(salon: &Salon) -> Vec<Client> {
    let plain = salon.client.clone();
    let consent = Consent {
        given: false,
        at: first_moment(),
        source: "import".to_owned(),
        text_hash: Some(STRANGE.to_owned()),
    };
    let full = Client {
        version: 2,
        name: long_text(),
        phone: Some(longest_number()),
        email: Some(STRANGE.to_owned()),
        birthday: Birthday::new(None, 2, 29),
        note: long_text(),
        language: Some(Language::English),
        switches: ClientSwitches {
            all_off: true,
            kinds_off: BTreeSet::from(NotificationKind::ALL),
        },
        consents: BTreeMap::from([
            (ConsentPurpose::Advertising, consent.clone()),
            (ConsentPurpose::ThirdParties, Consent { text_hash: None, ..consent }),
        ]),
        external_id: Some(STRANGE.to_owned()),
        archived_at: Some(last_moment()),
        ..plain.clone()
    };
    let empty = Client {
        version: 3,
        name: String::new(),
        phone: None,
        birthday: Birthday::new(Some(1), 1, 1),
        ..plain.clone()
    };
    vec![plain, full, empty]
}

pub(super) fn appointments(salon: &mut Salon) -> Vec<Appointment> {
    let plain = salon.appointment(salon.organization.created_at);
    let mut full = plain.clone();
    full.version = 2;
    full.visit_id = VisitId(i64::MAX);
    full.recipient_phone = Some(longest_number());
    full.facts.service_ids = vec![ServiceId(1), ServiceId(i64::MAX), ServiceId(1)];
    full.facts.start_local = DateTime::MAX;
    full.facts.starts_at = last_moment();
    full.facts.duration_min = i64::MAX;
    full.status = Status::Cancelled;
    full.cancelled_by = Some(CancelledBy::Client);
    full.source = Source::Journal;
    full.note = long_text();
    full.external_id = Some(STRANGE.to_owned());
    full.external_version = Some(String::new());
    full.created_by = Actor::ApiToken { api_token_id: ApiTokenId(i64::MAX) };
    full.journal_created_at = first_moment();
    let told = Told {
        facts: Some(plain.facts.clone()),
        at: first_moment(),
        by: ToldBy::Message(NotificationKind::Changed),
        message_id: None,
        repeated_by: Vec::new(),
        before: None,
    };
    let burst = Burst {
        first_at: first_moment(),
        last_at: last_moment(),
        from: full.facts.clone(),
        start_set: None,
    };
    full.notification = NotificationState {
        booking_cycle: u32::MAX,
        announcement: Announcement::Withdrawn,
        told: Some(Told { facts: None, before: Some(Box::new(told.clone())), ..told }),
        at_booking: Some(full.facts.clone()),
        burst: Some(burst),
        ..NotificationState::default()
    };
    let mut empty = plain.clone();
    empty.version = 3;
    empty.facts.staff_id = None;
    empty.facts.service_ids = Vec::new();
    empty.facts.start_local = DateTime::MIN;
    empty.facts.starts_at = first_moment();
    empty.created_by = Actor::System;
    empty.notification = NotificationState::default();
    vec![plain, full, empty]
}

/// All have one id of an appointment and growing versions.
pub(super) fn appointment_events(salon: &mut Salon) -> Vec<AppointmentEvent> {
    let appointment = salon.appointment(salon.organization.created_at);
    let plain = salon.appointment_event(&appointment);
    let edge = |version: i64, at: Timestamp, actor: Actor, changes: serde_json::Value| {
        AppointmentEvent { version, at, actor, changes, ..plain.clone() }
    };
    vec![
        edge(1, first_moment(), Actor::Client, serde_json::json!({ "created": true })),
        edge(2, last_moment(), Actor::Journal, serde_json::json!({ "note": [STRANGE, null] })),
        edge(i64::MAX, last_moment(), Actor::System, serde_json::Value::Null),
    ]
}

/// Each list has a day of its own.
pub(super) fn staff_days(salon: &Salon) -> Vec<Vec<StaffDay>> {
    [Date::MIN, date(2026, 3, 2), Date::MAX]
        .into_iter()
        .map(|day| {
            let highest =
                StaffDay { staff_id: StaffId(i64::MAX), ..salon.staff_day(day, i64::MAX) };
            vec![StaffDay { version: 1, ..highest.clone() }, highest]
        })
        .collect()
}

pub(super) fn messages(salon: &mut Salon) -> Vec<Message> {
    let now = salon.organization.created_at;
    let appointment = salon.appointment(now + 24.hours());
    let plain = salon.message(&appointment, NotificationKind::Created, now);
    let start = appointment.facts.start_local;
    let with = |version: i64, variant: Variant, state: MessageState| Message {
        version,
        variant,
        state,
        ..plain.clone()
    };
    let day = Subject::ClientDay(ClientId(i64::MAX), date(2026, 3, 3));
    let full = Message {
        client_id: ClientId(i64::MAX),
        subject: day,
        kind: NotificationKind::Reminder,
        occasion: STRANGE.to_owned(),
        recipient: longest_number(),
        covers: vec![AppointmentId(i64::MAX), AppointmentId(0)],
        due_at: first_moment(),
        send_before: last_moment(),
        sender_id: Some(SenderId(i64::MAX)),
        retry_at: None,
        plan_generation: i64::MAX,
        why: vec![
            Why::Booked,
            Why::Settled { last_change: start, settle_s: 600 },
            Why::BeforeVisit { lead: Lead::Minutes(90), start },
            Why::AtOnce { lead: Lead::Days(365) },
            Why::QuietHours { from: DateTime::MIN, to: DateTime::MAX },
        ],
        ..with(5, Variant::Lead(Lead::Days(365)), MessageState::Routed)
    };
    let reason = |text: &str| text.to_owned();
    vec![
        plain.clone(),
        with(2, Variant::Lead(Lead::Minutes(90)), MessageState::Submitted { at: first_moment() }),
        with(3, Variant::Plain, MessageState::Cancelled { at: now, reason: reason("") }),
        with(
            4,
            Variant::Changed(ChangedVariant::Several),
            MessageState::Skipped { at: last_moment(), reason: reason(STRANGE) },
        ),
        full,
    ]
}

/// Growing generations, so that each is in force once it is stored.
pub(super) fn settings(salon: &Salon) -> Vec<SettingsVersion> {
    let plain = salon.settings.clone();
    let mut edge = SettingsVersion { generation: i64::MAX, at: last_moment(), ..plain.clone() };
    edge.settings = NotificationSettings {
        on_since: None,
        kinds: BTreeMap::new(),
        reminder_leads: Vec::new(),
        confirmation_request_lead: Lead::Minutes(525_600),
        settle_s: 0,
        late_reminder: LateReminder::AtOnce,
        merge_same_day: false,
        locked_variables: [(NotificationKind::Created, ["staff".to_owned()].into())].into(),
        ..NotificationSettings::standard()
    };
    let own = [BranchSwitch::On, BranchSwitch::Off, BranchSwitch::Inherit];
    let kinds = NotificationKind::ALL.into_iter().zip(own).collect();
    edge.branches.insert(salon.branch.id, BranchNotificationSettings { kinds });
    vec![plain, edge]
}

/// Each has a key of its own.
pub(super) fn idempotency_keys(salon: &Salon) -> Vec<IdempotencyKey> {
    let plain = salon.idempotency_key("request-1", "apt_0000000000001");
    let strange = IdempotencyKey {
        key: STRANGE.to_owned(),
        request_hash: (0..=255).rev().collect(),
        result: long_text(),
        created_at: last_moment(),
        ..plain.clone()
    };
    let empty = IdempotencyKey { key: String::new(), request_hash: Vec::new(), ..plain.clone() };
    vec![plain, strange, empty]
}

/// Each has an id of its own.
pub(super) fn audit_entries(salon: &mut Salon) -> Vec<AuditEntry> {
    let plain = salon.audit_entry();
    let strange = AuditEntry {
        id: AuditId(i64::MAX - 1),
        at: first_moment(),
        actor: Actor::Client,
        action: String::new(),
        subject: STRANGE.to_owned(),
        changes: serde_json::json!([STRANGE, 1.5, i64::MIN, u64::MAX, [], {}]),
        ..plain.clone()
    };
    let system = AuditEntry { id: AuditId(0), actor: Actor::System, ..plain.clone() };
    vec![plain, strange, system]
}

pub(super) fn tasks(salon: &mut Salon) -> Vec<Task> {
    let appointment = salon.appointment(salon.organization.created_at);
    let plain = salon.task(&appointment);
    let bare = Task {
        version: 2,
        kind: TaskKind::IncomingMessage,
        client_id: None,
        visit_id: None,
        appointment_id: None,
        incoming_message_id: Some(IncomingMessageId(i64::MAX)),
        note: long_text(),
        ..plain.clone()
    };
    let done = Task {
        version: 3,
        done_at: Some(last_moment()),
        done_by: Some(Actor::User { user_id: UserId(i64::MAX) }),
        ..bare.clone()
    };
    let mut variants = vec![plain, bare, done.clone()];
    for (version, kind) in (4..).zip(TaskKind::ALL) {
        variants.push(Task { version, kind, ..done.clone() });
    }
    variants
}

/// Each has a token of its own.
pub(super) fn visit_links(salon: &mut Salon) -> Vec<VisitLink> {
    let plain = salon.visit_link(&salon.clone().appointment(salon.organization.created_at));
    let edge = VisitLink {
        token: STRANGE.to_owned(),
        client_id: ClientId(0),
        visit_id: VisitId(i64::MAX),
        created_at: first_moment(),
        ..plain.clone()
    };
    vec![plain, edge]
}
