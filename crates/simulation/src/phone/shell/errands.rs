//! Calls that the app has yet to make. It keeps each until it is done, over failures and restarts, and
//! gives up where the app gives up.

use std::collections::BTreeMap;

use crate::phone::moment::{Moment, Wait};
use crate::phone::wire::reports::MessageReport;

const MAX_DOUBLINGS: u32 = 14;
const FIRST_RETRY_MS: u64 = 10_000;
const FIRST_WEBHOOK_RETRY_MS: u64 = 5_000;
const REPORT_TRIES: u32 = 10;
/// A pull is asked for by so many things that a longer wait would mean nothing.
const MAX_PULL_DOUBLINGS: u32 = 6;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Errand {
    Pull,
    ReadSettings,
    ReadWebhooks,
    Report(MessageReport),
    Post(WebhookPost),
}

/// One event for one webhook; the bytes are the same at every try.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WebhookPost {
    pub(super) event: &'static str,
    pub(super) url: String,
    pub(super) body: Vec<u8>,
}

#[derive(Debug)]
struct Waiting {
    errand: Errand,
    tries: u32,
    due: Wait,
    is_running: bool,
}

pub(super) type ErrandId = u64;

#[derive(Debug, Default)]
pub(super) struct Errands {
    next_id: ErrandId,
    waiting: BTreeMap<ErrandId, Waiting>,
}

impl Errands {
    /// To be done now. A pull that waits already is only hastened: two would bring the same.
    pub(super) fn ask(&mut self, errand: Errand, now: Moment) {
        let due = now.after_ms(0);
        if matches!(errand, Errand::Pull | Errand::ReadSettings | Errand::ReadWebhooks)
            && let Some(same) =
                self.waiting.values_mut().find(|one| !one.is_running && one.errand == errand)
        {
            same.due = due;
            return;
        }
        self.next_id += 1;
        self.waiting.insert(self.next_id, Waiting { errand, tries: 0, due, is_running: false });
    }

    /// What is due, and runs from now on. Reports run side by side, in no order; of everything else one
    /// at a time.
    pub(super) fn start_due(&mut self, now: Moment) -> Vec<(ErrandId, Errand)> {
        let mut started: Vec<(ErrandId, Errand)> = Vec::new();
        let ids: Vec<ErrandId> = self.waiting.keys().copied().collect();
        for id in ids {
            let blocked = self.waiting.get(&id).is_none_or(|one| {
                let alone = !matches!(one.errand, Errand::Report(_));
                let kind = std::mem::discriminant(&one.errand);
                let runs = |other: &Waiting| {
                    other.is_running && std::mem::discriminant(&other.errand) == kind
                };
                one.is_running || !one.due.is_over(now) || alone && self.waiting.values().any(runs)
            });
            if let Some(one) = self.waiting.get_mut(&id).filter(|_| !blocked) {
                one.is_running = true;
                started.push((id, one.errand.clone()));
            }
        }
        started
    }

    pub(super) fn done(&mut self, id: ErrandId) {
        self.waiting.remove(&id);
    }

    /// Says whether the app gives up; otherwise it tries again later.
    pub(super) fn failed(&mut self, id: ErrandId, webhook_tries: u32, now: Moment) -> bool {
        let Some(one) = self.waiting.get_mut(&id) else {
            return true;
        };
        one.is_running = false;
        one.tries = one.tries.saturating_add(1);
        let (most_tries, first_ms, doublings) = match one.errand {
            Errand::Report(_) => (REPORT_TRIES, FIRST_RETRY_MS, MAX_DOUBLINGS),
            Errand::Post(_) => (webhook_tries, FIRST_WEBHOOK_RETRY_MS, MAX_DOUBLINGS),
            _ => (u32::MAX, FIRST_RETRY_MS, MAX_PULL_DOUBLINGS),
        };
        if one.tries >= most_tries {
            self.waiting.remove(&id);
            return true;
        }
        one.due = now.after_ms(first_ms << (one.tries - 1).min(doublings));
        false
    }

    /// The app was stopped: what ran did not end, as far as it knows.
    pub(super) fn nothing_runs(&mut self) {
        for one in self.waiting.values_mut() {
            one.is_running = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(elapsed_ms: u64) -> Moment {
        Moment { clock: jiff::Timestamp::UNIX_EPOCH, elapsed_ms }
    }

    fn post(url: &str) -> Errand {
        Errand::Post(WebhookPost { event: "sms:received", url: url.to_owned(), body: vec![] })
    }

    fn report() -> Errand {
        Errand::Report(MessageReport {
            id: "m1".to_owned(),
            state: crate::phone::wire::reports::ReportedState::Sent,
            recipients: vec![],
            reached: vec![],
        })
    }

    fn started(errands: &mut Errands, elapsed_ms: u64) -> Vec<Errand> {
        errands.start_due(at(elapsed_ms)).into_iter().map(|(_, errand)| errand).collect()
    }

    #[test]
    fn a_pull_under_way_is_followed_by_one_more_and_not_by_two() {
        let mut errands = Errands::default();
        errands.ask(Errand::Pull, at(0));
        errands.ask(Errand::Pull, at(0));
        assert_eq!(started(&mut errands, 0), [Errand::Pull]);
        errands.ask(Errand::Pull, at(0));
        errands.ask(Errand::Pull, at(0));
        assert_eq!(started(&mut errands, 0), [], "one runs");
        errands.done(1);
        assert_eq!(started(&mut errands, 0), [Errand::Pull]);
        errands.done(2);
        assert_eq!(started(&mut errands, 0), []);
    }

    #[test]
    fn reports_run_side_by_side_and_webhooks_one_by_one() {
        let mut errands = Errands::default();
        for errand in [post("a"), report(), post("b"), report()] {
            errands.ask(errand, at(0));
        }
        assert_eq!(started(&mut errands, 0), [post("a"), report(), report()]);
        assert!(!errands.failed(1, 15, at(0)));
        assert_eq!(started(&mut errands, 0), [post("b")], "the failed one waits for its retry");
        errands.nothing_runs();
        assert_eq!(started(&mut errands, 0).len(), 3);
    }

    #[test]
    fn waits_double_and_the_app_gives_up_where_it_does() {
        for (errand, waits_s) in
            [(report(), vec![10, 20, 40, 80, 160, 320, 640, 1280, 2560]), (post("a"), vec![5, 10])]
        {
            let mut errands = Errands::default();
            errands.ask(errand, at(0));
            let mut now_ms = 0;
            for wait_s in waits_s {
                assert_eq!(started(&mut errands, now_ms).len(), 1);
                assert!(!errands.failed(1, 3, at(now_ms)));
                now_ms += wait_s * 1000;
                assert_eq!(started(&mut errands, now_ms - 1), []);
            }
            assert_eq!(started(&mut errands, now_ms).len(), 1);
            assert!(errands.failed(1, 3, at(now_ms)));
            assert_eq!(started(&mut errands, now_ms * 1000), []);
        }
    }

    #[test]
    fn an_event_hastens_a_pull_that_waits_for_its_retry() {
        let mut errands = Errands::default();
        errands.ask(Errand::Pull, at(0));
        errands.start_due(at(0));
        errands.failed(1, 15, at(0));
        assert_eq!(started(&mut errands, 1), []);
        errands.ask(Errand::Pull, at(2));
        assert_eq!(started(&mut errands, 2), [Errand::Pull]);
    }
}
