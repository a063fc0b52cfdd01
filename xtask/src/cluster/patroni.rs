//! etcd and three PostgreSQL under Patroni on this machine, as a city runs them on six: synchronous replication, and a standby
//! takes over by itself when the primary is lost.

use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::load::http::Client;

/// How many servers.
const MEMBERS: usize = 3;
/// Seconds after which a primary that says nothing has lost its office; Patroni takes no less.
const TTL: u32 = 20;
/// How long the servers may take to stand.
const STANDS_WITHIN: Duration = Duration::from_secs(180);

/// What a member is to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It takes writes.
    Primary,
    /// Nothing is acknowledged before it has it too.
    Standby,
}

impl Role {
    /// As Patroni calls it.
    const fn word(self) -> &'static str {
        match self {
            Self::Primary => "leader",
            Self::Standby => "sync_standby",
        }
    }
}

/// What befalls a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// It is gone, as when the power fails.
    Kill,
    /// It stops in the middle of everything and answers nothing, as when its disk hangs; its connections stay open.
    Freeze,
}

impl Harm {
    const fn signal(self) -> &'static str {
        match self {
            Self::Kill => "-KILL",
            Self::Freeze => "-STOP",
        }
    }
}

/// One server with its Patroni.
struct Member {
    name: String,
    folder: PathBuf,
    port: u16,
    rest: SocketAddr,
    patroni: Child,
}

/// All of them.
pub struct Patroni {
    etcd: Child,
    members: Vec<Member>,
    account: Option<(u32, u32)>,
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Waits until something is so.
pub fn until(what: &str, within: Duration, mut so: impl FnMut() -> Result<bool>) -> Result<Duration> {
    let begun = Instant::now();
    while begun.elapsed() < within {
        if so()? {
            return Ok(begun.elapsed());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    bail!("{what}: not within {} s", within.as_secs())
}

/// The account that PostgreSQL runs as when we are root, which it refuses to be.
fn account() -> Result<Option<(u32, u32)>> {
    let number = |args: &[&str]| -> Result<u32> {
        let told = Command::new("id").args(args).output()?;
        Ok(String::from_utf8_lossy(&told.stdout).trim().parse()?)
    };
    if number(&["-u"])? != 0 {
        return Ok(None);
    }
    let user = number(&["-u", "postgres"]).context("there is no account postgres")?;
    Ok(Some((user, number(&["-g", "postgres"])?)))
}

/// Starts a program in its folder, with its words in a file there.
fn start(account: Option<(u32, u32)>, folder: &Path, program: &str, args: &[String]) -> Result<Child> {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("log"))?;
    let mut command = Command::new(program);
    command.args(args).current_dir(folder).stdin(Stdio::null());
    // A group of its own: ctrl-c is for us, who then end it in order.
    command.stdout(log.try_clone()?).stderr(log).process_group(0);
    if let Some((user, group)) = account {
        command.uid(user).gid(group);
    }
    command.spawn().with_context(|| format!("{program} could not be started"))
}

fn own_folder(parent: &Path, name: &str, account: Option<(u32, u32)>) -> Result<PathBuf> {
    let folder = parent.join(name);
    std::fs::create_dir(&folder)?;
    if let Some((user, group)) = account {
        std::os::unix::fs::chown(&folder, Some(user), Some(group))?;
    }
    Ok(folder)
}

impl Patroni {
    /// Starts everything under `parent` and waits for a primary with a synchronous standby.
    pub fn start(parent: &Path) -> Result<Patroni> {
        let account = account()?;
        let (clients, peers) = (free_port()?, free_port()?);
        let folder = own_folder(parent, "etcd", account)?;
        let (here, among) = (format!("http://127.0.0.1:{clients}"), format!("http://127.0.0.1:{peers}"));
        let words = ["--name", "one", "--data-dir", "data", "--listen-client-urls", &here];
        let more = ["--advertise-client-urls", &here, "--listen-peer-urls", &among];
        let last = ["--initial-advertise-peer-urls", &among, "--initial-cluster"];
        let args: Vec<String> = words.iter().chain(&more).chain(&last).map(ToString::to_string).collect();
        let args: Vec<String> = args.into_iter().chain([format!("one={among}")]).collect();
        let etcd = start(account, &folder, "etcd", &args)?;
        let mut cluster = Patroni { etcd, members: Vec::new(), account };
        for n in 1..=MEMBERS {
            let name = format!("db{n}");
            let folder = own_folder(parent, &name, account)?;
            let (port, rest) = (free_port()?, free_port()?);
            std::fs::write(folder.join("patroni.yml"), configuration(&name, &folder, port, rest, clients)?)?;
            let patroni = start(account, &folder, "patroni", &["patroni.yml".to_owned()])?;
            let rest = SocketAddr::from(([127, 0, 0, 1], rest));
            cluster.members.push(Member { name, folder, port, rest, patroni });
        }
        until("PostgreSQL with a synchronous standby", STANDS_WITHIN, || Ok(cluster.stands_whole()))?;
        Ok(cluster)
    }

    /// The address for the nodes: all hosts, of which the one that takes writes is used.
    pub fn url(&self) -> String {
        let hosts: Vec<String> = self.members.iter().map(|m| format!("127.0.0.1:{}", m.port)).collect();
        format!("postgres://postgres@{}/postgres?target_session_attrs=read-write", hosts.join(","))
    }

    /// The members as the first Patroni that answers sees them.
    fn seen(&self) -> Vec<Value> {
        let ask = |member: &Member| Client::new(member.rest, "").get("/cluster", &[]).ok()?.json().ok();
        let told: Option<Value> = self.members.iter().find_map(ask);
        told.and_then(|told| Some(told["members"].as_array()?.clone())).unwrap_or_default()
    }

    /// The names of running members with that role.
    fn with_role(&self, role: &str) -> Vec<String> {
        let running =
            |m: &&Value| m["role"] == role && (m["state"] == "running" || m["state"] == "streaming");
        let seen = self.seen();
        seen.iter().filter(running).filter_map(|m| m["name"].as_str().map(str::to_owned)).collect()
    }

    /// Whether all run, one as primary with a synchronous standby.
    pub fn stands_whole(&self) -> bool {
        let (leader, synchronous) = (self.with_role("leader").len(), self.with_role("sync_standby").len());
        leader == 1 && synchronous == 1 && leader + synchronous + self.with_role("replica").len() == MEMBERS
    }

    /// Does that to everything of the member in that role, in one instant; yields its name.
    pub fn harm(&mut self, role: Role, how: Harm) -> Result<String> {
        let name = self.with_role(role.word()).pop().context("nobody has that role")?;
        let member = self.members.iter_mut().find(|m| m.name == name).context("an unknown member")?;
        member.signal(how.signal())?;
        if how == Harm::Kill {
            member.patroni.wait()?;
        }
        Ok(name)
    }

    /// Lets a frozen member go on where it stopped.
    pub fn thaw(&self, name: &str) -> Result<()> {
        self.members.iter().find(|m| m.name == name).context("no such member")?.signal("-CONT")
    }

    /// Starts a killed member again.
    pub fn start_again(&mut self, name: &str) -> Result<()> {
        let account = self.account;
        let member = self.members.iter_mut().find(|m| m.name == name).context("no such member")?;
        member.patroni = start(account, &member.folder, "patroni", &["patroni.yml".to_owned()])?;
        Ok(())
    }
}

impl Member {
    /// Every process of it: Patroni and PostgreSQL work in its folder and nobody else does.
    fn processes(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir("/proc")? {
            let process = entry?.path();
            // Most are no processes, or gone when they are looked at.
            let here = std::fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd.starts_with(&self.folder));
            found
                .extend(process.file_name().filter(|_| here).map(|name| name.to_string_lossy().into_owned()));
        }
        Ok(found)
    }

    /// Sends all of them a signal at once.
    fn signal(&self, signal: &str) -> Result<()> {
        let processes = self.processes()?;
        ensure!(!processes.is_empty(), "{} has no processes", self.name);
        // One that ended by itself in this instant is no fault.
        Command::new("kill").arg(signal).args(&processes).stderr(Stdio::null()).status()?;
        Ok(())
    }
}

impl Drop for Patroni {
    /// Ends everything at once: nothing of it is kept.
    fn drop(&mut self) {
        for member in &mut self.members {
            // It may be gone already.
            let _ = member.signal("-KILL");
            let _ = member.patroni.wait();
        }
        let _ = self.etcd.kill();
        let _ = self.etcd.wait();
    }
}

/// What a Patroni reads. Passwords are not asked on this machine's own addresses.
fn configuration(name: &str, folder: &Path, port: u16, rest: u16, etcd: u16) -> Result<String> {
    let bin = crate::ci::postgres::newest_bin().context("no PostgreSQL under /usr/lib/postgresql")?;
    let (bin, folder) = (bin.display(), folder.display());
    Ok(format!(
        r#"scope: jinban
name: {name}
restapi: {{listen: "127.0.0.1:{rest}", connect_address: "127.0.0.1:{rest}"}}
etcd3: {{host: "127.0.0.1:{etcd}"}}
bootstrap:
  dcs:
    ttl: {TTL}
    loop_wait: 5
    retry_timeout: 5
    maximum_lag_on_failover: 1048576
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      parameters: {{max_connections: 100, shared_buffers: 64MB}}
  initdb: [{{encoding: UTF8}}, {{locale: C.UTF-8}}, data-checksums]
  pg_hba: ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]
postgresql:
  listen: "127.0.0.1:{port}"
  connect_address: "127.0.0.1:{port}"
  data_dir: {folder}/data
  bin_dir: {bin}
  pgpass: {folder}/pgpass
  authentication:
    superuser: {{username: postgres, password: none}}
    replication: {{username: replicator, password: none}}
    rewind: {{username: rewind, password: none}}
  parameters: {{unix_socket_directories: ""}}
"#
    ))
}
