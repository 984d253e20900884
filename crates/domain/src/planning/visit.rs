//! A visit as planning sees it: its appointments, those that N1 lets through, and whom to tell.

use super::message::Subject;
use super::silence::SilenceReason;
use super::snapshot::{BranchRules, ExistingMessage, Snapshot};
use crate::appointment::{Appointment, Source, Status};
use crate::ids::VisitId;
use crate::kind::NotificationKind;
use crate::local_time::local;
use crate::phone_number::PhoneNumber;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

pub(super) struct Visit<'a> {
    pub id: VisitId,
    /// Those that N1 lets through, by start.
    pub eligible: Vec<&'a Appointment>,
    /// The others, each with its reason.
    pub barred: Vec<(&'a Appointment, SilenceReason)>,
    /// The first to come, else the first: its branch and recipient stand for the visit.
    pub first: &'a Appointment,
    pub branch: BranchRules<'a>,
    pub recipient: Option<&'a PhoneNumber>,
    /// Counted over all its appointments: the occasion of «created» and «cancelled».
    pub booking_cycle: u32,
    /// Counted over all its appointments: the occasion of «changed».
    pub bursts_told: u32,
    now: Timestamp,
}

/// Does the client still have to come to it?
pub(super) fn is_ahead(appointment: &Appointment) -> bool {
    appointment.status.is_ahead()
}

impl<'a> Visit<'a> {
    /// `members` are all appointments of one visit, by start. `Err`: nothing of it is notified.
    pub(super) fn of(
        members: &[&'a Appointment],
        snapshot: &Snapshot<'a>,
        on_since: Timestamp,
        now: Timestamp,
    ) -> Result<Visit<'a>, Vec<(&'a Appointment, SilenceReason)>> {
        let mut eligible: Vec<&'a Appointment> = Vec::with_capacity(members.len());
        let mut barred = Vec::new();
        for &appointment in members {
            let branch = branch_of(appointment, snapshot);
            match branch.and_then(|branch| super::gate::made_in_time(appointment, branch, on_since))
            {
                Ok(()) => eligible.push(appointment),
                Err(reason) => barred.push((appointment, reason)),
            }
        }
        let ahead = || eligible.iter().copied().filter(|appointment| is_ahead(appointment));
        let to_come = ahead().find(|appointment| appointment.facts.starts_at > now);
        let first = to_come.or_else(|| ahead().next()).or_else(|| eligible.first().copied());
        let Some(first) = first else {
            return Err(barred);
        };
        let branch = match branch_of(first, snapshot) {
            Ok(branch) => branch,
            Err(reason) => return Err(vec![(first, reason)]),
        };
        let number = |appointment| number_of(appointment, snapshot);
        Ok(Visit {
            id: first.visit_id,
            first,
            branch,
            recipient: number(first).or_else(|| eligible.iter().find_map(|other| number(other))),
            booking_cycle: members.iter().map(|one| one.notification.booking_cycle).sum(),
            bursts_told: members.iter().map(|one| one.notification.bursts_told).sum(),
            eligible,
            barred,
            now,
        })
    }

    /// The visit day by day, as reminders speak of it: its appointments may be on different days. A
    /// day begins with its first appointment, also when that has begun, and goes by the branch and the
    /// number of that one. Days without anything to come are left out, unless nothing is to come at all.
    pub(super) fn into_days(self, snapshot: &Snapshot<'a>) -> Vec<Visit<'a>> {
        let day = |appointment: &Appointment| appointment.facts.start_local.date();
        let mut days: Vec<Date> = self.upcoming().map(day).collect();
        days.sort_unstable();
        days.dedup();
        let first_of = |date: Date| self.ahead().find(|one| day(one) == date);
        match days.as_slice() {
            [] => vec![self],
            [date] if self.eligible.iter().all(|one| day(one) == *date) => {
                let first = first_of(*date).unwrap_or(self.first);
                vec![self.beginning_with(first, snapshot)]
            }
            days => {
                let of_day = |date: &Date| {
                    let of_date = self.eligible.iter().copied().filter(|one| day(one) == *date);
                    let first = first_of(*date)?;
                    let eligible = of_date.collect();
                    let day = self.beginning_with(first, snapshot);
                    Some(Visit { eligible, barred: Vec::new(), ..day })
                };
                days.iter().filter_map(of_day).collect()
            }
        }
    }

    /// The same visit by the branch and the number of `first`.
    pub(super) fn beginning_with(
        &self,
        first: &'a Appointment,
        snapshot: &Snapshot<'a>,
    ) -> Visit<'a> {
        Visit {
            first,
            branch: branch_of(first, snapshot).unwrap_or(self.branch),
            recipient: number_of(first, snapshot).or(self.recipient),
            eligible: self.eligible.clone(),
            barred: self.barred.clone(),
            ..*self
        }
    }

    pub(super) fn subject(&self) -> Subject {
        Subject::Visit(self.id)
    }

    /// Its appointments that the client still has to come to.
    pub(super) fn ahead(&self) -> impl Iterator<Item = &'a Appointment> {
        self.eligible.iter().copied().filter(|appointment| is_ahead(appointment))
    }

    /// Those of them that have not begun.
    pub(super) fn upcoming(&self) -> impl Iterator<Item = &'a Appointment> {
        let now = self.now;
        self.ahead().filter(move |appointment| appointment.facts.starts_at > now)
    }

    /// Did the client come, on the day that is next?
    pub(super) fn has_arrived(&self) -> bool {
        let day = self.first.facts.start_local.date();
        self.eligible.iter().any(|appointment| {
            appointment.status == Status::Arrived && appointment.facts.start_local.date() == day
        })
    }

    /// When it begins: the first start still ahead.
    pub(super) fn start(&self) -> Timestamp {
        self.first.facts.starts_at
    }

    /// The wall time of its branch.
    pub(super) fn local(&self, at: Timestamp) -> DateTime {
        local(at, self.branch.zone)
    }

    /// The kind that tells of its booking: the client's own is confirmed, any other announced.
    pub(super) fn announcement_kind(&self) -> NotificationKind {
        let first_booked =
            self.ahead().min_by_key(|one| one.notification.booked_at(one.created_at));
        let booked = first_booked.unwrap_or(self.first);
        match booked.source {
            Source::Client if !booked.notification.brought_back => NotificationKind::Confirmation,
            _ => NotificationKind::Created,
        }
    }

    /// Does a message of `kind` about it wait to be sent?
    pub(super) fn waits<'m>(
        &self,
        existing: &'m [ExistingMessage],
        kind: NotificationKind,
    ) -> Option<&'m ExistingMessage> {
        existing.iter().find(|message| {
            message.is_open() && message.kind == kind && message.subject == self.subject()
        })
    }

    /// Does news of this visit wait, of whatever kind? What takes its place, since the visit changed
    /// while it waited, was not missed.
    pub(super) fn a_notice_waits(&self, existing: &[ExistingMessage]) -> bool {
        self.open_news(existing).next().is_some()
    }

    /// The messages that wait to tell something new of this visit.
    pub(super) fn open_news<'m>(
        &self,
        existing: &'m [ExistingMessage],
    ) -> impl Iterator<Item = &'m ExistingMessage> {
        const NEWS: [NotificationKind; 4] = [
            NotificationKind::Confirmation,
            NotificationKind::Created,
            NotificationKind::Changed,
            NotificationKind::Cancelled,
        ];
        NEWS.into_iter().filter_map(|kind| self.waits(existing, kind))
    }
}

fn number_of<'a>(appointment: &'a Appointment, snapshot: &Snapshot<'a>) -> Option<&'a PhoneNumber> {
    appointment.recipient_phone.as_ref().or(snapshot.client.phone)
}

fn branch_of<'a>(
    appointment: &Appointment,
    snapshot: &Snapshot<'a>,
) -> Result<BranchRules<'a>, SilenceReason> {
    let found = snapshot.branches.iter().find(|branch| branch.id == appointment.facts.branch_id);
    found.copied().ok_or(SilenceReason::BranchUnknown)
}
