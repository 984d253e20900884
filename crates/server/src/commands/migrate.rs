//! `vestnik migrate`: opening a database migrates it.

use crate::configuration::Settings;
use crate::wiring;

pub(crate) async fn run(settings: Settings) -> anyhow::Result<()> {
    let configuration = settings.resolve()?;
    let store = wiring::open(&configuration.database).await?;
    println!("{}", store.engine().describe().await?);
    Ok(())
}
