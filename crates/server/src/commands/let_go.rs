//! `vestnik let-go`: after a restore, sending begins again; what fell due meanwhile is skipped.

use crate::configuration::{Database, Settings};
use crate::wiring;
use anyhow::{Context, bail};
use vestnik_app::nodes;
use vestnik_domain::Language;

pub(crate) async fn run(settings: Settings) -> anyhow::Result<()> {
    let configuration = settings.resolve()?;
    if let Database::Sqlite(path) = &configuration.database
        && !path.exists()
    {
        bail!("there is no database at {}", path.display());
    }
    let store = wiring::open(&configuration.database).await.context(
        "while `vestnik serve` uses the file, let it go over HTTP instead: \
         curl -X POST -H \"Authorization: Bearer $(vestnik operator-token)\" \
         http://ADDRESS/api/v1/operator/let-go",
    )?;
    let app = wiring::app_of_an_onlooker(store);
    let Some(held) = nodes::instance_state(&app).await?.held else {
        println!("nothing is held");
        return Ok(());
    };
    let skipped = nodes::let_go(&app).await?;
    println!(
        "let go; it was held since {} because {}; {skipped} messages that fell due meanwhile are skipped",
        held.since,
        held.because.message(Language::English)
    );
    Ok(())
}
