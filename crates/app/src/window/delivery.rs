//! How a result reaches the applicant: what is asked for each way, and the files that prove it.

use super::ask::{Subject, errors, file_field, said, wrong};
use super::posted::Posted;
use crate::Ctx;
use crate::cases::{FileError, store_file};
use crate::web::Fault;
use domain::cases::Delivery;
use domain::kernel::FileId;
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
                way("window", "当面领取", "要领取人签名"),
                way("post", "邮寄", "要快递公司和运单号"),
            ]),
        )
        .error(errors(faults, "how-0")),
        line(
            "receiver",
            "当面领取：领取人姓名",
            &format!("申请人是 {}；别人代领的写代领人，并核对委托书", subject.who),
        ),
        file_field("signature", "当面领取：签名的送达回证", "扫描件或照片", faults).optional(),
        line("carrier", "邮寄：快递公司", "例如：邮政速递"),
        line("tracking", "邮寄：运单号", ""),
    ]
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
            if let Err(faults) = said(posted, &[("receiver", "请写领取人姓名")]) {
                return Ok(Err(faults));
            }
            if !sound {
                return Ok(Err(Vec::new()));
            }
            let name = format!("送达回证：{}签收", posted.get("receiver"));
            Ok(match file(ctx, posted, "signature", &name).await? {
                Ok(Some(signature)) => Ok(Delivery::Window { signature }),
                Ok(None) => Err(vec![wrong("signature", "请选择领取人签了名的送达回证，扫描件或照片都可以")]),
                Err(why) => Err(vec![why]),
            })
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
