//! Working time: weekly hours of a branch, shifts, breaks and days off of staff.
//!
//! All of it is local wall time of the branch; only the visit itself is an instant.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One stretch of a day, `from` inclusive, `to` exclusive; `to` at 00:00 means the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    #[serde(with = "hour_minute")]
    pub from: Time,
    #[serde(with = "hour_minute")]
    pub to: Time,
}

/// Why hours are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    #[error("`from` must be before `to` (`to` may be 00:00 for the end of the day)")]
    EndsBeforeItBegins,
    #[error("stretches of one day overlap")]
    Overlap,
    #[error("a break lies outside the shift")]
    BreakOutsideShift,
}

impl Hours {
    /// Seconds from midnight of the two edges.
    pub fn seconds(self) -> (i32, i32) {
        let second = |time: Time| {
            i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second())
        };
        let to = second(self.to);
        (second(self.from), if to == 0 { 86_400 } else { to })
    }

    pub fn check(self) -> Result<(), HoursError> {
        let (from, to) = self.seconds();
        if from < to { Ok(()) } else { Err(HoursError::EndsBeforeItBegins) }
    }

    pub fn contains(self, other: Hours) -> bool {
        self.seconds().0 <= other.seconds().0 && other.seconds().1 <= self.seconds().1
    }
}

/// The hours of an ordinary week, Monday first; an empty day is closed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WeekHours {
    pub monday: Vec<Hours>,
    pub tuesday: Vec<Hours>,
    pub wednesday: Vec<Hours>,
    pub thursday: Vec<Hours>,
    pub friday: Vec<Hours>,
    pub saturday: Vec<Hours>,
    pub sunday: Vec<Hours>,
}

impl WeekHours {
    /// The same hours on every day.
    pub fn every_day(hours: Hours) -> WeekHours {
        let day = vec![hours];
        WeekHours {
            monday: day.clone(),
            tuesday: day.clone(),
            wednesday: day.clone(),
            thursday: day.clone(),
            friday: day.clone(),
            saturday: day.clone(),
            sunday: day,
        }
    }

    pub fn days(&self) -> [&Vec<Hours>; 7] {
        [
            &self.monday,
            &self.tuesday,
            &self.wednesday,
            &self.thursday,
            &self.friday,
            &self.saturday,
            &self.sunday,
        ]
    }

    pub fn on(&self, date: Date) -> &[Hours] {
        let weekday = date.weekday().to_monday_zero_offset();
        self.days()[usize::from(weekday.unsigned_abs())]
    }

    pub fn check(&self) -> Result<(), HoursError> {
        self.days().into_iter().try_for_each(|day| check_day(day))
    }
}

/// What a staff member does on one date that differs from the ordinary week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum DayPlan {
    DayOff,
    Shift {
        shifts: Vec<Hours>,
        #[serde(default)]
        breaks: Vec<Hours>,
    },
}

/// The schedule of a staff member: an ordinary week with its breaks, and dates that differ.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Schedule {
    pub shifts: WeekHours,
    #[serde(default)]
    pub breaks: WeekHours,
    #[serde(default)]
    pub days: BTreeMap<Date, DayPlan>,
}

impl Schedule {
    /// Shifts and breaks of one date.
    pub fn on(&self, date: Date) -> (&[Hours], &[Hours]) {
        match self.days.get(&date) {
            Some(DayPlan::DayOff) => (&[], &[]),
            Some(DayPlan::Shift { shifts, breaks }) => (shifts, breaks),
            None => (self.shifts.on(date), self.breaks.on(date)),
        }
    }

    /// Is `wanted` inside a shift of `date` and clear of its breaks?
    pub fn allows(&self, date: Date, wanted: Hours) -> bool {
        let (shifts, breaks) = self.on(date);
        let (from, to) = wanted.seconds();
        shifts.iter().any(|shift| shift.contains(wanted))
            && breaks.iter().all(|pause| pause.seconds().1 <= from || to <= pause.seconds().0)
    }

    pub fn check(&self) -> Result<(), HoursError> {
        self.shifts.check()?;
        for (shifts, breaks) in self.shifts.days().into_iter().zip(self.breaks.days()) {
            check_breaks(shifts, breaks)?;
        }
        for day in self.days.values() {
            if let DayPlan::Shift { shifts, breaks } = day {
                check_day(shifts)?;
                check_breaks(shifts, breaks)?;
            }
        }
        Ok(())
    }
}

fn check_day(day: &[Hours]) -> Result<(), HoursError> {
    let mut edges = Vec::with_capacity(day.len());
    for hours in day {
        hours.check()?;
        edges.push(hours.seconds());
    }
    edges.sort_unstable();
    let apart = edges.windows(2).all(|pair| pair[0].1 <= pair[1].0);
    if apart { Ok(()) } else { Err(HoursError::Overlap) }
}

fn check_breaks(shifts: &[Hours], breaks: &[Hours]) -> Result<(), HoursError> {
    check_day(breaks)?;
    let inside = breaks.iter().all(|pause| shifts.iter().any(|shift| shift.contains(*pause)));
    if inside { Ok(()) } else { Err(HoursError::BreakOutsideShift) }
}

/// `HH:MM` on the outside, as people write it.
pub mod hour_minute {
    use jiff::civil::Time;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes `09:30`.
    pub fn serialize<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:02}:{:02}", time.hour(), time.minute()))
    }

    /// Reads `09:30` or `9:30`.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("`{text}` is no time of day; write HH:MM, like 09:30"))
        })
    }

    /// `None` unless the text is `H:MM` or `HH:MM` within a day.
    pub fn parse(text: &str) -> Option<Time> {
        let (hour, minute) = text.split_once(':')?;
        let digits = |part: &str, most: usize| {
            (!part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<i8>().ok())
                .flatten()
        };
        if minute.len() != 2 {
            return None;
        }
        Time::new(digits(hour, 2)?, digits(minute, 2)?, 0, 0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn hours(from: &str, to: &str) -> Hours {
        Hours { from: hour_minute::parse(from).unwrap(), to: hour_minute::parse(to).unwrap() }
    }

    #[test]
    fn a_break_cuts_the_shift() {
        let mut schedule = Schedule {
            shifts: WeekHours::every_day(hours("09:00", "18:00")),
            breaks: WeekHours::every_day(hours("13:00", "14:00")),
            days: BTreeMap::new(),
        };
        let monday = date(2026, 3, 2);
        assert!(schedule.allows(monday, hours("12:00", "13:00")));
        assert!(!schedule.allows(monday, hours("12:30", "13:30")));
        assert!(!schedule.allows(monday, hours("17:30", "18:30")));
        schedule.days.insert(monday, DayPlan::DayOff);
        assert!(!schedule.allows(monday, hours("10:00", "11:00")));
        schedule.days.insert(
            monday,
            DayPlan::Shift { shifts: vec![hours("18:00", "00:00")], breaks: vec![] },
        );
        assert!(schedule.allows(monday, hours("23:00", "00:00")));
    }

    #[test]
    fn wrong_hours_are_named() {
        let table = [
            (vec![hours("10:00", "09:00")], HoursError::EndsBeforeItBegins),
            (vec![hours("09:00", "12:00"), hours("11:00", "13:00")], HoursError::Overlap),
        ];
        for (day, error) in table {
            let week = WeekHours { friday: day, ..WeekHours::default() };
            assert_eq!(week.check(), Err(error));
        }
        let schedule = Schedule {
            shifts: WeekHours::every_day(hours("09:00", "18:00")),
            breaks: WeekHours::every_day(hours("08:00", "09:30")),
            days: BTreeMap::new(),
        };
        assert_eq!(schedule.check(), Err(HoursError::BreakOutsideShift));
    }

    #[test]
    fn hours_are_written_as_people_write_them() {
        let text = serde_json::to_string(&hours("09:05", "00:00")).unwrap();
        assert_eq!(text, r#"{"from":"09:05","to":"00:00"}"#);
        assert!(serde_json::from_str::<Hours>(r#"{"from":"25:00","to":"26:00"}"#).is_err());
    }
}
