//! The download for those who may see the case, and the verification page for everybody.

use askama::Template;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION,
};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use domain::kernel::CaseId;
use domain::kernel::identity::PersonName;
use serde::Deserialize;
use store::files::Digest;
use store::{Tx, Work};
use uuid::Uuid;

use super::code::Code;
use super::content::day;
use super::issue::ById;
use super::record::PaperRecord;
use super::sql;
use crate::Ctx;
use crate::cases::{self, By};
use crate::identity::{Citizen, Staff};
use crate::web::page::{Look, public};
use crate::web::{Fault, Mode};

/// `GET /cases/{id}/papers/{paper}`: the PDF, for the applicant and for staff who may see the case.
pub(super) async fn download(
    State(ctx): State<Ctx>,
    citizen: Option<Citizen>,
    staff: Option<Staff>,
    Path((case, paper)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (Ok(case), Ok(paper)) = (case.parse::<Uuid>(), paper.parse::<Uuid>()) else {
        return Err(Fault::not_found());
    };
    let as_citizen = citizen.map(|citizen| By::Citizen(citizen.id));
    let as_staff = staff.map(|staff| By::from(&staff));
    let askers: Vec<By> = as_citizen.into_iter().chain(as_staff).collect();
    let (name, pdf) = pdf(&ctx, CaseId(case), paper, &askers).await?;
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, format!("inline; filename*=UTF-8''{}", percent(&name))),
        (CACHE_CONTROL, "private, no-store".to_owned()),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'".to_owned(),
        ),
    ];
    Ok((headers, pdf).into_response())
}

/// The PDF of a paper with the name it is saved under, when one of these may see its case.
///
/// # Errors
/// Not found, also for whoever may not see it; 503 while it is being made.
pub async fn pdf(
    ctx: &Ctx,
    case: CaseId,
    paper: Uuid,
    askers: &[By],
) -> Result<(String, bytes::Bytes), Fault> {
    let record = cases::find(&ctx.db, case).await?.ok_or_else(Fault::not_found)?;
    let city = ctx.city();
    if !askers.iter().any(|by| by.may_see(&record, &city)) {
        return Err(Fault::not_found());
    }
    let found = ctx.db.read(ById(paper)).await?.ok_or_else(Fault::not_found)?;
    let issued = found.issued()?;
    if issued.case != case {
        return Err(Fault::not_found());
    }
    let Some(digest) = found.file()? else { return Err(being_made()) };
    let pdf = ctx.files.get(&digest).await?;
    Ok((format!("{}-{}.pdf", issued.title, record.number), pdf))
}

fn being_made() -> Fault {
    Fault::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "paper_being_made",
        "文书正在制作",
        "文书已经签发，文件还在制作，一般只要几秒钟。请稍后刷新这一页。",
    )
}

/// Percent-encoding of RFC 5987 for a file name.
fn percent(name: &str) -> String {
    let each = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    name.bytes().map(each).collect()
}

#[derive(Template)]
#[template(path = "papers/ask.html")]
struct Ask<'a> {
    /// What was typed.
    code: &'a str,
    /// What was wrong with it; empty the first time.
    error: &'a str,
}

/// What the verification page is asked.
#[derive(Deserialize, Default)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
}

/// `GET /verify`: where a code is typed in; a readable code leads on to its page.
pub(super) async fn ask(mode: Mode, uri: Uri, Query(typed): Query<Typed>) -> Result<Response, Fault> {
    if let Some(code) = Code::parse(&typed.code) {
        let to = format!("/verify/{}", code.as_str());
        return Ok((StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response());
    }
    let error = if typed.code.is_empty() { "" } else { UNREADABLE };
    let typed: String = typed.code.chars().take(40).collect();
    page("核验文书", &Look::new(mode, &uri), &Ask { code: &typed, error }, StatusCode::OK)
}

const UNREADABLE: &str =
    "核验码是 16 位字母和数字，印在文书二维码旁边，例如 K7M2-9QXT-4HPA-W8RD。请对照文书再输一遍。";
const UNKNOWN: &str = "没有查到这个核验码。请对照文书逐位再看一遍；还是查不到的，这份文书不是本平台签发的，可以拨打 12345 询问。";

struct ByCode(Code);

impl Work for ByCode {
    type Out = Option<PaperRecord>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::PAPER_BY_CODE, &[self.0.as_str().into()]).await
    }
}

#[derive(Template)]
#[template(path = "papers/proof.html")]
struct Proof {
    title: String,
    number: String,
    organ: String,
    on: String,
    item: String,
    /// 张*三.
    recipient: String,
    code: Code,
    /// Where the case stands now; empty when it is not kept here.
    now: &'static str,
    /// The SM3 digest in groups; empty while the file is being made.
    digest: String,
    /// Why it no longer holds; empty while it does.
    voided: String,
    example: bool,
    /// Whether a file that was given is the one that was issued.
    same: Option<bool>,
}

/// `GET /verify/{code}`: whether a paper is genuine and still holds; names are masked.
pub(super) async fn verify(
    State(ctx): State<Ctx>,
    mode: Mode,
    uri: Uri,
    Path(typed): Path<String>,
) -> Result<Response, Fault> {
    answer(&ctx, &Look::new(mode, &uri), &typed, None).await
}

/// The largest file that is compared, with the form around it; papers have some ten thousand bytes.
pub(super) const LARGEST: usize = 5 * 1024 * 1024;

/// `POST /verify/{code}`: whether a PDF is, byte for byte, the one that was issued. It is compared and not kept.
pub(super) async fn compare(
    State(ctx): State<Ctx>,
    mode: Mode,
    uri: Uri,
    Path(typed): Path<String>,
    mut form: Multipart,
) -> Result<Response, Fault> {
    let unreadable =
        |_| Fault::bad_request("file", "文件没有传完整，或者超过了 5 MB。请重新选择文件再比对一次。");
    let mut given = None;
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() == Some("file") {
            given = Some(Digest::of(&field.bytes().await.map_err(unreadable)?));
        }
    }
    answer(&ctx, &Look::new(mode, &uri), &typed, given).await
}

async fn answer(ctx: &Ctx, look: &Look, typed: &str, given: Option<Digest>) -> Result<Response, Fault> {
    let typed: String = typed.chars().take(40).collect();
    let Some(code) = Code::parse(&typed) else {
        return page("核验文书", look, &Ask { code: &typed, error: UNREADABLE }, StatusCode::NOT_FOUND);
    };
    let Some(record) = ctx.db.read(ByCode(code.clone())).await? else {
        return page("核验文书", look, &Ask { code: &typed, error: UNKNOWN }, StatusCode::NOT_FOUND);
    };
    let paper = record.open(ctx)?;
    let (issued, head, file) = (record.issued()?, paper.head(), record.file()?);
    let case = cases::find(&ctx.db, issued.case).await?;
    let body = Proof {
        title: issued.title.clone(),
        number: issued.number.clone(),
        organ: issued.organ.clone(),
        on: day(issued.on),
        item: head.item.clone(),
        recipient: PersonName::parse(&head.recipient).map_or_else(|_| "*".to_owned(), |name| name.masked()),
        code,
        now: case.map_or("", |case| case.case.status.label()),
        digest: file.map(|file| in_groups(&file.to_string())).unwrap_or_default(),
        voided: record.state.voided.clone().unwrap_or_default(),
        example: head.example,
        same: given.map(|given| file == Some(given)),
    };
    page(&format!("核验{}", issued.title), look, &body, StatusCode::OK)
}

/// A digest in groups of eight, so that two can be compared by eye.
fn in_groups(digest: &str) -> String {
    let digits: Vec<char> = digest.chars().collect();
    digits.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// A page that no search engine keeps.
fn page(title: &str, look: &Look, body: &impl Template, status: StatusCode) -> Result<Response, Fault> {
    let mut response = public(title, look, body)?;
    *response.status_mut() = status;
    response.headers_mut().insert("x-robots-tag", axum::http::HeaderValue::from_static("noindex"));
    Ok(response)
}
