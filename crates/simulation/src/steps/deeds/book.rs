//! Booking: by staff and by clients, alone and as part of a visit, and again under the same key when
//! no answer came.

use super::super::commands::{Answer, Command};
use super::super::executor::Tried;
use super::super::invariant::{Checked, Invariant, Violation};
use super::super::model::By;
use super::super::world::World;
use jiff::civil::DateTime;
use vestnik_app::appointments::WantedFacts;
use vestnik_app::appointments::book::BookAppointment;
use vestnik_app::appointments::idempotency::Idempotency;
use vestnik_app::clients::find_or_create::WantedClient;
use vestnik_app::{AppError, Caller};
use vestnik_domain::appointment::Source;
use vestnik_domain::ids::{ClientId, VisitId};
use vestnik_domain::planning::Notify;

impl World {
    pub(super) fn book(&mut self, by: By) -> Checked {
        let index = self.any_salon();
        let clients: Vec<ClientId> = self
            .salons
            .get(index)
            .map(|salon| salon.clients.iter().map(|one| one.id).collect())
            .unwrap_or_default();
        let Some(client) = self.any_of(&clients) else { return Ok(()) };
        let Some((caller, book)) = self.wanted_booking(index, client, None, by) else {
            return Ok(());
        };
        self.book_under_key(caller, book, by)
    }

    /// Another appointment of a visit that lies ahead, on the same day.
    pub(super) fn join(&mut self) -> Checked {
        let visit = self.any_booking(|one, now| {
            one.last().is_some_and(|last| {
                last.facts.starts_at > now
                    && last.status == vestnik_domain::appointment::Status::Waiting
            })
        });
        let Some(booking) = visit.and_then(|id| self.model.bookings.get(&id)) else {
            return Ok(());
        };
        let (client, visit, organization) = (booking.client, booking.visit, booking.organization);
        let start = booking.last().map(|last| last.facts.start_local);
        let index =
            self.salons.iter().position(|salon| salon.caller.organization_id == organization);
        let (Some(index), Some(start)) = (index, start) else { return Ok(()) };
        let joined = Some((visit, start));
        let Some((caller, book)) = self.wanted_booking(index, client, joined, By::Staff) else {
            return Ok(());
        };
        self.book_under_key(caller, book, By::Staff)
    }

    /// What somebody wants to book.
    pub(super) fn wanted_booking(
        &mut self,
        index: usize,
        client: ClientId,
        joins: Option<(VisitId, DateTime)>,
        by: By,
    ) -> Option<(Caller, BookAppointment)> {
        let salon = self.salons.get(index)?;
        let caller = if by == By::Client { salon.client_caller() } else { salon.caller };
        let (staff, services) = (salon.staff.clone(), salon.services.clone());
        let member = self.any_of(&staff)?;
        let zone = self.model.zones.get(&member.branch_id)?.clone();
        let service = self.any_of(&services)?;
        let start = match joins {
            // Right after the first one, more or less.
            Some((_, first)) => first.checked_add(jiff::Span::new().minutes(90)).ok()?,
            None => self.any_start(&zone),
        };
        let silent = by == By::Staff && self.chance.percent(6);
        let book = BookAppointment {
            client: WantedClient::Existing(client),
            recipient_phone: None,
            visit_id: joins.map(|(visit, _)| visit),
            facts: WantedFacts {
                branch_id: member.branch_id,
                staff_id: self.chance.percent(90).then_some(member.id),
                service_ids: vec![service.id],
                start: start.to_string(),
                duration_min: None,
            },
            source: if by == By::Client { Source::Client } else { Source::Staff },
            note: String::new(),
            external_id: None,
            force: self.chance.percent(20),
            notify: if silent { Notify::Silent } else { Notify::ByRule },
        };
        Some((caller, book))
    }

    /// I11: as often as it takes, and always the same one appointment.
    pub(super) fn book_under_key(
        &mut self,
        caller: Caller,
        book: BookAppointment,
        by: By,
    ) -> Checked {
        let key = self.chance.hex(16);
        for tries in 0..5 {
            let command = book_command(caller, &book, &key)?;
            let scope = Some(caller.organization_id);
            let end = match tries {
                0..3 => self.call(scope, command)?,
                _ => Tried::Answered(self.call_surely(scope, command)?),
            };
            if self.booked(&book, by, end)? {
                break;
            }
        }
        self.no_stranger(caller.organization_id, &book)
    }

    /// What came of one try; says whether there was an answer.
    pub(super) fn booked(
        &mut self,
        book: &BookAppointment,
        by: By,
        end: Tried,
    ) -> Result<bool, Violation> {
        match end {
            Tried::Answered(Ok(Answer::Appointment(row))) => {
                let is_new = !self.model.bookings.contains_key(&row.id);
                let now = self.now();
                let silent = book.notify == Notify::Silent;
                self.note(|| {
                    format!(
                        "{} of {} in {} is booked by {by:?}: {} in {} with {:?}{}",
                        row.id,
                        row.client_id,
                        row.visit_id,
                        row.facts.start_local,
                        row.facts.branch_id,
                        row.facts.staff_id.map(|staff| staff.to_string()),
                        if silent { ", silently" } else { "" }
                    )
                });
                self.model.journal_row(&row, now, silent)?;
                if is_new {
                    self.totals.bookings += 1;
                }
                Ok(true)
            }
            Tried::Killed
            | Tried::Paused
            | Tried::Answered(Err(AppError::Unavailable(_) | AppError::OutcomeUnknown(_))) => {
                Ok(false)
            }
            Tried::Answered(Err(refusal)) => self.refused(&refusal).map(|()| true),
            Tried::Answered(Ok(other)) => {
                Err(Violation::new(Invariant::Rest, format!("an odd answer: {other:?}")))
            }
        }
    }
}

pub(super) fn book_command(
    caller: Caller,
    book: &BookAppointment,
    key: &str,
) -> Result<Command, Violation> {
    let key = Idempotency::new(key, "book", format!("{book:?}").as_bytes())
        .map_err(|error| Violation::new(Invariant::Rest, error.to_string()))?;
    Ok(Command::Book { caller, book: Box::new(book.clone()), key })
}
