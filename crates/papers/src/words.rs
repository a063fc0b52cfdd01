//! What hangs on the kind of matter (事项类型): the name of a decision and the remedies told with it.

use serde::{Deserialize, Serialize};

/// The kind of matter a paper is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// 行政许可: the articles of 行政许可法 apply.
    Licence,
    /// 行政确认.
    Confirmation,
    /// 行政给付.
    Payment,
    /// Any other administrative power 其他行政权力.
    Power,
    /// 公共服务: not in itself an exercise of power.
    Service,
}

impl Matter {
    /// All kinds.
    pub const ALL: &[Self] = &[Self::Licence, Self::Confirmation, Self::Payment, Self::Power, Self::Service];

    /// Title of the positive decision.
    pub(crate) const fn grant_title(self) -> &'static str {
        match self {
            Self::Licence => "准予行政许可决定书",
            Self::Confirmation => "准予行政确认决定书",
            Self::Payment => "准予行政给付决定书",
            Self::Power => "批准决定书",
            Self::Service => "办结通知书",
        }
    }

    /// Title of the negative decision.
    pub(crate) const fn denial_title(self) -> &'static str {
        match self {
            Self::Licence => "不予行政许可决定书",
            Self::Confirmation => "不予行政确认决定书",
            Self::Payment => "不予行政给付决定书",
            Self::Power => "不予批准决定书",
            Self::Service => "不予办理通知书",
        }
    }
}

/// Where whoever disagrees can turn.
///
/// 行政复议法 (2023) art. 20: within 60 days of knowing of the administrative act; art. 23: some matters go there before a
/// court; art. 24: the government of the same level for a department, of the level above for a government.
/// 行政诉讼法 art. 46: within six months of knowing of it. Neither speaks of what is no administrative act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum Remedies {
    /// An administrative act.
    Act {
        /// Organ of reconsideration 复议机关.
        review_organ: String,
        /// Days to ask for reconsideration.
        review_days: u16,
        /// The court, or 有管辖权的人民法院.
        court: String,
        /// Months to go to court.
        suit_months: u16,
    },
    /// A service by an organ with administrative power: whether it is an administrative act is judged in the single case.
    Service {
        /// Whom to tell: organisation and telephone.
        complain_to: String,
        /// Days to ask for reconsideration, where it is one.
        review_days: u16,
        /// Months to go to court, where it is one.
        suit_months: u16,
    },
    /// A body without administrative power, such as a trade union.
    Complaint {
        /// Whom to tell: organisation and telephone.
        complain_to: String,
    },
}
