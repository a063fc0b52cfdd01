//! Who applied and what they answered: sealed where it is kept, masked where it is shown.

use domain::kernel::identity::{IdNumber, PersonName, Phone, Uscc};
use serde::{Deserialize, Serialize};
use store::seal::Sealer;

use crate::Ctx;

/// The sealed column that holds a [`Party`].
pub const PARTY_FIELD: &str = "application.party";
/// The sealed column that holds the list of [`Answer`]s.
pub const FORM_FIELD: &str = "application.form";
/// The blind index of the query code of a case.
pub const QUERY_FIELD: &str = "case_record.query_index";

/// The digest of a form in the journal. Keyed, because that of a form of few unknowns could be found by trying.
#[must_use]
pub fn form_digest(sealer: &Sealer, form: &str) -> String {
    sealer.index(FORM_FIELD, form).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Who applied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// A firm.
    pub firm: bool,
    /// Name of the person or the firm.
    pub name: String,
    /// Kind of the document, as people call it: 居民身份证.
    pub document_kind: String,
    /// Number of the document.
    pub document: String,
    /// Whom to call.
    pub contact: String,
    /// Under which number.
    pub phone: String,
}

impl Party {
    /// The same with everything masked that a page does not show without a reason.
    #[must_use]
    pub fn masked(&self) -> Self {
        let name = if self.firm { self.name.clone() } else { mask_name(&self.name) };
        Self {
            firm: self.firm,
            name,
            document_kind: self.document_kind.clone(),
            document: mask(&self.document),
            contact: mask_name(&self.contact),
            phone: mask(&self.phone),
        }
    }
}

/// One answer of the form with the question as it was asked, so that a later form does not change what was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The field.
    pub name: String,
    /// The question.
    pub label: String,
    /// The answer.
    pub value: String,
    /// Shown masked unless there is a reason.
    #[serde(default)]
    pub personal: bool,
}

impl Answer {
    /// The same, masked when it is personal.
    #[must_use]
    pub fn masked(&self) -> Self {
        let value = if self.personal { mask(&self.value) } else { self.value.clone() };
        Self { value, ..self.clone() }
    }
}

/// A name as lists show it.
pub(super) fn mask_name(name: &str) -> String {
    PersonName::parse(name).map_or_else(|_| mask(name), |name| name.masked())
}

/// A number or text as lists show it.
fn mask(text: &str) -> String {
    if let Ok(id) = IdNumber::parse(text) {
        return id.masked();
    }
    if let Ok(phone) = Phone::parse(text) {
        return phone.masked();
    }
    if let Ok(uscc) = Uscc::parse(text) {
        return uscc.masked();
    }
    if PersonName::parse(text).is_ok_and(|name| name.as_str().chars().count() <= 4) {
        return mask_name(text);
    }
    let chars: Vec<char> = text.chars().collect();
    let keep = (chars.len() / 4).min(6);
    chars.iter().enumerate().map(|(i, c)| if i < keep { *c } else { '*' }).take(keep + 6).collect()
}

/// The masked name of a sealed party, for a row of a list; empty when it cannot be opened, which the log tells.
pub(super) fn row_name(ctx: &Ctx, sealed: &[u8]) -> String {
    match open_party(ctx, sealed) {
        Ok(party) => party.masked().name,
        Err(e) => {
            tracing::error!(error = %e, "a sealed party does not open");
            String::new()
        }
    }
}

struct Sealed(uuid::Uuid);

impl store::Work for Sealed {
    type Out = (Vec<u8>, Vec<u8>);
    type Err = store::Error;

    async fn run(&self, tx: &store::Tx) -> store::Result<Self::Out> {
        tx.one(super::sql::APPLICATION, &[self.0.into()]).await
    }
}

/// Who applied, in full: for papers that name the applicant. Whether anybody may see it is the caller's to ask.
///
/// # Errors
/// [`store::Error::NotFound`] for a case that was never submitted; when the data cannot be read or opened.
pub async fn party_of(ctx: &Ctx, record: &super::CaseRecord) -> store::Result<Party> {
    let submission = record.case.submission.as_ref().ok_or(store::Error::NotFound)?;
    let (party, _) = ctx.db.read(Sealed(submission.application.uuid())).await?;
    open_party(ctx, &party)
}

/// What was answered, in full: for somebody who gave a reason ([`super::see_in_full`]).
pub(super) async fn answers_of(ctx: &Ctx, record: &super::CaseRecord) -> store::Result<Vec<Answer>> {
    let submission = record.case.submission.as_ref().ok_or(store::Error::NotFound)?;
    let (_, form) = ctx.db.read(Sealed(submission.application.uuid())).await?;
    open_form(ctx, &form)
}

pub(super) fn open_party(ctx: &Ctx, sealed: &[u8]) -> store::Result<Party> {
    parse(&ctx.sealer.open(PARTY_FIELD, sealed)?)
}

pub(super) fn open_form(ctx: &Ctx, sealed: &[u8]) -> store::Result<Vec<Answer>> {
    parse(&ctx.sealer.open(FORM_FIELD, sealed)?)
}

fn parse<T: serde::de::DeserializeOwned>(json: &str) -> store::Result<T> {
    // The fault's own text would quote what was sealed.
    serde_json::from_str(json)
        .map_err(|e| store::Error::Corrupt(format!("a sealed form: {:?}", e.classify())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_masked_before_anybody_sees_it() {
        let party = Party {
            firm: false,
            name: "王小明".into(),
            document_kind: "居民身份证".into(),
            document: "11010519491231002X".into(),
            contact: "张三".into(),
            phone: "13800138000".into(),
        };
        let shown = serde_json::to_string(&party.masked()).unwrap();
        for secret in ["王小明", "19491231", "张三", "13800138000"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        let firm = Party { firm: true, name: "常州某某有限公司".into(), ..Party::default() };
        assert_eq!(firm.masked().name, "常州某某有限公司", "the name of a firm is public");
    }

    #[test]
    fn an_address_keeps_only_its_beginning() {
        let row = Answer {
            name: "address".into(),
            label: "地址".into(),
            value: "常州市天宁区雕庄街道朝阳花园12幢301室".into(),
            personal: true,
        };
        assert_eq!(row.masked().value, "常州市天宁******");
    }
}
