//! How an application and its cases come to be, inside the transaction that submits them.

use domain::cases::{Actor, Applicant, Case, Channel, Command, Submit, decide};
use domain::kernel::numbers::{CaseNumber, ExchangeNumber};
use domain::kernel::{ApplicationId, OrgId, StaffId, time::legal_day};
use jiff::{Timestamp, civil::Date};
use store::Tx;

use super::record::word;
use super::{ActError, By, CaseRecord, Moment, sql, trust};
use crate::city::City;
use crate::run::commit;

/// What the applicant said once for all cases of an application.
#[derive(Debug, Clone)]
pub struct Application {
    /// Which.
    pub id: ApplicationId,
    /// Whose.
    pub applicant: Applicant,
    /// How it came in.
    pub channel: Channel,
    /// Sealed [`super::Party`] as JSON.
    pub party: Vec<u8>,
    /// Sealed list of [`super::Answer`]s as JSON.
    pub form: Vec<u8>,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// When it was entered.
    pub entered_at: Timestamp,
}

/// One case of an application that is to be opened.
#[derive(Debug, Clone)]
pub struct Opening {
    /// What the law is asked.
    pub submit: Submit,
    /// Blind index of case and query code.
    pub query_index: Vec<u8>,
    /// The member of staff who hands it in for the applicant.
    pub entered_by: Option<StaffId>,
}

/// Writes the application; its cases follow in the same transaction.
///
/// # Errors
/// When the data cannot be written.
pub async fn add_application(tx: &Tx, application: &Application) -> store::Result<()> {
    let firm = match application.applicant {
        Applicant::Firm { id, .. } => Some(id.uuid()),
        Applicant::Person { .. } => None,
    };
    let channel = word(&application.channel)?;
    let row = [
        application.id.uuid().into(),
        application.applicant.person().uuid().into(),
        firm.into(),
        channel.as_str().into(),
        (&application.party).into(),
        (&application.form).into(),
        application.submitted_at.into(),
        application.entered_at.into(),
    ];
    tx.exec(sql::ADD_APPLICATION, &row).await.map(drop)
}

/// Opens one case with its numbers.
///
/// # Errors
/// [`ActError::Refused`], [`ActError::Number`] when the numbers of the day are used up, [`ActError::Store`].
pub async fn open_case(
    tx: &Tx,
    city: &City,
    by: &By,
    actor: Actor,
    opening: &Opening,
    moment: &Moment,
) -> Result<CaseRecord, ActError> {
    let submit = &opening.submit;
    let trusted = trust::party_is_trusted(tx, submit.applicant.party()).await?;
    let day = legal_day(moment.entered_at);
    let (district, town) = place(city, submit.org);
    let fresh = CaseRecord {
        id: submit.case,
        version: 0,
        number: case_number(tx, day).await?,
        query_index: opening.query_index.clone(),
        exchange_number: exchange_number(tx, &submit.terms.item_code, day).await?,
        district,
        town,
        submitted_at: moment.at,
        entered_by: opening.entered_by,
        case: Case::default(),
    };
    let command = Command::Submit(Submit { given: Some(fresh.given()), ..submit.clone() });
    let events = decide(&fresh.case, &command, &moment.facts(actor, city, trusted))?;
    Ok(commit(tx, fresh, &events, &moment.stamp(by, actor)).await?)
}

/// District and town of the accepting organisation; empty where it stands above them.
pub(super) fn place(city: &City, accepting: OrgId) -> (String, String) {
    let Some(org) = city.org(accepting) else { return Default::default() };
    let cut = |len: usize| org.region.as_str().get(..len).unwrap_or_default().to_owned();
    let below_city = org.region != city.code;
    (if below_city { cut(6) } else { String::new() }, cut(9))
}

async fn next(tx: &Tx, scope: &str) -> store::Result<u32> {
    let (last,): (i64,) = tx.one(sql::NEXT_SERIAL, &[scope.into()]).await?;
    Ok(u32::try_from(last).unwrap_or(u32::MAX))
}

pub(super) async fn case_number(tx: &Tx, day: Date) -> Result<String, ActError> {
    let serial = next(tx, &format!("case/{day}")).await?;
    Ok(CaseNumber::new(day, serial)?.as_str().to_owned())
}

pub(super) async fn exchange_number(tx: &Tx, item_code: &str, day: Date) -> Result<String, ActError> {
    let serial = next(tx, &format!("exchange/{item_code}/{day}")).await?;
    Ok(ExchangeNumber::new(item_code, day, serial)?.as_str().to_owned())
}
