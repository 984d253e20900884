//! Faults around a commit. A caller that looks under its idempotency key before it tries again has
//! one effect and one answer, whichever side of the commit the fault was on (I11).

use crate::{Fault, FaultyEngine, Salon, a_monday_morning};
use jiff::ToSpan;
use std::sync::Arc;
use vestnik_domain::ids::AppointmentId;
use vestnik_store::{ChangeSet, CommitError, Engine, ReadError, Store};

const TRIES_MOST: usize = 10;

pub(super) async fn exercise(engine: Arc<dyn Engine>) {
    use Fault::{LostAfterCommit, LostBeforeCommit, Nothing, Unavailable};
    let now = a_monday_morning();
    let faulty = Arc::new(FaultyEngine::around(engine));
    let store = Store::new(faulty.clone());
    let mut salon = Salon::new(1, now);
    store.commit(salon.set_up()).await.unwrap();
    let commits: &[&[Fault]] = &[
        &[],
        &[Unavailable],
        &[LostBeforeCommit],
        &[LostAfterCommit],
        &[LostBeforeCommit, LostBeforeCommit, LostAfterCommit],
        &[Unavailable, LostAfterCommit, LostAfterCommit],
    ];
    let mut booked = 0;
    for (case, faults) in commits.iter().enumerate() {
        for reads in [&[][..], &[Nothing, Nothing, Unavailable], &[Unavailable]] {
            faulty.plan_commits(faults.iter().copied());
            faulty.plan_reads(reads.iter().copied());
            booked += 1;
            let key = format!("request {booked}");
            let answer = book_once(&store, &mut salon, &key).await;
            faulty.forget_plans();
            // The client asks once more: the same answer, no second effect.
            assert_eq!(book_once(&store, &mut salon, &key).await, answer, "case {case}");
            let stored =
                store.appointments_of_client(salon.id(), salon.client.id, now).await.unwrap();
            assert_eq!(stored.len(), booked, "case {case}: {faults:?}, {reads:?}");
            assert!(stored.iter().any(|appointment| appointment.id.to_string() == answer));
        }
    }
    let date = salon.appointment(now).facts.start_local.date();
    let guard = store.staff_day(salon.id(), salon.staff.id, date).await.unwrap();
    assert_eq!(usize::try_from(guard.version).unwrap(), booked);
}

/// What every use case with an idempotency key does, in short.
async fn book_once(store: &Store, salon: &mut Salon, key: &str) -> String {
    for _ in 0..TRIES_MOST {
        match book(store, salon, key).await {
            Ok(Ok(id)) => return id.to_string(),
            Ok(Err(Answered(answer))) => return answer,
            Err(_) => {}
        }
    }
    panic!("{TRIES_MOST} tries were not enough");
}

struct Answered(String);

enum Lost {
    Read(#[expect(dead_code, reason = "shown when a test fails")] ReadError),
    Commit(#[expect(dead_code, reason = "shown when a test fails")] CommitError),
}

async fn book(
    store: &Store,
    salon: &mut Salon,
    key: &str,
) -> Result<Result<AppointmentId, Answered>, Lost> {
    if let Some(found) = store.idempotency_key(salon.id(), key).await.map_err(Lost::Read)? {
        return Ok(Err(Answered(found.result)));
    }
    let appointment = salon.appointment(a_monday_morning() + 1.hour());
    let date = appointment.facts.start_local.date();
    let guard = store.staff_day(salon.id(), salon.staff.id, date).await.map_err(Lost::Read)?;
    let mut change_set = ChangeSet::new();
    change_set.insert(&appointment);
    change_set.insert(&salon.idempotency_key(key, &appointment.id.to_string()));
    let raised = salon.staff_day(date, guard.version + 1);
    match guard.version {
        0 => change_set.insert(&raised),
        version => change_set.update(&raised, version),
    };
    store.commit(change_set).await.map_err(Lost::Commit)?;
    Ok(Ok(appointment.id))
}
