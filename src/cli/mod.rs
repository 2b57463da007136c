//! The command line: one binary that serves, imports and administers.
//!
//! - `args` what can be asked
//! - `database` the database that every command finds
//! - `serve` the server and its jobs
//! - `admin`, `staff`, `import`, `figures`, `stories`, `replay` the other commands

mod admin;
mod args;
mod database;
mod figures;
mod import;
mod replay;
mod serve;
mod staff;
mod stories;

use crate::config::{self, Settings};
use args::{Args, Command};
use clap::Parser;
use std::{io::Write, process::ExitCode};

/// What a command fails with: a sentence for the operator.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Parses the arguments and runs the command. 0: done; 1: it failed, and standard error says why;
/// 2: the arguments or the settings are not valid.
#[must_use]
pub fn run() -> ExitCode {
    let args = Args::parse();
    // What needs no settings does not stumble over broken ones.
    if let Command::Replay(options) = &args.command {
        return exit(replay::run(options));
    }
    let settings = match config::load(args.config.as_deref()) {
        Ok(settings) => settings,
        Err(fault) => {
            eprintln!("sosik: {fault}");
            return ExitCode::from(2);
        }
    };
    exit(command(args.command, settings))
}

fn exit(done: Result<(), Failure>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("sosik: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn command(command: Command, settings: Settings) -> Result<(), Failure> {
    match command {
        Command::Serve { demo } => serve::run(settings, demo),
        Command::Migrate => database::with(&settings, async |_, ran| {
            println!("{ran} migrations ran; the schema is current");
            Ok(())
        }),
        Command::Import(options) => import::run(&settings, options),
        Command::Admin(command) => admin::run(&settings, command),
        Command::Counters(command) => figures::counters(&settings, command),
        Command::Rankings(command) => figures::rankings(&settings, command),
        Command::Replay(options) => replay::run(&options),
        Command::Stories(command) => stories::run(&settings, command),
        Command::Openapi { format } => {
            let document = crate::openapi::Served::new();
            Ok(std::io::stdout().write_all(format.of(&document))?)
        }
        Command::Config => {
            print!("{}", config::to_toml(&settings));
            Ok(())
        }
    }
}
