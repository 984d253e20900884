//! Settings, texts, clients' switches, senders' limits.

use super::super::commands::{Answer, Command};
use super::super::executor::Tried;
use super::super::invariant::{Checked, Invariant, Violation};
use super::super::setup::{sender_settings, wanted_settings};
use super::super::world::{World, read, surely};
use std::collections::BTreeSet;
use vestnik_app::AppError;
use vestnik_app::clients::edit_client::ClientEdit;
use vestnik_app::senders::edit::EditSender;
use vestnik_app::settings::SettingsEdit;
use vestnik_app::templates::Place;
use vestnik_domain::ids::OrganizationId;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::planning::Variant;
use vestnik_domain::settings::BranchSwitch;
use vestnik_domain::template_choice::TemplateVariant;

const KINDS: [NotificationKind; 5] = [
    NotificationKind::Confirmation,
    NotificationKind::Created,
    NotificationKind::Changed,
    NotificationKind::Cancelled,
    NotificationKind::Reminder,
];

impl World {
    pub(super) fn save_settings(&mut self) -> Checked {
        let index = self.any_salon();
        let Some(salon) = self.salons.get(index) else { return Ok(()) };
        let caller = salon.caller;
        let organization = caller.organization_id;
        let branches: Vec<_> = salon.branches.iter().map(|branch| branch.id).collect();
        let mut edit = wanted_settings(self);
        if self.temper.fickle {
            let kind = *self.chance.one_of(&KINDS).unwrap_or(&NotificationKind::Created);
            let on = self.chance.percent(50);
            match self.chance.between(&(0..=3)) {
                0 => edit.on = Some(on),
                1 => drop(edit.kinds.insert(kind, on)),
                2 => {
                    let switch = if on { BranchSwitch::Inherit } else { BranchSwitch::Off };
                    if let Some(branch) = self.any_of(&branches) {
                        edit.branch_kinds.insert(branch, [(kind, switch)].into());
                    }
                }
                _ => {}
            }
        }
        let generation = surely(read(self.auditor.store.settings(organization))?)?
            .map_or(1, |settings| settings.generation);
        let edit = SettingsEdit { generation, ..edit };
        let end =
            self.call(Some(organization), Command::Settings { caller, edit: Box::new(edit) })?;
        self.may_fail(end)?;
        self.learn_settings(organization)?;
        self.totals.saves += 1;
        Ok(())
    }

    /// Whatever was answered, what is read back is what holds.
    fn learn_settings(&mut self, organization: OrganizationId) -> Checked {
        let Some(saved) = surely(read(self.auditor.store.settings(organization))?)? else {
            return Ok(());
        };
        let now = self.now();
        let over = self.model.settings.entry(organization).or_default();
        if over.last().is_none_or(|(_, last)| last.generation != saved.generation) {
            over.push((now, saved.clone()));
            self.model.inputs_change(organization);
            self.note(|| format!("settings of {organization}: {:?}", saved.settings));
        }
        Ok(())
    }

    /// A call that need not succeed: a fault or a race is no wonder.
    fn may_fail(&mut self, end: Tried) -> Result<Option<Answer>, Violation> {
        match end {
            Tried::Answered(Ok(answer)) => Ok(Some(answer)),
            Tried::Killed
            | Tried::Paused
            | Tried::Answered(Err(AppError::Unavailable(_) | AppError::OutcomeUnknown(_))) => {
                Ok(None)
            }
            Tried::Answered(Err(refusal)) => {
                Err(Violation::new(Invariant::Rest, format!("refused: {refusal} {refusal:?}")))
            }
        }
    }

    /// An own text, or the standard one back: every text still names date and time.
    pub(super) fn save_text(&mut self) -> Checked {
        let index = self.any_salon();
        let Some(salon) = self.salons.get(index) else { return Ok(()) };
        let (caller, language) = (salon.caller, salon.language);
        let branches: Vec<_> = salon.branches.iter().map(|branch| Some(branch.id)).collect();
        let kinds = [
            NotificationKind::Created,
            NotificationKind::Confirmation,
            NotificationKind::Cancelled,
        ];
        let kind = *self.chance.one_of(&kinds).unwrap_or(&NotificationKind::Created);
        let branch_id =
            if self.chance.percent(50) { None } else { self.any_of(&branches).flatten() };
        let variant = TemplateVariant::One(Variant::Plain);
        let place = Place { kind, variant, language, channel: None, branch_id };
        let command = if self.chance.percent(70) {
            let number = self.chance.draw() % 1_000;
            let text = format!("№{number}: %DATE% %HOURMINUTES%{{, %MASTER_NAME%}}. [Салон]");
            Command::SaveTemplate { caller, place, text }
        } else {
            Command::RestoreTemplate { caller, place }
        };
        let end = self.call(Some(caller.organization_id), command)?;
        self.may_fail(end)?;
        self.model.inputs_change(caller.organization_id);
        self.note(|| format!("another text for {}", kind.name()));
        self.totals.texts += 1;
        Ok(())
    }

    pub(super) fn switch_client(&mut self) -> Checked {
        let index = self.any_salon();
        let Some(salon) = self.salons.get(index) else { return Ok(()) };
        let caller = salon.caller;
        let organization = caller.organization_id;
        let ids: Vec<_> = salon.clients.iter().map(|client| client.id).collect();
        let Some(id) = self.any_of(&ids) else { return Ok(()) };
        let Some(client) = surely(read(self.auditor.store.client(organization, id))?)? else {
            return Ok(());
        };
        let kind = *self.chance.one_of(&KINDS).unwrap_or(&NotificationKind::Reminder);
        let kinds_off = if self.chance.percent(50) { BTreeSet::new() } else { [kind].into() };
        let edit = ClientEdit {
            version: client.version,
            all_off: Some(self.chance.percent(30)),
            kinds_off: Some(kinds_off),
            ..ClientEdit::default()
        };
        let command = Command::EditClient { caller, id, edit: Box::new(edit) };
        let end = self.call(Some(organization), command)?;
        self.may_fail(end)?;
        let now = self.now();
        if let Some(client) = surely(read(self.auditor.store.client(organization, id))?)? {
            self.model.inputs_change(organization);
            self.note(|| format!("switches of {id}: {:?}", client.switches));
            if let Some(known) = self.model.clients.get_mut(&id) {
                known.switches.push((now, client.switches));
            }
        }
        self.totals.switches += 1;
        Ok(())
    }

    pub(super) fn edit_sender(&mut self) -> Checked {
        let index = self.any_salon();
        let Some(salon) = self.salons.get(index) else { return Ok(()) };
        let (caller, senders) = (salon.caller, salon.senders.clone());
        let organization = caller.organization_id;
        let Some(id) = self.any_of(&senders) else { return Ok(()) };
        let Some(sender) = surely(read(self.auditor.store.sender(organization, id))?)? else {
            return Ok(());
        };
        let settings = sender_settings(self);
        let edit = EditSender {
            version: sender.version,
            settings: Some(settings),
            ..EditSender::default()
        };
        let end = self.call(Some(organization), Command::EditSender { caller, id, edit })?;
        self.may_fail(end)?;
        let now = self.now();
        if let Some(sender) = surely(read(self.auditor.store.sender(organization, id))?)? {
            self.model.inputs_change(organization);
            self.note(|| format!("settings of {id}: {:?}", sender.settings));
            if let Some(known) = self.model.senders.get_mut(&id) {
                known.settings.push((now, sender.settings));
            }
        }
        Ok(())
    }
}
