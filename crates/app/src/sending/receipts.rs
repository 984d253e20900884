//! What carriers that we call say of tries later. A receipt may overtake the answer that names its
//! try: then it is parked, and taken in with that answer.

use super::report;
use crate::context::App;
use crate::error::AppError;
use jiff::{SignedDuration, Timestamp};
use vestnik_domain::delivery::Delivery;
use vestnik_domain::ids::{OrganizationId, ReceiptId, SenderId};
use vestnik_domain::receipt::{ParkedReceipt, Receipt};
use vestnik_store::{ChangeSet, Urgency};

/// Of two nodes; an older receipt is of an earlier try that a carrier gave the same id.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(10);

/// Takes in a receipt that names a try of `sender` by the carrier's id; safe to repeat.
pub async fn take_in(
    app: &App,
    organization: OrganizationId,
    sender: SenderId,
    carrier_id: &str,
    receipt: Receipt,
) -> Result<(), AppError> {
    let known = app.store.delivery_by_carrier_id(organization, sender, carrier_id).await?;
    if let Some(delivery) = known {
        return report::apply(app, &delivery, &receipt.event()).await;
    }
    let parked = ParkedReceipt {
        organization_id: organization,
        id: ReceiptId(app.new_id()),
        sender_id: sender,
        carrier_id: carrier_id.to_owned(),
        receipt: receipt.clone(),
        received_at: app.now(),
    };
    let mut change_set = ChangeSet::with_urgency(Urgency::Dispatch);
    change_set.insert(&parked);
    app.store.commit(change_set).await?;
    // The answer may have been written in between, and then nobody looks for what is parked.
    match app.store.delivery_by_carrier_id(organization, sender, carrier_id).await? {
        Some(delivery) => report::apply(app, &delivery, &receipt.event()).await,
        None => Ok(()),
    }
}

/// The try is known by `carrier_id` from now on: what was said of it before counts.
pub(crate) async fn take_in_parked(
    app: &App,
    delivery: &Delivery,
    carrier_id: &str,
) -> Result<(), AppError> {
    let since = delivery.intended_at.checked_sub(CLOCKS_DIFFER).unwrap_or(Timestamp::MIN);
    let parked = app
        .store
        .parked_receipts(delivery.organization_id, delivery.sender_id, carrier_id, since)
        .await?;
    for one in parked {
        report::apply(app, delivery, &one.receipt.event()).await?;
    }
    Ok(())
}
