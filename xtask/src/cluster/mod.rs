//! `cargo xtask cluster`: brings a whole city's cluster up on this machine — etcd, three PostgreSQL under Patroni with synchronous
//! replication, two nodes — puts load on it, kills a node, kills and freezes servers, and proves that nothing acknowledged is missing.
//! `--program FILE` tries a program that is built already.

mod nodes;
mod patroni;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail, ensure};

use crate::ci::caretaker::Caretaker;
use crate::ci::steps::Step;
use crate::ci::tools;
use crate::load::department::{Acknowledged, Department};
use crate::load::{Load, Told};
use crate::say;
use nodes::{House, Node};
use patroni::{Harm, Patroni, Role, until};

/// Debian packages beside those of the other checks.
const PACKAGES: &[(&str, &str)] = &[
    ("postgresql", "ls -d /usr/lib/postgresql/*/bin/initdb"),
    ("patroni", "command -v patroni"),
    ("etcd-server", "command -v etcd"),
];
/// Clients on each node.
const CLIENTS: usize = 4;
/// Work before and after something is killed.
const WHILE: Duration = Duration::from_secs(6);
/// How long everything may take to be as before.
const AGAIN_WITHIN: Duration = Duration::from_secs(120);
/// What is done on one node is seen on the other within.
const SEEN_WITHIN: Duration = Duration::from_secs(1);
/// Cases that are looked at on the other node.
const LOOKS: usize = 50;

/// Brings the cluster up, checks, and ends it.
pub fn command(root: &Path, words: &[String]) -> Result<bool> {
    tools::packages(PACKAGES)?;
    let program = program(root, words)?;
    let caretaker = Caretaker::hire()?;
    let outcome = trial(&program, caretaker.folder());
    caretaker.dismiss()?;
    outcome?;
    say("the cluster kept everything that it acknowledged");
    Ok(true)
}

fn program(root: &Path, words: &[String]) -> Result<PathBuf> {
    match words {
        [] => {
            let build = ["build", "--profile", "dist", "--package", "server"];
            ensure!(Step::cargo(root, &build).check()?.failed == 0, "the program does not build");
            Ok(root.join("target/dist/jinban"))
        }
        [flag, file] if flag == "--program" => Ok(std::fs::canonicalize(file)?),
        _ => bail!("usage: cargo xtask cluster [--program FILE]"),
    }
}

/// Everything acknowledged so far.
#[derive(Default)]
struct Ledger(Vec<Acknowledged>);

impl Ledger {
    /// Takes over what the clients of one trial were told; fails when one was told what nobody should hear.
    fn take(&mut self, told: Told) -> Result<()> {
        if let Some(why) = told.wrong.first() {
            bail!("{} answers were faults; the first {why}", told.wrong.len());
        }
        self.0.extend(told.cases);
        Ok(())
    }
}

/// What is under trial, and what it acknowledged.
struct Trial {
    database: Patroni,
    house: House,
    a: Node,
    b: Node,
    department: Arc<Department>,
    ledger: Ledger,
}

fn trial(program: &Path, folder: &Path) -> Result<()> {
    say("== etcd, three PostgreSQL under Patroni, two nodes");
    let begun = Instant::now();
    let database = Patroni::start(folder)?;
    let house = House::found(program, folder, database.url())?;
    let (a, b) = (house.start("a")?, house.start("b")?);
    say(&format!("up in {:.0} s", begun.elapsed().as_secs_f64()));
    let config = a.config.display().to_string();
    let department = Arc::new(Department::open(program, &["--config", &config], a.address, 1)?);
    let mut trial = Trial { database, house, a, b, department, ledger: Ledger::default() };
    say("== what one node does the other shows");
    trial.seen_elsewhere()?;
    say("== a node is killed under load");
    trial.node_lost()?;
    for (role, how, title) in [
        (Role::Standby, Harm::Kill, "the synchronous standby is killed under load, with its Patroni"),
        (Role::Primary, Harm::Kill, "the primary is killed under load, with its Patroni"),
        (
            Role::Primary,
            Harm::Freeze,
            "the primary falls silent under load, and wakes when another has its office",
        ),
    ] {
        say(&format!("== {title}"));
        trial.server_lost(role, how)?;
    }
    say("== the journal and every row");
    say(trial.house.run(&["verify", "--config", &config])?.trim_end());
    Ok(())
}

impl Trial {
    /// Acts on one node and reads on the other, in turn.
    fn seen_elsewhere(&mut self) -> Result<()> {
        let (mut here, mut there) =
            (self.department.connect(self.a.address), self.department.connect(self.b.address));
        let mut slowest = Duration::ZERO;
        for turn in 0..LOOKS {
            let (first, second) =
                if turn % 2 == 0 { (&mut here, &mut there) } else { (&mut there, &mut here) };
            let failed = |miss| anyhow!("case {turn}: {miss:?}");
            let mut case = self.department.submit(first).map_err(failed)?;
            self.department.act(first, &mut case, "receive").map_err(failed)?;
            let acknowledged = Instant::now();
            until("the other node shows it", SEEN_WITHIN, || {
                Ok(self.department.version(second, &case.id).is_ok_and(|version| version >= case.version))
            })?;
            slowest = slowest.max(acknowledged.elapsed());
            self.ledger.0.push(case);
        }
        say(&format!("{LOOKS} acts on one node read on the other, the slowest after {:.0} ms", ms(slowest)));
        Ok(())
    }

    fn load(&self) -> Load {
        Load::start(&self.department, &[self.a.address, self.b.address], CLIENTS)
    }

    /// One of the nodes is killed; the other has everything and goes on.
    fn node_lost(&mut self) -> Result<()> {
        let load = self.load();
        std::thread::sleep(WHILE);
        let killed = Instant::now();
        self.a.kill()?;
        std::thread::sleep(WHILE);
        let told = load.stop()?;
        ensure!(told.since(killed) > 0, "the other node did nothing more");
        say(&format!(
            "{} acknowledgements, {} of them after the kill; the clients of the other node waited {:.0} ms at most",
            told.instants.len(),
            told.since(killed),
            ms(told.silence(killed)),
        ));
        self.ledger.take(told)?;
        self.department.prove(self.b.address, &self.ledger.0)?;
        say(&format!("all {} cases that were acknowledged are there", self.ledger.0.len()));
        self.a = self.house.start("a")?;
        Ok(())
    }

    /// A server is lost; both nodes go on by themselves, and it comes back as a standby.
    fn server_lost(&mut self, role: Role, how: Harm) -> Result<()> {
        let load = self.load();
        std::thread::sleep(WHILE);
        let harmed = Instant::now();
        let lost = self.database.harm(role, how)?;
        // What is acknowledged so long after it is acknowledged without the lost one.
        until("work goes on", AGAIN_WITHIN, || Ok(load.since(harmed + SEEN_WITHIN) > 0))?;
        std::thread::sleep(WHILE);
        if how == Harm::Freeze {
            self.database.thaw(&lost)?;
            std::thread::sleep(WHILE);
        }
        let told = load.stop()?;
        let away = told.silence(harmed);
        say(&format!(
            "{lost} lost: nothing was written for {:.1} s; {} answers said when to come again, {} connections broke, {} \
             acknowledgements came after it",
            away.as_secs_f64(),
            told.later,
            told.broken,
            told.since(harmed + away),
        ));
        ensure!(
            told.broken == 0,
            "a node must answer while its database is away, and some connections broke"
        );
        self.ledger.take(told)?;
        for node in [&self.a, &self.b] {
            self.department.prove(node.address, &self.ledger.0)?;
        }
        say(&format!("all {} cases that were acknowledged are there, on both nodes", self.ledger.0.len()));
        if how == Harm::Kill {
            self.database.start_again(&lost)?;
        }
        let took = until("three servers stand again", AGAIN_WITHIN, || Ok(self.database.stands_whole()))?;
        say(&format!("three servers stand again after {:.0} s", took.as_secs_f64()));
        Ok(())
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
