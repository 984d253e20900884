//! How the phones of every organization stand, in plain words: for whoever runs the installation.

use super::list::{SenderView, views};
use crate::context::App;
use crate::error::AppError;
use vestnik_channels::android_phone::app_version::{AppVersion, Support};
use vestnik_domain::Language;
use vestnik_domain::ids::BUCKETS;
use vestnik_domain::organization::Organization;
use vestnik_domain::sender::{PhoneLink, SenderStatus};

const PAGE: i64 = 500;
/// A phone below this sends its last messages soon.
const BATTERY_LOW_PERCENT: i64 = 15;

/// What was found of one organization's phone, or of its want of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub right: bool,
    /// One line.
    pub words: String,
}

/// Looks at every organization's senders that are in use.
pub async fn examine_phones(app: &App) -> Result<Vec<Finding>, AppError> {
    let mut findings = Vec::new();
    for bucket in 0..BUCKETS {
        let mut after = 0;
        loop {
            let page = app.store.organizations_of_bucket(bucket, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.id.0;
            for organization in &page {
                examine(app, organization, &mut findings).await?;
            }
        }
    }
    Ok(findings)
}

async fn examine(
    app: &App,
    organization: &Organization,
    findings: &mut Vec<Finding>,
) -> Result<(), AppError> {
    let views = views(app, organization.id).await?;
    let mut in_use = views.iter().filter(|view| view.sender.archived_at.is_none()).peekable();
    if in_use.peek().is_none() {
        let settings = app.store.settings(organization.id).await?;
        if settings.is_some_and(|settings| settings.settings.on_since.is_some()) {
            let words = format!(
                "{}: notifications are on and there is no phone to send them; add one",
                organization.name
            );
            findings.push(Finding { right: false, words });
        }
    }
    findings.extend(in_use.map(|view| {
        let troubles = troubles(view);
        let status = view.status.title(Language::English);
        let said = if troubles.is_empty() { status.to_owned() } else { troubles.join("; ") };
        let words = format!("{}, phone «{}»: {said}", organization.name, view.sender.name);
        Finding { right: troubles.is_empty(), words }
    }));
    Ok(())
}

/// What is wrong with a phone, each with what to do.
fn troubles(view: &SenderView) -> Vec<String> {
    let mut troubles = Vec::new();
    if !view.status.is_ready() {
        let why = view.status.reason(Language::English, &view.sender.zone);
        let remedy = match view.status {
            SenderStatus::Unavailable { .. } => {
                "; see that it is on, charged, online, and that nothing puts the app to sleep"
            }
            SenderStatus::DailyLimit { .. } => "; raise the limit if the tariff of the SIM allows",
            SenderStatus::Relinking { .. } | SenderStatus::Ready { .. } => "",
        };
        troubles.push(format!("{}: {why}{remedy}", view.status.title(Language::English)));
    }
    if let Some(link) = view.link.as_ref().filter(|link| link.device_token_hash.is_some()) {
        troubles.extend(of_link(link).into_iter().map(str::to_owned));
    }
    troubles
}

fn of_link(link: &PhoneLink) -> Vec<&'static str> {
    let mut troubles = Vec::new();
    if link.has_push_token {
        troubles.push(
            "it waits for pushes that we do not send: set its notification channel to SSE only \
             and restart the app",
        );
    }
    if link.sim_count == Some(0) {
        troubles.push("it shows no SIM card: put one in, or grant the app the phone permission");
    }
    let version = link.app_version.as_deref().and_then(AppVersion::parse);
    match version.map(AppVersion::support) {
        Some(Support::TooOld) => troubles.push("its app is too old: update it to 1.67 or newer"),
        Some(Support::Usable | Support::Recommended) | None => {}
    }
    let low = link.battery_percent.is_some_and(|percent| percent < BATTERY_LOW_PERCENT);
    if low && link.charging == Some(false) {
        troubles.push("its battery is nearly empty: put it on a charger");
    }
    troubles
}
