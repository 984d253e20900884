//! The list of appointments in a message about several (N14): one run per day and place.

use super::values::{Spoken, Told, branch_title, service_titles, staff_name};
use super::{ComposeInput, dates};
use vestnik_template::Language;

/// «25.12.19 в 15:00 Стрижка (Ольга), в 16:00 Маникюр (Ирина); отменено: 26.12.19 в 10:00».
pub(super) fn list(input: &ComposeInput<'_>, spoken: &Spoken<'_>) -> String {
    let with_place = are_in_several_places(spoken);
    let mut list = runs(input, &spoken.stands, with_place);
    if !spoken.gone.is_empty() {
        let cancelled = match input.language {
            Language::Russian => "отменено",
            Language::English => "cancelled",
        };
        let gone = runs(input, &spoken.gone, with_place);
        list = format!("{list}; {cancelled}: {gone}");
    }
    list
}

/// Must the list itself say where each appointment is?
pub(super) fn are_in_several_places(spoken: &Spoken<'_>) -> bool {
    let first = spoken.first.branch;
    let all = || spoken.stands.iter().chain(&spoken.gone);
    all().any(|one| one.branch.id != first.id)
}

fn runs(input: &ComposeInput<'_>, appointments: &[Told<'_>], with_place: bool) -> String {
    let same_run = |one: &Told<'_>, next: &Told<'_>| {
        one.facts.start_local.date() == next.facts.start_local.date()
            && one.branch.id == next.branch.id
    };
    let runs = appointments.chunk_by(same_run).map(|run| {
        let entries: Vec<String> = run.iter().map(|one| entry(input, one)).collect();
        let listed = entries.join(", ");
        let Some(first) = run.first() else { return listed };
        let date = dates::short(first.facts.start_local.date(), input.language);
        if with_place {
            format!("{date} {listed}{}{}", dash(input.language), place(input, first))
        } else {
            format!("{date} {listed}")
        }
    });
    runs.collect::<Vec<_>>().join("; ")
}

/// «в 15:00 Стрижка + Укладка (Ольга)».
fn entry(input: &ComposeInput<'_>, one: &Told<'_>) -> String {
    let at = match input.language {
        Language::Russian => "в",
        Language::English => "at",
    };
    let mut entry = format!("{at} {}", dates::hours_and_minutes(one.facts.start_local));
    let services = service_titles(input, one.facts);
    if !services.is_empty() {
        entry.push(' ');
        entry.push_str(&services.join(" + "));
    }
    if let Some(name) = staff_name(input, one.facts) {
        entry.push_str(&format!(" ({name})"));
    }
    entry
}

/// The address tells branches of one name apart; a branch without one is named.
fn place<'a>(input: &ComposeInput<'a>, one: &Told<'a>) -> &'a str {
    let address = one.branch.address.trim();
    if address.is_empty() { branch_title(input, one.branch) } else { address }
}

/// A long dash would cost a Latin text half of its characters per SMS.
fn dash(language: Language) -> &'static str {
    match language {
        Language::Russian => " — ",
        Language::English => " - ",
    }
}
