//! What the demo's phone should put on the air, told from the journal by PRODUCT's rules (section 2) as
//! they stand there, as plainly as can be, without a look at the product's own planning.
//!
//! The settings are the demo's: reminders a day and two hours before, changes settle for two minutes,
//! service messages from 08:00 to 22:00, late reminders left out, visits of one day in one reminder.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::collections::BTreeMap;

const SETTLE: SignedDuration = SignedDuration::from_mins(2);
const NEAR: SignedDuration = SignedDuration::from_mins(15);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) salon: String,
    pub(crate) address: String,
    pub(crate) zone: String,
    /// Local time of the branch, `2026-03-05T15:00`.
    pub(crate) start: String,
    pub(crate) master: String,
    pub(crate) services: Vec<String>,
}

/// What was done with a visit.
#[derive(Debug, Clone)]
pub(crate) enum Did {
    Imported(Facts),
    BookedByClient(Facts),
    BookedByStaff(Facts),
    Edited(Facts),
    /// «Не сообщать».
    EditedSilently(Facts),
    Cancelled,
    BroughtBack,
}

pub(crate) struct Visit {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) did: Vec<(Timestamp, Did)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sms {
    pub(crate) at: Timestamp,
    pub(crate) number: String,
    pub(crate) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lead {
    Day,
    TwoHours,
}

/// One visit's own reminder, before those of a day are put together.
struct Reminder<'a> {
    visit: &'a Visit,
    lead: Lead,
    at: Timestamp,
}

/// Everything due until `end`.
pub(crate) fn expected(visits: &[Visit], end: Timestamp) -> Vec<Sms> {
    let mut messages: Vec<Sms> = visits.iter().flat_map(notices).collect();
    messages.extend(reminders(visits));
    messages.retain(|sms| sms.at <= end);
    messages
}

impl Facts {
    fn local(&self) -> DateTime {
        self.start.parse().unwrap()
    }

    fn zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap()
    }

    fn begins(&self) -> Timestamp {
        self.local().to_zoned(self.zone()).unwrap().timestamp()
    }

    fn date(&self) -> String {
        self.local().strftime("%d.%m.%y").to_string()
    }

    fn time(&self) -> String {
        self.local().strftime("%H:%M").to_string()
    }
}

impl Visit {
    /// The latest facts, also of a cancelled one.
    pub(crate) fn facts(&self) -> &Facts {
        self.facts_at(Timestamp::MAX)
    }

    pub(crate) fn start(&self) -> Timestamp {
        self.facts().begins()
    }

    fn facts_at(&self, at: Timestamp) -> &Facts {
        let known = self.did.iter().filter(|(when, _)| *when <= at);
        known
            .rev()
            .find_map(|(_, did)| did.facts())
            .unwrap_or_else(|| self.did[0].1.facts().unwrap())
    }

    fn stands_at(&self, at: Timestamp) -> bool {
        let mut known = self.did.iter().filter(|(when, _)| *when <= at);
        known.next_back().is_some_and(|(_, did)| !matches!(did, Did::Cancelled))
    }

    /// When the start that holds at `at` was set.
    fn start_set_before(&self, at: Timestamp) -> Timestamp {
        let start = &self.facts_at(at).start;
        let mut set = self.did[0].0;
        let mut before = &self.did[0].1.facts().unwrap().start;
        for (when, did) in self.did.iter().filter(|(when, _)| *when <= at) {
            let Some(facts) = did.facts() else { continue };
            if facts.start != *before {
                set = *when;
                before = &facts.start;
            }
        }
        assert_eq!(before, start);
        set
    }
}

impl Did {
    fn facts(&self) -> Option<&Facts> {
        match self {
            Did::Imported(facts)
            | Did::BookedByClient(facts)
            | Did::BookedByStaff(facts)
            | Did::Edited(facts)
            | Did::EditedSilently(facts) => Some(facts),
            Did::Cancelled | Did::BroughtBack => None,
        }
    }

    /// Does it settle, to be told by the rules of N3, N4 and N6?
    fn settles(&self) -> bool {
        matches!(self, Did::BookedByStaff(_) | Did::Edited(_) | Did::Cancelled | Did::BroughtBack)
    }
}

/// N2, N3, N4 and N6 of one visit.
fn notices(visit: &Visit) -> Vec<Sms> {
    let mut messages = Vec::new();
    let mut say = |at: Timestamp, text: String| {
        messages.push(Sms { at, number: visit.number.clone(), text });
    };
    // What the client knows; an imported visit as it was imported (decided cases, N4).
    let mut known: Option<Facts> = None;
    let mut next = 0;
    while let Some((at, did)) = visit.did.get(next) {
        next += 1;
        match did {
            Did::Imported(facts) => known = Some(facts.clone()),
            // N2: at once, also in quiet hours.
            Did::BookedByClient(facts) => {
                say(
                    *at,
                    format!("Запись принята: {} в {}, {}", facts.date(), facts.time(), what(facts)),
                );
                known = Some(facts.clone());
            }
            Did::EditedSilently(_) => {}
            _ => {
                // N4: each edit restarts the time to settle, ten minutes at most in all.
                let mut last = *at;
                while let Some((later, did)) = visit.did.get(next)
                    && did.settles()
                    && *later <= (last + SETTLE).min(*at + SignedDuration::from_mins(10))
                {
                    last = *later;
                    next += 1;
                }
                let due = told_at(visit, *at, last, known.as_ref());
                // In quiet hours the client is told what holds when they end.
                while let Some((later, did)) = visit.did.get(next)
                    && did.settles()
                    && *later < due
                {
                    next += 1;
                }
                let now = visit.facts_at(due);
                let text = match (&known, visit.stands_at(due)) {
                    (None, true) => {
                        Some(format!("Вы записаны {} в {}: {}", now.date(), now.time(), what(now)))
                    }
                    (Some(known), true) => changed(known, now),
                    (Some(known), false) => Some(format!(
                        "Запись {} в {} ({}) отменена. {}",
                        known.date(),
                        known.time(),
                        known.services.join(", "),
                        known.salon
                    )),
                    (None, false) => None,
                };
                if let Some(text) = text {
                    say(due, text);
                    known = visit.stands_at(due).then(|| now.clone());
                }
            }
        }
    }
    messages
}

/// When a change made from `first` to `last` is told.
fn told_at(visit: &Visit, first: Timestamp, last: Timestamp, known: Option<&Facts>) -> Timestamp {
    let now = visit.facts_at(last);
    let begins = known.map_or(now.begins(), |known| known.begins().min(now.begins()));
    let tells_of_an_edit = known.is_some() && visit.stands_at(last);
    let settled = (last + SETTLE).min(first + SignedDuration::from_mins(10));
    let due = if !tells_of_an_edit && begins < last + SETTLE + NEAR {
        last
    } else {
        settled.min((begins - NEAR).max(last))
    };
    // N12: the next morning, unless the visit begins within an hour of it.
    let morning = next_morning(due, now);
    if is_quiet(due, now) && begins >= morning + HOUR { morning } else { due }
}

/// N4: what alone changed has words of its own.
fn changed(known: &Facts, now: &Facts) -> Option<String> {
    let moved = known.start != now.start;
    let master = known.master != now.master;
    let services = known.services != now.services;
    let (date, time) = (now.date(), now.time());
    match (moved, master, services) {
        (false, false, false) => None,
        (true, false, false) => Some(format!(
            "Ваша запись перенесена с {} {} на {date} в {time}: {}",
            known.date(),
            known.time(),
            what(now)
        )),
        (false, true, false) => Some(format!(
            "Замена мастера: {date} в {time} вас примет {} ({}). {}",
            now.master,
            now.services.join(", "),
            place(now)
        )),
        (false, false, true) => Some(format!(
            "В вашей записи {date} в {time} изменены услуги: {}. {}",
            now.services.join(", "),
            place(now)
        )),
        _ => Some(format!("Ваша запись изменена. Теперь: {date} {}. {}", entry(now), place(now))),
    }
}

/// N5, N12, N13 and N14.
fn reminders(visits: &[Visit]) -> Vec<Sms> {
    let mut by_day: BTreeMap<(String, String, Lead), Vec<Reminder<'_>>> = BTreeMap::new();
    for visit in visits {
        for lead in [Lead::Day, Lead::TwoHours] {
            // One for every start that the visit had.
            let mut ats: Vec<Timestamp> =
                visit.did.iter().filter_map(|(set, _)| reminded_at(visit, *set, lead)).collect();
            ats.sort();
            ats.dedup();
            for at in ats {
                let day = visit.facts_at(at).start[..10].to_owned();
                let of_day = by_day.entry((visit.number.clone(), day, lead)).or_default();
                of_day.push(Reminder { visit, lead, at });
            }
        }
    }
    by_day
        .into_iter()
        .map(|((number, day, _), of_day)| of_day_sms(visits, number, &day, &of_day))
        .collect()
}

/// When the start that holds from `set` on is reminded of; `None` if it was too late when it was set,
/// or it no longer holds by then.
fn reminded_at(visit: &Visit, set: Timestamp, lead: Lead) -> Option<Timestamp> {
    let facts = visit.facts_at(set);
    let begins = facts.begins();
    let due = match lead {
        Lead::Day => {
            facts.local().checked_sub(1.day()).unwrap().to_zoned(facts.zone()).unwrap().timestamp()
        }
        Lead::TwoHours => begins - SignedDuration::from_hours(2),
    };
    let start_set = visit.start_set_before(set);
    if due < start_set {
        return None;
    }
    let at = if !is_quiet(due, facts) {
        due
    } else {
        // N12: the evening before, else the morning if that is an hour before the visit.
        let evening = last_evening(due, facts);
        let morning = next_morning(due, facts);
        if evening >= start_set {
            evening
        } else if morning + HOUR <= begins {
            morning
        } else {
            return None;
        }
    };
    let holds = at >= set && visit.stands_at(at) && visit.facts_at(at).start == facts.start;
    holds.then_some(at)
}

/// N14: the visits of a client's day in one reminder, by the lead of the first that can be reminded of.
fn of_day_sms(visits: &[Visit], number: String, day: &str, of_day: &[Reminder<'_>]) -> Sms {
    let first =
        of_day.iter().min_by_key(|one| (one.visit.facts_at(one.at).begins(), one.at)).unwrap();
    let at = first.at;
    let mut listed: Vec<&Facts> = visits
        .iter()
        .filter(|visit| visit.number == number && visit.did[0].0 <= at && visit.stands_at(at))
        .map(|visit| visit.facts_at(at))
        .filter(|facts| facts.start[..10] == *day && facts.begins() > at)
        .collect();
    listed.sort_by_key(|facts| facts.begins());
    let facts = listed[0];
    let text = match (listed.len(), first.lead) {
        (1, Lead::Day) => format!(
            "Напоминаем о записи {} в {}: {}. Изменить: LINK",
            facts.date(),
            facts.time(),
            what(facts)
        ),
        (1, Lead::TwoHours) => {
            format!("Ждём вас {} в {}: {}", facts.date(), facts.time(), what(facts))
        }
        _ => {
            let entries: Vec<String> = listed.iter().map(|facts| entry(facts)).collect();
            format!(
                "Напоминаем о записях: {} {}. {}",
                facts.date(),
                entries.join(", "),
                place(facts)
            )
        }
    };
    Sms { at, number, text }
}

/// «Стрижка, мастер Ольга. Стиль де Виль, Тверская, 12».
fn what(facts: &Facts) -> String {
    format!("{}, мастер {}. {}", facts.services.join(", "), facts.master, place(facts))
}

fn place(facts: &Facts) -> String {
    format!("{}, {}", facts.salon, facts.address)
}

/// «в 15:00 Стрижка + Укладка (Ольга)».
fn entry(facts: &Facts) -> String {
    format!("в {} {} ({})", facts.time(), facts.services.join(" + "), facts.master)
}

/// Closed at both ends: 08:00:00 and 22:00:00 may send.
fn is_quiet(at: Timestamp, facts: &Facts) -> bool {
    let local = at.to_zoned(facts.zone()).datetime();
    let second = i64::from(local.hour()) * 3_600
        + i64::from(local.minute()) * 60
        + i64::from(local.second());
    !(8 * 3_600..=22 * 3_600).contains(&second)
}

fn next_morning(at: Timestamp, facts: &Facts) -> Timestamp {
    let local = at.to_zoned(facts.zone()).datetime();
    let day = if local.hour() < 8 { local.date() } else { local.date().tomorrow().unwrap() };
    day.at(8, 0, 0, 0).to_zoned(facts.zone()).unwrap().timestamp()
}

fn last_evening(at: Timestamp, facts: &Facts) -> Timestamp {
    let local = at.to_zoned(facts.zone()).datetime();
    let day = if local.hour() < 22 { local.date().yesterday().unwrap() } else { local.date() };
    day.at(22, 0, 0, 0).to_zoned(facts.zone()).unwrap().timestamp()
}
