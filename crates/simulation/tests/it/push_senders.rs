//! A sender that we call: what each answer of its carrier makes of a message.

use crate::salon::Salon;
use vestnik_app::appointments::edit::{EditAppointment, edit_appointment};
use vestnik_app::senders::edit::{EditSender, edit_sender};
use vestnik_app::senders::list::get_sender;
use vestnik_app::templates::{Place, save_template};
use vestnik_domain::Language;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::planning::Variant;
use vestnik_domain::sender::SenderSettings;
use vestnik_domain::template_choice::TemplateVariant;
use vestnik_simulation::carrier::{CarrierBehaviour, CarrierTurn};

const DAY_S: i64 = 86_400;

#[tokio::test]
async fn a_booking_is_told_over_the_carrier_and_proven_by_its_receipt() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, _) = salon.node(None).await;
    salon.book(&node).await;
    salon.turn(&node).await;
    let taken = salon.taken_for(0);
    assert_eq!(taken.len(), 1);
    assert!(taken[0].text.starts_with("Вы записаны 04.03.26 в 10:00"), "{}", taken[0].text);
    assert_eq!(salon.statuses().await, ["waiting"]);
    salon.advance_s(10);
    for _ in 0..3 {
        salon.turn(&node).await;
        salon.advance_s(10);
        vestnik_app::nodes::beat(&node).await.unwrap();
    }
    assert_eq!(salon.statuses().await, ["delivered"]);
    assert_eq!(salon.taken_for(0).len(), 1);
}

#[tokio::test]
async fn what_was_refused_for_good_is_not_sent_again() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, _) = salon.node(None).await;
    salon.carrier.plan([CarrierTurn::Refuse]);
    salon.book(&node).await;
    salon.turn(&node).await;
    salon.turn(&node).await;
    assert_eq!(salon.statuses().await, ["undelivered"]);
    assert_eq!(salon.carrier.taken(), []);
}

#[tokio::test]
async fn what_surely_did_not_leave_goes_again_after_a_rest() {
    for turn in [CarrierTurn::RefuseUntilLater { after_s: 60 }, CarrierTurn::CannotConnect] {
        let salon = Salon::open(CarrierBehaviour::default()).await;
        let (mut node, mut sidecar) = salon.node(None).await;
        salon.carrier.plan([turn]);
        salon.book(&node).await;
        salon.turn(&node).await;
        salon.turn(&node).await;
        assert_eq!(salon.carrier.taken(), [], "{turn:?}: not at once");
        salon.advance_s(61);
        (node, sidecar) = salon.node(Some(sidecar)).await;
        salon.turn(&node).await;
        assert_eq!(salon.taken_for(0).len(), 1, "{turn:?}");
        drop(sidecar);
    }
}

#[tokio::test]
async fn a_change_that_goes_again_names_the_time_that_was_told_before_it() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, sidecar) = salon.node(None).await;
    let booked = salon.book(&node).await;
    salon.turn(&node).await;
    salon.advance_s(120);
    let (node, sidecar) = salon.node(Some(sidecar)).await;
    salon.turn(&node).await;
    let moved = EditAppointment {
        version: booked.edit_version,
        start: Some("2026-03-04T17:00".to_owned()),
        ..EditAppointment::default()
    };
    edit_appointment(&node, &salon.caller, booked.id, moved).await.unwrap();
    salon.carrier.plan([CarrierTurn::CannotConnect]);
    salon.turn(&node).await;
    salon.advance_s(61);
    let (node, _) = salon.node(Some(sidecar)).await;
    salon.turn(&node).await;
    let taken = salon.taken_for(0);
    let text = &taken.last().unwrap().text;
    assert!(
        text.starts_with("Ваша запись перенесена с 04.03.26 10:00 на 04.03.26 в 17:00"),
        "{text}"
    );
    assert_eq!(taken.len(), 2);
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_never_repeated() {
    for turn in [CarrierTurn::AcceptAndLoseAnswer, CarrierTurn::LoseRequest] {
        let never = CarrierBehaviour { lose_receipt_percent: 100, ..CarrierBehaviour::default() };
        let salon = Salon::open(never).await;
        let (mut node, mut sidecar) = salon.node(None).await;
        salon.carrier.plan([turn]);
        salon.book(&node).await;
        salon.turn(&node).await;
        let left = salon.taken_for(0).len();
        assert_eq!(salon.statuses().await, ["unknown"], "{turn:?}");
        for _ in 0..3 {
            salon.advance_s(600);
            (node, sidecar) = salon.node(Some(sidecar)).await;
            salon.turn(&node).await;
        }
        assert_eq!(salon.taken_for(0).len(), left, "{turn:?}");
        assert_eq!(salon.statuses().await, ["unknown"], "{turn:?}");
    }
}

#[tokio::test]
async fn a_receipt_that_overtook_its_answer_waits_for_it() {
    let listed = CarrierBehaviour {
        keeps_list: true,
        receipt_delay_s: 0..=0,
        ..CarrierBehaviour::default()
    };
    let salon = Salon::open(listed).await;
    let (node, sidecar) = salon.node(None).await;
    salon.book(&node).await;
    vestnik_app::sending::route::run_once(&node).await.unwrap();
    // The process dies after the carrier took it and before the answer was written.
    crash_while_submitting(&salon, &node).await;
    assert_eq!(salon.taken_for(0).len(), 1);
    for one in salon.carrier.receipts_due() {
        let organization = salon.caller.organization_id;
        vestnik_app::sending::receipts::take_in(
            &node,
            organization,
            one.sender_id,
            &one.carrier_id,
            one.receipt,
        )
        .await
        .unwrap();
    }
    assert_eq!(salon.statuses().await, ["processing"], "nobody knows the carrier's id yet");
    salon.advance_s(100);
    let (node, _) = salon.node(Some(sidecar)).await;
    salon.turn(&node).await;
    assert_eq!(salon.statuses().await, ["delivered"]);
    assert_eq!(salon.taken_for(0).len(), 1);
}

#[tokio::test]
async fn a_failure_in_the_middle_of_a_lane_leaves_behind_nothing_that_was_intended() {
    use vestnik_testkit::{Fault, FaultyEngine};
    for fault in [Fault::Unavailable, Fault::LostBeforeCommit, Fault::LostAfterCommit] {
        let salon = Salon::open(CarrierBehaviour::default()).await;
        let (mut node, _) = salon.node(None).await;
        salon.book(&node).await;
        // Of one client, so that each waits for the one before it.
        salon.book_again(&node, 0).await;
        salon.book_again(&node, 0).await;
        vestnik_app::sending::route::run_once(&node).await.unwrap();
        let store = node.store.clone();
        let faulty = std::sync::Arc::new(FaultyEngine::around(salon.engine.clone()));
        node.store = vestnik_store::Store::new(faulty.clone());
        // The lease and the first intent land, the second one meets the fault.
        faulty.plan_commits([Fault::Nothing, Fault::Nothing, fault]);
        let _ = vestnik_app::sending::drive::run_once(&node).await;
        let landed = fault == Fault::LostAfterCommit;
        assert_eq!(salon.taken_for(0).len(), if landed { 3 } else { 1 }, "{fault:?}");
        node.store = store;
        salon.turn(&node).await;
        assert_eq!(salon.taken_for(0).len(), 3, "{fault:?}");
    }
}

#[tokio::test]
async fn intents_that_share_a_commit_land_or_stay_together_and_each_goes_once() {
    use vestnik_testkit::{Fault, FaultyEngine};
    for fault in [Fault::Unavailable, Fault::LostBeforeCommit, Fault::LostAfterCommit] {
        let salon = Salon::open(CarrierBehaviour::default()).await;
        let (mut node, _) = salon.node(None).await;
        for _ in 0..3 {
            salon.book(&node).await;
        }
        vestnik_app::sending::route::run_once(&node).await.unwrap();
        let store = node.store.clone();
        let faulty = std::sync::Arc::new(FaultyEngine::around(salon.engine.clone()));
        node.store = vestnik_store::Store::new(faulty.clone());
        // The lease lands, all three intents meet the fault.
        faulty.plan_commits([Fault::Nothing, fault]);
        let _ = vestnik_app::sending::drive::run_once(&node).await;
        let left = if fault == Fault::LostAfterCommit { 3 } else { 0 };
        assert_eq!(salon.carrier.taken().len(), left, "{fault:?}");
        node.store = store;
        salon.turn(&node).await;
        for number in 0..3 {
            assert_eq!(salon.taken_for(number).len(), 1, "{fault:?}: booking {number}");
        }
        assert_eq!(salon.statuses().await, vec!["waiting"; 3], "{fault:?}");
    }
}

#[tokio::test]
async fn what_was_routed_while_its_sender_came_or_went_is_routed_anew() {
    use vestnik_app::senders::edit::archive_sender;
    use vestnik_app::sending::route;
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, _) = salon.node(None).await;
    let gone = salon.another_sender(&node).await;
    archive_sender(&node, &salon.caller, gone).await.unwrap();
    for lane in [None, Some(gone)] {
        salon.book(&node).await;
        route::run_once(&node).await.unwrap();
        // Routed by what was read before.
        let organization = salon.caller.organization_id;
        let waiting = node.store.lane(organization, salon.sender, 10).await.unwrap().remove(0);
        let mut stranded = vestnik_domain::message::Message { sender_id: lane, ..waiting.clone() };
        stranded.version += 1;
        let mut change_set = vestnik_store::ChangeSet::new();
        change_set.update(&stranded, waiting.version);
        node.store.commit(change_set).await.unwrap();
    }
    salon.turn(&node).await;
    assert_eq!(salon.carrier.taken(), []);
    route::reroute_stranded(&node).await.unwrap();
    salon.turn(&node).await;
    assert_eq!((salon.taken_for(0).len(), salon.taken_for(1).len()), (1, 1));
}

#[tokio::test]
async fn many_answers_at_once_are_all_written_down() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, _) = salon.node(None).await;
    for _ in 0..25 {
        salon.book(&node).await;
    }
    for _ in 0..4 {
        salon.turn(&node).await;
    }
    assert_eq!(salon.statuses().await, vec!["waiting"; 25]);
}

#[tokio::test]
async fn a_text_longer_than_the_whole_daily_limit_holds_up_nobody() {
    let salon = Salon::open(CarrierBehaviour::default()).await;
    let (node, _) = salon.node(None).await;
    let place = Place {
        kind: NotificationKind::Created,
        variant: TemplateVariant::One(Variant::Plain),
        language: Language::Russian,
        channel: None,
        branch_id: None,
    };
    save_template(&node, &salon.caller, place, "[Имя клиента], ждём вас [Дата] в [Время]")
        .await
        .unwrap();
    let sender = get_sender(&node, &salon.caller, salon.sender).await.unwrap().sender;
    let limited = SenderSettings { daily_limit_parts: Some(1), ..sender.settings };
    let edit =
        EditSender { version: sender.version, settings: Some(limited), ..EditSender::default() };
    edit_sender(&node, &salon.caller, salon.sender, edit).await.unwrap();
    salon.book_for(&node, &"Александра".repeat(8)).await;
    salon.book_for(&node, "Ян").await;
    salon.turn(&node).await;
    salon.turn(&node).await;
    assert_eq!((salon.taken_for(0).len(), salon.taken_for(1).len()), (0, 1));
}

#[tokio::test]
async fn an_answer_that_the_database_did_not_take_is_written_down_later() {
    use vestnik_testkit::{Fault, FaultyEngine};
    for fault in [Fault::Unavailable, Fault::LostBeforeCommit, Fault::LostAfterCommit] {
        let salon = Salon::open(CarrierBehaviour::default()).await;
        let (mut node, _) = salon.node(None).await;
        salon.book(&node).await;
        vestnik_app::sending::route::run_once(&node).await.unwrap();
        let faulty = std::sync::Arc::new(FaultyEngine::around(salon.engine.clone()));
        node.store = vestnik_store::Store::new(faulty.clone());
        // The lease and the intent land, the answer does not, twice.
        faulty.plan_commits([Fault::Nothing, Fault::Nothing, fault, fault]);
        let _ = vestnik_app::sending::drive::run_once(&node).await;
        let _ = vestnik_app::sending::drive::run_once(&node).await;
        faulty.forget_plans();
        vestnik_app::sending::drive::run_once(&node).await.unwrap();
        let (organization, sender) = (salon.caller.organization_id, salon.sender);
        let waiting = salon.store().deliveries_in_flight(organization, sender, 10).await.unwrap();
        assert_eq!(waiting, [], "{fault:?}");
        assert_eq!(salon.taken_for(0).len(), 1, "{fault:?}");
        assert_eq!(salon.statuses().await, ["waiting"], "{fault:?}");
    }
}

/// One turn whose last commits never come: the engine answers no more once the carrier has it.
async fn crash_while_submitting(salon: &Salon, node: &vestnik_app::App) {
    use vestnik_testkit::{Fault, FaultyEngine};
    let faulty = std::sync::Arc::new(FaultyEngine::around(salon.engine.clone()));
    let mut dying = node.clone();
    dying.store = vestnik_store::Store::new(faulty.clone());
    // The lease and the intent land, the answer does not.
    faulty
        .plan_commits([Fault::Nothing, Fault::Nothing].into_iter().chain([Fault::Unavailable; 9]));
    assert!(vestnik_app::sending::drive::run_once(&dying).await.is_err());
}

#[tokio::test]
async fn without_a_list_a_dead_process_leaves_the_outcome_unknown() {
    let never = CarrierBehaviour { lose_receipt_percent: 100, ..CarrierBehaviour::default() };
    let salon = Salon::open(never).await;
    let (node, sidecar) = salon.node(None).await;
    salon.book(&node).await;
    vestnik_app::sending::route::run_once(&node).await.unwrap();
    crash_while_submitting(&salon, &node).await;
    salon.advance_s(60);
    let (node, sidecar) = salon.node(Some(sidecar)).await;
    salon.turn(&node).await;
    assert_eq!(salon.statuses().await, ["processing"], "its answer may still be on its way");
    salon.advance_s(120);
    let (node, _) = salon.node(Some(sidecar)).await;
    salon.turn(&node).await;
    assert_eq!(salon.statuses().await, ["unknown"]);
    assert_eq!(salon.taken_for(0).len(), 1);
}

#[tokio::test]
async fn on_a_bad_day_nothing_goes_twice_and_every_message_ends() {
    let salon = Salon::open(CarrierBehaviour::troubled()).await;
    let (mut node, mut sidecar) = salon.node(None).await;
    const BOOKINGS: usize = 20;
    for _ in 0..BOOKINGS {
        salon.book(&node).await;
    }
    for step in 0..40 {
        salon.turn(&node).await;
        salon.advance_s(if step < 20 { 60 } else { DAY_S / 10 });
        (node, sidecar) = salon.node(Some(sidecar)).await;
    }
    for number in 0..BOOKINGS {
        let created: Vec<_> = salon
            .taken_for(number)
            .into_iter()
            .filter(|one| one.text.starts_with("Вы записаны"))
            .collect();
        assert!(created.len() <= 1, "booking {number}: {created:#?}");
    }
    let open = ["planned", "processing", "waiting"];
    let statuses = salon.statuses().await;
    assert!(statuses.len() >= BOOKINGS, "{statuses:?}");
    assert!(statuses.iter().all(|status| !open.contains(&status.as_str())), "{statuses:?}");
    let taken = salon.carrier.taken().len();
    assert!(taken > BOOKINGS / 2, "the carrier took {taken} texts alone");
    let ids: Vec<String> = salon.carrier.taken().into_iter().map(|one| one.delivery_id).collect();
    let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(ids.len(), distinct.len(), "a try was handed over twice");
}
