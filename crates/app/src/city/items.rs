//! The city's list of items, joined with its guides; what no guide says is filled in as an example and marked so.

use super::{
    CityError, Department,
    drafts::{self, Draft},
    materials::{identity_paper, paper},
    table, themes,
};
use domain::{
    catalogue::{
        Addresses, Based, BasicCode, Basis, BodyNature, Channels, Contact, Coverage, ExerciseLevel, Fee,
        FeeRow, Finish, Guide, HandlingArea, HandlingForm, Identity, Item, ItemType, ItemVersion,
        OnlineDepth, Outcome, Process, Regime, Step, Subject, TimeLimits, UnitCode, Visits,
    },
    kernel::{ItemId, time::Days},
    org::{OrgKind, RegionCode, stable_id},
};
use serde::Deserialize;
use std::collections::HashMap;

const LIST: &str = "items.csv";
const HANDLING: &str = "items_handling_draft.csv";
const DOCUMENT: &str = "常政办发〔2018〕119号";

#[derive(Deserialize)]
struct ListRow {
    seq: u16,
    department: String,
    name: String,
    coverage: String,
}

#[derive(Deserialize)]
struct HandlingRow {
    seq: u16,
    handling: String,
    reason: String,
    basis: String,
}

pub(super) fn parse(
    list: &str,
    handling: &str,
    guides: &str,
    departments: &[Department],
    city: &RegionCode,
) -> Result<Vec<Item>, CityError> {
    let mut regimes = regimes(handling)?;
    let mut drafts = drafts::parse(guides)?;
    let mut items: Vec<Item> = Vec::new();
    for (line, row) in table::rows::<ListRow>(LIST, list)? {
        if items.last().is_some_and(|before| before.seq >= row.seq) {
            return Err(CityError::at(LIST, line, format!("序号{}应大于上一行的序号，请重新编号", row.seq)));
        }
        let implementing = departments
            .iter()
            .zip(1_u8..)
            .filter(|(department, _)| department.kind == OrgKind::Department)
            .find(|(department, _)| department.short == row.department)
            .ok_or_else(|| {
                CityError::at(LIST, line, format!("部门“{}”在departments.csv里没有，请补上", row.department))
            })?;
        let listed = regimes.remove(&row.seq).ok_or_else(|| {
            CityError::at(LIST, line, format!("事项{}在{HANDLING}里没有办件类型，请补上", row.seq))
        })?;
        let draft = drafts.remove(&row.seq);
        items.push(item(&row, line, implementing, listed, draft, city)?);
    }
    if let Some(seq) = regimes.keys().next() {
        return Err(CityError::whole(HANDLING, format!("事项{seq}在{LIST}里没有，请删去")));
    }
    match drafts.into_values().next() {
        Some((line, draft)) => Err(drafts::fault(line, format!("事项{}在{LIST}里没有，请删去", draft.seq))),
        None => Ok(items),
    }
}

fn regimes(text: &str) -> Result<HashMap<u16, Based<Regime>>, CityError> {
    let mut regimes = HashMap::new();
    for (line, row) in table::rows::<HandlingRow>(HANDLING, text)? {
        let value = Regime::from_label(&row.handling).ok_or_else(|| {
            CityError::at(
                HANDLING,
                line,
                format!("办件类型“{}”不对，请写即办件、承诺件或上报件", row.handling),
            )
        })?;
        let basis = match Basis::parse(&row.basis) {
            Basis::Placeholder(_) => Basis::Placeholder(row.reason),
            basis => basis,
        };
        if regimes.insert(row.seq, Based { value, basis }).is_some() {
            return Err(CityError::at(HANDLING, line, format!("事项{}写了两次，请删去一行", row.seq)));
        }
    }
    Ok(regimes)
}

fn item(
    row: &ListRow,
    line: u64,
    (department, number): (&Department, u8),
    listed: Based<Regime>,
    draft: Option<(u64, Draft)>,
    city: &RegionCode,
) -> Result<Item, CityError> {
    let coverage = match row.coverage.as_str() {
        "" => Coverage::Full,
        "部分覆盖" => Coverage::Partial,
        other => return Err(CityError::at(LIST, line, format!("备注“{other}”不对，请写部分覆盖或留空"))),
    };
    let (powers, handling) =
        draft.as_ref().map(|(_, d)| (d.powers.clone(), d.rules.clone())).unwrap_or_default();
    let (regime, legal_basis, guide) = match draft {
        Some((at, draft)) => drafted(row, at, draft)?,
        None => {
            let guide = outline(row, listed.value);
            (listed, Vec::new(), guide)
        }
    };
    let shape = |_| CityError::at(LIST, line, format!("事项{}编不出编码，序号应在1到999之间", row.seq));
    let basic_code: BasicCode = format!("3220{number:02}{:03}000", row.seq).parse().map_err(shape)?;
    let unit_code: UnitCode = format!("DEMO{city}{number:08}").parse().map_err(shape)?;
    let item_type = if row.name.contains("许可") { ItemType::Licence } else { ItemType::PublicService };
    Ok(Item {
        id: ItemId(stable_id("item", &format!("{city}/{}", row.seq))),
        seq: row.seq,
        version: ItemVersion { no: 1, valid_from: jiff::civil::date(2018, 8, 15), valid_until: None },
        regime,
        coverage,
        identity: Identity {
            name: row.name.clone(),
            basic_code: Based::placeholder(basic_code),
            item_type: Based::placeholder(item_type),
            legal_basis,
            level: ExerciseLevel::City,
        },
        subject: Subject {
            department: department.key.clone(),
            short_name: department.short.clone(),
            name: department.city_name.clone(),
            unit_code: Based {
                value: unit_code,
                basis: Basis::Placeholder("演示用，不是真实代码".to_owned()),
            },
            nature: Based::placeholder(BodyNature::StatutoryOrgan),
            accepted_at: "镇（街道）为民服务中心、村（社区）便民服务中心".to_owned(),
            powers,
        },
        guide,
        handling,
    })
}

/// The regime, 设定依据 and guide.
type Written = (Based<Regime>, Vec<Based<String>>, Guide);

/// Those of an item which has a draft.
fn drafted(row: &ListRow, at: u64, draft: Draft) -> Result<Written, CityError> {
    if draft.name != row.name {
        return Err(drafts::fault(at, format!("事项{}的名称与{LIST}不一致，请改成“{}”", row.seq, row.name)));
    }
    let value = Regime::from_label(&draft.handling).ok_or_else(|| {
        drafts::fault(at, format!("办件类型“{}”不对，请写即办件、承诺件或上报件", draft.handling))
    })?;
    let regime = Based { value, basis: Basis::parse(&draft.handling_basis) };
    let promised =
        limit(&draft.promised_limit, at)?.ok_or_else(|| drafts::fault(at, "没有承诺时限，请填写"))?;
    let legal_basis = draft
        .legal_basis
        .into_iter()
        .map(|text| Based { value: text, basis: Basis::LawFromMemory(String::new()) })
        .collect();
    let conditions = draft
        .conditions
        .into_iter()
        .map(|c| Based { value: c.text, basis: Basis::parse(&c.basis) })
        .collect();
    let steps = draft.steps.into_iter().map(|s| Step { no: s.no, name: s.name, actor: s.actor }).collect();
    let charged = draft.fee.amount_yuan > 0;
    let (audience, themes) = themes::of(&row.name);
    let addresses = draft.addresses;
    let channels = channels(
        draft.channels,
        Basis::Placeholder(String::new()),
        draft.result.delivery.contains("邮寄"),
        charged,
    );
    let channels = Channels { addresses, ..channels };
    let guide = Guide {
        written: true,
        time: TimeLimits {
            statutory: limit(&draft.statutory_limit, at)?,
            promised,
            special: Vec::new(),
            note: draft.limit_note,
        },
        process: process(conditions, steps, audience, &channels),
        channels,
        fee: fee(draft.fee, &draft.result.name),
        contact: contact(),
        outcome: Outcome {
            finish: Finish::from_result_name(&draft.result.name),
            name: Based::placeholder(draft.result.name),
            delivery: draft.result.delivery,
            has_sample: false,
        },
        themes,
        materials: draft
            .materials
            .into_iter()
            .map(|material| paper(material, at))
            .collect::<Result<_, _>>()?,
        questions: Vec::new(),
        notes: String::new(),
    };
    Ok((regime, legal_basis, guide))
}

fn fee(draft: drafts::DraftFee, for_what: &str) -> Fee {
    let charged = draft.amount_yuan > 0;
    let fen = Some(u64::from(draft.amount_yuan) * 100);
    let row = || FeeRow { name: for_what.to_owned(), fen, reducible: false };
    Fee {
        charged,
        rows: charged.then(row).into_iter().collect(),
        basis: Basis::parse(&draft.basis),
        text: draft.text,
    }
}

fn limit(draft: &drafts::DraftLimit, at: u64) -> Result<Option<Based<Days>>, CityError> {
    let value = match (draft.days, draft.unit.as_deref()) {
        (None, _) => return Ok(None),
        (Some(n), Some("working_day")) => Days::Working(n),
        (Some(n), Some("natural_day")) => Days::Natural(n),
        (Some(_), _) => {
            return Err(drafts::fault(at, "时限没有单位，请写working_day（工作日）或natural_day（自然日）"));
        }
    };
    Ok(Some(Based { value, basis: Basis::parse(&draft.basis) }))
}

/// The placeholder of the promised working days and the usual steps of a kind of handling.
fn usual_course(regime: Regime) -> (u16, &'static [(&'static str, &'static str)]) {
    match regime {
        Regime::Immediate => (
            0,
            &[
                ("申请", "申请人"),
                ("受理、核验材料", "综合窗口"),
                ("当场办理", "综合窗口"),
                ("发证（出件）", "综合窗口"),
            ],
        ),
        Regime::Promised => (
            10,
            &[
                ("申请", "申请人"),
                ("受理", "综合窗口"),
                ("审核", "部门"),
                ("决定", "部门"),
                ("送达", "综合窗口"),
            ],
        ),
        Regime::ReportUp => (
            20,
            &[
                ("申请", "申请人"),
                ("受理", "综合窗口"),
                ("初审、上报", "镇（街道）"),
                ("审批", "上级部门"),
                ("送达", "综合窗口"),
            ],
        ),
    }
}

/// What can be said of an item without a guide: its kind of handling implies the steps; everything is marked as example.
fn outline(row: &ListRow, regime: Regime) -> Guide {
    let (audience, themes) = themes::of(&row.name);
    let channels = channels(vec!["窗口".to_owned()], Basis::Document(DOCUMENT.to_owned()), false, false);
    let (days, steps) = usual_course(regime);
    let steps = (1..)
        .zip(steps)
        .map(|(no, (name, actor))| Step { no, name: (*name).to_owned(), actor: (*actor).to_owned() })
        .collect();
    Guide {
        written: false,
        time: TimeLimits {
            statutory: None,
            promised: Based::placeholder(Days::Working(days)),
            special: Vec::new(),
            note: String::new(),
        },
        process: process(Vec::new(), steps, audience.clone(), &channels),
        channels,
        fee: Fee {
            charged: false,
            text: "不收费".to_owned(),
            basis: Basis::Placeholder(String::new()),
            rows: Vec::new(),
        },
        contact: contact(),
        outcome: Outcome {
            name: Based::placeholder(String::new()),
            finish: Finish::Other,
            delivery: "窗口领取".to_owned(),
            has_sample: false,
        },
        themes,
        materials: vec![identity_paper(&audience)],
        questions: Vec::new(),
        notes: String::new(),
    }
}

fn process(
    conditions: Vec<Based<String>>,
    steps: Vec<Step>,
    audience: Vec<domain::catalogue::Audience>,
    channels: &Channels,
) -> Process {
    let mut forms = vec![HandlingForm::Window];
    forms.extend(channels.online.then_some(HandlingForm::Web));
    forms.extend(channels.names.iter().any(|name| name == "移动端").then_some(HandlingForm::Mobile));
    Process {
        conditions,
        steps,
        steps_basis: Basis::Placeholder(String::new()),
        audience,
        forms,
        area: HandlingArea::WholeCity,
        visits: Based::placeholder(Visits { times: 1, reason: "核验身份和材料原件".to_owned() }),
        quota: String::new(),
        intermediary: String::new(),
    }
}

fn channels(names: Vec<String>, basis: Basis, by_post: bool, charged: bool) -> Channels {
    let online = names.iter().any(|name| name.starts_with("网上"));
    let depth = if online {
        vec![OnlineDepth::Advice, OnlineDepth::Receipt, OnlineDepth::PreReview]
    } else {
        vec![OnlineDepth::Advice]
    };
    Channels {
        depth,
        online,
        fully_online: false,
        in_hall: names.iter().any(|name| name == "窗口"),
        by_post,
        pay_online: online && charged,
        booking: true,
        terminal: names.iter().any(|name| name == "自助终端"),
        names,
        basis,
        place: "就近的镇（街道）为民服务中心或村（社区）便民服务中心".to_owned(),
        hours: Based::document(
            "工作日9:00—12:00，13:00—17:00".to_owned(),
            "常政办发〔2018〕119号附件3第十四条",
        ),
        addresses: Addresses::default(),
    }
}

/// The document names no telephone for advice; complaints go to the city's line 12345 (附件2 附表).
fn contact() -> Contact {
    Contact {
        advice: Based { value: String::new(), basis: Basis::Placeholder("待部门填写".to_owned()) },
        complaints: Based::document("12345".to_owned(), "常政办发〔2018〕119号附件2附表"),
    }
}
