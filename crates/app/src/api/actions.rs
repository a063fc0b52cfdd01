//! What a body says that asks for an action in a case, and the command it becomes.

use super::words;
use crate::web::Fault;
use axum::http::StatusCode;
use domain::cases::{Action, Command, Handed, StopGround, TerminationGround, ToCorrect};
use domain::kernel::time::Days;
use domain::kernel::{FileId, StaffId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The actions that can be asked for: what each needs, and what it may bring besides.
pub(super) const OFFERED: [(Action, &[&str], &[&str]); 28] = [
    (Action::Receive, &[], &["materials"]),
    (Action::AskCorrection, &["items", "until"], &[]),
    (Action::ReleaseSecondNotice, &["reason"], &[]),
    (Action::Resubmit, &[], &["materials"]),
    (Action::Accept, &[], &[]),
    (Action::AcceptDeferring, &["missing", "until"], &[]),
    (Action::AcceptOnCommitment, &["file"], &[]),
    (Action::DeclareNotRequired, &["reason"], &[]),
    (Action::Refuse, &["reason", "competent"], &[]),
    (Action::Claim, &["step"], &[]),
    (Action::PassStep, &["step", "favourable", "opinion"], &[]),
    (Action::ReturnToStep, &["step", "reason"], &[]),
    (Action::Reassign, &["step", "to", "reason"], &[]),
    (Action::ReportUp, &["opinion"], &[]),
    (Action::HandBack, &["reason"], &[]),
    (Action::Suspend, &["ground", "expected_days"], &["paper_no"]),
    (Action::Resume, &["outcome"], &[]),
    (Action::RequestExtension, &["reason"], &[]),
    (Action::ApproveExtension, &[], &[]),
    (Action::RejectExtension, &["reason"], &[]),
    (Action::SupplyDeferred, &[], &["materials"]),
    (Action::Grant, &["opinion"], &[]),
    (Action::Deny, &["reason"], &[]),
    (Action::MakeResult, &["document_no"], &["file", "until"]),
    (Action::Deliver, &["delivery"], &[]),
    (Action::Withdraw, &["reason"], &[]),
    (Action::Terminate, &["end", "reason"], &[]),
    (Action::Archive, &[], &[]),
];

/// 现在可以做的一个操作。
#[derive(Serialize, ToSchema)]
pub(super) struct NextAction {
    /// 操作，放在地址里。
    #[schema(schema_with = words::action)]
    action: String,
    /// 说法。
    label: &'static str,
    /// 正文里除了 version 还必须有的字段。
    needs: &'static [&'static str],
    /// 正文里可以有的字段。
    may_have: &'static [&'static str],
}

/// The allowed actions that can be asked for here.
pub(super) fn next(allowed: &[Action]) -> Result<Vec<NextAction>, Fault> {
    let offered = OFFERED.iter().filter(|(action, ..)| allowed.contains(action));
    offered
        .map(|(action, needs, may_have)| {
            Ok(NextAction { action: words::word(action)?, label: action.label(), needs, may_have })
        })
        .collect()
}

/// 收到的一份材料。
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HandedAsk {
    /// 材料编码。
    #[schema(max_length = 64)]
    code: String,
    /// 收了几份纸质的。
    #[serde(default)]
    paper: u16,
    /// 文件的编号，按页；先上传到 /api/v1/files。补正和补交容缺材料时不填，文件先上传到办件的材料里。
    #[serde(default)]
    #[schema(max_items = 50)]
    files: Vec<Uuid>,
}

/// 要补正的一份材料。
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectAsk {
    /// 材料编码。
    #[schema(max_length = 64)]
    code: String,
    /// 为什么要补正，申请人会看到。
    #[schema(max_length = 1000)]
    reason: String,
}

/// 领取人。
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceiverAsk {
    /// 姓名。
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// 与申请人的关系，例如 本人。
    #[schema(min_length = 1, max_length = 40)]
    pub relation: String,
    /// 证件号码的后四位。
    #[schema(pattern = "^[0-9A-Za-z]{4}$")]
    pub document_tail: String,
}

/// 怎么送达。
#[derive(Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum DeliveryAsk {
    /// 窗口领取：有签字的文件，或者写明领取人。
    Window {
        /// 签字的文件的编号，先上传到 /api/v1/files；在纸上签字的不填。
        signature: Option<Uuid>,
        /// 领取人；在签字的文件上写明了的可以不填。
        receiver: Option<ReceiverAsk>,
    },
    /// 邮寄。
    Post {
        /// 承运单位。
        #[schema(max_length = 100)]
        carrier: String,
        /// 运单号。
        #[schema(max_length = 100)]
        tracking: String,
    },
    /// 电子送达。
    Electronic {},
}

/// 一个操作要的内容。每个操作要哪些字段，见办件答复里 actions 的 needs 和 may_have；多余的字段会被拒绝。
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ActionAsk {
    /// 看到的版本，来自办件答复。
    #[schema(minimum = 0)]
    version: i64,
    /// 收到的材料：receive、resubmit、supply_deferred。
    #[schema(max_items = 100)]
    materials: Option<Vec<HandedAsk>>,
    /// 要补正的全部材料，一次告知：ask_correction。
    #[schema(max_items = 100)]
    items: Option<Vec<CorrectAsk>>,
    /// 最晚哪天补交：ask_correction、accept_deferring；有效期到哪天：make_result。
    until: Option<Date>,
    /// 容缺的材料编码：accept_deferring。
    #[schema(max_items = 100)]
    missing: Option<Vec<String>>,
    /// 文件的编号，先上传到 /api/v1/files：accept_on_commitment 的承诺书、make_result 的结果文件。
    file: Option<Uuid>,
    /// 理由：deny 的理由至少 10 个字，申请人会看到。
    #[schema(max_length = 2000)]
    reason: Option<String>,
    /// 应当向哪个机关申请：refuse。
    #[schema(max_length = 200)]
    competent: Option<String>,
    /// 环节的序号：claim、pass_step、return_to_step、reassign。
    #[schema(maximum = 1000)]
    step: Option<u32>,
    /// 是否同意：pass_step。
    favourable: Option<bool>,
    /// 意见：pass_step、report_up、grant。
    #[schema(max_length = 2000)]
    opinion: Option<String>,
    /// 转给哪个工作人员：reassign。
    to: Option<Uuid>,
    /// 特别程序的情形：suspend。法律规定的有 hearing 听证、tender 招标、auction 拍卖、inspection 检验、testing 检测、
    /// quarantine 检疫、appraisal 鉴定、expert_review 专家评审；事项另有规定的，写它在办件 stop_grounds 里的代码。
    #[schema(max_length = 64)]
    ground: Option<String>,
    /// 特别程序告知书的文号：suspend；不填就由系统编号。
    #[schema(max_length = 100)]
    paper_no: Option<String>,
    /// 特别程序预计几个工作日：suspend。
    #[schema(minimum = 1, maximum = 365)]
    expected_days: Option<u16>,
    /// 特别程序的结果：resume。
    #[schema(max_length = 2000)]
    outcome: Option<String>,
    /// 结果的文号：make_result。
    #[schema(max_length = 100)]
    document_no: Option<String>,
    /// 怎么送达：deliver。
    delivery: Option<DeliveryAsk>,
    /// 终止的原因：terminate。
    #[schema(schema_with = end)]
    end: Option<String>,
}

/// The word of a ground: that of the law, or the code of the item's own.
pub(super) fn ground_word(ground: &StopGround) -> String {
    if let StopGround::Local { code } = ground {
        return code.clone();
    }
    let json = serde_json::to_value(ground).unwrap_or_default();
    json["type"].as_str().unwrap_or_default().to_owned()
}

fn end() -> utoipa::openapi::schema::Object {
    use TerminationGround::{ApplicantGone, CommitmentFalse, DeferralNotSupplied, Impossible, NotCorrected};
    let all = [NotCorrected, DeferralNotSupplied, CommitmentFalse, ApplicantGone, Impossible];
    let words = all.iter().filter_map(|one| words::word(one).ok()).collect();
    words::one_of(
        words,
        "not_corrected 逾期没有补正、deferral_not_supplied 容缺材料逾期没有补交、commitment_false 承诺不属实、applicant_gone 申请人死亡或者终止、impossible 客观情况变化无法继续。",
    )
}

impl ActionAsk {
    /// The names of the fields that are there.
    fn given(&self) -> Vec<&'static str> {
        let all = [
            ("materials", self.materials.is_some()),
            ("items", self.items.is_some()),
            ("until", self.until.is_some()),
            ("missing", self.missing.is_some()),
            ("file", self.file.is_some()),
            ("reason", self.reason.is_some()),
            ("competent", self.competent.is_some()),
            ("step", self.step.is_some()),
            ("favourable", self.favourable.is_some()),
            ("opinion", self.opinion.is_some()),
            ("to", self.to.is_some()),
            ("ground", self.ground.is_some()),
            ("paper_no", self.paper_no.is_some()),
            ("expected_days", self.expected_days.is_some()),
            ("outcome", self.outcome.is_some()),
            ("document_no", self.document_no.is_some()),
            ("delivery", self.delivery.is_some()),
            ("end", self.end.is_some()),
        ];
        all.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
    }

    fn step(&self) -> usize {
        self.step.and_then(|step| usize::try_from(step).ok()).unwrap_or(usize::MAX)
    }

    fn handed(&mut self) -> Vec<Handed> {
        let all = self.materials.take().unwrap_or_default().into_iter();
        let files = |ids: Vec<Uuid>| ids.into_iter().map(FileId).collect();
        all.map(|one| Handed { code: one.code, paper: one.paper, files: files(one.files) }).collect()
    }
}

/// Fields that are wanting or too many, each named.
pub(super) fn checked(action: Action, ask: &ActionAsk) -> Result<(), Fault> {
    let (_, needs, may_have) =
        OFFERED.iter().find(|(one, ..)| *one == action).ok_or_else(Fault::not_found)?;
    let given = ask.given();
    let wanting = needs.iter().filter(|name| !given.contains(name));
    let mut errors: Vec<(String, String)> =
        wanting.map(|name| ((*name).to_owned(), format!("{}要有这一项，请补上", action.label()))).collect();
    let foreign = given.iter().filter(|name| !needs.contains(name) && !may_have.contains(name));
    errors
        .extend(foreign.map(|name| ((*name).to_owned(), format!("{}用不到这一项，请去掉", action.label()))));
    let expected = ask.expected_days.is_none_or(|days| (1..=365).contains(&days));
    if !expected {
        errors.push(("expected_days".to_owned(), "要是 1 到 365 之间的整数".to_owned()));
    }
    if errors.is_empty() { Ok(()) } else { Err(unfit(errors)) }
}

/// The answer to a body whose fields do not fit the action.
pub(super) fn unfit(errors: Vec<(String, String)>) -> Fault {
    let say: Vec<String> = errors.iter().map(|(field, say)| format!("{field}：{say}")).collect();
    let say = format!("{}。", say.join("；"));
    let title = "正文的内容不符合这一步的要求";
    Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "unfit", title, say).with_errors(errors)
}

fn word<T: serde::de::DeserializeOwned>(field: &str, word: Option<&str>) -> Result<T, Fault> {
    let none = || unfit(vec![(field.to_owned(), "没有这个值，请从接口说明列出的值里选".to_owned())]);
    words::value(word.unwrap_or_default()).ok_or_else(none)
}

/// The command that the body asks for; its fields have been checked.
pub(super) fn command(action: Action, mut ask: ActionAsk) -> Result<Command, Fault> {
    let handed = ask.handed();
    let step = ask.step();
    let file = ask.file.map(FileId);
    let reason = ask.reason.unwrap_or_default();
    let opinion = ask.opinion.unwrap_or_default();
    let until = ask.until.unwrap_or(Date::ZERO);
    Ok(match action {
        Action::Receive => Command::Receive { materials: handed },
        Action::AskCorrection => {
            let items = ask.items.unwrap_or_default().into_iter();
            let items = items.map(|one| ToCorrect { code: one.code, reason: one.reason }).collect();
            Command::AskCorrection { items, until }
        }
        Action::ReleaseSecondNotice => Command::ReleaseSecondNotice { reason },
        Action::Accept => Command::Accept,
        Action::AcceptDeferring => {
            Command::AcceptDeferring { missing: ask.missing.unwrap_or_default(), until }
        }
        Action::AcceptOnCommitment => {
            Command::AcceptOnCommitment { promise: file.ok_or_else(Fault::not_found)? }
        }
        Action::DeclareNotRequired => Command::DeclareNotRequired { reason },
        Action::Refuse => Command::Refuse { reason, competent: ask.competent.unwrap_or_default() },
        Action::Claim => Command::Claim { step },
        Action::PassStep => {
            Command::PassStep { step, favourable: ask.favourable.unwrap_or_default(), opinion }
        }
        Action::ReturnToStep => Command::ReturnToStep { step, reason },
        Action::Reassign => Command::Reassign { step, to: StaffId(ask.to.unwrap_or_default()), reason },
        Action::HandBack => Command::HandBack { reason },
        Action::Resume => Command::Resume { outcome: ask.outcome.unwrap_or_default() },
        Action::RequestExtension => Command::RequestExtension { reason },
        Action::ApproveExtension => Command::ApproveExtension,
        Action::RejectExtension => Command::RejectExtension { reason },
        Action::Grant => Command::Grant { opinion },
        Action::Deny => Command::Deny { reasons: reason },
        Action::MakeResult => {
            let document_no = ask.document_no.unwrap_or_default();
            Command::MakeResult { document_no, file, valid_until: ask.until }
        }
        Action::Withdraw => Command::Withdraw { reason },
        Action::Terminate => Command::Terminate { ground: word("end", ask.end.as_deref())?, reason },
        Action::Archive => Command::Archive,
        _ => return Err(Fault::not_found()),
    })
}

impl ActionAsk {
    /// The version that was seen.
    pub(super) const fn version(&self) -> i64 {
        self.version
    }

    /// To whom a step goes.
    pub(super) const fn to(&self) -> Option<Uuid> {
        self.to
    }

    /// The opinion, where there is one.
    pub(super) fn opinion(&self) -> String {
        self.opinion.clone().unwrap_or_default()
    }

    /// Why the clock stops, under which number, and for how long.
    pub(super) fn stop(&self) -> (&str, &str, Days) {
        let (ground, paper_no) = (self.ground.as_deref(), self.paper_no.as_deref());
        let expected = Days::Working(self.expected_days.unwrap_or_default());
        (ground.unwrap_or_default(), paper_no.unwrap_or_default(), expected)
    }

    /// How it is delivered.
    pub(super) fn delivery(self) -> Option<DeliveryAsk> {
        self.delivery
    }

    /// Every file that it names.
    pub(super) fn files(&self) -> Vec<Uuid> {
        let handed = self.materials.iter().flatten().flat_map(|one| one.files.iter().copied());
        let signature = match &self.delivery {
            Some(DeliveryAsk::Window { signature, .. }) => *signature,
            _ => None,
        };
        handed.chain(self.file).chain(signature).collect()
    }

    /// Paper copies by material.
    pub(super) fn paper(&self) -> Vec<(String, u16)> {
        self.materials.iter().flatten().map(|one| (one.code.clone(), one.paper)).collect()
    }
}
