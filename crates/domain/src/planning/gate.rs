//! Which switch bars a notification: N1 and N11, the strongest first.

use super::silence::SilenceReason;
use super::snapshot::{BranchRules, Snapshot};
use super::visit::Visit;
use crate::appointment::Appointment;
use crate::kind::NotificationKind;
use crate::local_time::local;
use crate::phone_number::PhoneNumber;
use crate::settings::BranchSwitch;
use jiff::Timestamp;

/// N1: only appointments made since the block was switched on, by the journal's own time, and
/// older ones that were let in by hand since then.
pub(super) fn made_in_time(
    appointment: &Appointment,
    branch: BranchRules<'_>,
    on_since: Timestamp,
) -> Result<(), SilenceReason> {
    let let_in = appointment.notification.let_in_at.is_some_and(|at| at >= on_since);
    if appointment.journal_created_at >= on_since || let_in {
        return Ok(());
    }
    Err(SilenceReason::OlderThanBlock {
        made: local(appointment.journal_created_at, branch.zone),
        on_since: local(on_since, branch.zone),
    })
}

/// N11 after the block: the client's switches and STOP, the branch, the organization.
pub(super) fn lets_through(
    snapshot: &Snapshot<'_>,
    visit: &Visit<'_>,
    kind: NotificationKind,
) -> Result<(), SilenceReason> {
    client_lets_through(snapshot, visit.recipient, kind)?;
    branch_lets_through(snapshot, visit.branch, kind)
}

pub(super) fn client_lets_through(
    snapshot: &Snapshot<'_>,
    recipient: Option<&PhoneNumber>,
    kind: NotificationKind,
) -> Result<(), SilenceReason> {
    let client = snapshot.client;
    if client.switches.all_off {
        return Err(SilenceReason::ClientOff);
    }
    if client.switches.kinds_off.contains(&kind) {
        return Err(SilenceReason::ClientKindOff);
    }
    match recipient {
        None => Err(SilenceReason::NoPhone),
        Some(phone) if client.stopped.contains(phone) => Err(SilenceReason::Stopped),
        Some(_) => Ok(()),
    }
}

pub(super) fn branch_lets_through(
    snapshot: &Snapshot<'_>,
    branch: BranchRules<'_>,
    kind: NotificationKind,
) -> Result<(), SilenceReason> {
    match branch.settings.switch(kind) {
        BranchSwitch::On => Ok(()),
        BranchSwitch::Off => Err(SilenceReason::BranchOff),
        BranchSwitch::Inherit if snapshot.settings.is_on(kind) => Ok(()),
        BranchSwitch::Inherit => Err(SilenceReason::KindOff),
    }
}
