//! A business clock for trying things out: it stands still between calls and only goes forward, from
//! one due time to the next, so that nothing that falls due on the way is passed over.

use crate::context::{App, Clock};
use crate::error::AppError;
use crate::sending::{all_buckets, drive, route, sweep};
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicI64, Ordering};
use vestnik_domain::ids::SenderId;
use vestnik_domain::pace::{Admission, PaceState, admit};

/// The longest single walk.
const WALK_MOST_S: i64 = 366 * 86_400;

/// How far into a lane the clock looks for something that does not rest.
const LANE_LOOK: i64 = 50;

/// Business time that stands still.
#[derive(Debug)]
pub struct VirtualClock {
    now_us: AtomicI64,
}

impl VirtualClock {
    pub fn starting_at(from: Timestamp) -> VirtualClock {
        VirtualClock { now_us: AtomicI64::new(from.as_microsecond()) }
    }

    fn set(&self, to: Timestamp) {
        self.now_us.fetch_max(to.as_microsecond(), Ordering::SeqCst);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let now_us = self.now_us.load(Ordering::SeqCst);
        Timestamp::from_microsecond(now_us).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// What still moves at the present instant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stirring {
    /// Senders that were given something, or could be, and have not finished.
    pub waiting: Vec<SenderId>,
    /// When pace, limit or hours next let a waiting message through.
    next_admission: Option<Timestamp>,
}

/// How far a walk of `advance_s` seconds leads.
///
/// # Errors
/// A field error for a walk backwards or of more than a year.
pub fn target(clock: &VirtualClock, advance_s: i64) -> Result<Timestamp, AppError> {
    if !(0..=WALK_MOST_S).contains(&advance_s) {
        return Err(AppError::field(
            "advance_s",
            "out_of_range",
            "Часы идут только вперёд, не больше чем на год",
            "must be 0 to 31622400; the clock only goes forward",
        ));
    }
    Ok(clock.now().checked_add(SignedDuration::from_secs(advance_s)).unwrap_or(Timestamp::MAX))
}

/// Does everything that is due at the present instant and needs no phone.
pub async fn do_what_is_due(app: &App) -> Result<(), AppError> {
    loop {
        let moved = crate::messages::sweep::run_once(app).await?
            + route::run_once(app).await?
            + drive::run_once(app).await?
            + sweep::run_once(app).await?;
        if moved == 0 {
            return Ok(());
        }
    }
}

/// What phones still have to fetch or report. What waits by pace or limit does not count.
pub async fn stirring(app: &App) -> Result<Stirring, AppError> {
    let now = app.now();
    let mut stirring = Stirring::default();
    // Before the lanes and after them: a phone may fetch what waits in a lane between two reads, or give
    // back what it was given, and then it stands in neither at its turn.
    note_in_flight(app, &mut stirring).await?;
    for (organization, sender_id) in app.store.senders_with_lanes(&all_buckets()).await? {
        let Some(sender) = app.store.sender(organization, sender_id).await? else { continue };
        let pace = app
            .store
            .pace_state(organization, sender_id)
            .await?
            .unwrap_or_else(|| PaceState::new(organization, sender_id, &sender.zone, now));
        let lane = app.store.lane(organization, sender_id, LANE_LOOK).await?;
        let rests_until = lane.iter().map(|message| message.retry_at.unwrap_or(now)).min();
        match admit(&sender, &pace, 1, now) {
            Admission::Now(_) if rests_until.is_some_and(|at| now < at) => {
                let earliest = [stirring.next_admission, rests_until].into_iter().flatten().min();
                stirring.next_admission = earliest;
            }
            Admission::Now(_) => stirring.note(sender_id),
            Admission::Wait { until, .. } => {
                let earliest = [stirring.next_admission, until].into_iter().flatten().min();
                stirring.next_admission = earliest;
            }
        }
    }
    note_in_flight(app, &mut stirring).await?;
    Ok(stirring)
}

async fn note_in_flight(app: &App, stirring: &mut Stirring) -> Result<(), AppError> {
    for (_, sender) in app.store.senders_in_flight(&all_buckets()).await? {
        stirring.note(sender);
    }
    Ok(())
}

impl Stirring {
    pub fn is_quiet(&self) -> bool {
        self.waiting.is_empty()
    }

    fn note(&mut self, sender: SenderId) {
        if !self.waiting.contains(&sender) {
            self.waiting.push(sender);
        }
    }
}

/// Goes to the next instant at which something falls due, at most to `target`; `false` once there.
pub async fn step(
    app: &App,
    clock: &VirtualClock,
    stirring: &Stirring,
    target: Timestamp,
) -> Result<bool, AppError> {
    let now = clock.now();
    if now >= target {
        return Ok(false);
    }
    let next = app.store.next_due(&all_buckets(), now).await?;
    let next = [next, stirring.next_admission.filter(|at| *at > now), Some(target)];
    let next = next.into_iter().flatten().min().unwrap_or(target);
    clock.set(next.min(target));
    Ok(true)
}
