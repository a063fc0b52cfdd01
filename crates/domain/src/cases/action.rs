//! The names of everything that can be done with a case.

use serde::{Deserialize, Serialize};

/// Something that can be done; one per [`super::Command`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// 提交申请.
    Submit,
    /// 接件.
    Receive,
    /// 一次告知补正.
    AskCorrection,
    /// 放行再次补正.
    ReleaseSecondNotice,
    /// 提交补正材料.
    Resubmit,
    /// 受理.
    Accept,
    /// 容缺受理.
    AcceptDeferring,
    /// 告知承诺受理.
    AcceptOnCommitment,
    /// 登记视为受理.
    DeemAccepted,
    /// 不受理.
    DeclareNotRequired,
    /// 不予受理.
    Refuse,
    /// 认领环节.
    Claim,
    /// 办理环节.
    PassStep,
    /// 退回前一环节.
    ReturnToStep,
    /// 转办.
    Reassign,
    /// 上报.
    ReportUp,
    /// 退回下级.
    HandBack,
    /// 进入特别程序.
    Suspend,
    /// 结束特别程序.
    Resume,
    /// 申请延长期限.
    RequestExtension,
    /// 批准延长期限.
    ApproveExtension,
    /// 不批准延长期限.
    RejectExtension,
    /// 补交容缺材料.
    SupplyDeferred,
    /// 准予.
    Grant,
    /// 不予许可.
    Deny,
    /// 制作结果.
    MakeResult,
    /// 送达.
    Deliver,
    /// 撤回申请.
    Withdraw,
    /// 终止办理.
    Terminate,
    /// 归档.
    Archive,
    /// 重算期限.
    RecomputeDue,
}

impl Action {
    /// All actions, in the order of a case's life.
    pub const ALL: [Self; 31] = [
        Self::Submit,
        Self::Receive,
        Self::AskCorrection,
        Self::ReleaseSecondNotice,
        Self::Resubmit,
        Self::Accept,
        Self::AcceptDeferring,
        Self::AcceptOnCommitment,
        Self::DeemAccepted,
        Self::DeclareNotRequired,
        Self::Refuse,
        Self::Claim,
        Self::PassStep,
        Self::ReturnToStep,
        Self::Reassign,
        Self::ReportUp,
        Self::HandBack,
        Self::Suspend,
        Self::Resume,
        Self::RequestExtension,
        Self::ApproveExtension,
        Self::RejectExtension,
        Self::SupplyDeferred,
        Self::Grant,
        Self::Deny,
        Self::MakeResult,
        Self::Deliver,
        Self::Withdraw,
        Self::Terminate,
        Self::Archive,
        Self::RecomputeDue,
    ];

    /// The words on the button.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Submit => "提交申请",
            Self::Receive => "接件",
            Self::AskCorrection => "一次告知补正",
            Self::ReleaseSecondNotice => "放行再次补正",
            Self::Resubmit => "提交补正材料",
            Self::Accept => "受理",
            Self::AcceptDeferring => "容缺受理",
            Self::AcceptOnCommitment => "告知承诺受理",
            Self::DeemAccepted => "登记视为受理",
            Self::DeclareNotRequired => "不受理",
            Self::Refuse => "不予受理",
            Self::Claim => "认领环节",
            Self::PassStep => "办理环节",
            Self::ReturnToStep => "退回前一环节",
            Self::Reassign => "转办",
            Self::ReportUp => "上报",
            Self::HandBack => "退回下级",
            Self::Suspend => "进入特别程序",
            Self::Resume => "结束特别程序",
            Self::RequestExtension => "申请延长期限",
            Self::ApproveExtension => "批准延长期限",
            Self::RejectExtension => "不批准延长期限",
            Self::SupplyDeferred => "补交容缺材料",
            Self::Grant => "准予",
            Self::Deny => "不予许可",
            Self::MakeResult => "制作结果",
            Self::Deliver => "送达",
            Self::Withdraw => "撤回申请",
            Self::Terminate => "终止办理",
            Self::Archive => "归档",
            Self::RecomputeDue => "重算期限",
        }
    }
}
