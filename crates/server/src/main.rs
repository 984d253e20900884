//! The binary: configuration, wiring, command line.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod commands;
mod configuration;
mod key_file;
mod logging;
mod wiring;

use clap::{Parser, Subcommand};
use configuration::Settings;
use std::process::ExitCode;

/// Vestnik tells the clients of salons what they need to know about their visit.
#[derive(Parser)]
#[command(name = "vestnik", version, about)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the API.
    Serve(commands::serve::Serve),
    /// Brings the database to this version and says which it is.
    Migrate(Settings),
    /// Says in plain words what is wrong with the database and the clock.
    Doctor(Settings),
    /// Writes a consistent copy of an `SQLite` database while it is in use.
    Backup(commands::backup::Backup),
    /// Prints the `OpenAPI` 3.1 document.
    Openapi,
    /// Runs one simulated phone for trials.
    Phone(commands::phone::Phone),
    /// Plays whole histories from seeds, with faults, and checks that everything holds.
    Simulate(commands::simulate::Simulate),
}

#[tokio::main]
async fn main() -> ExitCode {
    let run = match CommandLine::parse().command {
        Command::Serve(serve) => commands::serve::run(serve).await,
        Command::Migrate(settings) => commands::migrate::run(settings).await,
        Command::Doctor(settings) => commands::doctor::run(settings).await,
        Command::Backup(backup) => commands::backup::run(backup).await,
        Command::Openapi => commands::openapi::run(),
        Command::Phone(phone) => commands::phone::run(phone).await,
        Command::Simulate(simulate) => commands::simulate::run(&simulate),
    };
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vestnik: {error:#}");
            ExitCode::FAILURE
        }
    }
}
