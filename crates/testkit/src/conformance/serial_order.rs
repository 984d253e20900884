//! Sessions that overlap: whatever the database let through must be what some order, one after
//! another, would have let through. A plain read in place of `expect` would fail here (write skew).

use crate::{Chance, Salon, a_monday_morning};
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use vestnik_store::{ChangeSet, CommitError, Store};

const ROWS: [Date; 3] = [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)];

/// What one session does to one row; all of them have read the same versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Expect(usize),
    Raise(usize),
}

type Session = Vec<Step>;

/// Plays `rounds` rounds: in each, 2 to 4 sessions commit at once. The first rounds are the skew:
/// each of two sessions expects the other's row and raises its own, so at most one may land.
pub async fn serial_order(store: &Store, seed: u64, rounds: usize) {
    let mut chance = Chance::new(seed);
    let salon = Salon::new(1, a_monday_morning());
    let mut change_set = salon.set_up();
    let mut versions = [1_i64; ROWS.len()];
    for day in ROWS {
        change_set.insert(&salon.staff_day(day, 1));
    }
    store.commit(change_set).await.unwrap();
    for round in 0..rounds {
        let skew = round % 2 == 0;
        let sessions = if skew { write_skew(&mut chance) } else { any_sessions(&mut chance) };
        let landed = play(store, &salon, &sessions, versions).await;
        let what = format!("seed {seed}, round {round}: {sessions:?} landed {landed:?}");
        assert!(landed.contains(&true), "the last one standing lands; {what}");
        if skew {
            assert_eq!(landed.iter().filter(|landed| **landed).count(), 1, "{what}");
        }
        let winners: Vec<&Session> = sessions
            .iter()
            .zip(&landed)
            .filter(|(_, landed)| **landed)
            .map(|(one, _)| one)
            .collect();
        let mut stored = [0; ROWS.len()];
        for (row, day) in ROWS.into_iter().enumerate() {
            stored[row] = store.staff_day(salon.id(), salon.staff.id, day).await.unwrap().version;
        }
        assert!(some_order_gives(&winners, versions, versions, stored), "{what}: {stored:?}");
        versions = stored;
    }
}

fn write_skew(chance: &mut Chance) -> Vec<Session> {
    let mut sessions =
        vec![vec![Step::Expect(0), Step::Raise(1)], vec![Step::Expect(1), Step::Raise(0)]];
    for session in &mut sessions {
        chance.shuffle(session);
    }
    sessions
}

fn any_sessions(chance: &mut Chance) -> Vec<Session> {
    let count = 2 + chance.below(3);
    let session = |chance: &mut Chance| {
        let mut rows: Vec<usize> = (0..ROWS.len()).collect();
        chance.shuffle(&mut rows);
        rows.truncate(1 + chance.below(ROWS.len()));
        let step = |row| if chance.percent(50) { Step::Raise(row) } else { Step::Expect(row) };
        rows.into_iter().map(step).collect()
    };
    (0..count).map(|_| session(chance)).collect()
}

/// Commits all sessions at once; says which landed.
async fn play(store: &Store, salon: &Salon, sessions: &[Session], versions: [i64; 3]) -> Vec<bool> {
    let barrier = Arc::new(Barrier::new(sessions.len()));
    let mut tasks = JoinSet::new();
    for (number, session) in sessions.iter().enumerate() {
        let mut change_set = ChangeSet::new();
        for step in session {
            match *step {
                Step::Expect(row) => {
                    change_set.expect(&salon.staff_day(ROWS[row], 0), versions[row])
                }
                Step::Raise(row) => {
                    change_set.update(&salon.staff_day(ROWS[row], versions[row] + 1), versions[row])
                }
            };
        }
        let (store, barrier) = (store.clone(), Arc::clone(&barrier));
        tasks.spawn(async move {
            barrier.wait().await;
            match store.commit(change_set).await {
                Ok(()) => (number, true),
                Err(CommitError::Conflict { .. }) => (number, false),
                Err(other) => panic!("a lost race is a conflict: {other:?}"),
            }
        });
    }
    let landed: BTreeMap<usize, bool> = tasks.join_all().await.into_iter().collect();
    landed.into_values().collect()
}

/// Can the sessions in `rest` be played one after another from `now`, ending in `end`? All of them
/// decided on the versions of `read`.
fn some_order_gives(rest: &[&Session], read: [i64; 3], now: [i64; 3], end: [i64; 3]) -> bool {
    if rest.is_empty() {
        return now == end;
    }
    (0..rest.len()).any(|first| {
        let mut after = now;
        for step in rest[first] {
            let (Step::Expect(row) | Step::Raise(row)) = *step;
            if now[row] != read[row] {
                return false;
            }
            if let Step::Raise(row) = *step {
                after[row] += 1;
            }
        }
        let others: Vec<&Session> =
            rest.iter().enumerate().filter(|(at, _)| *at != first).map(|(_, one)| *one).collect();
        some_order_gives(&others, read, after, end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_judge_knows_skew_from_order() {
        let expects_0 = vec![Step::Expect(0), Step::Raise(1)];
        let expects_1 = vec![Step::Expect(1), Step::Raise(0)];
        let raises_2 = vec![Step::Expect(0), Step::Raise(2)];
        let start = [1, 1, 1];
        assert!(!some_order_gives(&[&expects_0, &expects_1], start, start, [2, 2, 1]));
        assert!(some_order_gives(&[&expects_1, &raises_2], start, start, [2, 1, 2]));
        assert!(!some_order_gives(&[&expects_1], start, start, [2, 2, 1]));
    }
}
