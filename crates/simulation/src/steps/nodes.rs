//! The life of the nodes: they arrive, beat, die, stand still, leave, and come back.
//!
//! A living node has been beating all along; so that hours of rest cost nothing, its heartbeat is
//! written when it next matters, before anything else happens at that instant.

use super::commands::{Answer, Command};
use super::executor::{Call, Tried};
use super::invariant::{Checked, Invariant, Violation, ensure};
use super::node::{Absence, BEAT_EVERY, Ground, LEASE, Node, Process, TAKEN_OVER_AFTER};
use super::world::{World, read, surely};
use crate::chance::Chance;
use jiff::{SignedDuration, Timestamp};
use vestnik_app::nodes::{self, ClockWatch, Sidecar};
use vestnik_app::{AppError, Clock};

impl Node {
    /// Starts with what its file remembers; `seen` are the others, as they were a heartbeat ago.
    pub(super) fn start(
        ground: &Ground,
        chance: Chance,
        remembered: Option<Sidecar>,
        seen: &[nodes::Node],
    ) -> Result<Node, Violation> {
        let Process { app, engine, clock } = ground.process(chance);
        let arrived = surely(read(nodes::arrive(app, remembered, LEASE, seen))?)?;
        Ok(Node {
            app: arrived.app,
            engine,
            sidecar: Some(arrived.sidecar),
            beat_at: ground.clock.now(),
            clock,
            watch: ClockWatch::default(),
            absence: None,
        })
    }
}

impl World {
    /// Nodes that run.
    pub(super) fn present(&self) -> Vec<usize> {
        let present = self.nodes.iter().enumerate().filter(|(_, node)| node.absence.is_none());
        present.map(|(place, _)| place).collect()
    }

    pub(super) fn any_node(&mut self) -> usize {
        let present = self.present();
        self.chance.one_of(&present).copied().unwrap_or(0)
    }

    /// Everybody who runs has written a heartbeat within the last seconds.
    pub(super) fn nodes_beat(&mut self) -> Checked {
        self.nodes_beat_after(BEAT_EVERY)
    }

    pub(super) fn nodes_beat_after(&mut self, pause: SignedDuration) -> Checked {
        for place in self.present() {
            let now = self.now();
            if self.nodes.get(place).is_none_or(|node| now.duration_since(node.beat_at) < pause) {
                continue;
            }
            self.look_at_clock(place);
            match self.call_on(place, None, Command::Beat)? {
                Tried::Answered(Ok(Answer::Sidecar(sidecar))) => {
                    if let Some(node) = self.nodes.get_mut(place) {
                        node.sidecar = Some(sidecar);
                        node.beat_at = now;
                    }
                }
                Tried::Answered(Err(AppError::Unavailable(_) | AppError::OutcomeUnknown(_))) => {
                    // A heartbeat rests as long after a failure as after a success.
                    if let Some(node) = self.nodes.get_mut(place) {
                        node.beat_at = now;
                    }
                    self.beats_again_at = Some(now + BEAT_EVERY);
                }
                Tried::Killed | Tried::Paused => {}
                Tried::Answered(other) => {
                    let words = format!("a heartbeat failed: {other:?}");
                    return Err(Violation::new(Invariant::Rest, words));
                }
            }
        }
        Ok(())
    }

    /// A process starts in the place of a node, with its file.
    pub(super) fn start_node(&mut self, place: usize) -> Checked {
        let remembered = self.nodes.get(place).and_then(|node| node.sidecar.clone());
        let node = Node::start(&self.ground, self.chance.branch(), remembered, &[])?;
        if let Some(before) = self.nodes.get_mut(place) {
            *before = node;
        }
        self.look_at_clock(place);
        Ok(())
    }

    /// Counts what struck a node, and starts it anew if it died: at once or much later.
    pub(super) fn look_after(&mut self, place: usize) -> Checked {
        let Some(node) = self.nodes.get_mut(place) else { return Ok(()) };
        let (struck, strayed) = (node.engine.struck(), node.engine.strayed());
        ensure(strayed.is_none(), Invariant::OwnRows, || {
            format!("a row of another organization was written in {}", strayed.unwrap_or_default())
        })?;
        match struck {
            None => Ok(()),
            Some(fault) if fault.pauses() => Ok(()),
            Some(fault) if fault.kills() => {
                node.engine.plan(None);
                self.totals.kills += 1;
                let stays_dead = self.present().len() > 1 && self.chance.percent(30);
                if stays_dead {
                    self.note(|| format!("node {place} is {fault:?}"));
                    self.absent(place, None);
                    return Ok(());
                }
                self.note(|| format!("node {place} is {fault:?} and starts anew"));
                self.start_node(place)
            }
            Some(fault) => {
                node.engine.plan(None);
                self.totals.failures += 1;
                self.note(|| format!("the database failed node {place}: {fault:?}"));
                Ok(())
            }
        }
    }

    /// A node does nothing for a while: shorter than a lease, longer, or longer than a try is valid.
    pub(super) fn absent(&mut self, place: usize, stands_in: Option<Vec<Call>>) {
        let seconds = match self.chance.between(&(0..=3)) {
            0 => self.chance.between(&(2..=12)),
            1 | 2 => self.chance.between(&(20..=80)),
            _ => self.chance.between(&(120..=900)),
        };
        let since = self.now();
        let until = since + SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(20));
        self.totals.absences += 1;
        let words = if stands_in.is_some() { "stands still" } else { "is gone" };
        self.note(|| format!("node {place} {words} until {until}"));
        if let Some(node) = self.nodes.get_mut(place) {
            node.absence = Some(Absence { since, until, stands_in });
        }
    }

    /// When a node comes back, or another may take its senders.
    pub(super) fn next_of_nodes(&self, now: Timestamp) -> Option<Timestamp> {
        let absences = self.nodes.iter().filter_map(|node| node.absence.as_ref());
        let moments = absences.flat_map(|one| [one.since + TAKEN_OVER_AFTER, one.until]);
        moments.chain(self.next_of_clocks()).filter(|at| *at > now).min()
    }

    /// Nodes come back whose time it is; the loops look anew where a lease has run out.
    pub(super) fn nodes_return(&mut self, now: Timestamp) -> Checked {
        for place in 0..self.nodes.len() {
            let Some(node) = self.nodes.get_mut(place) else { continue };
            let Some(absence) = &node.absence else { continue };
            if absence.since + TAKEN_OVER_AFTER == now {
                self.is_stirred = true;
            }
            if absence.until <= now {
                self.comes_back(place)?;
            }
        }
        Ok(())
    }

    pub(super) fn comes_back(&mut self, place: usize) -> Checked {
        let absence = self.nodes.get_mut(place).and_then(|node| node.absence.take());
        let Some(absence) = absence else { return Ok(()) };
        self.is_stirred = true;
        self.note(|| format!("node {place} comes back"));
        match absence.stands_in {
            None => self.start_node(place),
            Some(calls) => {
                // Its heartbeat has waited as well, and looks at the clock first.
                self.wakes_behind(place);
                self.go_on(place, calls)
            }
        }
    }

    /// A new version is rolled out: the node says that it goes, and starts anew.
    pub(super) fn restart_node(&mut self) -> Checked {
        let place = self.any_node();
        self.note(|| format!("node {place} is restarted"));
        self.call_on(place, None, Command::Leave)?;
        if self.present().contains(&place) {
            self.start_node(place)?;
        }
        Ok(())
    }

    /// A node dies or stands still by itself, if another runs.
    pub(super) fn lose_node(&mut self) -> Checked {
        if self.present().len() < 2 {
            return Ok(());
        }
        let place = self.any_node();
        let stands_in = self.chance.percent(50).then(Vec::new);
        self.absent(place, stands_in);
        Ok(())
    }
}
