//! What the salon is: two branches, six masters, a price list. The masters' hours are such that both
//! branches are open on every day and nobody works on all of them.

use jiff::civil::{Time, Weekday};
use std::collections::BTreeMap;
use vestnik_domain::schedule::{Hours, Schedule, WeekHours};

pub(super) struct BranchOffer {
    pub name: &'static str,
    pub commercial_name: &'static str,
    pub address: &'static str,
    pub zone: &'static str,
    pub open: (i8, i8),
}

/// One hour apart, so that quiet hours and due times are seen to follow the branch.
pub(super) const BRANCHES: [BranchOffer; 2] = [
    BranchOffer {
        name: "На Тверской",
        commercial_name: "Стиль де Виль",
        address: "Москва, Тверская, 12",
        zone: "Europe/Moscow",
        open: (9, 21),
    },
    BranchOffer {
        name: "В Самаре",
        commercial_name: "Стиль де Виль на Волге",
        address: "Самара, Куйбышева, 88",
        zone: "Europe/Samara",
        open: (10, 20),
    },
];

pub(super) struct ServiceOffer {
    pub title: &'static str,
    pub duration_min: i64,
    pub buffer_min: i64,
    pub price_rub: i64,
}

const fn service(
    title: &'static str,
    duration_min: i64,
    buffer_min: i64,
    price_rub: i64,
) -> ServiceOffer {
    ServiceOffer { title, duration_min, buffer_min, price_rub }
}

pub(super) const SERVICES: [ServiceOffer; 12] = [
    service("Женская стрижка", 60, 0, 2_500),
    service("Укладка", 30, 0, 1_500),
    service("Окрашивание в один тон", 120, 15, 5_500),
    service("Сложное окрашивание", 180, 15, 9_800),
    service("Уход для волос", 60, 0, 3_200),
    service("Мужская стрижка", 60, 0, 1_800),
    service("Моделирование бороды", 30, 0, 1_200),
    service("Детская стрижка", 30, 0, 1_000),
    service("Маникюр с покрытием", 90, 10, 2_200),
    service("Педикюр", 90, 10, 2_800),
    service("Снятие покрытия", 30, 0, 500),
    service("Оформление бровей", 30, 0, 1_200),
];

pub(super) struct MasterOffer {
    /// Place in [`BRANCHES`].
    pub branch: usize,
    pub name: &'static str,
    pub position: &'static str,
    /// What clients come for: places in [`SERVICES`] of what is done in one go, the usual first.
    pub menu: &'static [&'static [usize]],
    pub shift: (i8, i8),
    /// The hour of the break.
    pub break_at: i8,
    pub days_off: &'static [Weekday],
}

pub(super) const MASTERS: [MasterOffer; 6] = [
    MasterOffer {
        branch: 0,
        name: "Ольга",
        position: "парикмахер-стилист",
        menu: &[&[0], &[0, 1], &[2], &[1], &[4], &[7]],
        shift: (10, 20),
        break_at: 14,
        days_off: &[Weekday::Sunday, Weekday::Monday],
    },
    MasterOffer {
        branch: 0,
        name: "Марина",
        position: "колорист",
        menu: &[&[2], &[3], &[2, 1], &[4], &[0]],
        shift: (9, 19),
        break_at: 13,
        days_off: &[Weekday::Wednesday, Weekday::Thursday],
    },
    MasterOffer {
        branch: 0,
        name: "Алексей",
        position: "барбер",
        menu: &[&[5], &[5, 6], &[7], &[6]],
        shift: (11, 21),
        break_at: 15,
        days_off: &[Weekday::Tuesday],
    },
    MasterOffer {
        branch: 0,
        name: "Ирина",
        position: "мастер маникюра",
        menu: &[&[8], &[9], &[10, 8], &[11]],
        shift: (9, 18),
        break_at: 13,
        days_off: &[Weekday::Saturday],
    },
    MasterOffer {
        branch: 1,
        name: "Светлана",
        position: "парикмахер",
        menu: &[&[0], &[5], &[7], &[0, 1], &[2]],
        shift: (10, 20),
        break_at: 14,
        days_off: &[Weekday::Monday, Weekday::Friday],
    },
    MasterOffer {
        branch: 1,
        name: "Юлия",
        position: "мастер маникюра и бровист",
        menu: &[&[8], &[11], &[8, 11], &[9]],
        shift: (10, 19),
        break_at: 15,
        days_off: &[Weekday::Wednesday],
    },
];

impl MasterOffer {
    /// Every service of the menu once.
    pub(super) fn services(&self) -> Vec<usize> {
        let mut services: Vec<usize> = self.menu.iter().copied().flatten().copied().collect();
        services.sort_unstable();
        services.dedup();
        services
    }

    pub(super) fn schedule(&self) -> Schedule {
        let week = |hours: Hours| self.without_days_off(WeekHours::every_day(hours));
        Schedule {
            shifts: week(hours(self.shift)),
            breaks: week(hours((self.break_at, self.break_at + 1))),
            days: BTreeMap::new(),
        }
    }

    fn without_days_off(&self, mut week: WeekHours) -> WeekHours {
        for day in self.days_off {
            match day {
                Weekday::Monday => week.monday.clear(),
                Weekday::Tuesday => week.tuesday.clear(),
                Weekday::Wednesday => week.wednesday.clear(),
                Weekday::Thursday => week.thursday.clear(),
                Weekday::Friday => week.friday.clear(),
                Weekday::Saturday => week.saturday.clear(),
                Weekday::Sunday => week.sunday.clear(),
            }
        }
        week
    }
}

/// From one full hour to another of the same day.
pub(super) fn hours((from, to): (i8, i8)) -> Hours {
    Hours { from: Time::constant(from, 0, 0, 0), to: Time::constant(to, 0, 0, 0) }
}

/// How long services take together, and the pause after the last.
pub(super) fn length_min(services: &[usize]) -> (i64, i64) {
    let found = || services.iter().filter_map(|place| SERVICES.get(*place));
    let duration_min = found().map(|service| service.duration_min).sum();
    (duration_min, found().next_back().map_or(0, |service| service.buffer_min))
}
