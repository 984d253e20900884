//! `vestnik doctor`: what is wrong, in plain words.

use crate::configuration::{Database, Settings};
use crate::wiring;
use anyhow::bail;
use vestnik_app::Clock;
use vestnik_app::nodes;
use vestnik_app::senders::examine::examine_phones;
use vestnik_domain::Language;

/// A clock before this instant is certainly wrong: 1 January 2026.
const EARLIEST_BELIEVED_S: i64 = 1_767_225_600;

pub(crate) async fn run(settings: Settings) -> anyhow::Result<()> {
    let configuration = settings.resolve()?;
    let mut wrong = 0;
    let mut say = |right: bool, words: String| {
        println!("{} {words}", if right { "ok   " } else { "WRONG" });
        wrong += i32::from(!right);
    };
    match &configuration.database {
        Database::Sqlite(path) if !path.exists() => say(
            false,
            format!("there is no database at {} yet; `vestnik serve` makes one", path.display()),
        ),
        database => match wiring::open(database).await {
            Ok(store) => match store.engine().describe().await {
                Ok(words) => {
                    say(true, format!("database: {words}"));
                    let app = wiring::app_of_an_onlooker(store);
                    match nodes::instance_state(&app).await {
                        Ok(state) => {
                            if let Some(held) = state.held {
                                let why = held.because.message(Language::English);
                                let since = held.since;
                                say(
                                    false,
                                    format!("held since {since}: {why}; `vestnik let-go` ends it"),
                                );
                            }
                        }
                        Err(error) => say(false, format!("installation: {error}")),
                    }
                    match examine_phones(&app).await {
                        Ok(findings) => {
                            findings.into_iter().for_each(|found| say(found.right, found.words));
                        }
                        Err(error) => say(false, format!("phones: {error}")),
                    }
                }
                Err(error) => say(false, format!("database: {error}")),
            },
            Err(error) => say(false, format!("database: {error:#}")),
        },
    }
    let now = wiring::SystemClock.now();
    if now.as_second() < EARLIEST_BELIEVED_S {
        say(false, format!("clock: it says {now}; set the system's time"));
    } else {
        say(true, format!("clock: {now}"));
    }
    if wrong > 0 {
        bail!("{wrong} of the above need attention");
    }
    Ok(())
}
