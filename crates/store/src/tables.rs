//! The tables and how the words of the domain are kept in them; one file per slice.

pub mod access;
pub mod appointments;
pub mod catalogue;
pub mod clients;
pub mod daily_totals;
pub mod deliveries;
pub mod effects;
pub mod idempotency;
pub mod journals;
pub mod messages;
pub mod nodes;
pub mod numbers;
pub mod organizations;
pub mod senders;
pub mod settings;
pub mod tasks;
pub mod templates;

use crate::table::Table;

pub(crate) static ALL: &[&Table] = &[
    &organizations::ORGANIZATIONS,
    &organizations::AUDIT,
    &access::USERS,
    &access::SESSIONS,
    &access::API_TOKENS,
    &settings::SETTINGS_VERSIONS,
    &idempotency::IDEMPOTENCY_KEYS,
    &catalogue::BRANCHES,
    &catalogue::STAFF,
    &catalogue::SERVICES,
    &clients::CLIENTS,
    &appointments::APPOINTMENTS,
    &appointments::APPOINTMENT_EVENTS,
    &appointments::STAFF_DAYS,
    &messages::MESSAGES,
    &templates::TEMPLATES,
    &senders::SENDERS,
    &senders::PHONE_LINKS,
    &senders::PACE_STATES,
    &senders::LINK_CODES,
    &deliveries::DELIVERIES,
    &deliveries::INCOMING_MESSAGES,
    &tasks::TASKS,
    &tasks::VISIT_LINKS,
    &nodes::INSTANCE,
    &nodes::NODES,
    &nodes::SENDER_LEASES,
    &nodes::PARKED_RECEIPTS,
    &numbers::STOPPED_NUMBERS,
    &numbers::CLIENT_NUMBERS,
    &journals::JOURNAL_LINKS,
    &journals::EXTERNAL_IDS,
    &effects::EFFECTS,
    &daily_totals::DAILY_TOTALS,
];
