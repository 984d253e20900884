//! A client writes an SMS to the salon's phone, which hands it on as often as it takes.

use super::super::commands::{Answer, Command};
use super::super::executor::Tried;
use super::super::invariant::{Checked, Invariant, Violation, ensure};
use super::super::world::{World, read, surely};
use crate::phone::model::{IncomingSms, Input};
use vestnik_app::AppError;
use vestnik_domain::ids::{IncomingMessageId, OrganizationId, TaskId};
use vestnik_domain::incoming::IncomingMessage;
use vestnik_domain::phone_number::PhoneNumber;

/// So many of the newest are looked at.
const NEWEST: i64 = 20;

impl World {
    pub(super) fn answer(&mut self) -> Checked {
        // A phone's signature is dated: nodes refuse one from another time, and the app tries again.
        if self.is_somebody_behind() {
            return Ok(());
        }
        let phones: Vec<usize> = (0..self.phones.len())
            .filter(|index| {
                let phone = self.phones.get(*index);
                phone.is_some_and(|phone| phone.is_on && phone.device_token.is_some())
            })
            .collect();
        let Some(index) = self.any_of(&phones) else { return Ok(()) };
        if !self.phones.get(index).is_some_and(|phone| phone.can_post()) {
            self.read_settings(index)?;
        }
        let Some(phone) = self.phones.get(index).filter(|phone| phone.can_post()) else {
            return Ok(());
        };
        let organization = phone.organization;
        let numbers: Vec<String> = self
            .salon_of(organization)
            .map(|salon| salon.clients.iter().filter_map(|one| one.phone.clone()))
            .into_iter()
            .flatten()
            .map(|number| number.as_str().to_owned())
            .chain(["+79160009999".to_owned()])
            .collect();
        let words = ["1", "0", "Можно попозже?", "Спасибо", "I am late", "Да", "STOP", "START"];
        let (Some(from), Some(text)) = (self.any_of(&numbers), self.any_of(&words)) else {
            return Ok(());
        };
        let sms = IncomingSms { from: from.clone(), text: text.to_owned() };
        self.note(|| format!("phone {index} receives «{text}» from {from}"));
        self.totals.answers += 1;
        let now = self.now();
        let about = self.model.written_about(organization, &from, now);
        self.handset_lives(index, Input::Received(sms))?;
        self.post(index, organization)?;
        self.is_kept(organization, &from, text, about)
    }

    /// Hands over what came in, now and then twice.
    fn post(&mut self, index: usize, organization: OrganizationId) -> Checked {
        let now = self.now();
        let posts = self.phones.get_mut(index).map(|phone| phone.posts(now)).unwrap_or_default();
        for posted in posts {
            let doubled = self.chance.percent(20);
            let mut taken = 0;
            for tries in 0..12 {
                let command = Command::Webhook(Box::new(posted.clone()));
                let end = match tries {
                    0..5 => self.call(Some(organization), command)?,
                    _ => Tried::Answered(self.call_surely(Some(organization), command)?),
                };
                match end {
                    Tried::Answered(Ok(Answer::Phone(reply))) if reply.status == 200 => taken += 1,
                    Tried::Answered(Ok(Answer::Phone(reply))) if reply.status == 503 => {}
                    Tried::Killed
                    | Tried::Paused
                    | Tried::Answered(Err(
                        AppError::Unavailable(_) | AppError::OutcomeUnknown(_),
                    )) => {}
                    other => {
                        let words = format!("an SMS that came in was answered with {other:?}");
                        return Err(Violation::new(Invariant::Protocol, words));
                    }
                }
                if taken > usize::from(doubled) {
                    break;
                }
            }
            ensure(taken > 0, Invariant::Protocol, || {
                "an SMS that came in was never taken".to_owned()
            })?;
        }
        Ok(())
    }

    /// Once in the books; STOP and START hold, and anything else of a client's is a task on the visit.
    fn is_kept(
        &mut self,
        organization: OrganizationId,
        from: &str,
        text: &str,
        about: Option<vestnik_domain::ids::AppointmentId>,
    ) -> Checked {
        let now = self.now();
        let store = &self.auditor.store;
        let newest = store.incoming_messages(organization, IncomingMessageId(i64::MAX), NEWEST);
        let kept: Vec<IncomingMessage> = surely(read(newest)?)?
            .into_iter()
            .filter(|one| one.from == from && one.text == text && one.received_at == now)
            .collect();
        ensure(kept.len() == 1, Invariant::Answers, || {
            format!("«{text}» from {from} stands {} times", kept.len())
        })?;
        if matches!(text, "STOP" | "START") {
            let number = PhoneNumber::from_e164(from)
                .map_err(|error| Violation::new(Invariant::Rest, error.to_string()))?;
            let found = surely(read(store.stopped_number(organization, &number))?)?;
            let stopped = found.is_some_and(|number| number.stopped);
            if self.model.number_says(organization, from, stopped, now) {
                self.totals.stops += 1;
            }
            return ensure(stopped == (text == "STOP"), Invariant::Answers, || {
                format!("{from} said {text} and is not obeyed")
            });
        }
        let tasks = surely(read(store.tasks(organization, TaskId(i64::MAX), NEWEST, true))?)?;
        let tasks: Vec<_> = tasks
            .iter()
            .filter(|task| kept.iter().any(|one| task.incoming_message_id == Some(one.id)))
            .map(|task| task.appointment_id)
            .collect();
        let expected = match self.model.has_number(organization, from) {
            true => vec![about],
            false => Vec::new(),
        };
        ensure(tasks == expected, Invariant::Answers, || {
            format!("«{text}» from {from} is shown on {tasks:?}, not on {expected:?}")
        })
    }
}
