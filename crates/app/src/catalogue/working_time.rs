//! Hours and schedules that are refused, in words that name the day.

use crate::error::Fields;
use vestnik_domain::schedule::{DayPlan, Hours, HoursError, Schedule, WeekHours};

/// As the API names them, Monday first.
const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Nobody's day has more stretches; more is a slip of a program.
const STRETCHES_MOST: usize = 12;
/// Dates that differ from the ordinary week: three years of them.
const DATES_MOST: usize = 1100;

/// The hours of a branch that names none.
pub(super) fn standard_hours() -> WeekHours {
    let time = |hour: i8| jiff::civil::Time::constant(hour, 0, 0, 0);
    WeekHours::every_day(Hours { from: time(9), to: time(21) })
}

/// Notes every weekday whose hours are wrong: `working_hours.friday`.
pub(super) fn check_hours(fields: &mut Fields, field: &str, hours: &WeekHours) {
    for (weekday, day) in WEEKDAYS.into_iter().zip(hours.days()) {
        check_shifts(fields, &format!("{field}.{weekday}"), day);
    }
}

/// Notes every day of a schedule that is wrong: `schedule.breaks.friday`, `schedule.days.2026-03-08`.
pub(super) fn check_schedule(fields: &mut Fields, schedule: &Schedule) {
    let week = schedule.shifts.days().into_iter().zip(schedule.breaks.days());
    for (weekday, (shifts, breaks)) in WEEKDAYS.into_iter().zip(week) {
        if check_shifts(fields, &format!("schedule.shifts.{weekday}"), shifts) {
            check_breaks(fields, &format!("schedule.breaks.{weekday}"), shifts, breaks);
        }
    }
    for (date, plan) in &schedule.days {
        let field = format!("schedule.days.{date}");
        if let DayPlan::Shift { shifts, breaks } = plan
            && check_shifts(fields, &field, shifts)
        {
            check_breaks(fields, &field, shifts, breaks);
        }
    }
    if schedule.days.len() > DATES_MOST {
        fields.add(
            "schedule.days",
            "too_many",
            format!("Не больше {DATES_MOST} дат"),
            format!("at most {DATES_MOST} dates"),
        );
    }
}

/// A week with nothing but one day, so that the domain's own check judges that day alone.
fn only(day: &[Hours]) -> WeekHours {
    WeekHours { monday: day.to_vec(), ..WeekHours::default() }
}

fn check_shifts(fields: &mut Fields, field: &str, shifts: &[Hours]) -> bool {
    if shifts.len() > STRETCHES_MOST {
        fields.add(
            field,
            "too_many",
            format!("Не больше {STRETCHES_MOST} промежутков в день"),
            format!("at most {STRETCHES_MOST} stretches a day"),
        );
        return false;
    }
    note(fields, field, only(shifts).check())
}

fn check_breaks(fields: &mut Fields, field: &str, shifts: &[Hours], breaks: &[Hours]) {
    let day = Schedule { shifts: only(shifts), breaks: only(breaks), ..Schedule::default() };
    note(fields, field, day.check());
}

/// Notes the error, if any; was the day right?
fn note(fields: &mut Fields, field: &str, checked: Result<(), HoursError>) -> bool {
    let Err(error) = checked else { return true };
    let (code, russian) = match error {
        HoursError::EndsBeforeItBegins => (
            "ends_before_it_begins",
            "Начало должно быть раньше конца, например с 09:00 до 18:00; конец 00:00 — это полночь",
        ),
        HoursError::Overlap => {
            ("hours_overlap", "Промежутки одного дня не должны накладываться друг на друга")
        }
        HoursError::BreakOutsideShift => {
            ("break_outside_shift", "Перерыв должен лежать внутри смены этого дня")
        }
    };
    fields.add(field, code, russian, error.to_string());
    false
}
