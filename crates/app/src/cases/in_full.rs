//! 查看完整信息: the people of a case, unmasked, for a member of staff who gives a reason; the reason is journaled before
//! anything is shown, and what is shown stands in no address and in no cache.

use askama::Template;
use domain::cases::Applicant;
use domain::kernel::CaseId;
use domain::rights::Permission;
use ui::{Button, Field, SafeHtml, TextKind};
use uuid::Uuid;

use super::{ActError, Answer, CaseView, find, holds_over, party};
use crate::Ctx;
use crate::identity::{self, Staff, persons};
use crate::web::{Fault, Trace};

/// What is shown of one person.
struct Shown {
    role: &'static str,
    person: persons::PersonInFull,
}

/// The values in full, or the form that asks why they are wanted.
#[derive(Template)]
#[template(path = "cases/in_full.html")]
pub struct InFull {
    action: String,
    people: Vec<Shown>,
    answers: Vec<Answer>,
    reason: Field,
    button: Button,
}

impl InFull {
    /// The form that asks for the reason; it posts to `action`, as the button `do=reveal` of that address.
    #[must_use]
    pub fn asked(action: impl Into<String>, wrong: &str) -> Self {
        let reason = Field::text("reason", "查看完整信息的理由", TextKind::Text, "")
            .id("reveal-reason")
            .hint("会记入审计日志，例如：核对身份证原件")
            .error(wrong)
            .max_length(200)
            .autocomplete("off");
        let button = Button::submit("查看完整信息").small().named("do", "reveal");
        Self { action: action.into(), people: Vec::new(), answers: Vec::new(), reason, button }
    }

    fn told(people: Vec<Shown>, answers: Vec<Answer>) -> Self {
        Self { people, answers, ..Self::asked("", "") }
    }

    /// As a part of a page.
    ///
    /// # Errors
    /// When the template cannot be rendered.
    pub fn drawn(&self) -> Result<SafeHtml, Fault> {
        SafeHtml::render(self).map_err(Fault::internal)
    }
}

/// Whether this member of staff may ask to see the people of a case in full.
#[must_use]
pub fn may_see_in_full(ctx: &Ctx, staff: &Staff, view: &CaseView) -> bool {
    holds_over(ctx, staff, view, &[Permission::RevealPersonalData])
}

/// The applicant of a case with their masked answers, in full.
///
/// # Errors
/// Not found for who may not; inside, the sentence when the reason is missing or too long.
pub async fn see_in_full(
    ctx: &Ctx,
    staff: &Staff,
    view: &CaseView,
    reason: &str,
    trace: &Trace,
) -> Result<Result<InFull, String>, Fault> {
    if !may_see_in_full(ctx, staff, view) {
        return Err(Fault::not_found());
    }
    let (person, firm) = match view.applicant {
        Applicant::Person { id } => (id.uuid(), None),
        Applicant::Firm { id, by } => (by.uuid(), Some(id.uuid())),
    };
    let people = match people_in_full(ctx, staff, person, firm, reason, trace).await? {
        Ok(people) => people,
        Err(why) => return Ok(Err(why)),
    };
    Ok(Ok(InFull::told(people, answers(ctx, view.id).await?)))
}

/// A person at the counter, and the firm they act for, in full.
///
/// # Errors
/// As [`see_in_full`].
pub async fn see_person_in_full(
    ctx: &Ctx,
    staff: &Staff,
    person: Uuid,
    firm: Option<Uuid>,
    reason: &str,
    trace: &Trace,
) -> Result<Result<InFull, String>, Fault> {
    if !staff.may(Permission::RevealPersonalData, &staff.at) {
        return Err(Fault::not_found());
    }
    let people = people_in_full(ctx, staff, person, firm, reason, trace).await?;
    Ok(people.map(|people| InFull::told(people, Vec::new())))
}

async fn people_in_full(
    ctx: &Ctx,
    staff: &Staff,
    person: Uuid,
    firm: Option<Uuid>,
    reason: &str,
    trace: &Trace,
) -> Result<Result<Vec<Shown>, String>, Fault> {
    let roles = if firm.is_some() { ["单位", "经办人"] } else { ["", "申请人"] };
    let mut people = Vec::new();
    for (role, id) in roles.into_iter().zip([firm, Some(person)]) {
        let Some(id) = id else { continue };
        match persons::reveal(ctx, id, reason, identity::By::staff(staff, trace)).await {
            Ok(person) => people.push(Shown { role, person }),
            Err(why @ (persons::PersonError::NoReason | persons::PersonError::TooLong)) => {
                return Ok(Err(why.to_string()));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Ok(people))
}

/// The answers that pages mask.
async fn answers(ctx: &Ctx, case: CaseId) -> Result<Vec<Answer>, Fault> {
    let record = find(&ctx.db, case).await?.ok_or_else(Fault::not_found)?;
    let answers = party::answers_of(ctx, &record).await.map_err(ActError::from)?;
    Ok(answers.into_iter().filter(|answer| answer.personal && !answer.value.is_empty()).collect())
}
