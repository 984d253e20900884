//! Reads of messages and their tries.

use super::{Read, Store, within};
use crate::record::RowReader;
use crate::statement as sql;
use crate::statement::Statement;
use crate::tables::messages::WantedMessages;
use jiff::Timestamp;
use jiff::civil::Date;
use vestnik_domain::daily_total::DailyTotal;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::{
    ClientId, DeliveryId, IncomingMessageId, MessageId, OrganizationId, SenderId,
};
use vestnik_domain::incoming::IncomingMessage;
use vestnik_domain::message::Message;

impl Store {
    /// The live messages of a client, and the retired ones that were due at or after `from`.
    pub async fn messages_of_client(
        &self,
        organization: OrganizationId,
        client: ClientId,
        from: Timestamp,
    ) -> Read<Vec<Message>> {
        self.all(&sql::MESSAGES_OF_CLIENT, within(organization, [client.into(), from.into()])).await
    }

    pub async fn message(
        &self,
        organization: OrganizationId,
        id: MessageId,
    ) -> Read<Option<Message>> {
        self.one(&sql::MESSAGE, within(organization, [id.into()])).await
    }

    /// The newest messages older than `before` that `wanted` asks for, at most `limit`. Walks the
    /// organization's messages from the newest on.
    pub async fn messages_page(
        &self,
        organization: OrganizationId,
        wanted: &WantedMessages,
        before: MessageId,
        limit: i64,
    ) -> Read<Vec<Message>> {
        let mut parameters = within(organization, [before.into()]);
        parameters.extend(wanted.parameters());
        parameters.push(limit.into());
        self.all(&sql::MESSAGES_PAGE, parameters).await
    }

    /// Messages that wait and are due in `from..to`, soonest first, at most `limit`.
    pub async fn planned_messages_between(
        &self,
        organization: OrganizationId,
        from: Timestamp,
        to: Timestamp,
        limit: i64,
    ) -> Read<Vec<Message>> {
        let rest = [from.into(), to.into(), limit.into()];
        self.all(&sql::PLANNED_MESSAGES_BETWEEN, within(organization, rest)).await
    }

    /// Routed messages of all organizations in `buckets` whose time is over. For the sweep alone
    /// (I9, listed).
    pub async fn messages_past_send_before(
        &self,
        buckets: &[i64],
        now: Timestamp,
        limit: i64,
    ) -> Read<Vec<Message>> {
        let parameters = vec![buckets.to_vec().into(), now.into(), limit.into()];
        self.all_readable(&sql::MESSAGES_PAST_SEND_BEFORE, parameters).await
    }

    /// The head of a sender's lane: by class, then by due time.
    pub async fn lane(
        &self,
        organization: OrganizationId,
        sender: SenderId,
        limit: i64,
    ) -> Read<Vec<Message>> {
        self.all_readable(&sql::LANE, within(organization, [sender.into(), limit.into()])).await
    }

    /// Organizations in `buckets` with messages that wait for a sender, or for one that was put away.
    /// For the loop that routes them anew alone (I9, listed).
    pub async fn organizations_with_stranded(&self, buckets: &[i64]) -> Read<Vec<OrganizationId>> {
        let statement = &sql::ORGANIZATIONS_WITH_STRANDED;
        let rows = self.engine.read(statement, vec![buckets.to_vec().into()]).await?;
        rows.into_iter()
            .map(|row| Ok(OrganizationId(RowReader::new(statement.name, row).integer()?)))
            .collect()
    }

    /// What fell due while there was nothing to send with.
    pub async fn messages_without_sender(
        &self,
        organization: OrganizationId,
        limit: i64,
    ) -> Read<Vec<Message>> {
        self.all(&sql::MESSAGES_WITHOUT_SENDER, within(organization, [limit.into()])).await
    }

    /// Senders of all organizations that were given something and have not answered. For the virtual
    /// clock alone (I9, listed).
    pub async fn senders_in_flight(
        &self,
        buckets: &[i64],
    ) -> Read<Vec<(OrganizationId, SenderId)>> {
        self.pairs(&sql::SENDERS_IN_FLIGHT, buckets).await
    }

    /// Senders of all organizations with something in their lanes. For the virtual clock alone (I9,
    /// listed).
    pub async fn senders_with_lanes(
        &self,
        buckets: &[i64],
    ) -> Read<Vec<(OrganizationId, SenderId)>> {
        self.pairs(&sql::SENDERS_WITH_LANES, buckets).await
    }

    /// Organizations with a sender of theirs each.
    pub(super) async fn pairs(
        &self,
        statement: &'static Statement,
        buckets: &[i64],
    ) -> Read<Vec<(OrganizationId, SenderId)>> {
        let rows = self.engine.read(statement, vec![buckets.to_vec().into()]).await?;
        rows.into_iter()
            .map(|row| {
                let mut row = RowReader::new(statement.name, row);
                Ok((OrganizationId(row.integer()?), SenderId(row.integer()?)))
            })
            .collect()
    }

    /// When the first planned message of all organizations in `buckets` falls due after `now`. For the
    /// routing loop and the virtual clock alone (I9, listed).
    pub async fn next_due_message(
        &self,
        buckets: &[i64],
        now: Timestamp,
    ) -> Read<Option<Timestamp>> {
        self.first_after(&sql::NEXT_DUE_MESSAGE, buckets, now).await
    }

    /// The next instant after `now` at which time moves anything. For the virtual clock alone (I9,
    /// listed).
    pub async fn next_due(&self, buckets: &[i64], now: Timestamp) -> Read<Option<Timestamp>> {
        let mut earliest: Option<Timestamp> = None;
        for statement in [&sql::NEXT_DUE_MESSAGE, &sql::NEXT_DEADLINE, &sql::NEXT_SEND_BEFORE] {
            let first = self.first_after(statement, buckets, now).await?;
            earliest = earliest.into_iter().chain(first).min();
        }
        Ok(earliest)
    }

    async fn first_after(
        &self,
        statement: &'static Statement,
        buckets: &[i64],
        now: Timestamp,
    ) -> Read<Option<Timestamp>> {
        let rows = self.engine.read(statement, vec![buckets.to_vec().into(), now.into()]).await?;
        let first = rows.into_iter().next();
        first.map(|row| RowReader::new(statement.name, row).timestamp()).transpose()
    }

    /// The latest business time that anything of the organization was written at: a clock that runs
    /// faster than the real one goes on from there. Reads the whole organization: for the demo alone.
    pub async fn latest_moment(&self, organization: OrganizationId) -> Read<Option<Timestamp>> {
        let statement = &sql::LATEST_MOMENT;
        let rows = self.engine.read(statement, within(organization, [])).await?;
        let first = rows.into_iter().next();
        let latest =
            first.map(|row| RowReader::new(statement.name, row).timestamp()).transpose()?;
        // The statement says 0 where there is nothing.
        Ok(latest.filter(|at| *at > Timestamp::UNIX_EPOCH))
    }

    pub async fn delivery(
        &self,
        organization: OrganizationId,
        id: DeliveryId,
    ) -> Read<Option<Delivery>> {
        self.one(&sql::DELIVERY, within(organization, [id.into()])).await
    }

    /// Every try of a message, oldest first.
    pub async fn deliveries_of_message(
        &self,
        organization: OrganizationId,
        message: MessageId,
    ) -> Read<Vec<Delivery>> {
        self.all(&sql::DELIVERIES_OF_MESSAGE, within(organization, [message.into()])).await
    }

    /// Every try of several messages, oldest first.
    pub async fn deliveries_of_messages(
        &self,
        organization: OrganizationId,
        messages: &[MessageId],
    ) -> Read<Vec<Delivery>> {
        let mut batch = self.batch();
        let asked = batch.deliveries_of_messages(organization, messages);
        batch.read().await?.take(asked)
    }

    /// What a sender was given and has not answered yet.
    pub async fn deliveries_in_flight(
        &self,
        organization: OrganizationId,
        sender: SenderId,
        limit: i64,
    ) -> Read<Vec<Delivery>> {
        self.all(&sql::DELIVERIES_IN_FLIGHT, within(organization, [sender.into(), limit.into()]))
            .await
    }

    /// What the tries of the days from `from` to `to`, both with them, came to.
    pub async fn daily_totals(
        &self,
        organization: OrganizationId,
        from: Date,
        to: Date,
    ) -> Read<Vec<DailyTotal>> {
        let days = [from.to_string().into(), to.to_string().into()];
        self.all(&sql::DAILY_TOTALS, within(organization, days)).await
    }

    /// Tries of all organizations in `buckets` that time alone must move on. For the sweep alone
    /// (I9, listed).
    pub async fn deliveries_past_deadline(
        &self,
        buckets: &[i64],
        now: Timestamp,
        limit: i64,
    ) -> Read<Vec<Delivery>> {
        let parameters = vec![buckets.to_vec().into(), now.into(), limit.into()];
        self.all_readable(&sql::DELIVERIES_PAST_DEADLINE, parameters).await
    }

    /// The newest received SMS older than `before`, at most `limit`.
    pub async fn incoming_messages(
        &self,
        organization: OrganizationId,
        before: IncomingMessageId,
        limit: i64,
    ) -> Read<Vec<IncomingMessage>> {
        let rest = [before.into(), limit.into()];
        self.all(&sql::INCOMING_MESSAGES, within(organization, rest)).await
    }

    /// One received SMS.
    pub async fn incoming_message(
        &self,
        organization: OrganizationId,
        id: IncomingMessageId,
    ) -> Read<Option<IncomingMessage>> {
        // The newest that is older than the next id.
        let next = IncomingMessageId(id.0.saturating_add(1));
        let newest = self.incoming_messages(organization, next, 1).await?.pop();
        Ok(newest.filter(|message| message.id == id))
    }

    /// The newest SMS received from a client and older than `before`, at most `limit`.
    pub async fn incoming_of_client(
        &self,
        organization: OrganizationId,
        client: ClientId,
        before: IncomingMessageId,
        limit: i64,
    ) -> Read<Vec<IncomingMessage>> {
        let rest = [client.into(), before.into(), limit.into()];
        self.all(&sql::INCOMING_OF_CLIENT, within(organization, rest)).await
    }
}
