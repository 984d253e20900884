//! When routing has something to do next.

use super::all_buckets;
use crate::context::App;
use crate::error::AppError;
use jiff::Timestamp;

/// When the first planned message falls due after `from` (business time); `None`: nothing is planned.
pub async fn next_due(app: &App, from: Timestamp) -> Result<Option<Timestamp>, AppError> {
    Ok(app.store.next_due_message(&all_buckets(), from).await?)
}
