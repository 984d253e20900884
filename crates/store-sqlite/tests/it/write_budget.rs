//! The budget that keeps a booking cheap (DESIGN, Storage); `benches/write_budget.rs` measures it.

use crate::open;
use rusqlite::Connection;
use vestnik_store::Store;
use vestnik_testkit::write_budget::b_tree_writes;
use vestnik_testkit::{Salon, a_monday_morning, tempdir};

#[tokio::test]
async fn a_booking_with_its_plan_is_at_most_ten_writes() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("vestnik.db");
    let store = Store::new(open(&path));
    let mut salon = Salon::new(1, a_monday_morning());
    let staff = salon.staff.id;
    let booking = salon.booking(a_monday_morning(), staff);
    store.commit(booking.clone()).await.unwrap();
    drop(store);
    let shares = b_tree_writes(&Connection::open(path).unwrap(), &booking);
    let writes: usize = shares.iter().map(|share| share.writes).sum();
    assert!(writes <= 10, "{shares:#?}");
}
