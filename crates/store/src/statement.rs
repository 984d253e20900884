//! Named read statements. Their texts stand in `sql/`, one file each, in the common subset of both
//! dialects: parameters are `$1`, `$2`…; a list parameter is written `IN integers($3)` or `IN texts($3)`, or
//! `FROM integers($3) AS name` with its one column `value`; and `WHERE bucket IN heads($1) AND … ORDER BY
//! … LIMIT …` asks for the first rows of many buckets.

use crate::write_sql::{Dialect, rewrite};
use std::borrow::Cow;
use std::sync::OnceLock;

/// A read statement; compared and cached by name.
#[derive(Debug, PartialEq, Eq)]
pub struct Statement {
    pub name: &'static str,
    pub sql: &'static str,
    sqlite: OnceLock<Cow<'static, str>>,
    postgres: OnceLock<Cow<'static, str>>,
}

impl Statement {
    pub const fn new(name: &'static str, sql: &'static str) -> Statement {
        Statement { name, sql, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// The text in the words of a dialect, put together once.
    pub fn text(&'static self, dialect: Dialect) -> &'static str {
        let text = match dialect {
            Dialect::Sqlite => &self.sqlite,
            Dialect::Postgres => &self.postgres,
        };
        text.get_or_init(|| rewrite(self.sql, dialect))
    }
}

macro_rules! statements {
    ($($constant:ident = $file:literal;)*) => {
        $(pub(crate) static $constant: Statement =
            Statement::new($file, include_str!(concat!("../sql/", $file, ".sql")));)*

        /// Every read statement, for the tests that prepare all of them on the real engines.
        pub fn statements() -> &'static [&'static Statement] {
            static ALL: &[&Statement] = &[$(&$constant),*];
            ALL
        }
    };
}

statements! {
    ORGANIZATION = "organization";
    USER_BY_EMAIL = "user_by_email";
    USER = "user";
    USERS = "users";
    SESSION_BY_SECRET = "session_by_secret";
    SESSIONS_OF_USER = "sessions_of_user";
    API_TOKEN_BY_SECRET = "api_token_by_secret";
    API_TOKEN = "api_token";
    API_TOKENS = "api_tokens";
    AUDIT = "audit";
    IDEMPOTENCY = "idempotency";
    BRANCHES = "branches";
    BRANCH = "branch";
    STAFF = "staff";
    STAFF_MEMBER = "staff_member";
    SERVICES = "services";
    SERVICE = "service";
    CLIENT = "client";
    CLIENTS_PAGE = "clients_page";
    CLIENTS_BY_DIGITS = "clients_by_digits";
    CLIENTS_BY_NAME = "clients_by_name";
    CLIENT_BY_PHONE = "client_by_phone";
    CLIENT_BY_EXTERNAL_ID = "client_by_external_id";
    APPOINTMENT = "appointment";
    APPOINTMENT_BY_EXTERNAL_ID = "appointment_by_external_id";
    APPOINTMENTS_BY_ID = "appointments_by_id";
    APPOINTMENTS_BETWEEN = "appointments_between";
    APPOINTMENTS_OF_CLIENT = "appointments_of_client";
    APPOINTMENTS_OF_VISIT = "appointments_of_visit";
    APPOINTMENT_EVENTS = "appointment_events";
    STAFF_DAY = "staff_day";
    MESSAGE = "message";
    MESSAGES_OF_CLIENT = "messages_of_client";
    MESSAGES_PAGE = "messages_page";
    PLANNED_MESSAGES_BETWEEN = "planned_messages_between";
    TASKS = "tasks";
    TASK = "task";
    VISIT_LINK = "visit_link";
    LINK_OF_VISIT = "link_of_visit";
    SENDERS = "senders";
    SENDER = "sender";
    PHONE_LINK = "phone_link";
    PHONE_LINKS = "phone_links";
    PHONE_LINK_BY_LINK_TOKEN = "phone_link_by_link_token";
    PHONE_LINK_BY_DEVICE_TOKEN = "phone_link_by_device_token";
    PACE_STATE = "pace_state";
    LINK_CODE = "link_code";
    DELIVERY = "delivery";
    DELIVERIES_OF_MESSAGE = "deliveries_of_message";
    DELIVERIES_OF_MESSAGES = "deliveries_of_messages";
    DAILY_TOTALS = "daily_totals";
    DELIVERIES_IN_FLIGHT = "deliveries_in_flight";
    DELIVERIES_PAST_DEADLINE = "deliveries_past_deadline";
    BUCKETS_WITH_DUE = "buckets_with_due";
    DUE_MESSAGES = "due_messages";
    LANE = "lane";
    MESSAGES_WITHOUT_SENDER = "messages_without_sender";
    MESSAGES_PAST_SEND_BEFORE = "messages_past_send_before";
    INCOMING_MESSAGES = "incoming_messages";
    INCOMING_OF_CLIENT = "incoming_of_client";
    PHONE_LINK_BY_SENDER = "phone_link_by_sender";
    ORGANIZATIONS_TO_SWEEP = "organizations_to_sweep";
    SENDERS_IN_FLIGHT = "senders_in_flight";
    SENDERS_WITH_LANES = "senders_with_lanes";
    NEXT_DUE_MESSAGE = "next_due_message";
    NEXT_DEADLINE = "next_deadline";
    NEXT_SEND_BEFORE = "next_send_before";
    SETTINGS_IN_FORCE = "settings_in_force";
    LATEST_MOMENT = "latest_moment";
    TEMPLATES_IN_FORCE = "templates_in_force";
    INSTANCE = "instance";
    NODE = "node";
    NODES_ALIVE = "nodes_alive";
    SENDER_LEASE = "sender_lease";
    ORGANIZATIONS_WITH_STRANDED = "organizations_with_stranded";
    PUSHED_SENDERS_WITH_WORK = "pushed_senders_with_work";
    DELIVERY_BY_CARRIER_ID = "delivery_by_carrier_id";
    PARKED_RECEIPTS = "parked_receipts";
    ORGANIZATIONS_OF_BUCKET = "organizations_of_bucket";
    STOPPED_NUMBER = "stopped_number";
    STOPPED_NUMBERS = "stopped_numbers";
    CLIENT_NUMBER = "client_number";
    CLIENTS_BY_PHONE = "clients_by_phone";
    APPOINTMENTS_OF_RECIPIENT = "appointments_of_recipient";
    JOURNAL_LINKS = "journal_links";
    JOURNAL_LINK = "journal_link";
    JOURNAL_LINKS_TO_POLL = "journal_links_to_poll";
    EXTERNAL_ID = "external_id";
    EXTERNAL_IDS = "external_ids";
    EFFECT = "effect";
    DUE_EFFECTS = "due_effects";
    OFFER_STAMP = "offer_stamp";
    STOPPED_OF_CLIENT = "stopped_of_client";
    APPOINTMENTS_OF_STAFF = "appointments_of_staff";
    APPOINTMENTS_BY_EXTERNAL_IDS = "appointments_by_external_ids";
    APPOINTMENTS_OF_CLIENTS = "appointments_of_clients";
    APPOINTMENTS_OF_STAFF_MEMBERS = "appointments_of_staff_members";
    CLIENTS_BY_EXTERNAL_IDS = "clients_by_external_ids";
    CLIENTS_BY_ID = "clients_by_id";
    LINKS_OF_VISITS = "links_of_visits";
    CLIENTS_BY_PHONES = "clients_by_phones";
    CLIENT_NUMBERS = "client_numbers";
    STAFF_DAYS = "staff_days";
    MESSAGES_OF_CLIENTS = "messages_of_clients";
    STOPPED_OF_CLIENTS = "stopped_of_clients";
}
