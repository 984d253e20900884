//! A section of `docs/benchmarks.md`: where and when it was measured, then tables.

use std::process::Command;

/// Prints the line that every figure below it needs: commit, machine, command.
pub(crate) fn begin(subject: &str) {
    begin_by(&format!("scripts/bench {subject}"));
}

/// The same for figures of another command.
pub(crate) fn begin_by(command: &str) {
    println!("*Measured by `{command}` on {} at commit {}: {}.*\n", today(), commit(), machine());
}

/// Prints a table.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) {
    println!("| {} |", head.join(" | "));
    println!("|{}", "---|".repeat(head.len()));
    for row in rows {
        println!("| {} |", row.join(" | "));
    }
    println!();
}

fn today() -> String {
    said("date", &["--utc", "+%Y-%m-%d"])
}

/// The commit, and whether the files differ from it.
fn commit() -> String {
    let hash = said("git", &["-c", "safe.directory=*", "rev-parse", "--short", "HEAD"]);
    let changed = said("git", &["-c", "safe.directory=*", "status", "--porcelain", "--", "crates"]);
    if changed.is_empty() { hash } else { format!("{hash} with changes") }
}

/// Processor, memory and kernel.
fn machine() -> String {
    let of = |path: &str, name: &str| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split_once(':'));
        value.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory_kib: u64 = of("/proc/meminfo", "MemTotal")
        .split_whitespace()
        .next()
        .and_then(|kib| kib.parse().ok())
        .unwrap_or_default();
    format!(
        "{cores} cores of {}, {} GB of memory, Linux {}",
        of("/proc/cpuinfo", "model name"),
        memory_kib / 1_000_000,
        said("uname", &["-r"])
    )
}

fn said(program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).output();
    output
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}
