//! 诚信记录: whoever broke a promise cannot use 容缺 and 告知承诺 until the record is repaired (国办发〔2020〕42号).

use super::Case;
use crate::kernel::{CaseId, StaffId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// What is known of one broken promise: the fold of its events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trust {
    /// What was broken; `None` before it was recorded.
    #[serde(default)]
    pub broken: Option<Broken>,
    /// How it was made good 信用修复.
    #[serde(default)]
    pub repaired: Option<Repaired>,
}

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// Whose record it is: the firm's when a firm applied.
    pub party: Uuid,
    /// The case that rested on the promise.
    pub case: CaseId,
    /// What was found, without personal data.
    pub reason: String,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who recorded it.
    pub by: StaffId,
}

/// That the record counts no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repaired {
    /// How it was made good.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Who found that it was.
    pub by: StaffId,
}

/// Something that happened to a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum TrustEvent {
    /// 登记.
    Recorded(Broken),
    /// 修复.
    Repaired(Repaired),
}

/// Why a record was not made or not repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustRefusal {
    /// The case rests on no promise.
    NoPromise,
    /// The case has its record already.
    Recorded,
    /// It was repaired already, or never recorded.
    NotOpen,
    /// Nothing was said.
    NoReason,
    /// Too much was said.
    TooLong,
}

impl fmt::Display for TrustRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPromise => {
                f.write_str("这个办件不是按告知承诺受理的，也没有逾期未补的容缺材料，不能登记失信")
            }
            Self::Recorded => f.write_str("这个办件已经登记过一次，一个办件只登记一次"),
            Self::NotOpen => f.write_str("这条记录已经修复，请回到列表看最新情况"),
            Self::NoReason => f.write_str("请写明核实到的情况，申请人有权知道原因"),
            Self::TooLong => write!(f, "最多写 {LONGEST_REASON} 个字，请缩短一些"),
        }
    }
}

impl std::error::Error for TrustRefusal {}

fn reason(text: &str) -> Result<String, TrustRefusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TrustRefusal::NoReason);
    }
    if text.chars().count() > LONGEST_REASON { Err(TrustRefusal::TooLong) } else { Ok(text.to_owned()) }
}

impl Trust {
    /// Whether it still counts.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.broken.is_some() && self.repaired.is_none()
    }

    /// The state after an event. Total.
    #[must_use]
    pub fn apply(mut self, event: &TrustEvent) -> Self {
        match event {
            TrustEvent::Recorded(broken) => self.broken = Some(broken.clone()),
            TrustEvent::Repaired(repaired) => self.repaired = Some(repaired.clone()),
        }
        self
    }

    /// Records that the promise under this case was broken: a 告知承诺 that was false, or 容缺 material that did not come
    /// by its day.
    ///
    /// # Errors
    /// Why not.
    pub fn record(
        &self,
        (case, id): (&Case, CaseId),
        text: &str,
        at: Timestamp,
        by: StaffId,
    ) -> Result<TrustEvent, TrustRefusal> {
        let late = |d: &super::Deferral| d.until < crate::kernel::time::legal_day(at);
        let promised = case.on_commitment || case.deferral.as_ref().is_some_and(late);
        let submission = case.submission.as_ref().filter(|_| promised).ok_or(TrustRefusal::NoPromise)?;
        if self.broken.is_some() {
            return Err(TrustRefusal::Recorded);
        }
        let party = submission.applicant.party();
        Ok(TrustEvent::Recorded(Broken { party, case: id, reason: reason(text)?, at, by }))
    }

    /// Notes that it was made good.
    ///
    /// # Errors
    /// Why not.
    pub fn repair(&self, text: &str, at: Timestamp, by: StaffId) -> Result<TrustEvent, TrustRefusal> {
        if !self.is_open() {
            return Err(TrustRefusal::NotOpen);
        }
        Ok(TrustEvent::Repaired(Repaired { reason: reason(text)?, at, by }))
    }
}

impl TrustEvent {
    /// The kind as stored beside the body.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Recorded(_) => "distrust_recorded",
            Self::Repaired(_) => "trust_repaired",
        }
    }

    /// When it happened.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Recorded(broken) => broken.at,
            Self::Repaired(repaired) => repaired.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;
    use super::{Trust, TrustEvent, TrustRefusal};
    use crate::kernel::StaffId;

    const BY: StaffId = StaffId(uuid::Uuid::from_u128(70));

    fn record(case: &Case, when: &str) -> Result<TrustEvent, TrustRefusal> {
        let case_id = case.submission.as_ref().unwrap().case;
        Trust::default().record((case, case_id), "证明所载内容与核查结果不符", ten(when), BY)
    }

    #[test]
    fn a_false_promise_is_recorded_once_against_who_applied_and_counts_until_it_is_repaired() {
        let story = Story::lacking(promised(), "2026-03-02").on(
            "2026-03-02",
            clerk(),
            &Command::AcceptOnCommitment { promise: file() },
        );
        let event = record(&story.case, "2026-03-05").unwrap();
        let open = Trust::default().apply(&event);
        let applicant = story.case.submission.as_ref().unwrap().applicant;
        assert_eq!((open.is_open(), open.broken.as_ref().unwrap().party), (true, applicant.party()));
        let id = story.case.submission.as_ref().unwrap().case;
        let twice = open.record((&story.case, id), "再登记", ten("2026-03-06"), BY);
        assert_eq!(twice, Err(TrustRefusal::Recorded));
        assert_eq!(open.repair("  ", ten("2026-03-06"), BY), Err(TrustRefusal::NoReason));
        let repaired = open.clone().apply(&open.repair("已主动纠正", ten("2026-03-06"), BY).unwrap());
        assert!(!repaired.is_open());
        assert_eq!(repaired.repair("再修复", ten("2026-03-07"), BY), Err(TrustRefusal::NotOpen));
    }

    #[test]
    fn deferred_material_is_a_broken_promise_only_after_its_day() {
        let defer = Command::AcceptDeferring { missing: vec![because("proof")], until: day("2026-03-10") };
        let story = Story::lacking(promised(), "2026-03-02").on("2026-03-02", clerk(), &defer);
        assert_eq!(record(&story.case, "2026-03-10"), Err(TrustRefusal::NoPromise));
        assert!(record(&story.case, "2026-03-11").is_ok());
    }

    #[test]
    fn a_case_with_complete_material_rests_on_no_promise() {
        let story = Story::accepted(promised(), "2026-03-02");
        assert_eq!(record(&story.case, "2026-03-05"), Err(TrustRefusal::NoPromise));
    }
}
