//! No job is lost, none is done by two, and none is tried for ever.

use super::*;
use crate::testing::on_both;
use crate::{Db, Work};

const TWICE: Retries = Retries { most: 2, ..Retries::USUAL };

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// What a test does in one transaction.
enum Act {
    Push(&'static str, i64),
    Set(&'static str, i64),
    Cancel(&'static str),
    Claim(i64, u32),
    Done(Job, i64),
    Fail(Job, i64),
    Retry(i64, i64),
    Forget(i64),
}

#[derive(Debug, PartialEq)]
enum Gave {
    Yes(bool),
    Jobs(Vec<Job>),
    Again(Option<Timestamp>),
    Many(u64),
}

impl Work for Act {
    type Out = Gave;
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<Gave> {
        Ok(match self {
            Self::Push(key, s) => Gave::Yes(push(tx, "timer", key, "{}", at(*s)).await?),
            Self::Set(key, s) => Gave::Yes(set(tx, "timer", key, "{\"n\":2}", at(*s)).await.map(|()| true)?),
            Self::Cancel(key) => Gave::Yes(cancel(tx, "timer", key).await?),
            Self::Claim(s, limit) => Gave::Jobs(claim(tx, "timer", at(*s), &TWICE, *limit).await?),
            Self::Done(job, s) => Gave::Yes(done(tx, job, at(*s)).await.map(|()| true)?),
            Self::Fail(job, s) => Gave::Again(fail(tx, job, "no paper", at(*s), &TWICE).await?),
            Self::Retry(id, s) => Gave::Yes(retry(tx, *id, at(*s)).await.map(|()| true)?),
            Self::Forget(s) => Gave::Many(forget(tx, at(*s), 10).await?),
        })
    }
}

struct Look(State, Option<i64>);
impl Work for Look {
    type Out = (Vec<Entry>, Vec<(String, State, i64)>, Option<Timestamp>);
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<Self::Out> {
        Ok((page(tx, self.0, self.1, 2).await?, counts(tx).await?, next_due(tx, "timer").await?))
    }
}

async fn act(db: &Db, act: Act) -> Gave {
    db.write(act).await.unwrap()
}

async fn claimed(db: &Db, now: i64, limit: u32) -> Vec<Job> {
    match act(db, Act::Claim(now, limit)).await {
        Gave::Jobs(jobs) => jobs,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_job_is_put_in_once_claimed_when_due_and_not_again_when_done() {
    on_both(|db| async move {
        assert_eq!(act(&db, Act::Push("b", 20)).await, Gave::Yes(true));
        assert_eq!(act(&db, Act::Push("a", 10)).await, Gave::Yes(true));
        assert_eq!(act(&db, Act::Push("a", 99)).await, Gave::Yes(false));
        assert_eq!(db.read(Look(State::Waiting, None)).await.unwrap().2, Some(at(10)));
        assert!(claimed(&db, 9, 10).await.is_empty());
        let jobs = claimed(&db, 20, 10).await;
        let seen: Vec<_> = jobs.iter().map(|job| (job.key.as_str(), job.run_at, job.tries)).collect();
        assert_eq!(seen, [("a", at(10), 1), ("b", at(20), 1)]);
        act(&db, Act::Done(jobs[0].clone(), 21)).await;
        assert_eq!(act(&db, Act::Push("a", 30)).await, Gave::Yes(false), "what was done is not done again");
        assert!(claimed(&db, 30, 10).await.is_empty());
        assert_eq!(act(&db, Act::Forget(21)).await, Gave::Many(0));
        assert_eq!(act(&db, Act::Forget(22)).await, Gave::Many(1));
        assert_eq!(act(&db, Act::Push("a", 30)).await, Gave::Yes(true), "what was forgotten is new");
    })
    .await;
}

#[tokio::test]
async fn a_lease_that_ran_out_is_claimed_again_and_its_first_worker_cannot_finish() {
    on_both(|db| async move {
        act(&db, Act::Push("a", 0)).await;
        let first = claimed(&db, 0, 1).await.remove(0);
        assert!(claimed(&db, 299, 1).await.is_empty(), "the lease lasts");
        let second = claimed(&db, 300, 1).await.remove(0);
        assert_eq!((second.id, second.tries), (first.id, 2));
        assert!(matches!(db.write(Act::Done(first.clone(), 301)).await, Err(Error::Conflict(_))));
        assert!(matches!(db.write(Act::Fail(first, 301)).await, Err(Error::Conflict(_))));
        act(&db, Act::Done(second.clone(), 302)).await;
        assert!(matches!(db.write(Act::Done(second, 303)).await, Err(Error::Conflict(_))), "done twice");
    })
    .await;
}

#[tokio::test]
async fn a_job_that_fails_or_loses_its_workers_too_often_is_given_up_until_tried_by_hand() {
    on_both(|db| async move {
        act(&db, Act::Push("fails", 0)).await;
        act(&db, Act::Push("kills", 0)).await;
        let one = claimed(&db, 0, 1).await.remove(0);
        assert_eq!(act(&db, Act::Fail(one, 10)).await, Gave::Again(Some(at(70))));
        assert_eq!(claimed(&db, 69, 9).await.len(), 1, "only the other one");
        let two = claimed(&db, 70, 1).await.remove(0);
        assert_eq!((two.key.as_str(), two.tries), ("fails", 2));
        assert_eq!(act(&db, Act::Fail(two.clone(), 80)).await, Gave::Again(None));
        assert_eq!(claimed(&db, 400, 9).await.len(), 1, "the lost one, for the last time");
        assert!(claimed(&db, 800, 9).await.is_empty());
        let (failed, counts, next) = db.read(Look(State::Failed, None)).await.unwrap();
        let why: Vec<_> = failed.iter().map(|f| (f.job.key.as_str(), f.last_error.as_deref())).collect();
        assert_eq!(why, [("kills", Some(LOST)), ("fails", Some("no paper"))]);
        assert_eq!((counts, next), (vec![("timer".to_owned(), State::Failed, 2)], None));
        act(&db, Act::Retry(two.id, 900)).await;
        assert_eq!(db.write(Act::Retry(two.id, 900)).await, Err(Error::NotFound));
        assert_eq!(claimed(&db, 900, 9).await[0].tries, 1);
    })
    .await;
}

#[tokio::test]
async fn a_job_whose_day_moved_runs_on_the_new_day_only() {
    on_both(|db| async move {
        act(&db, Act::Set("a", 10)).await;
        let old = claimed(&db, 10, 1).await.remove(0);
        act(&db, Act::Set("a", 50)).await;
        assert!(matches!(db.write(Act::Done(old.clone(), 11)).await, Err(Error::Conflict(_))));
        assert!(claimed(&db, 49, 1).await.is_empty());
        let new = claimed(&db, 50, 1).await.remove(0);
        assert!(matches!(db.write(Act::Done(old, 51)).await, Err(Error::Conflict(_))), "another's lease");
        assert_eq!((new.body.as_str(), new.tries), ("{\"n\":2}", 1));
        act(&db, Act::Done(new, 51)).await;
        act(&db, Act::Set("a", 60)).await;
        assert_eq!(claimed(&db, 60, 1).await.len(), 1, "done once, wanted again");
        assert_eq!(act(&db, Act::Cancel("a")).await, Gave::Yes(true));
        assert_eq!(act(&db, Act::Cancel("a")).await, Gave::Yes(false));
        assert!(claimed(&db, 999, 1).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn two_workers_never_get_one_job() {
    on_both(|db| async move {
        for n in 0..200 {
            act(&db, Act::Push(Box::leak(n.to_string().into_boxed_str()), 0)).await;
        }
        let workers = (0..8).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    match claimed(&db, 0, 7).await {
                        few if few.is_empty() => return mine,
                        few => mine.extend(few.into_iter().map(|job| job.id)),
                    }
                }
            })
        });
        let claimed = futures_util::future::join_all(workers.collect::<Vec<_>>()).await;
        let mut all: Vec<i64> = claimed.into_iter().flat_map(Result::unwrap).collect();
        assert_eq!(all.len(), 200);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 200);
    })
    .await;
}

#[tokio::test]
async fn pages_go_back_from_the_newest_without_gap_or_repetition() {
    on_both(|db| async move {
        for key in ["a", "b", "c", "d", "e"] {
            act(&db, Act::Push(key, 0)).await;
        }
        let (mut before, mut seen) = (None, Vec::new());
        loop {
            let page = db.read(Look(State::Waiting, before)).await.unwrap().0;
            let Some(last) = page.last() else { break };
            before = Some(last.job.id);
            seen.extend(page.into_iter().map(|entry| entry.job.key));
        }
        assert_eq!(seen, ["e", "d", "c", "b", "a"]);
        assert!(db.read(Look(State::Done, None)).await.unwrap().0.is_empty());
    })
    .await;
}
