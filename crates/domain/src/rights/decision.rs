//! The two questions to the table: may this be done, and what may be listed.

use super::{Actor, Grant, MATRIX, Permission, Reach, Relation, Role, Rule, incompatible};
use crate::org::OrgPath;

/// An answer with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may be done.
    pub allowed: bool,
    /// The reason of the row that allows it, or a sentence saying what to do.
    pub reason: &'static str,
}

const CLASH: &str = "您的账号同时有互相制约的岗位，暂时不能使用，请安全管理员只保留一个岗位";
const ELSEWHERE: &str = "这不在您的岗位管辖范围内，请转给所属单位办理";
const NOT_OWN: &str = "这不是您本人的申请，请用申请时的账号登录后办理";
const NOT_YOURS: &str = "您的岗位没有这项权限，确有需要请向本单位负责人申请";
const LOG_IN: &str = "请先登录再办理";

/// What an actor may list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// What belongs to one of these organisations or stands below; no path lies within another.
    Subtree(Vec<OrgPath>),
    /// Only their own.
    Own,
    /// Their own and what belongs to these organisations.
    SubtreeOrOwn(Vec<OrgPath>),
    /// Nothing.
    None,
}

impl Scope {
    /// Whether a thing of `target` which stands to the actor as `relation` is in the list.
    #[must_use]
    pub fn admits(&self, target: &OrgPath, relation: Relation) -> bool {
        let within = |paths: &[OrgPath]| paths.iter().any(|p| p.contains(target));
        match self {
            Self::All => true,
            Self::Subtree(paths) => within(paths),
            Self::Own => relation == Relation::Own,
            Self::SubtreeOrOwn(paths) => relation == Relation::Own || within(paths),
            Self::None => false,
        }
    }
}

/// The rows an actor holds for a permission, each with the post it comes from.
fn rows(actor: &Actor, permission: Permission) -> impl Iterator<Item = (&'static Rule, &Grant)> {
    let rules = MATRIX.iter().filter(move |rule| rule.permission == permission);
    rules.flat_map(|rule| actor.grants.iter().filter(|g| g.role == rule.role).map(move |g| (rule, g)))
}

fn clashes(actor: &Actor) -> bool {
    let held: Vec<Role> = actor.grants.iter().map(|g| g.role).collect();
    incompatible(&held).is_some()
}

/// Whether an actor may do something to a thing that belongs to `target` and stands to them as `relation`.
#[must_use]
pub fn decide(actor: &Actor, permission: Permission, target: &OrgPath, relation: Relation) -> Decision {
    let refuse = |reason| Decision { allowed: false, reason };
    if clashes(actor) {
        return refuse(CLASH);
    }
    let reaches = |rule: &Rule, grant: &Grant| match rule.reach {
        Reach::All => true,
        Reach::Subtree => grant.at.as_ref().is_some_and(|at| at.contains(target)),
        Reach::Own => relation == Relation::Own,
    };
    let mut held = rows(actor, permission).peekable();
    let any = held.peek().is_some();
    match held.find(|(rule, grant)| reaches(rule, grant)) {
        Some((rule, _)) => Decision { allowed: true, reason: rule.reason },
        None if any && actor.grants.iter().all(|g| g.at.is_none()) => refuse(NOT_OWN),
        None if any => refuse(ELSEWHERE),
        None if actor.id.is_none() => refuse(LOG_IN),
        None => refuse(NOT_YOURS),
    }
}

/// What an actor may list with a permission: the `WHERE` of every list.
#[must_use]
pub fn scope(actor: &Actor, permission: Permission) -> Scope {
    if clashes(actor) {
        return Scope::None;
    }
    let (mut own, mut paths) = (false, Vec::new());
    for (rule, grant) in rows(actor, permission) {
        match rule.reach {
            Reach::All => return Scope::All,
            Reach::Own => own = true,
            Reach::Subtree => paths.extend(grant.at.clone()),
        }
    }
    paths.sort();
    // In text order a path stands right before everything below it.
    paths.dedup_by(|below, above| above.contains(below));
    match (own, paths.is_empty()) {
        (true, true) => Scope::Own,
        (true, false) => Scope::SubtreeOrOwn(paths),
        (false, false) => Scope::Subtree(paths),
        (false, true) => Scope::None,
    }
}
