//! The papers of an item, from its draft or as its kind of applicant implies.

use super::CityError;
use super::drafts;
use domain::catalogue::{Audience, Basis, Material, MaterialDetails, MaterialForm, MaterialSource};

pub(super) fn paper(draft: drafts::DraftMaterial, at: u64) -> Result<Material, CityError> {
    let form = MaterialForm::from_label(&draft.form).ok_or_else(|| {
        drafts::fault(at, format!("材料“{}”的类型“{}”不对，请核对", draft.name, draft.form))
    })?;
    let source = MaterialSource::from_label(&draft.source).ok_or_else(|| {
        drafts::fault(at, format!("材料“{}”的来源“{}”不对，请核对", draft.name, draft.source))
    })?;
    Ok(Material {
        name: draft.name,
        form,
        copies: draft.copies,
        source,
        required: draft.required,
        note: draft.note,
        standard: draft.standard,
        basis: Basis::parse(&draft.basis),
        details: draft.details,
    })
}

/// The one paper that every application needs: proof of who applies.
pub(super) fn identity_paper(audience: &[Audience]) -> Material {
    let identity = if audience.contains(&Audience::NaturalPerson) {
        "申请人居民身份证"
    } else {
        "单位统一社会信用代码证照"
    };
    Material {
        name: identity.to_owned(),
        form: MaterialForm::Original,
        copies: 1,
        source: MaterialSource::Applicant,
        required: true,
        note: String::new(),
        standard: String::new(),
        basis: Basis::Placeholder("办事指南尚未编写".to_owned()),
        details: MaterialDetails::default(),
    }
}
