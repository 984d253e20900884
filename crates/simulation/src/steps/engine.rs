//! A node's way to the database, with the moments at which a node can die or a call can fail.
//!
//! Every call of the store is a crash point twice: before it has any effect, and after its effect but
//! before the answer. A killed node never gets its answer: the call stays pending for ever, and the
//! executor drops the use case there, as a process that is gone would have left it. The database
//! beneath is shared by all nodes and survives.

use std::future::{pending, poll_fn};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use vestnik_store::{ChangeSet, CommitError, Engine, Operation, ReadError, Row, Statement, Value};
use vestnik_store_sqlite::InlineEngine;

/// What strikes one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The node dies, the call had no effect.
    KilledBefore,
    /// The node dies, the call took effect.
    KilledAfter,
    /// The database does not answer; nothing landed.
    Unavailable,
    /// The commit is lost, and the node cannot know.
    LostBefore,
    /// The commit landed, but its answer is lost.
    LostAfter,
    /// The node stands still before the call, and goes on much later as if nothing had been.
    Paused,
    /// The node stands still after the call took effect, before it hears so.
    PausedAfter,
}

impl Fault {
    pub(super) const ALL: [Fault; 5] = [
        Fault::KilledBefore,
        Fault::KilledAfter,
        Fault::Unavailable,
        Fault::LostBefore,
        Fault::LostAfter,
    ];

    pub(super) fn kills(self) -> bool {
        matches!(self, Fault::KilledBefore | Fault::KilledAfter)
    }

    pub(super) fn pauses(self) -> bool {
        matches!(self, Fault::Paused | Fault::PausedAfter)
    }
}

/// Which call is struck, counted from 0 from the planning on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strikes {
    /// Of the store.
    Call(u64),
    Commit(u64),
    /// Of a carrier.
    Submit(u64),
    /// Of an external journal.
    Journal(u64),
}

/// What a node calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Called {
    Read,
    Commit,
    Carrier,
    Journal,
}

impl Strikes {
    /// How many such calls are still passed over; `None` if `called` is none of them.
    fn left(self, called: Called) -> Option<u64> {
        match (self, called) {
            (Strikes::Call(left), Called::Read | Called::Commit)
            | (Strikes::Commit(left), Called::Commit)
            | (Strikes::Submit(left), Called::Carrier)
            | (Strikes::Journal(left), Called::Journal) => Some(left),
            _ => None,
        }
    }

    fn less(self) -> Strikes {
        match self {
            Strikes::Call(left) => Strikes::Call(left.saturating_sub(1)),
            Strikes::Commit(left) => Strikes::Commit(left.saturating_sub(1)),
            Strikes::Submit(left) => Strikes::Submit(left.saturating_sub(1)),
            Strikes::Journal(left) => Strikes::Journal(left.saturating_sub(1)),
        }
    }
}

#[derive(Debug, Default)]
struct State {
    planned: Option<(Strikes, Fault)>,
    struck: Option<Fault>,
    /// It stands still.
    paused: bool,
    /// Other calls may come in between.
    interleaved: bool,
    /// The only organization whose rows may be written just now (I9).
    scope: Option<i64>,
    /// The table in which a row of another organization was written.
    strayed: Option<&'static str>,
}

/// One life of one node at the shared database.
pub(super) struct NodeEngine {
    inner: Arc<InlineEngine>,
    state: Mutex<State>,
}

impl NodeEngine {
    pub(super) fn at(inner: Arc<InlineEngine>) -> NodeEngine {
        NodeEngine { inner, state: Mutex::default() }
    }

    pub(super) fn plan(&self, fault: Option<(Strikes, Fault)>) {
        let mut state = self.state();
        state.planned = fault;
        state.struck = None;
    }

    pub(super) fn interleave(&self, interleaved: bool) {
        self.state().interleaved = interleaved;
    }

    pub(super) fn scope_to(&self, organization: Option<i64>) {
        self.state().scope = organization;
    }

    /// What struck since the last planning.
    pub(super) fn struck(&self) -> Option<Fault> {
        self.state().struck
    }

    pub(super) fn is_killed(&self) -> bool {
        self.struck().is_some_and(Fault::kills)
    }

    pub(super) fn is_paused(&self) -> bool {
        self.state().paused
    }

    /// It goes on where it stood still.
    pub(super) fn resume(&self) {
        let mut state = self.state();
        state.paused = false;
        state.planned = None;
        state.struck = None;
        state.scope = None;
    }

    pub(super) fn strayed(&self) -> Option<&'static str> {
        self.state().strayed.take()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_fault(&self, called: Called) -> Option<Fault> {
        let mut state = self.state();
        let (strikes, fault) = state.planned?;
        if strikes.left(called)? > 0 {
            state.planned = Some((strikes.less(), fault));
            return None;
        }
        state.planned = None;
        state.struck = Some(fault);
        Some(fault)
    }

    /// What strikes this call; a pause before it is over when it returns.
    async fn meets(&self, called: Called) -> Option<Fault> {
        let fault = self.next_fault(called);
        if fault == Some(Fault::Paused) {
            self.stand_still().await;
        }
        fault
    }

    async fn stand_still(&self) {
        self.state().paused = true;
        poll_fn(|_| if self.is_paused() { Poll::Pending } else { Poll::Ready(()) }).await;
    }

    /// A call of a carrier begins: what strikes it. Never returns to a node that dies before it.
    pub(super) async fn calls_carrier(&self) -> Option<Fault> {
        self.calls_outside(Called::Carrier).await
    }

    /// Likewise a call of an external journal.
    pub(super) async fn calls_journal(&self) -> Option<Fault> {
        self.calls_outside(Called::Journal).await
    }

    async fn calls_outside(&self, called: Called) -> Option<Fault> {
        self.give_way().await;
        match self.meets(called).await {
            Some(Fault::KilledBefore) => pending().await,
            other => other,
        }
    }

    /// Lets another call go on first, once.
    async fn give_way(&self) {
        if !self.state().interleaved {
            return;
        }
        let mut gave_way = false;
        poll_fn(|_| {
            if std::mem::replace(&mut gave_way, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    fn look_at_scope(&self, change_set: &ChangeSet) {
        let mut state = self.state();
        let Some(scope) = state.scope else { return };
        let stray = change_set.operations.iter().find(|operation| {
            organization_of(operation).is_some_and(|organization| organization != scope)
        });
        if let Some(operation) = stray {
            state.strayed = Some(operation.table().name);
        }
    }
}

/// Whose row an operation writes or expects; `None` where the table does not say.
fn organization_of(operation: &Operation) -> Option<i64> {
    let value = match operation {
        Operation::Insert { table, row } | Operation::Update { table, row, .. } => {
            let column = if table.name == "organizations" { "id" } else { "organization_id" };
            row.get(table.position(column)?)?
        }
        Operation::Expect { table, key, .. } | Operation::Add { table, key, .. } => {
            key.get(table.key.iter().position(|column| *column == "organization_id")?)?
        }
    };
    match value {
        Value::Integer(id) => Some(*id),
        _ => None,
    }
}

const WORDS: &str = "the database of the simulation failed";

#[async_trait::async_trait]
impl Engine for NodeEngine {
    async fn read(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, ReadError> {
        self.give_way().await;
        match self.meets(Called::Read).await {
            None | Some(Fault::Paused | Fault::PausedAfter) => {
                self.inner.read(statement, parameters).await
            }
            Some(Fault::KilledBefore | Fault::KilledAfter) => pending().await,
            Some(_) => Err(ReadError::Unavailable(WORDS.to_owned())),
        }
    }

    async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
        self.give_way().await;
        self.look_at_scope(&change_set);
        let unknown = || Err(CommitError::OutcomeUnknown(WORDS.to_owned()));
        match self.meets(Called::Commit).await {
            None | Some(Fault::Paused) => self.inner.commit(change_set).await,
            Some(Fault::PausedAfter) => {
                let answer = self.inner.commit(change_set).await;
                self.stand_still().await;
                answer
            }
            Some(Fault::KilledBefore) => pending().await,
            Some(Fault::KilledAfter) => {
                // Whether it landed or was refused, nobody is left to hear it.
                drop(self.inner.commit(change_set).await);
                pending().await
            }
            Some(Fault::Unavailable) => Err(CommitError::Unavailable(WORDS.to_owned())),
            Some(Fault::LostBefore) => unknown(),
            Some(Fault::LostAfter) => match self.inner.commit(change_set).await {
                Ok(()) => unknown(),
                refusal => refusal,
            },
        }
    }

    async fn clock(&self) -> Result<jiff::Timestamp, ReadError> {
        self.inner.clock().await
    }

    async fn describe(&self) -> Result<String, ReadError> {
        self.inner.describe().await
    }

    async fn back_up(&self, path: &Path) -> Result<(), ReadError> {
        self.inner.back_up(path).await
    }
}
