//! The settings of notifications: reading and saving them.

use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use std::collections::{BTreeMap, BTreeSet};
use vestnik_domain::ids::BranchId;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::organization::Organization;
use vestnik_domain::settings::{
    BranchNotificationSettings, BranchSwitch, LateReminder, Lead, NotificationSettings,
    SendingWindow, SettingsError, SettingsVersion,
};
use vestnik_domain::variables::CATALOGUE;
use vestnik_store::ChangeSet;

/// Adds what a new organization begins with.
pub(crate) fn insert_standard(change_set: &mut ChangeSet, organization: &Organization) {
    change_set.insert(&SettingsVersion {
        organization_id: organization.id,
        generation: organization.plan_generation,
        at: organization.created_at,
        settings: NotificationSettings::standard(),
        branches: BTreeMap::new(),
    });
}

/// The settings in force.
pub async fn get_settings(app: &App, caller: &Caller) -> Result<SettingsVersion, AppError> {
    app.store.settings(caller.organization_id).await?.ok_or(AppError::NotFound("settings"))
}

/// What to change; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct SettingsEdit {
    /// The generation that the caller saw.
    pub generation: i64,
    /// The block «Уведомления клиентов»: turning it on begins anew (N1).
    pub on: Option<bool>,
    pub kinds: BTreeMap<NotificationKind, bool>,
    pub branch_kinds: BTreeMap<BranchId, BTreeMap<NotificationKind, BranchSwitch>>,
    pub reminder_leads: Option<Vec<Lead>>,
    pub confirmation_request_lead: Option<Lead>,
    pub settle_s: Option<i64>,
    pub late_reminder: Option<LateReminder>,
    pub merge_same_day: Option<bool>,
    pub service_window: Option<SendingWindow>,
    pub advertising_window: Option<SendingWindow>,
    /// Those kinds that are named change, the others stay.
    pub locked_variables: BTreeMap<NotificationKind, BTreeSet<String>>,
}

/// Saves a new version of the settings and raises the plan generation, so that everything planned
/// is planned anew before it may go.
///
/// # Errors
/// `version_conflict` if somebody saved meanwhile; a field error for what is out of range.
pub async fn edit_settings(
    app: &App,
    caller: &Caller,
    edit: SettingsEdit,
) -> Result<SettingsVersion, AppError> {
    caller.need_owner()?;
    let before = get_settings(app, caller).await?;
    if before.generation != edit.generation {
        return Err(AppError::version_conflict(before.generation));
    }
    let organization = app
        .store
        .organization(caller.organization_id)
        .await?
        .ok_or(AppError::NotFound("organization"))?;
    let mut after = apply(app, &before, edit);
    check(app, caller, &after).await?;

    let next = Organization {
        version: organization.version + 1,
        plan_generation: organization.plan_generation + 1,
        ..organization.clone()
    };
    after.generation = next.plan_generation;
    after.at = app.now();
    let mut change_set = ChangeSet::new();
    change_set.update(&next, organization.version).insert(&after);
    let mut changes = audit::difference(&before.settings, &after.settings);
    if let (Some(changes), true) = (changes.as_object_mut(), before.branches != after.branches) {
        let both = serde_json::json!({ "from": before.branches, "to": after.branches });
        changes.insert("branches".to_owned(), both);
    }
    audit::note(app, caller, &mut change_set, "settings.updated", organization.id, changes);
    app.store.commit(change_set).await?;
    Ok(after)
}

fn apply(app: &App, before: &SettingsVersion, edit: SettingsEdit) -> SettingsVersion {
    let mut after = before.clone();
    let settings = &mut after.settings;
    match edit.on {
        // On again while it is on changes nothing: the older appointments stay let in.
        Some(true) if settings.on_since.is_none() => settings.on_since = Some(app.now()),
        Some(false) => settings.on_since = None,
        _ => {}
    }
    settings.kinds.extend(edit.kinds);
    if let Some(mut leads) = edit.reminder_leads {
        leads.sort_unstable();
        settings.reminder_leads = leads;
    }
    settings.confirmation_request_lead =
        edit.confirmation_request_lead.unwrap_or(settings.confirmation_request_lead);
    settings.settle_s = edit.settle_s.unwrap_or(settings.settle_s);
    settings.late_reminder = edit.late_reminder.unwrap_or(settings.late_reminder);
    settings.merge_same_day = edit.merge_same_day.unwrap_or(settings.merge_same_day);
    settings.service_window = edit.service_window.unwrap_or(settings.service_window);
    settings.advertising_window = edit.advertising_window.unwrap_or(settings.advertising_window);
    settings.locked_variables.extend(edit.locked_variables);
    settings.locked_variables.retain(|_, names| !names.is_empty());
    for (branch, kinds) in edit.branch_kinds {
        let own: &mut BranchNotificationSettings = after.branches.entry(branch).or_default();
        own.kinds.extend(kinds);
        own.kinds.retain(|_, switch| *switch != BranchSwitch::Inherit);
    }
    after.branches.retain(|_, own| !own.kinds.is_empty());
    after
}

async fn check(app: &App, caller: &Caller, after: &SettingsVersion) -> Result<(), AppError> {
    let mut fields = Fields::new();
    for (field, error) in wrong(&after.settings) {
        let (code, russian) = words(&error);
        fields.add(field, code, russian, error.to_string());
    }
    for (kind, names) in &after.settings.locked_variables {
        for name in names.iter().filter(|name| CATALOGUE.by_name(name).is_none()) {
            fields.add(
                format!("locked_variables.{}", kind.name()),
                "variable_unknown",
                format!("Переменной «{name}» нет: список — в GET /api/v1/templates/variables"),
                format!(
                    "there is no variable `{name}`; GET /api/v1/templates/variables lists them"
                ),
            );
        }
    }
    let branches = app.store.branches(caller.organization_id).await?;
    for id in after.branches.keys() {
        if !branches.iter().any(|branch| branch.id == *id) {
            fields.add(
                format!("branches.{id}"),
                "branch_unknown",
                "Такого филиала нет",
                "there is no such branch",
            );
        }
    }
    fields.finish()
}

/// Every part that is out of range, under its name in the API.
fn wrong(settings: &NotificationSettings) -> Vec<(&'static str, SettingsError)> {
    let mut wrong = Vec::new();
    let mut note = |field, checked: Result<(), SettingsError>| {
        if let Err(error) = checked {
            wrong.push((field, error));
        }
    };
    note("confirmation_request_lead", settings.confirmation_request_lead.check());
    note("service_window", settings.service_window.check());
    note("advertising_window", settings.advertising_window.check());
    // What is left when the parts above are right.
    let rest = NotificationSettings {
        confirmation_request_lead: Lead::Days(1),
        service_window: NotificationSettings::standard().service_window,
        advertising_window: NotificationSettings::standard().advertising_window,
        ..settings.clone()
    };
    let settle_only = NotificationSettings { reminder_leads: Vec::new(), ..rest.clone() };
    let leads_only = NotificationSettings { settle_s: 0, ..rest };
    note("settle_s", settle_only.check());
    note("reminder_leads", leads_only.check());
    wrong
}

fn words(error: &SettingsError) -> (&'static str, &'static str) {
    match error {
        SettingsError::LeadOutOfRange => {
            ("lead_out_of_range", "Можно указать от 1 до 525600 минут или от 1 до 365 дней")
        }
        SettingsError::LeadTwice => ("lead_twice", "Одно и то же время напоминания указано дважды"),
        SettingsError::TooManyLeads => ("too_many_leads", "Не больше десяти напоминаний"),
        SettingsError::SettleOutOfRange => {
            ("out_of_range", "Ожидание после правки — от 0 до 600 секунд")
        }
        SettingsError::EmptyWindow => {
            ("window_empty", "Начало и конец часов отправки должны различаться")
        }
    }
}
