//! Intents of one lane, committed together: one visit to the database for everything that they are
//! decided from, and one commit.
//!
//! The commit hangs on every message and every covered appointment, and for all of them on pace,
//! organization and lease. If any of it is no longer what was read, nothing of it lands, and each message
//! is decided anew by itself: so one that changes at this very moment holds up no other.

use super::intent::{Decision, Ground, Outlet, decide};
use crate::context::{App, Caller};
use crate::counters;
use crate::error::AppError;
use crate::messages::looks::{Looks, LooksAsked};
use crate::messages::words::{Wording, WordingAsked};
use crate::round::{land_unless_lost, went_well};
use futures::FutureExt as _;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use vestnik_channels::contract::Outcome;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::VisitId;
use vestnik_domain::message::Message;
use vestnik_domain::node::SenderLease;
use vestnik_domain::organization::Organization;
use vestnik_domain::pace::PaceState;
use vestnik_domain::planning::Subject;
use vestnik_domain::task::VisitLink;
use vestnik_store::{ChangeSet, CommitError, Grouped, Record, Urgency};

/// What became of the head of a lane.
pub(crate) struct Intended {
    /// They are committed: these bytes may leave.
    pub(crate) deliveries: Vec<Delivery>,
    /// Why the lane was not gone through to where it waits. What is committed goes all the same: nobody
    /// would repeat it.
    pub(crate) failure: Option<AppError>,
}

/// Goes through `lane` in its order and commits the intents of what may leave over `outlet` now, whose
/// pace stands as given.
pub(crate) async fn intend(
    app: &App,
    outlet: Outlet<'_>,
    pace: PaceState,
    lane: &[Message],
) -> Intended {
    let mut walk = Walk { app, outlet, pace, deliveries: Vec::new() };
    let failure = walk.through(lane).await.err();
    Intended { deliveries: walk.deliveries, failure }
}

/// As much of the lane as is worth looking at together: by a pace the second has to wait, beyond the window
/// nothing leaves, and of each client only one, since what it tells decides the next.
fn head<'l>(outlet: Outlet<'_>, pace: &PaceState, lane: &'l [Message]) -> &'l [Message] {
    let has_pace = outlet.sender.settings.pace_s > 0;
    let free = outlet.sender.channel.window() - pace.window_open;
    let most = if has_pace { 1 } else { usize::try_from(free).unwrap_or(1).max(1) };
    let mut clients = BTreeSet::new();
    let different = lane.iter().take_while(|message| clients.insert(message.client_id)).count();
    lane.get(..different.min(most)).unwrap_or(lane)
}

#[derive(PartialEq)]
enum Next {
    GoOn,
    /// Nothing may leave over this sender at the moment.
    Wait,
}

#[derive(PartialEq)]
enum Landed {
    Whole,
    Not,
    /// Nor will anything else: another node drives the sender by now.
    LeaseLost,
}

struct Walk<'a> {
    app: &'a App,
    outlet: Outlet<'a>,
    /// As it stands after what is committed.
    pace: PaceState,
    deliveries: Vec<Delivery>,
}

/// Intents that are decided and not committed yet.
struct Decided {
    deliveries: Vec<Delivery>,
    change_set: ChangeSet,
    /// As it stands after all of them.
    pace: PaceState,
}

impl Walk<'_> {
    async fn through(&mut self, mut lane: &[Message]) -> Result<(), AppError> {
        while !lane.is_empty() {
            let head = head(self.outlet, &self.pace, lane);
            let (landed, next) = self.intend_together(head).await?;
            let next = match landed {
                Landed::Not if head.len() > 1 => self.one_by_one(head).await?,
                Landed::LeaseLost => Next::Wait,
                // One that lost by itself: whoever was faster has decided about it.
                Landed::Not | Landed::Whole => next,
            };
            if next == Next::Wait {
                return Ok(());
            }
            lane = lane.get(head.len()..).unwrap_or_default();
        }
        Ok(())
    }

    /// Each in a commit of its own, from a fresh read.
    async fn one_by_one(&mut self, messages: &[Message]) -> Result<Next, AppError> {
        for message in messages {
            let (landed, next) = self.intend_together(std::slice::from_ref(message)).await?;
            if next == Next::Wait || landed == Landed::LeaseLost {
                return Ok(Next::Wait);
            }
        }
        Ok(Next::GoOn)
    }

    async fn intend_together(&mut self, messages: &[Message]) -> Result<(Landed, Next), AppError> {
        let ground = CommonGround::read(self.app, messages).await?;
        let mut decided = Decided {
            deliveries: Vec::new(),
            change_set: ChangeSet::with_urgency(Urgency::Dispatch),
            pace: self.pace.clone(),
        };
        let next = self.decide_all(&ground, messages, &mut decided).await;
        let landed = self.commit(&ground.wording.organization, decided).await?;
        Ok((landed, next?))
    }

    async fn decide_all(
        &self,
        ground: &CommonGround,
        messages: &[Message],
        decided: &mut Decided,
    ) -> Result<Next, AppError> {
        for message in messages {
            let decision = match ground.of(message) {
                // A mistake of ours in one message must not lose the intents of this turn that are
                // committed already: nobody else would hand them over.
                Ok(own) => {
                    let decision = decide(self.app, self.outlet, &decided.pace, message, own);
                    let broken = |_| Err(AppError::Internal("a decision panicked".to_owned()));
                    AssertUnwindSafe(decision).catch_unwind().await.unwrap_or_else(broken)
                }
                Err(error) => Err(error),
            };
            match decision {
                Ok(Decision::Intend { delivery, pace, change_set }) => {
                    decided.pace = pace;
                    decided.deliveries.push(*delivery);
                    decided.change_set.extend(change_set);
                }
                Ok(Decision::PassOver(change_set)) => {
                    let landed = land_unless_lost(self.app, change_set).await;
                    went_well(landed.map(drop), &message.id)?;
                }
                Ok(Decision::Wait) => return Ok(Next::Wait),
                Err(error) => {
                    went_well(Err(error), &message.id)?;
                }
            }
        }
        Ok(Next::GoOn)
    }

    async fn commit(
        &mut self,
        organization: &Organization,
        decided: Decided,
    ) -> Result<Landed, AppError> {
        let Decided { mut deliveries, change_set: mut of_messages, pace } = decided;
        if deliveries.is_empty() {
            return Ok(Landed::Whole);
        }
        // No row of it waits for another one.
        of_messages.group_by_table();
        // The pace first, as where an answer is written down: two commits that take the rows of both in
        // another order would wait for each other.
        let mut change_set = ChangeSet::with_urgency(Urgency::Dispatch);
        change_set.change(&pace, &self.pace);
        change_set.extend(of_messages);
        change_set.expect(organization, organization.version);
        if let Some(lease) = self.outlet.lease {
            change_set.expect(lease, lease.version);
        }
        match self.app.store.commit(change_set).await {
            Ok(()) => {}
            Err(CommitError::Conflict { table, .. }) if table == SenderLease::table().name => {
                return Ok(Landed::LeaseLost);
            }
            Err(refused @ CommitError::Refused(_)) => {
                if let [only] = deliveries.as_slice() {
                    went_well(Err(refused.into()), &only.message_id)?;
                }
                return Ok(Landed::Not);
            }
            Err(CommitError::Conflict { .. }) => {
                self.read_pace().await?;
                return Ok(Landed::Not);
            }
            Err(CommitError::OutcomeUnknown(words)) => self.look_after(&deliveries, words).await?,
            Err(error) => return Err(error.into()),
        }
        for _ in &deliveries {
            counters::count(counters::INTENTS);
        }
        self.deliveries.append(&mut deliveries);
        self.pace = pace;
        Ok(Landed::Whole)
    }

    /// Somebody else may have raised it.
    async fn read_pace(&mut self) -> Result<(), AppError> {
        let sender = self.outlet.sender;
        let fresh = self.app.store.pace_state(sender.organization_id, sender.id).await?;
        if let Some(fresh) = fresh {
            self.pace = fresh;
        }
        Ok(())
    }

    /// Nobody said whether they landed. If they did, they are to leave: nobody else would hand them over.
    /// If that cannot be told either, they stay here, and of a sender that this node drives it remembers
    /// so, since nobody else can have handed them over.
    async fn look_after(&self, deliveries: &[Delivery], words: String) -> Result<(), AppError> {
        let Some(first) = deliveries.first() else { return Ok(()) };
        let landed = self.app.store.delivery(first.organization_id, first.id).await;
        let is_untouched = |one: &Delivery| one.is_in_flight() && one.version == first.version;
        if landed.is_ok_and(|found| found.is_some_and(|one| is_untouched(&one))) {
            return Ok(());
        }
        if let (Some(standing), Some(_)) = (self.app.standing(), self.outlet.lease) {
            for delivery in deliveries {
                let unsent = Outcome::NotSent { code: "intent_unanswered".to_owned() };
                standing.keep_answer(delivery.clone(), unsent);
            }
        }
        Err(AppError::OutcomeUnknown(words))
    }
}

/// What several messages of one organization are decided from.
struct CommonGround {
    wording: Wording,
    looks: Looks,
    links: Grouped<VisitId, VisitLink>,
}

impl CommonGround {
    async fn read(app: &App, messages: &[Message]) -> Result<CommonGround, AppError> {
        let first = messages.first().ok_or(AppError::NotFound("message"))?;
        let organization = first.organization_id;
        let mut batch = app.store.batch();
        let wording = WordingAsked::ask(&mut batch, organization);
        let clients = messages.iter().map(|message| message.client_id).collect();
        let looks = LooksAsked::ask(&mut batch, organization, clients, app.now());
        let visits = messages.iter().filter_map(|message| match message.subject {
            Subject::Visit(visit) => Some(visit),
            Subject::ClientDay(..) => None,
        });
        let visits: Vec<VisitId> = visits.filter(|_| app.has_links()).collect();
        let links = batch.links_of_visits(organization, &visits);
        let mut answers = batch.read().await?;
        let wording = wording.take(&mut answers)?;
        let links = answers.take(links)?;
        let looks = looks.take(app, &Caller::system(organization), &mut answers).await?;
        Ok(CommonGround { wording, looks, links })
    }

    fn of(&self, message: &Message) -> Result<Ground<'_>, AppError> {
        let link = match message.subject {
            Subject::Visit(visit) => {
                let found = self.links.get(&visit).cloned().transpose()?;
                found.and_then(|links| links.into_iter().next())
            }
            Subject::ClientDay(..) => None,
        };
        let look = self.looks.of(message.client_id)?;
        Ok(Ground { wording: &self.wording, offer: &self.looks.offer, look, link })
    }
}
