//! Clients.

use super::list::{ListBody, given};
use crate::body::{JsonBody, PathId, QueryOf};
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::{LanguageWord, page_size, present};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::openapi::schema::{Array, ArrayBuilder, ObjectBuilder, Type};
use utoipa::{IntoParams, ToSchema};
use vestnik_app::clients::archive_client as archive_case;
use vestnik_app::clients::create_client::{self as create_case, NewClient};
use vestnik_app::clients::edit_client::{self as edit_case, ClientEdit};
use vestnik_app::clients::find_clients as find_case;
use vestnik_app::clients::record_consent::{self as consent_case, ConsentWord};
use vestnik_app::{Caller, stops};
use vestnik_domain::client::{Client, ClientSwitches, Consent, ConsentPurpose};
use vestnik_domain::ids::ClientId;
use vestnik_domain::kind::NotificationKind;

/// What one client does not want; it can only turn off what the settings turn on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SwitchesBody {
    /// Nothing is sent at all.
    all_off: bool,
    #[schema(schema_with = kinds)]
    kinds_off: BTreeSet<NotificationKind>,
}

/// A list of the notification kinds that exist.
fn kinds() -> Array {
    let names = NotificationKind::ALL.map(NotificationKind::name);
    let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names));
    ArrayBuilder::new().items(kind).unique_items(true).build()
}

/// A consent given or withdrawn.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsentBody {
    given: bool,
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    source: String,
    text_hash: Option<String>,
}

impl From<Consent> for ConsentBody {
    fn from(consent: Consent) -> ConsentBody {
        ConsentBody {
            given: consent.given,
            at: consent.at,
            source: consent.source,
            text_hash: consent.text_hash,
        }
    }
}

/// A person who visits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientBody {
    #[schema(example = "cli_1kr3m0q7g0001")]
    id: String,
    version: i64,
    name: String,
    /// E.164.
    #[schema(example = "+79161234567")]
    phone: Option<String>,
    email: Option<String>,
    /// `1990-05-17`, or `--05-17` without the year.
    birthday: Option<String>,
    note: String,
    /// Null means the organization's language.
    language: Option<LanguageWord>,
    switches: SwitchesBody,
    /// By purpose: `personal_data`, `advertising`, `third_parties`.
    #[schema(value_type = BTreeMap<String, ConsentBody>)]
    consents: BTreeMap<ConsentPurpose, ConsentBody>,
    /// The id in the system that the client came from.
    external_id: Option<String>,
    /// Since when the number has wanted nothing more (STOP); null while it may be written to.
    #[schema(value_type = Option<String>, format = DateTime)]
    stopped_since: Option<jiff::Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    archived_at: Option<jiff::Timestamp>,
}

/// The card in the API's words, with the stop of its number.
async fn card(state: &ApiState, caller: &Caller, client: Client) -> Result<ClientBody, Problem> {
    let stop = match &client.phone {
        Some(phone) => stops::stop_of(&state.app, caller, phone).await?,
        None => None,
    };
    Ok(ClientBody::of(client, stop.map(|number| number.changed_at)))
}

impl ClientBody {
    fn of(client: Client, stopped_since: Option<jiff::Timestamp>) -> ClientBody {
        let ClientSwitches { all_off, kinds_off } = client.switches;
        ClientBody {
            id: client.id.to_string(),
            version: client.version,
            name: client.name,
            phone: client.phone.map(|phone| phone.to_string()),
            email: client.email,
            birthday: client.birthday.map(|birthday| birthday.to_string()),
            note: client.note,
            language: client.language.map(Into::into),
            switches: SwitchesBody { all_off, kinds_off },
            consents: client.consents.into_iter().map(|(to, said)| (to, said.into())).collect(),
            external_id: client.external_id,
            stopped_since,
            created_at: client.created_at,
            archived_at: client.archived_at,
        }
    }
}

/// Switches to set; an absent one stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwitchesEditBody {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    all_off: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schema(schema_with = kinds, required = false)]
    kinds_off: Option<BTreeSet<NotificationKind>>,
}

/// A new client; the name is enough.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewClientBody {
    #[schema(example = "Ольга Петрова")]
    name: String,
    /// Any usual spelling; without a plus it is read in the way of the organization's country.
    #[serde(default)]
    #[schema(example = "8 (916) 123-45-67")]
    phone: Option<String>,
    #[serde(default)]
    email: Option<String>,
    /// `1990-05-17`, or `--05-17` without the year.
    #[serde(default)]
    #[schema(example = "1990-05-17")]
    birthday: Option<String>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    language: Option<LanguageWord>,
    #[serde(default)]
    switches: SwitchesEditBody,
    /// Make the card although another one has the number.
    #[serde(default)]
    allow_duplicate: bool,
}

/// What to change; an absent field stays as it is, null clears it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientEditBody {
    /// The version that you saw.
    version: i64,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false)]
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    birthday: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false)]
    note: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<LanguageWord>)]
    language: Option<Option<LanguageWord>>,
    #[serde(default)]
    switches: SwitchesEditBody,
    /// Take the number although another card has it.
    #[serde(default)]
    allow_duplicate: bool,
}

/// What the person said; the time is ours.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordConsentBody {
    /// `false` withdraws it.
    given: bool,
    /// `front_desk`, `widget`, `import`, `api` or `reply`.
    #[schema(example = "front_desk")]
    source: String,
    /// The hash of the text that the person saw.
    #[serde(default)]
    text_hash: Option<String>,
}

/// Which clients.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientsQuery {
    /// Clients older than this one: the `next` of the page before.
    #[param(value_type = Option<String>)]
    before: Option<ClientId>,
    /// 1 to 200; 50 where absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// A part of the phone number (two digits or more) or of the name.
    search: Option<String>,
}

/// What a consent is for, as it stands in the path.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(
    dead_code,
    reason = "only its schema is used: the path is read into the domain's own type"
)]
pub(crate) enum ConsentPurposeWord {
    PersonalData,
    Advertising,
    ThirdParties,
}

/// Adds a client. 409 `client_exists` names the card that has the number already.
#[utoipa::path(post, path = "/api/v1/clients", tag = "clients", request_body = NewClientBody,
    responses((status = 201, body = ClientBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create_client(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    JsonBody(body): JsonBody<NewClientBody>,
) -> Result<(StatusCode, Json<ClientBody>), Problem> {
    let new = NewClient {
        name: body.name,
        phone: body.phone,
        email: body.email,
        birthday: body.birthday,
        note: body.note,
        language: body.language.map(Into::into),
        switches: ClientSwitches {
            all_off: body.switches.all_off.unwrap_or_default(),
            kinds_off: body.switches.kinds_off.unwrap_or_default(),
        },
        allow_duplicate: body.allow_duplicate,
    };
    let client = create_case::create_client(&state.app, &caller, new).await?;
    Ok((StatusCode::CREATED, Json(card(&state, &caller, client).await?)))
}

/// The clients in use, newest first.
#[utoipa::path(get, path = "/api/v1/clients", tag = "clients", params(ClientsQuery),
    responses((status = 200, body = ListBody<ClientBody>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_clients(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<ClientsQuery>,
) -> Result<Json<ListBody<ClientBody>>, Problem> {
    let (limit, search) = (page_size(query.limit), query.search.as_deref());
    let page = find_case::list_clients(&state.app, &caller, query.before, limit, search).await?;
    let mut items = Vec::with_capacity(page.clients.len());
    for client in page.clients {
        items.push(card(&state, &caller, client).await?);
    }
    Ok(Json(ListBody { items, next: page.next.map(|id| id.to_string()) }))
}

/// One client, archived or not.
#[utoipa::path(get, path = "/api/v1/clients/{id}", tag = "clients", params(("id" = String, Path)),
    responses((status = 200, body = ClientBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn get_client(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ClientId>,
) -> Result<Json<ClientBody>, Problem> {
    let client = find_case::get_client(&state.app, &caller, id).await?;
    Ok(Json(card(&state, &caller, client).await?))
}

/// Changes a client.
#[utoipa::path(patch, path = "/api/v1/clients/{id}", tag = "clients", params(("id" = String, Path)),
    request_body = ClientEditBody,
    responses((status = 200, body = ClientBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn edit_client(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ClientId>,
    JsonBody(body): JsonBody<ClientEditBody>,
) -> Result<Json<ClientBody>, Problem> {
    let edit = ClientEdit {
        version: body.version,
        name: body.name,
        phone: body.phone,
        email: body.email,
        birthday: body.birthday,
        note: body.note,
        language: body.language.map(|language| language.map(Into::into)),
        all_off: body.switches.all_off,
        kinds_off: body.switches.kinds_off,
        allow_duplicate: body.allow_duplicate,
    };
    let client = edit_case::edit_client(&state.app, &caller, id, edit).await?;
    Ok(Json(card(&state, &caller, client).await?))
}

/// Takes a client's card out of use; booked visits stay.
#[utoipa::path(post, path = "/api/v1/clients/{id}/archive", tag = "clients", params(("id" = String, Path)),
    responses((status = 200, body = ClientBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn archive_client(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId<ClientId>,
) -> Result<Json<ClientBody>, Problem> {
    let client = archive_case::archive_client(&state.app, &caller, id).await?;
    Ok(Json(card(&state, &caller, client).await?))
}

/// Keeps what a client said about one purpose.
#[utoipa::path(put, path = "/api/v1/clients/{id}/consents/{purpose}", tag = "clients",
    params(("id" = String, Path), ("purpose" = inline(ConsentPurposeWord), Path)),
    request_body = RecordConsentBody,
    responses((status = 200, body = ClientBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn record_consent(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    PathId((id, purpose)): PathId<(ClientId, ConsentPurpose)>,
    JsonBody(body): JsonBody<RecordConsentBody>,
) -> Result<Json<ClientBody>, Problem> {
    let word =
        ConsentWord { purpose, given: body.given, source: body.source, text_hash: body.text_hash };
    let client = consent_case::record_consent(&state.app, &caller, id, word).await?;
    Ok(Json(card(&state, &caller, client).await?))
}
