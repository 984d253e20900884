//! A salon for tests: appointments, rows and a clock; every change is planned and reconciled at
//! once, and a message that falls due is planned anew before it goes, as the product does it.

use super::*;
use crate::appointment::{Appointment, CancelledBy, Facts, Source, Status};
use crate::client::ClientSwitches;
use crate::ids::*;
use crate::kind::NotificationKind;
use crate::local_time::{Zone, local, resolve};
use crate::phone_number::PhoneNumber;
use crate::settings::{BranchNotificationSettings, NotificationSettings};
use jiff::Timestamp;
use jiff::civil::DateTime;

pub(super) struct Sent {
    pub(super) at: Timestamp,
    pub(super) message: PlannedMessage,
    pub(super) id: MessageId,
    /// What its text said of each covered appointment; `None`: cancelled.
    pub(super) told: Vec<(AppointmentId, Option<Facts>)>,
    /// Did it say anything that the client was not told before?
    pub(super) news: bool,
}

pub(super) struct Salon {
    pub(super) settings: NotificationSettings,
    pub(super) zone: Zone,
    /// Of branch 2; `None`: the same.
    pub(super) other_zone: Option<Zone>,
    pub(super) branch_settings: BranchNotificationSettings,
    pub(super) switches: ClientSwitches,
    pub(super) phone: Option<PhoneNumber>,
    pub(super) stopped: Vec<PhoneNumber>,
    pub(super) appointments: Vec<Appointment>,
    pub(super) rows: Vec<ExistingMessage>,
    pub(super) now: Timestamp,
    pub(super) sent: Vec<Sent>,
    pub(super) ended: Vec<(NotificationKind, EndedAs, SilenceReason)>,
    /// While it is off due messages wait.
    pub(super) sender_up: bool,
    next_id: i64,
}

pub(super) fn phone(last_digit: u8) -> PhoneNumber {
    PhoneNumber::from_e164(&format!("+7916000000{last_digit}")).unwrap()
}

impl Salon {
    /// At `now` (`2026-12-01T12:00`, Moscow), the block switched on a month before.
    pub(super) fn at(now: &str) -> Salon {
        let zone = Zone::parse("Europe/Moscow").unwrap();
        let now = resolve(now.parse().unwrap(), None, &zone).unwrap();
        let mut settings = NotificationSettings::standard();
        settings.on_since = Some(now - jiff::SignedDuration::from_hours(24 * 30));
        Salon {
            settings,
            zone,
            other_zone: None,
            branch_settings: BranchNotificationSettings::default(),
            switches: ClientSwitches::default(),
            phone: Some(phone(1)),
            stopped: Vec::new(),
            appointments: Vec::new(),
            rows: Vec::new(),
            now,
            sent: Vec::new(),
            ended: Vec::new(),
            sender_up: true,
            next_id: 1,
        }
    }

    pub(super) fn instant(&self, wall_time: &str) -> Timestamp {
        resolve(wall_time.parse().unwrap(), None, &self.zone).unwrap()
    }

    pub(super) fn facts(&self, start: &str) -> Facts {
        let start_local: DateTime = start.parse().unwrap();
        Facts {
            branch_id: BranchId(1),
            staff_id: Some(StaffId(1)),
            service_ids: vec![ServiceId(1)],
            start_local,
            starts_at: resolve(start_local, None, &self.zone).unwrap(),
            duration_min: 60,
        }
    }

    pub(super) fn book(&mut self, start: &str) -> AppointmentId {
        self.book_as(Source::Staff, Notify::ByRule, start)
    }

    pub(super) fn book_as(&mut self, source: Source, notify: Notify, start: &str) -> AppointmentId {
        let visit_id = VisitId(self.next_id + 1_000);
        self.book_into(visit_id, source, notify, start)
    }

    pub(super) fn book_into(
        &mut self,
        visit_id: VisitId,
        source: Source,
        notify: Notify,
        start: &str,
    ) -> AppointmentId {
        let booking = Booking { source, notify, import_with_reminders: true };
        self.insert(visit_id, booking, start)
    }

    pub(super) fn insert(
        &mut self,
        visit_id: VisitId,
        booking: Booking,
        start: &str,
    ) -> AppointmentId {
        let id = AppointmentId(self.fresh_id());
        self.appointments.push(Appointment {
            organization_id: OrganizationId(1),
            id,
            version: 1,
            edit_version: 1,
            visit_id,
            client_id: ClientId(1),
            recipient_phone: None,
            facts: self.facts(start),
            status: Status::Waiting,
            cancelled_by: None,
            source: booking.source,
            created_by: crate::access::Actor::System,
            note: String::new(),
            external_id: None,
            external_version: None,
            created_at: self.now,
            journal_created_at: self.now,
            notification: NotificationState::booked(booking, self.now),
        });
        self.replan();
        id
    }

    pub(super) fn get(&self, id: AppointmentId) -> &Appointment {
        self.appointments.iter().find(|one| one.id == id).unwrap()
    }

    pub(super) fn get_mut(&mut self, id: AppointmentId) -> &mut Appointment {
        self.appointments.iter_mut().find(|one| one.id == id).unwrap()
    }

    pub(super) fn moment(&self, id: AppointmentId) -> Moment {
        self.with_snapshot(|snapshot| snapshot.moment(self.get(id).visit_id, self.now))
    }

    pub(super) fn edit_by(
        &mut self,
        id: AppointmentId,
        by: Side,
        notify: Notify,
        change: impl FnOnce(&mut Facts),
    ) {
        let moment = self.moment(id);
        let before = self.get(id).facts.clone();
        let mut after = before.clone();
        change(&mut after);
        let zone = match (after.branch_id, &self.other_zone) {
            (BranchId(2), Some(zone)) => zone,
            _ => &self.zone,
        };
        after.starts_at = resolve(after.start_local, None, zone).unwrap();
        let appointment = self.get_mut(id);
        let edit = Edit { before: &before, after: &after, by, notify };
        appointment.notification = appointment.notification.edited(edit, moment);
        appointment.facts = after;
        self.replan();
    }

    pub(super) fn edit(&mut self, id: AppointmentId, change: impl FnOnce(&mut Facts)) {
        self.edit_by(id, Side::Staff, Notify::ByRule, change);
    }

    pub(super) fn shift(&mut self, id: AppointmentId, start: &str) {
        let start: DateTime = start.parse().unwrap();
        self.edit(id, |facts| facts.start_local = start);
    }

    pub(super) fn shift_by(&mut self, id: AppointmentId, by: Side, notify: Notify, start: &str) {
        let start: DateTime = start.parse().unwrap();
        self.edit_by(id, by, notify, |facts| facts.start_local = start);
    }

    pub(super) fn cancel_by(&mut self, id: AppointmentId, by: Side, notify: Notify) {
        let moment = self.moment(id);
        let appointment = self.get_mut(id);
        let cancel = Cancel { facts: &appointment.facts, by, notify };
        appointment.notification = appointment.notification.cancelled(cancel, moment);
        appointment.status = Status::Cancelled;
        appointment.cancelled_by = Some(CancelledBy::Staff);
        self.replan();
    }

    pub(super) fn cancel(&mut self, id: AppointmentId) {
        self.cancel_by(id, Side::Staff, Notify::ByRule);
    }

    pub(super) fn restore_as(&mut self, id: AppointmentId, notify: Notify) {
        let moment = self.moment(id);
        let appointment = self.get_mut(id);
        let restore = Restore { facts: &appointment.facts, by: Side::Staff, notify };
        appointment.notification = appointment.notification.restored(restore, moment);
        appointment.status = Status::Waiting;
        appointment.cancelled_by = None;
        self.replan();
    }

    pub(super) fn restore(&mut self, id: AppointmentId) {
        self.restore_as(id, Notify::ByRule);
    }

    pub(super) fn set_status(&mut self, id: AppointmentId, status: Status) {
        let moment = self.moment(id);
        let appointment = self.get_mut(id);
        appointment.notification =
            appointment.notification.status_set(appointment.status, status, moment);
        appointment.status = status;
        self.replan();
    }

    pub(super) fn let_in(&mut self, id: AppointmentId) {
        let now = self.now;
        let appointment = self.get_mut(id);
        appointment.notification = appointment.notification.let_in(now);
        self.replan();
    }

    /// The delivery of the `nth` sent message surely failed.
    pub(super) fn fail(&mut self, nth: usize) {
        let (id, now) = (self.sent[nth].id, self.now);
        for appointment in &mut self.appointments {
            appointment.notification = appointment.notification.delivery_failed(id, now);
        }
        self.replan();
    }

    pub(super) fn with_snapshot<T>(&self, look: impl FnOnce(&Snapshot<'_>) -> T) -> T {
        let other_zone = self.other_zone.as_ref().unwrap_or(&self.zone);
        let branches = [(1, &self.zone), (2, other_zone)].map(|(id, zone)| BranchRules {
            id: BranchId(id),
            zone,
            settings: &self.branch_settings,
        });
        look(&Snapshot {
            settings: &self.settings,
            branches: &branches,
            client: ClientRules {
                id: ClientId(1),
                phone: self.phone.as_ref(),
                switches: &self.switches,
                stopped: &self.stopped,
            },
            appointments: &self.appointments,
            existing: &self.rows,
            missed_before: None,
        })
    }

    pub(super) fn plan(&self) -> Plan {
        self.with_snapshot(|snapshot| plan(snapshot, self.now))
    }

    /// Plans, writes what is missing, and checks that planning again changes nothing.
    pub(super) fn replan(&mut self) {
        let plan = self.plan();
        self.apply(&plan);
        let again = self.plan();
        let changes = reconcile(&self.rows, &again);
        assert!(changes.is_empty(), "planning again changes: {changes:#?}");
        assert_eq!(plan.messages, again.messages);
    }

    pub(super) fn apply(&mut self, plan: &Plan) {
        let rows = self.rows.clone();
        let changes = reconcile(&rows, plan);
        for end in &changes.ended {
            let row = self.rows.iter_mut().find(|row| row.id == end.id).unwrap();
            row.state = match end.ended_as {
                EndedAs::Cancelled => ExistingState::Cancelled,
                EndedAs::Skipped => ExistingState::Skipped,
            };
            self.ended.push((row.kind, end.ended_as, end.reason));
        }
        for change in &changes.moved {
            let row = self.rows.iter_mut().find(|row| row.id == change.id).unwrap();
            *row = as_row(change.id, change.to);
        }
        for planned in &changes.insert {
            let live = |row: &ExistingMessage| {
                matches!(row.state, ExistingState::Planned | ExistingState::Submitted { .. })
                    && row.has_key(planned.subject, planned.kind, &planned.occasion)
            };
            assert!(!self.rows.iter().any(live), "two rows of one key: {planned:#?}");
            let id = MessageId(self.fresh_id());
            self.rows.push(as_row(id, planned));
        }
    }

    /// Lets time pass to a wall time.
    pub(super) fn until(&mut self, wall_time: &str) {
        self.until_instant(self.instant(wall_time));
    }

    pub(super) fn until_instant(&mut self, end: Timestamp) {
        loop {
            let due = self.rows.iter().filter(|row| row.is_open()).map(|row| row.due_at).min();
            let next = due.map(|due| due.max(self.now)).filter(|due| self.sender_up && *due <= end);
            let Some(next) = next else { break };
            self.now = next;
            self.dispatch();
        }
        self.now = self.now.max(end);
        self.replan();
    }

    /// Plans anew and submits the first message that is due.
    pub(super) fn dispatch(&mut self) {
        self.replan();
        let plan = self.plan();
        let due: Option<&PlannedMessage> = plan
            .messages
            .iter()
            .filter(|planned| planned.due_at <= self.now)
            .min_by_key(|planned| (planned.due_at, planned.class));
        let Some(planned) = due.cloned() else { return };
        assert!(self.now < planned.send_before, "sent too late: {planned:#?}");
        let row = self
            .rows
            .iter_mut()
            .find(|row| {
                row.is_open() && row.has_key(planned.subject, planned.kind, &planned.occasion)
            })
            .unwrap();
        row.state = ExistingState::Submitted { at: self.now };
        let message_id = row.id;
        let mut told = Vec::new();
        let mut news = false;
        for appointment in &mut self.appointments {
            if planned.covers.contains(&appointment.id) {
                let tells = (appointment.status != Status::Cancelled).then_some(&appointment.facts);
                let submission = Submission { kind: planned.kind, message_id, tells, at: self.now };
                news |= match (appointment.notification.known(&appointment.facts), tells) {
                    (Known::Facts(known), Some(facts)) => !tells_same(known, facts),
                    (Known::Gone, None) => false,
                    _ => true,
                };
                told.push((appointment.id, tells.cloned()));
                appointment.notification = appointment.notification.submitted(submission);
            }
        }
        self.sent.push(Sent { at: self.now, message: planned, id: message_id, told, news });
        self.replan();
    }

    /// `01.12 12:02 created`, in the order of sending.
    pub(super) fn log(&self) -> Vec<String> {
        self.sent.iter().map(|sent| self.line(sent.at, &sent.message)).collect()
    }

    /// The same of what is planned, by due time.
    pub(super) fn planned(&self) -> Vec<String> {
        let mut messages = self.plan().messages;
        messages.sort_by_key(|planned| (planned.due_at, planned.class));
        messages.iter().map(|planned| self.line(planned.due_at, planned)).collect()
    }

    fn line(&self, at: Timestamp, message: &PlannedMessage) -> String {
        let at = local(at, &self.zone).strftime("%d.%m %H:%M");
        let line = format!("{at} {} {}", message.kind.name(), message.variant.key());
        line.trim_end().to_owned()
    }

    /// The reasons why a kind is silent, by code.
    pub(super) fn reasons(&self, kind: NotificationKind) -> Vec<&'static str> {
        let silences = self.plan().silences.into_iter().filter(|silence| silence.kind == kind);
        silences.map(|silence| silence.reason.code()).collect()
    }

    fn fresh_id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }
}

fn as_row(id: MessageId, planned: &PlannedMessage) -> ExistingMessage {
    ExistingMessage {
        id,
        subject: planned.subject,
        kind: planned.kind,
        occasion: planned.occasion.clone(),
        variant: planned.variant,
        due_at: planned.due_at,
        send_before: planned.send_before,
        recipient: planned.recipient.clone(),
        covers: planned.covers.clone(),
        state: ExistingState::Planned,
    }
}
