//! What people do with the demo's salon in these ten days, beside what it has booked itself. Times are
//! Moscow's; visits are found by what they are, since a seed decides who comes.

use super::journal::{Edit, Handle, Journal};
use crate::http::Caller;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::cell::RefCell;
use std::rc::Rc;

type Deed = Box<dyn Fn(&Caller, &mut Journal, Timestamp)>;

/// A minute of March 2026 in Moscow: `02 09:07`.
fn moscow(minute: &str) -> Timestamp {
    let local: DateTime = format!("2026-03-{}", minute.replace(' ', "T")).parse().unwrap();
    local.to_zoned(TimeZone::get("Europe/Moscow").unwrap()).unwrap().timestamp()
}

/// A visit that a later line of the script comes back to.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Option<Handle>>>);

impl Kept {
    fn put(&self, handle: Handle) {
        *self.0.borrow_mut() = Some(handle);
    }

    fn get(&self) -> Handle {
        self.0.borrow().clone().unwrap()
    }
}

/// In order of time.
pub(crate) fn script() -> Vec<(Timestamp, Deed)> {
    let mut script: Vec<(Timestamp, Deed)> = Vec::new();
    let mut at = |minute: &str, deed: Deed| script.push((moscow(minute), deed));

    // N2 and N3, near and far, and in quiet hours.
    at(
        "02 09:07",
        book("client", "+79161000001", ("Ольга", "Женская стрижка", "2026-03-05T15:00")),
    );
    at("02 09:07", book("staff", "+79161000002", ("Марина", "Уход для волос", "2026-03-06T12:00")));
    at(
        "02 12:00",
        book("staff", "+79161000003", ("Алексей", "Мужская стрижка", "2026-03-02T20:00")),
    );
    at("02 23:10", book("client", "+79161000004", ("Юлия", "Педикюр", "2026-03-07T11:00")));
    at("02 23:20", book("staff", "+79161000005", ("Ирина", "Педикюр", "2026-03-09T09:30")));
    at(
        "08 10:00",
        book("client", "+79161000006", ("Светлана", "Детская стрижка", "2026-03-10T17:00")),
    );
    at(
        "08 10:01",
        book("staff", "+79161000006", ("Юлия", "Оформление бровей", "2026-03-10T18:30")),
    );

    // N4: each kind of change.
    at(
        "03 10:00",
        change("06", |_| true, |start| Edit { start: Some(day_later(start)), ..Edit::default() }),
    );
    at(
        "04 10:00",
        change("07", |_| true, |start| Edit { start: Some(day_later(start)), ..Edit::default() }),
    );
    at(
        "05 16:20",
        change("08", |_| true, |start| Edit { start: Some(day_later(start)), ..Edit::default() }),
    );
    let cut_by = |master: &'static str| {
        move |facts: &super::oracle::Facts| {
            facts.master == master && facts.services == ["Женская стрижка"]
        }
    };
    at(
        "03 11:00",
        change("06", cut_by("Ольга"), |_| Edit {
            master: Some("Марина"), ..Edit::default()
        }),
    );
    at(
        "04 11:00",
        change("07", cut_by("Ольга"), |_| Edit {
            master: Some("Марина"), ..Edit::default()
        }),
    );
    let more = Edit {
        services: Some(&["Маникюр с покрытием", "Оформление бровей"]),
        ..Edit::default()
    };
    let more = Rc::new(more);
    let manicure = |facts: &super::oracle::Facts| facts.services == ["Маникюр с покрытием"];
    for (minute, day) in [("03 12:00", "05"), ("04 12:00", "06")] {
        let more = Rc::clone(&more);
        at(
            minute,
            Box::new(move |api, journal, now| {
                let visit = journal.find(&format!("03-{day}"), manicure);
                journal.edit(api, now, &visit, &more);
            }),
        );
    }
    // Several things at once, by night: told in the morning.
    at(
        "05 22:40",
        change("08", cut_by("Ольга"), |start| Edit {
            start: Some(day_later(start)),
            master: Some("Марина"),
            ..Edit::default()
        }),
    );
    // Moved twice within the time to settle: once told; there and back: not told.
    let twice = Kept::default();
    let back = Kept::default();
    let kept = twice.clone();
    at(
        "06 13:00",
        Box::new(move |api, journal, now| {
            kept.put(journal.find("03-09", |_| true));
            let start = day_later(&journal.facts_of(&kept.get()).start);
            journal.edit(api, now, &kept.get(), &Edit { start: Some(start), ..Edit::default() });
        }),
    );
    let kept = twice;
    at(
        "06 13:01",
        Box::new(move |api, journal, now| {
            let start = day_later(&journal.facts_of(&kept.get()).start);
            journal.edit(api, now, &kept.get(), &Edit { start: Some(start), ..Edit::default() });
        }),
    );
    let kept = back.clone();
    at(
        "06 13:10",
        Box::new(move |api, journal, now| {
            kept.put(journal.find("03-10", |_| true));
            let start = day_later(&journal.facts_of(&kept.get()).start);
            journal.edit(api, now, &kept.get(), &Edit { start: Some(start), ..Edit::default() });
        }),
    );
    at(
        "06 13:11",
        Box::new(move |api, journal, now| {
            let start = day_earlier(&journal.facts_of(&back.get()).start);
            journal.edit(api, now, &back.get(), &Edit { start: Some(start), ..Edit::default() });
        }),
    );
    // «Не сообщать»: nothing goes, the reminders speak of the new time.
    at(
        "06 14:00",
        change(
            "11",
            |_| true,
            |start| Edit { start: Some(day_earlier(start)), silent: true, ..Edit::default() },
        ),
    );

    // N6: imported ones, one that was announced, one that is near, one that is brought back in time.
    at("03 15:00", cancel("05"));
    at("04 15:00", cancel("06"));
    at("07 15:00", cancel("09"));
    let announced = Kept::default();
    let kept = announced.clone();
    at(
        "05 12:00",
        Box::new(move |api, journal, now| {
            let what = ("Ольга", "Укладка", "2026-03-12T13:00");
            kept.put(journal.book(api, now, "staff", "+79161000007", what));
        }),
    );
    at("07 12:00", Box::new(move |api, journal, now| journal.cancel(api, now, &announced.get())));
    let near = Kept::default();
    let kept = near.clone();
    at(
        "06 11:00",
        Box::new(move |api, journal, now| {
            let what = ("Алексей", "Мужская стрижка", "2026-03-06T15:00");
            kept.put(journal.book(api, now, "client", "+79161000008", what));
        }),
    );
    at("06 14:50", Box::new(move |api, journal, now| journal.cancel(api, now, &near.get())));
    let saved = Kept::default();
    let kept = saved.clone();
    at(
        "07 16:00",
        Box::new(move |api, journal, now| {
            kept.put(journal.find("03-10", |_| true));
            journal.cancel(api, now, &kept.get());
        }),
    );
    at("07 16:01", Box::new(move |api, journal, now| journal.bring_back(api, now, &saved.get())));
    // Booked and cancelled before it was told.
    let never = Kept::default();
    let kept = never.clone();
    at(
        "08 11:00",
        Box::new(move |api, journal, now| {
            let what = ("Марина", "Укладка", "2026-03-11T13:00");
            kept.put(journal.book(api, now, "staff", "+79161000009", what));
        }),
    );
    at("08 11:01", Box::new(move |api, journal, now| journal.cancel(api, now, &never.get())));

    script.sort_by_key(|(at, _)| *at);
    script
}

fn book(
    source: &'static str,
    number: &'static str,
    what: (&'static str, &'static str, &'static str),
) -> Deed {
    Box::new(move |api, journal, now| {
        journal.book(api, now, source, number, what);
    })
}

/// Edits the first untouched visit from a day of March on that suits, by what it starts at.
fn change(
    day: &'static str,
    suits: impl Fn(&super::oracle::Facts) -> bool + 'static,
    edit: impl Fn(&str) -> Edit<'static> + 'static,
) -> Deed {
    Box::new(move |api, journal, now| {
        let visit = journal.find(&format!("03-{day}"), &suits);
        let start = journal.facts_of(&visit).start.clone();
        journal.edit(api, now, &visit, &edit(&start));
    })
}

fn cancel(day: &'static str) -> Deed {
    Box::new(move |api, journal, now| {
        let visit = journal.find(&format!("03-{day}"), |_| true);
        journal.cancel(api, now, &visit);
    })
}

fn day_later(start: &str) -> String {
    shifted(start, 1)
}

fn day_earlier(start: &str) -> String {
    shifted(start, -1)
}

fn shifted(start: &str, days: i64) -> String {
    use jiff::ToSpan;
    let moved = start.parse::<DateTime>().unwrap().checked_add(days.days()).unwrap();
    moved.strftime("%Y-%m-%dT%H:%M").to_string()
}
