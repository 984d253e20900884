//! `vestnik simulate` from outside: how it ends, and what its last line says.

use std::process::{Command, Output};

fn simulate(arguments: &[&str]) -> (Output, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestnik"));
    let output = command.arg("simulate").args(arguments).output().unwrap();
    let said = String::from_utf8(output.stdout.clone()).unwrap();
    (output, said)
}

#[test]
fn the_last_line_sums_up_all_seeds() {
    let (output, said) = simulate(&["--seeds", "3", "--from", "5"]);
    assert!(output.status.success(), "{output:?}");
    let last = said.lines().last().unwrap();
    assert!(last.starts_with("simulate: 3 seeds from 5, 0 failed; events 3"), "{last}");
}

#[test]
fn a_seed_is_replayed_line_by_line() {
    let (output, said) = simulate(&["--seed", "5", "--trace"]);
    assert!(output.status.success(), "{output:?}");
    let events = said.lines().filter(|line| line.starts_with('#')).count();
    assert!(events > 100, "{said}");
    assert!(said.lines().last().unwrap().starts_with("simulate: 1 seeds from 5, 0 failed; "));
    let (_, again) = simulate(&["--seed", "5", "--trace"]);
    assert_eq!(said, again);
}

#[test]
fn seeds_to_play_and_a_seed_to_replay_exclude_each_other() {
    let (output, _) = simulate(&["--seed", "5", "--seeds", "3"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}
