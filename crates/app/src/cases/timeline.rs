//! The story of a case in words, from its journal: what happened, when it happened, and when it was entered if later.

use domain::cases::{Acceptance, Case, Delivery, Event, Happened, ToCorrect, Who};
use domain::kernel::StaffId;
use jiff::Timestamp;

use super::clock::in_words;
use crate::city::City;

/// One entry of the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEntry {
    /// The kind of event as stored, e.g. `accepted`; for icons and filters.
    pub kind: &'static str,
    /// When it happened.
    pub at: Timestamp,
    /// When it was entered, if that was later 补录.
    pub entered_at: Option<Timestamp>,
    /// What happened, in a few words.
    pub title: String,
    /// What there is to know about it.
    pub details: Vec<String>,
    /// The organisation that did it.
    pub org: Option<String>,
    /// The member of staff who did it; shown to staff only.
    pub staff: Option<StaffId>,
}

/// How much of the story somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Depth {
    /// With the query code: what happened and when.
    Titles,
    /// The applicant: also what was told to them.
    Told,
    /// Staff: also the opinions.
    All,
}

pub(super) fn entry(event: &Event, case: &Case, city: &City, depth: Depth) -> TimelineEntry {
    let (title, told, inner) = words(&event.what, case, city);
    let mut details = if depth >= Depth::Told { told } else { Vec::new() };
    if depth >= Depth::All {
        details.extend(inner);
    }
    let (org, staff) = match event.by {
        Who::Staff { id, org } => (city.org(org).map(|o| o.name.clone()), Some(id)),
        Who::Citizen { .. } | Who::System => (None, None),
    };
    TimelineEntry {
        kind: event.kind(),
        at: event.at,
        entered_at: event.is_back_entry().then_some(event.entered_at),
        title,
        details,
        org,
        staff: staff.filter(|_| depth >= Depth::All),
    }
}

/// Title, what the applicant was told, what only staff see.
type Words = (String, Vec<String>, Vec<String>);

fn words(what: &Happened, case: &Case, city: &City) -> Words {
    match what {
        Happened::Submitted { .. }
        | Happened::Received { .. }
        | Happened::CorrectionAsked { .. }
        | Happened::SecondNoticeReleased { .. }
        | Happened::Resubmitted { .. }
        | Happened::Accepted { .. }
        | Happened::NotRequired { .. }
        | Happened::Refused { .. } => before_acceptance(what, case, city),
        Happened::StepClaimed { .. }
        | Happened::StepPassed { .. }
        | Happened::ReturnedToStep { .. }
        | Happened::Reassigned { .. }
        | Happened::ReportedUp { .. }
        | Happened::HandedBack { .. } => under_review(what, case, city),
        Happened::Suspended { .. }
        | Happened::Resumed { .. }
        | Happened::ExtensionRequested { .. }
        | Happened::Extended { .. }
        | Happened::ExtensionRejected { .. }
        | Happened::DueRecomputed { .. } => about_time(what, case),
        _ => at_the_end(what, case),
    }
}

fn title(text: impl Into<String>) -> Words {
    (text.into(), Vec::new(), Vec::new())
}

fn told(text: impl Into<String>, told: impl IntoIterator<Item = String>) -> Words {
    (text.into(), told.into_iter().collect(), Vec::new())
}

fn before_acceptance(what: &Happened, case: &Case, city: &City) -> Words {
    match what {
        Happened::Submitted { org, notice_due, .. } => {
            let to = city.org(*org).map_or("", |o| o.name.as_str());
            told(
                format!("提交申请，由{to}收件"),
                [format!("最晚 {}告知是否还缺材料", in_words(notice_due.date))],
            )
        }
        Happened::Received { .. } => title("已接件，正在核对材料"),
        Happened::CorrectionAsked { items, until, nth } => {
            let again = if *nth > 1 { "再次告知补正材料" } else { "一次告知补正材料" };
            let lines = items.iter().map(|item| correction(item, case));
            told(again, lines.chain([format!("请在 {}前补交", in_words(*until))]))
        }
        Happened::SecondNoticeReleased { reason } => {
            ("监督人员放行再次告知".to_owned(), Vec::new(), vec![format!("理由：{reason}")])
        }
        Happened::Resubmitted { notice_due, .. } => {
            told("补交材料", [format!("最晚 {}告知是否受理", in_words(notice_due.date))])
        }
        Happened::Accepted { how, on, limits } => {
            let due =
                limits.leading().and_then(|l| l.due).map(|d| format!("承诺 {}前办结", in_words(d.date)));
            let (title, more) = accepted(how, *on, case);
            told(title, more.into_iter().chain(due))
        }
        Happened::NotRequired { reason } => told("不受理：这件事不需要审批", [format!("理由：{reason}")]),
        Happened::Refused { reason, competent, .. } => {
            told("不予受理", [format!("理由：{reason}"), format!("请向{competent}申请")])
        }
        _ => title(what.kind()),
    }
}

pub(super) fn correction(item: &ToCorrect, case: &Case) -> String {
    format!("{}：{}", material(case, &item.code), item.reason)
}

pub(super) fn material(case: &Case, code: &str) -> String {
    case.terms().and_then(|t| t.material(code)).map_or_else(|| code.to_owned(), |m| m.name.clone())
}

fn accepted(how: &Acceptance, on: jiff::civil::Date, case: &Case) -> (String, Vec<String>) {
    match how {
        Acceptance::Complete => ("受理".to_owned(), Vec::new()),
        Acceptance::Deferring { missing, until } => {
            let names: Vec<String> = missing.iter().map(|code| material(case, code)).collect();
            ("容缺受理".to_owned(), vec![format!("请在 {}前补交：{}", in_words(*until), names.join("、"))])
        }
        Acceptance::Commitment { .. } => ("告知承诺受理".to_owned(), Vec::new()),
        Acceptance::Deemed => (
            "视为受理".to_owned(),
            vec![format!("收到材料后五个工作日内没有告知，自 {on} 起即为受理（行政许可法第三十二条）")],
        ),
    }
}

fn under_review(what: &Happened, case: &Case, city: &City) -> Words {
    let step = |no: usize| case.step(no).map_or_else(String::new, |(terms, _)| terms.name.clone());
    match what {
        Happened::StepClaimed { step: no, .. } => title(format!("{}：已有人办理", step(*no))),
        Happened::StepPassed { step: no, favourable, opinion, .. } => {
            let finding = if *favourable { "同意" } else { "不同意" };
            (format!("{}办完", step(*no)), Vec::new(), vec![format!("意见（{finding}）：{opinion}")])
        }
        Happened::ReturnedToStep { step: no, reason } => {
            (format!("退回到{}", step(*no)), Vec::new(), vec![format!("理由：{reason}")])
        }
        Happened::Reassigned { step: no, reason, .. } => {
            (format!("{}转由其他人员办理", step(*no)), Vec::new(), vec![format!("理由：{reason}")])
        }
        Happened::ReportedUp { to, opinion } => {
            let to = city.org(*to).map_or("上级部门", |o| o.name.as_str());
            (format!("初审通过，上报{to}"), Vec::new(), vec![format!("初审意见：{opinion}")])
        }
        Happened::HandedBack { reason } => {
            ("上级退回初审单位".to_owned(), Vec::new(), vec![format!("理由：{reason}")])
        }
        _ => title(what.kind()),
    }
}

fn about_time(what: &Happened, case: &Case) -> Words {
    let due = |dues: &domain::cases::Dues| {
        dues.promised.or(dues.statutory).map(|d| format!("办结期限：{}", in_words(d.date)))
    };
    match what {
        Happened::Suspended { ground, basis, paper_no, expected, foreseen, .. } => {
            let lines = [
                format!("{}，预计 {expected}，这段时间不计入办理期限（{basis}）", ground.label(case.terms())),
                format!("告知书文号：{paper_no}"),
            ];
            told("进入特别程序", lines.into_iter().chain(due(foreseen).map(|d| format!("预计{d}"))))
        }
        Happened::Resumed { outcome, dues, .. } => {
            told("特别程序结束", [format!("结果：{outcome}")].into_iter().chain(due(dues)))
        }
        Happened::ExtensionRequested { reason, .. } => {
            ("申请延长办理期限".to_owned(), Vec::new(), vec![format!("理由：{reason}")])
        }
        Happened::Extended { days, reason, dues, .. } => {
            told(format!("办理期限延长 {days}"), [format!("理由：{reason}")].into_iter().chain(due(dues)))
        }
        Happened::ExtensionRejected { reason } => {
            ("没有批准延长".to_owned(), Vec::new(), vec![format!("理由：{reason}")])
        }
        Happened::DueRecomputed { notice, dues, .. } => {
            told("放假安排调整，重新计算期限", [format!("依据：{notice}")].into_iter().chain(due(dues)))
        }
        _ => title(what.kind()),
    }
}

fn at_the_end(what: &Happened, case: &Case) -> Words {
    match what {
        Happened::DeferredSupplied { materials } => {
            let names: Vec<String> = materials.iter().map(|h| material(case, &h.code)).collect();
            told("补交容缺材料", [names.join("、")])
        }
        Happened::Granted { opinion, deliver_by, .. } => (
            "准予".to_owned(),
            vec![format!("最晚 {}送达", in_words(deliver_by.date))],
            vec![format!("意见：{opinion}")],
        ),
        Happened::Denied { reasons, remedies, .. } => told(
            "不予许可",
            [
                format!("理由：{reasons}"),
                format!(
                    "不服可以在 {} 日内申请行政复议，或者在 {} 个月内提起行政诉讼",
                    remedies.review_days, remedies.suit_months
                ),
            ],
        ),
        Happened::ResultMade { document_no, valid_until, .. } => {
            let until = valid_until.map(|day| format!("有效期至 {day}"));
            told("结果已经制作", [format!("文号：{document_no}")].into_iter().chain(until))
        }
        Happened::Delivered { how } => told("已送达，办结", [delivery(how)]),
        Happened::Withdrawn { reason } => told("申请人撤回申请", [format!("理由：{reason}")]),
        Happened::Terminated { ground, reason } => {
            told(format!("终止办理：{}", ground.label()), [format!("理由：{reason}")])
        }
        Happened::Archived { keep_until } => {
            let kept = keep_until.map_or_else(|| "永久保管".to_owned(), |day| format!("保管到 {day}"));
            ("已归档".to_owned(), Vec::new(), vec![kept])
        }
        _ => title(what.kind()),
    }
}

fn delivery(how: &Delivery) -> String {
    match how {
        Delivery::Window { .. } => "在窗口签字领取".to_owned(),
        Delivery::Post { carrier, tracking } => format!("{carrier}寄出，运单号 {tracking}"),
        Delivery::Electronic => "电子结果已放入您的空间".to_owned(),
    }
}
