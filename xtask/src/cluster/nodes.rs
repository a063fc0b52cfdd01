//! Nodes of the program over one database, with the same keys and the same folder of files.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::patroni::until;
use crate::load::http::Client;

/// How long a node may take to be ready.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// What all nodes have in common.
pub struct House {
    program: PathBuf,
    folder: PathBuf,
    database: String,
}

/// A running node.
pub struct Node {
    process: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// Its configuration.
    pub config: PathBuf,
}

impl House {
    /// Makes the keys and the tables.
    pub fn found(program: &Path, folder: &Path, database: String) -> Result<House> {
        let house = House { program: program.to_owned(), folder: folder.to_owned(), database };
        std::fs::create_dir(folder.join("files"))?;
        house.run(&["admin", "new-keys", &house.path("keys")])?;
        let first = house.configuration("first", SocketAddr::from(([127, 0, 0, 1], 1)))?;
        house.run(&["migrate", "--config", &first.display().to_string()])?;
        Ok(house)
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// Writes what a node reads; its own folder has the common folder of files in it.
    fn configuration(&self, name: &str, listen: SocketAddr) -> Result<PathBuf> {
        let data = self.folder.join(name);
        if !data.exists() {
            std::fs::create_dir(&data)?;
            std::os::unix::fs::symlink(self.folder.join("files"), data.join("files"))?;
        }
        let file = self.folder.join(format!("{name}.toml"));
        let text = format!(
            "listen = \"{listen}\"\ndata = \"{}\"\nkeys = \"{}\"\ndatabase = \"{}\"\npool = 16\nstop_notice = 0\nlog = \"warn\"\n",
            data.display(),
            self.path("keys"),
            self.database
        );
        std::fs::write(&file, text)?;
        Ok(file)
    }

    /// Runs the program with these words to its end.
    pub fn run(&self, args: &[&str]) -> Result<String> {
        let out = Command::new(&self.program).args(args).output()?;
        let told = String::from_utf8_lossy(&out.stdout).into_owned();
        ensure!(
            out.status.success(),
            "jinban {}: {told}{}",
            args.join(" "),
            String::from_utf8_lossy(&out.stderr)
        );
        Ok(told)
    }

    /// Starts a node and waits until it is ready.
    pub fn start(&self, name: &str) -> Result<Node> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let config = self.configuration(name, address)?;
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join(format!("{name}.log")))?;
        let mut command = Command::new(&self.program);
        command
            .args(["serve", "--config"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        // Whatever works in the folder is ended with it.
        command.current_dir(&self.folder);
        let process = command.spawn().context("the program could not be started")?;
        let mut node = Node { process, address, config };
        until("a node is ready", READY_WITHIN, || {
            ensure!(
                node.process.try_wait()?.is_none(),
                "a node ended; see {}",
                self.path(&format!("{name}.log"))
            );
            Ok(Client::new(address, "").get("/readyz", &[]).is_ok_and(|answer| answer.status == 200))
        })?;
        Ok(node)
    }
}

impl Node {
    /// Kills it as a power failure would.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
