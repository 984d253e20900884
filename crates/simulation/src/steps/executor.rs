//! Runs use cases to their end, to their node's death, or step by step in turns with another.
//!
//! Nothing in `app` waits for anything but the store, so a call that is pending either gave way to
//! another or belongs to a node that has just died.

use super::commands::{Command, Outcome, perform};
use super::engine::NodeEngine;
use crate::chance::Chance;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use vestnik_app::App;

/// How a call ended for whoever made it.
#[derive(Debug)]
pub(super) enum Tried {
    Answered(Outcome),
    /// Its node died: no answer ever comes.
    Killed,
    /// Its node stands still in the middle of it.
    Paused,
}

/// One call on one node.
pub(super) struct Call {
    future: Pin<Box<dyn Future<Output = Outcome> + Send>>,
    engine: Arc<NodeEngine>,
}

impl Call {
    pub(super) fn new(app: App, engine: &Arc<NodeEngine>, command: Command) -> Call {
        Call { future: Box::pin(perform(app, command)), engine: Arc::clone(engine) }
    }
}

/// Runs calls side by side; chance says whose turn it is. The ends come in the order of the calls;
/// the calls of a node that stands still are given back, to go on later.
pub(super) fn run(calls: Vec<Call>, chance: &mut Chance) -> (Vec<Tried>, Vec<Call>) {
    let mut ends: Vec<Option<Tried>> = calls.iter().map(|_| None).collect();
    let mut running: Vec<(usize, Call)> = calls.into_iter().enumerate().collect();
    let mut set_aside = Vec::new();
    let mut context = Context::from_waker(Waker::noop());
    while !running.is_empty() {
        let turn = match running.len() {
            1 => 0,
            many => usize::try_from(chance.draw() % many as u64).unwrap_or(0),
        };
        let Some((place, call)) = running.get_mut(turn) else { break };
        match call.future.as_mut().poll(&mut context) {
            Poll::Ready(outcome) => {
                if let Some(end) = ends.get_mut(*place) {
                    *end = Some(Tried::Answered(outcome));
                }
                running.swap_remove(turn);
            }
            Poll::Pending if call.engine.is_paused() => {
                let (still, others) =
                    running.into_iter().partition(|(_, call)| call.engine.is_paused());
                running = others;
                let still: Vec<(usize, Call)> = still;
                for (place, call) in still {
                    if let Some(end) = ends.get_mut(place) {
                        *end = Some(Tried::Paused);
                    }
                    set_aside.push(call);
                }
            }
            // Dropped in the middle, with everything else that the node had in its memory.
            Poll::Pending => running.retain(|(_, call)| !call.engine.is_killed()),
        }
    }
    (ends.into_iter().map(|end| end.unwrap_or(Tried::Killed)).collect(), set_aside)
}
