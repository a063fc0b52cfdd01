//! The words of the command line.

use crate::config::{self, Config};
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// 近办: a city's grassroots service system.
#[derive(Parser)]
#[command(name = "jinban", version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Serve the demo city on this machine.
    Demo(Demo),
    /// Serve in production; refuses an unsafe configuration.
    Serve(ConfigFile),
    /// Bring the tables of the configured database up to date.
    Migrate(ConfigFile),
    /// Save everything into a new folder, while the program goes on serving.
    Backup {
        #[command(flatten)]
        place: Place,
        /// The new folder.
        #[arg(long)]
        to: PathBuf,
    },
    /// Bring a backup back into an empty database or data folder, and prove it.
    Restore {
        #[command(flatten)]
        place: Place,
        /// The folder that `backup` made.
        #[arg(long)]
        from: PathBuf,
    },
    /// Move everything into a new data folder with an embedded database.
    Export {
        #[command(flatten)]
        place: Place,
        /// The new data folder.
        #[arg(long)]
        to: PathBuf,
    },
    /// Move everything from another installation into the empty database of this configuration.
    Import {
        #[command(flatten)]
        place: Place,
        /// The other one's configuration file or data folder; stop serving it first.
        #[arg(long)]
        from: PathBuf,
    },
    /// Prove that the journal is whole and every row is what its events say, that no file is missing and, with the keys at
    /// hand, that everything sealed opens; names the first thing that is wrong.
    Verify {
        #[command(flatten)]
        place: Place,
        /// Heads of the journal as they were published (the file heads.jsonl, or what /journal/heads.json answered): proves
        /// that its end was not cut off or rewritten since.
        #[arg(long)]
        heads: Option<PathBuf>,
    },
    /// What an operator does by hand.
    #[command(subcommand)]
    Admin(Admin),
    /// Take one case of each regime through a running server and say each step; for after an upgrade.
    Smoke {
        /// Where it serves, such as http://127.0.0.1:8080.
        #[arg(long)]
        url: String,
        /// Folder with demo-people.json: the data folder of the demo, or one with accounts of the same form.
        #[arg(long)]
        data: PathBuf,
    },
    /// Check the configuration and print it without its secrets.
    CheckConfig(ConfigFile),
    /// Print what a shell needs to complete this program's words.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man,
    /// Print the version.
    Version,
}

/// What an operator does by hand.
#[derive(Subcommand)]
pub enum Admin {
    /// Write a new keys file; keep a copy in a safe, apart from the backups.
    NewKeys {
        /// Where; a file that exists is left alone.
        file: PathBuf,
    },
    /// Add a key to the keys file; it seals nothing before `use-key`. Every node gets the new file and a restart first.
    AddKey {
        /// The keys file.
        file: PathBuf,
    },
    /// Let a key seal from the next start on; what older keys sealed is renewed while serving.
    UseKey {
        /// The keys file.
        file: PathBuf,
        /// The key's number.
        key: u16,
    },
    /// Take an old key out, once no node has renewed anything for a day.
    DropKey {
        /// The keys file.
        file: PathBuf,
        /// The key's number.
        key: u16,
    },
    /// Write a new key that signs the head of the journal each day, and print its public half to be made known.
    NewSigningKey {
        /// Where; a file that exists is left alone.
        file: PathBuf,
    },
    /// Take what has been entered into the next block of the journal now.
    SealJournal(Place),
    /// Open an account for a member of staff and print its first password: for the first administrators.
    AddStaff {
        #[command(flatten)]
        place: Place,
        /// The name typed to sign in.
        #[arg(long)]
        login: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// The post, as on the page of rights: 系统管理员, 安全管理员, 审计管理员 …
        #[arg(long)]
        role: String,
        /// The full name of the organisation.
        #[arg(long)]
        org: String,
    },
    /// Open a client for a department's system and print its id and secret: for the first ones, and for checks.
    AddClient {
        #[command(flatten)]
        place: Place,
        /// What people call it.
        #[arg(long)]
        name: String,
        /// The full name of the organisation it belongs to.
        #[arg(long)]
        org: String,
        /// What it may do, with blanks between: `catalogue:read cases:read` …
        #[arg(long, default_value = "")]
        scope: String,
        /// Requests a second on one node.
        #[arg(long, default_value_t = 20)]
        per_second: u32,
        /// Requests a day.
        #[arg(long, default_value_t = 100_000)]
        per_day: u32,
    },
    /// Give a member of staff a new password that must be changed at the next sign-in; ends their sessions and any wait.
    ResetPassword {
        #[command(flatten)]
        place: Place,
        /// The name typed to sign in.
        login: String,
    },
    /// Let a member of staff try to sign in again at once.
    Unlock {
        #[command(flatten)]
        place: Place,
        /// The name typed to sign in.
        login: String,
    },
    /// List jobs and messages that were given up.
    Failed(Place),
    /// Let a job that was given up be tried anew.
    RetryJob {
        #[command(flatten)]
        place: Place,
        /// Its number in the list.
        id: i64,
    },
    /// Let a message that was set aside be tried anew.
    RetryMessage {
        #[command(flatten)]
        place: Place,
        /// Its number in the list.
        position: i64,
    },
}

/// Options of `demo`.
#[derive(Args)]
pub struct Demo {
    /// Address to listen on; only addresses of this machine.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Folder for the data.
    #[arg(long, default_value = "jinban-data")]
    pub data: PathBuf,
}

/// Where the configuration is, and what replaces it.
#[derive(Args)]
pub struct ConfigFile {
    /// The configuration file (TOML); the environment (JINBAN_LISTEN …) and the flags below go before it.
    #[arg(long)]
    config: PathBuf,
    /// Address to listen on.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Folder for the data.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Which data: what a configuration names, or a data folder.
#[derive(Args)]
pub struct Place {
    /// The configuration file (TOML).
    #[arg(long, required_unless_present = "data")]
    pub config: Option<PathBuf>,
    /// The data folder, when there is no configuration file.
    #[arg(long)]
    pub data: Option<PathBuf>,
}

impl Place {
    /// Offline commands read data that nobody serves from this configuration, so nothing unsafe is refused here.
    /// Reads it.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn load(&self) -> anyhow::Result<Config> {
        match (&self.config, &self.data) {
            (Some(file), data) => config::load(file, None, data.as_deref()),
            (None, data) => Ok(Config { data: data.clone().unwrap_or_default(), ..Config::default() }),
        }
    }
}

impl ConfigFile {
    /// Reads it.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn load(&self) -> anyhow::Result<Config> {
        let config = config::load(&self.config, self.listen, self.data.as_deref())?;
        config.refuse_unsafe()?;
        Ok(config)
    }
}
