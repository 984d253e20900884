//! A file of visits from another program, imported as often as it takes.

use super::super::commands::{Answer, Command};
use super::super::executor::Tried;
use super::super::invariant::{Checked, Invariant, Violation, ensure};
use super::super::model::KnownClient;
use super::super::world::{World, read, surely};
use jiff::Timestamp;
use jiff::civil::DateTime;
use vestnik_app::{AppError, Caller};
use vestnik_domain::ids::ClientId;
use vestnik_domain::phone_number::PhoneNumber;

const HEADER: &str = "Клиент;Телефон;Дата и время;Услуга;Мастер;Филиал";
/// Clients with a number of their own; the others share one.
const ALONE: usize = 4;

/// One line, as it must come back.
struct Line {
    name: String,
    number: String,
    start: DateTime,
    landed: bool,
}

impl World {
    pub(super) fn import_visits(&mut self) -> Checked {
        let index = self.any_salon();
        let Some(caller) = self.salons.get(index).map(|salon| salon.caller) else { return Ok(()) };
        let mut file = HEADER.to_owned();
        let mut lines = Vec::new();
        for _ in 0..=self.chance.draw() % 3 {
            let Some((line, text)) = self.any_line(index) else { return Ok(()) };
            file.push('\n');
            file.push_str(&text);
            lines.push(line);
        }
        let reminders = self.chance.percent(50);
        for tries in 0..5 {
            let command = Command::Import { caller, file: file.clone(), reminders };
            let end = match tries {
                0..3 => self.call(Some(caller.organization_id), command)?,
                _ => Tried::Answered(self.call_surely(Some(caller.organization_id), command)?),
            };
            self.learn_imported(index, caller, &mut lines, reminders)?;
            match end {
                Tried::Answered(Ok(Answer::Imported(report))) => {
                    self.note(|| format!("a file of {} visits: {report:?}", lines.len()));
                    let told = report.landed + report.unchanged + report.refused;
                    return ensure(told == lines.len(), Invariant::Imports, || {
                        format!("{} lines became {report:?}", lines.len())
                    });
                }
                Tried::Killed
                | Tried::Paused
                | Tried::Answered(Err(AppError::Unavailable(_) | AppError::OutcomeUnknown(_))) => {}
                Tried::Answered(other) => {
                    let words = format!("an import ended {other:?}");
                    return Err(Violation::new(Invariant::Rest, words));
                }
            }
        }
        Err(Violation::new(Invariant::Rest, "an import never ended"))
    }

    fn any_line(&mut self, index: usize) -> Option<(Line, String)> {
        let salon = self.salons.get(index)?;
        let (staff, services) = (salon.staff.clone(), salon.services.clone());
        let alone: Vec<_> = salon.clients.iter().take(ALONE).cloned().collect();
        let (name, number) = match self.chance.percent(20) {
            true => {
                let line = self.chance.draw() % 1_000;
                (format!("Гостья {line}"), format!("+7916777{index}{line:03}"))
            }
            false => {
                let client = self.any_of(&alone)?;
                (client.name.clone(), client.phone?.as_str().to_owned())
            }
        };
        let (member, service) = (self.any_of(&staff)?, self.any_of(&services)?);
        let zone = self.model.zones.get(&member.branch_id)?.clone();
        let start = self.any_start(&zone);
        let branches = &self.salons.get(index)?.branches;
        let branch = branches.iter().find(|branch| branch.id == member.branch_id)?;
        let text = format!(
            "{name};{number};{};{};{};{}",
            start.strftime("%d.%m.%Y %H:%M"),
            service.title,
            member.name,
            branch.name
        );
        Some((Line { name, number, start, landed: false }, text))
    }

    /// What of the file stands now: each line once, and nothing else.
    fn learn_imported(
        &mut self,
        index: usize,
        caller: Caller,
        lines: &mut [Line],
        reminders: bool,
    ) -> Checked {
        let organization = caller.organization_id;
        let now = self.now();
        for place in 0..lines.len() {
            let Some(line) = lines.get(place) else { continue };
            let number = PhoneNumber::from_e164(&line.number).map_err(|error| {
                Violation::new(Invariant::Rest, format!("{}: {error}", line.number))
            })?;
            let store = &self.auditor.store;
            let cards = surely(read(store.clients_by_phone(organization, &number, 10))?)?;
            let mut rows = Vec::new();
            for card in &cards {
                let all =
                    store.appointments_of_client(organization, card.id, Timestamp::UNIX_EPOCH);
                rows.extend(surely(read(all)?)?);
            }
            for card in cards {
                self.meet(index, card.id, &line.number, &card.name);
            }
            for row in rows {
                if self.model.bookings.contains_key(&row.id) {
                    continue;
                }
                let number = self.model.clients.get(&row.client_id).map(|one| one.number.clone());
                let wanted = lines.iter_mut().find(|line| {
                    !line.landed
                        && Some(&line.number) == number.as_ref()
                        && line.start == row.facts.start_local
                });
                let Some(wanted) = wanted else {
                    let words = format!("{} came out of a file that does not name it", row.id);
                    return Err(Violation::new(Invariant::Imports, words));
                };
                wanted.landed = true;
                self.totals.imports += 1;
                let name = wanted.name.clone();
                self.note(|| {
                    format!("{} of {name} is imported: {}", row.id, row.facts.start_local)
                });
                self.model.journal_row(&row, now, false)?;
                self.model.imported(row.id, reminders, now);
            }
        }
        Ok(())
    }

    /// A client of whom nobody knew before.
    fn meet(&mut self, index: usize, id: ClientId, number: &str, name: &str) {
        if self.model.clients.contains_key(&id) {
            return;
        }
        self.note(|| format!("{id} is a new client: {name}"));
        let Some(salon) = self.salons.get(index) else { return };
        let known = KnownClient {
            organization: salon.caller.organization_id,
            number: number.to_owned(),
            switches: vec![(self.now(), vestnik_domain::client::ClientSwitches::default())],
        };
        self.model.clients.insert(id, known);
    }
}
