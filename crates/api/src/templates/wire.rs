//! How a text and its place are worded.

use crate::wire::LanguageWord;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use vestnik_app::templates::{Origin, TemplateInForce};
use vestnik_app::{AppError, FieldError};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::template_choice::TemplateVariant;

/// Where the text in force comes from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OriginWord {
    Branch,
    Organization,
    Standard,
}

/// One place and the text that applies there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateBody {
    #[schema(schema_with = kind)]
    kind: NotificationKind,
    /// Which text of the kind: empty, a lead of reminders such as `1d`, what changed (`moved`,
    /// `staff_changed`, `services_changed`, `several`), or `visits` for several visits in one message.
    #[schema(example = "1d")]
    variant: String,
    language: LanguageWord,
    /// The only channel that it is for; null: any.
    channel: Option<String>,
    /// The branch that was asked for; null: the whole organization.
    branch_id: Option<String>,
    #[schema(example = "Вы записаны [Дата] в [Время] в Салон \"[Салон]\"")]
    text: String,
    origin: OriginWord,
    /// Was it saved for this very place? Then the wider one can be restored.
    is_own: bool,
    /// Null for a standard text.
    template_id: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    saved_at: Option<jiff::Timestamp>,
    standard_text: String,
    /// Variables that a text here cannot do without; one that has `visits` needs no other.
    #[schema(example = json!(["date", "time"]))]
    required: Vec<String>,
}

impl From<TemplateInForce> for TemplateBody {
    fn from(template: TemplateInForce) -> TemplateBody {
        TemplateBody {
            kind: template.place.kind,
            variant: template.place.variant.key(),
            language: template.place.language.into(),
            channel: template.place.channel,
            branch_id: template.place.branch_id.map(|id| id.to_string()),
            text: template.text,
            origin: match template.origin {
                Origin::Branch => OriginWord::Branch,
                Origin::Organization => OriginWord::Organization,
                Origin::Standard => OriginWord::Standard,
            },
            is_own: template.is_own,
            template_id: template.template_id.map(|id| id.to_string()),
            saved_at: template.saved_at,
            standard_text: template.standard_text.to_owned(),
            required: template.required,
        }
    }
}

/// A kind by its name.
pub(crate) fn kind() -> Object {
    let names = NotificationKind::ALL.map(NotificationKind::name);
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build()
}

/// Reads which text of a kind is meant.
pub(crate) fn read_variant(word: &str) -> Result<TemplateVariant, AppError> {
    TemplateVariant::parse(word).ok_or_else(|| {
        AppError::Invalid(vec![FieldError::new(
            "variant",
            "variant_unknown",
            "Такого текста нет: укажите пустую строку, visits, срок вроде 1d или 120m, moved, \
             staff_changed, services_changed или several",
            "give an empty string, visits, a lead such as 1d or 120m, moved, staff_changed, \
             services_changed or several",
        )])
    })
}
