//! Waits for a condition, with a limit: the one place where the tests of the binary look at a clock.

use std::time::{Duration, Instant};

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Looks again and again until `look` finds something; fails after `limit_s` seconds.
pub(crate) fn wait_for<T>(
    what: &str,
    limit_s: u64,
    mut look: impl FnMut() -> Option<T>,
) -> Result<T, String> {
    let began = now();
    let limit = Duration::from_secs(limit_s);
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if began.elapsed() > limit {
            return Err(format!("{what}: not within {limit_s} s"));
        }
        pause(LOOK_EVERY);
    }
}

/// As [`wait_for`], for a condition alone.
///
/// # Panics
/// After `limit_s` seconds.
pub(crate) fn wait_until(what: &str, limit_s: u64, mut holds: impl FnMut() -> bool) {
    wait_for(what, limit_s, || holds().then_some(())).unwrap_or_else(|late| panic!("{late}"));
}

#[expect(clippy::disallowed_methods, reason = "a limit on waiting for another process")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Lets other processes run. What is checked never depends on the length.
#[expect(clippy::disallowed_methods, reason = "another process is waited for, with a limit")]
pub(crate) fn pause(length: Duration) {
    std::thread::sleep(length);
}
