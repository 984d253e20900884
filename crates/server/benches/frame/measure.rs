//! Measuring: time, rates over rounds, percentiles, many callers at once.

use std::future::Future;
use std::time::{Duration, Instant};

/// The monotonic clock.
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// So many of something in that time, a second.
pub(crate) fn per_second(count: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / took.as_secs_f64()
}

/// One figure over several rounds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rounds {
    pub(crate) median: f64,
    pub(crate) lowest: f64,
    pub(crate) highest: f64,
}

impl Rounds {
    pub(crate) fn of(mut figures: Vec<f64>) -> Rounds {
        figures.sort_by(f64::total_cmp);
        let highest = figures[figures.len() - 1];
        Rounds { median: figures[figures.len() / 2], lowest: figures[0], highest }
    }
}

/// `median (lowest–highest)`, thousands apart.
impl std::fmt::Display for Rounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [median, lowest, highest] = [self.median, self.lowest, self.highest].map(thousands);
        write!(f, "{median} ({lowest}–{highest})")
    }
}

/// A whole number with its thousands apart.
pub(crate) fn thousands(figure: f64) -> String {
    let digits = format!("{figure:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// The time below which that share of `times` lies.
pub(crate) fn percentile(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list"
    )]
    let place = (f64::from(u32::try_from(times.len()).unwrap()) * share) as usize;
    times[place.min(times.len() - 1)]
}

/// Carries out every job over `callers` tasks, each one job after another; how long it took
/// altogether. What the jobs answered stands in the order of the jobs.
pub(crate) async fn by_callers<J, T, F>(
    callers: usize,
    jobs: Vec<J>,
    work: impl Fn(J) -> F + Clone + Send + 'static,
) -> (Duration, Vec<T>)
where
    J: Send + 'static,
    T: Send + 'static,
    F: Future<Output = T> + Send,
{
    let count = jobs.len();
    let mut shares: Vec<Vec<(usize, J)>> = (0..callers).map(|_| Vec::new()).collect();
    for (place, job) in jobs.into_iter().enumerate() {
        shares[place % callers].push((place, job));
    }
    let began = now();
    let mut tasks = tokio::task::JoinSet::new();
    for share in shares {
        let work = work.clone();
        tasks.spawn(async move {
            let mut answers = Vec::with_capacity(share.len());
            for (place, job) in share {
                answers.push((place, work(job).await));
            }
            answers
        });
    }
    let done = tasks.join_all().await;
    let took = began.elapsed();
    let mut answers: Vec<Option<T>> = (0..count).map(|_| None).collect();
    for (place, answer) in done.into_iter().flatten() {
        answers[place] = Some(answer);
    }
    (took, answers.into_iter().flatten().collect())
}
