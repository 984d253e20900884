//! The verbs of the store: typed reads of use-case size and one door for writes.
//!
//! Every read of a tenant's data takes the organization and is scoped by it (I9). The few reads
//! that cannot know the organization yet are those of sign-in: by e-mail and by a secret's hash.

use crate::change_set::ChangeSet;
use crate::engine::{CommitError, Engine, ReadError};
use crate::record::{Record, RowReader};
use crate::statement::{self as sql, Statement};
use crate::tables::appointments::StaffDay;
use crate::tables::clients::fold_name;
use crate::tables::idempotency::IdempotencyKey;
use crate::tables::messages::WantedMessages;
use crate::tables::senders::LinkCode;
use crate::value::Value;
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;
use vestnik_domain::access::{ApiToken, Session, User};
use vestnik_domain::appointment::{Appointment, AppointmentEvent};
use vestnik_domain::audit::AuditEntry;
use vestnik_domain::branch::Branch;
use vestnik_domain::client::Client;
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::{
    ApiTokenId, AppointmentId, AuditId, BranchId, ClientId, DeliveryId, IncomingMessageId,
    MessageId, OrganizationId, SenderId, ServiceId, StaffId, TaskId, UserId, VisitId,
};
use vestnik_domain::incoming::IncomingMessage;
use vestnik_domain::message::Message;
use vestnik_domain::organization::Organization;
use vestnik_domain::pace::PaceState;
use vestnik_domain::phone_number::PhoneNumber;
use vestnik_domain::sender::{PhoneLink, Sender};
use vestnik_domain::service::Service;
use vestnik_domain::settings::SettingsVersion;
use vestnik_domain::staff::StaffMember;
use vestnik_domain::task::{Task, VisitLink};
use vestnik_domain::template_choice::StoredTemplate;

/// The most appointments that one client's plan looks at; nobody books more ahead.
const APPOINTMENTS_OF_CLIENT_MOST: i64 = 500;

type Read<T> = Result<T, ReadError>;

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Arc<dyn Engine>,
}

/// The first two parameters of every statement on a tenant's table.
fn tenant(organization: OrganizationId) -> Vec<Value> {
    vec![organization.bucket().into(), organization.into()]
}

fn within(organization: OrganizationId, rest: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let mut parameters = tenant(organization);
    parameters.extend(rest);
    parameters
}

impl Store {
    pub fn new(engine: Arc<dyn Engine>) -> Store {
        Store { engine }
    }

    /// The engine beneath, for operations that are not about data (description, backup).
    pub fn engine(&self) -> &dyn Engine {
        &*self.engine
    }

    /// Commits everything or nothing; see [`CommitError`] for what each refusal means.
    pub async fn commit(&self, change_set: ChangeSet) -> Result<(), CommitError> {
        if change_set.is_empty() { Ok(()) } else { self.engine.commit(change_set).await }
    }

    async fn all<R: Record>(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Read<Vec<R>> {
        self.engine.read(statement, parameters).await?.into_iter().map(R::read).collect()
    }

    async fn one<R: Record>(
        &self,
        statement: &'static Statement,
        parameters: Vec<Value>,
    ) -> Read<Option<R>> {
        self.engine.read(statement, parameters).await?.into_iter().next().map(R::read).transpose()
    }

    // --- organizations and access

    pub async fn organization(&self, id: OrganizationId) -> Read<Option<Organization>> {
        self.one(&sql::ORGANIZATION, tenant(id)).await
    }

    /// Organizations whose settings changed since their clients were planned. For the sweep alone
    /// (I9, listed).
    pub async fn organizations_to_sweep(&self, limit: i64) -> Read<Vec<Organization>> {
        self.all(&sql::ORGANIZATIONS_TO_SWEEP, vec![limit.into()]).await
    }

    /// Global: sign-in knows only the address (lower case).
    pub async fn user_by_email(&self, email: &str) -> Read<Option<User>> {
        self.one(&sql::USER_BY_EMAIL, vec![email.into()]).await
    }

    pub async fn user(&self, organization: OrganizationId, id: UserId) -> Read<Option<User>> {
        self.one(&sql::USER, vec![organization.into(), id.into()]).await
    }

    pub async fn users(&self, organization: OrganizationId) -> Read<Vec<User>> {
        self.all(&sql::USERS, vec![organization.into()]).await
    }

    /// Global: the cookie carries only the secret. Also finds ended sessions; the caller judges.
    pub async fn session_by_secret(&self, secret_hash: &[u8]) -> Read<Option<Session>> {
        self.one(&sql::SESSION_BY_SECRET, vec![secret_hash.into()]).await
    }

    pub async fn open_sessions(
        &self,
        organization: OrganizationId,
        user: UserId,
        now: Timestamp,
    ) -> Read<Vec<Session>> {
        self.all(&sql::SESSIONS_OF_USER, vec![user.into(), organization.into(), now.into()]).await
    }

    /// Global: the header carries only the secret. Also finds revoked tokens; the caller judges.
    pub async fn api_token_by_secret(&self, secret_hash: &[u8]) -> Read<Option<ApiToken>> {
        self.one(&sql::API_TOKEN_BY_SECRET, vec![secret_hash.into()]).await
    }

    pub async fn api_token(
        &self,
        organization: OrganizationId,
        id: ApiTokenId,
    ) -> Read<Option<ApiToken>> {
        self.one(&sql::API_TOKEN, vec![organization.into(), id.into()]).await
    }

    pub async fn api_tokens(&self, organization: OrganizationId) -> Read<Vec<ApiToken>> {
        self.all(&sql::API_TOKENS, vec![organization.into()]).await
    }

    /// The newest entries older than `before`, at most `limit`.
    pub async fn audit(
        &self,
        organization: OrganizationId,
        before: AuditId,
        limit: i64,
    ) -> Read<Vec<AuditEntry>> {
        self.all(&sql::AUDIT, within(organization, [before.into(), limit.into()])).await
    }

    pub async fn idempotency_key(
        &self,
        organization: OrganizationId,
        key: &str,
    ) -> Read<Option<IdempotencyKey>> {
        self.one(&sql::IDEMPOTENCY, within(organization, [key.into()])).await
    }

    /// The settings in force.
    pub async fn settings(&self, organization: OrganizationId) -> Read<Option<SettingsVersion>> {
        self.one(&sql::SETTINGS_IN_FORCE, tenant(organization)).await
    }

    /// Own texts of templates that are in force, over all branches, kinds and languages.
    pub async fn templates(&self, organization: OrganizationId) -> Read<Vec<StoredTemplate>> {
        self.all(&sql::TEMPLATES_IN_FORCE, tenant(organization)).await
    }

    // --- what the salon offers

    /// Also archived ones: old appointments name them.
    pub async fn branches(&self, organization: OrganizationId) -> Read<Vec<Branch>> {
        self.all(&sql::BRANCHES, tenant(organization)).await
    }

    pub async fn branch(&self, organization: OrganizationId, id: BranchId) -> Read<Option<Branch>> {
        self.one(&sql::BRANCH, within(organization, [id.into()])).await
    }

    /// Also archived ones.
    pub async fn staff(&self, organization: OrganizationId) -> Read<Vec<StaffMember>> {
        self.all(&sql::STAFF, tenant(organization)).await
    }

    pub async fn staff_member(
        &self,
        organization: OrganizationId,
        id: StaffId,
    ) -> Read<Option<StaffMember>> {
        self.one(&sql::STAFF_MEMBER, within(organization, [id.into()])).await
    }

    /// Also archived ones.
    pub async fn services(&self, organization: OrganizationId) -> Read<Vec<Service>> {
        self.all(&sql::SERVICES, tenant(organization)).await
    }

    pub async fn service(
        &self,
        organization: OrganizationId,
        id: ServiceId,
    ) -> Read<Option<Service>> {
        self.one(&sql::SERVICE, within(organization, [id.into()])).await
    }

    // --- clients

    pub async fn client(&self, organization: OrganizationId, id: ClientId) -> Read<Option<Client>> {
        self.one(&sql::CLIENT, within(organization, [id.into()])).await
    }

    /// The newest clients older than `before`, at most `limit`, without archived ones.
    pub async fn clients(
        &self,
        organization: OrganizationId,
        before: ClientId,
        limit: i64,
    ) -> Read<Vec<Client>> {
        self.all(&sql::CLIENTS_PAGE, within(organization, [before.into(), limit.into()])).await
    }

    /// Clients whose number contains `digits` (only digits may be given).
    pub async fn clients_by_digits(
        &self,
        organization: OrganizationId,
        digits: &str,
        before: ClientId,
        limit: i64,
    ) -> Read<Vec<Client>> {
        let parameters = within(organization, [before.into(), digits.into(), limit.into()]);
        self.all(&sql::CLIENTS_BY_DIGITS, parameters).await
    }

    /// Clients whose name contains `part`, letter case and `ё` aside.
    pub async fn clients_by_name(
        &self,
        organization: OrganizationId,
        part: &str,
        before: ClientId,
        limit: i64,
    ) -> Read<Vec<Client>> {
        let literal = fold_name(part).replace('~', "~~").replace('%', "~%").replace('_', "~_");
        let parameters = within(organization, [before.into(), literal.into(), limit.into()]);
        self.all(&sql::CLIENTS_BY_NAME, parameters).await
    }

    /// The oldest card with this number.
    pub async fn client_by_phone(
        &self,
        organization: OrganizationId,
        phone: &PhoneNumber,
    ) -> Read<Option<Client>> {
        self.one(&sql::CLIENT_BY_PHONE, within(organization, [phone.as_str().into()])).await
    }

    pub async fn client_by_external_id(
        &self,
        organization: OrganizationId,
        external_id: &str,
    ) -> Read<Option<Client>> {
        self.one(&sql::CLIENT_BY_EXTERNAL_ID, within(organization, [external_id.into()])).await
    }

    // --- appointments

    pub async fn appointment(
        &self,
        organization: OrganizationId,
        id: AppointmentId,
    ) -> Read<Option<Appointment>> {
        self.one(&sql::APPOINTMENT, within(organization, [id.into()])).await
    }

    pub async fn appointment_by_external_id(
        &self,
        organization: OrganizationId,
        external_id: &str,
    ) -> Read<Option<Appointment>> {
        self.one(&sql::APPOINTMENT_BY_EXTERNAL_ID, within(organization, [external_id.into()])).await
    }

    /// Those of these appointments that exist.
    pub async fn appointments_by_id(
        &self,
        organization: OrganizationId,
        ids: &[AppointmentId],
    ) -> Read<Vec<Appointment>> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        self.all(&sql::APPOINTMENTS_BY_ID, within(organization, [ids.into()])).await
    }

    /// Appointments of a branch that start in `from..to`, in order of time, at most `limit`.
    pub async fn appointments_between(
        &self,
        organization: OrganizationId,
        branch: BranchId,
        from: Timestamp,
        to: Timestamp,
        limit: i64,
    ) -> Read<Vec<Appointment>> {
        let rest = [branch.into(), from.into(), to.into(), limit.into()];
        self.all(&sql::APPOINTMENTS_BETWEEN, within(organization, rest)).await
    }

    /// Appointments of a client that start at or after `from`, over all branches.
    pub async fn appointments_of_client(
        &self,
        organization: OrganizationId,
        client: ClientId,
        from: Timestamp,
    ) -> Read<Vec<Appointment>> {
        let rest = [client.into(), from.into(), APPOINTMENTS_OF_CLIENT_MOST.into()];
        self.all(&sql::APPOINTMENTS_OF_CLIENT, within(organization, rest)).await
    }

    pub async fn appointments_of_visit(
        &self,
        organization: OrganizationId,
        client: ClientId,
        visit: VisitId,
    ) -> Read<Vec<Appointment>> {
        self.all(&sql::APPOINTMENTS_OF_VISIT, within(organization, [client.into(), visit.into()]))
            .await
    }

    /// Every change of an appointment, oldest first; the creation stands in the appointment.
    pub async fn appointment_events(
        &self,
        organization: OrganizationId,
        id: AppointmentId,
    ) -> Read<Vec<AppointmentEvent>> {
        self.all(&sql::APPOINTMENT_EVENTS, within(organization, [id.into()])).await
    }

    // --- messages

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

    /// Planned messages of all organizations in `buckets` that fell due by `now`, soonest first.
    /// For the routing loop alone (I9, listed).
    pub async fn due_messages(
        &self,
        buckets: &[i64],
        now: Timestamp,
        limit: i64,
    ) -> Read<Vec<Message>> {
        self.all(&sql::DUE_MESSAGES, vec![buckets.to_vec().into(), now.into(), limit.into()]).await
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
        self.all(&sql::MESSAGES_PAST_SEND_BEFORE, parameters).await
    }

    /// The head of a sender's lane: by class, then by due time.
    pub async fn lane(
        &self,
        organization: OrganizationId,
        sender: SenderId,
        limit: i64,
    ) -> Read<Vec<Message>> {
        self.all(&sql::LANE, within(organization, [sender.into(), limit.into()])).await
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

    async fn pairs(
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

    /// The next instant after `now` at which time moves anything. For the virtual clock alone (I9,
    /// listed).
    pub async fn next_due(&self, buckets: &[i64], now: Timestamp) -> Read<Option<Timestamp>> {
        let mut earliest: Option<Timestamp> = None;
        for statement in [&sql::NEXT_DUE_MESSAGE, &sql::NEXT_DEADLINE, &sql::NEXT_SEND_BEFORE] {
            let parameters = vec![buckets.to_vec().into(), now.into()];
            for row in self.engine.read(statement, parameters).await? {
                let at = RowReader::new(statement.name, row).timestamp()?;
                earliest = Some(earliest.map_or(at, |earlier| earlier.min(at)));
            }
        }
        Ok(earliest)
    }

    // --- senders

    /// Also archived ones.
    pub async fn senders(&self, organization: OrganizationId) -> Read<Vec<Sender>> {
        self.all(&sql::SENDERS, tenant(organization)).await
    }

    pub async fn sender(&self, organization: OrganizationId, id: SenderId) -> Read<Option<Sender>> {
        self.one(&sql::SENDER, within(organization, [id.into()])).await
    }

    pub async fn phone_link(
        &self,
        organization: OrganizationId,
        sender: SenderId,
    ) -> Read<Option<PhoneLink>> {
        self.one(&sql::PHONE_LINK, vec![organization.into(), sender.into()]).await
    }

    pub async fn phone_links(&self, organization: OrganizationId) -> Read<Vec<PhoneLink>> {
        self.all(&sql::PHONE_LINKS, vec![organization.into()]).await
    }

    /// Global: a phone that registers by login carries only the id of its slot.
    pub async fn phone_link_by_sender(&self, sender: SenderId) -> Read<Option<PhoneLink>> {
        self.one(&sql::PHONE_LINK_BY_SENDER, vec![sender.into()]).await
    }

    /// Global: a phone that registers carries only its link token.
    pub async fn phone_link_by_link_token(&self, hash: &[u8]) -> Read<Option<PhoneLink>> {
        self.one(&sql::PHONE_LINK_BY_LINK_TOKEN, vec![hash.into()]).await
    }

    /// Global: a registered phone carries only its device token.
    pub async fn phone_link_by_device_token(&self, hash: &[u8]) -> Read<Option<PhoneLink>> {
        self.one(&sql::PHONE_LINK_BY_DEVICE_TOKEN, vec![hash.into()]).await
    }

    /// Global: a phone that registers by code carries only the code.
    pub async fn link_code(&self, hash: &[u8]) -> Read<Option<LinkCode>> {
        self.one(&sql::LINK_CODE, vec![hash.into()]).await
    }

    pub async fn pace_state(
        &self,
        organization: OrganizationId,
        sender: SenderId,
    ) -> Read<Option<PaceState>> {
        self.one(&sql::PACE_STATE, within(organization, [sender.into()])).await
    }

    // --- deliveries

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
        let ids: Vec<i64> = messages.iter().map(|id| id.0).collect();
        self.all(&sql::DELIVERIES_OF_MESSAGES, within(organization, [ids.into()])).await
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

    /// Tries of all organizations in `buckets` that time alone must move on. For the sweep alone
    /// (I9, listed).
    pub async fn deliveries_past_deadline(
        &self,
        buckets: &[i64],
        now: Timestamp,
        limit: i64,
    ) -> Read<Vec<Delivery>> {
        let parameters = vec![buckets.to_vec().into(), now.into(), limit.into()];
        self.all(&sql::DELIVERIES_PAST_DEADLINE, parameters).await
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

    /// The newest SMS received from a client, at most `limit`.
    pub async fn incoming_of_client(
        &self,
        organization: OrganizationId,
        client: ClientId,
        limit: i64,
    ) -> Read<Vec<IncomingMessage>> {
        let rest = [client.into(), limit.into()];
        self.all(&sql::INCOMING_OF_CLIENT, within(organization, rest)).await
    }

    // --- tasks and visits' pages

    /// The newest tasks older than `before`, at most `limit`; only open ones unless `all`.
    pub async fn tasks(
        &self,
        organization: OrganizationId,
        before: TaskId,
        limit: i64,
        all: bool,
    ) -> Read<Vec<Task>> {
        let rest = [before.into(), all.into(), limit.into()];
        self.all(&sql::TASKS, within(organization, rest)).await
    }

    pub async fn task(&self, organization: OrganizationId, id: TaskId) -> Read<Option<Task>> {
        self.one(&sql::TASK, within(organization, [id.into()])).await
    }

    /// Global: whoever opens a link knows only its token.
    pub async fn visit_link(&self, token: &str) -> Read<Option<VisitLink>> {
        self.one(&sql::VISIT_LINK, vec![token.into()]).await
    }

    pub async fn link_of_visit(
        &self,
        organization: OrganizationId,
        visit: VisitId,
    ) -> Read<Option<VisitLink>> {
        self.one(&sql::LINK_OF_VISIT, vec![organization.into(), visit.into()]).await
    }

    /// The guard of one day; version 0 where nothing was ever booked.
    pub async fn staff_day(
        &self,
        organization: OrganizationId,
        staff: StaffId,
        date: Date,
    ) -> Read<StaffDay> {
        let rest = [staff.into(), date.to_string().into()];
        let found = self.one(&sql::STAFF_DAY, within(organization, rest)).await?;
        Ok(found.unwrap_or(StaffDay {
            organization_id: organization,
            staff_id: staff,
            date,
            version: 0,
        }))
    }
}
