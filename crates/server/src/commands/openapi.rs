//! `vestnik openapi`.

pub(crate) fn run() -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(&vestnik_api::openapi())?);
    Ok(())
}
