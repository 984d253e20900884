//! A naive model of the whole product: it knows what was done through the use cases and what phones
//! put on the air, and nothing of how the product decides. It imports neither the planning nor the
//! lifecycle of tries; a test keeps it so.

mod answers;
mod booking;
mod carriers;
mod finally;
mod forecasts;
mod heard;
mod held;
mod imports;
mod journal;
mod jumps;
mod news;
mod pace;
mod prompt;
mod quiet;
mod reminders;
mod stops;
mod telling;
mod tries;

pub(super) use booking::{Booking, By, Change};
pub(super) use carriers::BytesLeft;
pub(super) use forecasts::{Forecast, ForecastKey};
pub(super) use heard::{Heard, Identified};
pub(super) use journal::{Outcome, Said};
pub(super) use tries::TryRow;

use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use vestnik_domain::client::ClientSwitches;
use vestnik_domain::ids::{
    AppointmentId, BranchId, ClientId, DeliveryId, MessageId, OrganizationId, SenderId, StaffId,
};
use vestnik_domain::local_time::Zone;
use vestnik_domain::sender::SenderSettings;
use vestnik_domain::settings::SettingsVersion;

/// A value as it was set over time; oldest first.
pub(super) type Over<T> = Vec<(Timestamp, T)>;

/// What may have held at `at`: what stood before it and everything set in that very instant.
pub(super) fn held_at<T>(over: &[(Timestamp, T)], at: Timestamp) -> impl Iterator<Item = &T> {
    let before = over.partition_point(|(set_at, _)| *set_at < at);
    let first = before.saturating_sub(1);
    over.iter().skip(first).take_while(move |(set_at, _)| *set_at <= at).map(|(_, value)| value)
}

#[derive(Debug, Clone)]
pub(super) struct KnownClient {
    pub(super) organization: OrganizationId,
    pub(super) number: String,
    pub(super) switches: Over<ClientSwitches>,
}

#[derive(Debug, Clone)]
pub(super) struct KnownSender {
    pub(super) zone: Zone,
    /// We call it; else it is a phone, which asks.
    pub(super) is_pushed: bool,
    pub(super) settings: Over<SenderSettings>,
}

/// What the model knows.
#[derive(Debug, Default, Clone)]
pub(super) struct Model {
    pub(super) bookings: BTreeMap<AppointmentId, Booking>,
    pub(super) clients: BTreeMap<ClientId, KnownClient>,
    pub(super) senders: BTreeMap<SenderId, KnownSender>,
    pub(super) zones: BTreeMap<BranchId, Zone>,
    pub(super) masters: BTreeMap<StaffId, String>,
    pub(super) settings: BTreeMap<OrganizationId, Over<SettingsVersion>>,
    /// Everything on the air, as it left.
    pub(super) heard: Vec<Heard>,
    told: BTreeMap<AppointmentId, Vec<telling::Tell>>,
    on_air: BTreeMap<DeliveryId, u32>,
    handed_over: BTreeSet<DeliveryId>,
    /// Tries of which the carrier said that it could not deliver them.
    undelivered: BTreeSet<DeliveryId>,
    /// What each number said: does it want nothing more?
    stops: BTreeMap<(OrganizationId, String), Over<bool>>,
    /// Tries of a time that the database does not know any more.
    lost: BTreeSet<DeliveryId>,
    /// Visits from a file, and whether reminders were asked for.
    imports: BTreeMap<AppointmentId, bool>,
    /// What people entered in an external journal.
    records: journal::Records,
    forecasts: BTreeMap<ForecastKey, Forecast>,
    held_since: Option<Timestamp>,
    let_go_at: Option<Timestamp>,
    tries: BTreeMap<DeliveryId, TryRow>,
    /// Tries that phones were given.
    pub(super) given: BTreeMap<DeliveryId, Identified>,
    messages_on_air: BTreeMap<MessageId, DeliveryId>,
    keys_on_air: BTreeMap<(OrganizationId, String, String, String), MessageId>,
    /// In this history phones may be silent, lose reports and be limited.
    phones_in_trouble: bool,
    /// Nodes die in the middle of what they do.
    nodes_die: bool,
    pub(super) checked_visits: u64,
    pub(super) checked_reminders: u64,
    pub(super) checked_in_time: u64,
    pub(super) checked_forecasts: u64,
    /// Since when, and until when, the nodes doubt their clock.
    clock_doubt: Option<(Timestamp, Timestamp)>,
    /// From where to where the clock jumped for good.
    jumps: Vec<jumps::Jump>,
    /// Bookings whose last word is not checked, with the reason.
    pub(super) excused: BTreeMap<AppointmentId, BTreeSet<&'static str>>,
}

impl Model {
    pub(super) fn new(phones_in_trouble: bool, nodes_die: bool) -> Model {
        Model { phones_in_trouble, nodes_die, ..Model::default() }
    }

    /// The clock steps at `since`; until `until` nobody knows whether it is right.
    pub(super) fn clock_is_in_doubt(&mut self, since: Timestamp, until: Timestamp) {
        self.clock_doubt = Some((since, until));
    }

    pub(super) fn excuse_all(&mut self, why: &'static str) {
        let all: Vec<AppointmentId> = self.bookings.keys().copied().collect();
        for id in all {
            self.excuse(id, why);
        }
    }

    pub(super) fn excuse(&mut self, id: AppointmentId, why: &'static str) {
        self.excused.entry(id).or_default().insert(why);
    }
}
