use super::*;
use crate::ids::{BranchId, ServiceId, StaffId};
use jiff::civil::date;
use proptest::prelude::*;

fn side(status: Status, hour: i8, staff: i64, note: &str) -> JournalSide {
    let start_local = date(2026, 12, 25).at(hour, 0, 0, 0);
    JournalSide {
        status,
        facts: Facts {
            branch_id: BranchId(1),
            staff_id: Some(StaffId(staff)),
            service_ids: vec![ServiceId(1), ServiceId(2)],
            start_local,
            starts_at: start_local.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp(),
            duration_min: 60,
        },
        note: note.to_owned(),
    }
}

use Status::{Arrived, Cancelled, Confirmed, Waiting};

#[test]
fn what_one_side_alone_changed_counts() {
    let base = side(Waiting, 12, 1, "");
    let merged = merge(&base, &side(Confirmed, 12, 1, ""), &side(Waiting, 12, 2, "краска"));
    assert_eq!(merged.side, side(Confirmed, 12, 2, "краска"));
    assert!(merged.outstanding && !merged.overruled);

    let merged = merge(&base, &base, &side(Waiting, 15, 2, ""));
    assert_eq!(merged.side, side(Waiting, 15, 2, ""));
    assert!(!merged.outstanding && !merged.overruled);
}

#[test]
fn where_both_changed_the_same_the_other_journal_wins_and_people_are_told() {
    let base = side(Waiting, 12, 1, "");
    for (ours, theirs, result, overruled) in [
        // Both moved it.
        (side(Waiting, 15, 1, ""), side(Waiting, 16, 1, ""), side(Waiting, 16, 1, ""), true),
        // Both moved it to the same time.
        (side(Waiting, 15, 1, ""), side(Waiting, 15, 1, ""), side(Waiting, 15, 1, ""), false),
        // The client cancelled a time that has moved meanwhile.
        (side(Cancelled, 12, 1, ""), side(Waiting, 16, 1, ""), side(Waiting, 16, 1, ""), true),
        // The client confirmed a time that has moved meanwhile: «changed» goes out anyway.
        (side(Confirmed, 12, 1, ""), side(Waiting, 16, 1, ""), side(Waiting, 16, 1, ""), false),
        // The client confirmed, and has arrived already.
        (side(Confirmed, 12, 1, ""), side(Arrived, 12, 1, ""), side(Arrived, 12, 1, ""), false),
        // Gone there: a move of ours is lost, a cancellation is what was wanted.
        (side(Waiting, 15, 1, ""), side(Cancelled, 12, 1, ""), side(Cancelled, 12, 1, ""), true),
        (side(Confirmed, 12, 1, ""), side(Cancelled, 12, 1, ""), side(Cancelled, 12, 1, ""), false),
        (side(Cancelled, 12, 1, ""), side(Cancelled, 12, 1, ""), side(Cancelled, 12, 1, ""), false),
        // Notes give way without a word.
        (side(Waiting, 12, 1, "a"), side(Waiting, 12, 1, "b"), side(Waiting, 12, 1, "b"), false),
    ] {
        let merged = merge(&base, &ours, &theirs);
        assert_eq!(merged.side, result, "{ours:?} {theirs:?}");
        assert_eq!(
            (merged.outstanding, merged.overruled),
            (false, overruled),
            "{ours:?} {theirs:?}"
        );
    }
}

#[test]
fn an_own_write_that_shows_there_is_no_change_of_theirs() {
    // Confirmed, the answer lost, then cancelled by the client: the journal shows «confirmed».
    let (base, written) = (side(Waiting, 12, 1, ""), side(Confirmed, 12, 1, ""));
    let theirs = side(Confirmed, 12, 1, "краска");
    let merged = merge(&rebase(&base, &written, &theirs), &side(Cancelled, 12, 1, ""), &theirs);
    assert_eq!(merged.side.status, Cancelled);
    assert!(merged.outstanding && !merged.overruled);
}

fn any_side() -> impl Strategy<Value = JournalSide> {
    (0..Status::ALL.len(), 10..13i8, 1..4i64, 0..3u8).prop_map(|(status, hour, staff, note)| {
        side(Status::ALL[status], hour, staff, &note.to_string())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn without_a_change_of_ours_theirs_counts(base in any_side(), theirs in any_side()) {
        let merged = merge(&base, &base, &theirs);
        prop_assert!(merged.side.reads_same(&theirs));
        prop_assert!(!merged.outstanding && !merged.overruled);
    }

    #[test]
    fn without_a_change_of_theirs_ours_counts(base in any_side(), ours in any_side()) {
        let merged = merge(&base, &ours, &base);
        prop_assert!(merged.side.reads_same(&ours));
        prop_assert_eq!(merged.outstanding, !ours.reads_same(&base));
        prop_assert!(!merged.overruled);
    }

    #[test]
    fn once_written_nothing_is_outstanding(
        base in any_side(), ours in any_side(), theirs in any_side(),
    ) {
        let merged = merge(&base, &ours, &theirs).side;
        let again = merge(&theirs, &merged, &merged);
        prop_assert!(again.side.reads_same(&merged));
        prop_assert!(!again.outstanding && !again.overruled);
    }
}
