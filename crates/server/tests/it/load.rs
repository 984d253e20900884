//! Bookings of many clients at once, each repeated under one key until the server acknowledges it, as a
//! salon's own program would while the server comes and goes.

use crate::independent_phone::AirLine;
use crate::message_log::MessageLog;
use crate::salon::Salon;
use crate::waiting::pause;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const THREADS: usize = 4;
const BOOKINGS_A_DAY: usize = 10;

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
        let (day, hour) = (number / BOOKINGS_A_DAY + 3, number % BOOKINGS_A_DAY + 9);
        let time = format!("{hour:02}:00");
        let body = self.salon.booking(&phone_of(number), i64::try_from(day).unwrap(), &time);
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
            let client = found["client_id"].as_str().unwrap();
            let client = self.salon.api.get(&format!("/api/v1/clients/{client}"));
            assert_eq!(client["phone"], phone_of(*number), "booking {number}: {found}");
        }
    }

    /// Checks that nobody was told twice, and that of whoever was not told a try is known: the process
    /// died between its intent and the line.
    pub(crate) fn check_message_log(&self, log: &MessageLog) {
        let lines = log.lines();
        let tried = self.tried();
        for number in 0..self.total {
            let phone = phone_of(number);
            let told = lines.iter().filter(|line| line.to == phone);
            let texts: Vec<&str> = told.map(|line| line.text.as_str()).collect();
            match texts.as_slice() {
                [text] if text.starts_with("Вы записаны ") => {}
                [] => assert!(tried.contains(&phone), "{phone} was forgotten"),
                other => panic!("{phone}: {other:?}"),
            }
        }
    }

    /// To whom a try of «created» was made, page by page.
    pub(crate) fn tried(&self) -> BTreeSet<String> {
        let mut tried = BTreeSet::new();
        let mut path = "/api/v1/messages?kind=created&limit=200".to_owned();
        loop {
            let page = self.salon.api.get(&path);
            let items = page["items"].as_array().unwrap().iter();
            let with_text = items.filter(|item| item["text"].is_string());
            tried.extend(with_text.map(|item| item["recipient"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { return tried };
            path = format!("/api/v1/messages?kind=created&limit=200&before={next}");
        }
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
