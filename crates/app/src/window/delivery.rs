//! How a result reaches the applicant: what is asked for each way, and the files that prove it.

use super::ask::{Subject, errors, file_field, said, wrong};
use super::posted::Posted;
use crate::Ctx;
use crate::cases::{FileError, Receiver, note_receiver, store_file};
use crate::web::Fault;
use domain::cases::Delivery;
use domain::kernel::FileId;
use jiff::civil::Date;
use ui::{Choice, Control, Field, FieldError, TextKind, Width};

/// The ways a result reaches the applicant, with what each needs.
pub(super) fn fields(subject: &Subject, posted: &Posted, faults: &[FieldError]) -> Vec<Field> {
    let chosen = if posted.has("how") { posted.get("how") } else { "electronic" };
    let way = |value: &str, text: &str, hint: &str| Choice::new(value, text, value == chosen).hint(hint);
    let line = |name: &str, label: &str, hint: &str| {
        Field::text(name, label, TextKind::Text, posted.get(name))
            .hint(hint)
            .error(errors(faults, name))
            .width(Width::Long)
            .max_length(200)
            .autocomplete("off")
            .optional()
    };
    vec![
        Field::new(
            "how",
            "怎么交",
            Control::Radio(vec![
                way("electronic", "电子送达", "结果放进申请人的空间，不用再跑"),
                way("window", "当面领取", "领取人在送达回证上签名"),
                way("post", "邮寄", "要快递公司和运单号"),
            ]),
        )
        .error(errors(faults, "how-0")),
        line(
            "receiver",
            "当面领取：领取人姓名",
            &format!("申请人是 {}；别人代领的写代领人，并核对委托书", subject.who),
        ),
        Field::new("relation", "当面领取：和申请人的关系", Control::Select(relations(posted)))
            .width(Width::Medium)
            .error(errors(faults, "relation")),
        line("tail", "当面领取：领取人证件号码后四位", "照领取人带来的证件填，字母 X 也算一位")
            .width(Width::Short)
            .max_length(4),
        file_field(
            "signature",
            "当面领取：签了名的送达回证",
            "可以不扫描：确认后打印送达回证，请领取人在纸上签名，原件由窗口留存",
            faults,
        )
        .optional(),
        line("carrier", "邮寄：快递公司", "例如：邮政速递"),
        line("tracking", "邮寄：运单号", ""),
    ]
}

/// What a receiver can be to the applicant.
const RELATIONS: [&str; 4] = ["本人", "近亲属", "受委托人", "单位经办人"];

fn relations(posted: &Posted) -> Vec<Choice> {
    let given = posted.get("relation");
    RELATIONS.iter().map(|word| Choice::new(*word, *word, *word == given)).collect()
}

/// Who takes the result, as the clerk noted it; without a scan the document must have been looked at.
fn receiver(posted: &Posted) -> Result<Receiver, Vec<FieldError>> {
    let mut faults = said(posted, &[("receiver", "请写领取人姓名")]).err().unwrap_or_default();
    let relation = RELATIONS.into_iter().find(|known| *known == posted.get("relation")).unwrap_or("本人");
    let tail = posted.get("tail").to_uppercase();
    let scanned = posted.files.iter().any(|file| file.field == "signature");
    let four = tail.chars().count() == 4 && tail.chars().all(|c| c.is_ascii_alphanumeric());
    if !four && (!scanned || !tail.is_empty()) {
        faults.push(wrong("tail", "请照领取人的证件写号码后四位，例如 4516 或 002X"));
    }
    if faults.is_empty() {
        Ok(Receiver {
            name: posted.get("receiver").to_owned(),
            relation: relation.to_owned(),
            document_tail: tail,
        })
    } else {
        Err(faults)
    }
}

/// The field that says until when a result holds.
pub(super) const VALID_UNTIL: &str = "valid_until";

/// The day until which a result holds, from the field of that name; nothing for without end.
///
/// # Errors
/// The sentence for the field.
pub(super) fn valid_until(posted: &Posted, name: &str) -> Result<Option<Date>, FieldError> {
    match posted.get(name) {
        "" => Ok(None),
        day => {
            day.parse().map(Some).map_err(|_| wrong(name, "请选一个日期，例如 2029-03-16；长期有效的不填"))
        }
    }
}

/// The field that [`valid_until`] reads.
pub(super) fn valid_until_field(posted: &Posted, faults: &[FieldError], name: &str) -> Field {
    Field::date(name, "结果有效期至", posted.get(name))
        .hint("长期有效的不填；申请人会看到")
        .error(errors(faults, name))
        .optional()
}

/// How the result reaches the applicant; a file is kept only when nothing else is wrong.
pub(super) async fn how(
    ctx: &Ctx,
    posted: &Posted,
    sound: bool,
) -> Result<Result<Delivery, Vec<FieldError>>, Fault> {
    match posted.get("how") {
        "electronic" => Ok(Ok(Delivery::Electronic)),
        "post" => {
            Ok(said(posted, &[("carrier", "请写快递公司"), ("tracking", "请写运单号，申请人凭它查物流")])
                .map(|()| Delivery::Post {
                    carrier: posted.get("carrier").to_owned(),
                    tracking: posted.get("tracking").to_owned(),
                }))
        }
        "window" => {
            let told = match receiver(posted) {
                Ok(told) if sound => told,
                Ok(_) => return Ok(Err(Vec::new())),
                Err(faults) => return Ok(Err(faults)),
            };
            let name = format!("送达回证：{}签收", told.name);
            let signature = match file(ctx, posted, "signature", &name).await? {
                Ok(signature) => signature,
                Err(why) => return Ok(Err(vec![why])),
            };
            let receiver = Some(note_receiver(ctx, &told).await?);
            Ok(Ok(Delivery::Window { signature, receiver }))
        }
        _ => Ok(Err(vec![wrong("how-0", "请选怎么交给申请人")])),
    }
}

/// Keeps the file of a field under a name of its own.
pub(super) async fn file(
    ctx: &Ctx,
    posted: &Posted,
    field: &str,
    name: &str,
) -> Result<Result<Option<FileId>, FieldError>, Fault> {
    let Some(chosen) = posted.files.iter().find(|file| file.field == field) else { return Ok(Ok(None)) };
    match store_file(ctx, name, chosen.bytes.clone()).await {
        Ok(kept) => Ok(Ok(Some(kept.id))),
        Err(FileError::Store(error)) => Err(error.into()),
        Err(why) => Ok(Err(wrong(field, why.to_string()))),
    }
}
