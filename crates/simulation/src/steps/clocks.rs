//! The clock of the database jumps: for a moment, so that nobody believes it, or for good, so that each
//! node goes on with the time that it has until it believes the new one. A process that starts
//! meanwhile believes it at once.

use super::invariant::Checked;
use super::node::BEAT_EVERY;
use super::world::World;
use jiff::{SignedDuration, Timestamp};
use vestnik_app::Clock;
use vestnik_app::nodes::ClockVerdict;

/// A moment before something falls due.
const RIGHT_BEFORE: SignedDuration = SignedDuration::from_secs(1);
/// So far ahead something is waited for.
const AHEAD_MOST: SignedDuration = SignedDuration::from_hours(3);

/// The database's clock is wrong for a moment.
pub(super) struct ClockStep {
    pub(super) jump: SignedDuration,
    pub(super) until: Timestamp,
}

/// The clock jumped for good; nodes go on comparing.
pub(super) struct ClockJump {
    look_at: Timestamp,
}

impl World {
    /// Lives until a moment before something falls due, now and then.
    fn wait_for_something(&mut self) -> Checked {
        let now = self.now();
        let due = self.next_due.map(|at| at - RIGHT_BEFORE);
        match due.filter(|at| now < *at && at.duration_since(now) < AHEAD_MOST) {
            Some(at) if self.chance.percent(70) => self.live_until(at),
            _ => Ok(()),
        }
    }

    fn is_clock_calm(&self) -> bool {
        self.clock_step.is_none() && self.clock_jump.is_none() && !self.model.is_held()
    }

    /// The database's clock jumps by hours, and is right again before anybody believes it.
    pub(super) fn step_clock(&mut self) -> Checked {
        self.wait_for_something()?;
        if !self.is_clock_calm() {
            return Ok(());
        }
        let minutes = i64::try_from(self.chance.between(&(10..=600))).unwrap_or(10);
        let jump =
            SignedDuration::from_mins(if self.chance.percent(50) { minutes } else { -minutes });
        let seconds = i64::try_from(self.chance.between(&(1..=13))).unwrap_or(1);
        let now = self.now();
        let until = now + SignedDuration::from_secs(seconds);
        self.note(|| format!("the clock jumps by {jump:#} until {until}"));
        self.totals.clock_steps += 1;
        self.clock_step = Some(ClockStep { jump, until });
        self.model.clock_is_in_doubt(now, until);
        self.nodes_beat_after(SignedDuration::ZERO)
    }

    /// The clock of everybody jumps ahead, as one that was set right, and stays so.
    pub(super) fn jump_clock(&mut self) -> Checked {
        if !self.temper.clock_jumps {
            return Ok(());
        }
        self.wait_for_something()?;
        if !self.is_clock_calm() {
            return Ok(());
        }
        let minutes = i64::try_from(self.chance.between(&(6..=180))).unwrap_or(6);
        let jump = SignedDuration::from_mins(minutes);
        let from = self.now();
        for node in &self.nodes {
            node.clock.falls_behind(jump);
        }
        self.clock.go_to(from + jump);
        self.note(|| format!("the clock jumps by {jump:#} from {from} for good"));
        self.totals.clock_jumps += 1;
        self.clock_jump = Some(ClockJump { look_at: from + jump });
        self.model.clock_jumps(from, from + jump);
        // Loops have work that fell due meanwhile.
        self.is_stirred = true;
        self.nodes_look_at_clock(from + jump)?;
        if self.chance.percent(40) {
            let place = self.any_node();
            self.note(|| format!("node {place} is gone, and starts by the new time"));
            self.totals.started_in_a_jump += 1;
            self.start_node(place)?;
        }
        Ok(())
    }

    /// Each heartbeat compares the clocks, until everybody believes the jump.
    pub(super) fn nodes_look_at_clock(&mut self, now: Timestamp) -> Checked {
        let Some(jump) = &mut self.clock_jump else { return Ok(()) };
        if now < jump.look_at {
            return Ok(());
        }
        jump.look_at = now + BEAT_EVERY;
        self.nodes_beat_after(SignedDuration::ZERO)?;
        if !self.is_somebody_behind() {
            self.clock_jump = None;
            self.is_stirred = true;
            self.note(|| "everybody believes the jump".to_owned());
            let now = self.now();
            self.model.jump_is_believed(now);
        }
        Ok(())
    }

    /// What the database says of the time is compared with the time that has passed, as each heartbeat
    /// of the program does it.
    pub(super) fn look_at_clock(&mut self, place: usize) {
        let step = self.clock_step.as_ref().map_or(SignedDuration::ZERO, |step| step.jump);
        let measured = self.now() + step;
        let Some(node) = self.nodes.get_mut(place) else { return };
        let verdict = node.watch.observe(node.clock.now(), measured);
        if matches!(verdict, ClockVerdict::BelieveJump(_)) {
            node.clock.catches_up();
        }
        if let Some(standing) = node.app.standing() {
            standing.doubt_clock(matches!(verdict, ClockVerdict::Wait(_)));
        }
    }

    /// Does a node of those that run go by another time than people?
    pub(super) fn is_somebody_behind(&self) -> bool {
        self.nodes.iter().any(|node| node.absence.is_none() && node.clock.is_behind())
    }

    /// A node that stood still while the clock jumped learns of it.
    pub(super) fn wakes_behind(&mut self, place: usize) {
        self.look_at_clock(place);
        let is_behind = self.nodes.get(place).is_some_and(|node| node.clock.is_behind());
        if is_behind && self.clock_jump.is_none() {
            self.clock_jump = Some(ClockJump { look_at: self.now() + BEAT_EVERY });
        }
    }

    /// When something of the clocks is next to happen.
    pub(super) fn next_of_clocks(&self) -> Option<Timestamp> {
        let step = self.clock_step.as_ref().map(|step| step.until);
        let jump = self.clock_jump.as_ref().map(|jump| jump.look_at);
        step.into_iter().chain(jump).min()
    }

    /// The clock is right again.
    pub(super) fn clock_returns(&mut self, now: Timestamp) -> Checked {
        self.nodes_look_at_clock(now)?;
        if self.clock_step.as_ref().is_none_or(|step| now < step.until) {
            return Ok(());
        }
        self.clock_step = None;
        self.is_stirred = true;
        self.nodes_beat_after(SignedDuration::ZERO)
    }
}
