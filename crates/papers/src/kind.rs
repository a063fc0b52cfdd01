//! Which paper it is: its word in data and addresses, and its title on paper, which hangs on the kind of matter.

use serde::{Deserialize, Serialize};

use crate::paper::{Head, Paper};
use crate::words::Matter;

/// Which paper it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 接收回执.
    Receipt,
    /// 受理通知书.
    Acceptance,
    /// 补正告知书.
    Correction,
    /// 不受理告知书.
    NotRequired,
    /// 不予受理通知书.
    NotAccepted,
    /// 特别程序告知书.
    SpecialProcedure,
    /// 延长办理期限通知书.
    Extension,
    /// 准予…决定书.
    Grant,
    /// 不予…决定书.
    Denial,
    /// 缴费通知书.
    Fee,
    /// 送达回证.
    Delivery,
    /// 物料流转凭证.
    Transfer,
    /// 容缺受理通知书.
    Deferral,
    /// 终止办理通知书.
    Termination,
}

impl Kind {
    /// All papers, in the order in which a case meets them.
    pub const ALL: &[Self] = &[
        Self::Receipt,
        Self::Correction,
        Self::NotRequired,
        Self::NotAccepted,
        Self::Acceptance,
        Self::Deferral,
        Self::SpecialProcedure,
        Self::Extension,
        Self::Fee,
        Self::Grant,
        Self::Denial,
        Self::Termination,
        Self::Transfer,
        Self::Delivery,
    ];

    /// The word in data, the same as the JSON tag of the paper.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Acceptance => "acceptance",
            Self::Correction => "correction",
            Self::NotRequired => "not_required",
            Self::NotAccepted => "not_accepted",
            Self::SpecialProcedure => "special_procedure",
            Self::Extension => "extension",
            Self::Grant => "grant",
            Self::Denial => "denial",
            Self::Fee => "fee",
            Self::Delivery => "delivery",
            Self::Transfer => "transfer",
            Self::Deferral => "deferral",
            Self::Termination => "termination",
        }
    }

    /// The paper with that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }

    /// The word inside a document number 文号.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Receipt => "收",
            Self::Acceptance => "受",
            Self::Correction => "补",
            Self::NotRequired => "不受",
            Self::NotAccepted => "不予受",
            Self::SpecialProcedure => "特",
            Self::Extension => "延",
            Self::Grant => "准",
            Self::Denial => "不准",
            Self::Fee => "费",
            Self::Delivery => "送",
            Self::Transfer => "转",
            Self::Deferral => "容",
            Self::Termination => "终",
        }
    }

    /// The title on the paper. 行政许可法 art. 38 speaks of 准予 and 不予行政许可; a matter that is no licence must not bear
    /// that name, so decisions are named after their kind of matter.
    #[must_use]
    pub const fn title(self, matter: Matter) -> &'static str {
        match self {
            Self::Receipt => "接收回执",
            Self::Acceptance => "受理通知书",
            Self::Correction => "补正告知书",
            Self::NotRequired => "不受理告知书",
            Self::NotAccepted => "不予受理通知书",
            Self::SpecialProcedure => "特别程序告知书",
            Self::Extension => "延长办理期限通知书",
            Self::Grant => matter.grant_title(),
            Self::Denial => matter.denial_title(),
            Self::Fee => "缴费通知书",
            Self::Delivery => "送达回证",
            Self::Transfer => "物料流转凭证",
            Self::Deferral => "容缺受理通知书",
            Self::Termination => "终止办理通知书",
        }
    }
}

impl Paper {
    /// What all papers share.
    #[must_use]
    pub fn head(&self) -> &Head {
        match self {
            Self::Receipt(paper) => &paper.head,
            Self::Acceptance(paper) => &paper.head,
            Self::Correction(paper) => &paper.head,
            Self::NotRequired(paper) => &paper.head,
            Self::NotAccepted(paper) => &paper.head,
            Self::SpecialProcedure(paper) => &paper.head,
            Self::Extension(paper) => &paper.head,
            Self::Grant(paper) => &paper.head,
            Self::Denial(paper) => &paper.head,
            Self::Fee(paper) => &paper.head,
            Self::Delivery(paper) => &paper.head,
            Self::Transfer(paper) => &paper.head,
            Self::Deferral(paper) => &paper.head,
            Self::Termination(paper) => &paper.head,
        }
    }

    /// The same, to be filled in.
    pub fn head_mut(&mut self) -> &mut Head {
        match self {
            Self::Receipt(paper) => &mut paper.head,
            Self::Acceptance(paper) => &mut paper.head,
            Self::Correction(paper) => &mut paper.head,
            Self::NotRequired(paper) => &mut paper.head,
            Self::NotAccepted(paper) => &mut paper.head,
            Self::SpecialProcedure(paper) => &mut paper.head,
            Self::Extension(paper) => &mut paper.head,
            Self::Grant(paper) => &mut paper.head,
            Self::Denial(paper) => &mut paper.head,
            Self::Fee(paper) => &mut paper.head,
            Self::Delivery(paper) => &mut paper.head,
            Self::Transfer(paper) => &mut paper.head,
            Self::Deferral(paper) => &mut paper.head,
            Self::Termination(paper) => &mut paper.head,
        }
    }

    /// Which paper it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Receipt(_) => Kind::Receipt,
            Self::Acceptance(_) => Kind::Acceptance,
            Self::Correction(_) => Kind::Correction,
            Self::NotRequired(_) => Kind::NotRequired,
            Self::NotAccepted(_) => Kind::NotAccepted,
            Self::SpecialProcedure(_) => Kind::SpecialProcedure,
            Self::Extension(_) => Kind::Extension,
            Self::Grant(_) => Kind::Grant,
            Self::Denial(_) => Kind::Denial,
            Self::Fee(_) => Kind::Fee,
            Self::Delivery(_) => Kind::Delivery,
            Self::Transfer(_) => Kind::Transfer,
            Self::Deferral(_) => Kind::Deferral,
            Self::Termination(_) => Kind::Termination,
        }
    }

    /// The title on the paper, such as 受理通知书.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.kind().title(self.head().matter)
    }

    /// Name of the template, the same word as the JSON tag `kind`.
    #[must_use]
    pub fn template(&self) -> &'static str {
        self.kind().as_str()
    }
}
