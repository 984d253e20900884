//! N1, N11, N16 and the forms in which planning is stored and read.

use super::testing::{Salon, phone};
use super::*;
use crate::kind::NotificationKind;
use crate::settings::{BranchSwitch, Lead};
use jiff::SignedDuration;
use jiff::civil::DateTime;
use vestnik_template::Language;

const FAR: &str = "2026-12-20T15:00";
const CREATED: NotificationKind = NotificationKind::Created;

#[test]
fn the_strongest_switch_gives_the_reason() {
    let mut salon = Salon::at("2026-12-01T12:00");
    let on_since = salon.settings.on_since;
    salon.book(FAR);
    assert!(salon.reasons(CREATED).is_empty());
    salon.settings.kinds.insert(CREATED, false);
    assert_eq!(salon.reasons(CREATED), ["kind_off"]);
    salon.branch_settings.kinds.insert(CREATED, BranchSwitch::On);
    assert!(salon.reasons(CREATED).is_empty(), "a branch may switch on");
    salon.branch_settings.kinds.insert(CREATED, BranchSwitch::Off);
    assert_eq!(salon.reasons(CREATED), ["branch_off"]);
    salon.stopped = vec![phone(1)];
    assert_eq!(salon.reasons(CREATED), ["stopped"]);
    salon.phone = None;
    assert_eq!(salon.reasons(CREATED), ["no_phone"]);
    salon.switches.kinds_off.insert(CREATED);
    assert_eq!(salon.reasons(CREATED), ["client_kind_off"]);
    salon.switches.all_off = true;
    assert_eq!(salon.reasons(CREATED), ["client_off"]);
    salon.settings.on_since = on_since.map(|at| at + SignedDuration::from_hours(24 * 60));
    assert_eq!(salon.reasons(CREATED), ["older_than_block"]);
    salon.settings.on_since = None;
    assert_eq!(salon.reasons(CREATED), ["block_off"]);
}

#[test]
fn switching_a_kind_off_skips_nothing_else_and_on_again_in_time_plans_anew() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![Lead::Days(1)];
    salon.book(FAR);
    salon.settings.kinds.insert(CREATED, false);
    salon.replan();
    assert_eq!(salon.planned(), ["19.12 15:00 reminder 1d"]);
    salon.settings.kinds.insert(CREATED, true);
    salon.replan();
    assert_eq!(salon.planned(), ["01.12 12:02 created", "19.12 15:00 reminder 1d"]);
    assert_eq!(salon.rows.len(), 3, "the cancelled row stays cancelled");
}

#[test]
fn a_sweep_loses_nothing_that_fell_due_since_the_save() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.kinds.insert(CREATED, false);
    salon.settings.reminder_leads = vec![];
    salon.book("2026-12-02T18:00");
    salon.until("2026-12-01T17:59");
    let saved_at = salon.now;
    salon.settings.reminder_leads = vec![Lead::Days(1)];
    salon.now = salon.instant("2026-12-01T18:05");
    let plan_since = |missed_before| {
        salon.with_snapshot(|snapshot| {
            plan(&Snapshot { missed_before, ..*snapshot }, salon.now).messages.len()
        })
    };
    assert_eq!(plan_since(None), 0);
    assert_eq!(plan_since(Some(saved_at)), 1);
}

#[test]
fn a_submitted_message_is_never_touched_and_its_key_never_planned_again() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![Lead::Days(1)];
    let id = salon.book(FAR);
    salon.until("2026-12-19T16:00");
    salon.shift(id, "2026-12-21T15:00");
    salon.until("2026-12-19T17:00");
    salon.shift(id, FAR);
    salon.until("2026-12-20T14:00");
    assert_eq!(
        salon.log(),
        [
            "01.12 12:02 created",
            "19.12 15:00 reminder 1d",
            "19.12 16:02 changed moved",
            "19.12 17:02 changed moved",
        ]
    );
    assert_eq!(salon.reasons(NotificationKind::Reminder), ["already_sent"]);
}

#[test]
fn reconcile_moves_keeps_inserts_and_ends() {
    let mut salon = Salon::at("2026-12-01T12:00");
    salon.settings.reminder_leads = vec![Lead::Days(1), Lead::Minutes(60)];
    salon.book(FAR);
    let rows = salon.rows.clone();
    salon.settings.reminder_leads = vec![Lead::Days(1), Lead::Days(2)];
    salon.settings.settle_s = 60;
    let plan = salon.plan();
    let changes = reconcile(&rows, &plan);
    assert_eq!(changes.kept.len(), 1);
    assert_eq!(changes.moved.len(), 1);
    assert_eq!(changes.moved[0].to.kind, CREATED);
    assert_eq!(changes.insert.len(), 1);
    assert_eq!(changes.insert[0].variant, Variant::Lead(Lead::Days(2)));
    assert_eq!(changes.ended.len(), 1);
    assert_eq!(changes.ended[0].ended_as, EndedAs::Cancelled);
}

#[test]
fn the_number_of_the_record_goes_before_the_cards() {
    let mut salon = Salon::at("2026-12-01T12:00");
    let id = salon.book(FAR);
    salon.get_mut(id).recipient_phone = Some(phone(7));
    salon.replan();
    assert!(salon.rows.iter().all(|row| row.recipient == phone(7)));
}

#[test]
fn the_state_of_a_fresh_booking_is_small() {
    let salon = {
        let mut salon = Salon::at("2026-12-01T12:00");
        salon.book(FAR);
        salon
    };
    let state = &salon.appointments[0].notification;
    let json = serde_json::to_string(state).unwrap();
    assert_eq!(json, r#"{"booked_at":"2026-12-01T09:00:00Z"}"#);
    assert_eq!(serde_json::to_string(&NotificationState::default()).unwrap(), "{}");
}

#[test]
fn every_state_is_read_as_written() {
    let mut salon = Salon::at("2026-12-01T12:00");
    let id = salon.book(FAR);
    salon.until("2026-12-01T13:00");
    salon.shift(id, "2026-12-21T15:00");
    salon.until("2026-12-01T14:00");
    salon.shift(id, "2026-12-22T15:00");
    salon.cancel(id);
    let state = &salon.get(id).notification;
    let json = serde_json::to_string(state).unwrap();
    assert_eq!(&serde_json::from_str::<NotificationState>(&json).unwrap(), state);
}

#[test]
fn keys_are_read_as_written() {
    let date = "2026-12-25".parse().unwrap();
    for subject in
        [Subject::Visit(crate::ids::VisitId(7)), Subject::ClientDay(crate::ids::ClientId(8), date)]
    {
        assert_eq!(subject.to_string().parse(), Ok(subject));
    }
    let variants = [Variant::Plain, Variant::Lead(Lead::Days(1)), Variant::Lead(Lead::Minutes(90))];
    let changed = ChangedVariant::ALL.map(Variant::Changed);
    for variant in variants.into_iter().chain(changed) {
        assert_eq!(Variant::parse(&variant.key()), Some(variant));
    }
    assert_eq!(Variant::parse("other"), None);
}

#[test]
fn every_reason_has_its_code_and_words() {
    let at: DateTime = "2026-12-01T12:00".parse().unwrap();
    let kind = CREATED;
    let reasons = [
        SilenceReason::BlockOff,
        SilenceReason::OlderThanBlock { made: at, on_since: at },
        SilenceReason::BranchUnknown,
        SilenceReason::ClientOff,
        SilenceReason::ClientKindOff,
        SilenceReason::Stopped,
        SilenceReason::NoPhone,
        SilenceReason::BranchOff,
        SilenceReason::KindOff,
        SilenceReason::NoLeads,
        SilenceReason::PastVisit { start: at },
        SilenceReason::MomentPassed { due: at },
        SilenceReason::InsideLead { lead: Lead::Days(21), before_visit_min: 150, moved: true },
        SilenceReason::NearerLead { nearest: Lead::Minutes(90) },
        SilenceReason::MergedInto { kind },
        SilenceReason::CountedAsChanged { at },
        SilenceReason::StartSetSilently,
        SilenceReason::StartSetByClient,
        SilenceReason::ImportedInsideLead,
        SilenceReason::InDayMessage { first_start: at, due: at },
        SilenceReason::QuietHours { due: at, next_edge: at, start: at },
        SilenceReason::SilentByStaff { at },
        SilenceReason::ClientDidIt,
        SilenceReason::EditUndone,
        SilenceReason::Told { by: ToldBy::Message(kind), at },
        SilenceReason::Told { by: ToldBy::Client, at },
        SilenceReason::AlreadySent { at },
        SilenceReason::InAnnouncement { kind },
        SilenceReason::CancelledBeforeTold,
        SilenceReason::VisitCancelled,
        SilenceReason::ImportedCreated,
        SilenceReason::ImportedReminders,
        SilenceReason::LetIn,
        SilenceReason::Arrived,
        SilenceReason::NoShow,
        SilenceReason::NotWaiting,
        SilenceReason::NotConfirmed,
        SilenceReason::DeliveryFailed { at },
        SilenceReason::Expired,
        SilenceReason::Replaced,
    ];
    for reason in reasons {
        let json = serde_json::to_value(reason).unwrap();
        assert_eq!(json["code"], reason.code());
        assert_eq!(serde_json::from_value::<SilenceReason>(json).unwrap(), reason);
        for language in [Language::Russian, Language::English] {
            let words = reason.message(language);
            assert!(words.len() > 10 && !words.ends_with('.'), "{words}");
        }
    }
    let inside =
        SilenceReason::InsideLead { lead: Lead::Days(21), before_visit_min: 150, moved: true };
    assert_eq!(
        inside.message(Language::Russian),
        "запись перенесена за 2 ч 30 мин до визита, напоминание за 21 день уже не успевало"
    );
}
