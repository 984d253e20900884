//! Effects outwards: what other systems are to learn of a change here, each under the same rules as a
//! message. The row lands in the commit of the change; the intent is committed before anything is
//! done; what may have happened is looked at before it is done again; what cannot be done ends in a
//! task for staff. One row per subject: the latest state wins.

use crate::context::App;
use crate::error::AppError;
use crate::journals::write_back;
use crate::round::went_well;
use crate::sending::all_buckets;
use vestnik_domain::effect::{Effect, EffectKind};

/// What one look finds. A journal that is down has at most one of them at work and the rest due
/// later, so others are found behind it.
const ROUND_MOST: i64 = 500;

/// The effects that are due, longest due first, each with whom it waits for: those go one after another.
pub async fn due(app: &App) -> Result<Vec<(String, Effect)>, AppError> {
    if !app.may_send() {
        return Ok(Vec::new());
    }
    let due = app.store.due_effects(&all_buckets(), app.liveness_now(), ROUND_MOST).await?;
    let whom = |effect: &Effect| match effect.kind {
        EffectKind::JournalWrite => write_back::waits_for(effect),
    };
    Ok(due.into_iter().map(|effect| (whom(&effect), effect)).collect())
}

/// Sees to one effect that was due. Nothing happens twice if somebody else has been faster.
pub async fn see_to(app: &App, effect: &Effect) -> Result<(), AppError> {
    // A heartbeat may run out in the midst of a round.
    if !app.may_send() {
        return Ok(());
    }
    match effect.kind {
        EffectKind::JournalWrite => write_back::perform(app, effect).await,
    }
}

/// Sees to every effect that is due, one after another; says of how many it could. Takes no input but the
/// time, and is safe to run twice and on two nodes.
pub async fn run_once(app: &App) -> Result<usize, AppError> {
    let mut count = 0;
    for (_, effect) in due(app).await? {
        // Its intent stands: what cannot be worked on is looked at again after a while.
        if went_well(see_to(app, &effect).await, &effect.subject)? {
            count += 1;
        }
    }
    Ok(count)
}
