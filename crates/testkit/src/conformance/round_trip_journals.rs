//! The variants of what belongs to external journals; as in `round_trip_variants`.

use super::round_trip_variants::{STRANGE, first_moment, last_moment, long_text};
use crate::Salon;
use serde_json::json;
use vestnik_domain::effect::{Effect, EffectState};
use vestnik_domain::ids::BranchId;
use vestnik_domain::journal::{ExternalId, JournalFault, JournalLink, Seen, Thing};

pub(super) fn links(salon: &mut Salon) -> Vec<JournalLink> {
    let plain = salon.journal_link();
    let full = JournalLink {
        version: 2,
        branch_id: BranchId(i64::MAX),
        kind: STRANGE.to_owned(),
        location_id: String::new(),
        location_title: STRANGE.to_owned(),
        cursor: Some(long_text()),
        next_poll_at: None,
        failures: i64::MAX,
        last_contact_at: Some(first_moment()),
        fault: Some(JournalFault::Unreachable),
        unlinked_at: Some(last_moment()),
        ..plain.clone()
    };
    let mut variants = vec![plain, full.clone()];
    for (version, fault) in (3..).zip(JournalFault::ALL) {
        variants.push(JournalLink { version, fault: Some(fault), ..full.clone() });
    }
    variants
}

pub(super) fn external_ids(salon: &mut Salon) -> Vec<ExternalId> {
    let link = salon.journal_link();
    let plain = salon.external_id(&link, STRANGE);
    let seen = Seen { name: STRANGE.to_owned(), phone: Some(STRANGE.to_owned()) };
    let full = ExternalId { version: 2, internal_id: i64::MAX, seen, ..plain.clone() };
    let bare = ExternalId { version: 3, internal_id: 0, seen: Seen::default(), ..plain.clone() };
    assert_eq!(Thing::ALL.map(|thing| Thing::parse(thing.name())), Thing::ALL.map(Some));
    vec![plain, full, bare]
}

pub(super) fn effects(salon: &mut Salon) -> Vec<Effect> {
    let appointment = salon.appointment(salon.organization.created_at);
    let plain = salon.effect(&appointment);
    let mut variants = vec![plain.clone()];
    for (version, state) in (2..).zip(EffectState::ALL) {
        variants.push(Effect {
            version,
            state,
            due_at: state.is_open().then(first_moment),
            tries: i64::MAX,
            body: json!({ "note": STRANGE, "list": [null, 1, true] }),
            wanted_at: last_moment(),
            ended_at: (!state.is_open()).then(last_moment),
            reason: Some(long_text()),
            ..plain.clone()
        });
    }
    variants
}
