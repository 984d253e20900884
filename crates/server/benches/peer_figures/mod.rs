//! The figures of the peers, read from what their courses wrote, and the tables beside ours.

use crate::frame::measure::{per_second, thousands};
use crate::frame::section;
use serde::Deserialize;
use std::time::Duration;

/// So many of something in that time.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Phase {
    count: usize,
    seconds: f64,
}

impl Phase {
    pub(crate) fn of(count: usize, took: Duration) -> Phase {
        Phase { count, seconds: took.as_secs_f64() }
    }

    fn rate(self) -> f64 {
        per_second(self.count, Duration::from_secs_f64(self.seconds))
    }

    /// How long `count` take at this rate: a phase that was cut short is drawn out.
    fn for_all(self, count: usize) -> f64 {
        f64::from(u32::try_from(count).unwrap()) / self.rate()
    }
}

/// Schedule all, cancel a third, finish the rest.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) who: String,
    pub(crate) way: String,
    pub(crate) jobs: usize,
    pub(crate) schedule: Phase,
    pub(crate) cancel: Phase,
    pub(crate) finish: Phase,
}

impl Course {
    /// Of the whole course, seconds.
    fn seconds(&self) -> f64 {
        let cancelled = self.jobs.div_ceil(3);
        self.schedule.for_all(self.jobs)
            + self.cancel.for_all(cancelled)
            + self.finish.for_all(self.jobs - cancelled)
    }

    fn is_ours(&self) -> bool {
        self.who.contains("Vestnik")
    }
}

/// A line of `run.mjs`.
#[derive(Debug, Deserialize)]
struct Line {
    peer: String,
    mode: String,
    jobs: usize,
    schedule: Phase,
    cancel: Phase,
    finish: Phase,
}

/// What the peers' courses wrote.
#[expect(clippy::disallowed_methods, reason = "scripts/bench-peers tells it so")]
pub(crate) fn of_peers() -> Vec<Course> {
    let Ok(path) = std::env::var("VESTNIK_BENCH_PEERS") else { return Vec::new() };
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Line>(line).unwrap());
    lines
        .map(|line| Course {
            who: match line.peer.as_str() {
                "graphile_worker" => "graphile-worker on PostgreSQL",
                "pg_boss" => "pg-boss on PostgreSQL",
                "bullmq" => "BullMQ on Redis",
                other => other,
            }
            .to_owned(),
            way: line.mode,
            jobs: line.jobs,
            schedule: line.schedule,
            cancel: line.cancel,
            finish: line.finish,
        })
        .collect()
}

/// The rates of each, then how many times as long each peer takes for the whole course.
pub(crate) fn print(courses: &[Course]) {
    let rows: Vec<Vec<String>> = courses
        .iter()
        .map(|course| {
            let rate = |phase: Phase| thousands(phase.rate());
            let jobs = f64::from(u32::try_from(course.jobs).unwrap());
            vec![
                course.who.clone(),
                course.way.clone(),
                rate(course.schedule),
                rate(course.cancel),
                rate(course.finish),
                format!("{:.1}", course.seconds()),
                thousands(jobs / course.seconds()),
            ]
        })
        .collect();
    let head =
        ["", "", "scheduled /s", "cancelled /s", "finished /s", "whole course, s", "jobs /s of it"];
    section::table(&head, &rows);
    let (ours, peers): (Vec<&Course>, Vec<&Course>) =
        courses.iter().partition(|course| course.is_ours());
    let rows: Vec<Vec<String>> = peers
        .iter()
        .map(|peer| {
            let mut row = vec![peer.who.clone(), peer.way.clone()];
            let ratio = |one: &&Course| format!("× {:.1}", peer.seconds() / one.seconds());
            row.extend(ours.iter().map(ratio));
            row
        })
        .collect();
    if !rows.is_empty() {
        println!(
            "How many times as long a peer takes for the whole course as Vestnik (below 1: it leads):\n"
        );
        let names: Vec<String> =
            ours.iter().map(|one| format!("{}, {}", one.who.replace("**", ""), one.way)).collect();
        let mut head = vec!["", ""];
        head.extend(names.iter().map(String::as_str));
        section::table(&head, &rows);
    }
}
