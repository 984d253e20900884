//! What every use case is given: the store, the time, chance, and who asks.

use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use vestnik_domain::access::{Actor, Role};
use vestnik_domain::ids::OrganizationId;
use vestnik_store::Store;

use crate::error::AppError;

/// Business time: the system's, or a virtual one for trying out.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// A source of unguessable bytes; seeded in simulations.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// Everything that use cases need; cheap to clone.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    last_id: Arc<AtomicI64>,
}

impl App {
    pub fn new(store: Store, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> App {
        App { store, clock, entropy, last_id: Arc::new(AtomicI64::new(0)) }
    }

    /// Now, to the microsecond: what the database keeps, so that a value reads back as it was.
    pub fn now(&self) -> Timestamp {
        let now = self.clock.now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// A new id: ordered by time, unique over all nodes but for a chance of one in four million
    /// within one millisecond, in which the insert conflicts and is decided again.
    pub fn new_id(&self) -> i64 {
        let now_ms = self.now().as_millisecond();
        let mut bytes = [0u8; 4];
        self.entropy.fill(&mut bytes);
        let entropy = u32::from_le_bytes(bytes);
        let mut previous = self.last_id.load(Ordering::Relaxed);
        loop {
            let id = vestnik_domain::ids::next(previous, now_ms, entropy);
            match self.last_id.compare_exchange_weak(previous, id, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return id,
                Err(seen) => previous = seen,
            }
        }
    }

    /// Unguessable bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0u8; N];
        self.entropy.fill(&mut bytes);
        bytes
    }
}

/// Who asks, after sign-in: every use case is scoped by this organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub organization_id: OrganizationId,
    pub role: Role,
    pub actor: Actor,
}

impl Caller {
    /// Settings, users and tokens are the owner's.
    pub fn need_owner(&self) -> Result<(), AppError> {
        match self.role {
            Role::Owner => Ok(()),
            Role::Administrator => Err(AppError::OwnerNeeded),
        }
    }
}
