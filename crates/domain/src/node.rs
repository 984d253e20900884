//! The processes that serve one database, and whether they may send.
//!
//! A database that was restored, copied or rewound does not know what went out since; sending from it
//! would tell clients things twice. So each node keeps, in a file outside the database, how far it
//! had come ([`Sidecar`]). A database that lies behind that, or that nobody knows, wakes held: nothing
//! is sent until a person lets it go.

mod clock_watch;

pub use clock_watch::{ClockVerdict, ClockWatch};

use crate::ids::{NodeId, OrganizationId, SenderId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vestnik_template::Language;

/// The mark of an installation in its database: one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    pub version: i64,
    /// Made by chance with the database; a copy carries the same.
    pub name: String,
    /// Grows each time that it is let go.
    pub epoch: i64,
    pub made_at: Timestamp,
    pub held: Option<Held>,
    /// When it was let go last: what had fallen due by then was skipped.
    pub let_go_at: Option<Timestamp>,
}

/// Nothing is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub since: Timestamp,
    pub because: HeldReason,
}

/// Why a database was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldReason {
    /// It was restored by command.
    Restored,
    /// This node knows it from no earlier run, and no other node is serving it.
    Unknown,
    /// This node served another database before.
    Foreign,
    /// This node had come further than the database knows.
    Rewound,
}

impl HeldReason {
    pub const ALL: [HeldReason; 4] =
        [HeldReason::Restored, HeldReason::Unknown, HeldReason::Foreign, HeldReason::Rewound];

    /// The code of API, columns and logs.
    pub fn name(self) -> &'static str {
        match self {
            HeldReason::Restored => "restored",
            HeldReason::Unknown => "unknown",
            HeldReason::Foreign => "foreign",
            HeldReason::Rewound => "rewound",
        }
    }

    pub fn parse(name: &str) -> Option<HeldReason> {
        HeldReason::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// In plain words, one phrase without a full stop.
    pub fn message(self, language: Language) -> &'static str {
        match (self, language) {
            (HeldReason::Restored, Language::Russian) => "база восстановлена из копии",
            (HeldReason::Restored, Language::English) => "the database was restored from a copy",
            (HeldReason::Unknown, Language::Russian) => {
                "эта база здесь ещё не работала: похоже, это копия"
            }
            (HeldReason::Unknown, Language::English) => {
                "this database was never served from here: it looks like a copy"
            }
            (HeldReason::Foreign, Language::Russian) => "раньше здесь работала другая база",
            (HeldReason::Foreign, Language::English) => {
                "another database was served from here before"
            }
            (HeldReason::Rewound, Language::Russian) => {
                "база старее, чем то, что отсюда уже отправлялось"
            }
            (HeldReason::Rewound, Language::English) => {
                "the database is older than what was already sent from here"
            }
        }
    }
}

/// A process that serves the database. Its version is its heartbeat: it grows with each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub id: NodeId,
    pub version: i64,
    pub started_at: Timestamp,
    /// By the clock of liveness; until then it is alive, and drives the senders that it leased.
    pub expires_at: Timestamp,
}

/// What a node remembers outside the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sidecar {
    /// [`Instance::name`].
    pub instance: String,
    /// [`Instance::epoch`].
    pub epoch: i64,
    pub node_id: NodeId,
    /// The newest heartbeat that was committed.
    pub beat: i64,
}

/// What a node finds when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// Nobody has served this database yet.
    New,
    /// It served it before, and nothing is missing.
    Returns,
    /// It is new here; others serve the database, or it was let go since this node was last here.
    Joins,
    /// Nothing may be sent.
    Held(HeldReason),
}

/// Decides what a node that starts with `sidecar` may do. `own` is the row of the sidecar's node,
/// `others_alive` whether another node's heartbeat is younger than a lease.
pub fn arrive(
    sidecar: Option<&Sidecar>,
    instance: Option<&Instance>,
    own: Option<&Node>,
    others_alive: bool,
) -> Arrival {
    let Some(instance) = instance else { return Arrival::New };
    let Some(sidecar) = sidecar else {
        return if others_alive { Arrival::Joins } else { Arrival::Held(HeldReason::Unknown) };
    };
    if sidecar.instance != instance.name {
        return Arrival::Held(HeldReason::Foreign);
    }
    if sidecar.epoch < instance.epoch {
        return Arrival::Joins;
    }
    let has_come_as_far = own.is_some_and(|own| own.version >= sidecar.beat);
    if sidecar.epoch > instance.epoch || !has_come_as_far {
        return Arrival::Held(HeldReason::Rewound);
    }
    Arrival::Returns
}

/// The right of one node to drive a sender that we call. Its version is the fence: it grows with
/// each change of hands, and every intent expects it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderLease {
    pub organization_id: OrganizationId,
    pub sender_id: SenderId,
    pub version: i64,
    /// `None` after it was handed back.
    pub node_id: Option<NodeId>,
    pub taken_at: Timestamp,
}

/// May a node take a lease that another one holds? Only once that one has surely stopped: its
/// heartbeat is over by more than the difference of two clocks.
pub fn is_over(holder: Option<&Node>, now: Timestamp) -> bool {
    let margin = jiff::SignedDuration::from_secs(2);
    holder
        .is_none_or(|holder| holder.expires_at.checked_add(margin).unwrap_or(Timestamp::MAX) <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn instance(epoch: i64) -> Instance {
        Instance {
            version: 1,
            name: "a".to_owned(),
            epoch,
            made_at: at(0),
            held: None,
            let_go_at: None,
        }
    }

    fn sidecar(instance: &str, epoch: i64, beat: i64) -> Sidecar {
        Sidecar { instance: instance.to_owned(), epoch, node_id: NodeId(7), beat }
    }

    fn node(beat: i64) -> Node {
        Node { id: NodeId(7), version: beat, started_at: at(0), expires_at: at(15) }
    }

    #[test]
    fn what_a_node_finds() {
        use Arrival::{Held, Joins, New, Returns};
        use HeldReason::{Foreign, Rewound, Unknown};
        let (known, ahead) = (sidecar("a", 2, 40), sidecar("a", 3, 1));
        let cases = [
            (None, None, None, false, New),
            // A new file in the place of a lost one has nothing that could be sent twice.
            (Some(&known), None, None, false, New),
            (None, Some(2), None, true, Joins),
            (None, Some(2), None, false, Held(Unknown)),
            (Some(&known), Some(2), Some(40), false, Returns),
            // Killed between the heartbeat and the file.
            (Some(&known), Some(2), Some(41), false, Returns),
            (Some(&known), Some(2), Some(39), true, Held(Rewound)),
            (Some(&known), Some(2), None, true, Held(Rewound)),
            (Some(&ahead), Some(2), Some(40), true, Held(Rewound)),
            // Let go while this node was away: what it knew is over.
            (Some(&known), Some(3), None, false, Joins),
            (Some(&known), Some(3), Some(2), false, Joins),
        ];
        for (sidecar, epoch, beat, others, expected) in cases {
            let (instance, own) = (epoch.map(instance), beat.map(node));
            let found = arrive(sidecar, instance.as_ref(), own.as_ref(), others);
            assert_eq!(found, expected, "{sidecar:?} {epoch:?} {beat:?} {others}");
        }
        let foreign = sidecar("b", 2, 1);
        let found = arrive(Some(&foreign), Some(&instance(2)), Some(&node(40)), true);
        assert_eq!(found, Held(Foreign));
    }

    #[test]
    fn a_lease_is_taken_over_only_when_its_node_has_surely_stopped() {
        assert!(is_over(None, at(0)));
        assert!(!is_over(Some(&node(1)), at(15)));
        assert!(!is_over(Some(&node(1)), at(16)));
        assert!(is_over(Some(&node(1)), at(17)));
    }

    #[test]
    fn reasons_read_back() {
        for reason in HeldReason::ALL {
            assert_eq!(HeldReason::parse(reason.name()), Some(reason));
        }
    }
}
