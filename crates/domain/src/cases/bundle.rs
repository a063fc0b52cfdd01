//! 一件事: one application, several cases that share the form and the materials (国发〔2024〕3号).

use super::{Case, MaterialTerms, Terms};
use crate::kernel::ApplicationId;

/// The materials several items need together, each asked for once: required when any item requires it, deferrable only
/// when all that require it let it be deferred.
#[must_use]
pub fn shared_materials<'a>(items: impl IntoIterator<Item = &'a Terms>) -> Vec<MaterialTerms> {
    let mut shared: Vec<MaterialTerms> = Vec::new();
    for material in items.into_iter().flat_map(|t| &t.materials) {
        match shared.iter_mut().find(|m| m.code == material.code) {
            Some(known) if material.required => {
                known.deferrable = material.deferrable && (known.deferrable || !known.required);
                known.required = true;
            }
            Some(_) => {}
            None => shared.push(material.clone()),
        }
    }
    shared
}

/// How far an application is: how many of its cases are closed, of how many.
#[must_use]
pub fn progress<'a>(application: ApplicationId, cases: impl IntoIterator<Item = &'a Case>) -> (usize, usize) {
    let own =
        cases.into_iter().filter(|c| c.submission.as_ref().is_some_and(|s| s.application == application));
    own.fold((0, 0), |(closed, all), case| (closed + usize::from(case.status.is_closed()), all + 1))
}

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;
    use crate::kernel::ApplicationId;

    #[test]
    fn a_material_two_items_need_is_asked_for_once() {
        let strict = MaterialTerms { deferrable: false, ..promised().materials[1].clone() };
        let other = Terms { materials: vec![strict], ..immediate() };
        let shared = shared_materials([&promised(), &other]);
        let codes: Vec<&str> = shared.iter().map(|m| m.code.as_str()).collect();
        assert_eq!(codes, ["id", "proof", "photo"]);
        assert!(shared[1].required && !shared[1].deferrable, "the stricter item counts");
    }

    #[test]
    fn an_application_is_done_when_all_its_cases_are() {
        let open = Story::accepted(promised(), "2026-03-02");
        let closed =
            open.clone().on("2026-03-03", citizen(), &Command::Withdraw { reason: because("不办了") }).case;
        let application = open.case.submission.as_ref().unwrap().application;
        assert_eq!(progress(application, [&open.case, &closed]), (1, 2));
        assert_eq!(progress(ApplicationId(id(404)), [&open.case]), (0, 0));
    }
}
