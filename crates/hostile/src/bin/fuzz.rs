//! libFuzzer over one target: `VESTNIK_FUZZ_TARGET` names it. Built by `scripts/fuzz` alone.
#![no_main]

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, set_hook};
use std::process::abort;
use std::sync::{Mutex, OnceLock, PoisonError};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use vestnik_hostile::{Target, target};

/// Where something has panicked before, and the words of the newest panic.
static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

libfuzzer_sys::fuzz_target!(
    init: {
        // The library's own hook ends the process at every panic. One that is caught on purpose, as
        // around the reader of workbooks, is no crash: it is told once and the run goes on.
        set_hook(Box::new(|panic| {
            let place = panic.location().map_or_else(String::new, Location::to_string);
            let is_new = SEEN.lock().unwrap_or_else(PoisonError::into_inner).insert(place);
            if is_new {
                eprintln!("panic: {panic}");
            }
        }));
        // Why something was answered with 500.
        let failures = Targets::new().with_target("vestnik_api", LevelFilter::ERROR);
        tracing_subscriber::registry().with(failures).with(tracing_subscriber::fmt::layer()).init();
    },
    |bytes: &[u8]| {
        static CHOSEN: OnceLock<&'static Target> = OnceLock::new();
        let chosen = CHOSEN.get_or_init(chosen);
        if catch_unwind(AssertUnwindSafe(|| (chosen.check)(bytes))).is_err() {
            eprintln!("a finding in {}; the panic stands above", chosen.name);
            abort();
        }
    }
);

#[expect(clippy::disallowed_methods, reason = "libFuzzer owns the command line")]
fn chosen() -> &'static Target {
    let name = std::env::var("VESTNIK_FUZZ_TARGET").unwrap_or_default();
    target(&name).unwrap_or_else(|| {
        eprintln!("VESTNIK_FUZZ_TARGET names no target: `{name}`");
        abort()
    })
}
