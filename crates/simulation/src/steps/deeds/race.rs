//! Two people at once, on one node or on both, their calls in turns.

use super::super::commands::{Answer, Command};
use super::super::invariant::{Checked, Invariant, ensure};
use super::super::model::By;
use super::super::world::{World, read, surely};
use super::book::book_command;
use jiff::SignedDuration;
use vestnik_app::AppError;
use vestnik_app::appointments::edit::EditAppointment;
use vestnik_app::appointments::status::SetStatus;
use vestnik_domain::appointment::Status;
use vestnik_domain::planning::Notify;

impl World {
    pub(super) fn race_deeds(&mut self) -> Checked {
        match self.chance.between(&(0..=3)) {
            0 => self.race_one_key(),
            1 => self.race_one_time(),
            2 => self.race_edits(),
            _ => self.race_pull(),
        }
    }

    /// One booking sent twice under one key: one appointment.
    fn race_one_key(&mut self) -> Checked {
        let index = self.any_salon();
        let ids: Vec<_> = self
            .salons
            .get(index)
            .map(|salon| salon.clients.iter().map(|one| one.id).collect())
            .unwrap_or_default();
        let Some(client) = self.any_of(&ids) else { return Ok(()) };
        let Some((caller, book)) = self.wanted_booking(index, client, None, By::Staff) else {
            return Ok(());
        };
        let key = self.chance.hex(16);
        let scope = Some(caller.organization_id);
        let commands = [book_command(caller, &book, &key)?, book_command(caller, &book, &key)?];
        let ends = self.race(scope, commands)?;
        let last = self.call_surely(scope, book_command(caller, &book, &key)?)?;
        let mut answers = Vec::new();
        for end in ends.into_iter().chain([super::Tried::Answered(last)]) {
            answers.extend(match &end {
                super::Tried::Answered(Ok(Answer::Appointment(row))) => Some(Some(row.id)),
                super::Tried::Answered(Err(AppError::Conflict { .. } | AppError::Invalid(_))) => {
                    Some(None)
                }
                _ => None,
            });
            self.booked(&book, By::Staff, end)?;
        }
        let first = answers.first().copied();
        ensure(
            answers.iter().all(|answer| Some(*answer) == first),
            Invariant::Acknowledged,
            || format!("one booking under one key was answered with {answers:?}"),
        )?;
        self.no_stranger(caller.organization_id, &book)
    }

    /// Two bookings of one master's time: one is refused.
    fn race_one_time(&mut self) -> Checked {
        let index = self.any_salon();
        let ids: Vec<_> = self
            .salons
            .get(index)
            .map(|salon| salon.clients.iter().map(|one| one.id).collect())
            .unwrap_or_default();
        let (Some(one), Some(other)) = (self.any_of(&ids), self.any_of(&ids)) else {
            return Ok(());
        };
        let Some((caller, mut book)) = self.wanted_booking(index, one, None, By::Staff) else {
            return Ok(());
        };
        book.force = false;
        let mut second = book.clone();
        second.client = vestnik_app::clients::find_or_create::WantedClient::Existing(other);
        let keys = [self.chance.hex(16), self.chance.hex(16)];
        let commands =
            [book_command(caller, &book, &keys[0])?, book_command(caller, &second, &keys[1])?];
        let ends = self.race(Some(caller.organization_id), commands)?;
        for ((book, key), end) in [(&book, &keys[0]), (&second, &keys[1])].into_iter().zip(ends) {
            if !self.booked(book, By::Staff, end)? {
                let command = book_command(caller, book, key)?;
                let outcome = self.call_surely(Some(caller.organization_id), command)?;
                self.booked(book, By::Staff, super::Tried::Answered(outcome))?;
            }
        }
        self.no_stranger(caller.organization_id, &book)?;
        self.no_stranger(caller.organization_id, &second)?;
        self.nobody_twice(&book)
    }

    fn nobody_twice(&self, book: &vestnik_app::appointments::book::BookAppointment) -> Checked {
        let Some(staff) = book.facts.staff_id else { return Ok(()) };
        let now = self.now();
        let made_now: Vec<_> = self
            .model
            .bookings
            .values()
            .filter(|one| one.created_at() == now)
            .filter_map(|one| one.last())
            .filter(|last| last.facts.staff_id == Some(staff))
            .collect();
        let twice = made_now.iter().enumerate().any(|(place, one)| {
            made_now.iter().skip(place + 1).any(|other| {
                let apart = one.facts.starts_at.duration_since(other.facts.starts_at).abs();
                apart < SignedDuration::from_mins(5)
            })
        });
        ensure(!twice, Invariant::Acknowledged, || format!("{staff} is booked twice for one time"))
    }

    /// A move and a cancellation of one appointment.
    fn race_edits(&mut self) -> Checked {
        let ahead = self.any_booking(|one, now| {
            one.last()
                .is_some_and(|last| last.status == Status::Waiting && last.facts.starts_at > now)
        });
        let Some(id) = ahead else { return Ok(()) };
        let (Some(before), Some(caller)) = (self.row(id)?, self.caller_of(id, By::Staff)) else {
            return Ok(());
        };
        let start = self.start_for(id);
        let edit = EditAppointment {
            version: before.edit_version,
            start,
            force: true,
            ..EditAppointment::default()
        };
        let status = SetStatus {
            version: None,
            status: Status::Confirmed,
            force: true,
            notify: Notify::ByRule,
        };
        let commands =
            [Command::Edit { caller, id, edit }, Command::SetStatus { caller, id, status }];
        let ends = self.race(Some(caller.organization_id), commands)?;
        self.effect(id, By::Staff, false, &before, ends).map(drop)
    }

    /// A phone asks while its client's visit is moved.
    fn race_pull(&mut self) -> Checked {
        let phones = self.phones.len() as u64;
        let index = usize::try_from(self.chance.draw() % phones.max(1)).unwrap_or(0);
        let Some(phone) = self.phones.get(index).filter(|phone| phone.is_on) else { return Ok(()) };
        let (organization, sender) = (phone.organization, phone.sender);
        let Some(device_token) = phone.device_token.clone() else { return Ok(()) };
        // What is in its lane speaks of somebody.
        let lane = surely(read(self.auditor.store.lane(organization, sender, 5))?)?;
        let waiting = lane.iter().find_map(|message| message.covers.first().copied());
        let any = self.any_booking(|one, now| {
            one.organization == organization
                && one.last().is_some_and(|last| {
                    last.facts.starts_at > now && last.status == Status::Waiting
                })
        });
        let Some(id) = waiting.or(any) else { return Ok(()) };
        let (Some(before), Some(caller)) = (self.row(id)?, self.caller_of(id, By::Staff)) else {
            return Ok(());
        };
        let start = self.start_for(id);
        let edit = EditAppointment {
            version: before.edit_version,
            start,
            force: true,
            ..EditAppointment::default()
        };
        let commands = [Command::Pull { device_token }, Command::Edit { caller, id, edit }];
        let mut ends = self.race(Some(organization), commands)?;
        let edited = ends.pop();
        self.effect(id, By::Staff, false, &before, edited.into_iter().collect())?;
        match ends.pop() {
            Some(pull) => self.take_pull(index, organization, pull),
            None => Ok(()),
        }
    }
}
