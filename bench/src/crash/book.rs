//! What the server has acknowledged, kept on the side of those who were told.

use anyhow::{Context, bail, ensure};
use hyper::Method;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// What a request is about, so that its answer is noted where it belongs.
#[derive(Debug, Clone)]
pub enum Step {
    /// An application is begun.
    Begin,
    /// The file with this number is put into an application.
    Upload { draft: Uuid, file: u64 },
    /// An application is submitted.
    Submit { draft: Uuid },
    /// Something is done in a case.
    Act { case: Uuid },
}

/// A request that can be sent again as it was.
#[derive(Debug, Clone)]
pub struct Request {
    /// POST; a field so that it is told in a fault.
    pub method: Method,
    /// Where to.
    pub path: String,
    /// The key it goes under each time.
    pub key: String,
    /// What its body is; empty without one.
    pub kind: &'static str,
    /// The body.
    pub body: Vec<u8>,
    /// What it is about.
    pub step: Step,
}

/// A file that was acknowledged: its number, from which its content follows, its id and its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub number: u64,
    pub id: String,
    pub digest: String,
}

/// An application that was acknowledged.
#[derive(Debug, Default, Clone)]
pub struct Draft {
    /// The files put into it.
    pub files: Vec<File>,
    /// The case that it became.
    pub case: Option<Uuid>,
}

/// A case that was acknowledged.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its application.
    pub draft: Uuid,
    /// Its number.
    pub number: String,
    /// Its version as last told.
    pub version: i64,
    /// Where it stands, as last told.
    pub status: String,
}

/// How many answers of each kind were noted.
#[derive(Debug, Default, Clone, Copy)]
pub struct Count {
    /// Applications begun.
    pub begun: u64,
    /// Files taken.
    pub files: u64,
    /// Cases opened.
    pub cases: u64,
    /// Events that followed.
    pub acts: u64,
}

impl Count {
    /// All of them.
    pub const fn all(self) -> u64 {
        self.begun + self.files + self.cases + self.acts
    }
}

/// Everything that was acknowledged.
#[derive(Debug, Default)]
pub struct Book {
    /// The applications.
    pub drafts: BTreeMap<Uuid, Draft>,
    /// The cases.
    pub cases: BTreeMap<Uuid, Case>,
    /// Numbers with the case that each was given to.
    numbers: HashMap<String, Uuid>,
    /// Requests whose answer never came.
    pub open: Vec<Request>,
    /// Applications and cases with something new since they were compared last.
    pub touched: BTreeSet<Uuid>,
    /// What was acknowledged so far.
    pub count: Count,
}

fn id(value: &Value) -> anyhow::Result<Uuid> {
    Ok(value.as_str().context("no id")?.parse()?)
}

fn text(value: &Value) -> anyhow::Result<String> {
    Ok(value.as_str().context("no text")?.to_owned())
}

impl Book {
    /// Applications that nobody works on: begun in an earlier round, not submitted, and nothing about them is open.
    pub fn resting(&self) -> Vec<Uuid> {
        let is_open = |id: &Uuid| {
            self.open.iter().any(|request| match request.step {
                Step::Upload { draft, .. } | Step::Submit { draft } => draft == *id,
                Step::Begin | Step::Act { .. } => false,
            })
        };
        let begun = self.drafts.iter().filter(|(_, draft)| draft.case.is_none()).map(|(id, _)| *id);
        begun.filter(|id| !is_open(id)).collect()
    }

    /// Applications that are not submitted, and may be there without anybody having been told.
    pub fn unsubmitted(&self) -> usize {
        let begun = self.drafts.values().filter(|draft| draft.case.is_none()).count();
        begun + self.open.iter().filter(|request| matches!(request.step, Step::Begin)).count()
    }

    /// Notes an answer that the server gave, and says what it made or changed.
    ///
    /// # Errors
    /// When the answer contradicts one that was given before.
    pub fn note(&mut self, step: &Step, told: &Value) -> anyhow::Result<Uuid> {
        let about = match step {
            Step::Begin => {
                let draft = id(&told["id"])?;
                ensure!(self.drafts.insert(draft, Draft::default()).is_none(), "application {draft} twice");
                self.count.begun += 1;
                draft
            }
            Step::Upload { draft, file } => {
                let known = self.drafts.get_mut(draft).context("a file of nothing")?;
                let (id, digest) = (text(&told["id"])?, text(&told["digest"])?);
                known.files.push(File { number: *file, id, digest });
                self.count.files += 1;
                *draft
            }
            Step::Submit { draft } => self.opened(*draft, &told["cases"][0])?,
            Step::Act { case } => {
                let known = self.cases.get_mut(case).context("a case nobody opened")?;
                let version = told["version"].as_i64().context("no version")?;
                ensure!(version > known.version, "case {case} went from {} to {version}", known.version);
                (known.version, known.status) = (version, text(&told["status"])?);
                self.count.acts += 1;
                *case
            }
        };
        self.touched.insert(about);
        Ok(about)
    }

    fn opened(&mut self, draft: Uuid, told: &Value) -> anyhow::Result<Uuid> {
        let (case, number) = (id(&told["id"])?, text(&told["number"])?);
        let known = self.drafts.get_mut(&draft).context("a case of nothing")?;
        if let Some(before) = known.case.replace(case) {
            bail!("application {draft} became the cases {before} and {case}");
        }
        if let Some(other) = self.numbers.insert(number.clone(), case) {
            bail!("number {number} was given to {other} and to {case}");
        }
        let status = "submitted".to_owned();
        self.cases.insert(case, Case { draft, number, version: 1, status });
        self.count.cases += 1;
        Ok(case)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn draft(book: &mut Book, n: u128) -> Uuid {
        book.note(&Step::Begin, &json!({"id": Uuid::from_u128(n)})).unwrap()
    }

    fn submit(book: &mut Book, draft: Uuid, case: u128, number: &str) -> anyhow::Result<Uuid> {
        let told = json!({"cases": [{"id": Uuid::from_u128(case), "number": number}]});
        book.note(&Step::Submit { draft }, &told)
    }

    #[test]
    fn a_number_that_two_cases_got_is_a_fault() {
        let mut book = Book::default();
        let (one, other) = (draft(&mut book, 1), draft(&mut book, 2));
        submit(&mut book, one, 11, "2026030200001").unwrap();
        let error = submit(&mut book, other, 12, "2026030200001").unwrap_err();
        assert!(error.to_string().contains("2026030200001"), "{error}");
    }

    #[test]
    fn an_application_that_became_two_cases_is_a_fault() {
        let mut book = Book::default();
        let one = draft(&mut book, 1);
        submit(&mut book, one, 11, "a").unwrap();
        assert!(submit(&mut book, one, 12, "b").is_err());
    }

    #[test]
    fn a_version_that_was_given_twice_is_a_fault() {
        let mut book = Book::default();
        let one = draft(&mut book, 1);
        let case = submit(&mut book, one, 11, "a").unwrap();
        let told = json!({"version": 2, "status": "received"});
        book.note(&Step::Act { case }, &told).unwrap();
        assert!(book.note(&Step::Act { case }, &told).is_err());
        assert_eq!((book.cases[&case].version, book.count.all()), (2, 3));
    }
}
