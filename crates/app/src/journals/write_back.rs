//! Writing back what was changed here: the row that waits in the outbox, in the change's own commit.

mod perform;
mod settle;
mod wording;

pub(crate) use perform::perform;

use crate::context::{App, Caller};
use crate::error::AppError;
use serde::{Deserialize, Serialize};
use vestnik_domain::Language;
use vestnik_domain::access::Actor;
use vestnik_domain::appointment::Appointment;
use vestnik_domain::effect::{Effect, EffectKind, EffectState};
use vestnik_domain::ids::{JournalLinkId, TaskId};
use vestnik_domain::journal::{JournalLink, JournalSide};
use vestnik_domain::task::{Task, TaskKind};
use vestnik_store::ChangeSet;

/// What is wanted of a journal, as the outbox keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct WriteBack {
    pub(crate) link_id: JournalLinkId,
    pub(crate) record_id: String,
    /// What the journal held when we last knew.
    pub(crate) base: JournalSide,
    /// What it is to hold.
    pub(crate) wanted: JournalSide,
    /// What a try wrote that may have landed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) written: Option<JournalSide>,
}

impl WriteBack {
    pub(crate) fn read(effect: &Effect) -> Result<WriteBack, AppError> {
        serde_json::from_value(effect.body.clone())
            .map_err(|error| AppError::Internal(format!("an effect cannot be read: {error}")))
    }

    pub(crate) fn to_json(&self) -> Result<serde_json::Value, AppError> {
        serde_json::to_value(self)
            .map_err(|error| AppError::Internal(format!("an effect cannot be written: {error}")))
    }
}

/// The link by which it goes; one that cannot be read waits for nobody.
pub(crate) fn waits_for(effect: &Effect) -> String {
    match WriteBack::read(effect) {
        Ok(body) => body.link_id.to_string(),
        Err(_) => effect.subject.clone(),
    }
}

/// Adds to the commit of a change that the appointment's journal is to learn of it. Nothing for an
/// appointment of our own journal, and for what the journal itself has changed.
pub(crate) async fn put(
    app: &App,
    caller: &Caller,
    before: &Appointment,
    after: &Appointment,
    change_set: &mut ChangeSet,
) -> Result<(), AppError> {
    if caller.actor == Actor::Journal {
        return Ok(());
    }
    let Some((link, record_id)) = journal_of(app, before).await? else { return Ok(()) };
    let subject = before.id.to_string();
    let organization = before.organization_id;
    let standing = app.store.effect(organization, EffectKind::JournalWrite, &subject).await?;
    let wanted = JournalSide::of(after);
    let now = app.liveness_now();
    let unsettled =
        standing.as_ref().filter(|effect| effect.state.is_open() || effect.state.has_failed());
    let body = match unsettled {
        // The journal still holds what it held before the first of these changes, which may have been
        // made under a link that has ended since.
        Some(effect) => {
            WriteBack { link_id: link.id, record_id, wanted, ..WriteBack::read(effect)? }
        }
        None => WriteBack {
            link_id: link.id,
            record_id,
            base: JournalSide::of(before),
            wanted,
            written: None,
        },
    };
    let undone = body.wanted.reads_same(&body.base);
    let json = body.to_json()?;
    match standing {
        None if undone => {}
        None => {
            change_set.insert(&Effect::new(
                organization,
                EffectKind::JournalWrite,
                subject,
                json,
                now,
            ));
        }
        Some(effect) if undone && !effect.is_in_doubt() => {
            let ended = effect.ended(EffectState::Dropped, None, now).with_body(json);
            change_set.update(&ended, effect.version);
        }
        Some(effect) => {
            change_set.update(&effect.wanted(json, now), effect.version);
        }
    }
    Ok(())
}

/// The linked journal of an appointment, and its record there.
async fn journal_of(
    app: &App,
    appointment: &Appointment,
) -> Result<Option<(JournalLink, String)>, AppError> {
    let Some(external_id) = &appointment.external_id else { return Ok(None) };
    let links = app.store.journal_links(appointment.organization_id).await?;
    Ok(links.into_iter().filter(JournalLink::is_active).find_map(|link| {
        let record_id = link.record_id(external_id)?.to_owned();
        Some((link, record_id))
    }))
}

/// A reason in both languages.
pub(super) struct Words {
    russian: String,
    english: String,
}

impl Words {
    pub(super) fn new(words: impl Fn(Language) -> String) -> Words {
        Words { russian: words(Language::Russian), english: words(Language::English) }
    }
}

/// Why a change did not come through as it was made.
pub(super) enum Trouble {
    /// Changed both here and there; theirs stands.
    Overruled,
    /// The journal does not have it.
    NotWritten(Words),
    /// It may have it or not.
    InDoubt(Words),
}

/// A word to staff.
pub(super) async fn task(
    app: &App,
    appointment: &Appointment,
    trouble: Trouble,
) -> Result<Task, AppError> {
    let organization = app.store.organization(appointment.organization_id).await?;
    let language = organization.map_or(Language::Russian, |organization| organization.language);
    let start = appointment.facts.start_local.strftime("%d.%m.%Y %H:%M");
    let kind = match trouble {
        Trouble::Overruled => TaskKind::JournalOverruled,
        Trouble::NotWritten(_) | Trouble::InDoubt(_) => TaskKind::JournalRefused,
    };
    let note = match (trouble, language) {
        (Trouble::Overruled, Language::Russian) => format!(
            "Запись на {start} изменили и здесь, и в журнале. Осталось то, что в журнале: проверьте, так ли это"
        ),
        (Trouble::Overruled, Language::English) => format!(
            "The appointment of {start} was changed both here and in the journal; the journal's change stands. Please check"
        ),
        (Trouble::NotWritten(why), Language::Russian) => format!(
            "Журнал не принял изменение записи на {start}: {}. Внесите его в журнал сами",
            why.russian
        ),
        (Trouble::NotWritten(why), Language::English) => format!(
            "The journal did not take over the change of the appointment of {start}: {}. Please enter it there",
            why.english
        ),
        (Trouble::InDoubt(why), Language::Russian) => format!(
            "Неизвестно, дошло ли до журнала изменение записи на {start}: {}. Проверьте там и, если нужно, внесите его сами",
            why.russian
        ),
        (Trouble::InDoubt(why), Language::English) => format!(
            "It is not known whether the change of the appointment of {start} reached the journal: {}. Please check there",
            why.english
        ),
    };
    Ok(Task {
        organization_id: appointment.organization_id,
        id: TaskId(app.new_id()),
        version: 1,
        kind,
        client_id: Some(appointment.client_id),
        visit_id: Some(appointment.visit_id),
        appointment_id: Some(appointment.id),
        incoming_message_id: None,
        note,
        created_at: app.now(),
        done_at: None,
        done_by: None,
    })
}
