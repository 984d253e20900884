//! `vestnik operator-token`: the token of the operator's verbs, derived from the key file.

use crate::configuration::Settings;
use crate::key_file;
use anyhow::bail;

pub(crate) fn run(settings: Settings) -> anyhow::Result<()> {
    let configuration = settings.resolve()?;
    if !configuration.key_file.exists() {
        bail!("there is no key file at {}", configuration.key_file.display());
    }
    let key = key_file::read_or_make(&configuration.key_file)?;
    println!("{}", vestnik_app::access::operator::token_of(&key));
    Ok(())
}
