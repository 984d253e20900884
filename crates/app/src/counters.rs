//! What is counted, by name: the one list of counters, so that all of them are there from the start.

use metrics::counter;

/// Messages that fell due and were put into a lane.
pub(crate) const ROUTED: &str = "vestnik_messages_routed_total";
/// Intents that were committed: bytes may have left.
pub(crate) const INTENTS: &str = "vestnik_intents_total";
/// Messages that were not sent in time.
pub(crate) const SKIPPED: &str = "vestnik_messages_skipped_total";
/// Reports that phones made of tries.
pub(crate) const REPORTS: &str = "vestnik_phone_reports_total";
/// Tries that ended delivered.
pub(crate) const DELIVERED: &str = "vestnik_deliveries_delivered_total";
/// Tries that ended undelivered.
pub(crate) const UNDELIVERED: &str = "vestnik_deliveries_undelivered_total";
/// Tries whose outcome is unknown.
pub(crate) const UNKNOWN: &str = "vestnik_deliveries_unknown_total";
/// SMS that came in.
pub(crate) const INCOMING: &str = "vestnik_incoming_messages_total";
/// Appointments that were booked.
pub(crate) const BOOKED: &str = "vestnik_appointments_booked_total";
/// Registrations of phones.
pub(crate) const REGISTRATIONS: &str = "vestnik_phone_registrations_total";
/// Records of external journals that changed something here.
pub(crate) const JOURNAL_RECORDS: &str = "vestnik_journal_records_taken_in_total";
/// Changes that external journals took over.
pub(crate) const JOURNAL_WRITES: &str = "vestnik_journal_writes_total";

const ALL: [&str; 12] = [
    ROUTED,
    INTENTS,
    SKIPPED,
    REPORTS,
    DELIVERED,
    UNDELIVERED,
    UNKNOWN,
    INCOMING,
    BOOKED,
    REGISTRATIONS,
    JOURNAL_RECORDS,
    JOURNAL_WRITES,
];

/// Makes every counter appear, as zero.
pub fn begin() {
    for name in ALL {
        counter!(name).increment(0);
    }
}

/// Counts one.
pub(crate) fn count(name: &'static str) {
    counter!(name).increment(1);
}
