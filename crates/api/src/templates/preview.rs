//! What a client would read, and what it takes as an SMS.

use super::wire::{kind, read_variant};
use crate::body::JsonBody;
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::LanguageWord;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vestnik_app::templates::{self as use_case, Preview, PreviewRequest, SmsSize};
use vestnik_domain::ids::{AppointmentId, BranchId};
use vestnik_domain::kind::NotificationKind;

/// What to preview.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewRequestBody {
    #[schema(schema_with = kind)]
    kind: NotificationKind,
    #[serde(default)]
    variant: String,
    /// Null: the client's, without an appointment the organization's.
    #[serde(default)]
    language: Option<LanguageWord>,
    #[serde(default)]
    channel: Option<String>,
    /// Without an appointment: the branch whose name and address are taken.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    branch_id: Option<BranchId>,
    /// Null: the text in force.
    #[serde(default)]
    text: Option<String>,
    /// Null: sample values.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    appointment_id: Option<AppointmentId>,
}

/// What a text takes as an SMS.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SmsSizeBody {
    parts: usize,
    /// `gsm7` or `ucs2`.
    #[schema(example = "ucs2")]
    encoding: &'static str,
    /// Septets or 16-bit units.
    units: usize,
    units_left_in_last_part: usize,
    /// The character that halves the length of each part.
    first_non_gsm: Option<String>,
}

impl From<SmsSize> for SmsSizeBody {
    fn from(size: SmsSize) -> SmsSizeBody {
        SmsSizeBody {
            parts: size.parts,
            encoding: if size.first_non_gsm.is_none() { "gsm7" } else { "ucs2" },
            units: size.units,
            units_left_in_last_part: size.units_left_in_last_part,
            first_non_gsm: size.first_non_gsm.map(String::from),
        }
    }
}

/// The same in Latin letters.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TransliterationBody {
    text: String,
    sms: SmsSizeBody,
}

/// The words of the message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewBody {
    #[schema(example = "Вы записаны 25.12.19 в 15:00 в Салон \"Стиль де Виль\"")]
    text: String,
    language: LanguageWord,
    sms: SmsSizeBody,
    /// Offered where it saves parts.
    transliteration: Option<TransliterationBody>,
    /// The saved text that was used; null for a standard one and for yours.
    template_id: Option<String>,
}

impl From<Preview> for PreviewBody {
    fn from(preview: Preview) -> PreviewBody {
        PreviewBody {
            text: preview.text,
            language: preview.language.into(),
            sms: preview.sms.into(),
            transliteration: preview
                .transliteration
                .map(|latin| TransliterationBody { text: latin.text, sms: latin.after.into() }),
            template_id: preview.template_id.map(|id| id.to_string()),
        }
    }
}

/// Words a text without sending or saving anything. A link in it is a sample.
#[utoipa::path(post, path = "/api/v1/templates/preview", tag = "templates",
    request_body = PreviewRequestBody,
    responses((status = 200, body = PreviewBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn preview_template(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    JsonBody(body): JsonBody<PreviewRequestBody>,
) -> Result<Json<PreviewBody>, Problem> {
    let request = PreviewRequest {
        kind: body.kind,
        variant: read_variant(&body.variant)?,
        language: body.language.map(Into::into),
        channel: body.channel,
        branch_id: body.branch_id,
        text: body.text,
        appointment_id: body.appointment_id,
    };
    Ok(Json(use_case::preview_template(&state.app, &caller, request).await?.into()))
}
