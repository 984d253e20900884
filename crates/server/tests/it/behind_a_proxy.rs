//! Behind a proxy each caller has a limit of its own; a caller who is no proxy cannot pretend.

use crate::http::Caller;
use crate::process::Installation;
use serde_json::json;

/// One address may make ten in a row and then ten a minute: no machine is so slow that all pass.
const TRIES: usize = 30;

#[test]
fn only_a_listed_proxy_says_who_calls() {
    let folder = vestnik_testkit::tempdir().unwrap();
    let statuses = |flags: &[&str]| {
        let database = format!("sqlite:{}", folder.path().join("vestnik.db").display());
        let installation = Installation::new(folder.path(), database, "127.0.0.1:0".into());
        let server = installation.with_flags(flags).start();
        let tries: Vec<u16> = (0..TRIES)
            .map(|number| {
                let caller = Caller::new(&server.address)
                    .with_header("X-Forwarded-For", &format!("198.51.100.1, 203.0.113.{number}"));
                // Each for an account of its own, so that only the address is counted.
                let email = format!("nobody{number}@salon.example");
                let body = json!({ "email": email, "password": "correct horse battery" });
                caller.call("POST", "/api/v1/sessions", Some(&body)).unwrap().status
            })
            .collect();
        server.terminate();
        tries
    };
    assert_eq!(statuses(&["--trusted-proxy", "127.0.0.1"]), [401; TRIES]);
    for flags in [&["--trusted-proxy", "10.0.0.0/8"] as &[&str], &[]] {
        assert!(statuses(flags).contains(&429), "all of them come from one address: {flags:?}");
    }
}
