//! Who comes when: the masters' free time, and the visits that the salon has at first. Pure, in the
//! wall time of each master's branch.

use super::offer::{MASTERS, SERVICES, length_min};
use super::people::Person;
use crate::chance::Chance;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use std::collections::BTreeMap;
use vestnik_domain::appointment::Status;
use vestnik_domain::schedule::{Hours, Schedule};

/// Visits begin on the half hour.
const GRID_MIN: i64 = 30;
const DAY_MIN: i64 = 24 * 60;
/// Three weeks behind and three ahead.
const DAYS: i64 = 21;
/// Nobody comes again sooner, but for a second visit on the same day.
const DAYS_BETWEEN: i64 = 3;
/// How often somebody is looked for who has not been here lately.
const TRIES: usize = 25;

/// The masters' time: shifts and breaks, and what is taken of it.
pub(super) struct Calendar {
    schedules: Vec<Schedule>,
    /// By master and day.
    taken: BTreeMap<(usize, Date), Vec<Taken>>,
}

/// A stretch of a day, in minutes since midnight.
struct Taken {
    /// By whom.
    id: i64,
    from: i64,
    to: i64,
}

impl Calendar {
    pub(super) fn new(schedules: Vec<Schedule>) -> Calendar {
        Calendar { schedules, taken: BTreeMap::new() }
    }

    /// `id` takes `minutes` of the master's time, the pause after it included.
    pub(super) fn take(&mut self, master: usize, id: i64, start: DateTime, minutes: i64) {
        let from = minute_of_day(start.time());
        self.taken.entry((master, start.date())).or_default().push(Taken {
            id,
            from,
            to: from + minutes,
        });
    }

    pub(super) fn give_back(&mut self, master: usize, id: i64) {
        let of_master = self.taken.range_mut((master, Date::MIN)..=(master, Date::MAX));
        of_master.for_each(|(_, taken)| taken.retain(|one| one.id != id));
    }

    /// Can the master take `duration_min` with a pause of `buffer_min` from `start` on? What `own`
    /// takes itself does not count.
    pub(super) fn is_free(
        &self,
        master: usize,
        own: i64,
        start: DateTime,
        (duration_min, buffer_min): (i64, i64),
    ) -> bool {
        let from = minute_of_day(start.time());
        let to = from + duration_min;
        let Some(schedule) = self.schedules.get(master) else { return false };
        let Some(end) = time_at(to) else { return false };
        let works = schedule.allows(start.date(), Hours { from: start.time(), to: end });
        let others = self.taken.get(&(master, start.date()));
        works
            && others
                .into_iter()
                .flatten()
                .all(|one| one.id == own || to + buffer_min <= one.from || one.to <= from)
    }

    /// The starts of one day, on the grid, that [`Calendar::is_free`] allows.
    pub(super) fn free_starts(
        &self,
        master: usize,
        own: i64,
        date: Date,
        length: (i64, i64),
    ) -> Vec<DateTime> {
        (0..DAY_MIN / GRID_MIN)
            .filter_map(|step| Some(date.to_datetime(time_at(step * GRID_MIN)?)))
            .filter(|start| self.is_free(master, own, *start, length))
            .collect()
    }
}

/// Minutes since midnight.
fn minute_of_day(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

/// The time that many minutes after midnight, within the day.
fn time_at(minute: i64) -> Option<Time> {
    Time::new(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0).ok()
}

/// A visit that the salon has at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FirstVisit {
    pub client: usize,
    /// Place in [`MASTERS`].
    pub master: usize,
    /// Places in [`SERVICES`].
    pub services: &'static [usize],
    pub start: DateTime,
    pub status: Status,
}

impl FirstVisit {
    fn ends(&self) -> DateTime {
        self.start.saturating_add(length_min(self.services).0.minutes())
    }
}

/// The visits of six weeks around `now`, the wall time of each branch.
pub(super) fn first_visits(
    chance: &mut Chance,
    clients: &[Person],
    now: &[DateTime],
) -> Vec<FirstVisit> {
    let mut calendar = Calendar::new(MASTERS.iter().map(|master| master.schedule()).collect());
    let mut visits: Vec<FirstVisit> = Vec::new();
    for days in -DAYS..=DAYS {
        for (place, master) in MASTERS.iter().enumerate() {
            let Some(now) = now.get(master.branch) else { continue };
            let date = now.date().saturating_add(days.days());
            // The nearer, the fuller; what is past was full.
            let percent = u8::try_from(62 - days.max(0) * 2).unwrap_or(20);
            let mut minute = i64::from(master.shift.0) * 60;
            while let Some(time) = time_at(minute) {
                let start = date.to_datetime(time);
                let services = usual_of(chance, master.menu);
                let (duration_min, buffer_min) = length_min(services);
                let comes = chance.percent(percent);
                let free = calendar.is_free(place, 0, start, (duration_min, buffer_min));
                let client = if comes && free {
                    somebody(chance, clients, &visits, place, services, start)
                } else {
                    None
                };
                let Some(client) = client else {
                    minute += if free { 2 * GRID_MIN } else { GRID_MIN };
                    continue;
                };
                calendar.take(place, 1, start, duration_min + buffer_min);
                let mut visit =
                    FirstVisit { client, master: place, services, start, status: Status::Waiting };
                visit.status = status(chance, &visit, *now);
                visits.push(visit);
                minute += (duration_min + buffer_min + GRID_MIN - 1) / GRID_MIN * GRID_MIN;
            }
        }
    }
    visits
}

/// The first of a menu is asked for more often than the last.
fn usual_of(chance: &mut Chance, menu: &'static [&'static [usize]]) -> &'static [usize] {
    let last = menu.len().saturating_sub(1) as u64;
    let place = chance.between(&(0..=last)).min(chance.between(&(0..=last)));
    usize::try_from(place).ok().and_then(|place| menu.get(place)).copied().unwrap_or_default()
}

/// A client for a visit; now and then one who is here on that day anyway.
fn somebody(
    chance: &mut Chance,
    clients: &[Person],
    visits: &[FirstVisit],
    master: usize,
    services: &[usize],
    start: DateTime,
) -> Option<usize> {
    let end = start.saturating_add(length_min(services).0.minutes());
    let same_day = |visit: &&FirstVisit| {
        visit.start.date() == start.date()
            && MASTERS[visit.master].branch == MASTERS[master].branch
            && visit.master != master
            && (visit.ends() <= start || end <= visit.start)
            && suits(clients, visit.client, services)
    };
    let today: Vec<usize> = visits.iter().filter(same_day).map(|visit| visit.client).collect();
    let once_today = |client: &&usize| {
        let of_client = visits.iter().filter(|visit| visit.client == **client);
        of_client.filter(|visit| visit.start.date() == start.date()).count() == 1
    };
    let once_today: Vec<usize> = today.iter().filter(once_today).copied().collect();
    if chance.percent(7)
        && let Some(client) = chance.one_of(&once_today)
    {
        return Some(*client);
    }
    let was_here = |client: usize| {
        visits.iter().any(|visit| {
            let days = (visit.start.date() - start.date()).get_days();
            visit.client == client && i64::from(days.abs()) < DAYS_BETWEEN
        })
    };
    let last = clients.len().checked_sub(1)? as u64;
    (0..TRIES)
        .filter_map(|_| usize::try_from(chance.between(&(0..=last))).ok())
        .find(|client| suits(clients, *client, services) && !was_here(*client))
}

fn suits(clients: &[Person], client: usize, services: &[usize]) -> bool {
    let titles = services.iter().filter_map(|place| SERVICES.get(*place));
    let mut titles = titles.map(|service| service.title);
    clients.get(client).is_some_and(|person| titles.all(|title| asks_for(person.is_man, title)))
}

/// Is a man or a woman likely to ask for this?
pub(super) fn asks_for(is_man: bool, title: &str) -> bool {
    let for_men = title.starts_with("Мужская") || title.contains("бород");
    is_for_children(title) || is_man == for_men
}

pub(super) fn is_for_children(title: &str) -> bool {
    title.starts_with("Детская")
}

fn status(chance: &mut Chance, visit: &FirstVisit, now: DateTime) -> Status {
    let drawn = chance.between(&(1..=100));
    if visit.start > now {
        return match drawn {
            1..=4 => Status::Cancelled,
            5..=15 => Status::Confirmed,
            _ => Status::Waiting,
        };
    }
    match drawn {
        1..=8 => Status::Cancelled,
        9..=13 if visit.ends() <= now => Status::NoShow,
        _ => Status::Arrived,
    }
}

/// The visits as a file that any salon could have exported from its journal.
pub(super) fn as_file(visits: &[FirstVisit], clients: &[Person], branches: &[&str]) -> String {
    let mut file = "ID;Начало;Длительность;Клиент;Телефон;Услуги;Мастер;Филиал;Статус\n".to_owned();
    for (index, visit) in visits.iter().enumerate() {
        let (Some(client), Some(master)) = (clients.get(visit.client), MASTERS.get(visit.master))
        else {
            continue;
        };
        let services: Vec<&str> = visit
            .services
            .iter()
            .filter_map(|place| SERVICES.get(*place))
            .map(|service| service.title)
            .collect();
        file.push_str(&format!(
            "demo-visit-{};{};{};{};{};{};{};{};{}\n",
            index + 1,
            visit.start.strftime("%d.%m.%Y %H:%M"),
            length_min(visit.services).0,
            client.name,
            client.phone,
            services.join(" + "),
            master.name,
            branches.get(master.branch).copied().unwrap_or_default(),
            match visit.status {
                Status::Waiting => "ожидает",
                Status::Confirmed => "подтвердил",
                Status::Arrived => "пришёл",
                Status::NoShow => "не пришёл",
                Status::Cancelled => "отменена",
            }
        ));
    }
    file
}
