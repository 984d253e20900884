//! The binary: configuration, wiring, command line.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod commands;
mod configuration;
mod database_clock;
mod key_file;
mod logging;
mod node;
mod sidecar_file;
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
    /// Serves a salon full of life, with a simulated phone and clients, for trying Vestnik out.
    Demo(commands::demo::Demo),
    /// Brings the database to this version and says which it is.
    Migrate(Settings),
    /// Says in plain words what is wrong with the database, the clock and the phones.
    Doctor(Settings),
    /// Writes a consistent copy of an `SQLite` database while it is in use.
    Backup(commands::backup::Backup),
    /// Puts a copy in the place of an `SQLite` database; it wakes held.
    Restore(commands::restore::Restore),
    /// After a restore: sending begins again, what fell due meanwhile is skipped.
    LetGo(Settings),
    /// Prints the token of the operator's verbs.
    OperatorToken(Settings),
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
        Command::Demo(demo) => commands::demo::run(demo).await,
        Command::Migrate(settings) => commands::migrate::run(settings).await,
        Command::Doctor(settings) => commands::doctor::run(settings).await,
        Command::Backup(backup) => commands::backup::run(backup).await,
        Command::Restore(restore) => commands::restore::run(restore).await,
        Command::LetGo(settings) => commands::let_go::run(settings).await,
        Command::OperatorToken(settings) => commands::operator_token::run(settings),
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
