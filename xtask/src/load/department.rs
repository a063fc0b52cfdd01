//! A department's system that submits and takes in cases over the API, and remembers what was acknowledged: what an answer
//! said is done must be there for ever after.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::{Value, json};

use super::http::{Answer, Client};

/// A matter with one paper.
const ITEM: &str = "157";
/// The hall whose system it is.
const HALL: &str = "青龙街道为民服务中心";
/// The district of the hall.
const DISTRICT: &str = "320402";
const SCOPES: &str = "catalogue:read orgs:read cases:read cases:lookup applications:write cases:accept";

/// A case as the server acknowledged it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// The version that was told last: so many events are there at least.
    pub version: i64,
}

/// Why there is no acknowledgement.
#[derive(Debug)]
pub enum Miss {
    /// The server said that it cannot now, and when to come again.
    Later,
    /// The connection broke: whether it was done, nobody knows.
    Broken,
    /// Anything else: a fault.
    Wrong(String),
}

/// What the system knows.
pub struct Department {
    token: String,
    hall: String,
    materials: Vec<String>,
    run: u64,
    next: AtomicU64,
}

impl Department {
    /// Opens a client with the program's own command, which finds its configuration by `place` (`--config FILE` or
    /// `--data FOLDER`), and gets its token. `run` keeps the keys and people of several departments apart.
    pub fn open(program: &Path, place: &[&str], address: SocketAddr, run: u64) -> Result<Department> {
        let made = Command::new(program)
            .args(["admin", "add-client"])
            .args(place)
            .args(["--name", &format!("检查{run}"), "--org", HALL, "--scope", SCOPES])
            .args(["--per-second", "1000", "--per-day", "10000000"])
            .output()?;
        let told = String::from_utf8_lossy(&made.stdout).into_owned();
        let word = |name: &str| {
            told.lines()
                .find_map(|line| line.strip_prefix(name))
                .with_context(|| format!("add-client: {told}{}", String::from_utf8_lossy(&made.stderr)))
        };
        let (id, secret) = (word("CLIENT_ID=")?, word("CLIENT_SECRET=")?);
        let grant = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let token = Client::new(address, "").send("POST", "/api/v1/oauth/token", &form, &grant)?.json()?;
        let token = token["access_token"].as_str().context("no token")?.to_owned();
        let mut client = Client::new(address, &token);
        let halls = client.get(&format!("/api/v1/halls?region={DISTRICT}&limit=200"), &[])?.json()?;
        let hall = halls["organisations"].as_array().into_iter().flatten().find(|hall| hall["name"] == HALL);
        let hall = hall.and_then(|hall| hall["id"].as_str()).context("the hall is not there")?.to_owned();
        let item = client.get(&format!("/api/v1/items/{ITEM}"), &[])?.json()?;
        let materials = item["materials"].as_array().into_iter().flatten();
        let materials = materials.filter_map(|m| m["code"].as_str().map(str::to_owned)).collect();
        Ok(Department { token, hall, materials, run, next: AtomicU64::new(0) })
    }

    /// A connection to a node.
    pub fn connect(&self, address: SocketAddr) -> Client {
        Client::new(address, &self.token)
    }

    fn another(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    fn post(&self, client: &mut Client, path: &str, body: &Value) -> Result<Value, Miss> {
        let key = format!("run-{}-{}", self.run, self.another());
        let headers = [("idempotency-key", key.as_str()), ("content-type", "application/json")];
        let (headers, body) =
            if body.is_null() { (&headers[..1], String::new()) } else { (&headers[..], body.to_string()) };
        match client.send("POST", path, headers, &body) {
            Ok(answer) => judged(&answer),
            Err(_) => Err(Miss::Broken),
        }
    }

    /// Makes an application and submits it; yields its case.
    pub fn submit(&self, client: &mut Client) -> Result<Acknowledged, Miss> {
        let n = self.another();
        let paper: serde_json::Map<String, Value> =
            self.materials.iter().map(|code| (code.clone(), json!(1))).collect();
        let body = json!({
            "items": [ITEM],
            "accepting": self.hall,
            "channel": "agent",
            "applicant": {"document_kind": "id_card", "document": identity(self.run * 100_000 + n),
                "name": "王小明", "phone": format!("139{:08}", n % 100_000_000)},
            "form": {"delivery": "window", "mandate": "受本人当面委托"},
            "paper": paper,
        });
        let begun = self.post(client, "/api/v1/applications", &body)?;
        let id = begun["id"].as_str().ok_or_else(|| Miss::Wrong(format!("no application: {begun}")))?;
        let path = format!("/api/v1/applications/{id}/submit");
        let receipt = self.post(client, &path, &Value::Null)?;
        let case = &receipt["cases"][0];
        match (case["id"].as_str(), case["number"].as_str()) {
            (Some(id), Some(number)) => {
                Ok(Acknowledged { id: id.to_owned(), number: number.to_owned(), version: 1 })
            }
            _ => Err(Miss::Wrong(format!("no case: {receipt}"))),
        }
    }

    /// Takes a case in, or accepts it.
    pub fn act(&self, client: &mut Client, case: &mut Acknowledged, action: &str) -> Result<(), Miss> {
        let path = format!("/api/v1/cases/{}/actions/{action}", case.id);
        let told = self.post(client, &path, &json!({ "version": case.version }))?;
        case.version = told["version"].as_i64().ok_or_else(|| Miss::Wrong(format!("no version: {told}")))?;
        Ok(())
    }

    /// The version of a case as a node reads it now.
    pub fn version(&self, client: &mut Client, id: &str) -> Result<i64, Miss> {
        let path = format!("/api/v1/cases/{id}");
        let answer = client.get(&path, &[]).map_err(|_| Miss::Broken)?;
        let told = judged(&answer)?;
        told["version"].as_i64().ok_or_else(|| Miss::Wrong(format!("no version: {told}")))
    }

    /// Fails unless everything that was acknowledged is there, each number once.
    pub fn prove(&self, address: SocketAddr, all: &[Acknowledged]) -> Result<()> {
        let mut numbers: Vec<&str> = all.iter().map(|case| case.number.as_str()).collect();
        numbers.sort_unstable();
        if let Some(twice) = numbers.windows(2).find(|pair| pair[0] == pair[1]) {
            bail!("the number {} was given twice", twice[0]);
        }
        let share = all.len().div_ceil(PROVERS).max(1);
        std::thread::scope(|scope| {
            let provers: Vec<_> =
                all.chunks(share).map(|part| scope.spawn(|| self.prove_part(address, part))).collect();
            provers.into_iter().try_for_each(|one| one.join().map_err(|_| anyhow!("a prover panicked"))?)
        })
    }

    fn prove_part(&self, address: SocketAddr, all: &[Acknowledged]) -> Result<()> {
        let mut client = self.connect(address);
        for case in all {
            match self.version(&mut client, &case.id) {
                Ok(version) if version >= case.version => {}
                Ok(version) => {
                    bail!(
                        "case {}: version {} was acknowledged, {version} is there",
                        case.number,
                        case.version
                    )
                }
                Err(why) => bail!("case {} was acknowledged: {why:?}", case.number),
            }
        }
        Ok(())
    }
}

/// Connections that prove at the same time.
const PROVERS: usize = 4;

fn judged(answer: &Answer) -> Result<Value, Miss> {
    if answer.status == 503 && answer.retry_after {
        return Err(Miss::Later);
    }
    if !(200..300).contains(&answer.status) {
        return Err(Miss::Wrong(format!("answered {}: {}", answer.status, answer.text())));
    }
    answer.json().map_err(|error| Miss::Wrong(error.to_string()))
}

/// The number of an identity card that is well formed (GB 11643) and, as a sample region with a sample birthday, nobody's.
fn identity(n: u64) -> String {
    let (serial, day) = (n % 1000, n / 1000);
    let (year, month, date) = (1940 + day / 336 % 60, 1 + day / 28 % 12, 1 + day % 28);
    let body = format!("110101{year:04}{month:02}{date:02}{serial:03}");
    let check = check_digit(&body);
    format!("{body}{check}")
}

/// The last character of an identity number (GB 11643, ISO 7064 MOD 11-2).
fn check_digit(body: &str) -> char {
    const WEIGHTS: [u64; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let sum: u64 = body.bytes().zip(WEIGHTS).map(|(digit, weight)| u64::from(digit - b'0') * weight).sum();
    CHECKS[usize::try_from(sum % 11).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_are_well_formed_and_differ() {
        assert_eq!(&identity(0)[..17], "11010119400101000");
        let mut all: Vec<String> = (0..30_000).map(identity).collect();
        assert!(all.iter().all(|number| number.len() == 18));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 30_000);
        assert_eq!(check_digit("11010519491231002"), 'X', "the example of the standard");
        assert_eq!(check_digit("44052418800101001"), '4', "and its other one");
    }

    #[test]
    fn busy_is_busy_only_when_it_says_when_to_come_again() {
        let answer = |status, retry_after| Answer { status, retry_after, body: b"{}".to_vec() };
        assert!(matches!(judged(&answer(503, true)), Err(Miss::Later)));
        assert!(matches!(judged(&answer(503, false)), Err(Miss::Wrong(_))));
        assert!(matches!(judged(&answer(500, true)), Err(Miss::Wrong(_))));
        assert!(judged(&answer(200, false)).is_ok());
    }
}
