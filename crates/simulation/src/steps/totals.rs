//! How much happened: proof that the histories are not empty.

use std::fmt;
use std::ops::AddAssign;

macro_rules! totals {
    ($($(#[$doc:meta])* $field:ident = $words:literal;)*) => {
        /// What happened in one history, or in many.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct Totals {
            $($(#[$doc])* pub $field: u64,)*
        }

        impl Totals {
            /// Every count with its name.
            pub fn named(&self) -> Vec<(&'static str, u64)> {
                vec![$(($words, self.$field)),*]
            }
        }

        impl AddAssign for Totals {
            fn add_assign(&mut self, other: Totals) {
                $(self.$field += other.$field;)*
            }
        }
    };
}

totals! {
    events = "events";
    bookings = "bookings";
    moves = "moves";
    edits = "other edits";
    undone = "undone edits";
    cancels = "cancels";
    restores = "restores";
    saves = "saves of settings";
    texts = "saved texts";
    switches = "client switches";
    /// STOP and START.
    stops = "stops and starts";
    /// Visits from files.
    imports = "imported visits";
    /// SMS from clients.
    answers = "answers by SMS";
    /// Changes by people in an external journal.
    there = "changes in a journal";
    /// Of ours, that landed there.
    written_there = "writes to a journal";
    /// What we had written, heard from the journal.
    echoes = "echoes";
    /// Calls that the journal did not answer.
    unanswered = "unanswered by a journal";
    /// Buttons on visits' pages.
    pages = "pressed on pages";
    /// The database's clock jumped and came back.
    clock_steps = "clock steps";
    /// The clock jumped for good.
    clock_jumps = "clock jumps";
    started_in_a_jump = "started in a jump";
    /// Calls whose node died.
    kills = "kills";
    /// Nodes that were gone or stood still for a while.
    absences = "absent nodes";
    /// Senders that another node took over.
    takeovers = "lease takeovers";
    /// Older copies that took the database's place, and were let go.
    put_back = "older copies put back";
    let_go = "let go";
    /// Calls that the database failed.
    failures = "database failures";
    /// Two calls in turns.
    races = "races";
    intrusions = "intrusions";
    /// Phones switched off.
    phones_off = "phones off";
    reinstalls = "re-installed";
    relinks = "re-linked";
    pulls = "pulls";
    /// Answers that the phone never got.
    lost_answers = "lost answers";
    lost_reports = "lost reports";
    doubled_reports = "doubled reports";
    late_reports = "late reports";
    /// A part's «sent» after the «delivered» of another.
    late_parts = "late parts";
    /// Tries that were handed to a carrier.
    handed_over = "tries to a carrier";
    /// Tries for which the carrier was asked.
    look_ups = "look-ups";
    /// Receipts of the carrier.
    receipts = "receipts";
    /// SMS on the air.
    submits = "submits";
    reminders = "reminders";
    /// Histories in which a branch's clock changed.
    dst_days = "DST days";
    /// Future visits of which the last word was checked.
    checked_visits = "checked visits";
    checked_reminders = "checked reminders";
    checked_in_time = "checked waits";
    checked_forecasts = "checked forecasts";
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (words, count)) in self.named().into_iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{words} {count}")?;
        }
        Ok(())
    }
}
