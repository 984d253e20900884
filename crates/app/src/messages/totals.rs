//! A1's totals: how many messages stand under each status.

use super::list::MessageFilter;
use super::scan::{CHUNK_MOST, SCAN_MOST, Scan};
use crate::context::{App, Caller};
use crate::error::AppError;
use std::collections::BTreeMap;
use vestnik_domain::message_status::MessageStatus;

/// Messages by status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Statuses without a message are absent. «Исход неизвестен» is counted under «В ожидании», after
    /// a day under «Не доставлено».
    pub by_status: BTreeMap<MessageStatus, i64>,
    /// False where there were more than 10 000 messages: only the newest of them are counted.
    pub complete: bool,
}

/// Counts what passes the filter.
///
/// # Errors
/// Those of [`super::list::list_messages`].
pub async fn count_messages(
    app: &App,
    caller: &Caller,
    filter: &MessageFilter,
) -> Result<Totals, AppError> {
    let mut scan = Scan::begin(app, caller, filter, None).await?;
    let mut by_status = BTreeMap::new();
    let mut looked_at = 0;
    while looked_at < SCAN_MOST {
        let Some(chunk) = scan.next_chunk(CHUNK_MOST).await? else {
            return Ok(Totals { by_status, complete: true });
        };
        looked_at += chunk.looked_at;
        for view in chunk.passed {
            *by_status.entry(view.outcome.counted_as).or_insert(0) += 1;
        }
    }
    // Exactly as many as are counted at most is not cut.
    let complete = scan.next_chunk(1).await?.is_none();
    Ok(Totals { by_status, complete })
}
