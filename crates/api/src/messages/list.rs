//! A1 and A2: messages with filters, and their totals.

use super::query::word;
use super::view::{MessageBody, MessageStatusBody};
use crate::body::QueryOf;
use crate::caller::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::wire::page_size;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vestnik_app::AppError;
use vestnik_app::messages::list::{self as use_case, MessageFilter};
use vestnik_app::messages::totals;
use vestnik_domain::ids::{BranchId, ClientId, MessageId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::message_status::MessageStatus;
use vestnik_domain::sender::Channel;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MessageQuery {
    /// Due at or after this instant, RFC 3339.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<String>,
    /// Due before this instant, RFC 3339.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<String>,
    /// Of visits in this branch.
    #[param(value_type = Option<String>)]
    branch_id: Option<BranchId>,
    /// Such as `reminder`.
    kind: Option<String>,
    /// `android_phone`: what went or is about to go that way.
    channel: Option<String>,
    /// A status of A1, such as `delivered`.
    status: Option<String>,
    /// Any part of the recipient's number, two digits or more.
    phone: Option<String>,
    #[param(value_type = Option<String>)]
    client_id: Option<ClientId>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// `next` of the page before.
    #[param(value_type = Option<String>)]
    before: Option<MessageId>,
    /// 1 to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// A page of messages, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessagePageBody {
    pub items: Vec<MessageBody>,
    /// Pass as `before` for the next page; a page may be short and still have a next one.
    pub next: Option<String>,
}

/// One total.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusTotalBody {
    pub status: MessageStatusBody,
    pub count: i64,
}

/// Totals by status.
#[derive(Debug, Serialize, ToSchema)]
pub struct TotalsBody {
    /// Every status that has a total, in the order of the screen, also those with none. What became
    /// of a message unknown to us counts as `waiting`, after a day as `undelivered`.
    pub totals: Vec<StatusTotalBody>,
    pub count: i64,
    /// False where there were more than 10 000 messages: only the newest of them are counted.
    pub complete: bool,
}

/// Messages with their status, newest first.
#[utoipa::path(get, path = "/api/v1/messages", tag = "messages", params(MessageQuery, PageQuery),
    responses((status = 200, body = MessagePageBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn list_messages(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<MessageQuery>,
    QueryOf(page): QueryOf<PageQuery>,
) -> Result<Json<MessagePageBody>, Problem> {
    let filter = query.read()?;
    let limit = page_size(page.limit);
    let found = use_case::list_messages(&state.app, &caller, &filter, page.before, limit).await?;
    Ok(Json(MessagePageBody {
        items: found.items.into_iter().map(MessageBody::from).collect(),
        next: found.next.map(|id| id.to_string()),
    }))
}

/// How many messages stand under each status.
#[utoipa::path(get, path = "/api/v1/messages/totals", tag = "messages", params(MessageQuery),
    responses((status = 200, body = TotalsBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn count_messages(
    State(state): State<ApiState>,
    SignedIn(caller): SignedIn,
    QueryOf(query): QueryOf<MessageQuery>,
) -> Result<Json<TotalsBody>, Problem> {
    let filter = query.read()?;
    let found = totals::count_messages(&state.app, &caller, &filter).await?;
    let statuses = MessageStatus::ALL.into_iter().filter(|one| *one != MessageStatus::Unknown);
    let totals = statuses.map(|status| StatusTotalBody {
        count: found.by_status.get(&status).copied().unwrap_or_default(),
        status: status.into(),
    });
    Ok(Json(TotalsBody {
        totals: totals.collect(),
        count: found.by_status.values().sum(),
        complete: found.complete,
    }))
}

impl MessageQuery {
    fn read(self) -> Result<MessageFilter, AppError> {
        let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
        let instant_words = [
            "Нужны дата и время с поясом: 2026-03-01T00:00:00Z",
            "must be RFC 3339 with an offset",
        ];
        let mut wrong = Vec::new();
        let filter = MessageFilter {
            from: word("from", self.from, instant, instant_words, &mut wrong),
            to: word("to", self.to, instant, instant_words, &mut wrong),
            branch_id: self.branch_id,
            kind: word(
                "kind",
                self.kind,
                NotificationKind::parse,
                ["Такого вида уведомлений нет", "no such kind of notification"],
                &mut wrong,
            ),
            channel: word(
                "channel",
                self.channel,
                Channel::parse,
                ["Такого способа отправки нет", "no such channel"],
                &mut wrong,
            ),
            status: word(
                "status",
                self.status,
                MessageStatus::parse,
                ["Такого статуса нет", "no such status"],
                &mut wrong,
            ),
            phone: self.phone,
            client_id: self.client_id,
        };
        if wrong.is_empty() { Ok(filter) } else { Err(AppError::Invalid(wrong)) }
    }
}
