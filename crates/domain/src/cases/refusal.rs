//! Why something cannot be done, as a sentence for the person, with the article and with what can be done instead.

use super::{action::Action, case::Status};
use jiff::civil::Date;
use std::fmt;

/// A refusal: why, and what is allowed instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What was wanted.
    pub wanted: Action,
    /// Why it cannot be.
    pub why: Why,
    /// What the same person can do now.
    pub allowed: Vec<Action>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "不能{}：{}", self.wanted.label(), self.why)?;
        if let Some(article) = self.why.article() {
            write!(f, "（{article}）")?;
        }
        if self.allowed.is_empty() {
            return write!(f, "。当前没有您可以进行的操作。");
        }
        let labels: Vec<_> = self.allowed.iter().map(|a| a.label()).collect();
        write!(f, "。现在可以：{}。", labels.join("、"))
    }
}

impl std::error::Error for Refusal {}

macro_rules! why {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident : $ty:ty),* })? = $text:literal $(, $article:literal)?;)*) => {
        /// Why something cannot be done.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(missing_docs)] // the fields are named by the sentences they stand in
        pub enum Why { $($(#[$doc])* $name $({ $($field: $ty),* })?,)* }

        impl fmt::Display for Why {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Self::$name $({ $($field),* })? => {
                    write!(f, $text $($(, $field = show($field))*)?)
                })* }
            }
        }

        impl Why {
            /// The article the rule rests on, where the law itself makes it.
            #[must_use]
            pub const fn article(&self) -> Option<&'static str> {
                match self { $(Self::$name $({ $($field: _),* })? => why!(@ $($article)?),)* }
            }
        }
    };
    (@) => { None };
    (@ $article:literal) => { Some($article) };
}

trait Show {
    fn show(&self) -> String;
}
impl Show for String {
    fn show(&self) -> String {
        self.clone()
    }
}
impl Show for Vec<String> {
    fn show(&self) -> String {
        self.join("、")
    }
}
impl Show for Date {
    fn show(&self) -> String {
        self.to_string()
    }
}
impl Show for Status {
    fn show(&self) -> String {
        self.label().to_owned()
    }
}
impl Show for usize {
    fn show(&self) -> String {
        self.to_string()
    }
}
fn show(value: &impl Show) -> String {
    value.show()
}

why! {
    /// The state of the case does not allow it.
    NotNow { status: Status } = "办件目前是“{status}”";
    /// The actor's post does not allow it.
    NotYourRole { needed: String } = "需要由{needed}操作";
    /// The step belongs to another organisation.
    NotYourOrganisation = "这个环节由其他单位办理";
    /// Somebody else holds the step.
    HeldByAnother = "这个环节已由其他人员认领，需要先转办";
    /// There is no such step, or it is not open.
    StepNotOpen = "这个环节还没有开始，或者已经办完";
    /// A step to return to must be passed already.
    NotAnEarlierStep = "只能退回到已经办完的前面环节";
    /// Steps before the decision are open.
    StepsOpen { steps: Vec<String> } = "还有环节没有办完：{steps}";
    /// It must be reported up first.
    MustReportUp = "这是上报事项，初审后要先上报", "行政许可法第四十三条";
    /// The time lies after the time of entry.
    InTheFuture = "发生时间晚于录入时间，请核对";
    /// The time lies before the latest event.
    BeforeTheLast = "发生时间早于上一步，请核对时间";
    /// Only a back entry may be dated back.
    NotABackEntry = "只有补录的办件可以填写以前的日期";
    /// A text is missing.
    TextMissing { what: String } = "请填写{what}";
    /// A reason is too short.
    ReasonTooShort { least: usize } = "理由至少写 {least} 个字，让申请人看得明白", "行政许可法第三十八条";
    /// Unknown material.
    UnknownMaterial { codes: Vec<String> } = "事项的材料清单里没有：{codes}";
    /// The same code twice.
    NamedTwice { codes: Vec<String> } = "同一份材料写了两次：{codes}";
    /// Required material is missing.
    MaterialMissing { names: Vec<String> } = "还缺必要材料：{names}", "行政许可法第三十二条";
    /// Nothing is missing.
    NothingMissing = "必要材料已经齐全，可以直接受理";
    /// The notice does not name everything.
    NoticeIncomplete { names: Vec<String> } = "一次告知要写全，还没有写到：{names}", "行政许可法第三十二条";
    /// The notice asks for nothing.
    NoticeEmpty = "请写明需要补正的材料和每一份的理由", "行政许可法第三十二条";
    /// A second notice.
    SecondNotice = "补正只能一次告知，再次告知要由监督人员放行并留下记录", "行政许可法第三十二条";
    /// There is no first notice yet.
    NoNoticeYet = "还没有告知过补正，不需要放行";
    /// Too late to ask: it counts as accepted.
    AcceptedByLaw { since: Date } = "超过五个工作日没有告知，自 {since} 起视为受理", "行政许可法第三十二条";
    /// The organ can still speak.
    NotSilentYet { until: Date } = "告知期限到 {until}，还没有超过", "行政许可法第三十二条";
    /// The day lies in the past.
    DayPassed { day: Date } = "{day} 已经过去，请选以后的日期";
    /// 容缺 is not offered.
    DeferralNotOffered = "这个事项不实行容缺受理";
    /// These may not be deferred.
    NotDeferrable { names: Vec<String> } = "这些材料不可以容缺：{names}";
    /// The list must name exactly what is missing.
    DeferralList { names: Vec<String> } = "容缺清单要与所缺的必要材料一致，所缺的是：{names}";
    /// The deadline is too late.
    DeferralTooLate { latest: Date } = "容缺材料最晚要在承诺办结日 {latest} 前补齐";
    /// No promise is offered.
    CommitmentNotOffered = "这个事项不实行告知承诺", "国办发〔2020〕42号";
    /// The applicant has a bad record.
    NotTrusted = "申请人有未修复的失信或虚假承诺记录，不适用容缺和告知承诺", "国办发〔2020〕42号";
    /// Deferred material is outstanding.
    DeferralOpen { names: Vec<String> } = "容缺材料还没有补齐：{names}";
    /// Nothing is deferred.
    NothingDeferred = "这个办件没有待补的容缺材料";
    /// Only ReportUp cases go up.
    NotReportUp = "这个事项不需要上报";
    /// It is up already.
    AlreadyUp = "已经上报";
    /// It is not up.
    NotUp = "还没有上报";
    /// Ground not in the terms.
    GroundNotAllowed = "这个理由不在法定的停表情形内，事项也没有写明依据", "行政许可法第四十五条";
    /// An expected length of zero.
    LengthMissing = "请写明特别程序需要多少天，并书面告知申请人", "行政许可法第四十五条";
    /// Extended once already.
    ExtendedAlready = "期限只能延长一次", "行政许可法第四十二条";
    /// No extension in the terms.
    NoExtension = "这个事项没有延长期限的规定", "行政许可法第四十二条";
    /// The time is over.
    TooLateToExtend { due: Date } = "期限已在 {due} 届满，不能再延长", "行政许可法第四十二条";
    /// Nothing was asked.
    NoRequest = "没有待批准的延长申请";
    /// A request waits already.
    RequestWaits = "延长申请正在等待批准";
    /// Requester and approver are one.
    OwnRequest = "自己申请的延长要由他人批准", "行政许可法第四十二条";
    /// Acceptor and decider are one.
    AcceptorDecides = "受理人不能同时作决定，请交其他审批人员；即办件要有授权";
    /// Reviewer and decider are one.
    ReviewerDecides = "这个事项要求审核与决定由不同人员办理";
    /// Ground for ending does not hold.
    GroundNotMet = "终止的理由目前不成立，请核对期限和办件情况";
    /// Due days stay the same.
    DueUnchanged = "按新的工作日历计算，期限没有变化";
    /// Not the applicant.
    NotTheApplicant = "只有申请人本人或者窗口人员可以操作";
    /// Reassigned to the holder.
    SameHolder = "这个环节已经由该人员办理";
}
