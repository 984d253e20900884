//! Hours and schedules as JSON: `{"from": "09:00", "to": "18:00"}`; a day that is not named is closed.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use vestnik_domain::schedule::{DayPlan, Hours, Schedule, WeekHours, hour_minute};

/// One stretch of a day in the branch's wall time.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoursBody {
    #[serde(with = "hour_minute")]
    #[schema(value_type = String, example = "09:00", pattern = "^([01]?[0-9]|2[0-3]):[0-5][0-9]$")]
    from: Time,
    /// `00:00` means midnight at the end of the day.
    #[serde(with = "hour_minute")]
    #[schema(value_type = String, example = "18:00", pattern = "^([01]?[0-9]|2[0-3]):[0-5][0-9]$")]
    to: Time,
}

/// An ordinary week; a day that is absent or empty is closed.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct WeekHoursBody {
    monday: Vec<HoursBody>,
    tuesday: Vec<HoursBody>,
    wednesday: Vec<HoursBody>,
    thursday: Vec<HoursBody>,
    friday: Vec<HoursBody>,
    saturday: Vec<HoursBody>,
    sunday: Vec<HoursBody>,
}

/// A date that differs from the ordinary week.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "is", deny_unknown_fields)]
pub(crate) enum DayPlanBody {
    /// A day off.
    DayOff,
    /// Other shifts than usual.
    Shift {
        shifts: Vec<HoursBody>,
        #[serde(default)]
        breaks: Vec<HoursBody>,
    },
}

/// When a staff member works.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScheduleBody {
    shifts: WeekHoursBody,
    #[serde(default)]
    breaks: WeekHoursBody,
    /// By date, like `2026-03-08`.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, DayPlanBody>)]
    days: BTreeMap<Date, DayPlanBody>,
}

impl From<HoursBody> for Hours {
    fn from(body: HoursBody) -> Hours {
        Hours { from: body.from, to: body.to }
    }
}

impl From<Hours> for HoursBody {
    fn from(hours: Hours) -> HoursBody {
        HoursBody { from: hours.from, to: hours.to }
    }
}

fn each<F, T: From<F>>(from: Vec<F>) -> Vec<T> {
    from.into_iter().map(T::from).collect()
}

impl From<WeekHoursBody> for WeekHours {
    fn from(body: WeekHoursBody) -> WeekHours {
        WeekHours {
            monday: each(body.monday),
            tuesday: each(body.tuesday),
            wednesday: each(body.wednesday),
            thursday: each(body.thursday),
            friday: each(body.friday),
            saturday: each(body.saturday),
            sunday: each(body.sunday),
        }
    }
}

impl From<WeekHours> for WeekHoursBody {
    fn from(hours: WeekHours) -> WeekHoursBody {
        WeekHoursBody {
            monday: each(hours.monday),
            tuesday: each(hours.tuesday),
            wednesday: each(hours.wednesday),
            thursday: each(hours.thursday),
            friday: each(hours.friday),
            saturday: each(hours.saturday),
            sunday: each(hours.sunday),
        }
    }
}

impl From<DayPlanBody> for DayPlan {
    fn from(body: DayPlanBody) -> DayPlan {
        match body {
            DayPlanBody::DayOff => DayPlan::DayOff,
            DayPlanBody::Shift { shifts, breaks } => {
                DayPlan::Shift { shifts: each(shifts), breaks: each(breaks) }
            }
        }
    }
}

impl From<DayPlan> for DayPlanBody {
    fn from(plan: DayPlan) -> DayPlanBody {
        match plan {
            DayPlan::DayOff => DayPlanBody::DayOff,
            DayPlan::Shift { shifts, breaks } => {
                DayPlanBody::Shift { shifts: each(shifts), breaks: each(breaks) }
            }
        }
    }
}

impl From<ScheduleBody> for Schedule {
    fn from(body: ScheduleBody) -> Schedule {
        Schedule {
            shifts: body.shifts.into(),
            breaks: body.breaks.into(),
            days: body.days.into_iter().map(|(date, plan)| (date, plan.into())).collect(),
        }
    }
}

impl From<Schedule> for ScheduleBody {
    fn from(schedule: Schedule) -> ScheduleBody {
        ScheduleBody {
            shifts: schedule.shifts.into(),
            breaks: schedule.breaks.into(),
            days: schedule.days.into_iter().map(|(date, plan)| (date, plan.into())).collect(),
        }
    }
}
