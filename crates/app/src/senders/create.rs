//! A new sender.

use crate::access::secret;
use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use vestnik_domain::Language;
use vestnik_domain::ids::SenderId;
use vestnik_domain::local_time::Zone;
use vestnik_domain::pace::PaceState;
use vestnik_domain::sender::{Channel, PhoneLink, Sender, SenderSettings};
use vestnik_store::ChangeSet;

/// What is to be made.
#[derive(Debug, Clone)]
pub struct CreateSender {
    pub name: String,
    pub channel: Channel,
    pub number: Option<String>,
    /// In which its day begins; `None`: that of the first branch.
    pub zone: Option<String>,
    pub settings: SenderSettings,
}

/// A sender with the token that links a phone to it; the token is shown once.
pub struct CreatedSender {
    pub sender: Sender,
    pub link_token: Option<String>,
}

/// Makes a sender; its day is that of the first branch unless a zone is given.
///
/// # Errors
/// Names every field that is wrong; `no_branch` while there is no branch to take the zone from.
pub async fn create_sender(
    app: &App,
    caller: &Caller,
    command: CreateSender,
) -> Result<CreatedSender, AppError> {
    caller.need_owner()?;
    let mut fields = Fields::new();
    let name = fields.text("name", &command.name, 100);
    let number = match &command.number {
        Some(text) => crate::clients::phone::read(app, caller, &mut fields, "number", text).await?,
        None => None,
    };
    check_settings(&mut fields, &command.settings);
    let given = command.zone.as_deref().and_then(|zone| read_zone(&mut fields, zone));
    fields.finish()?;
    let zone = match given {
        Some(zone) => zone,
        None => first_zone(app, caller).await?,
    };
    let now = app.now();
    let sender = Sender {
        organization_id: caller.organization_id,
        id: SenderId(app.new_id()),
        version: 1,
        name,
        channel: command.channel,
        number,
        zone,
        settings: command.settings,
        created_at: now,
        archived_at: None,
    };
    let mut change_set = ChangeSet::new();
    change_set.insert(&sender);
    change_set.insert(&PaceState::new(caller.organization_id, sender.id, &sender.zone, now));
    let link_token = sender.channel.is_pull().then(|| {
        let token = new_link_token(app);
        change_set.insert(&unlinked(app, &sender, &token));
        token
    });
    let made = serde_json::json!({ "name": sender.name, "channel": sender.channel });
    audit::note(app, caller, &mut change_set, "sender.created", sender.id, made);
    app.store.commit(change_set).await?;
    // What fell due while there was no sender can go now.
    crate::sending::route::reroute_held(app, caller.organization_id).await?;
    Ok(CreatedSender { sender, link_token })
}

/// A token that a person types into the app on the phone: 20 letters and digits in groups.
pub(crate) fn new_link_token(app: &App) -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let letters: Vec<char> =
        app.random::<20>().iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn unlinked(app: &App, sender: &Sender, token: &str) -> PhoneLink {
    PhoneLink {
        organization_id: sender.organization_id,
        sender_id: sender.id,
        version: 1,
        link_token_hash: secret::hash(token),
        registration: 0,
        device_token_hash: None,
        app_version: None,
        relinking_since: Some(app.liveness_now()),
        last_contact_at: None,
        battery_percent: None,
        charging: None,
        has_push_token: false,
        sim_count: None,
        webhook_key_confirmed: false,
        password_hash: None,
    }
}

pub(crate) fn check_settings(fields: &mut Fields, settings: &SenderSettings) {
    for error in settings.errors() {
        fields.add(
            format!("settings.{}", error.field()),
            error.code(),
            error.message(Language::Russian),
            error.message(Language::English),
        );
    }
}

/// Reads the zone of a sender.
pub(super) fn read_zone(fields: &mut Fields, text: &str) -> Option<Zone> {
    let read = Zone::parse(text).map_err(|error| {
        let russian = error.message(Language::Russian);
        fields.add("zone", error.code(), russian, error.message(Language::English));
    });
    read.ok()
}

async fn first_zone(app: &App, caller: &Caller) -> Result<Zone, AppError> {
    let branches = app.store.branches(caller.organization_id).await?;
    branches
        .into_iter()
        .find(|branch| branch.archived_at.is_none())
        .map(|branch| branch.zone)
        .ok_or_else(|| {
            AppError::conflict(
                "no_branch",
                "Сначала добавьте филиал: по его времени считаются сутки телефона",
                "add a branch first; the phone's day is counted in its zone",
            )
        })
}
