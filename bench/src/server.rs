//! The program under measurement, as its own process: how soon it is ready, how much memory it holds.

use crate::http::Client;
use anyhow::{Context, ensure};
use serde::Deserialize;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use totp_rs::{Builder, Secret};

/// A running server.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// Seconds from its start until it said that it is ready.
    pub ready: f64,
    data: PathBuf,
}

/// Somebody of the demonstration.
#[derive(Deserialize)]
struct Person {
    login: String,
    password: String,
    page: String,
}

/// A port nobody listens on.
///
/// # Errors
/// When there is none.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Server {
    /// Starts the demo on a data folder and waits until it is ready.
    ///
    /// # Errors
    /// When it ends, or is not ready within a minute.
    pub async fn demo(program: &Path, data: &Path) -> anyhow::Result<Self> {
        let port = free_port()?.to_string();
        let listen = format!("127.0.0.1:{port}");
        let data_text = data.to_string_lossy().into_owned();
        let args = ["demo", "--data", &data_text, "--listen", &listen];
        Self::start(program, &args.map(str::to_owned), listen.parse()?, data).await
    }

    /// Starts the program with these words and waits until it is ready.
    ///
    /// # Errors
    /// When it ends, or is not ready within a minute.
    pub async fn start(
        program: &Path,
        args: &[String],
        address: SocketAddr,
        data: &Path,
    ) -> anyhow::Result<Self> {
        let begun = Instant::now();
        let log = std::fs::File::create(data.join("server.log"))?;
        let child = Command::new(program).args(args).stdout(Stdio::null()).stderr(log).spawn()?;
        let mut server = Self { child, address, ready: 0.0, data: data.to_owned() };
        while begun.elapsed() < Duration::from_secs(60) {
            if let Some(status) = server.child.try_wait()? {
                anyhow::bail!("the server ended with {status}; see {}", data.join("server.log").display());
            }
            if Client::new(address).get("/readyz").await.is_ok() {
                server.ready = begun.elapsed().as_secs_f64();
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        anyhow::bail!("the server was not ready within a minute")
    }

    /// Resident memory in MB.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn memory(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kb: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kb / 1024.0)
    }

    /// Somebody of the demonstration, signed in; administrators bind an authenticator on the way.
    ///
    /// # Errors
    /// When they cannot sign in.
    pub async fn signed_in(&self, login: &str) -> anyhow::Result<Client> {
        let text = std::fs::read_to_string(self.data.join("demo-people.json"))?;
        let people: Vec<Person> = serde_json::from_str(&text)?;
        let who = people.iter().find(|p| p.login == login).with_context(|| format!("no {login}"))?;
        let mut client = Client::new(self.address);
        let leads = client.post(&who.page, &[("name", &who.login), ("password", &who.password)]).await?;
        if leads.contains("totp") {
            self.second_factor(&mut client, login).await?;
        }
        Ok(client)
    }

    /// Binds an authenticator the first time and shows its code the next.
    async fn second_factor(&self, client: &mut Client, login: &str) -> anyhow::Result<()> {
        let kept = self.data.join(format!("{login}.totp"));
        let page = client.get("/staff/totp").await?.text();
        let between = |before: &str, after: &str| -> Option<String> {
            Some(page.split(before).nth(1)?.split(after).next()?.to_owned())
        };
        let bound = between("name=\"key\" value=\"", "\"");
        if bound.is_some() {
            let key = between("手工输入密钥：<span class=\"zw-num\">", "<").context("no key is shown")?;
            std::fs::write(&kept, key.replace(' ', ""))?;
        }
        let secret = Secret::try_from_base32(&std::fs::read_to_string(&kept)?)
            .map_err(|e| anyhow::anyhow!("{e:?}"))?;
        let totp = Builder::new().with_secret(secret).with_account_name(login).with_issuer(Some("近办"));
        let totp = totp.build().map_err(|e| anyhow::anyhow!("{e:?}"))?;
        let code = totp.generate_current().to_string();
        let sealed = bound.unwrap_or_default();
        let mut form = vec![("code", code.as_str())];
        if !sealed.is_empty() {
            form.push(("key", &sealed));
        }
        client.post("/staff/totp", &form).await.map(drop)
    }

    /// Asks it to stop and waits until it has.
    ///
    /// # Errors
    /// When it does not end well.
    pub fn stop(mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status()?;
        let ended = self.child.wait()?;
        ensure!(asked.success() && ended.success(), "the server ended with {ended}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone after `stop`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
