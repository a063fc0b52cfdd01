//! A department's system at work: it submits, takes in, decides and looks up cases over the API.

use crate::http::{Answer, Client};
use crate::population::somebody;
use crate::server::Server;
use anyhow::{Context, bail, ensure};
use hyper::Method;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// Among how many items the applications are spread: an item has only so many numbers a day.
const ITEMS: usize = 20;
/// How many items the catalogue has.
const CATALOGUE: usize = 182;
/// The hall whose system it is.
const HALL: &str = "青龙街道为民服务中心";
const SCOPES: &str =
    "catalogue:read orgs:read cases:read cases:lookup applications:write cases:accept cases:decide";
/// Its people come after those that were loaded.
const FIRST: u64 = 10_000_000;

/// Clients that share the load: what one may ask of a node in a second is limited.
const CLIENTS: usize = 8;

/// What the clients of the API know.
pub struct Department {
    tokens: Vec<String>,
    hall: String,
    items: Vec<Item>,
    next: AtomicU64,
    run: Uuid,
}

/// A matter that the hall settles on the spot, and what one brings.
struct Item {
    code: String,
    materials: Vec<String>,
}

/// A case in its hands.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its query code.
    pub code: String,
    /// Its version as last seen.
    pub version: i64,
}

impl Department {
    /// Opens a client and gets its token.
    ///
    /// # Errors
    /// When the program or the server refuses.
    pub async fn open(program: &Path, data: &Path, server: &Server) -> anyhow::Result<Arc<Self>> {
        let run = Uuid::from_u128(u128::from(std::process::id()) << 64 | u128::from(server.address.port()));
        let mut tokens = Vec::with_capacity(CLIENTS);
        let config = data.join("jinban.toml");
        let (flag, place) = if config.exists() { ("--config", config.as_path()) } else { ("--data", data) };
        let place = [flag, &place.to_string_lossy()];
        for n in 0..CLIENTS {
            let name = format!("压力测试{}-{n}", server.address.port());
            tokens.push(token(program, &place, server.address, &name, HALL, SCOPES).await?);
        }
        let mut client = Client::new(server.address);
        client.bearer = tokens.first().cloned();
        let halls = client.get("/api/v1/halls?region=320402&limit=200").await?.json()?;
        let hall = halls["organisations"].as_array().into_iter().flatten().find(|hall| hall["name"] == HALL);
        let hall = hall.and_then(|hall| hall["id"].as_str()).context("the hall is not there")?.to_owned();
        let mut own = Self { tokens, hall, items: Vec::new(), next: AtomicU64::new(0), run };
        own.find_items(&mut client).await?;
        Ok(Arc::new(own))
    }

    /// Tries which items the hall takes from somebody who only brings papers.
    async fn find_items(&mut self, client: &mut Client) -> anyhow::Result<()> {
        let mut refused = String::new();
        for n in 1..=CATALOGUE {
            let code = format!("{n:03}");
            let item = client.get(&format!("/api/v1/items/{code}")).await?.json()?;
            if item["regime"] != "immediate" {
                continue;
            }
            let materials = item["materials"].as_array().into_iter().flatten();
            let materials = materials.filter_map(|m| m["code"].as_str().map(str::to_owned)).collect();
            let item = Item { code, materials };
            match self.submit_for(client, &item).await {
                Ok(_) => self.items.push(item),
                Err(error) => refused = error.to_string(),
            }
            if self.items.len() == ITEMS {
                return Ok(());
            }
        }
        bail!("the hall takes only {} items; of the last it was said: {refused}", self.items.len())
    }

    /// A connection of one of the systems.
    pub fn connect(&self, server: &Server) -> Client {
        let mut client = Client::new(server.address);
        let turn = usize::try_from(self.another()).unwrap_or(0) % self.tokens.len();
        client.bearer = self.tokens.get(turn).cloned();
        client
    }

    /// Another number, for keys and people.
    fn another(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    async fn post(&self, client: &mut Client, path: &str, body: &Value) -> anyhow::Result<Answer> {
        let key = format!("{}-{}", self.run.simple(), self.another());
        let headers = [("idempotency-key", key.as_str()), ("content-type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        client.send(Method::POST, path, if body.is_empty() { &headers[..1] } else { &headers }, body).await
    }

    /// Begins an application and submits it.
    ///
    /// # Errors
    /// [`Refused`] when the server is busy; other answers are failures.
    pub async fn submit(&self, client: &mut Client) -> anyhow::Result<Case> {
        let turn = usize::try_from(self.another()).unwrap_or(0) % self.items.len();
        self.submit_for(client, &self.items[turn]).await
    }

    async fn submit_for(&self, client: &mut Client, item: &Item) -> anyhow::Result<Case> {
        let who = somebody(FIRST + self.another()).context("there are no more people")?;
        let paper: serde_json::Map<String, Value> =
            item.materials.iter().map(|code| (code.clone(), json!(1))).collect();
        let body = json!({
            "items": [item.code],
            "accepting": self.hall,
            "channel": "window",
            "applicant": {"document_kind": "id_card", "document": who.document.as_str(), "name": who.name,
                "phone": who.phone.as_str()},
            "form": {"delivery": "electronic", "mandate": "受本人当面委托"},
            "paper": paper,
        });
        let begun = expect(&self.post(client, "/api/v1/applications", &body).await?, 201)?;
        let id = begun["id"].as_str().context("no application")?.to_owned();
        let path = format!("/api/v1/applications/{id}/submit");
        let receipt = expect(&self.post(client, &path, &Value::Null).await?, 200)?;
        let case = &receipt["cases"][0];
        let text = |name: &str| {
            case[name].as_str().map(str::to_owned).with_context(|| format!("no {name}: {receipt}"))
        };
        Ok(Case { id: text("id")?.parse()?, number: text("number")?, code: text("query_code")?, version: 1 })
    }

    /// Does something in a case.
    ///
    /// # Errors
    /// [`Refused`] when the server is busy; other answers are failures.
    pub async fn act(
        &self,
        client: &mut Client,
        case: &mut Case,
        action: &str,
        mut body: Value,
    ) -> anyhow::Result<()> {
        body["version"] = json!(case.version);
        let path = format!("/api/v1/cases/{}/actions/{action}", case.id);
        let told = expect(&self.post(client, &path, &body).await?, 200)?;
        case.version = told["version"].as_i64().context("no version")?;
        Ok(())
    }

    /// Looks a case up by number and code.
    ///
    /// # Errors
    /// [`Refused`] when the server is busy; other answers are failures.
    pub async fn look_up(&self, client: &mut Client, case: &Case) -> anyhow::Result<Value> {
        let path = format!("/api/v1/lookup/{}", case.number);
        expect(&client.send(Method::GET, &path, &[("query-code", &case.code)], "").await?, 200)
    }
}

/// Opens a client at the installation in this place, gets its token from this address and answers it.
///
/// # Errors
/// When the program or the server refuses.
pub async fn token(
    program: &Path,
    place: &[&str; 2],
    address: SocketAddr,
    name: &str,
    org: &str,
    scopes: &str,
) -> anyhow::Result<String> {
    let made = Command::new(program)
        .args(["admin", "add-client", "--name", name, "--org", org, "--scope", scopes])
        .args(["--per-second", "1000", "--per-day", "10000000"])
        .args(place)
        .output()?;
    let told = String::from_utf8_lossy(&made.stdout).into_owned();
    let word = |name: &str| {
        let line = told.lines().find_map(|line| line.strip_prefix(name));
        line.map(str::to_owned)
            .with_context(|| format!("add-client: {told}{}", String::from_utf8_lossy(&made.stderr)))
    };
    let (id, secret) = (word("CLIENT_ID=")?, word("CLIENT_SECRET=")?);
    let grant = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)];
    let token = Client::new(address).form("/api/v1/oauth/token", &grant).await?.json()?;
    token["access_token"].as_str().map(str::to_owned).context("no token")
}

/// The server said that it is busy, and when to come again.
#[derive(Debug)]
pub struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the server is busy")
    }
}

impl std::error::Error for Refused {}

fn expect(answer: &Answer, status: u16) -> anyhow::Result<Value> {
    if answer.status == 503 || answer.status == 429 {
        ensure!(answer.retry_after, "busy without Retry-After");
        return Err(Refused.into());
    }
    ensure!(answer.status == status, "answered {}: {}", answer.status, answer.text());
    answer.json()
}
