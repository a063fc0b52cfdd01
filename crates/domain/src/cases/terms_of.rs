//! The terms 办件条件 that an item of the catalogue gives a new case, and what of them is an example only.
//!
//! Nothing of law is made up here: where the guide is silent the terms are silent too, and what the guide only proposes is
//! named in [`Terms::unconfirmed`].

use super::terms::{LocalStopGround, MaterialTerms, Retention, StepKind, StepTerms, Terms, Unconfirmed};
use crate::catalogue::{
    Basis, Handling, ImplementationCode, Item, ItemType, Material, MaterialSource, OwnStop, Regime,
};
use crate::kernel::{ItemVersionId, OrgId, time::Days};
use crate::org::stable_id;

/// 行政许可法 第四十二条: a licence is decided within twenty working days where no other limit is set.
const LICENCE_LIMIT: Days = Days::Working(20);
/// 行政许可法 第四十二条: and may be extended once by ten.
const LICENCE_EXTENSION: Days = Days::Working(10);
/// Kept ten years (定期) until the list of retention periods of the city says otherwise.
const KEPT: Retention = Retention::Years { years: 10 };

/// The organisations that take part in a case at the place where it was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    /// 受理单位.
    pub accepting: OrgId,
    /// 初审单位 of a 上报件.
    pub first_review: OrgId,
    /// The office of the department that reviews and decides.
    pub deciding: OrgId,
}

/// The terms of a case of this item at these places.
#[must_use]
pub fn terms_of(item: &Item, at: Places) -> Terms {
    let regime = item.regime.value;
    let code = ImplementationCode::new(
        &item.subject.unit_code.value,
        item.identity.level,
        &item.identity.basic_code.value,
    );
    let licence = item.identity.item_type.value == ItemType::Licence && regime != Regime::Immediate;
    let written = item.guide.time.statutory.as_ref().map(|limit| limit.value);
    let materials = materials(&item.guide.materials);
    Terms {
        item: item.id,
        version: ItemVersionId(stable_id("item-version", &format!("{}/{}", item.id, item.version.no))),
        version_no: item.version.no,
        item_code: code.as_str().to_owned(),
        item_name: item.identity.name.clone(),
        regime,
        statutory: written.or(licence.then_some(LICENCE_LIMIT)),
        promised: Some(item.guide.time.promised.value),
        report_up: None,
        extension: licence.then_some(LICENCE_EXTENSION),
        steps: steps(regime, at, &item.handling),
        deferral_allowed: materials.iter().any(|m| m.deferrable),
        commitment_allowed: provable_by_promise(&item.guide.materials),
        materials,
        separate_decider: item.handling.separate_decider,
        immediate_authorised: regime == Regime::Immediate,
        local_stops: item.handling.stops.iter().map(own_stop).collect(),
        retention: KEPT,
        unconfirmed: unconfirmed(item),
    }
}

/// The terms with departments that review side by side with the one that decides 并联审批; nothing changes for an item
/// that nobody reviews.
#[must_use]
pub fn joined(mut terms: Terms, departments: &[OrgId]) -> Terms {
    let review = terms.steps.iter().position(|step| step.kind == StepKind::Review);
    let Some(review) = review else { return terms };
    let known: Vec<OrgId> = terms.steps.iter().map(|step| step.org).collect();
    let first = terms.steps[review].clone();
    let joint = departments.iter().filter(|org| !known.contains(org));
    let joint: Vec<StepTerms> =
        joint.map(|org| StepTerms { name: "会同审核".to_owned(), org: *org, ..first.clone() }).collect();
    terms.steps.splice(review + 1..review + 1, joint);
    terms
}

fn own_stop(stop: &OwnStop) -> LocalStopGround {
    LocalStopGround { code: stop.code.clone(), name: stop.name.clone(), basis: stop.basis.clone() }
}

fn steps(regime: Regime, at: Places, rules: &Handling) -> Vec<StepTerms> {
    let limit = |kind| match kind {
        StepKind::FirstReview => rules.first_review,
        StepKind::Review => rules.review,
        StepKind::Approve => rules.decision,
    };
    let step = |stage, name: &str, org, kind| StepTerms {
        stage,
        name: name.to_owned(),
        org,
        kind,
        limit: limit(kind),
    };
    let department = |from: u16| {
        [
            step(from, "部门审核", at.deciding, StepKind::Review),
            step(from + 1, "审批决定", at.deciding, StepKind::Approve),
        ]
    };
    match regime {
        Regime::Immediate => vec![step(1, "当场决定", at.accepting, StepKind::Approve)],
        Regime::Promised => department(1).into(),
        Regime::ReportUp => {
            let mut all = vec![step(1, "初审", at.first_review, StepKind::FirstReview)];
            all.extend(department(2));
            all
        }
    }
}

/// The code of a material: made from its name, so that items which ask for the same paper share it.
#[must_use]
pub fn material_code(name: &str) -> String {
    format!("m{:012x}", stable_id("material", name.trim()).as_u128() >> 80)
}

fn materials(guide: &[Material]) -> Vec<MaterialTerms> {
    let mut terms: Vec<MaterialTerms> = Vec::with_capacity(guide.len());
    for material in guide {
        let code = material_code(&material.name);
        if terms.iter().any(|known| known.code == code) {
            continue;
        }
        let shared = material.source == MaterialSource::Shared;
        terms.push(MaterialTerms {
            code,
            name: material.name.clone(),
            required: material.required && !shared,
            // An authority issued it: it exists and can be checked, so it may follow later.
            deferrable: material.required && material.source == MaterialSource::Government,
            shared,
        });
    }
    terms
}

/// 证明事项 can be replaced by a promise (国办发〔2020〕42号); whether this one is, a department confirms.
fn provable_by_promise(guide: &[Material]) -> bool {
    guide.iter().any(|m| m.required && m.source != MaterialSource::Shared && m.name.contains("证明"))
}

fn unconfirmed(item: &Item) -> Vec<Unconfirmed> {
    let guide = &item.guide;
    let example = Basis::is_placeholder;
    let given_by_law = guide.time.statutory.as_ref().is_none_or(|l| !example(&l.basis));
    let official = |m: &Material| m.required && m.source == MaterialSource::Government;
    [
        (Unconfirmed::Regime, example(&item.regime.basis)),
        (Unconfirmed::Statutory, !given_by_law),
        (Unconfirmed::Promised, example(&guide.time.promised.basis)),
        (Unconfirmed::Steps, example(&guide.process.steps_basis)),
        (Unconfirmed::Materials, !guide.written || guide.materials.iter().any(|m| example(&m.basis))),
        (Unconfirmed::Deferral, guide.materials.iter().any(official)),
        (Unconfirmed::Commitment, provable_by_promise(&guide.materials)),
        (Unconfirmed::Retention, true),
        (
            Unconfirmed::Code,
            example(&item.subject.unit_code.basis) || example(&item.identity.basic_code.basis),
        ),
    ]
    .into_iter()
    .filter_map(|(what, open)| open.then_some(what))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::*;
    use crate::kernel::ItemId;
    use uuid::Uuid;

    const AT: Places = Places {
        accepting: OrgId(Uuid::from_u128(1)),
        first_review: OrgId(Uuid::from_u128(2)),
        deciding: OrgId(Uuid::from_u128(3)),
    };

    fn material(name: &str, source: &str, required: bool) -> serde_json::Value {
        let basis = serde_json::json!({"kind": "law_checked", "text": "某办法第三条"});
        serde_json::json!({"name": name, "form": "original", "copies": 1, "source": source, "required": required,
            "note": "", "standard": "", "basis": basis})
    }

    /// An item as the catalogue keeps it; only what terms are made of differs between tests.
    fn item(regime: Regime, item_type: ItemType, materials: &[serde_json::Value]) -> Item {
        let mark = serde_json::json!({"kind": "placeholder", "text": ""});
        let based = |value: serde_json::Value| serde_json::json!({"value": value, "basis": mark});
        serde_json::from_value(serde_json::json!({
            "id": Uuid::from_u128(7), "seq": 13,
            "version": {"no": 2, "valid_from": "2018-08-15", "valid_until": null},
            "regime": based(serde_json::to_value(regime).unwrap()), "coverage": "full",
            "identity": {"name": "某事项", "basic_code": based("322001013000".into()),
                "item_type": based(serde_json::to_value(item_type).unwrap()), "legal_basis": [], "level": "city"},
            "subject": {"department": "police", "short_name": "公安局", "name": "某市公安局",
                "unit_code": based("DEMO32040000000001".into()), "nature": based("statutory_organ".into()), "accepted_at": ""},
            "guide": {"written": true,
                "time": {"statutory": null, "promised": based(serde_json::json!({"unit": "working", "n": 10})), "special": []},
                "process": {"conditions": [], "steps": [], "steps_basis": mark, "audience": [], "forms": [],
                    "area": "whole_city", "visits": based(serde_json::json!({"times": 1, "reason": ""})), "quota": "", "intermediary": ""},
                "channels": {"names": [], "basis": mark, "depth": [], "online": true, "fully_online": false, "in_hall": true,
                    "by_post": true, "pay_online": false, "booking": true, "terminal": false, "place": "", "hours": based("".into())},
                "fee": {"charged": false, "text": "", "basis": mark, "rows": []},
                "contact": {"advice": based("".into()), "complaints": based("".into())},
                "outcome": {"name": based("".into()), "finish": "other", "delivery": "", "has_sample": false},
                "themes": {"personal": [], "corporate": []}, "materials": materials, "questions": [], "notes": ""}
        }))
        .unwrap()
    }

    fn kinds(terms: &Terms) -> Vec<(u16, StepKind, OrgId)> {
        terms.steps.iter().map(|s| (s.stage, s.kind, s.org)).collect()
    }

    #[test]
    fn each_regime_has_the_steps_of_the_citys_document() {
        let of = |regime| terms_of(&item(regime, ItemType::PublicService, &[]), AT);
        let now = of(Regime::Immediate);
        assert_eq!(kinds(&now), [(1, StepKind::Approve, AT.accepting)]);
        assert!(now.immediate_authorised);
        let department = [(1, StepKind::Review, AT.deciding), (2, StepKind::Approve, AT.deciding)];
        assert_eq!(kinds(&of(Regime::Promised)), department);
        let up = of(Regime::ReportUp);
        let expected = [
            (1, StepKind::FirstReview, AT.first_review),
            (2, StepKind::Review, AT.deciding),
            (3, StepKind::Approve, AT.deciding),
        ];
        assert_eq!(kinds(&up), expected);
        assert_eq!(up.deciding_step(), Some(2));
    }

    #[test]
    fn what_the_item_rules_beyond_its_regime_stands_in_the_terms_of_the_case() {
        let stop =
            OwnStop { code: "notice".into(), name: "公示".into(), basis: "某办法第九条".into() };
        let handling = Handling {
            separate_decider: true,
            stops: vec![stop],
            review: Some(Days::Working(3)),
            ..Handling::default()
        };
        let item = Item { handling, ..item(Regime::ReportUp, ItemType::PublicService, &[]) };
        let other = OrgId(Uuid::from_u128(4));
        let terms = joined(terms_of(&item, AT), &[other, AT.deciding]);
        let expected = [
            (1, StepKind::FirstReview, AT.first_review),
            (2, StepKind::Review, AT.deciding),
            (2, StepKind::Review, other),
            (3, StepKind::Approve, AT.deciding),
        ];
        assert_eq!(kinds(&terms), expected, "side by side, each department once");
        let limits: Vec<Option<Days>> = terms.steps.iter().map(|step| step.limit).collect();
        assert_eq!(limits, [None, Some(Days::Working(3)), Some(Days::Working(3)), None]);
        assert!(terms.separate_decider && terms.local_stops[0].basis == "某办法第九条");
        let at_once = terms_of(&super::tests::item(Regime::Immediate, ItemType::PublicService, &[]), AT);
        assert_eq!(joined(at_once.clone(), &[other]), at_once, "nobody reviews what is done on the spot");
    }

    #[test]
    fn a_licence_has_the_limits_of_article_42_and_a_service_has_none_made_up() {
        let licence = terms_of(&item(Regime::Promised, ItemType::Licence, &[]), AT);
        assert_eq!(
            (licence.statutory, licence.extension),
            (Some(Days::Working(20)), Some(Days::Working(10)))
        );
        let service = terms_of(&item(Regime::Promised, ItemType::PublicService, &[]), AT);
        assert_eq!((service.statutory, service.extension), (None, None));
        assert!(service.unconfirmed.contains(&Unconfirmed::Promised), "an example limit is marked");
        assert!(!service.unconfirmed.contains(&Unconfirmed::Materials), "confirmed materials are not");
    }

    #[test]
    fn what_the_organ_can_look_up_is_not_asked_for_and_what_an_authority_issued_may_follow() {
        let papers = [
            material("户口簿", "shared", true),
            material("诊断证明", "government", true),
            material("申请表", "applicant", true),
            material("申请表", "applicant", true),
        ];
        let terms = terms_of(&item(Regime::Promised, ItemType::PublicService, &papers), AT);
        let seen: Vec<_> =
            terms.materials.iter().map(|m| (m.name.as_str(), m.required, m.deferrable, m.shared)).collect();
        assert_eq!(
            seen,
            [("户口簿", false, false, true), ("诊断证明", true, true, false), ("申请表", true, false, false)]
        );
        assert!(terms.deferral_allowed && terms.commitment_allowed);
    }

    #[test]
    fn the_same_paper_has_the_same_code_in_every_item() {
        assert_eq!(material_code("居民身份证 "), material_code("居民身份证"));
        assert_ne!(material_code("居民身份证"), material_code("居民户口簿"));
        assert_eq!(material_code("居民身份证").len(), 13);
    }

    #[test]
    fn the_case_keeps_the_number_of_the_version_and_the_31_characters_of_the_code() {
        let terms = terms_of(&item(Regime::Promised, ItemType::PublicService, &[]), AT);
        assert_eq!((terms.version_no, terms.item), (2, ItemId(Uuid::from_u128(7))));
        assert_eq!(terms.item_code, "DEMO320400000000013322001013000");
    }
}
