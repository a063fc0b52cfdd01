//! An item in the words a citizen reads, each sentence with the mark of what it rests on.

use crate::catalogue::Entry;
use domain::catalogue::{Audience, Basis, HandlingArea, Item, Material, MaterialSource, Regime};
use domain::kernel::time::Days;
use ui::{Tag, TagKind};

/// One item in a list.
pub(super) struct Line {
    /// Where it leads.
    pub href: String,
    /// Its name in pieces, those that match the search marked.
    pub name: Vec<Piece>,
    /// How long it takes.
    pub due: String,
    /// Department and what to bring.
    pub about: String,
    /// Facts in a word.
    pub tags: Vec<Tag>,
}

/// A part of a name.
pub(super) struct Piece {
    /// The characters.
    pub text: String,
    /// Whether they were searched for.
    pub hit: bool,
}

/// One item in a list; `marks` are the ranges of characters that match what was typed.
pub(super) fn line(entry: &Entry, marks: &[std::ops::Range<usize>]) -> Line {
    let guide = &entry.item.guide;
    let mut about = entry.department().to_owned();
    if guide.written {
        about.push_str(&format!(" · {}", Count::of(&guide.materials).words()));
    }
    let mut tags = Vec::new();
    if guide.channels.online {
        tags.push(Tag::new(TagKind::Blue, "网上办"));
    }
    if entry.is_partial() {
        tags.push(Tag::new(TagKind::Plain, "部分镇（街道）可办"));
    }
    let due = if guide.written { days(guide.time.promised.value) } else { handling(&entry.item).to_owned() };
    Line { href: format!("/items/{}", entry.slug()), name: pieces(entry.name(), marks), due, about, tags }
}

fn pieces(name: &str, marks: &[std::ops::Range<usize>]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, c) in name.chars().enumerate() {
        let hit = marks.iter().any(|range| range.contains(&at));
        match pieces.last_mut() {
            Some(last) if last.hit == hit => last.text.push(c),
            _ => pieces.push(Piece { text: c.to_string(), hit }),
        }
    }
    pieces
}

/// How a case is handled, as a citizen says it.
fn handling(item: &Item) -> &'static str {
    match item.regime.value {
        Regime::Immediate => "当场办",
        Regime::Promised => "按承诺时限办",
        Regime::ReportUp => "受理后报上级办",
    }
}

/// A number of days in words; zero days mean on the spot.
fn days(days: Days) -> String {
    match days {
        Days::Working(0) | Days::Natural(0) => "当场办结".to_owned(),
        Days::Working(n) => format!("{n} 个工作日"),
        Days::Natural(n) => format!("{n} 天（自然日）"),
    }
}

/// How many papers of each sort.
#[derive(Default)]
pub(super) struct Count {
    /// Everybody brings them.
    pub bring: usize,
    /// Fetched by the office.
    pub waived: usize,
    /// Only in the case that the note names.
    pub sometimes: usize,
}

impl Count {
    fn of(materials: &[Material]) -> Self {
        materials.iter().fold(Self::default(), |mut count, material| {
            match (material.source, material.required) {
                (MaterialSource::Shared, _) => count.waived += 1,
                (_, true) => count.bring += 1,
                (_, false) => count.sometimes += 1,
            }
            count
        })
    }

    fn words(&self) -> String {
        match (self.bring, self.waived) {
            (0, 0) => "不用带材料".to_owned(),
            (bring, 0) => format!("带 {bring} 样材料"),
            (0, 1) => "1 样材料，免交".to_owned(),
            (0, waived) => format!("{waived} 样材料都免交"),
            (bring, waived) => format!("带 {bring} 样材料，{waived} 样免交"),
        }
    }
}

/// A sentence with what it rests on.
pub(super) struct Said {
    /// The sentence.
    pub text: String,
    /// A mark when no department or article stands behind it.
    pub mark: Option<Tag>,
    /// The article or document; empty when none is known.
    pub ground: String,
}

fn said(text: impl Into<String>, basis: &Basis) -> Said {
    let ground = if basis.is_placeholder() { String::new() } else { basis.text().to_owned() };
    Said { text: text.into(), mark: mark(basis), ground }
}

/// The mark beside what is not confirmed.
fn mark(basis: &Basis) -> Option<Tag> {
    match basis {
        Basis::Placeholder(_) => Some(Tag::new(TagKind::Amber, "示例")),
        Basis::LawFromMemory(_) => Some(Tag::new(TagKind::Plain, "依据待核对")),
        Basis::LawChecked(_) | Basis::Document(_) => None,
    }
}

/// A paper to bring.
pub(super) struct Paper {
    /// Its name, and its mark.
    pub name: Said,
    /// 原件 1 份.
    pub form: String,
    /// Who provides it, as the citizen sees it.
    pub from: &'static str,
    /// The office fetches it itself.
    pub waived: bool,
    /// Needed from everybody.
    pub required: bool,
    /// What to mind; may be empty.
    pub note: String,
}

/// What to mind, with everything else that is known of the paper.
fn note(material: &Material) -> String {
    let details = &material.details;
    let more = [
        ("受理标准：", &material.standard),
        ("规格：", &details.size),
        ("由谁出具：", &details.issuer),
        ("空白表：", &details.blank),
        ("样表：", &details.sample),
    ];
    let more = more.into_iter().filter(|(_, text)| !text.trim().is_empty());
    let more = more.map(|(label, text)| format!("{label}{text}"));
    let first = Some(material.note.clone()).filter(|note| !note.is_empty());
    first.into_iter().chain(more).collect::<Vec<_>>().join("；")
}

fn paper(material: &Material) -> Paper {
    let from = match material.source {
        MaterialSource::Applicant => "您自己准备",
        MaterialSource::Government => "有关部门或单位发给您的",
        MaterialSource::Shared => "免交：工作人员在线核验，核验不到时再请您补",
    };
    Paper {
        name: said(material.name.clone(), &material.basis),
        form: format!("{} {} 份", material.form.label(), material.copies),
        from,
        waived: material.source == MaterialSource::Shared,
        required: material.required,
        note: note(material),
    }
}

/// Everything a citizen reads about one item.
pub(super) struct Sheet {
    /// Name as printed.
    pub name: String,
    /// Full name of the department.
    pub department: String,
    /// 实施编码, and whether it is made up.
    pub code: String,
    /// Whether the code is made up.
    pub code_made_up: bool,
    /// Number in annex 1.
    pub no: u16,
    /// 即办件 … in a citizen's words.
    pub handling: Said,
    /// Only some towns offer it.
    pub partial: bool,
    /// A guide was written.
    pub written: bool,
    /// Any hall of the city takes it.
    pub whole_city: bool,
    /// Whom it is for.
    pub audience: &'static str,
    /// 受理条件.
    pub conditions: Vec<Said>,
    /// 申请材料.
    pub papers: Vec<Paper>,
    /// Their number in words.
    pub count: String,
    /// Papers needed only sometimes.
    pub sometimes: usize,
    /// 承诺时限.
    pub promised: Said,
    /// 法定时限; none when no law gives a number of days.
    pub statutory: Option<Said>,
    /// 收费.
    pub fee: Said,
    /// 窗口, 网上 ….
    pub channels: String,
    /// Can be applied for online.
    pub online: bool,
    /// Where to go.
    pub place: String,
    /// 办理流程: name and actor.
    pub steps: Vec<(String, String)>,
    /// The steps are an example.
    pub steps_mark: Option<Tag>,
    /// What comes out; empty when nothing is handed over.
    pub result: String,
    /// How it is handed over.
    pub delivery: String,
    /// 设定依据.
    pub grounds: Vec<Said>,
    /// What else the list of elements says: 权力来源, 委托部门, 联办机构 …; empty for most.
    pub elements: Vec<(&'static str, String)>,
    /// 常见问题.
    pub questions: Vec<(String, String)>,
    /// 咨询电话; empty when the department has not named one.
    pub advice: String,
    /// 监督投诉电话.
    pub complaints: String,
}

/// 服务对象 as people call themselves.
fn audience(kinds: &[Audience]) -> &'static str {
    let persons = kinds.contains(&Audience::NaturalPerson);
    let others = kinds.iter().any(|kind| *kind != Audience::NaturalPerson);
    match (persons, others) {
        (true, true) => "个人、企业和单位都",
        (false, true) => "企业和单位",
        _ => "个人",
    }
}

/// What the city has said of the elements that most items leave empty.
fn elements(item: &Item) -> Vec<(&'static str, String)> {
    let (powers, addresses) = (&item.subject.powers, &item.guide.channels.addresses);
    let source = powers.source.map(|source| source.label().to_owned()).unwrap_or_default();
    [
        ("权力来源", source),
        ("委托部门", powers.entrusting.clone()),
        ("承办机构", powers.undertaking.clone()),
        ("权限划分", powers.division.clone()),
        ("行使内容", powers.content.clone()),
        ("行政管辖", powers.jurisdiction.clone()),
        ("时限说明", item.guide.time.note.clone()),
        ("网上办理地址", addresses.web.clone()),
        ("移动端办理地址", addresses.mobile.clone()),
    ]
    .into_iter()
    .filter(|(_, text)| !text.trim().is_empty())
    .collect()
}

/// The sheet of an item.
pub(super) fn sheet(entry: &Entry) -> Sheet {
    let (item, guide) = (&entry.item, &entry.item.guide);
    let count = Count::of(&guide.materials);
    let statutory = guide.time.statutory.as_ref().map(|limit| said(days(limit.value), &limit.basis));
    Sheet {
        name: entry.name().to_owned(),
        department: item.subject.name.clone(),
        code: entry.code.to_string(),
        code_made_up: entry.has_made_up_code(),
        no: entry.no(),
        handling: said(handling(item), &item.regime.basis),
        partial: entry.is_partial(),
        written: guide.written,
        whole_city: guide.process.area == HandlingArea::WholeCity,
        audience: audience(&guide.process.audience),
        conditions: guide.process.conditions.iter().map(|one| said(one.value.clone(), &one.basis)).collect(),
        papers: guide.materials.iter().map(paper).collect(),
        count: count.words(),
        sometimes: count.sometimes,
        promised: said(days(guide.time.promised.value), &guide.time.promised.basis),
        statutory,
        fee: said(guide.fee.text.clone(), &guide.fee.basis),
        channels: guide.channels.names.join("、"),
        online: guide.channels.online,
        place: guide.channels.place.clone(),
        steps: guide.process.steps.iter().map(|step| (step.name.clone(), step.actor.clone())).collect(),
        steps_mark: mark(&guide.process.steps_basis),
        result: guide.outcome.name.value.clone(),
        delivery: guide.outcome.delivery.clone(),
        grounds: item.identity.legal_basis.iter().map(|one| said(one.value.clone(), &one.basis)).collect(),
        elements: elements(item),
        questions: super::guide_questions::of(item),
        advice: guide.contact.advice.value.clone(),
        complaints: guide.contact.complaints.value.clone(),
    }
}
