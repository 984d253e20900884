//! A town of salons: each with a branch, masters, a service and clients, notifications switched on.

use jiff::Timestamp;
use jiff::civil::{DateTime, time};
use vestnik_app::{App, Caller};
use vestnik_domain::access::{Actor, Role};
use vestnik_domain::client::Client;
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::sender::{Channel, Sender, SenderSettings};
use vestnik_domain::staff::StaffMember;
use vestnik_store::ChangeSet;
use vestnik_testkit::Salon;

pub(crate) const SALONS: usize = 100;
pub(crate) const STAFF: usize = 4;
pub(crate) const CLIENTS: usize = 50;
/// Visits of an hour, with their buffers, in one master's day.
pub(crate) const VISITS_A_DAY: usize = 8;
const MINUTES_BETWEEN_VISITS: i64 = 75;
/// The first day that is booked, counted from today: every reminder lies ahead.
const FIRST_DAY: usize = 3;

/// One salon with all that it offers.
pub(crate) struct BenchSalon {
    pub(crate) salon: Salon,
    pub(crate) staff: Vec<StaffMember>,
    pub(crate) clients: Vec<Client>,
    now: Timestamp,
}

impl BenchSalon {
    pub(crate) fn new(seed: usize, now: Timestamp) -> BenchSalon {
        let mut salon = Salon::new(u32::try_from(seed).unwrap(), now);
        let staff = (0..STAFF)
            .map(|number| StaffMember {
                id: vestnik_domain::ids::StaffId(salon.next_id()),
                name: format!("Мария {number}"),
                ..salon.staff.clone()
            })
            .collect();
        let clients =
            (0..CLIENTS).map(|number| salon.another_client(&format!("Алёна {number}"))).collect();
        BenchSalon { salon, staff, clients, now }
    }

    pub(crate) fn set_up(&self) -> ChangeSet {
        let mut change_set = self.salon.set_up();
        for member in &self.staff {
            change_set.insert(member);
        }
        for client in &self.clients {
            change_set.insert(client);
        }
        change_set
    }

    /// Its owner, signed in.
    pub(crate) fn owner(&self) -> Caller {
        Caller {
            organization_id: self.salon.id(),
            role: Role::Owner,
            actor: Actor::User { user_id: self.salon.owner.id },
        }
    }

    /// The start, by the salon's own clock, of the visit with that number: the masters' days fill one
    /// after another, and no two visits overlap.
    pub(crate) fn start(&self, visit: usize) -> DateTime {
        let turn = visit / STAFF;
        let zone = self.salon.branch.zone.time_zone().clone();
        let today = self.now.to_zoned(zone).date();
        let days = i64::try_from(FIRST_DAY + turn / VISITS_A_DAY).unwrap();
        let minutes = i64::try_from(turn % VISITS_A_DAY).unwrap() * MINUTES_BETWEEN_VISITS;
        let day = today.checked_add(jiff::Span::new().days(days)).unwrap();
        day.to_datetime(time(10, 0, 0, 0)).checked_add(jiff::Span::new().minutes(minutes)).unwrap()
    }

    /// Whose the visit with that number is, and who performs it.
    pub(crate) fn client(&self, visit: usize) -> &Client {
        &self.clients[visit % CLIENTS]
    }

    pub(crate) fn master(&self, visit: usize) -> &StaffMember {
        &self.staff[visit % STAFF]
    }
}

/// Leaves only one kind of message switched on.
pub(crate) fn only_kind(salon: &mut Salon, kept: NotificationKind) {
    for (kind, is_on) in &mut salon.settings.settings.kinds {
        *is_on = *kind == kept;
    }
}

/// A sender over the channel `log`.
pub(crate) fn log_sender(salon: &mut Salon, settings: SenderSettings) -> Sender {
    Sender { channel: Channel::Log, settings, ..salon.sender() }
}

/// Nothing holds it up.
pub(crate) fn without_pace() -> SenderSettings {
    SenderSettings { pace_s: 0, ..SenderSettings::default() }
}

/// Opens every salon of the town.
pub(crate) async fn open_town(app: &App) -> Vec<BenchSalon> {
    let now = app.now();
    let town: Vec<BenchSalon> = (0..SALONS).map(|seed| BenchSalon::new(seed, now)).collect();
    for salon in &town {
        app.store.commit(salon.set_up()).await.unwrap();
    }
    town
}
