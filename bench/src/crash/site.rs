//! One installation as an operator makes it: keys, a configuration, tables, a client of the API, and the program itself.

use super::load::Load;
use crate::department::token;
use crate::http::Client;
use crate::server::{Server, free_port};
use anyhow::{Context, ensure};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

/// The hall whose system works.
const HALL: &str = "青龙街道为民服务中心";
const SCOPES: &str = "orgs:read cases:read applications:write cases:accept cases:decide";

/// One installation.
pub struct Site {
    /// The engine, for the report.
    pub name: &'static str,
    program: PathBuf,
    folder: PathBuf,
    address: SocketAddr,
    bearer: Option<String>,
    /// What works there and what it was told.
    pub load: Arc<Load>,
}

impl Site {
    /// Sets it up in a new folder.
    ///
    /// # Errors
    /// When a command of the program fails.
    pub async fn set_up(
        name: &'static str,
        program: &Path,
        folder: &Path,
        database: Option<&str>,
        run: u64,
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let mut site = Self {
            name,
            program: program.to_owned(),
            folder: folder.to_owned(),
            address,
            bearer: None,
            load: Arc::new(Load::new(run, String::new(), Vec::new())),
        };
        let keys = folder.join("keys");
        site.command(&["admin", "new-keys", &keys.to_string_lossy()])?;
        let mut config = format!(
            "listen = \"{address}\"\ndata = \"{}\"\nkeys = \"{}\"\nstop_notice = 0\nlog = \"warn\"\n",
            folder.join("data").display(),
            keys.display()
        );
        if let Some(url) = database {
            config.push_str(&format!("database = \"{url}\"\n"));
        }
        std::fs::write(site.config(), config)?;
        site.configured(&["migrate"])?;
        let server = site.start().await?;
        let config = site.config().display().to_string();
        let place = ["--config", config.as_str()];
        site.bearer = Some(token(program, &place, server.address, "抢修演练", HALL, SCOPES).await?);
        site.load = Arc::new(site.learn(run).await?);
        server.stop()?;
        Ok(site)
    }

    /// What has to be known before the work can begin.
    async fn learn(&self, run: u64) -> anyhow::Result<Load> {
        let mut client = self.client();
        let halls = client.get("/api/v1/halls?region=320402&limit=200").await?.json()?;
        let hall = halls["organisations"].as_array().into_iter().flatten().find(|hall| hall["name"] == HALL);
        let hall = hall.and_then(|hall| hall["id"].as_str()).context("the hall is not there")?.to_owned();
        let item = client.get("/api/v1/items/101").await?.json()?;
        let materials = item["materials"].as_array().into_iter().flatten();
        let materials = materials.filter_map(|m| m["code"].as_str().map(str::to_owned)).collect();
        Ok(Load::new(run, hall, materials))
    }

    fn config(&self) -> PathBuf {
        self.folder.join("jinban.toml")
    }

    /// A connection of the department's system.
    pub fn client(&self) -> Client {
        let mut client = Client::new(self.address);
        client.bearer.clone_from(&self.bearer);
        client
    }

    /// Starts the program and waits until it is ready.
    ///
    /// # Errors
    /// When it does not become ready.
    pub async fn start(&self) -> anyhow::Result<Server> {
        Server::start(&self.program, &self.words(), self.address, &self.folder).await
    }

    /// Starts the program and kills it after so long, ready or not.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn start_and_kill(&self, after: Duration) -> anyhow::Result<()> {
        let mut child = Command::new(&self.program).args(self.words()).stderr(self.log()?).spawn()?;
        tokio::time::sleep(after).await;
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    fn words(&self) -> Vec<String> {
        ["serve", "--config", &self.config().display().to_string()].map(str::to_owned).to_vec()
    }

    fn log(&self) -> anyhow::Result<std::fs::File> {
        Ok(std::fs::File::create(self.folder.join("starting.log"))?)
    }

    fn command(&self, words: &[&str]) -> anyhow::Result<String> {
        let output = Command::new(&self.program).args(words).output()?;
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let wrong = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "jinban {} ended with {}: {told}{wrong}",
            words.join(" "),
            output.status
        );
        Ok(told)
    }

    fn configured(&self, words: &[&str]) -> anyhow::Result<String> {
        let config = self.config().display().to_string();
        let mut all = words.to_vec();
        all.extend(["--config", config.as_str()]);
        self.command(&all)
    }

    /// Proves the data as an auditor does, while nobody serves it.
    ///
    /// # Errors
    /// With what it says, when something is wrong.
    pub fn verify(&self) -> anyhow::Result<()> {
        self.configured(&["verify"]).map(drop)
    }
}
