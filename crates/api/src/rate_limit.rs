//! Guessing passwords is slowed down by address of the caller and by account.

use crate::problem::Problem;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;

/// Tries to sign in: a burst of 10, then one every 6 seconds, for one address and for one account.
pub(crate) struct SignInLimits {
    by_address: DefaultKeyedRateLimiter<IpAddr>,
    by_account: DefaultKeyedRateLimiter<String>,
    phones: DefaultKeyedRateLimiter<IpAddr>,
}

const BURST: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

/// Registrations of phones from one address: a salon's phones share one, and a phone repeats itself.
const PHONE_BURST: NonZeroU32 = NonZeroU32::new(60).expect("sixty is not zero");

impl SignInLimits {
    pub(crate) fn new() -> SignInLimits {
        let quota = Quota::per_minute(BURST);
        SignInLimits {
            by_address: RateLimiter::keyed(quota),
            by_account: RateLimiter::keyed(quota),
            phones: RateLimiter::keyed(Quota::per_minute(PHONE_BURST)),
        }
    }

    /// Counts one registration of a phone.
    ///
    /// # Errors
    /// `too_many_tries` with the seconds to wait.
    pub(crate) fn count_phone(&self, address: Option<IpAddr>) -> Result<(), Problem> {
        let now = DefaultClock::default().now();
        let Some(address) = address else { return Ok(()) };
        self.phones.check_key(&address).map_err(|not_until| {
            Problem::too_many_tries(not_until.wait_time_from(now).as_secs() + 1)
        })?;
        self.phones.retain_recent();
        Ok(())
    }

    /// Counts one try.
    ///
    /// # Errors
    /// `too_many_tries` with the seconds to wait.
    pub(crate) fn count(&self, address: Option<IpAddr>, account: &str) -> Result<(), Problem> {
        let account = account.trim().to_lowercase();
        let now = DefaultClock::default().now();
        let too_many = |not_until: governor::NotUntil<_>| {
            Problem::too_many_tries(not_until.wait_time_from(now).as_secs() + 1)
        };
        if let Some(address) = address {
            self.by_address.check_key(&address).map_err(too_many)?;
        }
        self.by_account.check_key(&account).map_err(too_many)?;
        // Addresses and accounts that rest are forgotten, so the tables stay small.
        self.by_address.retain_recent();
        self.by_account.retain_recent();
        Ok(())
    }
}
