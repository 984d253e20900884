//! Walking an organization's messages from the newest on. The database narrows by what stands in a
//! message's row; the status is folded from the tries and the branch is the visit's, so these two are
//! judged here, chunk by chunk.

use super::list::{MessageFilter, MessageView};
use crate::context::{App, Caller};
use crate::error::AppError;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::{AppointmentId, BranchId, MessageId, SenderId};
use vestnik_domain::message::Message;
use vestnik_domain::message_status;
use vestnik_domain::phone_number::search_variants;
use vestnik_domain::sender::Sender;
use vestnik_store::tables::messages::WantedMessages;

/// The most messages of the period that one request looks at.
pub(super) const SCAN_MOST: usize = 10_000;
/// How many are read at a time.
pub(super) const CHUNK_MOST: usize = 500;

/// A walk that has come as far as `before`.
pub(super) struct Scan<'a> {
    app: &'a App,
    caller: &'a Caller,
    filter: &'a MessageFilter,
    wanted: WantedMessages,
    senders: BTreeMap<SenderId, Sender>,
    now: Timestamp,
    before: MessageId,
    ended: bool,
}

/// A stretch of the walk.
pub(super) struct Chunk {
    /// What passes the whole filter, newest first.
    pub(super) passed: Vec<MessageView>,
    pub(super) looked_at: usize,
}

impl<'a> Scan<'a> {
    pub(super) async fn begin(
        app: &'a App,
        caller: &'a Caller,
        filter: &'a MessageFilter,
        before: Option<MessageId>,
    ) -> Result<Scan<'a>, AppError> {
        let organization = caller.organization_id;
        if let Some(branch) = filter.branch_id
            && app.store.branch(organization, branch).await?.is_none()
        {
            return Err(AppError::NotFound("branch"));
        }
        if let Some(client) = filter.client_id {
            crate::clients::get(app, caller, client).await?;
        }
        let senders = app.store.senders(organization).await?;
        let wanted = wanted(filter, &senders)?;
        Ok(Scan {
            app,
            caller,
            filter,
            wanted,
            senders: senders.into_iter().map(|sender| (sender.id, sender)).collect(),
            now: app.now(),
            before: before.unwrap_or(MessageId(i64::MAX)),
            ended: false,
        })
    }

    /// Where a later walk goes on; `None` at the end.
    pub(super) fn before(&self) -> Option<MessageId> {
        (!self.ended).then_some(self.before)
    }

    /// The next stretch of at most `most` messages; `None` at the end.
    pub(super) async fn next_chunk(&mut self, most: usize) -> Result<Option<Chunk>, AppError> {
        if self.ended {
            return Ok(None);
        }
        let organization = self.caller.organization_id;
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let messages =
            self.app.store.messages_page(organization, &self.wanted, self.before, limit).await?;
        let Some(last) = messages.last() else {
            self.ended = true;
            return Ok(None);
        };
        self.before = last.id;
        let looked_at = messages.len();
        self.ended = looked_at < most;
        let messages = self.of_branch(messages).await?;
        let mut tries = self.tries(&messages).await?;
        let passed = messages
            .into_iter()
            .map(|message| {
                let deliveries = tries.remove(&message.id).unwrap_or_default();
                view(message, deliveries, &self.senders, self.now)
            })
            .filter(|view| self.has_status(view))
            .collect();
        Ok(Some(Chunk { passed, looked_at }))
    }

    /// Also under the status that totals count it by: a list shows what its total says.
    fn has_status(&self, view: &MessageView) -> bool {
        let outcome = &view.outcome;
        let is = |status| outcome.status == status || outcome.counted_as == status;
        self.filter.status.is_none_or(is)
    }

    async fn of_branch(&self, messages: Vec<Message>) -> Result<Vec<Message>, AppError> {
        let Some(branch) = self.filter.branch_id else { return Ok(messages) };
        let ids: BTreeSet<AppointmentId> =
            messages.iter().flat_map(|message| message.covers.iter().copied()).collect();
        let ids: Vec<AppointmentId> = ids.into_iter().collect();
        let found = self.app.store.appointments_by_id(self.caller.organization_id, &ids).await?;
        let branches: BTreeMap<AppointmentId, BranchId> =
            found.iter().map(|one| (one.id, one.facts.branch_id)).collect();
        let is_of_branch =
            |message: &Message| message.covers.iter().any(|id| branches.get(id) == Some(&branch));
        Ok(messages.into_iter().filter(is_of_branch).collect())
    }

    async fn tries(
        &self,
        messages: &[Message],
    ) -> Result<BTreeMap<MessageId, Vec<Delivery>>, AppError> {
        let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
        let mut tries: BTreeMap<MessageId, Vec<Delivery>> = BTreeMap::new();
        for delivery in
            self.app.store.deliveries_of_messages(self.caller.organization_id, &ids).await?
        {
            tries.entry(delivery.message_id).or_default().push(delivery);
        }
        Ok(tries)
    }
}

/// Folds a message and its tries, given oldest first.
pub(super) fn view(
    message: Message,
    deliveries: Vec<Delivery>,
    senders: &BTreeMap<SenderId, Sender>,
    now: Timestamp,
) -> MessageView {
    let outcome = message_status::of(&message.state, &deliveries, now);
    let sender_id = deliveries.last().map(|last| last.sender_id).or(message.sender_id);
    let sender = sender_id.and_then(|id| senders.get(&id)).cloned();
    MessageView { message, deliveries, outcome, sender }
}

fn wanted(filter: &MessageFilter, senders: &[Sender]) -> Result<WantedMessages, AppError> {
    let (from, to) = (filter.from.unwrap_or(Timestamp::MIN), filter.to.unwrap_or(Timestamp::MAX));
    if to < from {
        return Err(AppError::field(
            "to",
            "before_from",
            "Конец периода раньше его начала",
            "must not be before `from`",
        ));
    }
    let of_channel = |channel| {
        let fitting = senders.iter().filter(|sender| sender.channel == channel);
        fitting.map(|sender| sender.id).collect()
    };
    Ok(WantedMessages {
        from,
        to,
        kind: filter.kind,
        client: filter.client_id,
        senders: filter.channel.map(of_channel),
        digits: filter.phone.as_deref().map(digits).transpose()?,
    })
}

/// Both readings of a part of a number, twice the same where there is but one.
fn digits(text: &str) -> Result<[String; 2], AppError> {
    let mut readings = search_variants(text).into_iter();
    let Some(one) = readings.next() else {
        return Err(AppError::field(
            "phone",
            "phone_part_too_short",
            "Введите хотя бы две цифры номера",
            "give at least two digits of the number and no letters",
        ));
    };
    let other = readings.next().unwrap_or_else(|| one.clone());
    Ok([one, other])
}
