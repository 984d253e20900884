//! Writing and reading the audit of settings.

use crate::context::{App, Caller};
use crate::error::AppError;
use std::fmt::Display;
use vestnik_domain::audit::AuditEntry;
use vestnik_domain::ids::AuditId;
use vestnik_store::ChangeSet;

/// Adds a line to the audit, in the change-set of what it speaks of.
pub(crate) fn note(
    app: &App,
    caller: &Caller,
    change_set: &mut ChangeSet,
    action: &str,
    subject: impl Display,
    changes: serde_json::Value,
) {
    change_set.insert(&AuditEntry {
        organization_id: caller.organization_id,
        id: AuditId(app.new_id()),
        at: app.now(),
        actor: caller.actor,
        action: action.to_owned(),
        subject: subject.to_string(),
        changes,
    });
}

/// What differs between two states of a thing, as the audit keeps it:
/// `{"field": {"from": …, "to": …}}`. Both must serialise as objects.
pub(crate) fn difference<T: serde::Serialize>(before: &T, after: &T) -> serde_json::Value {
    let object = |value: &T| match serde_json::to_value(value) {
        Ok(serde_json::Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (before, after) = (object(before), object(after));
    let mut changes = serde_json::Map::new();
    for (field, to) in &after {
        let from = before.get(field).unwrap_or(&serde_json::Value::Null);
        if from != to {
            changes.insert(field.clone(), serde_json::json!({ "from": from, "to": to }));
        }
    }
    serde_json::Value::Object(changes)
}

/// The newest entries before `before`, at most `limit` (1 to 200).
pub async fn list_audit(
    app: &App,
    caller: &Caller,
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<AuditEntry>, AppError> {
    caller.need_owner()?;
    let before = before.unwrap_or(AuditId(i64::MAX));
    Ok(app.store.audit(caller.organization_id, before, limit.clamp(1, 200)).await?)
}
