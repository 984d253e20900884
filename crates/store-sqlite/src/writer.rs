//! The one thread that writes. It commits in groups: whatever waits when it comes round shares one
//! flush to disk. It never waits to fill a group. One that loses does not hurt the others: a group is
//! first written straight through, since most lose nothing, and if one did, it is undone and written
//! again with each change-set in a savepoint of its own, which costs a copy of every page it touches.

use crate::connection::copy_to;
use crate::execute::{self, Write};
use rusqlite::Connection;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;
use vestnik_store::{CommitError, Urgency};

/// A group closes after this many change-sets…
const GROUP_MOST: usize = 256;
/// …or after this many row writes: about 5 ms of work, so that nobody waits long behind a bulk load.
const GROUP_ROWS_MOST: usize = 1_000;

type Answer = oneshot::Sender<Result<(), CommitError>>;

/// A change-set in the writer's words.
pub(crate) struct Wanted {
    pub(crate) urgency: Urgency,
    pub(crate) writes: Vec<Write>,
    pub(crate) answer: Answer,
}

pub(crate) enum Request {
    Commit(Wanted),
    BackUp(std::path::PathBuf, oneshot::Sender<rusqlite::Result<()>>),
}

/// The writing thread; it finishes what waits and ends when this is dropped.
pub(crate) struct Writer {
    requests: Option<Mutex<Sender<Request>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(connection: Connection) -> std::io::Result<Writer> {
        let (requests, inbox) = channel();
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || run(&connection, &inbox))?;
        Ok(Writer { requests: Some(Mutex::new(requests)), thread: Some(thread) })
    }

    /// Hands a request over; `false` once the writer has stopped.
    pub(crate) fn send(&self, request: Request) -> bool {
        self.requests.as_ref().is_some_and(|requests| {
            requests.lock().unwrap_or_else(PoisonError::into_inner).send(request).is_ok()
        })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What waits, by urgency: interactive first, bulk last.
#[derive(Default)]
struct Waiting {
    queues: [VecDeque<Wanted>; 3],
}

impl Waiting {
    fn push(&mut self, wanted: Wanted) {
        let queue = match wanted.urgency {
            Urgency::Interactive => &mut self.queues[0],
            Urgency::Dispatch => &mut self.queues[1],
            Urgency::Bulk => &mut self.queues[2],
        };
        queue.push_back(wanted);
    }

    fn pop(&mut self) -> Option<Wanted> {
        self.queues.iter_mut().find_map(VecDeque::pop_front)
    }

    /// The first of what waits, as far as one commit goes.
    fn next_group(&mut self) -> Vec<Wanted> {
        let mut group = Vec::new();
        let mut rows = 0;
        while group.len() < GROUP_MOST && rows < GROUP_ROWS_MOST {
            let Some(wanted) = self.pop() else { break };
            rows += wanted.writes.len();
            group.push(wanted);
        }
        group
    }

    fn is_empty(&self) -> bool {
        self.queues.iter().all(VecDeque::is_empty)
    }
}

fn run(connection: &Connection, inbox: &Receiver<Request>) {
    let mut waiting = Waiting::default();
    let mut open = true;
    while open || !waiting.is_empty() {
        if waiting.is_empty() {
            match inbox.recv() {
                Ok(request) => take(connection, &mut waiting, request),
                Err(_) => open = false,
            }
        }
        // Everything that arrived meanwhile, so that interactive work overtakes bulk.
        loop {
            match inbox.try_recv() {
                Ok(request) => take(connection, &mut waiting, request),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    open = false;
                    break;
                }
            }
        }
        commit_group(connection, &mut waiting);
    }
}

fn take(connection: &Connection, waiting: &mut Waiting, request: Request) {
    match request {
        Request::Commit(wanted) => waiting.push(wanted),
        Request::BackUp(path, answer) => {
            let _ = answer.send(copy_to(connection, &path));
        }
    }
}

/// Commits one group and answers everybody in it.
fn commit_group(connection: &Connection, waiting: &mut Waiting) {
    let group = waiting.next_group();
    if group.is_empty() {
        return;
    }
    let landed = match write_group(connection, group) {
        Ok(landed) => landed,
        Err((error, group)) => {
            // Nothing was done for anybody; let them know rather than spin.
            for wanted in group.into_iter().chain(std::iter::from_fn(|| waiting.pop())) {
                let _ = wanted.answer.send(Err(CommitError::Unavailable(error.to_string())));
            }
            return;
        }
    };
    let outcome = connection.execute_batch("COMMIT");
    if let Err(error) = &outcome {
        tracing::error!(%error, change_sets = landed.len(), "a commit failed");
        // Leaves no transaction open for the next group; its own failure changes nothing.
        let _ = connection.execute_batch("ROLLBACK");
    }
    for answer in landed {
        let _ = answer.send(match &outcome {
            Ok(()) => Ok(()),
            Err(error) => Err(CommitError::OutcomeUnknown(error.to_string())),
        });
    }
}

/// Begins and writes; those that lost are answered, those that did not wait for the commit.
fn write_group(
    connection: &Connection,
    group: Vec<Wanted>,
) -> Result<Vec<Answer>, (rusqlite::Error, Vec<Wanted>)> {
    if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
        return Err((error, group));
    }
    if group.iter().all(|wanted| execute::apply(connection, &wanted.writes).is_ok()) {
        return Ok(group.into_iter().map(|wanted| wanted.answer).collect());
    }
    if let Err(error) = connection.execute_batch("ROLLBACK; BEGIN IMMEDIATE") {
        return Err((error, group));
    }
    let mut landed = Vec::with_capacity(group.len());
    for wanted in group {
        match in_savepoint(connection, &wanted.writes) {
            Ok(()) => landed.push(wanted.answer),
            Err(error) => {
                let _ = wanted.answer.send(Err(error));
            }
        }
    }
    Ok(landed)
}

fn in_savepoint(connection: &Connection, writes: &[Write]) -> Result<(), CommitError> {
    let unavailable = |error: rusqlite::Error| CommitError::Unavailable(error.to_string());
    let run = |sql: &str| -> Result<(), CommitError> {
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute([]))
            .map_err(unavailable)?;
        Ok(())
    };
    run("SAVEPOINT change_set")?;
    let applied = execute::apply(connection, writes);
    if applied.is_err() {
        run("ROLLBACK TO change_set")?;
    }
    run("RELEASE change_set")?;
    applied
}
