//! Which papers an event of a case calls for.

use ::papers::Kind;
use domain::cases::{Acceptance, Happened};

/// The papers that tell of what happened. `charged` says whether the item costs something whose sum is known.
///
/// 行政许可法 art. 32 wants dated written proof of acceptance and of both ways of not accepting, and one complete notice of
/// what is missing; art. 42 and 45 want extension and special procedure told; art. 38 wants the decision in writing. An end without a decision (终止) is
/// told in writing too: nobody else tells the applicant that nothing more will happen.
pub fn papers(what: &Happened, charged: bool) -> Vec<Kind> {
    match what {
        Happened::Submitted { .. } => vec![Kind::Receipt],
        Happened::Received { materials, .. }
        | Happened::Resubmitted { materials, .. }
        | Happened::DeferredSupplied { materials }
            if !materials.is_empty() =>
        {
            vec![Kind::Receipt]
        }
        Happened::CorrectionAsked { .. } => vec![Kind::Correction],
        Happened::NotRequired { .. } => vec![Kind::NotRequired],
        Happened::Refused { .. } => vec![Kind::NotAccepted],
        Happened::Accepted { how, .. } => {
            let notice =
                if matches!(how, Acceptance::Deferring { .. }) { Kind::Deferral } else { Kind::Acceptance };
            if charged { vec![notice, Kind::Fee] } else { vec![notice] }
        }
        Happened::ReportedUp { .. } => vec![Kind::Transfer],
        Happened::Suspended { .. } => vec![Kind::SpecialProcedure],
        Happened::Extended { .. } => vec![Kind::Extension],
        Happened::Granted { .. } => vec![Kind::Grant],
        Happened::Denied { .. } => vec![Kind::Denial],
        Happened::Delivered { .. } => vec![Kind::Delivery],
        Happened::Terminated { .. } => vec![Kind::Termination],
        _ => Vec::new(),
    }
}
