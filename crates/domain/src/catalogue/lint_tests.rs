//! Each rule of the guide lint 指南体检: a guide without fault, and every way to break one rule.

use super::*;
use crate::kernel::{ItemId, time::Days};
use crate::org::{DepartmentKey, stable_id};
use std::collections::HashSet;

fn confirmed<T>(value: T) -> Based<T> {
    Based { value, basis: Basis::LawChecked("中华人民共和国行政许可法第三十条".to_owned()) }
}

fn law() -> Basis {
    Basis::LawChecked("中华人民共和国行政许可法第三十条".to_owned())
}

fn material(name: &str) -> Material {
    Material {
        name: name.to_owned(),
        form: MaterialForm::Original,
        copies: 1,
        source: MaterialSource::Applicant,
        required: true,
        note: String::new(),
        standard: String::new(),
        basis: law(),
        details: MaterialDetails::default(),
    }
}

fn process() -> Process {
    let steps = ["申请", "受理", "审核", "审批", "办结", "送达"];
    Process {
        conditions: vec![confirmed("年满16周岁".to_owned())],
        steps: (1..)
            .zip(steps)
            .map(|(no, name)| Step { no, name: name.to_owned(), actor: "综合窗口".to_owned() })
            .collect(),
        steps_basis: law(),
        audience: vec![Audience::NaturalPerson],
        forms: vec![HandlingForm::Window, HandlingForm::Web],
        area: HandlingArea::WholeCity,
        visits: confirmed(Visits { times: 1, reason: "核验身份".to_owned() }),
        quota: String::new(),
        intermediary: String::new(),
    }
}

fn channels() -> Channels {
    Channels {
        names: vec!["窗口".to_owned(), "网上".to_owned()],
        basis: law(),
        depth: vec![OnlineDepth::Advice, OnlineDepth::Receipt],
        online: true,
        fully_online: false,
        in_hall: true,
        by_post: true,
        pay_online: true,
        booking: true,
        terminal: false,
        place: "为民服务中心".to_owned(),
        hours: confirmed("工作日9:00—12:00".to_owned()),
        addresses: Addresses::default(),
    }
}

fn guide() -> Guide {
    Guide {
        written: true,
        time: TimeLimits {
            statutory: Some(confirmed(Days::Working(20))),
            promised: confirmed(Days::Working(10)),
            special: Vec::new(),
            note: String::new(),
        },
        process: process(),
        channels: channels(),
        fee: Fee {
            charged: true,
            text: "每证10元".to_owned(),
            basis: law(),
            rows: vec![FeeRow { name: "工本费".to_owned(), fen: Some(1000), reducible: false }],
        },
        contact: Contact {
            advice: confirmed("0519-85681234".to_owned()),
            complaints: confirmed("12345".to_owned()),
        },
        outcome: Outcome {
            name: confirmed("示范许可证".to_owned()),
            finish: Finish::Certificate,
            delivery: "窗口领取".to_owned(),
            has_sample: true,
        },
        themes: Themes { personal: vec!["证件办理".to_owned()], corporate: Vec::new() },
        materials: vec![material("居民身份证"), material("近期照片")],
        questions: vec![Question { ask: "能代办吗？".to_owned(), answer: "可以。".to_owned() }],
        notes: String::new(),
    }
}

/// A licence whose guide breaks no rule.
fn sound() -> Item {
    Item {
        id: ItemId(stable_id("item", "lint")),
        seq: 1,
        version: ItemVersion { no: 1, valid_from: jiff::civil::date(2018, 8, 15), valid_until: None },
        regime: confirmed(Regime::Promised),
        coverage: Coverage::Full,
        identity: Identity {
            name: "示范许可".to_owned(),
            basic_code: confirmed("322001001000".parse().unwrap()),
            item_type: confirmed(ItemType::Licence),
            legal_basis: Vec::new(),
            level: ExerciseLevel::City,
        },
        subject: Subject {
            department: DepartmentKey("police".to_owned()),
            short_name: "公安局".to_owned(),
            name: "常州市公安局".to_owned(),
            unit_code: confirmed("12441500196720244T".parse().unwrap()),
            nature: confirmed(BodyNature::StatutoryOrgan),
            accepted_at: "为民服务中心".to_owned(),
            powers: Powers::default(),
        },
        guide: guide(),
        handling: Handling::default(),
    }
}

/// One way to break one rule.
struct Broken {
    rule: Rule,
    severity: Severity,
    says: &'static str,
    by: fn(&mut Item),
}

const fn broken(rule: Rule, severity: Severity, says: &'static str, by: fn(&mut Item)) -> Broken {
    Broken { rule, severity, says, by }
}

fn time_and_result() -> Vec<Broken> {
    use Severity::{Error, Warning};
    vec![
        broken(Rule::PromiseMatchesRegime, Error, "请把承诺时限改为当场办结", |item| {
            item.regime.value = Regime::Immediate;
        }),
        broken(Rule::PromiseMatchesRegime, Error, "请把办件类型改为即办件", |item| {
            item.guide.time.promised.value = Days::Working(0);
        }),
        broken(Rule::PromiseWithinStatute, Error, "超过法定时限（20 个工作日）", |item| {
            item.guide.time.promised.value = Days::Working(21);
        }),
        broken(Rule::FinishMatchesResult, Error, "与它一致的办结方式", |item| {
            item.guide.outcome.finish = Finish::Paper;
        }),
        broken(Rule::FinishMatchesResult, Error, "与它一致的办结方式", |item| {
            item.guide.outcome.name.value = "关于同意的批复（盖章）".to_owned();
        }),
        broken(Rule::ResultHasSample, Warning, "请上传结果样本", |item| {
            item.guide.outcome.has_sample = false;
        }),
    ]
}

fn visits_and_fee() -> Vec<Broken> {
    use Severity::{Error, Warning};
    vec![
        broken(Rule::VisitsHaveReason, Error, "写明必须到现场的原因", |item| {
            item.guide.process.visits.value.reason = "　".to_owned();
        }),
        broken(Rule::VisitsHaveReason, Error, "请删去必须到现场的原因", |item| {
            item.guide.process.visits.value.times = 0;
        }),
        broken(Rule::NoVisitNeedsWay, Error, "请在办理形式中选上快递申请", |item| {
            item.guide.process.visits.value = Visits { times: 0, reason: String::new() };
            item.guide.channels.online = false;
        }),
        broken(Rule::FullyOnlineMeansNoVisit, Error, "请把到现场次数改为0次", |item| {
            item.guide.channels.fully_online = true;
        }),
        broken(Rule::FeeIsComplete, Error, "请写明收费依据", |item| {
            item.guide.fee.basis = Basis::Document(String::new());
        }),
        broken(Rule::FeeIsComplete, Error, "请填写收费项目和收费标准", |item| {
            item.guide.fee.rows.clear();
        }),
        broken(Rule::FeeIsComplete, Error, "请填写收费项目和收费标准", |item| {
            item.guide.fee.rows[0].fen = None;
        }),
        broken(Rule::FeeIsComplete, Warning, "请开通网上支付", |item| {
            item.guide.channels.pay_online = false;
        }),
        broken(Rule::FeeIsComplete, Error, "请关闭网上支付并删去收费项目", |item| {
            item.guide.fee.charged = false;
        }),
    ]
}

fn people_and_papers() -> Vec<Broken> {
    use Severity::{Error, Note, Warning};
    vec![
        broken(Rule::TelephonesDiffer, Error, "请填写咨询电话", |item| {
            item.guide.contact.advice.value = String::new();
        }),
        broken(Rule::TelephonesDiffer, Error, "咨询电话请加上区号", |item| {
            item.guide.contact.advice.value = "85681234".to_owned();
        }),
        broken(Rule::TelephonesDiffer, Error, "不能相同", |item| {
            item.guide.contact.advice.value = "12345".to_owned();
        }),
        broken(Rule::AudienceMatchesTheme, Warning, "请选择自然人主题", |item| {
            item.guide.themes.personal.clear();
        }),
        broken(Rule::AudienceMatchesTheme, Error, "请删去法人主题", |item| {
            item.guide.themes.corporate.push("准营准办".to_owned());
        }),
        broken(Rule::LicenceIsExplained, Warning, "至少写一个常见问题", |item| {
            item.guide.questions.clear();
        }),
        broken(Rule::LicenceIsExplained, Error, "还缺：审核、送达", |item| {
            item.guide.process.steps.retain(|step| step.name != "审核" && step.name != "送达");
        }),
        broken(Rule::NoOpenMaterial, Error, "“其他材料”是兜底条款", |item| {
            item.guide.materials.push(material("其他材料"));
        }),
        broken(Rule::NoDoubleMaterial, Error, "“居民身份证”写了两次", |item| {
            item.guide.materials.push(material("居民身份证"));
        }),
        broken(Rule::NothingUnconfirmed, Note, "请核对：材料", |item| {
            item.guide.materials[0].basis = Basis::Placeholder(String::new());
        }),
    ]
}

fn all() -> Vec<Broken> {
    time_and_result().into_iter().chain(visits_and_fee()).chain(people_and_papers()).collect()
}

#[test]
fn a_sound_guide_has_no_finding() {
    assert_eq!(lint(&sound()), Vec::new());
}

#[test]
fn each_broken_rule_is_found_alone_and_says_what_to_do() {
    for Broken { rule, severity, says, by } in all() {
        let mut item = sound();
        by(&mut item);
        let findings = lint(&item);
        assert_eq!(
            findings.iter().map(|finding| (finding.rule, finding.severity)).collect::<Vec<_>>(),
            [(rule, severity)],
            "{says}: {findings:?}"
        );
        assert!(findings[0].message.contains(says), "{} does not say {says}", findings[0].message);
    }
}

#[test]
fn no_rule_is_without_a_way_to_break_it() {
    // A new rule does not compile here until it is counted, and then needs its case above.
    let counted = |rule: Rule| match rule {
        Rule::PromiseMatchesRegime
        | Rule::PromiseWithinStatute
        | Rule::FinishMatchesResult
        | Rule::ResultHasSample
        | Rule::VisitsHaveReason
        | Rule::NoVisitNeedsWay
        | Rule::FullyOnlineMeansNoVisit
        | Rule::FeeIsComplete
        | Rule::TelephonesDiffer
        | Rule::AudienceMatchesTheme
        | Rule::LicenceIsExplained
        | Rule::NoOpenMaterial
        | Rule::NoDoubleMaterial
        | Rule::NothingUnconfirmed => 14,
    };
    let broken: HashSet<Rule> = all().into_iter().map(|one| one.rule).collect();
    assert_eq!(broken.len(), counted(Rule::FeeIsComplete));
}

#[test]
fn limits_of_different_units_are_not_compared() {
    let mut item = sound();
    item.guide.time.promised.value = Days::Natural(25);
    assert_eq!(lint(&item), Vec::new(), "25 natural days can be fewer than 20 working days");
}

#[test]
fn only_licences_need_the_five_steps() {
    let mut item = sound();
    item.identity.item_type.value = ItemType::PublicService;
    item.guide.process.steps.clear();
    item.guide.questions.clear();
    assert_eq!(lint(&item), Vec::new());
}

#[test]
fn the_worst_finding_comes_first() {
    let mut item = sound();
    item.guide.materials[0].basis = Basis::Placeholder(String::new());
    item.guide.outcome.has_sample = false;
    item.guide.contact.advice.value = String::new();
    let found: Vec<Severity> = lint(&item).into_iter().map(|finding| finding.severity).collect();
    assert_eq!(found, [Severity::Error, Severity::Warning, Severity::Note]);
}
