//! The simulated world: one database, two nodes over it, salons with phones, and a clock.

use super::commands::{Command, Outcome};
use super::engine::{Fault, Strikes};
use super::executor::{Call, Tried, run};
use super::invariant::{Checked, Invariant, Violation, ensure};
use super::model::Model;
use super::node::Node;
use super::peers::phone::PhonePeer;
use super::setup::Salon;
use super::surroundings::StepClock;
use super::temper::Temper;
use super::totals::Totals;
use crate::chance::Chance;
use jiff::Timestamp;
use std::sync::Arc;
use vestnik_app::{App, AppError, Clock};
use vestnik_domain::ids::OrganizationId;
use vestnik_store_sqlite::InlineEngine;

pub(super) const NODES: usize = 2;

pub(super) struct World {
    pub(super) temper: Temper,
    pub(super) chance: Chance,
    pub(super) clock: Arc<StepClock>,
    database: Arc<InlineEngine>,
    key: [u8; 32],
    nodes: Vec<Node>,
    /// Looks at what is so; never killed, never changes anything.
    pub(super) auditor: App,
    pub(super) salons: Vec<Salon>,
    pub(super) phones: Vec<PhonePeer>,
    pub(super) model: Model,
    pub(super) totals: Totals,
    pub(super) step: u64,
    /// Faults are over: the history has come to its end.
    pub(super) is_calm: bool,
    /// Something was called since the loops came to rest.
    pub(super) is_stirred: bool,
    /// When time alone next moves anything.
    pub(super) next_due: Option<Timestamp>,
    trace: Option<Vec<String>>,
}

impl World {
    pub(super) fn new(seed: u64, with_trace: bool) -> Result<World, Violation> {
        let mut chance = Chance::new(seed);
        let temper = Temper::of(&mut chance);
        let database = InlineEngine::new()
            .map_err(|error| Violation::new(Invariant::Rest, format!("no database: {error}")))?;
        let database = Arc::new(database);
        let clock = Arc::new(StepClock::starting_at(temper.begin));
        let mut key = [0; 32];
        key.fill_with(|| chance.draw().to_le_bytes()[0]);
        let mut start = || Node::start(&database, &clock, key, chance.branch());
        let auditor = start().app;
        let nodes = (0..NODES).map(|_| start()).collect();
        let model = Model::new(temper.phones_in_trouble);
        Ok(World {
            temper,
            chance,
            clock,
            database,
            key,
            nodes,
            auditor,
            salons: Vec::new(),
            phones: Vec::new(),
            model,
            totals: Totals::default(),
            step: 0,
            is_calm: true,
            is_stirred: true,
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

    pub(super) fn trace(&mut self) -> Vec<String> {
        self.trace.take().unwrap_or_default()
    }

    pub(super) fn any_node(&mut self) -> usize {
        usize::try_from(self.chance.draw() % NODES as u64).unwrap_or(0)
    }

    /// Makes one call on some node, which may die on the way.
    pub(super) fn call(
        &mut self,
        scope: Option<OrganizationId>,
        command: Command,
    ) -> Result<Tried, Violation> {
        let node = self.any_node();
        let fault = self.fault();
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
        let fault = self.fault();
        let calls = commands.into_iter().map(|command| (self.any_node(), command)).collect();
        self.run(calls, fault, scope)
    }

    fn fault(&mut self) -> Option<(Strikes, Fault)> {
        if self.is_calm || !self.chance.percent(self.temper.fault_percent) {
            return None;
        }
        let fault = *self.chance.one_of(&Fault::ALL)?;
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
        self.is_stirred = true;
        let in_turns = calls.len() > 1;
        let struck_node = calls.first().map(|(node, _)| *node);
        for (place, node) in self.nodes.iter().enumerate() {
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
        let ends = run(prepared, &mut self.chance);
        for place in 0..self.nodes.len() {
            self.look_after(place)?;
        }
        for end in &ends {
            if let Tried::Answered(Err(AppError::Internal(words))) = end {
                return Err(Violation::new(Invariant::Rest, format!("a call failed: {words}")));
            }
        }
        Ok(ends)
    }

    /// Counts what struck a node, and starts it anew if it died.
    fn look_after(&mut self, place: usize) -> Checked {
        let Some(node) = self.nodes.get_mut(place) else { return Ok(()) };
        let (struck, strayed) = (node.engine.struck(), node.engine.strayed());
        ensure(strayed.is_none(), Invariant::OwnRows, || {
            format!("a row of another organization was written in {}", strayed.unwrap_or_default())
        })?;
        match struck {
            None => {}
            Some(fault) if fault.kills() => {
                *node = Node::start(&self.database, &self.clock, self.key, self.chance.branch());
                self.totals.kills += 1;
                self.note(|| format!("node {place} is {fault:?} and starts anew"));
            }
            Some(fault) => {
                node.engine.plan(None);
                self.totals.failures += 1;
                self.note(|| format!("the database failed node {place}: {fault:?}"));
            }
        }
        Ok(())
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
