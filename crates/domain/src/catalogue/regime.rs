//! The three ways of handling of the city's document.

use super::CaseType;
use serde::{Deserialize, Serialize};

/// How a case of an item is handled (常政办发〔2018〕119号 附件2: 即时办结制、承诺办结制、上报办理制).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// 即办件: with complete papers it is done on the spot.
    Immediate,
    /// 承诺件: done within the promised days.
    Promised,
    /// 上报件: the town reviews first and reports up; a higher organ decides.
    ReportUp,
}

impl Regime {
    /// The Chinese word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Immediate => "即办件",
            Self::Promised => "承诺件",
            Self::ReportUp => "上报件",
        }
    }

    /// The regime with this Chinese word.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        [Self::Immediate, Self::Promised, Self::ReportUp].into_iter().find(|regime| regime.label() == label)
    }

    /// 办件类型 for exchange: the standard knows no 上报件, so it goes out as 9 其他.
    #[must_use]
    pub const fn case_type(self) -> CaseType {
        match self {
            Self::Immediate => CaseType::Immediate,
            Self::Promised => CaseType::Promised,
            Self::ReportUp => CaseType::Other,
        }
    }
}
