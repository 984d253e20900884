//! The link of a branch to an external journal, and when it is asked for changes.

use super::fault::JournalFault;
use crate::ids::{BranchId, JournalLinkId, OrganizationId};
use jiff::{SignedDuration, Timestamp};

/// A poll that was begun and not finished is begun again after this.
const CLAIM: SignedDuration = SignedDuration::from_mins(2);
/// Hints come in swarms; one poll answers them all.
const BETWEEN_POLLS: SignedDuration = SignedDuration::from_secs(2);
const FAILURE_PAUSE_S: i64 = 30;
const FAILURE_PAUSE_MOST_S: i64 = 3600;

/// A branch whose appointments live in another journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLink {
    pub organization_id: OrganizationId,
    pub id: JournalLinkId,
    pub version: i64,
    pub branch_id: BranchId,
    /// Which connector: `yclients`, `altegio`.
    pub kind: String,
    /// The branch in the journal: without a colon.
    pub location_id: String,
    /// What the journal calls it.
    pub location_title: String,
    /// How far changes were taken in; the connector's own words. `None`: not yet once.
    pub cursor: Option<String>,
    /// When to ask next; `None` once it is unlinked.
    pub next_poll_at: Option<Timestamp>,
    /// Polls that failed one after another.
    pub failures: i64,
    pub last_contact_at: Option<Timestamp>,
    /// Why the last poll failed.
    pub fault: Option<JournalFault>,
    pub created_at: Timestamp,
    pub unlinked_at: Option<Timestamp>,
}

impl JournalLink {
    pub fn is_active(&self) -> bool {
        self.unlinked_at.is_none()
    }

    /// `active`, `failing` or `unlinked`.
    pub fn state(&self) -> &'static str {
        match (self.unlinked_at, self.fault) {
            (Some(_), _) => "unlinked",
            (None, Some(_)) => "failing",
            (None, None) => "active",
        }
    }

    /// The journal in which ids are unique; the same when the branch is linked again.
    pub fn journal(&self) -> String {
        format!("{}:{}", self.kind, self.location_id)
    }

    /// Under which external id a record's appointment is kept.
    pub fn external_id(&self, record_id: &str) -> String {
        format!("{}:{record_id}", self.journal())
    }

    /// The record of an appointment, if it is one of this journal.
    pub fn record_id<'a>(&self, external_id: &'a str) -> Option<&'a str> {
        external_id.strip_prefix(&self.journal())?.strip_prefix(':')
    }

    /// After a word from the journal that something has changed: it is asked soon. `None` if it is
    /// about to be asked anyway, so that a hundred hints cost one write; and after failures, whose pause
    /// no hint shortens: a journal that wants to be asked less tells of its changes all the same.
    #[must_use]
    pub fn hinted(&self, now: Timestamp) -> Option<JournalLink> {
        if self.failures > 0 {
            return None;
        }
        let rested = self.last_contact_at.map_or(now, |last| later(last, BETWEEN_POLLS).max(now));
        self.next_poll_at.filter(|next| *next > rested)?;
        Some(JournalLink { version: self.version + 1, next_poll_at: Some(rested), ..self.clone() })
    }

    /// A poll begins; killed in the midst of it, another begins after a while.
    #[must_use]
    pub fn claimed(&self, now: Timestamp) -> JournalLink {
        JournalLink {
            version: self.version + 1,
            next_poll_at: Some(later(now, CLAIM)),
            ..self.clone()
        }
    }

    /// A page was taken in. `self` is the row as it stands, `claim` as the poll claimed it: what was
    /// hinted meanwhile stays wanted.
    #[must_use]
    pub fn advanced(
        &self,
        claim: &JournalLink,
        cursor: String,
        next: Timestamp,
        now: Timestamp,
    ) -> JournalLink {
        let hinted = self.next_poll_at.filter(|_| self.next_poll_at != claim.next_poll_at);
        JournalLink {
            version: self.version + 1,
            cursor: Some(cursor),
            next_poll_at: Some(hinted.map_or(next, |hinted| hinted.min(next))),
            failures: 0,
            last_contact_at: Some(now),
            fault: None,
            ..self.clone()
        }
    }

    /// A poll failed: the next one waits longer each time.
    #[must_use]
    pub fn failed(&self, fault: JournalFault, now: Timestamp) -> JournalLink {
        let doublings = u32::try_from(self.failures.clamp(0, 10)).unwrap_or(0);
        let pause_s = (FAILURE_PAUSE_S << doublings).min(FAILURE_PAUSE_MOST_S);
        JournalLink {
            version: self.version + 1,
            failures: self.failures + 1,
            fault: Some(fault),
            next_poll_at: Some(later(now, SignedDuration::from_secs(pause_s))),
            ..self.clone()
        }
    }

    #[must_use]
    pub fn unlinked(&self, now: Timestamp) -> JournalLink {
        JournalLink {
            version: self.version + 1,
            next_poll_at: None,
            unlinked_at: Some(now),
            ..self.clone()
        }
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;

    fn now() -> Timestamp {
        "2026-03-02T06:00:00Z".parse().unwrap()
    }

    fn link() -> JournalLink {
        JournalLink {
            organization_id: OrganizationId(1),
            id: JournalLinkId(2),
            version: 1,
            branch_id: BranchId(3),
            kind: "yclients".to_owned(),
            location_id: "4564".to_owned(),
            location_title: "Стиль де Виль".to_owned(),
            cursor: None,
            next_poll_at: Some(now() + 5.minutes()),
            failures: 0,
            last_contact_at: None,
            fault: None,
            created_at: now(),
            unlinked_at: None,
        }
    }

    #[test]
    fn a_record_of_another_journal_is_none_of_this_one() {
        let link = link();
        assert_eq!(link.record_id(&link.external_id("77")), Some("77"));
        for other in ["yclients:45:77", "yclients:45645:77", "altegio:4564:77", "77", ""] {
            assert_eq!(link.record_id(other), None, "{other}");
        }
    }

    #[test]
    fn a_swarm_of_hints_makes_one_write_and_no_hail_of_polls() {
        let link = link();
        let hinted = link.hinted(now()).unwrap();
        assert_eq!(hinted.next_poll_at, Some(now()));
        assert_eq!(hinted.hinted(now()), None);
        let polled = JournalLink { last_contact_at: Some(now()), ..link };
        assert_eq!(polled.hinted(now()).unwrap().next_poll_at, Some(now() + 2.seconds()));
        assert_eq!(polled.unlinked(now()).hinted(now()), None);
    }

    #[test]
    fn a_hint_does_not_shorten_the_pause_after_a_failure() {
        let failed = link().failed(JournalFault::TooManyRequests, now());
        assert_eq!(failed.hinted(now() + 5.seconds()), None);
        let claim = failed.claimed(now() + 30.seconds());
        assert_eq!(claim.hinted(now() + 31.seconds()), None);
        let next = now() + 5.minutes();
        let asked = claim.advanced(&claim, "c".to_owned(), next, now() + 32.seconds());
        assert_eq!(
            asked.hinted(now() + 1.minute()).unwrap().next_poll_at,
            Some(now() + 1.minute())
        );
    }

    #[test]
    fn a_hint_during_a_poll_asks_for_another() {
        let claim = link().claimed(now());
        let next = now() + 5.minutes();
        let quiet = claim.advanced(&claim, "c".to_owned(), next, now() + 1.second());
        assert_eq!(quiet.next_poll_at, Some(next));
        let hinted = claim.hinted(now() + 1.second()).unwrap();
        let asked = hinted.advanced(&claim, "c".to_owned(), next, now() + 2.seconds());
        assert_eq!(asked.next_poll_at, Some(now() + 1.second()));
    }

    #[test]
    fn pauses_after_failures_grow_to_an_hour() {
        let mut link = link();
        let mut pauses = Vec::new();
        for _ in 0..9 {
            link = link.failed(JournalFault::Unreachable, now());
            pauses.push(link.next_poll_at.unwrap().duration_since(now()).as_secs());
        }
        assert_eq!(pauses, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!(link.state(), "failing");
    }
}
