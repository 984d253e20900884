//! A3's charts: what the tries of each day came to.

use super::query::word;
use crate::body::QueryOf;
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vestnik_app::messages::daily::{self as use_case, ChannelDay, DailyFilter};
use vestnik_app::{AppError, FieldError};
use vestnik_domain::delivery::DeliveryState;
use vestnik_domain::ids::BranchId;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::sender::Channel;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DailyQuery {
    /// The first day, such as `2026-03-01`.
    #[param(required = true, format = Date)]
    from: Option<String>,
    /// The last day, which is counted too; at most 367 days in all.
    #[param(required = true, format = Date)]
    to: Option<String>,
    /// Of visits in this branch.
    #[param(value_type = Option<String>)]
    branch_id: Option<BranchId>,
    /// Such as `reminder`.
    kind: Option<String>,
    /// Such as `android_phone`.
    channel: Option<String>,
}

/// The tries of one day over one channel, by what they have come to so far; a message that was tried
/// twice counts twice.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelDayBody {
    /// The day on which they were intended, in the zone that the sender had then.
    #[schema(format = Date, example = "2026-03-05")]
    pub day: String,
    #[schema(example = "android_phone")]
    pub channel: String,
    /// Sent; the carrier's word is awaited.
    pub submitted: i64,
    /// May have left or not.
    pub unknown: i64,
    pub undelivered: i64,
    pub delivered: i64,
    /// Delivered, and opened by the client.
    pub read: i64,
    /// All of them together; what nobody has said anything of yet is not among them.
    pub count: i64,
}

/// What the tries of a period came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct DailyTotalsBody {
    /// By day, then by channel; those without a try are absent.
    pub days: Vec<ChannelDayBody>,
}

/// What the tries of each day came to, by channel: for charts.
#[utoipa::path(get, path = "/api/v1/messages/daily", tag = "messages", params(DailyQuery),
    responses((status = 200, body = DailyTotalsBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn daily_totals(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<DailyQuery>,
) -> Result<Json<DailyTotalsBody>, Problem> {
    let filter = query.read()?;
    let days = use_case::daily_totals(&state.app, &caller, &filter).await?;
    Ok(Json(DailyTotalsBody { days: days.iter().map(ChannelDayBody::from).collect() }))
}

impl From<&ChannelDay> for ChannelDayBody {
    fn from(of: &ChannelDay) -> ChannelDayBody {
        let count = |state| of.by_state.get(&state).copied().unwrap_or_default();
        ChannelDayBody {
            day: of.day.to_string(),
            channel: of.channel.name().to_owned(),
            submitted: count(DeliveryState::Submitted),
            unknown: count(DeliveryState::Unknown),
            undelivered: count(DeliveryState::Undelivered),
            delivered: count(DeliveryState::Delivered),
            read: count(DeliveryState::Read),
            count: of.by_state.values().sum(),
        }
    }
}

impl DailyQuery {
    fn read(self) -> Result<DailyFilter, AppError> {
        let mut wrong = Vec::new();
        let from = day("from", self.from, &mut wrong);
        let to = day("to", self.to, &mut wrong);
        let kind_words = ["Такого вида уведомлений нет", "no such kind of notification"];
        let kind = word("kind", self.kind, NotificationKind::parse, kind_words, &mut wrong);
        let channel_words = ["Такого способа отправки нет", "no such channel"];
        let channel = word("channel", self.channel, Channel::parse, channel_words, &mut wrong);
        match (from, to) {
            (Some(from), Some(to)) if wrong.is_empty() => {
                Ok(DailyFilter { from, to, branch_id: self.branch_id, kind, channel })
            }
            _ => Err(AppError::Invalid(wrong)),
        }
    }
}

/// A day must be given.
fn day(field: &'static str, text: Option<String>, wrong: &mut Vec<FieldError>) -> Option<Date> {
    let words = ["Нужна дата: 2026-03-01", "must be a date such as 2026-03-01"];
    if text.is_none() {
        let [russian, english] = words;
        wrong.push(FieldError::new(field, "required", russian, english));
    }
    word(field, text, |text| text.parse().ok(), words, wrong)
}
