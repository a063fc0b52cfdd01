//! Whose application it is: the person by their document, or a firm and the person who acts for it; made known as at the
//! window, by what the department's system declares.

use super::actions::unfit;
use crate::Ctx;
use crate::identity::By;
use crate::identity::clients::Client;
use crate::identity::persons::{Assurance, NewPerson, PersonError, register};
use crate::intake::Values;
use crate::web::Fault;
use domain::cases::Applicant;
use domain::identity::{Document, DocumentKind};
use domain::kernel::identity::{PersonName, Phone};
use domain::kernel::time::legal_day;
use domain::kernel::{CitizenId, LegalPersonId};
use serde::Deserialize;
use utoipa::ToSchema;

/// 申请人。是单位的，这里写经办人，单位写在 firm。
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicantAsk {
    /// id_card 居民身份证、hk_mo_tw_permit 港澳台居民居住证、foreign_permanent 外国人永久居留身份证、passport 护照。
    #[schema(schema_with = kind)]
    document_kind: String,
    /// 证件号码。
    #[schema(max_length = 40)]
    document: String,
    /// 姓名，与证件一致。
    #[schema(max_length = 100)]
    name: String,
    /// 手机号码。
    #[schema(max_length = 30)]
    phone: Option<String>,
    /// 单位；个人申请的不填。
    firm: Option<FirmAsk>,
}

/// 申请的单位。
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FirmAsk {
    /// 统一社会信用代码。
    #[schema(max_length = 30)]
    code: String,
    /// 单位名称，与营业执照一致。
    #[schema(max_length = 200)]
    name: String,
    /// 法定代表人。
    #[schema(max_length = 100)]
    legal_person: String,
}

fn kind() -> utoipa::openapi::schema::Object {
    super::words::one_of(
        DocumentKind::NATURAL.iter().map(|kind| kind.word().to_owned()).collect(),
        "id_card 居民身份证、hk_mo_tw_permit 港澳台居民居住证、foreign_permanent 外国人永久居留身份证、passport 护照。",
    )
}

/// The person and the firm as they are to be registered, or every field that is wrong.
fn read(ctx: &Ctx, ask: &ApplicantAsk) -> Result<(NewPerson, Option<NewPerson>), Fault> {
    let today = legal_day(ctx.now());
    let mut errors = Vec::new();
    let mut wrong = |field: &str, say: String| errors.push((format!("applicant.{field}"), say));
    let kind = DocumentKind::of(&ask.document_kind).filter(|kind| *kind != DocumentKind::Uscc);
    if kind.is_none() {
        wrong("document_kind", "没有这种证件，请从接口说明列出的值里选".to_owned());
    }
    let document = kind.map(|kind| Document::parse(kind, &ask.document, today));
    let document = document.transpose().map_err(|why| wrong("document", why.say)).ok().flatten();
    let name = PersonName::parse(&ask.name).map_err(|why| wrong("name", why.to_string())).ok();
    let phone = ask.phone.as_deref().map(Phone::parse).transpose();
    let phone = phone.map_err(|why| wrong("phone", why.to_string())).ok().flatten();
    let mut firm = None;
    if let Some(asked) = &ask.firm {
        let code = Document::parse(DocumentKind::Uscc, &asked.code, today);
        let code = code.map_err(|why| wrong("firm.code", why.say)).ok();
        if asked.name.trim().is_empty() {
            wrong("firm.name", "请填写单位名称".to_owned());
        }
        firm = code.map(|document| new(document, asked.name.trim().to_owned(), None));
    }
    match (document, name) {
        (Some(document), Some(name)) if errors.is_empty() => {
            Ok((new(document, name.as_str().to_owned(), phone), firm))
        }
        _ => Err(unfit(errors)),
    }
}

fn new(document: Document, name: String, phone: Option<Phone>) -> NewPerson {
    NewPerson {
        document,
        name,
        phone,
        address: None,
        handler: None,
        assurance: Assurance::Declared,
        as_issued: None,
    }
}

/// Makes the applicant known, or finds the one with this document.
pub(super) async fn made_known(
    ctx: &Ctx,
    client: &Client,
    ask: &ApplicantAsk,
    trace: &str,
) -> Result<Applicant, Fault> {
    let (person, firm) = read(ctx, ask)?;
    let refused = |error: PersonError, field: &str| match error {
        PersonError::Store(error) => error.into(),
        why => unfit(vec![(format!("applicant.{field}"), why.to_string())]),
    };
    let by = || By::client(client, trace);
    let person = register(ctx, &person, by()).await.map_err(|error| refused(error, "name"))?;
    let id = CitizenId(person.id);
    let Some(firm) = firm else { return Ok(Applicant::Person { id }) };
    let firm = NewPerson { handler: Some(id), ..firm };
    let firm = register(ctx, &firm, by()).await.map_err(|error| refused(error, "firm.name"))?;
    Ok(Applicant::Firm { id: LegalPersonId(firm.id), by: id })
}

/// Fills the fields of the form that say the same, where they are empty.
pub(super) fn fill(values: &mut Values, ask: &ApplicantAsk) {
    let kind = match DocumentKind::of(&ask.document_kind) {
        Some(DocumentKind::IdCard) => "id_card",
        Some(DocumentKind::HkMoTwPermit) => "hkmotw_permit",
        Some(DocumentKind::ForeignPermanent) => "foreign_pr",
        _ => "passport",
    };
    let phone = ask.phone.as_deref().unwrap_or_default();
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            values.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        }
    };
    put("contact", &ask.name);
    put("phone", phone);
    match &ask.firm {
        Some(firm) => {
            put("applicant_kind", "firm");
            put("firm_name", &firm.name);
            put("firm_code", &firm.code);
            put("legal_person", &firm.legal_person);
        }
        None => {
            put("applicant_kind", "person");
            put("name", &ask.name);
            put("document_kind", kind);
            put("document", &ask.document);
        }
    }
}
