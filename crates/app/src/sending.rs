//! Sending: from a due message to a try, and from a report back to what the client was told.
//!
//! `route` puts due messages into lanes; `intent` decides about the head of a lane, and `together` commits
//! deliveries with everything they depend on before any byte leaves; `claim` hands deliveries to a phone
//! that asks, `drive` to the carriers that we call, under a `lease`; `recall` asks a phone not to send
//! what is no longer so; `report` and `receipts` take in what phones and carriers say; `sweep` does
//! what time alone does, and `upcoming` tells when routing has something to do next.

pub(crate) mod claim;
pub mod drive;
pub(crate) mod intent;
pub(crate) mod lease;
pub(crate) mod recall;
pub mod receipts;
pub(crate) mod report;
pub mod route;
pub mod sweep;
pub(crate) mod together;
pub mod upcoming;

/// Every part of the data: one node serves all of them by now.
pub(crate) fn all_buckets() -> Vec<i64> {
    (0..vestnik_domain::ids::BUCKETS).collect()
}
