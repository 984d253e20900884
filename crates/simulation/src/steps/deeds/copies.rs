//! A copy of the database is taken, and later put back in its place; until it is let go, nothing
//! leaves.

use super::super::commands::Command;
use super::super::executor::Tried;
use super::super::invariant::{Checked, Invariant, Violation, ensure};
use super::super::model::Model;
use super::super::node::LEASE;
use super::super::world::{World, read, surely};
use jiff::{SignedDuration, Timestamp};
use vestnik_app::AppError;
use vestnik_app::nodes;
use vestnik_store_sqlite::InlineEngine;

/// A restore takes longer than a heartbeat counts: whoever still ran has stopped sending.
const RESTORE_TAKES: SignedDuration = SignedDuration::from_secs(LEASE.as_secs() + 10);
/// So much is lost at least.
const LOST_LEAST: SignedDuration = SignedDuration::from_mins(5);

/// The database as it stood, and what was acknowledged by then.
pub(in crate::steps) struct OlderCopy {
    database: InlineEngine,
    model: Model,
    taken_at: Timestamp,
}

impl World {
    pub(super) fn take_copy(&mut self) -> Checked {
        if !self.temper.copies || self.copy.is_some() || self.model.is_held() {
            return Ok(());
        }
        let database = surely(self.ground.database.copy())?;
        self.copy = Some(OlderCopy { database, model: self.model.clone(), taken_at: self.now() });
        self.note(|| "a copy of the database is made".to_owned());
        Ok(())
    }

    pub(super) fn put_back(&mut self) -> Checked {
        let now = self.now();
        let old_enough = |copy: &OlderCopy| {
            now.duration_since(copy.taken_at) > LOST_LEAST
                && !self.model.is_held()
                && self.clock_jump.is_none()
        };
        if !self.copy.as_ref().is_some_and(old_enough) {
            return Ok(());
        }
        let Some(copy) = self.copy.take() else { return Ok(()) };
        // Everybody has gone on beating since the copy was made: their files know.
        self.calmly(|world| {
            world.everybody_starts()?;
            world.nodes_beat_after(SignedDuration::ZERO)
        })?;
        self.clock.go_to(now + RESTORE_TAKES);
        surely(self.ground.database.become_copy_of(&copy.database))?;
        self.note(|| format!("the copy of {} is put back", copy.taken_at));
        self.model.put_back(copy.model, now + RESTORE_TAKES);
        self.totals.put_back += 1;
        self.calmly(World::wake_over_the_copy)?;
        let state = surely(read(nodes::instance_state(&self.auditor))?)?;
        self.note(|| format!("held: {:?}", state.held));
        ensure(state.held.is_some(), Invariant::Held, || {
            "an older copy took the database's place, and nobody noticed".to_owned()
        })
    }

    /// The processes go on, or start anew with their files, without them, or with those of another
    /// installation.
    fn wake_over_the_copy(&mut self) -> Checked {
        match self.chance.between(&(0..=3)) {
            0 => self.note(|| "the processes went on".to_owned()),
            how => {
                self.note(|| format!("the processes start anew, case {how}"));
                for node in &mut self.nodes {
                    match how {
                        1 => {}
                        2 => node.sidecar = None,
                        _ => {
                            if let Some(sidecar) = &mut node.sidecar {
                                sidecar.instance = "another".to_owned();
                            }
                        }
                    }
                }
                self.everybody_starts()?;
            }
        }
        self.nodes_beat_after(SignedDuration::ZERO)
    }

    /// Who is away starts anew; so does, over a copy, whoever runs.
    fn everybody_starts(&mut self) -> Checked {
        for place in 0..self.nodes.len() {
            let is_away = self.nodes.get(place).is_some_and(|node| node.absence.is_some());
            if is_away || self.copy_is_put_back() {
                self.start_node(place)?;
            }
        }
        Ok(())
    }

    fn copy_is_put_back(&self) -> bool {
        self.model.is_held()
    }

    /// Somebody looks at it, and lets it go.
    pub(in crate::steps) fn let_go(&mut self) -> Checked {
        if !self.model.is_held() {
            return Ok(());
        }
        for tries in 0..10 {
            if tries < 5 {
                match self.call(None, Command::LetGo)? {
                    Tried::Answered(
                        Ok(_) | Err(AppError::Unavailable(_) | AppError::OutcomeUnknown(_)),
                    )
                    | Tried::Killed
                    | Tried::Paused => {}
                    Tried::Answered(Err(error)) => {
                        return Err(Violation::new(Invariant::Rest, format!("held: {error}")));
                    }
                }
            } else {
                surely(self.call_surely(None, Command::LetGo)?)?;
            }
            let state = surely(read(nodes::instance_state(&self.auditor))?)?;
            if state.held.is_none() {
                self.note(|| "it is let go".to_owned());
                let now = self.now();
                self.model.let_go(now);
                self.totals.let_go += 1;
                // The nodes hear of it with their next heartbeat, and there is always one.
                return self.nodes_beat_after(SignedDuration::ZERO);
            }
        }
        Err(Violation::new(Invariant::Rest, "it cannot be let go"))
    }

    fn calmly(&mut self, run: impl FnOnce(&mut World) -> Checked) -> Checked {
        let was_calm = std::mem::replace(&mut self.is_calm, true);
        let done = run(self);
        self.is_calm = was_calm;
        done
    }
}
