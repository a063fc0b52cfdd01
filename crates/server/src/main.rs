//! The binary `jinban`: command line, configuration, wiring, listening.

mod admin;
mod cli;
mod config;
mod demo;
mod duties;
mod keep;
mod keys;
mod listen;
mod open;
mod press;
mod serve;
mod smoke;
mod staff;
mod stop;
mod tls;
mod verify;
mod world;

use clap::{CommandFactory as _, Parser as _};
use cli::{Cli, Command};
use config::Config;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            serve::say_error(&format!("jinban: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo(demo) => serve::run(&Config::demo(demo.listen, demo.data)?, true),
        Command::Serve(file) => serve::run(&file.load()?, false),
        Command::Migrate(file) => serve::migrate(&file.load()?),
        Command::Backup { place, to } => keep::backup(&place.load()?, &to),
        Command::Restore { place, from } => keep::restore(&place.load()?, &from),
        Command::Export { place, to } => keep::export(&place.load()?, &to),
        Command::Import { place, from } => keep::import(&place.load()?, &from),
        Command::Verify { place, heads } => verify::run(&place.load()?, heads.as_deref()),
        Command::Admin(command) => admin::run(command),
        Command::Smoke { url, data } => smoke::run(&url, &data),
        Command::CheckConfig(file) => {
            serve::say(&format!("{:#?}\nThe configuration can be served.", file.load()?));
            Ok(())
        }
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "jinban", &mut std::io::stdout());
            Ok(())
        }
        Command::Man => Ok(clap_mangen::Man::new(Cli::command()).render(&mut std::io::stdout())?),
        Command::Version => {
            serve::say(concat!("jinban ", env!("CARGO_PKG_VERSION")));
            Ok(())
        }
    }
}
