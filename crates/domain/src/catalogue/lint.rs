//! What is wrong with a guide: the rules a real checker of item data applies, and two of our own.

use super::{Audience, Finish, HandlingForm, Item, ItemType, Regime};
use serde::{Deserialize, Serialize};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing contradicts.
    Note,
    /// People can be misled.
    Warning,
    /// Contradicts itself or a rule; not to be published.
    Error,
}

/// One rule for guides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// 承诺“即办” and 即办件 go together.
    PromiseMatchesRegime,
    /// 承诺时限 is not longer than 法定时限 of the same unit.
    PromiseWithinStatute,
    /// The name of the result and 办结方式 go together.
    FinishMatchesResult,
    /// A result has a sample.
    ResultHasSample,
    /// A required visit has a reason, no visit has none.
    VisitsHaveReason,
    /// Without a visit and without the web there is the post.
    NoVisitNeedsWay,
    /// 网办Ⅳ级 means no visit.
    FullyOnlineMeansNoVisit,
    /// A fee has basis, projects and online payment; no fee has no online payment.
    FeeIsComplete,
    /// 咨询 and 投诉 telephones are there, different, with area code.
    TelephonesDiffer,
    /// 服务对象 agrees with the theme.
    AudienceMatchesTheme,
    /// 行政许可 has a question and the five steps.
    LicenceIsExplained,
    /// No open clause among the materials (兜底条款).
    NoOpenMaterial,
    /// No material twice.
    NoDoubleMaterial,
    /// Nothing is a placeholder.
    NothingUnconfirmed,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// How bad.
    pub severity: Severity,
    /// A sentence that tells the editor what to do.
    pub message: String,
}

fn found(rule: Rule, severity: Severity, message: impl Into<String>) -> Finding {
    Finding { rule, severity, message: message.into() }
}

/// All findings for one item, the worst first.
#[must_use]
pub fn lint(item: &Item) -> Vec<Finding> {
    let mut findings: Vec<Finding> = [
        time(item),
        result(item),
        visits(item),
        fee(item),
        contact(item),
        audience(item),
        licence(item),
        materials(item),
        unconfirmed(item),
    ]
    .into_iter()
    .flatten()
    .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

fn time(item: &Item) -> Vec<Finding> {
    let mut findings = Vec::new();
    let promised = item.guide.time.promised.value;
    let immediate = item.regime.value == Regime::Immediate;
    if immediate != (promised.number() == 0) {
        let message = if immediate {
            "这是即办件，请把承诺时限改为当场办结"
        } else {
            "承诺时限是当场办结，请把办件类型改为即办件，或填写承诺天数"
        };
        findings.push(found(Rule::PromiseMatchesRegime, Severity::Error, message));
    }
    if let Some(statutory) = &item.guide.time.statutory
        && statutory.value.is_working() == promised.is_working()
        && promised.number() > statutory.value.number()
    {
        let message = format!("承诺时限（{promised}）超过法定时限（{}），请缩短承诺时限", statutory.value);
        findings.push(found(Rule::PromiseWithinStatute, Severity::Error, message));
    }
    findings
}

fn result(item: &Item) -> Vec<Finding> {
    let outcome = &item.guide.outcome;
    let mut findings = Vec::new();
    let wanted = Finish::from_result_name(&outcome.name.value);
    if wanted != Finish::Other && wanted != outcome.finish {
        let message = format!("结果名称是“{}”，请选择与它一致的办结方式", outcome.name.value);
        findings.push(found(Rule::FinishMatchesResult, Severity::Error, message));
    }
    if !outcome.name.value.is_empty() && !outcome.has_sample {
        findings.push(found(Rule::ResultHasSample, Severity::Warning, "有办理结果名称，请上传结果样本"));
    }
    findings
}

fn visits(item: &Item) -> Vec<Finding> {
    let (process, channels) = (&item.guide.process, &item.guide.channels);
    let visits = &process.visits.value;
    let mut findings = Vec::new();
    if visits.times > 0 && visits.reason.trim().is_empty() {
        findings.push(found(Rule::VisitsHaveReason, Severity::Error, "需要到现场，请写明必须到现场的原因"));
    }
    if visits.times == 0 && !visits.reason.trim().is_empty() {
        findings.push(found(
            Rule::VisitsHaveReason,
            Severity::Error,
            "到现场次数是0次，请删去必须到现场的原因",
        ));
    }
    if visits.times == 0 && !channels.online && !process.forms.contains(&HandlingForm::Post) {
        findings.push(found(
            Rule::NoVisitNeedsWay,
            Severity::Error,
            "不用到现场又不能网上办，请在办理形式中选上快递申请",
        ));
    }
    if visits.times > 0 && channels.fully_online {
        findings.push(found(
            Rule::FullyOnlineMeansNoVisit,
            Severity::Error,
            "网办深度是Ⅳ级，请把到现场次数改为0次",
        ));
    }
    findings
}

fn fee(item: &Item) -> Vec<Finding> {
    let (fee, channels) = (&item.guide.fee, &item.guide.channels);
    let mut findings = Vec::new();
    if fee.charged {
        if fee.basis.text().is_empty() {
            findings.push(found(Rule::FeeIsComplete, Severity::Error, "收费事项请写明收费依据"));
        }
        if fee.rows.is_empty() || fee.rows.iter().any(|row| row.name.trim().is_empty() || row.fen.is_none()) {
            findings.push(found(Rule::FeeIsComplete, Severity::Error, "收费事项请填写收费项目和收费标准"));
        }
        if !channels.pay_online {
            findings.push(found(Rule::FeeIsComplete, Severity::Warning, "收费事项请开通网上支付"));
        }
    } else if channels.pay_online || !fee.rows.is_empty() {
        findings.push(found(Rule::FeeIsComplete, Severity::Error, "不收费事项请关闭网上支付并删去收费项目"));
    }
    findings
}

/// A landline with area code (0519-12345678) or a short public number such as 12345.
fn has_area_code(number: &str) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    (digits.starts_with('0') && (10..=12).contains(&digits.len()))
        || (digits.starts_with('1') && digits.len() == 5)
}

fn contact(item: &Item) -> Vec<Finding> {
    let contact = &item.guide.contact;
    let (advice, complaints) = (contact.advice.value.trim(), contact.complaints.value.trim());
    let mut findings = Vec::new();
    for (name, number) in [("咨询电话", advice), ("监督投诉电话", complaints)] {
        if number.is_empty() {
            findings.push(found(Rule::TelephonesDiffer, Severity::Error, format!("请填写{name}")));
        } else if !has_area_code(number) {
            findings.push(found(Rule::TelephonesDiffer, Severity::Error, format!("{name}请加上区号")));
        }
    }
    if !advice.is_empty() && advice == complaints {
        findings.push(found(
            Rule::TelephonesDiffer,
            Severity::Error,
            "咨询电话和监督投诉电话不能相同，请分别填写",
        ));
    }
    findings
}

fn audience(item: &Item) -> Vec<Finding> {
    let (audience, themes) = (&item.guide.process.audience, &item.guide.themes);
    let persons = audience.contains(&Audience::NaturalPerson);
    let others = audience.iter().any(|kind| *kind != Audience::NaturalPerson);
    let mut findings = Vec::new();
    let mut check = |serves: bool, themes: &[String], who: &str| {
        if serves && themes.is_empty() {
            let message = format!("服务对象有{who}，请选择{who}主题");
            findings.push(found(Rule::AudienceMatchesTheme, Severity::Warning, message));
        } else if !serves && !themes.is_empty() {
            let message = format!("服务对象没有{who}，请删去{who}主题");
            findings.push(found(Rule::AudienceMatchesTheme, Severity::Error, message));
        }
    };
    check(persons, &themes.personal, "自然人");
    check(others, &themes.corporate, "法人");
    findings
}

fn licence(item: &Item) -> Vec<Finding> {
    if item.identity.item_type.value != ItemType::Licence {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if item.guide.questions.is_empty() {
        findings.push(found(Rule::LicenceIsExplained, Severity::Warning, "行政许可事项请至少写一个常见问题"));
    }
    let steps = &item.guide.process.steps;
    let missing: Vec<&str> = ["受理", "审核", "审批", "办结", "送达"]
        .into_iter()
        .filter(|word| !steps.iter().any(|step| step.name.contains(word)))
        .collect();
    if !missing.is_empty() {
        let message = format!("行政许可事项的办理流程还缺：{}", missing.join("、"));
        findings.push(found(Rule::LicenceIsExplained, Severity::Error, message));
    }
    findings
}

fn materials(item: &Item) -> Vec<Finding> {
    const OPEN: [&str; 6] = ["其他材料", "其它材料", "相关材料", "等材料", "有关材料", "其他证明"];
    let materials = &item.guide.materials;
    let mut findings = Vec::new();
    for (at, material) in materials.iter().enumerate() {
        if OPEN.iter().any(|open| material.name.contains(open)) {
            let message = format!("材料“{}”是兜底条款，请写明具体材料或删去", material.name);
            findings.push(found(Rule::NoOpenMaterial, Severity::Error, message));
        }
        if materials[..at].iter().any(|earlier| earlier.name == material.name) {
            let message = format!("材料“{}”写了两次，请删去一个", material.name);
            findings.push(found(Rule::NoDoubleMaterial, Severity::Error, message));
        }
    }
    findings
}

fn unconfirmed(item: &Item) -> Vec<Finding> {
    let guide = &item.guide;
    let fields = [
        ("办件类型", item.regime.basis.is_placeholder()),
        ("基本编码", item.identity.basic_code.basis.is_placeholder()),
        ("统一社会信用代码", item.subject.unit_code.basis.is_placeholder()),
        ("承诺时限", guide.time.promised.basis.is_placeholder()),
        ("受理条件", guide.process.conditions.iter().any(|condition| condition.basis.is_placeholder())),
        ("办理流程", guide.process.steps_basis.is_placeholder()),
        ("材料", guide.materials.iter().any(|material| material.basis.is_placeholder())),
        ("收费", guide.fee.basis.is_placeholder()),
        ("联系电话", guide.contact.advice.basis.is_placeholder()),
    ];
    let names: Vec<&str> = fields.iter().filter(|(_, open)| *open).map(|(name, _)| *name).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let message = format!("这些内容还没有经部门确认，请核对：{}", names.join("、"));
    vec![found(Rule::NothingUnconfirmed, Severity::Note, message)]
}
