//! What a booking with its plan costs: its B-tree writes, and bookings per second through the engine
//! beside the same row writes through rusqlite alone, in the same run on the same disk.
//!
//! `cargo bench -p vestnik-store-sqlite --bench write_budget`; the figures stand in
//! `docs/benchmarks.md`.
#![allow(clippy::unwrap_used, reason = "a bench that cannot run must say so loudly")]

use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use vestnik_domain::ids::StaffId;
use vestnik_store::{ChangeSet, Dialect, Operation, Store, insert_sql};
use vestnik_store_sqlite::SqliteEngine;
use vestnik_testkit::write_budget::{b_tree_writes, sqlite_value};
use vestnik_testkit::{Salon, a_monday_morning, tempdir};

const WRITES_MOST: usize = 10;
const SALONS: u32 = 100;
const ROUNDS: usize = 5;
/// Bookings per round: with a flush to disk each, and sharing one among 64.
const ALONE: usize = 2_000;
const GROUPED: usize = 19_200;
const GROUP: usize = 64;

fn main() {
    print_writes();
    print_rates();
}

fn open(path: &Path) -> Store {
    Store::new(Arc::new(SqliteEngine::open(path, 1).unwrap()))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap()
}

/// Bookings of many salons in turn, each on a staff member's day of its own.
fn bookings(count: usize) -> Vec<ChangeSet> {
    let mut salons: Vec<Salon> =
        (0..SALONS).map(|seed| Salon::new(seed, a_monday_morning())).collect();
    let turns = (0..salons.len()).cycle().take(count);
    turns
        .map(|turn| {
            let staff = StaffId(salons[turn].next_id());
            salons[turn].booking(a_monday_morning(), staff)
        })
        .collect()
}

fn print_writes() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("vestnik.db");
    let store = open(&path);
    let booking = bookings(1).remove(0);
    runtime().block_on(store.commit(booking.clone())).unwrap();
    drop(store);
    let shares = b_tree_writes(&Connection::open(path).unwrap(), &booking);
    println!("| table | rows | B-tree writes |\n|---|---|---|");
    for share in &shares {
        println!("| {} | {} | {} |", share.table, share.rows, share.writes);
    }
    let writes: usize = shares.iter().map(|share| share.writes).sum();
    println!("| together | | **{writes}** of at most {WRITES_MOST} |\n");
    assert!(writes <= WRITES_MOST, "the booking is over its budget");
}

fn print_rates() {
    // In turn, so that a slower minute of the machine falls on all of them.
    let mut rates = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        rates[0].push(rate(raw(bookings(ALONE), 1), ALONE));
        rates[1].push(rate(engine(bookings(ALONE), 1), ALONE));
        rates[2].push(rate(raw(bookings(GROUPED), GROUP), GROUPED));
        rates[3].push(rate(engine(bookings(GROUPED), GROUP), GROUPED));
    }
    let [raw_alone, engine_alone, raw_grouped, engine_grouped] = rates.map(Rate::of);
    println!(
        "| bookings a second, synchronous=FULL | rusqlite alone | engine | engine / rusqlite |"
    );
    println!("|---|---|---|---|");
    println!(
        "| one caller; each in its own transaction | {raw_alone} | {engine_alone} | {:.2} |",
        engine_alone.median / raw_alone.median
    );
    println!(
        "| 64 callers; rusqlite: 64 in a transaction | {raw_grouped} | {engine_grouped} | {:.2} |",
        engine_grouped.median / raw_grouped.median
    );
}

struct Rate {
    median: f64,
    lowest: f64,
    highest: f64,
}

impl Rate {
    fn of(mut rounds: Vec<f64>) -> Rate {
        rounds.sort_by(f64::total_cmp);
        let highest = rounds[rounds.len() - 1];
        Rate { median: rounds[rounds.len() / 2], lowest: rounds[0], highest }
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.0} ({:.0}–{:.0})", self.median, self.lowest, self.highest)
    }
}

fn rate(took: Duration, bookings: usize) -> f64 {
    f64::from(u32::try_from(bookings).unwrap()) / took.as_secs_f64()
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn timed(run: impl FnOnce()) -> Duration {
    let begin = std::time::Instant::now();
    run();
    begin.elapsed()
}

/// The same inserts without the engine: prepared once, `group` bookings in a transaction.
fn raw(bookings: Vec<ChangeSet>, group: usize) -> Duration {
    let folder = tempdir().unwrap();
    let path = folder.path().join("vestnik.db");
    drop(open(&path));
    let connection = Connection::open(&path).unwrap();
    vestnik_store_sqlite::tune_writer(&connection).unwrap();
    let rows: Vec<Vec<_>> = bookings
        .into_iter()
        .map(|booking| booking.operations.into_iter().map(raw_insert).collect())
        .collect();
    timed(|| {
        for bookings in rows.chunks(group) {
            connection.execute_batch("BEGIN IMMEDIATE").unwrap();
            for (sql, values) in bookings.iter().flatten() {
                let mut statement = connection.prepare_cached(sql).unwrap();
                statement.execute(rusqlite::params_from_iter(values)).unwrap();
            }
            connection.execute_batch("COMMIT").unwrap();
        }
    })
}

fn raw_insert(operation: Operation) -> (String, Vec<rusqlite::types::Value>) {
    let Operation::Insert { table, row } = operation else {
        panic!("a new booking on a new day only inserts");
    };
    (insert_sql(table, Dialect::Sqlite), row.iter().map(sqlite_value).collect())
}

fn engine(bookings: Vec<ChangeSet>, callers: usize) -> Duration {
    let folder = tempdir().unwrap();
    let store = open(&folder.path().join("vestnik.db"));
    let mut shares = vec![Vec::new(); callers];
    for (turn, booking) in bookings.into_iter().enumerate() {
        shares[turn % callers].push(booking);
    }
    let runtime = runtime();
    timed(|| {
        runtime.block_on(async {
            let mut tasks = tokio::task::JoinSet::new();
            for share in shares {
                let store = store.clone();
                tasks.spawn(async move {
                    for booking in share {
                        store.commit(booking).await.unwrap();
                    }
                });
            }
            tasks.join_all().await;
        });
    })
}
