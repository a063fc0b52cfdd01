//! A byte changed anywhere among the facts of a case is found, and what it belongs to is named.

use domain::catalogue::Regime;
use domain::kernel::FileId;
use uuid::Uuid;

use super::*;
use crate::proof::{prove, prove_sealed};
use crate::testing::on_both;

/// A case of an application with one file.
async fn case_with_file(w: &World, contact: &str) -> (CaseId, FileId) {
    let (city, owner) = (w.ctx.city(), Owner::Citizen(CITIZEN));
    let wish = starting(vec![item(&city, Regime::Promised).id], Some(hall(&city).id));
    let draft = start(&w.ctx, owner, wish).await.expect("a draft begins");
    let need = draft.needs(&city).into_iter().next().expect("something is asked for");
    let page = attach(&w.ctx, owner, draft.id, &need.terms.code, "1.png", PNG.into()).await.expect("taken");
    let draft = fills(w, &draft, "contact", contact).await;
    let receipt = submit(&w.ctx, &Submitter::Citizen(CITIZEN), draft.id, "t").await.expect("is taken");
    (receipt.cases[0].id, page.file.id)
}

/// The same with the paper that follows.
async fn whole(w: &World) -> (CaseId, FileId) {
    let (case, file) = case_with_file(w, "王小明").await;
    crate::worker::run_due(&w.ctx).await.expect("the receipt is made");
    assert!(prove(&w.ctx.db).await.expect("reads").holds());
    assert!(prove_sealed(&w.ctx.db, &w.ctx.sealer).await.expect("reads").holds());
    (case, file)
}

/// Whom the proof names, as kind and id.
async fn named(w: &World) -> Vec<(&'static str, Uuid)> {
    let report = prove(&w.ctx.db).await.expect("reads");
    report.kinds.iter().filter_map(|(kind, outcome)| Some((*kind, outcome.unproven?))).collect()
}

#[tokio::test]
async fn what_a_case_is_given_beside_its_events_is_vouched_for_by_its_submission() {
    for alteration in [
        "UPDATE case_record SET number = '2026030299999'",
        "UPDATE case_record SET exchange_number = replace(exchange_number, '2026', '2027')",
        "UPDATE case_record SET query_index = id",
        "UPDATE case_record SET district = '320411'",
        "UPDATE case_record SET town = '320411001'",
        "UPDATE case_record SET submitted_at = submitted_at + 1",
        "UPDATE case_record SET entered_by = id",
        "DELETE FROM application",
        "UPDATE application SET applicant = id",
        "UPDATE application SET firm = id",
        "UPDATE application SET channel = 'post'",
        "UPDATE application SET submitted_at = submitted_at - 1",
        "UPDATE application SET entered_at = entered_at + 1",
        "DELETE FROM attachment",
        "UPDATE attachment SET id = salt",
    ] {
        on_both(|w| async move {
            let (case, _) = whole(&w).await;
            assert_eq!(w.alter(alteration).await, 1, "{alteration}");
            assert!(named(&w).await.contains(&("case", case.uuid())), "{alteration}");
        })
        .await;
    }
}

#[tokio::test]
async fn the_row_of_a_file_is_what_its_id_was_made_of() {
    for alteration in [
        "UPDATE attachment SET digest = (SELECT digest FROM file WHERE digest <> attachment.digest)",
        "UPDATE attachment SET size = size + 1",
        "UPDATE attachment SET content_type = 'image/jpeg'",
        "UPDATE attachment SET added_at = added_at + 1",
        "UPDATE attachment SET salt = id",
        "UPDATE attachment SET salt = NULL",
        "UPDATE file SET size = size + 1 WHERE digest = (SELECT digest FROM attachment)",
        "DELETE FROM file WHERE digest = (SELECT digest FROM attachment)",
    ] {
        on_both(|w| async move {
            let (_, file) = whole(&w).await;
            assert_eq!(w.alter(alteration).await, 1, "{alteration}");
            assert_eq!(named(&w).await, [("attachment", file.uuid())], "{alteration}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_paper_keeps_its_code_and_its_file() {
    for alteration in [
        "UPDATE paper SET code = '0000000000000000'",
        "UPDATE paper SET case_seq = case_seq + 1",
        "DELETE FROM file WHERE digest NOT IN (SELECT digest FROM attachment)",
    ] {
        on_both(|w| async move {
            whole(&w).await;
            assert_eq!(w.alter(alteration).await, 1, "{alteration}");
            assert!(named(&w).await.iter().any(|(kind, _)| *kind == "paper"), "{alteration}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_sealed_value_that_was_altered_is_named_by_column_and_row_and_an_exchanged_form_by_its_case() {
    for (field, alteration) in [
        ("application.party", "UPDATE application SET party = form"),
        ("attachment.name", "UPDATE attachment SET name = id"),
        ("paper.content", "UPDATE paper SET content = id"),
    ] {
        on_both(|w| async move {
            whole(&w).await;
            assert_eq!(w.alter(alteration).await, 1, "{field}");
            let report = prove_sealed(&w.ctx.db, &w.ctx.sealer).await.expect("reads");
            let altered: Vec<&str> =
                report.columns.iter().filter(|one| one.2.is_some()).map(|one| one.0).collect();
            assert_eq!(altered, [field]);
            assert!(!report.holds());
        })
        .await;
    }
    on_both(|w| async move {
        let cases = [case_with_file(&w, "王小明").await.0, case_with_file(&w, "李小红").await.0];
        let exchange =
            "UPDATE application SET form = (SELECT b.form FROM application b WHERE b.id <> application.id)";
        assert_eq!(w.alter(exchange).await, 2);
        let report = prove_sealed(&w.ctx.db, &w.ctx.sealer).await.expect("reads");
        let wrong = report.forms.unproven.expect("each opens, but neither is what was handed in");
        assert!(cases.iter().any(|case| case.uuid() == wrong));
        assert_eq!(w.alter("UPDATE application SET form = id").await, 2);
        let report = prove_sealed(&w.ctx.db, &w.ctx.sealer).await.expect("reads");
        assert!(report.forms.unproven.is_some() && !report.holds());
    })
    .await;
}
