//! What every use case is given: the store, the time, chance, and who asks.

use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use vestnik_domain::access::{Actor, Role};
use vestnik_domain::ids::OrganizationId;
use vestnik_domain::sender::Channel;
use vestnik_store::Store;

use crate::appointments::offer::Offers;
use crate::error::AppError;
use crate::journals::connector::JournalConnector;
use crate::nodes::Standing;
use crate::outbound::{NoCarriers, Outbound};

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
    /// The clock of leases, timeouts and phone contact: never virtual outside simulation.
    liveness: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    key: Arc<InstanceKey>,
    /// Where clients and phones reach us, without a trailing slash.
    public_address: Arc<str>,
    /// Do texts carry links to visits' pages? Only where clients can open them.
    links: bool,
    /// The kinds of external journals that branches can be linked to.
    journals: Arc<[Arc<dyn JournalConnector>]>,
    last_id: Arc<AtomicI64>,
    offers: Arc<Offers>,
    /// The way out to the carriers that we call.
    outbound: Arc<dyn Outbound>,
    /// This process as a node; `None` for commands and tests that are none, which may send.
    standing: Option<Arc<Standing>>,
}

/// The secret of this installation, kept outside the database; every node has the same. The keys of
/// phones are derived from it, so no backup holds them.
pub struct InstanceKey(pub [u8; 32]);

impl InstanceKey {
    /// A secret that only this installation can make again: lower-case hex of 32 bytes.
    pub fn derived_secret(&self, purpose: &str, subject: &str) -> String {
        use hmac::{Hmac, KeyInit, Mac};
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<sha2::Sha256>::new_from_slice(&self.0) else {
            return String::new();
        };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(subject.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

impl App {
    pub fn new(store: Store, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> App {
        let mut key = [0u8; 32];
        entropy.fill(&mut key);
        App {
            store,
            liveness: Arc::clone(&clock),
            clock,
            entropy,
            key: Arc::new(InstanceKey(key)),
            public_address: Arc::from("http://127.0.0.1:8080"),
            links: false,
            journals: Arc::from(Vec::new()),
            last_id: Arc::new(AtomicI64::new(0)),
            offers: Arc::default(),
            outbound: Arc::new(NoCarriers),
            standing: None,
        }
    }

    /// With a way out to the carriers that we call.
    #[must_use]
    pub fn with_outbound(mut self, outbound: Arc<dyn Outbound>) -> App {
        self.outbound = outbound;
        self
    }

    pub(crate) fn outbound(&self) -> &dyn Outbound {
        &*self.outbound
    }

    /// What organizations offer, remembered.
    pub(crate) fn offers(&self) -> &Offers {
        &self.offers
    }

    /// Can senders of this channel send from here?
    pub fn serves(&self, channel: Channel) -> bool {
        channel.is_pull() || self.outbound.serves(channel)
    }

    /// As a node: it sends only as long as its heartbeat counts.
    #[must_use]
    pub(crate) fn with_standing(mut self, standing: Arc<Standing>) -> App {
        self.standing = Some(standing);
        self
    }

    /// This process as a node.
    pub fn standing(&self) -> Option<&Arc<Standing>> {
        self.standing.as_ref()
    }

    /// May bytes leave at this moment?
    pub(crate) fn may_send(&self) -> bool {
        self.standing.as_ref().is_none_or(|standing| standing.may_send(self.liveness_now()))
    }

    /// Is the installation held after a restore?
    pub(crate) fn is_held(&self) -> bool {
        self.standing.as_ref().is_some_and(|standing| standing.is_held())
    }

    /// With the installation's own key; without it every start has a new one.
    #[must_use]
    pub fn with_key(mut self, key: InstanceKey) -> App {
        self.key = Arc::new(key);
        self
    }

    /// With the address that clients and phones reach us by.
    #[must_use]
    pub fn with_public_address(mut self, address: &str) -> App {
        self.public_address = Arc::from(address.trim_end_matches('/'));
        self
    }

    /// Where clients and phones reach us, without a trailing slash.
    pub fn public_address(&self) -> &str {
        &self.public_address
    }

    /// With links to visits' pages in texts: clients can open the public address.
    #[must_use]
    pub fn with_links(mut self) -> App {
        self.links = true;
        self
    }

    /// With kinds of external journals.
    #[must_use]
    pub fn with_journals(mut self, journals: Vec<Arc<dyn JournalConnector>>) -> App {
        self.journals = Arc::from(journals);
        self
    }

    /// The connector of a kind.
    pub(crate) fn journal(&self, kind: &str) -> Option<Arc<dyn JournalConnector>> {
        self.journals.iter().find(|journal| journal.kind() == kind).cloned()
    }

    /// The kinds that branches can be linked to.
    pub(crate) fn journal_kinds(&self) -> Vec<&'static str> {
        self.journals.iter().map(|journal| journal.kind()).collect()
    }

    pub(crate) fn has_links(&self) -> bool {
        self.links
    }

    /// The address of a visit's page.
    pub(crate) fn visit_address(&self, token: &str) -> String {
        format!("{}/v/{token}", self.public_address)
    }

    /// With a clock for leases and contact that is not the business clock.
    #[must_use]
    pub fn with_liveness(mut self, liveness: Arc<dyn Clock>) -> App {
        self.liveness = liveness;
        self
    }

    /// With a business clock that is not the one of leases and contact.
    #[must_use]
    pub fn with_business_clock(mut self, clock: Arc<dyn Clock>) -> App {
        self.clock = clock;
        self
    }

    /// Now by the clock of contact and leases.
    pub fn liveness_now(&self) -> Timestamp {
        let now = self.liveness.now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    pub(crate) fn key(&self) -> &InstanceKey {
        &self.key
    }

    /// See [`InstanceKey::derived_secret`].
    pub fn derived_secret(&self, purpose: &str, subject: &str) -> String {
        self.key.derived_secret(purpose, subject)
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
            match self.last_id.compare_exchange_weak(
                previous,
                id,
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
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
    /// Vestnik itself, acting for an organization.
    pub(crate) fn system(organization_id: OrganizationId) -> Caller {
        Caller { organization_id, role: Role::Owner, actor: Actor::System }
    }

    /// Settings, users and tokens are the owner's.
    pub fn need_owner(&self) -> Result<(), AppError> {
        match self.role {
            Role::Owner => Ok(()),
            Role::Administrator => Err(AppError::OwnerNeeded),
        }
    }
}
