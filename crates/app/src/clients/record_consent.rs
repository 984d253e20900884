//! A consent given or withdrawn: proof, so it is audited and its time is ours.

use super::find_clients::get_client;
use crate::audit;
use crate::context::{App, Caller};
use crate::error::{AppError, Fields};
use vestnik_domain::client::{Client, Consent, ConsentPurpose};
use vestnik_domain::ids::ClientId;
use vestnik_store::ChangeSet;

/// Where a consent can be given.
const SOURCES: [&str; 5] = ["front_desk", "widget", "import", "api", "reply"];
const TEXT_HASH_LETTERS_MOST: usize = 128;

/// What a person said about one purpose.
#[derive(Debug, Clone)]
pub struct ConsentWord {
    pub purpose: ConsentPurpose,
    /// `false` withdraws it.
    pub given: bool,
    /// One of `front_desk`, `widget`, `import`, `api`, `reply`.
    pub source: String,
    /// The hash of the text that the person saw, where there was one.
    pub text_hash: Option<String>,
}

/// Keeps what the person said in place of what was said before; the audit keeps both.
///
/// # Errors
/// Names every field that is wrong.
pub async fn record_consent(
    app: &App,
    caller: &Caller,
    id: ClientId,
    word: ConsentWord,
) -> Result<Client, AppError> {
    let before = get_client(app, caller, id).await?;
    let mut fields = Fields::new();
    if !SOURCES.contains(&word.source.as_str()) {
        fields.add(
            "source",
            "source_unknown",
            format!("Нужно одно из слов: {}", SOURCES.join(", ")),
            format!("must be one of {}", SOURCES.join(", ")),
        );
    }
    let hash = word.text_hash.as_deref().unwrap_or_default();
    let hash = fields.optional_text("text_hash", hash, TEXT_HASH_LETTERS_MOST);
    fields.finish()?;
    let consent = Consent {
        given: word.given,
        at: app.now(),
        source: word.source,
        text_hash: (!hash.is_empty()).then_some(hash),
    };
    let mut after = Client { version: before.version + 1, ..before.clone() };
    after.consents.insert(word.purpose, consent);
    let mut change_set = ChangeSet::new();
    change_set.update(&after, before.version);
    let changes = audit::difference(&before.consents, &after.consents);
    audit::note(app, caller, &mut change_set, "client.consent_recorded", id, changes);
    app.store.commit(change_set).await?;
    Ok(after)
}
