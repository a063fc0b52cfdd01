//! A private PostgreSQL for one run: its own folder and a free port.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

/// How much of its care for the data the server may leave out.
#[derive(Clone, Copy)]
pub enum Care {
    /// Nothing outlives the run: tests.
    Light,
    /// As in a city: what is measured is durable.
    Full,
}

impl Care {
    const fn options(self) -> &'static str {
        match self {
            Self::Light => "-c fsync=off -c full_page_writes=off -c shared_buffers=64MB",
            Self::Full => "-c shared_buffers=256MB -c max_wal_size=4GB",
        }
    }
}

/// Starts a server in `folder/pg` and answers its address. The caretaker stops it.
pub fn start(folder: &Path, care: Care) -> Result<String> {
    let bin = newest_bin().context("no PostgreSQL under /usr/lib/postgresql")?;
    let data = folder.join("pg");
    let (data_text, log) = (data.display().to_string(), data.join("log").display().to_string());
    std::fs::create_dir(&data)?;
    let as_root = am_root()?;
    if as_root {
        // PostgreSQL refuses to run as root.
        run(Command::new("chown").args(["postgres:", &data_text]))?;
        run(Command::new("chmod").arg("0711").arg(folder))?;
    }
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let program = |name: &str| {
        let path = bin.join(name);
        if as_root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        }
    };
    run(program("initdb").current_dir("/").args(["-D", &data_text, "-U", "jinban", "-A", "trust"]).args([
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]))?;
    let options = format!("-h 127.0.0.1 -p {port} -k '' -c max_connections=300 {}", care.options());
    // Its output goes to the log alone: a server that inherited our pipes would keep them open.
    run(program("pg_ctl")
        .current_dir("/")
        .args(["-D", &data_text, "-l", &log, "-w", "-o", &options, "start"]))?;
    Ok(format!("postgres://jinban@127.0.0.1:{port}/postgres"))
}

/// The programs of the newest PostgreSQL of this machine.
pub fn newest_bin() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let number = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = versions.filter_map(|entry| Some(entry.ok()?.path())).max_by_key(number)?;
    Some(newest.join("bin"))
}

fn am_root() -> Result<bool> {
    let out = Command::new("id").arg("-u").output()?;
    Ok(out.stdout.trim_ascii() == b"0")
}

fn run(command: &mut Command) -> Result<()> {
    let command = command.stdout(std::process::Stdio::null());
    let status = match command.status() {
        Ok(status) => status,
        Err(error) => bail!("{:?} could not be started: {error}", command.get_program()),
    };
    ensure!(status.success(), "{:?} ended with {status}", command);
    Ok(())
}
