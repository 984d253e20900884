//! Work in rounds: a lost race is left to the next round, and a row of many organizations that cannot be
//! worked on holds up nobody else.

use crate::context::App;
use crate::error::AppError;
use std::fmt::Display;
use vestnik_store::{ChangeSet, CommitError};

/// Commits it, unless somebody else was faster: then the next round sees what they made of it. Says
/// whether it landed.
pub(crate) async fn land_unless_lost(app: &App, change_set: ChangeSet) -> Result<bool, AppError> {
    match app.store.commit(change_set).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Says whether a row was worked on; what went wrong with it alone is logged, and the round goes on.
///
/// # Errors
/// If the database does not answer: then the whole round ends, and the next one begins anew.
pub(crate) fn went_well(
    outcome: Result<(), AppError>,
    row: &impl Display,
) -> Result<bool, AppError> {
    match outcome {
        Ok(()) => Ok(true),
        Err(error @ (AppError::Unavailable(_) | AppError::OutcomeUnknown(_))) => Err(error),
        Err(error) => {
            tracing::error!(%row, %error, "a row cannot be worked on; the others go on");
            Ok(false)
        }
    }
}
