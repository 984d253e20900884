//! Use cases against simulated peers, with a clock that stands still until it is set.
#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod broken_rows;
mod held;
mod histories;
mod late_commits;
mod leases;
mod linking_race;
mod push_senders;
mod salon;
mod torn_looks;
