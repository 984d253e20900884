//! What is on the disk when the process dies: everything that was acknowledged, and of a commit
//! that was cut short nothing. And only one process at a time has the file.

use crate::open;
use jiff::ToSpan;
use jiff::civil::date;
use std::path::Path;
use vestnik_domain::ids::OrganizationId;
use vestnik_store::{ChangeSet, Store};
use vestnik_store_sqlite::{OpenError, SqliteEngine};
use vestnik_testkit::{Chance, Salon, a_monday_morning, tempdir};

/// A change-set that inserts an appointment and raises the day's guard from `booked`; the two must
/// never be seen apart.
pub(crate) fn book(salon: &mut Salon, booked: i64) -> ChangeSet {
    let appointment = salon.appointment(a_monday_morning() + 1.hour());
    let raised = salon.staff_day(date(2026, 3, 2), booked + 1);
    let mut change_set = ChangeSet::new();
    change_set.insert(&appointment);
    match booked {
        0 => change_set.insert(&raised),
        version => change_set.update(&raised, version),
    };
    change_set
}

/// The number of bookings, after checking that guard and appointments say the same.
pub(crate) async fn bookings_agree(store: &Store, salon: &Salon) -> i64 {
    let day = date(2026, 3, 2);
    let guard = store.staff_day(salon.id(), salon.staff.id, day).await.unwrap();
    let (from, to) = (a_monday_morning(), a_monday_morning() + 24.hours());
    let stored =
        store.appointments_between(salon.id(), salon.branch.id, from, to, i64::MAX).await.unwrap();
    assert_eq!(i64::try_from(stored.len()).unwrap(), guard.version);
    guard.version
}

/// Copies the file and its log as a crash would leave them, the log cut after `log_bytes`.
fn crash_image(path: &Path, to: &Path, log_bytes: Option<u64>) {
    let log = |path: &Path| path.with_extension("db-wal");
    std::fs::copy(path, to).unwrap();
    std::fs::copy(log(path), log(to)).unwrap();
    if let Some(length) = log_bytes {
        let file = std::fs::OpenOptions::new().write(true).open(log(to)).unwrap();
        file.set_len(length).unwrap();
    }
}

#[tokio::test]
async fn a_crash_leaves_what_was_acknowledged_and_no_half() {
    const BOOKINGS: i64 = 20;
    let folder = tempdir().unwrap();
    let path = folder.path().join("vestnik.db");
    let store = Store::new(open(&path));
    let mut salon = Salon::new(1, a_monday_morning());
    store.commit(salon.set_up()).await.unwrap();
    for booked in 0..BOOKINGS {
        store.commit(book(&mut salon, booked)).await.unwrap();
    }

    let whole = folder.path().join("whole.db");
    crash_image(&path, &whole, None);
    assert_eq!(bookings_agree(&Store::new(open(&whole)), &salon).await, BOOKINGS);

    let log_bytes = std::fs::metadata(path.with_extension("db-wal")).unwrap().len();
    let mut chance = Chance::new(1);
    let mut seen = 0;
    for number in 0..12 {
        let torn = folder.path().join(format!("torn-{number}.db"));
        let cut = chance.below(usize::try_from(log_bytes).unwrap());
        crash_image(&path, &torn, Some(cut as u64));
        // The cut may fall before the tables were made: then the file is migrated anew and empty.
        let booked = bookings_agree(&Store::new(open(&torn)), &salon).await;
        seen += usize::from((1..BOOKINGS).contains(&booked));
    }
    assert!(seen > 0, "some cut falls among the bookings");
}

#[tokio::test]
async fn a_second_engine_on_the_file_is_refused() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("vestnik.db");
    let first = open(&path);
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    for name in [&path, &link] {
        let second = SqliteEngine::open(name, 1);
        assert!(matches!(second, Err(OpenError::InUse(_))), "{}", name.display());
    }
    drop(first);
    let again = Store::new(open(&path));
    assert_eq!(again.organization(OrganizationId(1)).await.unwrap(), None);
}
