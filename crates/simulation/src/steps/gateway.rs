//! What phones ask and tell, call by call, and what the model learns of it.

use super::commands::{Answer, Command};
use super::executor::Tried;
use super::invariant::{Checked, Invariant, Violation, ensure};
use super::model::{Heard, Identified, TryRow};
use super::peers::phone::{Fate, PhonePeer, RECEIVED};
use super::world::{World, read, surely};
use crate::phone::air::AirRecord;
use crate::phone::model::Input;
use crate::phone::wire::messages::read_list;
use crate::phone::wire::settings::PhoneSettings;
use crate::phone::wire::webhooks;
use jiff::Timestamp;
use vestnik_app::AppError;
use vestnik_app::phones::PhoneReply;
use vestnik_domain::ids::{DeliveryId, OrganizationId};

const UNAUTHORIZED: u16 = 401;

impl World {
    /// Registers by the link token that the phone has, as often as it takes; stays unlinked if that
    /// token is no longer good.
    pub(super) fn register(&mut self, index: usize) -> Checked {
        let Some(phone) = self.phones.get(index) else { return Ok(()) };
        let (organization, link_token) = (phone.organization, phone.link_token.clone());
        for tries in 0..20 {
            let command = Command::Register { link_token: link_token.clone() };
            let end = match tries {
                0..10 => self.call(Some(organization), command)?,
                _ => Tried::Answered(self.call_surely(Some(organization), command)?),
            };
            let Some(reply) = phone_reply(end)? else { continue };
            if reply.status == UNAUTHORIZED {
                self.note(|| format!("phone {index} is refused"));
                return Ok(());
            }
            let token = reply.body.as_ref().and_then(|body| body.get("token")?.as_str());
            let Some(token) = token.map(str::to_owned) else { continue };
            self.note(|| format!("phone {index} is registered"));
            if let Some(phone) = self.phones.get_mut(index) {
                phone.device_token = Some(token);
            }
            return self.read_settings(index);
        }
        Err(Violation::new(Invariant::Protocol, "a phone with a good link token cannot register"))
    }

    pub(super) fn read_settings(&mut self, index: usize) -> Checked {
        let Some(phone) = self.phones.get(index) else { return Ok(()) };
        let (organization, token) = (phone.organization, phone.device_token.clone());
        let Some(device_token) = token else { return Ok(()) };
        let end = self.call(Some(organization), Command::PhoneSettings { device_token })?;
        let Some(reply) = phone_reply(end)?.filter(|reply| reply.status == 200) else {
            return Ok(());
        };
        let pushed = reply.body.unwrap_or_default();
        let settings = PhoneSettings::default().with(&pushed).map_err(|flaw| {
            Violation::new(
                Invariant::Protocol,
                format!("the phone cannot read its settings: {flaw}"),
            )
        })?;
        self.handset_lives(index, Input::Settings(settings))?;
        self.read_webhooks(index)
    }

    /// Where the phone is to post what it receives.
    fn read_webhooks(&mut self, index: usize) -> Checked {
        let Some(phone) = self.phones.get(index) else { return Ok(()) };
        let (organization, token) = (phone.organization, phone.device_token.clone());
        let Some(device_token) = token else { return Ok(()) };
        let end = self.call(Some(organization), Command::PhoneWebhooks { device_token })?;
        let Some(reply) = phone_reply(end)?.filter(|reply| reply.status == 200) else {
            return Ok(());
        };
        let list = reply.body.unwrap_or_default().to_string();
        let webhooks = webhooks::read_list(list.as_bytes()).map_err(|flaw| {
            let words = format!("the phone cannot read its webhooks: {flaw}");
            Violation::new(Invariant::Protocol, words)
        })?;
        if let Some(phone) = self.phones.get_mut(index) {
            phone.webhook = webhooks.into_iter().find(|one| one.event == RECEIVED);
        }
        Ok(())
    }

    /// The app asks what to send.
    pub(super) fn poll(&mut self, index: usize, now: Timestamp) -> Checked {
        let Some(phone) = self.phones.get(index) else { return Ok(()) };
        let (organization, sender) = (phone.organization, phone.sender);
        match phone.device_token.clone() {
            None => self.register(index)?,
            Some(device_token) => {
                self.nodes_beat()?;
                self.forecast_head(organization, sender)?;
                self.totals.pulls += 1;
                let was_stirred = self.is_stirred;
                let end = self.call(Some(organization), Command::Pull { device_token })?;
                // An empty answer moved nothing: the loops need not look again.
                let found_nothing = matches!(&end, Tried::Answered(Ok(Answer::Phone(reply)))
                    if reply.body == Some(serde_json::json!([])));
                self.take_pull(index, organization, end)?;
                if found_nothing {
                    self.is_stirred = was_stirred;
                }
            }
        }
        let waits = self.something_waits(index)?;
        if let Some(phone) = self.phones.get_mut(index) {
            phone.polled(waits, now);
        }
        Ok(())
    }

    /// What came of a pull.
    pub(super) fn take_pull(
        &mut self,
        index: usize,
        organization: OrganizationId,
        end: Tried,
    ) -> Checked {
        match phone_reply(end)? {
            Some(reply) => self.pulled(index, organization, &reply),
            None => Ok(()),
        }
    }

    fn pulled(
        &mut self,
        index: usize,
        organization: OrganizationId,
        reply: &PhoneReply,
    ) -> Checked {
        if reply.status == UNAUTHORIZED {
            // As the app does: the token first, and a new registration only when it is refused.
            if let Some(phone) = self.phones.get_mut(index) {
                phone.device_token = None;
            }
            return self.register(index);
        }
        ensure(reply.status == 200, Invariant::Protocol, || {
            format!("a pull was answered with {}: {:?}", reply.status, reply.body)
        })?;
        let body = reply.body.as_ref().map(ToString::to_string).unwrap_or_default();
        let list = read_list(body.as_bytes()).map_err(|flaw| {
            Violation::new(Invariant::Protocol, format!("the phone cannot read its list: {flaw}"))
        })?;
        if list.is_empty() {
            return Ok(());
        }
        let now = self.now();
        if let Some(phone) = self.phones.get_mut(index) {
            phone.got_something(now);
        }
        for message in &list {
            let what = self.identify(organization, &message.id)?;
            let (kind, id) = (what.kind.name(), what.delivery);
            self.note(|| format!("phone {index} is given {kind} {id}"));
            self.model.given(what)?;
        }
        if self.phones.get_mut(index).is_some_and(PhonePeer::loses_answer) {
            self.totals.lost_answers += 1;
            self.note(|| format!("phone {index} never gets that answer"));
            return Ok(());
        }
        self.handset_lives(index, Input::Pulled(list))
    }

    /// Lets the app act, and listens to the air.
    pub(super) fn handset_lives(&mut self, index: usize, input: Input) -> Checked {
        let now = self.now();
        let Some(phone) = self.phones.get_mut(index) else { return Ok(()) };
        let organization = phone.organization;
        let (air, fates) = phone.step(input, now);
        self.totals.late_parts += phone.late_parts();
        for fate in fates {
            match fate {
                Fate::Arrives => {}
                Fate::Late => self.totals.late_reports += 1,
                Fate::Doubled => self.totals.doubled_reports += 1,
                Fate::Lost => self.totals.lost_reports += 1,
            }
        }
        for record in air {
            self.listen(organization, &record)?;
        }
        Ok(())
    }

    fn listen(&mut self, organization: OrganizationId, record: &AirRecord) -> Checked {
        let what = self.identify(organization, &record.id)?;
        self.heard(Heard {
            at: record.at,
            number: record.phone_number.clone(),
            text: record.text.clone(),
            what,
            after_a_pause: false,
        })
    }

    /// Which message of ours it was, read back by its id.
    pub(super) fn identify(
        &self,
        organization: OrganizationId,
        id: &str,
    ) -> Result<Identified, Violation> {
        let unknown = || Violation::new(Invariant::Truth, format!("nobody knows the id {id}"));
        let delivery: DeliveryId = id.parse().map_err(|_| unknown())?;
        if let Some(known) = self.model.given.get(&delivery) {
            return Ok(known.clone());
        }
        let store = &self.auditor.store;
        let row = surely(read(store.delivery(organization, delivery))?)?.ok_or_else(unknown)?;
        let message =
            surely(read(store.message(organization, row.message_id))?)?.ok_or_else(unknown)?;
        Ok(Identified {
            organization,
            delivery,
            message: message.id,
            sender: row.sender_id,
            registration: row.sender_registration,
            client: message.client_id,
            kind: message.kind,
            subject: message.subject.to_string(),
            occasion: message.occasion,
            covers: message.covers,
            attempt: row.attempt,
            planned_at: message.planned_at,
            due_at: message.due_at,
            intended_at: row.intended_at,
            valid_until: row.valid_until,
            send_before: message.send_before,
        })
    }

    pub(super) fn reports_arrive(&mut self, index: usize, now: Timestamp) -> Checked {
        let Some(phone) = self.phones.get_mut(index) else { return Ok(()) };
        for report in phone.arriving(now) {
            let token = self.phones.get(index).and_then(|phone| phone.device_token.clone());
            let scope = self.scope_of_phone(index);
            let reply = match token {
                None => None,
                Some(device_token) => {
                    let body = report.body.clone();
                    phone_reply(self.call(scope, Command::Report { device_token, body })?)?
                }
            };
            match reply.map(|reply| reply.status) {
                Some(200..300) => {}
                Some(UNAUTHORIZED) | None => {
                    if let Some(phone) = self.phones.get_mut(index) {
                        phone.again(report, now);
                    }
                }
                Some(status) => {
                    let words = format!("a report was answered with {status}");
                    return Err(Violation::new(Invariant::Protocol, words));
                }
            }
        }
        Ok(())
    }

    /// I4: how far every try has come.
    pub(super) fn look_at_tries(&mut self) -> Checked {
        if self.step.is_multiple_of(64) {
            return self.look_at_all_tries();
        }
        if self.step.is_multiple_of(8) {
            return self.look_at(self.model.moving_tries(self.now()));
        }
        Ok(())
    }

    pub(super) fn look_at_all_tries(&mut self) -> Checked {
        self.look_at(self.model.all_tries())
    }

    fn look_at(&mut self, tries: Vec<DeliveryId>) -> Checked {
        let now = self.now();
        for id in tries {
            let Some(organization) = self.model.given.get(&id).map(|what| what.organization) else {
                continue;
            };
            let Some(row) = surely(read(self.auditor.store.delivery(organization, id))?)? else {
                continue;
            };
            let row = TryRow {
                state: row.state.name(),
                ended_at: row.ended_at,
                submitted_at: row.submitted_at,
                intended_at: row.intended_at,
                has_reason: row.error_code.is_some(),
            };
            self.model.try_row(id, row, now)?;
        }
        Ok(())
    }
}

/// What the phone heard; `None` if the call failed on the way, so that it tries again.
fn phone_reply(end: Tried) -> Result<Option<PhoneReply>, Violation> {
    match end {
        Tried::Answered(Ok(Answer::Phone(reply))) if reply.status == 503 => Ok(None),
        Tried::Answered(Ok(Answer::Phone(reply))) => Ok(Some(reply)),
        Tried::Killed
        | Tried::Paused
        | Tried::Answered(Err(AppError::Unavailable(_) | AppError::OutcomeUnknown(_))) => Ok(None),
        Tried::Answered(other) => {
            Err(Violation::new(Invariant::Rest, format!("a phone's call failed: {other:?}")))
        }
    }
}
