//! A3: the life of one message, step by step, with the texts that went and the carrier's own codes.

use super::list::MessageView;
use super::scan::view;
use crate::context::{App, Caller};
use crate::error::AppError;
use jiff::Timestamp;
use std::collections::BTreeMap;
use vestnik_domain::Language;
use vestnik_domain::delivery::{Delivery, DeliveryState};
use vestnik_domain::ids::{DeliveryId, MessageId, SenderId};
use vestnik_domain::message::MessageState;
use vestnik_domain::sender::Sender;

/// One message with everything that happened to it.
#[derive(Debug)]
pub struct Timeline {
    pub view: MessageView,
    /// In order of time.
    pub steps: Vec<Step>,
    /// The organization's, by id: the tries name them.
    pub senders: BTreeMap<SenderId, Sender>,
}

/// Something that happened, or will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub at: Timestamp,
    pub kind: StepKind,
    /// Of which try, for what concerns one.
    pub delivery_id: Option<DeliveryId>,
    /// Why it ended so: a code.
    pub reason_code: Option<String>,
}

/// What a step may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    Planned,
    /// Its time came, or will come.
    Due,
    /// The text was made and its sending decided.
    Intended,
    /// The phone was given it.
    Fetched,
    /// The phone said that it has it.
    Acknowledged,
    /// The phone was asked not to send it after all.
    RecallAsked,
    /// The phone handed it to its radio.
    OnRadio,
    /// The carrier took it.
    Submitted,
    Delivered,
    DeliveredInPart,
    Read,
    Undelivered,
    OutcomeUnknown,
    Cancelled,
    Skipped,
}

impl StepKind {
    /// The word of the API.
    pub fn name(self) -> &'static str {
        self.words().0
    }

    pub fn title(self, language: Language) -> &'static str {
        let (_, russian, english) = self.words();
        match language {
            Language::Russian => russian,
            Language::English => english,
        }
    }

    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            StepKind::Planned => ("planned", "Запланировано", "Planned"),
            StepKind::Due => ("due", "Время отправки", "Due"),
            StepKind::Intended => ("intended", "Подготовлено к отправке", "Prepared to be sent"),
            StepKind::Fetched => ("fetched", "Передано телефону", "Given to the phone"),
            StepKind::Acknowledged => ("acknowledged", "Телефон принял", "The phone has it"),
            StepKind::RecallAsked => (
                "recall_asked",
                "Телефон попросили не отправлять",
                "The phone was asked to drop it",
            ),
            StepKind::OnRadio => ("on_radio", "Телефон отправляет", "The phone is sending it"),
            StepKind::Submitted => ("submitted", "Оператор принял", "The carrier took it"),
            StepKind::Delivered => ("delivered", "Доставлено", "Delivered"),
            StepKind::DeliveredInPart => {
                ("delivered_in_part", "Доставлено не полностью", "Delivered in part")
            }
            StepKind::Read => ("read", "Прочитано", "Read"),
            StepKind::Undelivered => ("undelivered", "Попытка не удалась", "The try failed"),
            StepKind::OutcomeUnknown => ("unknown", "Исход неизвестен", "Outcome unknown"),
            StepKind::Cancelled => ("cancelled", "Отменено", "Cancelled"),
            StepKind::Skipped => ("skipped", "Не отправлено", "Not sent"),
        }
    }
}

/// One message of the caller's organization.
pub async fn message_timeline(
    app: &App,
    caller: &Caller,
    id: MessageId,
) -> Result<Timeline, AppError> {
    let organization = caller.organization_id;
    let message =
        app.store.message(organization, id).await?.ok_or(AppError::NotFound("message"))?;
    let deliveries = app.store.deliveries_of_message(organization, id).await?;
    let senders: BTreeMap<SenderId, Sender> = app
        .store
        .senders(organization)
        .await?
        .into_iter()
        .map(|sender| (sender.id, sender))
        .collect();
    let view = view(message, deliveries, &senders, app.now());
    let steps = steps(&view);
    Ok(Timeline { view, steps, senders })
}

fn steps(view: &MessageView) -> Vec<Step> {
    let message = &view.message;
    let of_message = |at, kind, reason_code| Step { at, kind, delivery_id: None, reason_code };
    let end = match &message.state {
        MessageState::Cancelled { at, reason } => {
            Some(of_message(*at, StepKind::Cancelled, Some(reason.clone())))
        }
        MessageState::Skipped { at, reason } => {
            Some(of_message(*at, StepKind::Skipped, Some(reason.clone())))
        }
        _ => None,
    };
    let mut steps = vec![of_message(message.planned_at, StepKind::Planned, None)];
    // What was called off before its time never fell due.
    if end.as_ref().is_none_or(|end| message.due_at <= end.at) {
        steps.push(of_message(message.due_at, StepKind::Due, None));
    }
    for delivery in &view.deliveries {
        steps.extend(of_try(delivery));
    }
    steps.extend(end);
    // Stable: of what happened at the same instant the order above holds.
    steps.sort_by_key(|step| step.at);
    steps
}

fn of_try(delivery: &Delivery) -> Vec<Step> {
    let stamps = [
        (StepKind::Intended, Some(delivery.intended_at)),
        (StepKind::Fetched, delivery.fetched_at),
        (StepKind::Acknowledged, delivery.acknowledged_at),
        (StepKind::RecallAsked, delivery.recall_asked_at),
        (StepKind::OnRadio, delivery.handed_to_radio_at),
        (StepKind::Submitted, delivery.submitted_at),
    ];
    let passed = stamps.into_iter().filter_map(|(kind, at)| {
        Some(Step { at: at?, kind, delivery_id: Some(delivery.id), reason_code: None })
    });
    let end = match delivery.state {
        DeliveryState::Processing | DeliveryState::Submitted => None,
        DeliveryState::Unknown => Some(StepKind::OutcomeUnknown),
        DeliveryState::Undelivered => Some(StepKind::Undelivered),
        DeliveryState::Delivered if delivery.delivered_in_part => Some(StepKind::DeliveredInPart),
        DeliveryState::Delivered => Some(StepKind::Delivered),
        DeliveryState::Read => Some(StepKind::Read),
    };
    let ended = end.zip(delivery.ended_at).map(|(kind, at)| Step {
        at,
        kind,
        delivery_id: Some(delivery.id),
        reason_code: delivery.error_code.clone(),
    });
    passed.chain(ended).collect()
}
