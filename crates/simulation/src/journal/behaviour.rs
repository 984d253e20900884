//! How well a simulated journal behaves.

/// Shares are of 100.
#[derive(Debug, Clone)]
pub struct JournalBehaviour {
    pub webhook_lost_percent: u8,
    pub webhook_doubled_percent: u8,
    /// Each webhook is delayed by up to this: a range of more than nothing brings them out of order.
    pub webhook_delay_s: std::ops::RangeInclusive<u64>,
    /// Records in one answer.
    pub page_size: usize,
}

impl JournalBehaviour {
    /// Everything arrives once, at once.
    pub fn well() -> JournalBehaviour {
        JournalBehaviour {
            webhook_lost_percent: 0,
            webhook_doubled_percent: 0,
            webhook_delay_s: 0..=0,
            page_size: 200,
        }
    }

    /// As bad as journals have been seen, and somewhat worse.
    pub fn badly() -> JournalBehaviour {
        JournalBehaviour {
            webhook_lost_percent: 30,
            webhook_doubled_percent: 30,
            webhook_delay_s: 0..=90,
            page_size: 3,
        }
    }
}

/// What happens to one write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteFault {
    /// It goes through.
    Nothing,
    /// The journal cannot be reached: surely nothing landed.
    Unreachable,
    /// The connection breaks before the write lands.
    LostBefore,
    /// The write lands, its answer is lost.
    LostAfter,
}
