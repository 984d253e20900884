//! Senders: the phones of the organization.

use crate::body::{JsonBody, PathId};
use crate::caller::SignedIn;
use crate::catalogue::ListBody;
use crate::problem::Problem;
use crate::settings::WindowBody;
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vestnik_app::AppError;
use vestnik_app::senders::create::{self, CreateSender};
use vestnik_app::senders::edit::{self, EditSender};
use vestnik_app::senders::list::{self, SenderView};
use vestnik_domain::Language;
use vestnik_domain::ids::SenderId;
use vestnik_domain::sender::{Channel, SenderSettings};

/// How a sender stands, in words.
#[derive(Debug, Serialize, ToSchema)]
pub struct SenderStatusBody {
    /// `ready`, `daily_limit`, `relinking` or `unavailable`.
    pub code: String,
    /// For people, in Russian.
    pub title: String,
    /// Why, with the numbers, in Russian.
    pub reason: String,
    /// Why, in English.
    pub detail: String,
}

/// What people set about a sender.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SenderSettingsBody {
    /// SMS parts a day; null is no limit.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100_000)]
    pub daily_limit_parts: Option<i64>,
    /// Seconds between two messages at least.
    #[serde(default = "standard_pace_s")]
    #[schema(minimum = 0, maximum = 86_400)]
    pub pace_s: i64,
    /// When it may send, in its zone, both ends included; past midnight if `to` is before `from`. Null
    /// is always.
    #[serde(default)]
    pub hours: Option<WindowBody>,
    /// Which SIM card of the phone, from 1; null leaves it to the phone.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3)]
    pub sim_number: Option<i64>,
    /// After how many seconds of silence a phone counts as unavailable.
    #[serde(default = "standard_unavailable_after_s")]
    #[schema(minimum = 60, maximum = 604_800)]
    pub unavailable_after_s: i64,
}

fn standard_pace_s() -> i64 {
    SenderSettings::default().pace_s
}

fn standard_unavailable_after_s() -> i64 {
    SenderSettings::default().unavailable_after_s
}

impl From<SenderSettingsBody> for SenderSettings {
    fn from(body: SenderSettingsBody) -> SenderSettings {
        SenderSettings {
            daily_limit_parts: body.daily_limit_parts,
            pace_s: body.pace_s,
            hours: body.hours.map(Into::into),
            sim_number: body.sim_number,
            unavailable_after_s: body.unavailable_after_s,
        }
    }
}

/// A phone of the organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct SenderBody {
    pub id: String,
    pub version: i64,
    pub name: String,
    /// `android_phone` or `log`.
    pub channel: String,
    pub number: Option<String>,
    /// In which its day begins.
    pub zone: String,
    pub settings: SenderSettingsBody,
    pub status: SenderStatusBody,
    /// SMS parts of today.
    pub used_today_parts: i64,
    pub app_version: Option<String>,
    pub battery_percent: Option<i64>,
    pub charging: Option<bool>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_contact_at: Option<jiff::Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub archived_at: Option<jiff::Timestamp>,
}

fn body(state: &ApiState, view: SenderView) -> SenderBody {
    let SenderView { sender, link, pace, status } = view;
    SenderBody {
        used_today_parts: pace.used_today(&sender.zone, state.app.now()).parts,
        status: SenderStatusBody {
            code: status.code().to_owned(),
            title: status.title(Language::Russian).to_owned(),
            reason: status.reason(Language::Russian, &sender.zone),
            detail: status.reason(Language::English, &sender.zone),
        },
        id: sender.id.to_string(),
        version: sender.version,
        name: sender.name,
        channel: sender.channel.name().to_owned(),
        number: sender.number.map(|number| number.as_str().to_owned()),
        zone: sender.zone.name().to_owned(),
        settings: SenderSettingsBody {
            daily_limit_parts: sender.settings.daily_limit_parts,
            pace_s: sender.settings.pace_s,
            hours: sender.settings.hours.map(Into::into),
            sim_number: sender.settings.sim_number,
            unavailable_after_s: sender.settings.unavailable_after_s,
        },
        app_version: link.as_ref().and_then(|link| link.app_version.clone()),
        battery_percent: link.as_ref().and_then(|link| link.battery_percent),
        charging: link.as_ref().and_then(|link| link.charging),
        last_contact_at: link.as_ref().and_then(|link| link.last_contact_at),
        archived_at: sender.archived_at,
    }
}

/// What to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSenderBody {
    #[schema(example = "Телефон администратора")]
    name: String,
    /// `android_phone` (standard), or `log` for trials: messages become lines of a file.
    #[serde(default = "android_phone")]
    channel: String,
    /// The number that clients see.
    #[serde(default)]
    number: Option<String>,
    /// In which its day begins; that of the first branch unless given.
    #[serde(default)]
    #[schema(example = "Europe/Moscow")]
    zone: Option<String>,
    #[serde(default)]
    settings: Option<SenderSettingsBody>,
}

fn android_phone() -> String {
    Channel::AndroidPhone.name().to_owned()
}

/// A sender with the token that links a phone to it: shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedSenderBody {
    #[serde(flatten)]
    pub sender: SenderBody,
    /// For the field «Private token» of the app on the phone.
    pub link_token: Option<String>,
    /// For the field «API URL» of the app on the phone.
    pub phone_api_url: String,
}

/// A fresh token or code.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkSecretBody {
    pub secret: String,
    /// For the field «API URL» of the app on the phone.
    pub phone_api_url: String,
}

/// What to change; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditSenderBody {
    /// The version that you saw.
    version: i64,
    #[serde(default)]
    name: Option<String>,
    /// In which its day begins.
    #[serde(default)]
    zone: Option<String>,
    /// All of them anew: what is left out becomes standard.
    #[serde(default)]
    settings: Option<SenderSettingsBody>,
}

pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(create_sender, list_senders))
        .routes(routes!(get_sender, edit_sender))
        .routes(routes!(archive_sender))
        .routes(routes!(relink_phone))
        .routes(routes!(create_link_code))
}

fn phone_api_url(state: &ApiState) -> String {
    format!("{}/api/mobile/v1", state.app.public_address())
}

/// Makes a sender; for a phone, the answer holds the token that links it. Owners only.
#[utoipa::path(post, path = "/api/v1/senders", tag = "senders", request_body = CreateSenderBody,
    responses((status = 201, body = CreatedSenderBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
async fn create_sender(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    JsonBody(wanted): JsonBody<CreateSenderBody>,
) -> Result<(StatusCode, Json<CreatedSenderBody>), Problem> {
    let channel = channel(&state, &wanted.channel)?;
    let command = CreateSender {
        name: wanted.name,
        channel,
        number: wanted.number,
        zone: wanted.zone,
        settings: wanted.settings.map(SenderSettings::from).unwrap_or_default(),
    };
    let created = create::create_sender(&state.app, &caller, command).await?;
    let view = list::get_sender(&state.app, &caller, created.sender.id).await?;
    let answer = CreatedSenderBody {
        sender: body(&state, view),
        link_token: created.link_token,
        phone_api_url: phone_api_url(&state),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The channel of that name, if this installation can send over it.
fn channel(state: &ApiState, name: &str) -> Result<Channel, AppError> {
    let served = |channel: &Channel| state.app.serves(*channel);
    Channel::parse(name).filter(served).ok_or_else(|| {
        let names: Vec<&str> =
            Channel::ALL.iter().copied().filter(served).map(Channel::name).collect();
        let names = names.join(", ");
        AppError::field(
            "channel",
            "channel_unknown",
            format!("Такого способа отправки здесь нет. Есть: {names}"),
            format!("must be one of: {names}"),
        )
    })
}

/// All senders with their status, archived ones too.
#[utoipa::path(get, path = "/api/v1/senders", tag = "senders",
    responses((status = 200, body = ListBody<SenderBody>),
        (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn list_senders(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
) -> Result<Json<ListBody<SenderBody>>, Problem> {
    let views = list::list_senders(&state.app, &caller).await?;
    let items = views.into_iter().map(|view| body(&state, view)).collect();
    Ok(Json(ListBody { items, next: None }))
}

/// One sender with its status.
#[utoipa::path(get, path = "/api/v1/senders/{id}", tag = "senders", params(("id" = String, Path)),
    responses((status = 200, body = SenderBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn get_sender(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<SenderId>,
) -> Result<Json<SenderBody>, Problem> {
    let view = list::get_sender(&state.app, &caller, id).await?;
    Ok(Json(body(&state, view)))
}

/// Changes a sender. Owners only.
#[utoipa::path(patch, path = "/api/v1/senders/{id}", tag = "senders", params(("id" = String, Path)),
    request_body = EditSenderBody,
    responses((status = 200, body = SenderBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
async fn edit_sender(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<SenderId>,
    JsonBody(wanted): JsonBody<EditSenderBody>,
) -> Result<Json<SenderBody>, Problem> {
    let command = EditSender {
        version: wanted.version,
        name: wanted.name,
        zone: wanted.zone,
        settings: wanted.settings.map(SenderSettings::from),
    };
    edit::edit_sender(&state.app, &caller, id, command).await?;
    let view = list::get_sender(&state.app, &caller, id).await?;
    Ok(Json(body(&state, view)))
}

/// Puts a sender away; its phone is refused from now on. Owners only.
#[utoipa::path(post, path = "/api/v1/senders/{id}/archive", tag = "senders", params(("id" = String, Path)),
    responses((status = 200, body = SenderBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
async fn archive_sender(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<SenderId>,
) -> Result<Json<SenderBody>, Problem> {
    edit::archive_sender(&state.app, &caller, id).await?;
    let view = list::get_sender(&state.app, &caller, id).await?;
    Ok(Json(body(&state, view)))
}

/// A new link token; the phone's registration ends. Owners only.
#[utoipa::path(post, path = "/api/v1/senders/{id}/relink", tag = "senders", params(("id" = String, Path)),
    responses((status = 200, body = LinkSecretBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
async fn relink_phone(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<SenderId>,
) -> Result<Json<LinkSecretBody>, Problem> {
    let secret = edit::relink_phone(&state.app, &caller, id).await?;
    Ok(Json(LinkSecretBody { secret, phone_api_url: phone_api_url(&state) }))
}

/// A code that links a phone once within 15 minutes. Owners only.
#[utoipa::path(post, path = "/api/v1/senders/{id}/link-code", tag = "senders", params(("id" = String, Path)),
    responses((status = 201, body = LinkSecretBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
async fn create_link_code(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<SenderId>,
) -> Result<(StatusCode, Json<LinkSecretBody>), Problem> {
    let secret = edit::create_link_code(&state.app, &caller, id).await?;
    Ok((StatusCode::CREATED, Json(LinkSecretBody { secret, phone_api_url: phone_api_url(&state) })))
}

#[cfg(test)]
mod tests;
