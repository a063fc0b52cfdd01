//! Cases that have a past 历史办件: lived in another system, or made to measure this one, and entered whole. They stand in
//! the journal and in every list like cases that were lived here; nothing follows from their old events.

use domain::cases::{Case, Event, Happened, Who};
use domain::kernel::time::legal_day;
use store::Tx;
use store::journal::Stamp;

use super::opening::{case_number, exchange_number, place};
use super::{ActError, CaseRecord};
use crate::city::City;
use crate::run::enter_past;

/// A case with its past.
#[derive(Debug, Clone)]
pub struct History {
    /// What happened, from the submission on, as the law decided it.
    pub events: Vec<Event>,
    /// Blind index of case and query code.
    pub query_index: Vec<u8>,
    /// Where the past came from, in the place of a request's trace id.
    pub origin: String,
}

/// Enters the case with numbers of the day on which it was entered then; its application must be there already.
///
/// # Errors
/// [`ActError::Absent`] for a past that does not begin with a submission, [`ActError::Number`] when the numbers of that day
/// are used up, [`ActError::Store`].
pub async fn enter_history(tx: &Tx, city: &City, history: &History) -> Result<CaseRecord, ActError> {
    let first = history.events.first().ok_or(ActError::Absent)?;
    let Happened::Submitted { case, org, terms, .. } = &first.what else { return Err(ActError::Absent) };
    let day = legal_day(first.entered_at);
    let (district, town) = place(city, *org);
    let fresh = CaseRecord {
        id: *case,
        version: 0,
        number: case_number(tx, day).await?,
        query_index: history.query_index.clone(),
        exchange_number: exchange_number(tx, &terms.item_code, day).await?,
        district,
        town,
        submitted_at: first.at,
        entered_by: first.by.staff(),
        case: Case::default(),
    };
    let mut past: Vec<(Stamp, Event)> =
        history.events.iter().map(|event| (stamp(event, &history.origin), event.clone())).collect();
    if let Some((_, Event { what: Happened::Submitted { given, .. }, .. })) = past.first_mut() {
        *given = Some(fresh.given());
    }
    Ok(enter_past(tx, fresh, &past).await?)
}

/// Who entered an event, as the journal names them.
fn stamp(event: &Event, origin: &str) -> Stamp {
    let (actor, org) = match event.by {
        Who::Staff { id, org } => (format!("staff:{id}"), Some(org.uuid())),
        Who::Citizen { id } => (format!("citizen:{id}"), None),
        Who::System => ("system".to_owned(), None),
    };
    Stamp { actor, org, trace: origin.to_owned(), entered_at: event.entered_at }
}
