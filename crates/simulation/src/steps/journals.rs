//! The external journal of a history: its link, its webhooks, when nodes are to ask it and to write, and
//! what stood here after they did.

use super::commands::{Answer, Command};
use super::executor::Tried;
use super::invariant::{Checked, Invariant, Violation, ensure};
use super::life::LOOPS_PAUSE;
use super::model::{Outcome, Said};
use super::peers::journal::PLACE;
use super::world::{World, read, surely};
use jiff::{SignedDuration, Timestamp};
use vestnik_app::AppError;
use vestnik_app::journals::link_branch::LinkBranch;
use vestnik_app::journals::webhook::WebhookReply;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::effect::EffectKind;
use vestnik_domain::ids::{BranchId, JournalLinkId, OrganizationId, TaskId};
use vestnik_domain::local_time::Zone;
use vestnik_domain::task::TaskKind;

/// So many tasks are looked through.
const TASKS_MOST: i64 = 500;
/// So much earlier than the link stand the records that it finds.
const STOOD_BEFORE: SignedDuration = SignedDuration::from_secs(90);
const EFFECTS_MOST: i64 = 1;

/// The branch that is linked.
pub(super) struct Linked {
    pub(super) salon: usize,
    pub(super) organization: OrganizationId,
    pub(super) branch: BranchId,
    pub(super) zone: Zone,
    pub(super) link: JournalLinkId,
    pub(super) records: Vec<String>,
    /// When it is next to be asked or written to.
    due_at: Option<Timestamp>,
    /// Down until then.
    pub(super) down_until: Option<Timestamp>,
}

impl World {
    /// Links the first branch of the first salon, where some records stand already.
    pub(super) fn link_journal(&mut self) -> Checked {
        if !self.temper.journal {
            return Ok(());
        }
        let Some(salon) = self.salons.first() else { return Ok(()) };
        let Some(branch) = salon.branches.first().cloned() else { return Ok(()) };
        let caller = salon.caller;
        self.ground.journal.journal.open(PLACE, "Branch 0", branch.zone.name());
        self.linked = Some(Linked {
            salon: 0,
            organization: caller.organization_id,
            branch: branch.id,
            zone: branch.zone,
            link: JournalLinkId(0),
            records: Vec::new(),
            due_at: None,
            down_until: None,
        });
        for _ in 0..self.chance.draw() % 3 {
            self.enter_there();
        }
        self.clock.go_to(self.now() + STOOD_BEFORE);
        let link = LinkBranch {
            branch_id: branch.id,
            kind: "simulated".to_owned(),
            location_id: PLACE.to_owned(),
        };
        let command = Command::LinkBranch { caller, link };
        let answer = self.call_surely(Some(caller.organization_id), command)?;
        surely(answer)?;
        let links = self.auditor.store.journal_links(caller.organization_id);
        let link = surely(read(links)?)?.into_iter().next().ok_or_else(|| {
            Violation::new(Invariant::Rest, "a branch was linked, and there is no link".to_owned())
        })?;
        let now = self.now();
        if let Some(linked) = &mut self.linked {
            linked.link = link.id;
            linked.due_at = link.next_poll_at;
        }
        self.model.branch_is_linked(now);
        self.note(|| format!("{} is linked to a journal", branch.id));
        Ok(())
    }

    /// When something of the journal is next to happen.
    pub(super) fn next_of_journal(&self, now: Timestamp) -> Option<Timestamp> {
        let linked = self.linked.as_ref()?;
        let planned = [linked.due_at, linked.down_until].into_iter().flatten();
        // One that is due at once, as that of our own write, arrives right after this instant.
        let webhook = self.ground.journal.journal.next_webhook_at();
        let webhook = webhook.map(|at| at.max(now + LOOPS_PAUSE));
        planned.filter(|at| *at > now).chain(webhook).min()
    }

    /// Is the journal to be asked or written to by now?
    pub(super) fn journal_is_due(&self, now: Timestamp) -> bool {
        self.linked.as_ref().and_then(|linked| linked.due_at).is_some_and(|at| at <= now)
    }

    pub(super) fn webhooks_arrive(&mut self, now: Timestamp) -> Checked {
        let Some(linked) = &mut self.linked else { return Ok(()) };
        let (organization, link) = (linked.organization, linked.link);
        if linked.down_until.is_some_and(|until| until <= now) {
            linked.down_until = None;
            self.ground.journal.journal.set_up(true);
            self.note(|| "the journal answers again".to_owned());
        }
        for (_, body) in self.ground.journal.journal.arriving() {
            let command = Command::Hint { organization, link, body };
            match self.call(Some(organization), command)? {
                Tried::Answered(Ok(Answer::Hinted(WebhookReply::Taken)))
                // It is sent once: the poll finds what it told of.
                | Tried::Killed
                | Tried::Paused
                | Tried::Answered(Err(AppError::Unavailable(_) | AppError::OutcomeUnknown(_))) => {}
                other => {
                    let words = format!("a journal's webhook was answered with {other:?}");
                    return Err(Violation::new(Invariant::Rest, words));
                }
            }
        }
        Ok(())
    }

    /// When nodes next have something to ask or to write there.
    pub(super) fn plan_journal(&mut self) -> Checked {
        let Some(linked) = &self.linked else { return Ok(()) };
        let store = &self.auditor.store;
        let link = surely(read(store.journal_link(linked.organization, linked.link))?)?;
        let buckets = [linked.organization.bucket()];
        let effects = surely(read(store.due_effects(&buckets, Timestamp::MAX, EFFECTS_MOST))?)?;
        let poll_at = link.and_then(|link| link.next_poll_at);
        let write_at = effects.first().and_then(|effect| effect.due_at);
        if let Some(linked) = &mut self.linked {
            linked.due_at = [poll_at, write_at].into_iter().flatten().min();
        }
        Ok(())
    }

    /// What came of what nodes asked and wrote. After a write any record may have stepped back.
    pub(super) fn listen_to_journal(&mut self, wrote: bool) -> Checked {
        let Some(linked) = &self.linked else { return Ok(()) };
        let spoken_of = self.ground.journal.spoken_of();
        let records: Vec<String> = match wrote {
            true => linked.records.clone(),
            false => spoken_of.into_iter().collect(),
        };
        self.totals.echoes += self.ground.journal.echoes();
        self.totals.unanswered += self.ground.journal.faults();
        let is_somebody_away = self.nodes.iter().any(|node| node.absence.is_some());
        for id in records {
            let Some(there) = self.said_there(&id) else { continue };
            let Some(row) = self.row_of_record(&id)? else { continue };
            let idle = self.ground.journal.journal.idle_writes(PLACE, &id);
            ensure(idle == 0, Invariant::Journals, || {
                format!("{} was written to the journal, which said so already", row.id)
            })?;
            let now = self.now();
            if self.model.is_news(&row) {
                let refusals = self.refusals_of(&row)?;
                self.note(|| {
                    format!(
                        "{} v{} by the journal: {} {} with {:?}",
                        row.id,
                        row.edit_version,
                        row.status.name(),
                        row.facts.start_local,
                        row.facts.staff_id.map(|staff| staff.to_string())
                    )
                });
                self.model.heard_from_there(&id, &row, &there, refusals, now)?;
            }
            if !is_somebody_away {
                self.model.nobody_is_on_the_way(&id, &row, &there);
            }
        }
        Ok(())
    }

    /// What a record says, in our words.
    pub(super) fn said_there(&self, id: &str) -> Option<Said> {
        let linked = self.linked.as_ref()?;
        let record = self.ground.journal.journal.record(PLACE, id)?;
        let salon = self.salons.get(linked.salon)?;
        let staff = record.staff.and_then(|said| {
            let of_branch = salon
                .staff
                .iter()
                .find(|member| member.branch_id == linked.branch && member.name == said.name);
            of_branch.map(|member| member.id)
        });
        let service = |title: &str| salon.services.iter().find(|service| service.title == title);
        let services =
            record.services.iter().filter_map(|said| service(&said.title)).map(|one| one.id);
        Some(Said {
            start: record.start_local,
            staff,
            services: services.collect(),
            status: record.state.status(),
        })
    }

    fn row_of_record(&self, id: &str) -> Result<Option<Appointment>, Violation> {
        let Some(linked) = &self.linked else { return Ok(None) };
        let external_id = format!("simulated:{PLACE}:{id}");
        let store = &self.auditor.store;
        surely(read(store.appointment_by_external_id(linked.organization, &external_id))?)
    }

    /// How many changes of it staff were told that the journal does not have.
    fn refusals_of(&self, row: &Appointment) -> Result<usize, Violation> {
        let newest = TaskId(i64::MAX);
        let store = &self.auditor.store;
        let tasks = surely(read(store.tasks(row.organization_id, newest, TASKS_MOST, true))?)?;
        let refused = tasks.iter().filter(|task| {
            task.kind == TaskKind::JournalRefused && task.appointment_id == Some(row.id)
        });
        Ok(refused.count())
    }

    /// Nothing fails at the journal any more.
    pub(super) fn calm_journal(&mut self) {
        if let Some(linked) = &mut self.linked {
            linked.down_until = None;
            self.ground.journal.journal.set_up(true);
            self.ground.journal.journal.forget_planned_writes();
        }
    }

    /// The end: what stands in the journal and here.
    pub(super) fn journals_agree(&mut self) -> Checked {
        let Some(linked) = &self.linked else { return Ok(()) };
        for id in linked.records.clone() {
            let Some(there) = self.said_there(&id) else { continue };
            let here = self.row_of_record(&id)?;
            let writes = self.ground.journal.journal.writes(PLACE, &id);
            self.totals.written_there += u64::from(writes);
            let mut outcome =
                Outcome { here: None, there, writes, has_failed: false, is_shown: false };
            if let Some(row) = &here {
                let subject = row.id.to_string();
                let store = &self.auditor.store;
                let effect = store.effect(row.organization_id, EffectKind::JournalWrite, &subject);
                let effect = surely(read(effect)?)?;
                ensure(
                    effect.as_ref().is_none_or(|effect| !effect.state.is_open()),
                    Invariant::Journals,
                    || format!("{} waits to be written to the journal for ever", row.id),
                )?;
                outcome.has_failed = effect.is_some_and(|effect| effect.state.has_failed());
                outcome.is_shown = self.refusals_of(row)? > 0;
            }
            outcome.here = here;
            self.model.both_agree(&id, &outcome)?;
        }
        Ok(())
    }
}
