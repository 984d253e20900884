//! The simulated world: one database, two nodes over it, salons with phones, and a clock.

use super::carriers::Pushed;
use super::clocks::{ClockJump, ClockStep};
use super::commands::{Command, Outcome};
use super::deeds::OlderCopy;
use super::engine::{Fault, Strikes};
use super::executor::{Call, Tried, run};
use super::invariant::{Checked, Invariant, Violation};
use super::journals::Linked;
use super::model::Model;
use super::node::{Ground, Node};
use super::peers::carrier::CarrierPeer;
use super::peers::journal::JournalPeer;
use super::peers::phone::PhonePeer;
use super::setup::Salon;
use super::surroundings::StepClock;
use super::temper::Temper;
use super::totals::Totals;
use crate::chance::Chance;
use jiff::Timestamp;
use std::sync::Arc;
use vestnik_app::{App, AppError, Clock, nodes};
use vestnik_domain::ids::OrganizationId;
use vestnik_store_sqlite::InlineEngine;

pub(super) struct World {
    pub(super) temper: Temper,
    pub(super) chance: Chance,
    pub(super) clock: Arc<StepClock>,
    pub(super) ground: Ground,
    pub(super) nodes: Vec<Node>,
    /// Looks at what is so; never killed, never changes anything.
    pub(super) auditor: App,
    pub(super) salons: Vec<Salon>,
    pub(super) phones: Vec<PhonePeer>,
    /// Senders that we call.
    pub(super) pushed: Vec<Pushed>,
    /// The branch that an external journal has too.
    pub(super) linked: Option<Linked>,
    pub(super) model: Model,
    /// An older copy of the database that may be put back.
    pub(super) copy: Option<OlderCopy>,
    /// How far the database's clock is off, and until when.
    pub(super) clock_step: Option<ClockStep>,
    /// The clock jumped for good, and not all nodes believe it yet.
    pub(super) clock_jump: Option<ClockJump>,
    pub(super) totals: Totals,
    pub(super) step: u64,
    /// Faults are over: the history has come to its end.
    pub(super) is_calm: bool,
    /// Something was called since the loops came to rest.
    pub(super) is_stirred: bool,
    /// A heartbeat failed: when its node beats again, and the loops look again.
    pub(super) beats_again_at: Option<Timestamp>,
    /// When time alone next moves anything.
    pub(super) next_due: Option<Timestamp>,
    trace: Option<Vec<String>>,
}

/// Whom outside of the installation calls may have reached.
#[derive(Clone, Copy)]
struct Reach {
    carrier: bool,
    journal: bool,
    writes_there: bool,
}

impl Reach {
    const ALL: Reach = Reach { carrier: true, journal: true, writes_there: true };
}

impl World {
    /// Nothing stays of what the database held.
    pub(super) fn new(
        seed: u64,
        database: &Arc<InlineEngine>,
        with_trace: bool,
    ) -> Result<World, Violation> {
        surely(database.empty())?;
        let database = Arc::clone(database);
        let mut chance = Chance::new(seed);
        let temper = Temper::of(&mut chance);
        let clock = Arc::new(StepClock::starting_at(temper.begin));
        let mut key = [0; 32];
        key.fill_with(|| chance.draw().to_le_bytes()[0]);
        let carrier = Arc::new(CarrierPeer::new(
            chance.draw(),
            temper.carrier(),
            Arc::clone(&clock) as Arc<dyn Clock>,
        ));
        let journal = Arc::new(JournalPeer::new(
            chance.draw(),
            temper.journal(),
            Arc::clone(&clock) as Arc<dyn Clock>,
        ));
        let ground = Ground { database, clock: Arc::clone(&clock), key, carrier, journal };
        let auditor = ground.process(chance.branch()).app;
        let first = Node::start(&ground, chance.branch(), None, &[])?;
        // The second one has seen the first one beat.
        let seen = surely(read(nodes::beating(&auditor))?)?;
        let sidecar = Some(surely(read(nodes::beat(&first.app))?)?);
        let first = Node { sidecar, ..first };
        let second = Node::start(&ground, chance.branch(), None, &seen)?;
        let nodes = vec![first, second];
        let model = Model::new(temper.phones_in_trouble, temper.fault_percent > 0);
        Ok(World {
            temper,
            chance,
            clock,
            ground,
            nodes,
            auditor,
            salons: Vec::new(),
            phones: Vec::new(),
            pushed: Vec::new(),
            linked: None,
            model,
            copy: None,
            clock_step: None,
            clock_jump: None,
            totals: Totals::default(),
            step: 0,
            is_calm: true,
            is_stirred: true,
            beats_again_at: None,
            next_due: None,
            trace: with_trace.then(Vec::new),
        })
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn note(&mut self, words: impl FnOnce() -> String) {
        let (step, now) = (self.step, self.clock.now());
        if let Some(trace) = &mut self.trace {
            trace.push(format!("#{step} {now} {}", words()));
        }
    }

    pub(super) fn is_traced(&self) -> bool {
        self.trace.is_some()
    }

    pub(super) fn trace(&mut self) -> Vec<String> {
        self.trace.take().unwrap_or_default()
    }

    /// Makes one call on some node, which may die on the way.
    pub(super) fn call(
        &mut self,
        scope: Option<OrganizationId>,
        command: Command,
    ) -> Result<Tried, Violation> {
        let node = self.any_node();
        self.call_on(node, scope, command)
    }

    /// Makes one call on this node, which may die on the way.
    pub(super) fn call_on(
        &mut self,
        node: usize,
        scope: Option<OrganizationId>,
        command: Command,
    ) -> Result<Tried, Violation> {
        let fault = self.fault(&[&command]);
        let mut ends = self.run(vec![(node, command)], fault, scope)?;
        Ok(ends.pop().unwrap_or(Tried::Killed))
    }

    /// Makes one call that meets no fault.
    pub(super) fn call_surely(
        &mut self,
        scope: Option<OrganizationId>,
        command: Command,
    ) -> Result<Outcome, Violation> {
        let node = self.any_node();
        match self.run(vec![(node, command)], None, scope)?.pop() {
            Some(Tried::Answered(outcome)) => Ok(outcome),
            _ => Err(Violation::new(Invariant::Rest, "a call without faults never ended")),
        }
    }

    /// Makes two calls in turns, on the same node or on both.
    pub(super) fn race(
        &mut self,
        scope: Option<OrganizationId>,
        commands: [Command; 2],
    ) -> Result<Vec<Tried>, Violation> {
        self.totals.races += 1;
        let [one, other] = &commands;
        let fault = self.fault(&[one, other]);
        let calls = commands.into_iter().map(|command| (self.any_node(), command)).collect();
        self.run(calls, fault, scope)
    }

    fn fault(&mut self, commands: &[&Command]) -> Option<(Strikes, Fault)> {
        if self.is_calm || !self.chance.percent(self.temper.fault_percent) {
            return None;
        }
        let mut fault = *self.chance.one_of(&Fault::ALL)?;
        let all = |fits: fn(&Command) -> bool| commands.iter().all(|command| fits(command));
        if all(Command::drives) && self.chance.percent(50) {
            let at_the_socket = [Fault::KilledBefore, Fault::KilledAfter, Fault::Paused];
            fault = *self.chance.one_of(&at_the_socket)?;
            if fault == Fault::Paused && self.present().len() < 2 {
                return None;
            }
            return Some((Strikes::Submit(self.chance.draw() % 2), fault));
        }
        // Between the intents of one lane, and between the last of them and the carrier.
        if all(Command::drives) && self.present().len() > 1 && self.chance.percent(50) {
            return Some(match self.chance.percent(50) {
                true => (Strikes::Commit(self.chance.draw() % 3), Fault::PausedAfter),
                false => (Strikes::Call(self.chance.draw() % 24), Fault::Paused),
            });
        }
        if all(Command::asks_journal) && self.chance.percent(50) {
            let at_the_journal = [Fault::KilledBefore, Fault::KilledAfter, Fault::Paused];
            fault = *self.chance.one_of(&at_the_journal)?;
            if fault == Fault::Paused && self.present().len() < 2 {
                return None;
            }
            return Some((Strikes::Journal(self.chance.draw() % 2), fault));
        }
        // A loop may stand still anywhere: nobody waits for its answer.
        if all(Command::is_a_loop) && self.present().len() > 1 && self.chance.percent(20) {
            fault = Fault::Paused;
        }
        let strikes = match self.chance.percent(60) {
            true => Strikes::Commit(self.chance.draw() % 2),
            false => Strikes::Call(self.chance.draw() % 16),
        };
        Some((strikes, fault))
    }

    fn run(
        &mut self,
        calls: Vec<(usize, Command)>,
        fault: Option<(Strikes, Fault)>,
        scope: Option<OrganizationId>,
    ) -> Result<Vec<Tried>, Violation> {
        // A heartbeat alone moves nothing that a loop would have to look at.
        self.is_stirred |= calls.iter().any(|(_, command)| !matches!(command, Command::Beat));
        let in_turns = calls.len() > 1;
        let reach = Reach {
            carrier: calls.iter().any(|(_, command)| command.drives()),
            journal: calls.iter().any(|(_, command)| command.asks_journal()),
            writes_there: calls.iter().any(|(_, command)| matches!(command, Command::WriteBack)),
        };
        let struck_node = calls.first().map(|(node, _)| *node);
        for (place, node) in self.nodes.iter().enumerate() {
            if node.absence.is_some() {
                continue;
            }
            node.engine.interleave(in_turns);
            node.engine.scope_to(scope.map(|organization| organization.0));
            node.engine.plan(fault.filter(|_| Some(place) == struck_node));
        }
        let prepared = calls
            .into_iter()
            .filter_map(|(node, command)| {
                let node = self.nodes.get(node)?;
                Some(Call::new(node.app.clone(), &node.engine, command))
            })
            .collect();
        let ends = self.run_on(struck_node.unwrap_or(0), prepared, reach)?;
        for place in self.present() {
            self.look_after(place)?;
        }
        Ok(ends)
    }

    /// What a node goes on with after it stood still.
    pub(super) fn go_on(&mut self, place: usize, calls: Vec<Call>) -> Checked {
        let Some(node) = self.nodes.get(place) else { return Ok(()) };
        node.engine.resume();
        self.run_on(place, calls, Reach::ALL)?;
        self.look_after(place)
    }

    fn run_on(
        &mut self,
        place: usize,
        calls: Vec<Call>,
        reach: Reach,
    ) -> Result<Vec<Tried>, Violation> {
        let (ends, set_aside) = run(calls, &mut self.chance);
        if !set_aside.is_empty() {
            self.absent(place, Some(set_aside));
        }
        if reach.carrier {
            let cleanly = ends.iter().all(|end| matches!(end, Tried::Answered(Ok(_))));
            self.listen_to_carrier(!cleanly)?;
        }
        if reach.journal {
            self.listen_to_journal(reach.writes_there)?;
        }
        for end in &ends {
            if let Tried::Answered(Err(AppError::Internal(words))) = end {
                return Err(Violation::new(Invariant::Rest, format!("a call failed: {words}")));
            }
        }
        Ok(ends)
    }

    pub(super) fn salon_of(&self, organization: OrganizationId) -> Option<&Salon> {
        self.salons.iter().find(|salon| salon.caller.organization_id == organization)
    }
}

/// Answers of the auditor, whose store never fails.
pub(super) fn surely<T>(outcome: Result<T, impl std::fmt::Display>) -> Result<T, Violation> {
    outcome.map_err(|error| Violation::new(Invariant::Rest, format!("the auditor failed: {error}")))
}

/// Runs what only reads to its end.
pub(super) fn read<T>(future: impl Future<Output = T>) -> Result<T, Violation> {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(answer) => Ok(answer),
        std::task::Poll::Pending => Err(Violation::new(Invariant::Rest, "a read never ended")),
    }
}
