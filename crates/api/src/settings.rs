//! The settings of notifications.

#[cfg(test)]
mod tests;
mod words;

use crate::body::JsonBody;
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vestnik_app::settings::{self as use_case, SettingsEdit};
use vestnik_domain::ids::BranchId;
use vestnik_domain::settings::SettingsVersion;
pub use words::WindowBody;
use words::{BranchSwitchWord, KindWord, LateReminderWord};

/// The verbs of this group.
pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(get_notification_settings, edit_notification_settings))
}

/// What a branch says to the organization's switches.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BranchSettingsBody {
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, BranchSwitchWord>)]
    kinds: BTreeMap<KindWord, BranchSwitchWord>,
}

/// What is sent, when, and when not.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotificationSettingsBody {
    /// Raised by every save.
    generation: i64,
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    /// The block «Уведомления клиентов».
    on: bool,
    /// Only appointments made since then are notified.
    #[schema(value_type = Option<String>, format = DateTime)]
    on_since: Option<jiff::Timestamp>,
    #[schema(value_type = BTreeMap<String, bool>)]
    kinds: BTreeMap<KindWord, bool>,
    /// By the id of the branch; what is not named is inherited.
    branches: BTreeMap<String, BranchSettingsBody>,
    #[schema(example = json!(["1d", "120m"]))]
    reminder_leads: Vec<String>,
    #[schema(example = "1d")]
    confirmation_request_lead: String,
    settle_s: i64,
    late_reminder: LateReminderWord,
    merge_same_day: bool,
    service_window: WindowBody,
    advertising_window: WindowBody,
    /// Variables that own texts of a kind must keep beside those that every text needs.
    #[schema(value_type = BTreeMap<String, Vec<String>>, example = json!({"created": ["staff"]}))]
    locked_variables: BTreeMap<KindWord, BTreeSet<String>>,
}

impl From<SettingsVersion> for NotificationSettingsBody {
    fn from(version: SettingsVersion) -> NotificationSettingsBody {
        let settings = version.settings;
        let branches = version.branches.into_iter().map(|(id, own)| {
            let kinds = own.kinds.into_iter().map(|(kind, switch)| (kind.into(), switch.into()));
            (id.to_string(), BranchSettingsBody { kinds: kinds.collect() })
        });
        NotificationSettingsBody {
            generation: version.generation,
            at: version.at,
            on: settings.on_since.is_some(),
            on_since: settings.on_since,
            kinds: settings.kinds.into_iter().map(|(kind, on)| (kind.into(), on)).collect(),
            branches: branches.collect(),
            reminder_leads: settings.reminder_leads.into_iter().map(|lead| lead.key()).collect(),
            confirmation_request_lead: settings.confirmation_request_lead.key(),
            settle_s: settings.settle_s,
            late_reminder: settings.late_reminder.into(),
            merge_same_day: settings.merge_same_day,
            service_window: settings.service_window.into(),
            advertising_window: settings.advertising_window.into(),
            locked_variables: settings
                .locked_variables
                .into_iter()
                .map(|(kind, names)| (kind.into(), names))
                .collect(),
        }
    }
}

/// What to change; an absent field stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotificationSettingsEditBody {
    /// The generation that you saw.
    generation: i64,
    /// Switching on begins anew: older appointments stay silent.
    on: Option<bool>,
    /// Those named change, the others stay.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, bool>)]
    kinds: BTreeMap<KindWord, bool>,
    /// By the id of the branch; those named change, the others stay.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, BranchSettingsBody>)]
    branches: BTreeMap<BranchId, BranchSettingsBody>,
    /// `1d` to `365d`, or `1m` to `525600m`; at most ten.
    #[schema(example = json!(["1d", "120m"]))]
    reminder_leads: Option<Vec<String>>,
    /// As one of `reminder_leads`.
    #[schema(example = "1d")]
    confirmation_request_lead: Option<String>,
    #[schema(minimum = 0, maximum = 600)]
    settle_s: Option<i64>,
    late_reminder: Option<LateReminderWord>,
    merge_same_day: Option<bool>,
    service_window: Option<WindowBody>,
    advertising_window: Option<WindowBody>,
    /// Those kinds that are named change, the others stay; an empty list locks nothing.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    locked_variables: BTreeMap<KindWord, BTreeSet<String>>,
}

impl NotificationSettingsEditBody {
    fn into_edit(self) -> Result<SettingsEdit, Problem> {
        let (reminder_leads, confirmation_request_lead) =
            words::leads(self.reminder_leads, self.confirmation_request_lead)?;
        let branch_kinds = self.branches.into_iter().map(|(id, own)| {
            let kinds = own.kinds.into_iter().map(|(kind, switch)| (kind.into(), switch.into()));
            (id, kinds.collect())
        });
        Ok(SettingsEdit {
            generation: self.generation,
            on: self.on,
            kinds: self.kinds.into_iter().map(|(kind, on)| (kind.into(), on)).collect(),
            branch_kinds: branch_kinds.collect(),
            reminder_leads,
            confirmation_request_lead,
            settle_s: self.settle_s,
            late_reminder: self.late_reminder.map(Into::into),
            merge_same_day: self.merge_same_day,
            service_window: self.service_window.map(Into::into),
            advertising_window: self.advertising_window.map(Into::into),
            locked_variables: self
                .locked_variables
                .into_iter()
                .map(|(kind, names)| (kind.into(), names))
                .collect(),
        })
    }
}

/// The settings in force.
#[utoipa::path(get, path = "/api/v1/notification-settings", tag = "settings",
    responses((status = 200, body = NotificationSettingsBody),
        (status = 401, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn get_notification_settings(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
) -> Result<Json<NotificationSettingsBody>, Problem> {
    Ok(Json(use_case::get_settings(&state.app, &caller).await?.into()))
}

/// Changes the settings; everything planned is planned anew. Owners only.
#[utoipa::path(patch, path = "/api/v1/notification-settings", tag = "settings",
    request_body = NotificationSettingsEditBody,
    responses((status = 200, body = NotificationSettingsBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn edit_notification_settings(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    JsonBody(body): JsonBody<NotificationSettingsEditBody>,
) -> Result<Json<NotificationSettingsBody>, Problem> {
    // Before the words are looked at: who may not save learns nothing of them.
    caller.need_owner()?;
    let saved = use_case::edit_settings(&state.app, &caller, body.into_edit()?).await?;
    Ok(Json(saved.into()))
}
