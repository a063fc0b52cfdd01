//! Code sets of GB/T 39046—2020 annex A, as closed types.
//!
//! The same word has other numbers at other vendors (one city's platform writes 1 for 承诺件 where the standard writes 2),
//! so numbers never leave this file except by name.

use serde::{Deserialize, Serialize};

/// Declares one code set: the type, and for each member its code in the standard and its Chinese name.
macro_rules! code_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal $label:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $(#[doc = $label] $variant),* }

        impl $name {
            /// All members in the order of the standard.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The code in the standard.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The Chinese name in the standard.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }

            /// The member with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.code() == code)
            }
        }
    };
}

code_set!(
    /// 事项类型.
    ItemType {
        Licence = "01" "行政许可", Penalty = "02" "行政处罚", Coercion = "03" "行政强制", Levy = "04" "行政征收",
        Payment = "05" "行政给付", Inspection = "06" "行政检查", Confirmation = "07" "行政确认", Award = "08" "行政奖励",
        Ruling = "09" "行政裁决", OtherPower = "10" "其他行政权力", PublicService = "20" "公共服务",
    }
);
code_set!(
    /// 行使层级.
    ExerciseLevel {
        Nation = "1" "国家级", Province = "2" "省级", City = "3" "市级", County = "4" "县级",
        Town = "5" "镇（乡、街道）级", Village = "6" "村（社区）级", Graded = "7" "分级管理",
    }
);
code_set!(
    /// 实施主体性质.
    BodyNature {
        StatutoryOrgan = "1" "法定机关", AuthorisedBody = "2" "授权组织", EntrustedBody = "3" "受委托组织", Other = "9" "其他",
    }
);
code_set!(
    /// 服务对象.
    Audience {
        NaturalPerson = "1" "自然人", Enterprise = "2" "企业法人", PublicInstitution = "3" "事业法人",
        SocialOrganisation = "4" "社会组织法人", Administration = "5" "行政机关", OtherOrganisation = "6" "其他组织",
    }
);
code_set!(
    /// 办理形式.
    HandlingForm {
        Window = "1" "窗口办理", Web = "2" "电脑端办理", Mobile = "3" "移动端办理", Post = "4" "快递申请", Other = "9" "其他",
    }
);
code_set!(
    /// 办件类型. 上报件 is not a member of the standard's set and goes out as 其他; see [`super::Regime`].
    CaseType { Immediate = "1" "即办件", Promised = "2" "承诺件", Other = "9" "其他" }
);
code_set!(
    /// 特别程序种类.
    SpecialProcedure { Extension = "1" "延长审批", OtherThanExtension = "2" "除延长审批外" }
);
code_set!(
    /// 满意度, which is also the order of the keys on the rating device (annex 2 of the city's document).
    Satisfaction {
        VerySatisfied = "1" "非常满意", Satisfied = "2" "满意", Acceptable = "3" "基本满意",
        Unsatisfied = "4" "不满意", VeryUnsatisfied = "5" "非常不满意",
    }
);
code_set!(
    /// 通办范围. The standard lists the four words; 全市 is what 全城通办 of the city's document asks for. The codes are
    /// the order of the list, since the stored text of the standard gives none.
    HandlingArea {
        Nation = "1" "全国", AcrossProvinces = "2" "跨省", AcrossCities = "3" "跨市", AcrossCounties = "4" "跨县", WholeCity = "9" "全市",
    }
);
code_set!(
    /// 网上办理深度 as a set of seven services (the older scale Ⅰ–Ⅳ is [`super::Channels::fully_online`]).
    OnlineDepth {
        Advice = "1" "互联网咨询", Receipt = "2" "互联网收件", PreReview = "3" "互联网预审", Acceptance = "4" "互联网受理",
        Handling = "5" "互联网办理", ResultNotice = "6" "互联网办理结果信息反馈", LicenceReturn = "7" "互联网电子证照反馈", Other = "8" "其他",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard_and_lead_back() {
        assert_eq!(ItemType::PublicService.code(), "20");
        assert_eq!(ItemType::from_code("01"), Some(ItemType::Licence));
        assert_eq!(CaseType::from_code("1").map(CaseType::label), Some("即办件"));
        assert_eq!(Satisfaction::from_code("5").map(Satisfaction::label), Some("非常不满意"));
        assert_eq!(ExerciseLevel::from_code("8"), None);
        for level in ExerciseLevel::ALL {
            assert_eq!(ExerciseLevel::from_code(level.code()), Some(*level));
        }
    }
}
