//! Effects outwards: what other systems are to learn of a change here, each under the same rules as a
//! message. The row lands in the commit of the change; the intent is committed before anything is
//! done; what may have happened is looked at before it is done again; what cannot be done ends in a
//! task for staff. One row per subject: the latest state wins.

use crate::context::App;
use crate::error::AppError;
use crate::journals::write_back;
use crate::round::went_well;
use crate::sending::all_buckets;
use vestnik_domain::effect::EffectKind;

/// Effects in one turn.
const ROUND_MOST: i64 = 50;

/// Sees to every effect that is due; says of how many it could. Takes no input but the time, and is safe to run
/// twice and on two nodes.
pub async fn run_once(app: &App) -> Result<usize, AppError> {
    if !app.may_send() {
        return Ok(0);
    }
    let due = app.store.due_effects(&all_buckets(), app.liveness_now(), ROUND_MOST).await?;
    let mut count = 0;
    for effect in due {
        let done = match effect.kind {
            EffectKind::JournalWrite => write_back::perform(app, &effect).await,
        };
        // Its intent stands: what cannot be worked on is looked at again after a while.
        if went_well(done, &effect.subject)? {
            count += 1;
        }
    }
    Ok(count)
}
