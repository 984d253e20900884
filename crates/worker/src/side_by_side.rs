//! Work that waits for other people's systems: side by side, so that one which answers slowly holds
//! up no other; one after another on the same one.

use crate::{PAUSE, PAUSE_AFTER_FAILURE, rest, turn};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::future::Future;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use vestnik_app::AppError;

/// Turns at the same time on one node, of one kind.
const AT_ONCE_MOST: usize = 64;

/// Until `stopping` changes: `due` says what there is to do, each with whom it waits for, and `work` does
/// one of them. What was begun is finished.
pub(crate) async fn works<Whom, Row, Due, Looking, Work, Working>(
    name: &'static str,
    mut stopping: watch::Receiver<bool>,
    due: Due,
    work: Work,
) where
    Whom: Ord + Clone + Debug + Send + 'static,
    Row: Send + 'static,
    Due: Fn() -> Looking,
    Looking: Future<Output = Result<Vec<(Whom, Row)>, AppError>> + Send + 'static,
    Work: Fn(Row) -> Working,
    Working: Future<Output = Result<(), AppError>> + Send + 'static,
{
    let mut at_work = JoinSet::new();
    let mut busy = BTreeSet::new();
    loop {
        let pause = match turn::take(due()).await {
            Ok(rows) => {
                for (whom, row) in rows {
                    if at_work.len() < AT_ONCE_MOST && busy.insert(whom.clone()) {
                        at_work.spawn(one(name, whom, work(row)));
                    }
                }
                PAUSE
            }
            Err(error) => {
                tracing::error!(loop_name = name, %error, "a turn failed");
                PAUSE_AFTER_FAILURE
            }
        };
        tokio::select! {
            biased;
            _ = stopping.changed() => break,
            Some(ended) = at_work.join_next() => note_end(ended, &mut busy),
            () = rest(pause) => {}
        }
        while let Some(ended) = at_work.try_join_next() {
            note_end(ended, &mut busy);
        }
    }
    while at_work.join_next().await.is_some() {}
}

/// One turn, with a rest after a failure: its row is due still.
async fn one<Whom: Debug>(
    name: &'static str,
    whom: Whom,
    working: impl Future<Output = Result<(), AppError>> + Send + 'static,
) -> Whom {
    if let Err(error) = turn::take(working).await {
        tracing::error!(loop_name = name, ?whom, %error, "a turn failed");
        rest(PAUSE_AFTER_FAILURE).await;
    }
    whom
}

fn note_end<Whom: Ord>(ended: Result<Whom, JoinError>, busy: &mut BTreeSet<Whom>) {
    match ended {
        Ok(whom) => {
            busy.remove(&whom);
        }
        // Whose turn it was cannot be told from here, so all may begin anew.
        Err(error) => {
            tracing::error!(%error, "a turn died");
            busy.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc;

    #[tokio::test]
    async fn one_that_hangs_holds_up_no_other_and_is_not_begun_twice() {
        let (begun, mut begins) = mpsc::unbounded_channel();
        let (stop, stopping) = watch::channel(false);
        let (free, freed) = watch::channel(false);
        let rows = vec![("hangs", 1), ("hangs", 2), ("answers", 3)];
        let due = move || std::future::ready(Ok::<_, AppError>(rows.clone()));
        let work = move |row: i32| {
            let (begun, mut freed) = (begun.clone(), freed.clone());
            async move {
                begun.send(row).map_err(|_| AppError::NotFound("test"))?;
                if row != 3 {
                    freed.wait_for(|free| *free).await.map_err(|_| AppError::NotFound("test"))?;
                }
                Ok::<(), AppError>(())
            }
        };
        let running = tokio::spawn(works("test", stopping, due, work));
        let mut rows: Vec<i32> = Vec::new();
        while rows.iter().filter(|row| **row == 3).count() < 3 {
            rows.extend(begins.recv().await);
        }
        rows.retain(|row| *row != 3);
        assert_eq!(rows, [1], "its second row waits for the first");
        stop.send(true).unwrap();
        free.send(true).unwrap();
        running.await.unwrap();
    }
}
