//! How time passes: from one instant at which anything happens to the next, and what happens there by
//! itself: loops, phones, reports.

use super::commands::{Answer, Command};
use super::executor::Tried;
use super::invariant::{Checked, Invariant, Violation};
use super::peers::phone::PhonePeer;
use super::world::{World, read, surely};
use jiff::{SignedDuration, Timestamp};
use vestnik_app::AppError;
use vestnik_domain::ids::OrganizationId;

/// Loops that still find something to do after so many turns go round in circles.
const TURNS_MOST: usize = 60;
/// The loops look again after this pause, whatever happens.
pub(super) const LOOPS_PAUSE: SignedDuration = SignedDuration::from_millis(500);
/// Instants in a row without getting anywhere.
const INSTANTS_MOST: usize = 20_000;

impl World {
    /// Lives until `until`, doing everything that falls due on the way.
    pub(super) fn live_until(&mut self, until: Timestamp) -> Checked {
        for _ in 0..INSTANTS_MOST {
            self.live_through_the_instant()?;
            let now = self.now();
            if now >= until {
                return Ok(());
            }
            let phones = self.phones.iter().filter_map(PhonePeer::next_at);
            let others = [
                self.next_of_carriers(now),
                self.next_of_nodes(now),
                self.next_of_journal(now),
                self.beats_again_at,
            ];
            let wakes = phones.chain(others.into_iter().flatten()).filter(|at| *at > now).min();
            let next_turn = self.is_stirred.then(|| now + LOOPS_PAUSE);
            let next = [wakes, self.next_due, next_turn, Some(until)].into_iter().flatten().min();
            let next = next.unwrap_or(until);
            self.clock.go_to(next.min(until));
            self.step += 1;
        }
        Err(Violation::new(Invariant::Rest, "time does not get on"))
    }

    fn buckets(&self) -> Vec<i64> {
        self.salons.iter().map(|salon| salon.caller.organization_id.bucket()).collect()
    }

    /// Everything that happens at this instant by itself.
    fn live_through_the_instant(&mut self) -> Checked {
        let now = self.now();
        // A phone that polls in its own time was never silent for long.
        self.clock_returns(now)?;
        self.nodes_return(now)?;
        self.phones_act(now)?;
        self.receipts_arrive_from_carrier(now)?;
        self.webhooks_arrive(now)?;
        if self.beats_again_at.is_some_and(|at| at <= now) {
            self.beats_again_at = None;
            self.is_stirred = true;
        }
        let lanes_are_due = self.lanes_are_due(now) || self.journal_is_due(now);
        if !self.is_stirred && !lanes_are_due && self.next_due.is_none_or(|at| now < at) {
            return Ok(());
        }
        self.loops_rest()?;
        self.is_stirred = false;
        self.next_due = surely(read(self.auditor.store.next_due(&self.buckets(), now))?)?;
        for index in 0..self.phones.len() {
            if self.something_waits(index)?
                && let Some(phone) = self.phones.get_mut(index)
            {
                phone.hear_of_something(now);
            }
        }
        self.plan_turns(now)?;
        self.phones_act(now)?;
        self.look_at_tries()
    }

    /// Turns of the loops until none finds anything.
    fn loops_rest(&mut self) -> Checked {
        self.plan_journal()?;
        for _ in 0..TURNS_MOST {
            let mut moved = 0;
            self.nodes_beat()?;
            moved += self.speak_with_journal()?;
            for turn in [Command::SweepPlans, Command::Route, Command::SweepSending] {
                let race = !self.is_calm && self.chance.percent(self.temper.race_percent);
                let ends = if race {
                    self.race(None, [turn.clone(), turn])?
                } else {
                    vec![self.call(None, turn)?]
                };
                for end in ends {
                    moved += moved_by(&end)?;
                }
            }
            moved += self.drive()?;
            if moved == 0 {
                return Ok(());
            }
        }
        Err(Violation::new(Invariant::Rest, "the loops find something to do for ever"))
    }

    /// Nodes ask the external journal and write to it, when it is time.
    fn speak_with_journal(&mut self) -> Result<usize, Violation> {
        if !self.journal_is_due(self.now()) {
            return Ok(0);
        }
        let mut moved = 0;
        for turn in [Command::PollJournals, Command::WriteBack] {
            let race = !self.is_calm && self.chance.percent(self.temper.race_percent);
            let ends = match race {
                true => self.race(None, [turn.clone(), turn])?,
                false => vec![self.call(None, turn)?],
            };
            for end in ends {
                moved += moved_by(&end)?;
            }
        }
        self.plan_journal()?;
        Ok(moved)
    }

    /// Every node sees to its senders.
    fn drive(&mut self) -> Result<usize, Violation> {
        if self.pushed.is_empty() {
            return Ok(0);
        }
        for place in 0..self.pushed.len() {
            let Some(one) = self.pushed.get(place) else { continue };
            self.forecast_head(one.organization, one.sender)?;
        }
        if !self.is_calm && self.chance.percent(self.temper.race_percent) {
            let ends = self.race(None, [Command::Drive, Command::Drive])?;
            return ends.iter().map(moved_by).sum();
        }
        let mut moved = 0;
        for place in self.present() {
            let end = self.call_on(place, None, Command::Drive)?;
            moved += moved_by(&end)?;
        }
        Ok(moved)
    }

    pub(super) fn something_waits(&self, index: usize) -> Result<bool, Violation> {
        let Some(phone) = self.phones.get(index).filter(|phone| phone.is_on) else {
            return Ok(false);
        };
        let (organization, sender) = (phone.organization, phone.sender);
        let store = &self.auditor.store;
        if !surely(read(store.lane(organization, sender, 1))?)?.is_empty() {
            return Ok(true);
        }
        let flying = surely(read(store.deliveries_in_flight(organization, sender, 20))?)?;
        Ok(flying
            .iter()
            .any(|one| one.acknowledged_at.is_none() && one.handed_to_radio_at.is_none()))
    }

    fn phones_act(&mut self, now: Timestamp) -> Checked {
        for index in 0..self.phones.len() {
            if !self.phones.get(index).is_some_and(|phone| phone.is_on) {
                continue;
            }
            self.handset_lives(index, crate::phone::model::Input::TimePassed)?;
            self.reports_arrive(index, now)?;
            if self.phones.get(index).is_some_and(|phone| phone.is_due(now)) {
                self.poll(index, now)?;
            }
        }
        Ok(())
    }

    /// Everything of one organization is called under its scope (I9).
    pub(super) fn scope_of_phone(&self, index: usize) -> Option<OrganizationId> {
        self.phones.get(index).map(|phone| phone.organization)
    }
}

/// How much a turn moved: what was killed or failed may have left anything behind.
fn moved_by(end: &Tried) -> Result<usize, Violation> {
    match end {
        Tried::Answered(Ok(Answer::Moved(count))) => Ok(*count),
        Tried::Killed
        | Tried::Paused
        | Tried::Answered(Err(AppError::Unavailable(_) | AppError::OutcomeUnknown(_))) => Ok(1),
        other => Err(Violation::new(Invariant::Rest, format!("a loop failed: {other:?}"))),
    }
}
