//! One paper that an applicant brings 申请材料.

use super::{Basis, MaterialDetails};
use serde::{Deserialize, Serialize};

/// One paper to bring 申请材料.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// 材料名称.
    pub name: String,
    /// 材料类型.
    pub form: MaterialForm,
    /// 份数.
    pub copies: u8,
    /// 来源渠道.
    pub source: MaterialSource,
    /// 必要性: false means only in the case the note names.
    pub required: bool,
    /// 填报须知; may be empty.
    pub note: String,
    /// 受理标准; may be empty.
    pub standard: String,
    /// 依据.
    pub basis: Basis,
    /// Size, issuer, blank form and sample.
    #[serde(default)]
    pub details: MaterialDetails,
}

/// 材料类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialForm {
    /// 原件.
    Original,
    /// 复印件.
    Copy,
    /// 原件及复印件.
    OriginalAndCopy,
    /// 电子.
    Electronic,
}

impl MaterialForm {
    /// The Chinese word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Original => "原件",
            Self::Copy => "复印件",
            Self::OriginalAndCopy => "原件及复印件",
            Self::Electronic => "电子",
        }
    }

    /// The form with this Chinese word.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        [Self::Original, Self::Copy, Self::OriginalAndCopy, Self::Electronic]
            .into_iter()
            .find(|form| form.label() == label)
    }
}

/// 来源渠道.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialSource {
    /// 申请人自备.
    Applicant,
    /// 政府部门核发.
    Government,
    /// 数据共享: the office gets it itself (国务院令第716号 第七条), the applicant need not bring it when sharing answers.
    Shared,
}

impl MaterialSource {
    /// The Chinese word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Applicant => "申请人自备",
            Self::Government => "政府核发",
            Self::Shared => "数据共享",
        }
    }

    /// The source with this Chinese word.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        [Self::Applicant, Self::Government, Self::Shared].into_iter().find(|source| source.label() == label)
    }
}
