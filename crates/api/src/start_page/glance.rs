//! What a salon sees of itself at a glance: phones, totals, what went last and what goes next.

use jiff::Timestamp;
use vestnik_app::catalogue::{Shelf, branches::list_branches};
use vestnik_app::messages::forecast::forecast;
use vestnik_app::messages::list::{MessageFilter, MessageView, list_messages};
use vestnik_app::messages::totals::count_messages;
use vestnik_app::organizations::get_organization;
use vestnik_app::senders::list::list_senders;
use vestnik_app::tasks::list_tasks;
use vestnik_app::{App, AppError, Caller};
use vestnik_domain::Language;
use vestnik_domain::local_time::{Zone, local};
use vestnik_domain::message_status::MessageStatus;

/// How many messages each list shows.
const SHOWN: usize = 8;
/// Planned messages stand among the newest; so many are looked at for those that went.
const LOOKED_AT: i64 = 200;
const TASKS_COUNTED: i64 = 200;

pub(super) struct Glance {
    pub(super) organization: String,
    /// By the first branch's clock.
    pub(super) now: String,
    pub(super) phones: Vec<Phone>,
    pub(super) totals: Vec<Total>,
    pub(super) went: Vec<Line>,
    pub(super) goes: Vec<Line>,
    pub(super) tasks: usize,
}

pub(super) struct Phone {
    pub(super) name: String,
    pub(super) status: &'static str,
    pub(super) reason: String,
}

pub(super) struct Total {
    pub(super) title: &'static str,
    pub(super) code: &'static str,
    pub(super) count: i64,
}

/// One message.
pub(super) struct Line {
    pub(super) at: String,
    pub(super) whom: String,
    pub(super) what: &'static str,
    pub(super) text: String,
    /// What became of it; empty of one that is to go.
    pub(super) status: &'static str,
}

impl Glance {
    /// # Errors
    /// Those of the database.
    pub(super) async fn of(app: &App, caller: &Caller) -> Result<Glance, AppError> {
        let organization = get_organization(app, caller).await?;
        let branches = list_branches(app, caller, Shelf::InUse).await?;
        let zone = branches.first().map(|branch| branch.zone.clone());
        let at = |instant: Timestamp| wall_time(instant, zone.as_ref());
        let counted = count_messages(app, caller, &MessageFilter::default()).await?;
        let totals = MessageStatus::ALL
            .into_iter()
            .filter_map(|status| {
                let count = counted.by_status.get(&status).copied()?;
                Some(Total { title: status.title(Language::Russian), code: status.name(), count })
            })
            .collect();
        let phones = list_senders(app, caller)
            .await?
            .into_iter()
            .filter(|view| view.sender.archived_at.is_none())
            .map(|view| Phone {
                status: view.status.title(Language::Russian),
                reason: view.status.reason(Language::Russian, &view.sender.zone),
                name: view.sender.name,
            })
            .collect();
        Ok(Glance {
            organization: organization.name,
            now: at(app.now()),
            phones,
            totals,
            went: went(app, caller, &at).await?,
            goes: goes(app, caller, &at).await?,
            tasks: list_tasks(app, caller, None, TASKS_COUNTED, false).await?.len(),
        })
    }
}

/// The latest tries.
async fn went(
    app: &App,
    caller: &Caller,
    at: &impl Fn(Timestamp) -> String,
) -> Result<Vec<Line>, AppError> {
    let until_now = MessageFilter { to: Some(app.now()), ..MessageFilter::default() };
    let page = list_messages(app, caller, &until_now, None, LOOKED_AT).await?;
    let mut tried: Vec<(Timestamp, MessageView)> = page
        .items
        .into_iter()
        .filter_map(|view| Some((view.deliveries.last()?.intended_at, view)))
        .collect();
    tried.sort_by_key(|(intended_at, _)| std::cmp::Reverse(*intended_at));
    let line = |(intended_at, view): (Timestamp, MessageView)| Line {
        at: at(intended_at),
        whom: masked(view.message.recipient.as_str()),
        what: view.message.kind.title_ru(),
        text: view.deliveries.last().map(|delivery| delivery.text.clone()).unwrap_or_default(),
        status: view.outcome.status.title(Language::Russian),
    };
    Ok(tried.into_iter().take(SHOWN).map(line).collect())
}

/// The next that are due within a day.
async fn goes(
    app: &App,
    caller: &Caller,
    at: &impl Fn(Timestamp) -> String,
) -> Result<Vec<Line>, AppError> {
    let (_, _, clients) = forecast(app, caller, None, 1).await?;
    let mut planned: Vec<(Timestamp, Line)> = Vec::new();
    for part in clients {
        for message in part.planned {
            let due_at = message.planned.due_at;
            let line = Line {
                at: at(due_at),
                whom: part.client.name.clone(),
                what: message.planned.kind.title_ru(),
                text: message.words.map(|words| words.text).unwrap_or_default(),
                status: "",
            };
            planned.push((due_at, line));
        }
    }
    planned.sort_by_key(|(due_at, _)| *due_at);
    Ok(planned.into_iter().take(SHOWN).map(|(_, line)| line).collect())
}

fn wall_time(instant: Timestamp, zone: Option<&Zone>) -> String {
    match zone {
        Some(zone) => local(instant, zone).strftime("%d.%m %H:%M").to_string(),
        None => instant.strftime("%d.%m %H:%M UTC").to_string(),
    }
}

/// The number for eyes that pass by.
fn masked(number: &str) -> String {
    let last: String = number.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    format!("…{last}")
}
