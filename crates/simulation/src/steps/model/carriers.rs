//! I1 and I2 at the socket: what leaves a node for a carrier.

use super::{Identified, Model};
use crate::steps::invariant::{Checked, Invariant, ensure};
use jiff::{SignedDuration, Timestamp};
use vestnik_domain::ids::DeliveryId;

/// Bytes leave so soon after the intent or never.
const SUBMITTED_WITHIN: SignedDuration = SignedDuration::from_secs(30);

/// Bytes that left a node, and how its lease stood.
#[derive(Debug, Clone)]
pub(in crate::steps) struct BytesLeft {
    pub(in crate::steps) what: Identified,
    pub(in crate::steps) at: Timestamp,
    pub(in crate::steps) after_a_pause: bool,
    pub(in crate::steps) fence: Option<i64>,
    pub(in crate::steps) leased_until: Option<Timestamp>,
}

impl Model {
    /// The carrier says that it took a try and could not deliver it.
    pub(in crate::steps) fn not_delivered(&mut self, id: DeliveryId) {
        self.undelivered.insert(id);
    }

    /// Did the client surely read it, or is there a doubt?
    pub(super) fn came_through(&self, id: DeliveryId) -> bool {
        self.on_air.contains_key(&id) && !self.undelivered.contains(&id)
    }

    /// A try was handed to a carrier, whatever became of it there.
    pub(in crate::steps) fn bytes_left(&mut self, left: &BytesLeft) -> Checked {
        let what = &left.what;
        ensure(self.handed_over.insert(what.delivery), Invariant::OneTry, || {
            format!("{} is handed to the carrier for the second time", what.delivery)
        })?;
        // Between its last look and the socket nothing can hold a node that stands still.
        if left.after_a_pause {
            return Ok(());
        }
        let last = what.valid_until.min(what.intended_at + SUBMITTED_WITHIN);
        ensure(left.at <= last && left.at < what.send_before, Invariant::InTime, || {
            format!("{} left its node at {}, its time was over at {last}", what.delivery, left.at)
        })?;
        let leased = left.fence == Some(what.registration)
            && left.leased_until.is_some_and(|until| left.at < until);
        ensure(leased, Invariant::InTime, || {
            format!(
                "{} of fence {} left at {} under the fence {:?}, which lived until {:?}",
                what.delivery, what.registration, left.at, left.fence, left.leased_until
            )
        })
    }
}
