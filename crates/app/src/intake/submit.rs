//! Submitting a draft: one application with one case for each item, numbered, in one transaction; again answers the same.

use std::sync::Arc;

use domain::cases::{Actor, Applicant, Channel, Handed, Submit, Terms};
use domain::kernel::numbers::QueryCode;
use domain::kernel::time::legal_day;
use domain::kernel::{ApplicationId, CaseId, OrgId, StaffId};
use jiff::{SignedDuration, Timestamp};
use store::{Tx, Work};
use uuid::Uuid;

use super::bundle::not_taken_at;
use super::draft::{Draft, Owner, open, to_json};
use super::form::{self, Problem, answers, party};
use super::receipt::{Receipt, Told};
use super::{IntakeError, sql};
use crate::Ctx;
use crate::cases::{
    self, ActError, Application, By, FORM_FIELD, Moment, Opening, PARTY_FIELD, StaffActor, add_application,
    open_case,
};
use crate::city::City;
use crate::identity::persons;

/// So often a submit that met another one is begun anew.
const TRIES: usize = 10;
/// So long a submitted draft keeps its receipt, for whoever submits again or comes back to the page.
const RECEIPT_KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Everything that is not right yet, all at once: place, applicant, form, materials. What only warns does not block:
/// whoever applies may hand in an incomplete application and is then told once what is missing (行政许可法 第三十二条).
#[must_use]
pub fn check(ctx: &Ctx, draft: &Draft) -> Vec<Problem> {
    let city = ctx.city();
    let mut problems = form::check(&draft.form(&city), &draft.values, legal_day(ctx.now()));
    if draft.accepting.is_none() {
        problems.push(Problem::blocks("accepting", "请选择就近的服务大厅"));
    } else if let Some(closed) =
        draft.accepting.and_then(|id| city.org(id)).and_then(|org| org.office.closed.as_ref())
    {
        let say = format!("这个服务大厅暂停服务（{}），请换一个服务大厅", closed.reason);
        problems.push(Problem::blocks("accepting", say));
    } else if let Some(say) = nobody_decides(&city, draft) {
        problems.push(Problem::blocks("accepting", say));
    }
    if draft.applicant.is_none() {
        problems.push(Problem::blocks("applicant", "请先查找或登记申请人"));
    }
    if draft.channel == Channel::BackEntry && draft.happened_at.is_none() {
        problems.push(Problem::blocks("happened_at", "补录要填写实际收件的时间"));
    }
    if draft.happened_at.is_some_and(|at| at > ctx.now()) {
        problems.push(Problem::blocks("happened_at", "实际收件的时间晚于现在，请核对"));
    }
    for need in draft.needs(&city).iter().filter(|n| n.terms.required && n.paper == 0 && n.pages.is_empty()) {
        let say = format!("还没有提供{}；也可以先提交，窗口会一次告知需要补交的材料", need.terms.name);
        problems.push(Problem { field: format!("material.{}", need.terms.code), say, blocks: false });
    }
    problems
}

/// What of it would have nobody to decide it at the place that was chosen.
fn nobody_decides(city: &City, draft: &Draft) -> Option<String> {
    let items = draft.items_in(city);
    let not_taken = not_taken_at(city, &items, draft.accepting?);
    let names: Vec<String> = not_taken.iter().map(|item| format!("“{}”", item.identity.name)).collect();
    if names.is_empty() {
        return None;
    }
    let apart = if items.len() > 1 { "，或者把它分开申请" } else { "" };
    Some(format!("这个地方暂时没有负责{}的部门，请换一个服务大厅{apart}，也可以拨打 12345", names.join("、")))
}

/// Who submits.
#[derive(Debug, Clone)]
pub enum Submitter {
    /// The applicant.
    Citizen(domain::kernel::CitizenId),
    /// A member of staff for the applicant.
    Staff(StaffActor),
}

impl Submitter {
    const fn owner(&self) -> Owner {
        match self {
            Self::Citizen(id) => Owner::Citizen(*id),
            Self::Staff(staff) => Owner::Staff(staff.id),
        }
    }

    /// As whom the law sees them at the accepting organisation; nothing when no post reaches it.
    fn actor(&self, city: &City, org: OrgId) -> Option<Actor> {
        match self {
            Self::Citizen(id) => Some(Actor::Citizen { id: *id }),
            Self::Staff(staff) => {
                let roles = staff.roles_at_front(city, org)?;
                Some(Actor::Staff { id: staff.id, org, roles })
            }
        }
    }

    fn by(&self) -> By {
        match self {
            Self::Citizen(id) => By::Citizen(*id),
            Self::Staff(staff) => By::Staff(staff.clone()),
        }
    }

    fn staff(&self) -> Option<StaffId> {
        if let Self::Staff(staff) = self { Some(staff.id) } else { None }
    }
}

/// One case that is going to be opened, with its query code.
struct Planned {
    opening: Opening,
    code: QueryCode,
}

/// Everything that is fixed before the transaction begins.
struct Plan {
    draft: Uuid,
    version: i64,
    application: Application,
    cases: Vec<Planned>,
    by: By,
    actor: Actor,
    moment: Moment,
    city: Arc<City>,
    ctx: Ctx,
}

impl Work for Plan {
    type Out = Receipt;
    type Err = ActError;

    async fn run(&self, tx: &Tx) -> Result<Receipt, ActError> {
        add_application(tx, &self.application).await?;
        let mut told = Vec::with_capacity(self.cases.len());
        for planned in &self.cases {
            let record =
                open_case(tx, &self.city, &self.by, self.actor, &planned.opening, &self.moment).await?;
            told.push(Told {
                id: record.id,
                number: record.number.clone(),
                query_code: planned.code.as_str().to_owned(),
                item_name: planned.opening.submit.terms.item_name.clone(),
            });
        }
        let receipt = Receipt { application: self.application.id, cases: told };
        self.note(tx, &receipt).await?;
        Ok(receipt)
    }
}

impl Plan {
    /// Marks the draft as submitted; [`store::Error::Conflict`] when another request was first.
    async fn note(&self, tx: &Tx, receipt: &Receipt) -> store::Result<()> {
        let sealed = receipt.seal(&self.ctx)?;
        let now = self.moment.entered_at;
        let row = [
            self.draft.into(),
            self.version.into(),
            self.application.id.uuid().into(),
            (&sealed).into(),
            now.into(),
            now.saturating_add(RECEIPT_KEPT).unwrap_or(Timestamp::MAX).into(),
        ];
        match tx.exec(sql::SUBMITTED, &row).await? {
            1 => Ok(()),
            _ => Err(store::Error::Conflict("the draft was submitted or saved meanwhile".into())),
        }
    }
}

/// Submits a draft. Submitting it again, at the same time or later, answers the same receipt.
///
/// # Errors
/// [`IntakeError::Problems`] with everything that blocks, [`IntakeError::Act`] when the numbers of the day are used up,
/// [`IntakeError::Absent`], [`IntakeError::Store`].
pub async fn submit(ctx: &Ctx, by: &Submitter, draft: Uuid, trace: &str) -> Result<Receipt, IntakeError> {
    for _ in 0..TRIES {
        let draft = open(ctx, by.owner(), draft).await?;
        if let Some(receipt) = draft.receipt {
            return Ok(receipt);
        }
        let mut problems: Vec<Problem> = check(ctx, &draft).into_iter().filter(|p| p.blocks).collect();
        if problems.is_empty() {
            problems = somebody_else(ctx, &draft).await?;
        }
        if !problems.is_empty() {
            return Err(IntakeError::Problems(problems));
        }
        let plan = plan(ctx, by, &draft, trace)?;
        match ctx.db.write(plan).await {
            // The same draft was submitted or saved in another request: look again.
            Err(ActError::Store(store::Error::Conflict(_))) => {}
            done => return Ok(done?),
        }
    }
    Err(store::Error::Busy.into())
}

/// The form must name the person or firm whose application it is: nobody applies under another's name.
async fn somebody_else(ctx: &Ctx, draft: &Draft) -> Result<Vec<Problem>, IntakeError> {
    let id = match draft.applicant {
        Some(Applicant::Person { id }) => id.uuid(),
        Some(Applicant::Firm { id, .. }) => id.uuid(),
        None => return Ok(Vec::new()),
    };
    let Some(known) = persons::in_full(ctx, id).await? else { return Ok(Vec::new()) };
    let typed = party(&draft.values);
    let plain = |text: &str| text.split_whitespace().collect::<String>().to_uppercase();
    let fields = if typed.firm { ["firm_name", "firm_code"] } else { ["name", "document"] };
    let pairs = [(&typed.name, &known.name, fields[0]), (&typed.document, &known.document, fields[1])];
    let say = "与登记的申请人不一致，请核对；替别人办理请到窗口或找代办员";
    let differs = pairs.iter().filter(|(typed, known, _)| plain(typed) != plain(known));
    Ok(differs.map(|(_, _, field)| Problem::blocks(*field, say)).collect())
}

fn plan(ctx: &Ctx, by: &Submitter, draft: &Draft, trace: &str) -> Result<Plan, IntakeError> {
    let city = ctx.city();
    let (accepting, applicant) = draft.accepting.zip(draft.applicant).ok_or(IntakeError::Absent)?;
    let actor = by.actor(&city, accepting).ok_or(IntakeError::NotYourPlace)?;
    let now = Moment::now(ctx, trace);
    let moment = Moment { at: draft.happened_at.unwrap_or(now.at), ..now };
    let form = to_json(&answers(&draft.form(&city), &draft.values))?;
    let application = Application {
        id: ApplicationId(ctx.new_uuid()),
        applicant,
        channel: draft.channel,
        party: ctx.seal(PARTY_FIELD, &to_json(&party(&draft.values))?),
        form: ctx.seal(FORM_FIELD, &form),
        submitted_at: moment.at,
        entered_at: moment.entered_at,
    };
    let digest = cases::form_digest(&ctx.sealer, &form);
    let open = Common { draft, application: application.id, applicant, accepting, digest };
    let cases = draft.terms(&city).into_iter().map(|terms| open.case(ctx, by, terms)).collect();
    Ok(Plan {
        draft: draft.id,
        version: draft.version,
        application,
        cases,
        by: by.by(),
        actor,
        moment,
        city,
        ctx: ctx.clone(),
    })
}

/// What the cases of an application share.
struct Common<'a> {
    draft: &'a Draft,
    application: ApplicationId,
    applicant: Applicant,
    accepting: OrgId,
    digest: String,
}

impl Common<'_> {
    fn case(&self, ctx: &Ctx, by: &Submitter, terms: Terms) -> Planned {
        let id = CaseId(ctx.new_uuid());
        let mut random = [0; 8];
        ctx.entropy.fill(&mut random);
        let code = QueryCode::from_random(random);
        let submit = Submit {
            case: id,
            application: self.application,
            applicant: self.applicant,
            channel: self.draft.channel,
            org: self.accepting,
            form_digest: Some(self.digest.clone()),
            given: None,
            materials: self.materials(&terms),
            terms: Box::new(terms),
        };
        let query_index = cases::query_index(ctx, id, &code);
        Planned { opening: Opening { submit, query_index, entered_by: by.staff() }, code }
    }

    /// Of what was handed in once, what this item asks for.
    fn materials(&self, terms: &Terms) -> Vec<Handed> {
        let handed = terms.materials.iter().map(|material| Handed {
            code: material.code.clone(),
            paper: self.draft.paper(&material.code),
            files: self.draft.pages(&material.code).iter().map(|file| file.id).collect(),
        });
        handed.filter(|h| h.paper > 0 || !h.files.is_empty()).collect()
    }
}
