//! Where tests find a PostgreSQL server, and what happens where there is none.

/// The superuser's address from `VESTNIK_TEST_POSTGRES` (`postgres://…/postgres`), which
/// `scripts/with-postgres` sets. Without it says that `what` was left out and returns `None`.
///
/// # Panics
/// If `VESTNIK_TEST_REQUIRE_POSTGRES=1` and there is no address: a full test run leaves nothing out.
pub fn postgres_address(what: &str) -> Option<String> {
    if let Some(address) = std::env::var_os("VESTNIK_TEST_POSTGRES") {
        return Some(address.into_string().unwrap());
    }
    let required =
        std::env::var_os("VESTNIK_TEST_REQUIRE_POSTGRES").is_some_and(|value| value == "1");
    assert!(!required, "VESTNIK_TEST_POSTGRES is not set: run through scripts/with-postgres");
    println!("{what}: the PostgreSQL half was left out; run through scripts/with-postgres");
    None
}
