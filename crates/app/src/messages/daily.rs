//! A3's charts: what the tries of each day came to, read from the totals that are kept with every outcome.

use crate::context::{App, Caller};
use crate::error::AppError;
use jiff::civil::Date;
use std::collections::BTreeMap;
use vestnik_domain::delivery::DeliveryState;
use vestnik_domain::ids::{BranchId, SenderId};
use vestnik_domain::kind::NotificationKind;
use vestnik_domain::sender::{Channel, Sender};

/// The longest period of one question, in days: a year, and the same day a year later.
pub const DAYS_MOST: i32 = 367;

/// Which tries to count; an absent part lets everything through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyFilter {
    /// The first day, and the last one, which is counted too; of the zone that the sender had.
    pub from: Date,
    pub to: Date,
    pub branch_id: Option<BranchId>,
    pub kind: Option<NotificationKind>,
    pub channel: Option<Channel>,
}

/// The tries of one day over one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelDay {
    pub day: Date,
    pub channel: Channel,
    /// States without a try are absent, and so are tries of which nobody has said anything yet.
    pub by_state: BTreeMap<DeliveryState, i64>,
}

/// What the tries came to, by day and channel; days and channels without a try are absent.
///
/// # Errors
/// Field errors for a period that ends before it begins or is longer than [`DAYS_MOST`]; not found for
/// a branch that is not there.
pub async fn daily_totals(
    app: &App,
    caller: &Caller,
    filter: &DailyFilter,
) -> Result<Vec<ChannelDay>, AppError> {
    let organization = caller.organization_id;
    check_period(filter)?;
    if let Some(branch) = filter.branch_id
        && app.store.branch(organization, branch).await?.is_none()
    {
        return Err(AppError::NotFound("branch"));
    }
    let senders: BTreeMap<SenderId, Sender> =
        app.store.senders(organization).await?.into_iter().map(|one| (one.id, one)).collect();
    let mut days: BTreeMap<(Date, Channel), BTreeMap<DeliveryState, i64>> = BTreeMap::new();
    for total in app.store.daily_totals(organization, filter.from, filter.to).await? {
        let Some(channel) = senders.get(&total.of.sender_id).map(|sender| sender.channel) else {
            continue;
        };
        let is_wanted = filter.branch_id.is_none_or(|id| total.of.branch_id == Some(id))
            && filter.kind.is_none_or(|kind| total.of.kind == kind)
            && filter.channel.is_none_or(|wanted| channel == wanted);
        if is_wanted {
            let by_state = days.entry((total.of.day, channel)).or_default();
            *by_state.entry(total.of.state).or_insert(0) += total.count;
        }
    }
    let days = days.into_iter();
    Ok(days.map(|((day, channel), by_state)| ChannelDay { day, channel, by_state }).collect())
}

fn check_period(filter: &DailyFilter) -> Result<(), AppError> {
    if filter.to < filter.from {
        return Err(AppError::field(
            "to",
            "before_from",
            "Конец периода раньше его начала",
            "must not be before `from`",
        ));
    }
    if (filter.to - filter.from).get_days() >= DAYS_MOST {
        return Err(AppError::field(
            "to",
            "period_too_long",
            "Выберите период не длиннее года",
            "the period is at most 367 days",
        ));
    }
    Ok(())
}
