//! The load of a round: applications are begun, given a file, submitted, taken in, accepted and granted, until the server is
//! gone. What it answered is noted; what it did not answer is kept, to be sent again under the same key.

use super::book::{Book, Request, Step};
use super::site::Site;
use crate::dice::Dice;
use crate::http::{Answer, Client};
use crate::population::somebody;
use anyhow::{Context, bail};
use hyper::Method;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// A matter that is settled on the spot.
const ITEM: &str = "101";
/// Connections that work at the same time.
const WORKERS: usize = 8;
/// Applications that are left unsubmitted for later comparisons.
const RESTING: usize = 20;
/// A client may have 100 at the same time; those that others are just beginning are among them.
const MOST_UNSUBMITTED: usize = 100 - WORKERS;
/// The smallest picture that says it is one; what follows makes each another file.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
/// A server that is busy is asked again after so long.
const BUSY: Duration = Duration::from_millis(50);

/// The content of a file by its number.
pub fn content(file: u64) -> Vec<u8> {
    let mut bytes = PNG.to_vec();
    bytes.extend_from_slice(&file.to_be_bytes());
    // Long enough that writing it takes a moment in which the server can be killed.
    bytes.resize(4096 + usize::try_from(file % 60_000).unwrap_or(0), u8::try_from(file % 251).unwrap_or(0));
    bytes
}

/// What became of a request.
pub enum Sent {
    /// It was answered and noted; what it was about.
    Noted(Uuid),
    /// Nobody knows: the connection broke.
    Open,
}

/// One department's system.
pub struct Load {
    /// What was acknowledged.
    pub book: Mutex<Book>,
    /// What the hall and its systems are called there.
    pub hall: String,
    /// The codes of the materials that are asked for.
    pub materials: Vec<String>,
    /// Distinguishes keys, people and files of this run.
    next: AtomicU64,
    run: u64,
}

impl Load {
    /// For a site that was just set up.
    pub fn new(run: u64, hall: String, materials: Vec<String>) -> Self {
        Self { book: Mutex::default(), hall, materials, next: AtomicU64::new(0), run }
    }

    /// What was acknowledged.
    pub fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn another(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    fn request(&self, path: String, kind: &'static str, body: Vec<u8>, step: Step) -> Request {
        let key = format!("crash-{:x}-{}", self.run, self.another());
        Request { method: Method::POST, path, key, kind, body, step }
    }

    fn begin(&self) -> anyhow::Result<Request> {
        let who = somebody(self.another()).context("there are no more people")?;
        let paper: serde_json::Map<String, Value> =
            self.materials.iter().map(|code| (code.clone(), json!(1))).collect();
        let body = json!({
            "items": [ITEM],
            "accepting": self.hall,
            "channel": "window",
            "applicant": {"document_kind": "id_card", "document": who.document.as_str(), "name": who.name,
                "phone": who.phone.as_str()},
            "form": {"delivery": "electronic", "mandate": "受本人当面委托"},
            "paper": paper,
        });
        let body = body.to_string().into_bytes();
        Ok(self.request("/api/v1/applications".to_owned(), "application/json", body, Step::Begin))
    }

    fn upload(&self, draft: Uuid) -> anyhow::Result<Request> {
        let material = self.materials.first().context("the item asks for no material")?;
        let path = format!("/api/v1/applications/{draft}/materials/{material}");
        let file = self.another();
        Ok(self.request(path, "image/png", content(file), Step::Upload { draft, file }))
    }

    fn submit(&self, draft: Uuid) -> Request {
        let path = format!("/api/v1/applications/{draft}/submit");
        self.request(path, "", Vec::new(), Step::Submit { draft })
    }

    fn act(&self, case: Uuid, action: &str, mut body: Value) -> Request {
        body["version"] = json!(self.book().cases.get(&case).map_or(0, |known| known.version));
        let path = format!("/api/v1/cases/{case}/actions/{action}");
        self.request(path, "application/json", body.to_string().into_bytes(), Step::Act { case })
    }

    /// Sends a request and notes its answer.
    ///
    /// # Errors
    /// When the server refuses what it has to take, or contradicts itself.
    pub async fn send(&self, client: &mut Client, request: Request) -> anyhow::Result<Sent> {
        loop {
            let mut headers = vec![("idempotency-key", request.key.as_str())];
            if !request.kind.is_empty() {
                headers.push(("content-type", request.kind));
            }
            let sent = client.send(request.method.clone(), &request.path, &headers, request.body.clone());
            let Ok(answer) = sent.await else {
                self.book().open.push(request);
                return Ok(Sent::Open);
            };
            match answer.status {
                200 | 201 => {
                    let noted = self.book().note(&request.step, &answer.json()?);
                    return noted.map(Sent::Noted).with_context(|| told(&request, &answer));
                }
                429 | 503 => tokio::time::sleep(BUSY).await,
                _ => bail!(told(&request, &answer)),
            }
        }
    }

    /// One life after the other, those of earlier rounds first, each as far as chance takes it, until the server is gone.
    async fn work(&self, mut client: Client, mut dice: Dice, resting: Vec<Uuid>) -> anyhow::Result<()> {
        for draft in resting {
            if let Sent::Open = self.life(&mut client, &mut dice, draft).await? {
                return Ok(());
            }
        }
        while self.book().unsubmitted() < MOST_UNSUBMITTED {
            let Sent::Noted(draft) = self.send(&mut client, self.begin()?).await? else { return Ok(()) };
            if let Sent::Open = self.life(&mut client, &mut dice, draft).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn life(&self, client: &mut Client, dice: &mut Dice, draft: Uuid) -> anyhow::Result<Sent> {
        if dice.chance(700)
            && let Sent::Open = self.send(client, self.upload(draft)?).await?
        {
            return Ok(Sent::Open);
        }
        if dice.chance(100) {
            return Ok(Sent::Noted(draft));
        }
        let Sent::Noted(case) = self.send(client, self.submit(draft)).await? else { return Ok(Sent::Open) };
        for (action, body) in [
            ("receive", json!({})),
            ("accept", json!({})),
            ("grant", json!({"opinion": "材料齐全，当场办理"})),
        ] {
            if dice.chance(100) {
                break;
            }
            if let Sent::Open = self.send(client, self.act(case, action, body)).await? {
                return Ok(Sent::Open);
            }
        }
        Ok(Sent::Noted(case))
    }

    /// Works with several connections until the server is gone.
    ///
    /// # Errors
    /// When the server refuses what it has to take, or contradicts itself.
    pub async fn until_gone(self: &Arc<Self>, site: &Site, seed: u64) -> anyhow::Result<()> {
        let resting: Vec<Uuid> = self.book().resting().into_iter().skip(RESTING).collect();
        let share = resting.len().div_ceil(WORKERS).max(1);
        let mut shares: Vec<Vec<Uuid>> = resting.chunks(share).map(<[Uuid]>::to_vec).collect();
        shares.resize(WORKERS, Vec::new());
        let workers: Vec<_> = (0..)
            .zip(shares)
            .map(|(n, resting)| {
                let (load, client) = (Arc::clone(self), site.client());
                tokio::spawn(async move { load.work(client, Dice::for_case(seed, n), resting).await })
            })
            .collect();
        for worker in workers {
            worker.await??;
        }
        Ok(())
    }
}

fn told(request: &Request, answer: &Answer) -> String {
    format!("{} {} answered {}: {}", request.method, request.path, answer.status, answer.text())
}
