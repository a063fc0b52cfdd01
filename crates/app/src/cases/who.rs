//! Who acts in a case: posts and their reach become the roles that the law of cases asks for.

use domain::cases::{Actor, Case, Roles, Status};
use domain::kernel::{CitizenId, OrgId, StaffId};
use domain::rights::{self, Permission, Relation, Role};

use super::{CaseRecord, CaseView};
use crate::Ctx;
use crate::city::City;
use crate::identity::clients::Client;
use crate::identity::{Citizen, Staff};

/// A member of staff as cases see them.
#[derive(Debug, Clone)]
pub struct StaffActor {
    /// Who.
    pub id: StaffId,
    /// The posts held.
    pub rights: rights::Actor,
}

impl From<&Staff> for StaffActor {
    fn from(staff: &Staff) -> Self {
        Self { id: staff.id, rights: staff.actor.clone() }
    }
}

impl From<&Client> for StaffActor {
    /// A client acts as staff of its organisation do; its scopes say in which posts.
    fn from(client: &Client) -> Self {
        Self { id: StaffId(client.id), rights: client.actor.clone() }
    }
}

impl From<&Client> for By {
    fn from(client: &Client) -> Self {
        Self::Staff(client.into())
    }
}

impl From<&Staff> for By {
    fn from(staff: &Staff) -> Self {
        Self::Staff(staff.into())
    }
}

impl From<&Citizen> for By {
    fn from(citizen: &Citizen) -> Self {
        Self::Citizen(citizen.id)
    }
}

/// Who looks at a case or acts in it.
#[derive(Debug, Clone)]
pub enum By {
    /// A member of staff.
    Staff(StaffActor),
    /// The applicant, or the person who acts for the firm that applied.
    Citizen(CitizenId),
    /// Whoever opened the case with its number and query code: sees where it stands, and nothing else.
    Code,
    /// The program itself.
    System,
}

impl By {
    /// Who, for the journal; ids only.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Staff(staff) if staff.rights.has(Role::DepartmentSystem) => format!("client:{}", staff.id),
            Self::Staff(staff) => format!("staff:{}", staff.id),
            Self::Citizen(id) => format!("citizen:{id}"),
            Self::Code => "code".to_owned(),
            Self::System => "system".to_owned(),
        }
    }

    /// Whether this person may see the case at all; who may not is told that there is none.
    #[must_use]
    pub fn may_see(&self, record: &CaseRecord, city: &City) -> bool {
        match self {
            Self::System | Self::Code => true,
            Self::Citizen(id) => record.case.submission.as_ref().is_some_and(|s| s.applicant.person() == *id),
            Self::Staff(staff) => {
                let own = relation(staff, record);
                involved(&record.case).into_iter().any(|org| staff.may(city, org, Permission::ViewCase, own))
            }
        }
    }

    /// The actors this person can be in the case: one for the applicant and the program, for staff one for each
    /// organisation that has to do with the case and that a post reaches.
    #[must_use]
    pub fn actors(&self, record: &CaseRecord, city: &City) -> Vec<Actor> {
        match self {
            Self::System => vec![Actor::System],
            Self::Citizen(id) => vec![Actor::Citizen { id: *id }],
            Self::Code => Vec::new(),
            Self::Staff(staff) => {
                let front = record.case.submission.as_ref().map(|s| s.org);
                let at_work = working(&record.case);
                let own = relation(staff, record);
                let item = record.case.terms().map(|terms| terms.item);
                let part = |org: OrgId| Part {
                    front: front == Some(org),
                    works: at_work.contains(&org),
                    own,
                    at_once: front == Some(org) && item.is_some_and(|item| city.decides_at_once(org, item)),
                };
                let roles = |org| staff.roles(city, org, part(org));
                let orgs = involved(&record.case).into_iter();
                orgs.filter_map(|org| Some(Actor::Staff { id: staff.id, org, roles: roles(org)? })).collect()
            }
        }
    }
}

/// What an organisation has to do with a case.
#[derive(Clone, Copy)]
struct Part {
    /// It took the case in.
    front: bool,
    /// The case is with it now.
    works: bool,
    /// How the member of staff stands to the case.
    own: Relation,
    /// Its clerks are authorised in writing to decide this 即办 item alone.
    at_once: bool,
}

impl StaffActor {
    /// Whether a post allows this at the organisation.
    #[must_use]
    pub fn may(&self, city: &City, org: OrgId, permission: Permission, relation: Relation) -> bool {
        city.org(org).is_some_and(|o| rights::decide(&self.rights, permission, &o.path, relation).allowed)
    }

    /// The roles this person has in a new case at the accepting organisation; `None` when no post reaches it.
    #[must_use]
    pub fn roles_at_front(&self, city: &City, org: OrgId) -> Option<Roles> {
        self.roles(city, org, Part { front: true, works: true, own: Relation::Own, at_once: false })
    }

    /// The front takes in and hands out, those with whom the case is now review and decide, supervision reaches both.
    fn roles(&self, city: &City, org: OrgId, part: Part) -> Option<Roles> {
        let may = |permission| self.may(city, org, permission, Relation::Stranger);
        let window = (part.front || part.works) && may(Permission::AcceptCase);
        let roles = Roles {
            window,
            reviewer: part.works && may(Permission::ReviewCase),
            approver: part.works && may(Permission::DecideCase),
            supervisor: may(Permission::SuperviseCase),
            agent: part.front && part.own == Relation::Own && self.rights.has(Role::Agent),
            decides_at_once: window && part.at_once,
        };
        (roles != Roles::default()).then_some(roles)
    }
}

/// Own is what this member of staff handed in for somebody.
fn relation(staff: &StaffActor, record: &CaseRecord) -> Relation {
    if record.entered_by == Some(staff.id) { Relation::Own } else { Relation::Stranger }
}

/// Every organisation that has or had to do with the case, the accepting one first.
fn involved(case: &Case) -> Vec<OrgId> {
    let Some(submission) = &case.submission else { return Vec::new() };
    let steps = submission.terms.steps.iter().map(|step| step.org);
    let mut orgs: Vec<OrgId> = vec![submission.org];
    for org in steps.chain(case.reported_to) {
        if !orgs.contains(&org) {
            orgs.push(org);
        }
    }
    orgs
}

/// The organisations with whom the case is now. A granted case is also still with those who decided: they make the result.
fn working(case: &Case) -> Vec<OrgId> {
    match case.status {
        Status::Granted => involved(case),
        _ => case.work().into_iter().map(|work| work.org).collect(),
    }
}
/// Whether a member of staff holds one of these rights at an organisation that has to do with the case.
#[must_use]
pub fn holds_over(ctx: &Ctx, staff: &Staff, view: &CaseView, wanted: &[Permission]) -> bool {
    let city = ctx.city();
    let orgs = view.steps.iter().map(|step| step.org).chain([view.accepting]);
    orgs.filter_map(|org| city.org(org))
        .any(|org| wanted.iter().any(|permission| staff.may(*permission, &org.path)))
}
