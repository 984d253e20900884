//! Bookings of many clients at once, each repeated under one key until the server acknowledges it, as a
//! salon's own program would while the server comes and goes.

use crate::http::Caller;
use crate::independent_phone::{AirLine, Phone};
use crate::message_log::MessageLog;
use crate::process::Server;
use crate::salon::Salon;
use crate::waiting::{pause, wait_until};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const THREADS: usize = 4;
const BOOKINGS_A_DAY: usize = 10;
const LIMIT_S: u64 = 60;

pub(crate) struct Load<'a> {
    salon: &'a Salon,
    total: usize,
    /// Bookings up to this number may be made.
    allowed: AtomicUsize,
    given_up: AtomicBool,
    /// The database goes down now and then: a booking that is refused for that is made again.
    has_outages: bool,
    /// The appointments' ids by the number of the booking.
    acknowledged: Mutex<BTreeMap<usize, String>>,
}

/// The client of a booking.
pub(crate) fn phone_of(number: usize) -> String {
    format!("+7916{:07}", 1_230_000 + number)
}

/// A phone among kills. The app waits 5 s before it reconnects: twenty times less; a stream cut by a
/// kill is no fault. Its reports come twice, out of order or never, and every third text's last part
/// says «sent» after the receipt.
pub(crate) fn profile_under_kills(total: usize) -> Value {
    json!({
        "hurry": 20,
        "limits": { "short_stream_s": 0 },
        "patch": { "reorder": 0.2, "double": 0.2, "lose": 0.1 },
        "late_sent": (0..total).step_by(3).map(phone_of).collect::<Vec<_>>(),
    })
}

/// Its start: so many days ahead, and the time.
fn start_of(number: usize) -> (i64, String) {
    let (day, hour) = (number / BOOKINGS_A_DAY + 3, number % BOOKINGS_A_DAY + 9);
    (i64::try_from(day).unwrap(), format!("{hour:02}:00"))
}

impl<'a> Load<'a> {
    pub(crate) fn new(salon: &'a Salon, total: usize) -> Load<'a> {
        Load {
            salon,
            total,
            allowed: AtomicUsize::new(0),
            given_up: AtomicBool::new(false),
            has_outages: false,
            acknowledged: Mutex::default(),
        }
    }

    pub(crate) fn through_outages(self) -> Load<'a> {
        Load { has_outages: true, ..self }
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// Lets `more` further bookings be made; how many may be made now in all.
    pub(crate) fn allow(&self, more: usize) -> usize {
        self.allowed.fetch_add(more, Ordering::Relaxed) + more
    }

    /// Books from several threads while `meanwhile` runs; ends when every booking is acknowledged.
    pub(crate) fn run<T>(&self, meanwhile: impl FnOnce() -> T) -> T {
        /// Ends the threads when `meanwhile` fails.
        struct GiveUp<'a>(&'a AtomicBool);
        impl Drop for GiveUp<'_> {
            fn drop(&mut self) {
                if std::thread::panicking() {
                    self.0.store(true, Ordering::Relaxed);
                }
            }
        }
        std::thread::scope(|scope| {
            for first in 0..THREADS {
                scope
                    .spawn(move || (first..self.total).step_by(THREADS).for_each(|n| self.book(n)));
            }
            let _give_up = GiveUp(&self.given_up);
            meanwhile()
        })
    }

    fn book(&self, number: usize) {
        let step = Duration::from_millis(10);
        let goes_on = || !self.given_up.load(Ordering::Relaxed);
        while goes_on() && number >= self.allowed.load(Ordering::Relaxed) {
            pause(step);
        }
        let (day, time) = start_of(number);
        let body = self.salon.booking(&phone_of(number), day, &time);
        let api =
            self.salon.api.clone().with_header("Idempotency-Key", &format!("booking-{number}"));
        while goes_on() {
            // No answer: the booking may stand or not, the key makes asking again safe.
            let Ok(answer) = api.call("POST", "/api/v1/appointments", Some(&body)) else {
                pause(step);
                continue;
            };
            if self.has_outages && answer.is_unavailable() {
                pause(step);
                continue;
            }
            if answer.status != 201 {
                self.given_up.store(true, Ordering::Relaxed);
                panic!("booking {number}: {answer:?}");
            }
            let id = answer.body["id"].as_str().unwrap().to_owned();
            self.acknowledged.lock().unwrap().insert(number, id);
            return;
        }
    }

    /// Checks that each acknowledged booking exists as it was made, and no other of its client.
    pub(crate) fn check_bookings(&self) {
        let acknowledged = self.acknowledged.lock().unwrap();
        assert_eq!(acknowledged.len(), self.total);
        for (number, id) in &*acknowledged {
            let found = self.salon.api.get(&format!("/api/v1/appointments/{id}"));
            assert_eq!(found["status"], "waiting", "booking {number}: {found}");
            let (day, time) = start_of(*number);
            let start = format!("{}T{time}", self.salon.day(day));
            assert_eq!(found["start_local"], start, "booking {number}: {found}");
            let client = found["client_id"].as_str().unwrap();
            let path = format!("/api/v1/appointments?client_id={client}");
            let all = self.salon.api.get(&path)["items"].as_array().unwrap().clone();
            let ids: Vec<&str> = all.iter().map(|one| one["id"].as_str().unwrap()).collect();
            assert_eq!(ids, [id], "booking {number}: {all:#?}");
            let client = self.salon.api.get(&format!("/api/v1/clients/{client}"));
            assert_eq!(client["phone"], phone_of(*number), "booking {number}: {found}");
        }
    }

    /// Checks that what the phone has proven to the server is what the server shows.
    pub(crate) fn check_receipts(&self, phone: &Phone) {
        let ours: BTreeSet<String> = (0..self.total).map(phone_of).collect();
        let proven: BTreeSet<String> = &phone.delivered_to() & &ours;
        assert!(proven.len() > self.total / 2, "{proven:?}");
        let created = created_messages(&self.salon.api);
        let shown = created.iter().filter(|(_, message)| message["status"]["code"] == "delivered");
        let shown = &shown.map(|(phone, _)| phone.clone()).collect::<BTreeSet<String>>() & &ours;
        assert_eq!(shown, proven, "left: shown as delivered; right: reported");
    }

    /// To whom a try of «created» was made.
    pub(crate) fn tried(&self) -> usize {
        created_messages(&self.salon.api).values().filter(|item| item["text"].is_string()).count()
    }

    /// Checks that each client was told of the booking exactly once.
    pub(crate) fn check_air(&self, air: &[AirLine]) {
        let mut wrong = Vec::new();
        for number in 0..self.total {
            let phone = phone_of(number);
            let told = air.iter().filter(|line| line.phone_number == phone);
            let texts: Vec<&str> = told.map(|line| line.text.as_str()).collect();
            match texts.as_slice() {
                [text] if text.starts_with("Вы записаны ") => {}
                other => wrong.push(format!("{phone}: {other:?}")),
            }
        }
        assert!(wrong.is_empty(), "not told exactly once: {wrong:#?}");
    }
}

/// The messages «created» by their recipients, page by page.
pub(crate) fn created_messages(api: &Caller) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut path = "/api/v1/messages?kind=created&limit=200".to_owned();
    loop {
        let page = api.get(&path);
        for item in page["items"].as_array().unwrap() {
            found.insert(item["recipient"].as_str().unwrap().to_owned(), item.clone());
        }
        let Some(next) = page["next"].as_str() else { return found };
        path = format!("/api/v1/messages?kind=created&limit=200&before={next}");
    }
}

/// Checks that the client of each of the first `total` bookings was told once, or not at all with an
/// outcome that is unknown: the process died between its intent and the line. Asked of `later`, which
/// serves a while after them.
pub(crate) fn check_message_log(total: usize, log: &MessageLog, salon: &Salon, later: &Server) {
    let api = Caller { address: later.address.clone(), ..salon.api.clone() };
    let lines = log.lines();
    let mut untold = Vec::new();
    for phone in (0..total).map(phone_of) {
        let told = lines.iter().filter(|line| line.to == phone);
        let texts: Vec<&str> = told.map(|line| line.text.as_str()).collect();
        match texts.as_slice() {
            [text] if text.starts_with("Вы записаны ") => {}
            [] => untold.push(phone),
            other => panic!("{phone}: {other:?}"),
        }
    }
    // A process takes a lane of a few with it; one that sends nothing at all would lose most.
    assert!(untold.len() < total / 2, "not told: {untold:?}");
    wait_until(
        &format!("{untold:?} stand as «исход неизвестен»"),
        LIMIT_S,
        || {
            let created = created_messages(&api);
            let outcome = |phone: &String| created.get(phone).map(|one| &one["status"]["code"]);
            untold.iter().all(|phone| outcome(phone).is_some_and(|code| code == "unknown"))
        },
    );
}
