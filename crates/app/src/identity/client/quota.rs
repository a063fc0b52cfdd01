//! How much a client may ask: so many requests a second on this node, so many a day on all nodes together. The day's number
//! is kept in the database; a node takes it in lots, so that reading does not become writing.

use super::{Client, sql};
use crate::Ctx;
use axum::http::{HeaderMap, HeaderValue};
use domain::kernel::time::{day_start, legal_day};
use jiff::{Timestamp, civil::Date};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use store::{Tx, Work};
use uuid::Uuid;

/// Requests that a node takes from the day's number at once.
const LOT: u32 = 100;
/// A lot is at most this part of the day's number, so that a small one is counted exactly.
const PARTS: u32 = 100;

/// What one client has left on this node.
#[derive(Debug, Clone, Copy)]
struct Left {
    /// Requests in the bucket, in thousandths.
    milli: u64,
    /// When the bucket was filled last.
    filled_at: Timestamp,
    /// The day of the lot.
    day: Date,
    /// What is left of the lot.
    lot: u32,
    /// What the database said was taken that day, lots of other nodes included.
    taken: u32,
}

/// What all clients have left on this node.
#[derive(Debug, Default)]
pub struct Quotas(Mutex<HashMap<Uuid, Left>>);

/// How much is left after a request that was let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    per_second: u32,
    left_now: u32,
    per_day: u32,
    left_today: u32,
    /// Seconds until the day's number begins anew.
    day_ends_in: i64,
}

/// A request that was not let through: which limit, and after how many seconds it makes sense again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exceeded {
    /// The day's number is used up; otherwise it was too fast.
    pub daily: bool,
    /// Seconds to wait.
    pub seconds: i64,
    /// What is left.
    pub allowance: Allowance,
}

impl Allowance {
    /// Says it in the header fields of the HTTP working group's draft on rate limits.
    pub fn tell(&self, headers: &mut HeaderMap) {
        let policy = format!("\"second\";q={};w=1, \"day\";q={};w=86400", self.per_second, self.per_day);
        let now = format!(
            "\"second\";r={};t=1, \"day\";r={};t={}",
            self.left_now, self.left_today, self.day_ends_in
        );
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", now)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
}

struct Take {
    client: Uuid,
    day: String,
    lot: u32,
}

impl Work for Take {
    type Out = i64;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<i64> {
        let key = [self.client.into(), (&self.day).into()];
        let row = [self.client.into(), (&self.day).into(), self.lot.into()];
        if self.lot == 0 {
            return Ok(tx.opt::<(i64,)>(sql::USED, &key).await?.map_or(0, |(used,)| used));
        }
        Ok(tx.one::<(i64,)>(sql::TAKE_LOT, &row).await?.0)
    }
}

impl Quotas {
    fn with<T>(&self, id: Uuid, now: Timestamp, full: u32, look: impl FnOnce(&mut Left) -> T) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh =
            || Left { milli: u64::from(full) * 1000, filled_at: now, day: legal_day(now), lot: 0, taken: 0 };
        look(all.entry(id).or_insert_with(fresh))
    }

    /// Takes one request from the second's bucket; seconds to wait when it is empty.
    fn take_second(&self, client: &Client, now: Timestamp) -> Result<u32, i64> {
        let full = u64::from(client.per_second) * 1000;
        self.with(client.id, now, client.per_second, |left| {
            let passed = u64::try_from(now.duration_since(left.filled_at).as_millis()).unwrap_or(0);
            left.milli = left.milli.saturating_add(passed.saturating_mul(client.per_second.into())).min(full);
            left.filled_at = now.max(left.filled_at);
            match left.milli.checked_sub(1000) {
                Some(rest) => {
                    left.milli = rest;
                    Ok(u32::try_from(rest / 1000).unwrap_or(u32::MAX))
                }
                None => Err(1),
            }
        })
    }

    /// Takes one request from the lot of the day, if there is one left.
    fn take_lot(&self, client: &Client, now: Timestamp) -> Option<u32> {
        let today = legal_day(now);
        self.with(client.id, now, client.per_second, |left| {
            if left.day != today {
                *left = Left { day: today, lot: 0, taken: 0, ..*left };
            }
            left.lot = left.lot.checked_sub(1)?;
            Some(client.per_day.saturating_sub(left.taken) + left.lot)
        })
    }
}

/// Counts one request of a client.
///
/// # Errors
/// The database's, when the day's number cannot be asked.
pub async fn count(ctx: &Ctx, client: &Client) -> store::Result<Result<Allowance, Exceeded>> {
    let now = ctx.now();
    let day = legal_day(now);
    let ends = day.tomorrow().map_or(now, day_start);
    let allowance = |left_now, left_today| Allowance {
        per_second: client.per_second,
        left_now,
        per_day: client.per_day,
        left_today,
        day_ends_in: ends.duration_since(now).as_secs().max(1),
    };
    let left_now = match ctx.quotas.take_second(client, now) {
        Ok(left) => left,
        Err(seconds) => {
            return Ok(Err(Exceeded { daily: false, seconds, allowance: allowance(0, client.per_day) }));
        }
    };
    loop {
        if let Some(left) = ctx.quotas.take_lot(client, now) {
            return Ok(Ok(allowance(left_now, left)));
        }
        let used = ctx.db.read(Take { client: client.id, day: day.to_string(), lot: 0 }).await?;
        let rest = client.per_day.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX));
        if rest == 0 {
            let allowance = allowance(left_now, 0);
            return Ok(Err(Exceeded { daily: true, seconds: allowance.day_ends_in, allowance }));
        }
        let lot = LOT.min((client.per_day / PARTS).max(1)).min(rest);
        let used = ctx.db.write(Take { client: client.id, day: day.to_string(), lot }).await?;
        let over = u32::try_from(used).unwrap_or(u32::MAX).saturating_sub(client.per_day);
        ctx.quotas.with(client.id, now, client.per_second, |left| {
            left.lot += lot.saturating_sub(over);
            left.taken = u32::try_from(used).unwrap_or(u32::MAX);
        });
    }
}
