//! What a deed asks before it is done: the questions of its page, and the commands its answers make.

use super::deed::Deed;
use super::delivery;
use super::orders::{Part, which};
use super::posted::Posted;
use crate::Ctx;
use crate::web::Fault;
use domain::cases::{Command, ToCorrect};
use domain::kernel::time::WorkCalendar;
use jiff::civil::Date;
use ui::{Choice, Control, Field, FieldError, TextKind};

/// Working days that a person gets to bring what is missing, unless the clerk says otherwise.
const DAYS_TO_BRING: u16 = 10;
/// Working days for what is deferred, unless the promised day is nearer.
const DAYS_TO_SUPPLY: u16 = 5;

/// A material as a deed sees it.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub code: String,
    pub name: String,
    /// Must be there and is not.
    pub missing: bool,
    /// What is wrong with it.
    pub fault: String,
}

/// What a deed is done with: a tab or a case.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    /// 王*明，残疾儿童康复救助.
    pub about: String,
    /// The materials that are asked of the applicant.
    pub pieces: Vec<Piece>,
    /// The items, one for a case.
    pub parts: Vec<Part>,
    /// The day promised if it is accepted today; of several the nearest.
    pub promised: Option<Date>,
    /// The applicant's name, masked, for the one who receives.
    pub who: String,
    /// Today.
    pub today: Date,
}

/// A part of the page.
pub(super) struct Group {
    pub title: String,
    pub fields: Vec<Field>,
}

fn group(title: &str, fields: Vec<Field>) -> Group {
    Group { title: title.to_owned(), fields }
}

/// What the page says before it asks.
pub(super) const fn lead(deed: Deed) -> &'static str {
    match deed {
        Deed::Notice => "要补什么，一次写全。写漏的，以后要由监督人员放行才能再要（行政许可法第三十二条）。",
        Deed::Defer => {
            "主要材料齐全、次要材料暂缺的，先受理，申请人在期限前补齐。请确认申请人自愿，并已签《容缺受理承诺书》。"
        }
        Deed::Promise => {
            "申请人书面承诺符合条件，代替暂时拿不出的证明。请先讲清楚不实承诺的后果，再收签好字的承诺书。"
        }
        Deed::AtOnce => "受理、决定、制作结果、交给申请人，一次办完。四步都会分别记录。",
        Deed::Refuse => "这件事不归本机关管。请写清楚为什么，以及该去哪个机关。",
        Deed::NotRequired => "这件事依法不需要审批。请写清楚为什么，申请人可以据此直接去做。",
        Deed::Accept | Deed::Receive | Deed::Submit => "",
    }
}

pub(super) fn errors(faults: &[FieldError], id: &str) -> String {
    faults.iter().find(|fault| fault.id == id).map(|fault| fault.text.clone()).unwrap_or_default()
}

/// The last day offered for a deed.
fn until(deed: Deed, subject: &Subject, calendar: &WorkCalendar) -> Date {
    match deed {
        Deed::Defer => {
            let usual = calendar.add_working(subject.today, DAYS_TO_SUPPLY);
            subject.promised.map_or(usual, |promised| promised.min(usual))
        }
        _ => calendar.add_working(subject.today, DAYS_TO_BRING),
    }
}

fn until_field(
    deed: Deed,
    subject: &Subject,
    calendar: &WorkCalendar,
    posted: &Posted,
    faults: &[FieldError],
) -> Field {
    let offered = until(deed, subject, calendar).to_string();
    let value = if posted.has("until") { posted.get("until").to_owned() } else { offered };
    let latest = subject.promised.filter(|_| deed == Deed::Defer).map(|day| day.to_string());
    let control = Control::Date { value, min: subject.today.to_string(), max: latest.unwrap_or_default() };
    Field::new("until", "最晚什么时候补齐", control).error(errors(faults, "until"))
}

/// The questions of a deed, with what was answered already.
pub(super) fn groups(
    deed: Deed,
    subject: &Subject,
    calendar: &WorkCalendar,
    posted: &Posted,
    faults: &[FieldError],
) -> Vec<Group> {
    let written = Written { posted, faults };
    let area = |name, label, hint, usual| written.area(name, label, hint, usual);
    let line = |name, label| written.line(name, label);
    match deed {
        Deed::Accept | Deed::Receive | Deed::Submit => Vec::new(),
        Deed::Notice => {
            let mut fields: Vec<Field> =
                subject.pieces.iter().map(|p| reason_field(p, posted, faults)).collect();
            fields.push(until_field(deed, subject, calendar, posted, faults));
            vec![group("要补的材料（不用补的留空）", fields)]
        }
        Deed::Defer => {
            let names: Vec<&str> =
                subject.pieces.iter().filter(|p| p.missing).map(|p| p.name.as_str()).collect();
            let sure = Choice::new("1", "申请人自愿，已签《容缺受理承诺书》", posted.has("sure"));
            vec![group(
                &format!("后补：{}", names.join("、")),
                vec![
                    until_field(deed, subject, calendar, posted, faults),
                    Field::new("sure", "确认", Control::Check(vec![sure])).error(errors(faults, "sure-0")),
                ],
            )]
        }
        Deed::Promise => {
            vec![group(
                "签好字的承诺书",
                vec![file_field("promise", "承诺书扫描件", "照片或 PDF，看得清签名", faults)],
            )]
        }
        Deed::NotRequired => {
            let asked = [area("reason", "理由", "申请人会看到这段话", "")];
            vec![group("不受理", which(deed, subject, posted, faults).into_iter().chain(asked).collect())]
        }
        Deed::Refuse => {
            let asked = [
                area("reason", "理由", "申请人会看到这段话", ""),
                line("competent", "该去的机关").hint("写全称，例如：常州市民政局"),
            ];
            vec![group("不予受理", which(deed, subject, posted, faults).into_iter().chain(asked).collect())]
        }
        Deed::AtOnce => at_once_groups(subject, &written),
    }
}

/// Fields of a page that may have come back.
struct Written<'a> {
    posted: &'a Posted,
    faults: &'a [FieldError],
}

impl Written<'_> {
    fn value(&self, name: &str, usual: &str) -> String {
        if self.posted.has(name) { self.posted.get(name).to_owned() } else { usual.to_owned() }
    }

    fn area(&self, name: &str, label: &str, hint: &str, usual: &str) -> Field {
        Field::new(name, label, Control::Area { value: self.value(name, usual), rows: 3 })
            .hint(hint)
            .error(errors(self.faults, name))
            .max_length(2000)
    }

    fn line(&self, name: &str, label: &str) -> Field {
        Field::text(name, label, TextKind::Text, self.value(name, ""))
            .error(errors(self.faults, name))
            .max_length(400)
            .autocomplete("off")
    }
}

/// A decision for each item that is finished on the spot, and how they are handed over.
fn at_once_groups(subject: &Subject, written: &Written<'_>) -> Vec<Group> {
    let several = subject.parts.len() > 1;
    let Written { posted, faults } = written;
    let decided = subject.parts.iter().filter(|part| part.at_once() || !several).map(|part| {
        let of = part.suffix(subject);
        let usual = "材料齐全，符合条件，同意办理。";
        let fields = vec![
            written.area(&format!("opinion{of}"), "决定意见", "", usual),
            written
                .line(&format!("document_no{of}"), "结果文号或证号")
                .hint("没有文号的，写办理结果，例如：已登记"),
            delivery::valid_until_field(posted, faults, &format!("{}{of}", delivery::VALID_UNTIL)),
        ];
        let title = if several { format!("决定：{}", part.name) } else { "决定".to_owned() };
        group(&title, fields)
    });
    let handed = group("交给申请人", delivery::fields(subject, posted, faults));
    decided.chain([handed]).collect()
}

fn reason_field(piece: &Piece, posted: &Posted, faults: &[FieldError]) -> Field {
    let name = format!("ask.{}", piece.code);
    let usual = match (&piece.fault, piece.missing) {
        (fault, _) if !fault.is_empty() => fault.clone(),
        (_, true) => "没有带来，请补交".to_owned(),
        _ => String::new(),
    };
    let value = if posted.has(&name) { posted.get(&name).to_owned() } else { usual };
    let hint = if piece.missing { "必要材料，还缺" } else { "" };
    let field = Field::text(&name, piece.name.as_str(), TextKind::Text, value)
        .hint(hint)
        .error(errors(faults, &name))
        .max_length(400)
        .autocomplete("off");
    if piece.missing || !piece.fault.is_empty() { field } else { field.optional() }
}

pub(super) fn file_field(name: &str, label: &str, hint: &str, faults: &[FieldError]) -> Field {
    let control = Control::File { accept: "image/*,.pdf", multiple: false, upload_url: String::new() };
    Field::new(name, label, control).hint(hint).error(errors(faults, name))
}

pub(super) fn wrong(id: &str, text: impl Into<String>) -> FieldError {
    FieldError { id: id.to_owned(), text: text.into() }
}

/// The commands that the answers make, or what is wrong with them.
///
/// # Errors
/// A fault when a file cannot be kept.
pub(super) async fn commands(
    ctx: &Ctx,
    deed: Deed,
    subject: &Subject,
    posted: &Posted,
) -> Result<Result<Vec<Command>, Vec<FieldError>>, Fault> {
    let missing = || subject.pieces.iter().filter(|p| p.missing).map(|p| p.code.clone()).collect();
    Ok(match deed {
        Deed::Accept => Ok(vec![Command::Accept]),
        Deed::Receive | Deed::Submit => Ok(Vec::new()),
        Deed::Notice => notice(subject, posted),
        Deed::Defer => {
            let mut faults = Vec::new();
            if !posted.has("sure") {
                faults.push(wrong("sure-0", "请先让申请人签《容缺受理承诺书》，再勾选确认"));
            }
            match last_day(subject, posted) {
                Ok(until) if faults.is_empty() => {
                    Ok(vec![Command::AcceptDeferring { missing: missing(), until }])
                }
                Ok(_) => Err(faults),
                Err(why) => {
                    faults.insert(0, why);
                    Err(faults)
                }
            }
        }
        Deed::Promise => match delivery::file(ctx, posted, "promise", "告知承诺书").await? {
            Ok(Some(promise)) => Ok(vec![Command::AcceptOnCommitment { promise }]),
            Ok(None) => Err(vec![wrong("promise", "请选择签好字的承诺书的扫描件或照片")]),
            Err(why) => Err(vec![why]),
        },
        Deed::NotRequired => said(posted, &[("reason", "请写清楚为什么不需要审批")])
            .map(|_| vec![Command::DeclareNotRequired { reason: posted.get("reason").to_owned() }]),
        Deed::Refuse => {
            said(posted, &[("reason", "请写清楚为什么不归本机关管"), ("competent", "请写申请人该去的机关")])
                .map(|_| {
                    let (reason, competent) =
                        (posted.get("reason").to_owned(), posted.get("competent").to_owned());
                    vec![Command::Refuse { reason, competent }]
                })
        }
        Deed::AtOnce => at_once(ctx, posted).await?,
    })
}

pub(super) fn said(posted: &Posted, wanted: &[(&str, &str)]) -> Result<(), Vec<FieldError>> {
    let empty = wanted.iter().filter(|(name, _)| posted.get(name).is_empty());
    let faults: Vec<FieldError> = empty.map(|(name, why)| wrong(name, *why)).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn last_day(subject: &Subject, posted: &Posted) -> Result<Date, FieldError> {
    let day: Date =
        posted.get("until").parse().map_err(|_| wrong("until", "请选一个日期，例如 2026-03-16"))?;
    if day < subject.today {
        Err(wrong("until", "这一天已经过去，请选以后的日期"))
    } else {
        Ok(day)
    }
}

fn notice(subject: &Subject, posted: &Posted) -> Result<Vec<Command>, Vec<FieldError>> {
    let mut faults = Vec::new();
    let mut items = Vec::new();
    for piece in &subject.pieces {
        let id = format!("ask.{}", piece.code);
        let reason = posted.get(&id).to_owned();
        if !reason.is_empty() {
            items.push(ToCorrect { code: piece.code.clone(), reason });
        } else if piece.missing {
            faults.push(wrong(&id, format!("“{}”是必要材料，还缺，请写上怎么补", piece.name)));
        }
    }
    if items.is_empty() && faults.is_empty() {
        let first = subject.pieces.first().map_or_else(String::new, |p| format!("ask.{}", p.code));
        faults.push(wrong(&first, "请至少写一份要补的材料和理由"));
    }
    match last_day(subject, posted) {
        Ok(until) if until == subject.today => {
            faults.push(wrong("until", "请给申请人留出时间，选今天以后的日期"));
        }
        Ok(until) if faults.is_empty() => return Ok(vec![Command::AskCorrection { items, until }]),
        Ok(_) => {}
        Err(why) => faults.push(why),
    }
    Err(faults)
}

/// Accepting, granting and the result of a case finished on the spot, from the fields whose names end so.
///
/// # Errors
/// What is wrong, field by field.
pub(super) fn decision(posted: &Posted, of: &str) -> Result<Vec<Command>, Vec<FieldError>> {
    let (opinion, number) = (format!("opinion{of}"), format!("document_no{of}"));
    let wanted = [(opinion.as_str(), "请写决定意见"), (number.as_str(), "请写结果文号、证号或办理结果")];
    let mut faults = said(posted, &wanted).err().unwrap_or_default();
    let until = format!("{}{of}", delivery::VALID_UNTIL);
    let valid_until =
        delivery::valid_until(posted, &until).map_err(|why| faults.push(why)).unwrap_or_default();
    if !faults.is_empty() {
        return Err(faults);
    }
    let document_no = posted.get(&number).to_owned();
    Ok(vec![
        Command::Accept,
        Command::Grant { opinion: posted.get(&opinion).to_owned() },
        Command::MakeResult { document_no, file: None, valid_until },
    ])
}

async fn at_once(ctx: &Ctx, posted: &Posted) -> Result<Result<Vec<Command>, Vec<FieldError>>, Fault> {
    let decided = decision(posted, "");
    let how = delivery::how(ctx, posted, decided.is_ok()).await?;
    match (decided, how) {
        (Ok(mut commands), Ok(how)) => {
            commands.push(Command::Deliver { how });
            Ok(Ok(commands))
        }
        (Ok(_), Err(faults)) | (Err(faults), Ok(_)) => Ok(Err(faults)),
        (Err(mut faults), Err(more)) => {
            faults.extend(more);
            Ok(Err(faults))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject() -> Subject {
        let piece = |code: &str, missing| Piece {
            code: code.into(),
            name: code.into(),
            missing,
            fault: String::new(),
        };
        Subject {
            about: String::new(),
            pieces: vec![piece("申请表", true), piece("照片", false)],
            parts: Vec::new(),
            promised: None,
            who: "王*明".into(),
            today: Date::constant(2026, 3, 2),
        }
    }

    #[test]
    fn a_notice_names_everything_that_is_missing_and_leaves_time() {
        let faults = |pairs: &[(&str, &str)]| -> Vec<String> {
            notice(&subject(), &Posted::of(pairs)).unwrap_err().into_iter().map(|fault| fault.id).collect()
        };
        assert_eq!(faults(&[("ask.照片", "太旧"), ("until", "2026-03-16")]), ["ask.申请表"]);
        assert_eq!(faults(&[("ask.申请表", "没有带来"), ("until", "2026-03-02")]), ["until"]);
        assert_eq!(faults(&[("ask.申请表", "没有带来"), ("until", "下周")]), ["until"]);
        let done =
            notice(&subject(), &Posted::of(&[("ask.申请表", "没有带来"), ("until", "2026-03-16")])).unwrap();
        assert!(matches!(&done[..], [Command::AskCorrection { items, .. }] if items.len() == 1));
    }
}
