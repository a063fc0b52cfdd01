//! Whole lives of cases under load: as many as the server takes, and an open loop that does not wait for the server.

use crate::department::{Case, Department, Refused};
use crate::flood::CLIENTS;
use crate::http::Client;
use crate::server::Server;
use crate::timing::Times;
use anyhow::Context;
use serde_json::json;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The rates of the open loop in lives a second: hills and valleys, then what a city never sees.
pub const RATES: [u64; 9] = [1, 15, 1, 25, 2, 35, 10, 100, 200];
/// A valley is quiet again after so long.
const SETTLE: Duration = Duration::from_secs(2);

/// Submits, takes in and accepts cases for some seconds, and says how many a second, and the last one.
///
/// # Errors
/// When a request fails.
pub async fn flood(
    department: &Arc<Department>,
    server: &Server,
    lasting: Duration,
) -> anyhow::Result<(f64, Case)> {
    let until = Instant::now() + lasting;
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (department, mut client) = (Arc::clone(department), department.connect(server));
            tokio::spawn(async move {
                let (mut done, mut last) = (0_u64, None);
                while Instant::now() < until {
                    match accepted(&department, &mut client).await {
                        Ok(case) => {
                            done += 1;
                            last = Some(case);
                        }
                        Err(error) if error.is::<Refused>() => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok((done, last))
            })
        })
        .collect();
    let (mut done, mut last) = (0, None);
    for task in tasks {
        let (count, case) = task.await??;
        done += count;
        last = case.or(last);
    }
    Ok((done as f64 / lasting.as_secs_f64(), last.context("no case was accepted")?))
}

async fn accepted(department: &Department, client: &mut Client) -> anyhow::Result<Case> {
    let mut case = department.submit(client).await?;
    department.act(client, &mut case, "receive", json!({})).await?;
    department.act(client, &mut case, "accept", json!({})).await?;
    Ok(case)
}

/// What happened at one rate.
#[derive(Debug, Default, Clone)]
pub struct Stage {
    /// Lives a second that were begun.
    pub rate: u64,
    /// How long each step took, waiting for a free connection included.
    pub times: Times,
    /// The same without the first two seconds.
    pub settled: Times,
    /// Lives that ended in a failure.
    pub failed: u64,
    /// Lives that were refused because the server was busy.
    pub refused: u64,
    /// What went wrong first.
    pub wrong: Option<String>,
}

/// Connections that are not in use.
#[derive(Default)]
struct Idle(Mutex<Vec<Client>>);

impl Idle {
    fn take(&self) -> Option<Client> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give(&self, client: Client) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(client);
    }
}

/// Begins lives at these rates, each for so long, whether or not earlier ones have ended.
///
/// # Errors
/// When a task dies.
pub async fn open_loop(
    department: &Arc<Department>,
    server: &Server,
    rates: &[u64],
    lasting: Duration,
) -> anyhow::Result<Vec<Stage>> {
    let idle = Arc::new(Idle::default());
    let mut stages = Vec::new();
    for &rate in rates {
        let (begun, mut lives) = (Instant::now(), Vec::new());
        let count = rate * lasting.as_secs();
        for n in 0..count {
            let due = begun + lasting.mul_f64(n as f64 / count as f64);
            tokio::time::sleep_until(due.into()).await;
            let client = idle.take().unwrap_or_else(|| department.connect(server));
            let (department, idle) = (Arc::clone(department), Arc::clone(&idle));
            lives.push((due - begun >= SETTLE, tokio::spawn(live(department, client, idle, due))));
        }
        let mut stage = Stage { rate, ..Stage::default() };
        for (settled, life) in lives {
            let (times, ended) = life.await?;
            if settled {
                stage.settled.add(times.clone());
            }
            stage.times.add(times);
            match ended {
                Ok(()) => {}
                Err(error) if error.is::<Refused>() => stage.refused += 1,
                Err(error) => {
                    stage.failed += 1;
                    stage.wrong.get_or_insert_with(|| error.to_string());
                }
            }
        }
        stages.push(stage);
    }
    Ok(stages)
}

/// Submit, accept, decide, look up.
async fn live(
    department: Arc<Department>,
    mut client: Client,
    idle: Arc<Idle>,
    due: Instant,
) -> (Times, anyhow::Result<()>) {
    let mut times = Times::default();
    let ended = steps(&department, &mut client, due, &mut times).await;
    if ended.is_ok() {
        idle.give(client);
    }
    (times, ended)
}

async fn steps(
    department: &Department,
    client: &mut Client,
    due: Instant,
    times: &mut Times,
) -> anyhow::Result<()> {
    let mut last = due;
    let mut note = |times: &mut Times| {
        let now = Instant::now();
        times.note(now - last);
        last = now;
    };
    let mut case = department.submit(client).await?;
    note(times);
    department.act(client, &mut case, "receive", json!({})).await?;
    department.act(client, &mut case, "accept", json!({})).await?;
    note(times);
    department.act(client, &mut case, "grant", json!({"opinion": "材料齐全，当场办理"})).await?;
    note(times);
    department.look_up(client, &case).await?;
    note(times);
    Ok(())
}
