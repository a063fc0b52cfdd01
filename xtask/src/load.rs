//! Work put on nodes over the API while something happens to them, with every acknowledgement remembered. For the checks that
//! nothing acknowledged is ever lost.

pub mod department;
pub mod http;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use department::{Acknowledged, Department, Miss};

/// How long a client waits after it was told to come later, or its connection broke.
const LATER: Duration = Duration::from_millis(50);

/// What the clients were told.
#[derive(Debug, Default)]
pub struct Told {
    /// The cases, each with the version that was acknowledged last.
    pub cases: Vec<Acknowledged>,
    /// When something was acknowledged.
    pub instants: Vec<Instant>,
    /// Answers that said to come later.
    pub later: usize,
    /// Connections that broke.
    pub broken: usize,
    /// Answers that nobody should get.
    pub wrong: Vec<String>,
}

impl Told {
    /// The longest time after `from` in which nothing was acknowledged.
    pub fn silence(&self, from: Instant) -> Duration {
        let mut instants: Vec<Instant> = self.instants.iter().copied().filter(|at| *at >= from).collect();
        instants.push(from);
        instants.sort_unstable();
        instants.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
    }

    /// Acknowledgements after `from`.
    pub fn since(&self, from: Instant) -> usize {
        self.instants.iter().filter(|at| **at >= from).count()
    }
}

/// Clients at work.
pub struct Load {
    stop: Arc<AtomicBool>,
    told: Arc<Mutex<Told>>,
    clients: Vec<JoinHandle<()>>,
}

impl Load {
    /// Sets clients to work, so many on each node.
    pub fn start(department: &Arc<Department>, nodes: &[SocketAddr], on_each: usize) -> Load {
        let (stop, told) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Told::default())));
        let client = |node: SocketAddr| {
            let work = Work { department: Arc::clone(department), node, told: Arc::clone(&told) };
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || work.until(&stop))
        };
        let nodes = nodes.iter().flat_map(|node| std::iter::repeat_n(*node, on_each));
        Load { clients: nodes.map(client).collect(), stop, told }
    }

    /// Acknowledgements since an instant, so far.
    pub fn since(&self, from: Instant) -> usize {
        locked(&self.told).since(from)
    }

    /// Lets the clients finish what they do and answers what they were told.
    pub fn stop(self) -> Result<Told> {
        self.stop.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.join().map_err(|_| anyhow!("a client panicked"))?;
        }
        Ok(std::mem::take(&mut *locked(&self.told)))
    }
}

fn locked(told: &Mutex<Told>) -> std::sync::MutexGuard<'_, Told> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One client.
struct Work {
    department: Arc<Department>,
    node: SocketAddr,
    told: Arc<Mutex<Told>>,
}

impl Work {
    fn until(&self, stop: &AtomicBool) {
        let mut client = self.department.connect(self.node);
        while !stop.load(Ordering::Relaxed) {
            if let Err(miss) = self.one_case(&mut client) {
                self.note(|told| match miss {
                    Miss::Later => told.later += 1,
                    Miss::Broken => told.broken += 1,
                    Miss::Wrong(why) => told.wrong.push(why),
                });
                std::thread::sleep(LATER);
            }
        }
    }

    /// Submits a case, takes it in and accepts it; each acknowledgement counts by itself.
    fn one_case(&self, client: &mut http::Client) -> Result<(), Miss> {
        let mut case = self.department.submit(client)?;
        self.acknowledged(&case);
        for action in ["receive", "accept"] {
            self.department.act(client, &mut case, action)?;
            self.acknowledged(&case);
        }
        Ok(())
    }

    fn acknowledged(&self, case: &Acknowledged) {
        let at = Instant::now();
        self.note(|told| {
            told.instants.push(at);
            match told.cases.iter_mut().rev().find(|known| known.id == case.id) {
                Some(known) => known.version = case.version,
                None => told.cases.push(case.clone()),
            }
        });
    }

    fn note(&self, what: impl FnOnce(&mut Told)) {
        what(&mut locked(&self.told));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_silence_is_that_between_two_acknowledgements_after_the_instant() {
        let from = Instant::now();
        let at = |ms| from + Duration::from_millis(ms);
        let told = Told { instants: vec![at(900), at(100), at(150), at(950)], ..Told::default() };
        assert_eq!(told.silence(from), Duration::from_millis(750));
        assert_eq!(told.silence(at(150)), Duration::from_millis(750));
        assert_eq!((told.since(from), told.since(at(900))), (4, 2));
    }
}
