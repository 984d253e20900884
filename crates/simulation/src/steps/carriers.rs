//! Senders that we call: when their lanes want another turn, what left the nodes and what the carrier
//! took, and its receipts.

use super::commands::Command;
use super::executor::Tried;
use super::invariant::{Checked, Invariant, Violation};
use super::life::LOOPS_PAUSE;
use super::model::{BytesLeft, Heard};
use super::peers::carrier::Left;
use super::world::{World, read, surely};
use jiff::{SignedDuration, Timestamp};
use vestnik_app::AppError;
use vestnik_domain::ids::{NodeId, OrganizationId, SenderId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::receipt::Receipt;

const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(1);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(25);
/// So long after a try's last moment the carrier is asked what became of it, if nobody knows.
const ASKED_AFTER: SignedDuration = SignedDuration::from_secs(61);
/// A receipt that was not taken in comes again.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// One sender that we call.
pub(super) struct Pushed {
    pub(super) organization: OrganizationId,
    pub(super) sender: SenderId,
    /// When a turn may next do something.
    look_at: Option<Timestamp>,
    pause: SignedDuration,
    /// Whose it was last.
    driver: Option<NodeId>,
}

impl Pushed {
    pub(super) fn new(organization: OrganizationId, sender: SenderId) -> Pushed {
        Pushed { organization, sender, look_at: None, pause: FIRST_PAUSE, driver: None }
    }
}

impl World {
    /// When something of a carrier is next to happen.
    pub(super) fn next_of_carriers(&self, now: Timestamp) -> Option<Timestamp> {
        let turns = self.pushed.iter().filter_map(|one| one.look_at).filter(|at| *at > now);
        // One that is due at once is heard right after this instant.
        let receipt = self.ground.carrier.next_receipt_at().map(|at| at.max(now + LOOPS_PAUSE));
        turns.chain(receipt).min()
    }

    /// Is it time for another turn of a lane?
    pub(super) fn lanes_are_due(&mut self, now: Timestamp) -> bool {
        let mut due = false;
        for one in &mut self.pushed {
            due |= one.look_at.is_some_and(|at| at <= now);
            one.look_at = one.look_at.filter(|at| *at > now);
        }
        due
    }

    /// When the lanes next want a turn: at their pace, else more and more seldom.
    pub(super) fn plan_turns(&mut self, now: Timestamp) -> Checked {
        for place in 0..self.pushed.len() {
            let Some(one) = self.pushed.get(place) else { continue };
            let (organization, sender) = (one.organization, one.sender);
            let store = &self.auditor.store;
            let lane = surely(read(store.lane(organization, sender, 1))?)?;
            let flying = surely(read(store.deliveries_in_flight(organization, sender, 1))?)?;
            let mut wanted = None;
            if let Some(head) = lane.first() {
                let state = surely(read(store.pace_state(organization, sender))?)?;
                let released = state.and_then(|state| state.last_release_at);
                let pace_s = surely(read(store.sender(organization, sender))?)?
                    .map_or(0, |sender| sender.settings.pace_s);
                let paced = released.map(|at| at + SignedDuration::from_secs(pace_s));
                let soon = [paced, head.retry_at].into_iter().flatten().filter(|at| *at > now);
                wanted = soon.min();
            }
            let asked = flying.first().map(|try_| try_.valid_until + ASKED_AFTER);
            let Some(one) = self.pushed.get_mut(place) else { continue };
            if lane.is_empty() {
                one.pause = FIRST_PAUSE;
            } else if wanted.is_none() {
                wanted = Some(now + one.pause);
                one.pause = (one.pause * 2).min(LONGEST_PAUSE);
            }
            one.look_at = [wanted, asked.filter(|at| *at > now)].into_iter().flatten().min();
        }
        Ok(())
    }

    /// Everything that left nodes and reached the carrier since the last look. After a turn that did
    /// not end by itself there may be intents whose bytes never left.
    pub(super) fn listen_to_carrier(&mut self, look_at_intents: bool) -> Checked {
        if self.pushed.is_empty() {
            return Ok(());
        }
        let left = self.ground.carrier.left();
        let mut given = Vec::new();
        for one in &left {
            given.push(self.identify(self.organization_of(one.sender)?, &one.delivery_id)?);
        }
        if look_at_intents {
            for one in &self.pushed {
                let store = &self.auditor.store;
                let flying =
                    surely(read(store.deliveries_in_flight(one.organization, one.sender, 50))?)?;
                for delivery in flying {
                    given.push(self.identify(one.organization, &delivery.id.to_string())?);
                }
            }
        }
        given.sort_by_key(|what| (what.intended_at, what.delivery));
        for what in given {
            self.model.given(what)?;
        }
        for one in &left {
            self.bytes_left(one)?;
        }
        for taken in self.ground.carrier.taken() {
            let what = self.identify(self.organization_of(taken.sender_id)?, &taken.delivery_id)?;
            let after_a_pause =
                left.iter().any(|one| one.delivery_id == taken.delivery_id && one.after_a_pause);
            self.heard(Heard {
                at: taken.at,
                number: taken.phone_number,
                text: taken.text,
                what,
                after_a_pause,
            })?;
        }
        self.totals.look_ups += self.ground.carrier.look_ups();
        Ok(())
    }

    fn organization_of(&self, sender: SenderId) -> Result<OrganizationId, Violation> {
        let known = self.pushed.iter().find(|one| one.sender == sender);
        known.map(|one| one.organization).ok_or_else(|| {
            Violation::new(Invariant::Truth, format!("{sender} is no sender that we call"))
        })
    }

    /// I2: what left, left under a lease that lived.
    fn bytes_left(&mut self, left: &Left) -> Checked {
        let organization = self.organization_of(left.sender)?;
        let store = &self.auditor.store;
        let lease = surely(read(store.sender_lease(organization, left.sender))?)?;
        let holder = match lease.as_ref().and_then(|lease| lease.node_id) {
            Some(node) => surely(read(store.node(node))?)?,
            None => None,
        };
        let what = self.identify(organization, &left.delivery_id)?;
        self.totals.handed_over += 1;
        self.note(|| {
            let late = if left.after_a_pause { ", after a pause" } else { "" };
            format!("{} {} is handed to the carrier{late}", what.kind.name(), what.delivery)
        });
        if let Some(pushed) = self.pushed.iter_mut().find(|one| one.sender == left.sender) {
            let driver = holder.as_ref().map(|node| node.id);
            if pushed.driver.is_some() && driver.is_some() && pushed.driver != driver {
                self.totals.takeovers += 1;
            }
            pushed.driver = driver.or(pushed.driver);
        }
        self.model.bytes_left(&BytesLeft {
            what,
            at: left.at,
            after_a_pause: left.after_a_pause,
            fence: lease.map(|lease| lease.version),
            leased_until: holder.map(|node| node.expires_at),
        })
    }

    /// An SMS is on the air.
    pub(super) fn heard(&mut self, heard: Heard) -> Checked {
        self.totals.submits += 1;
        if heard.what.kind == NotificationKind::Reminder {
            self.totals.reminders += 1;
        }
        self.note(|| {
            format!(
                "ON AIR {} {} ({}) to {}: {}",
                heard.what.kind.name(),
                heard.what.delivery,
                heard.what.message,
                heard.number,
                heard.text
            )
        });
        self.model.on_air(heard)
    }

    pub(super) fn receipts_arrive_from_carrier(&mut self, now: Timestamp) -> Checked {
        for sent in self.ground.carrier.receipts_due() {
            let organization = self.organization_of(sent.sender_id)?;
            if matches!(sent.receipt, Receipt::Undelivered { .. })
                && let Some(id) = self.ground.carrier.delivery_of(&sent)
            {
                self.model.not_delivered(self.identify(organization, &id)?.delivery);
            }
            let command = Command::Receipt { organization, sent: Box::new(sent.clone()) };
            self.totals.receipts += 1;
            match self.call(Some(organization), command)? {
                Tried::Answered(Ok(_)) => {}
                Tried::Killed
                | Tried::Paused
                | Tried::Answered(Err(AppError::Unavailable(_) | AppError::OutcomeUnknown(_))) => {
                    self.ground.carrier.says_again(sent, now + AGAIN_AFTER);
                }
                Tried::Answered(Err(error)) => {
                    let words = format!("a receipt was refused: {error}");
                    return Err(Violation::new(Invariant::Protocol, words));
                }
            }
        }
        Ok(())
    }
}
