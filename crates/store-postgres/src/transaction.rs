//! A change-set as one transaction that is on its way in one pipeline.

use crate::engine::{TOGETHER_MOST, references, words};
use crate::write::{Write, gathered, one_by_one};
use deadpool_postgres::Object;
use futures::future::{join_all, try_join_all};
use std::sync::atomic::{AtomicBool, Ordering};
use vestnik_store::{CommitError, Operation};

/// How a transaction ended, and whether its connection is as it was before.
pub(crate) struct Ended {
    pub(crate) outcome: Result<(), CommitError>,
    pub(crate) is_clean: bool,
}

/// Lands a change-set, its inserts into one table together where there are many.
pub(crate) async fn land(connection: &Object, operations: Vec<Operation>) -> Ended {
    let Some(writes) = gathered(&operations) else {
        return land_writes(connection, &one_by_one(operations)).await;
    };
    let ended = land_writes(connection, &writes).await;
    match ended.outcome {
        // Of rows that were written together nobody knows which one lost: asked again one by one.
        Err(CommitError::Conflict { .. }) if ended.is_clean => {
            land_writes(connection, &one_by_one(operations)).await
        }
        _ => ended,
    }
}

/// The whole transaction, its `COMMIT` in one pipeline with the last writes: a write that loses fails,
/// and the server then refuses all that follows, so that the `COMMIT` lands everything or nothing.
async fn land_writes(connection: &Object, writes: &[Write]) -> Ended {
    let prepared = try_join_all(writes.iter().map(|write| connection.prepare_cached(write.sql)));
    let prepared = match prepared.await {
        Ok(prepared) => prepared,
        Err(error) => {
            let outcome = Err(CommitError::Unavailable(words(&error)));
            return Ended { outcome, is_clean: error.code().is_some() };
        }
    };
    let ready: Vec<_> = writes.iter().zip(&prepared).collect();
    let mut parts = ready.chunks(TOGETHER_MOST).peekable();
    let mut is_first = true;
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        let ended = land_part(connection, part, is_first, is_last).await;
        if is_last || ended.outcome.is_err() {
            return ended;
        }
        is_first = false;
    }
    Ended { outcome: Ok(()), is_clean: true }
}

/// One pipeline of it; the order in which the statements are polled first is that in which they leave.
async fn land_part(
    connection: &Object,
    part: &[(&Write, &tokio_postgres::Statement)],
    is_first: bool,
    is_last: bool,
) -> Ended {
    // A statement that never left must not be missing from what is committed; looked at when it is the
    // turn of the COMMIT to leave.
    let failed = AtomicBool::new(false);
    let commits = AtomicBool::new(false);
    let begin = async { if is_first { connection.batch_execute("BEGIN").await } else { Ok(()) } };
    let run = join_all(part.iter().map(|(write, statement)| {
        let failed = &failed;
        async move {
            let touched = connection.execute(*statement, &references(&write.parameters)).await;
            touched.map_err(|error| {
                failed.store(true, Ordering::Relaxed);
                (*write, error)
            })
        }
    }));
    let end = async {
        match (is_last, failed.load(Ordering::Relaxed)) {
            (false, _) => Ok(()),
            (true, false) => {
                commits.store(true, Ordering::Relaxed);
                connection.batch_execute("COMMIT").await
            }
            (true, true) => connection.batch_execute("ROLLBACK").await,
        }
    };
    let (begun, outcomes, ended) = futures::future::join3(begin, run, end).await;
    // The first failure is the cause; those after it only say that the transaction is over.
    let lost = outcomes.into_iter().find_map(Result::err);
    let unanswered = |error: &tokio_postgres::Error| match commits.load(Ordering::Relaxed) {
        true => CommitError::OutcomeUnknown(words(error)),
        false => CommitError::Unavailable(words(error)),
    };
    let outcome = match (&begun, &lost, &ended) {
        (Err(error), _, _) => Err(unanswered(error)),
        (_, Some((write, error)), _) => Err(match error.code() {
            Some(code) => write.refused(code, error),
            None => unanswered(error),
        }),
        (_, None, Err(error)) => Err(unanswered(error)),
        (_, None, Ok(())) => Ok(()),
    };
    let mut is_clean = begun.is_ok() && ended.is_ok();
    if is_clean && outcome.is_err() && !is_last {
        is_clean = connection.batch_execute("ROLLBACK").await.is_ok();
    }
    Ended { outcome, is_clean }
}
