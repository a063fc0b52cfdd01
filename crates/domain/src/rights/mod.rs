//! Who may do what, where: one table, one decision with its reason, and the same table as the scope of a list.
//!
//! [`decide`] answers for one thing, [`scope`] for all things at once; a list filtered by the scope shows exactly what
//! opening would allow. Three administrators keep one another in check (三员分立, GB/T 22239—2019 8.1.4.2) and have no
//! part in the work with cases.

mod decision;
mod matrix;
#[cfg(test)]
mod tests;

pub use decision::{Decision, Scope, decide, scope};
pub use matrix::{MATRIX, Reach, Rule};

use crate::org::OrgPath;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares an enum together with the list of all its values and their Chinese words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $value:ident => $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $value,)* }

        impl $name {
            /// Every value, in the order of the page on which auditors read the table.
            pub const ALL: &[Self] = &[$(Self::$value,)*];

            /// The word people use.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$value => $word,)* }
            }
        }
    };
}

words! {
    /// A post 岗位 that carries rights.
    Role {
        /// Anybody, without an account.
        Anonymous => "未登录访客",
        /// A person with an account, for their own affairs.
        Citizen => "群众",
        /// Fetches and files for people who cannot come.
        Agent => "代办员",
        /// Receives and accepts at a window.
        WindowClerk => "窗口人员",
        /// Examines what was accepted.
        Reviewer => "审核人员",
        /// Decides, and confirms changes of the catalogue.
        Approver => "审批人员",
        /// Runs windows, queue and rota of a hall.
        HallManager => "大厅负责人",
        /// Keeps items and guides.
        CatalogueEditor => "事项管理员",
        /// Watches time limits, ratings and complaints.
        Supervisor => "效能监督员",
        /// Keeps the system running: accounts and settings.
        SystemAdministrator => "系统管理员",
        /// Grants posts and rights.
        SecurityAdministrator => "安全管理员",
        /// Reads what everybody did, the other administrators first.
        AuditAdministrator => "审计管理员",
        /// The program of a department, over the API; its scopes add the rights of other posts.
        DepartmentSystem => "部门系统",
    }
}

impl Role {
    /// Whether a member of staff can hold it as a post.
    #[must_use]
    pub const fn is_post(self) -> bool {
        !matches!(self, Self::Anonymous | Self::Citizen | Self::DepartmentSystem)
    }
}

words! {
    /// Something one may be allowed to do.
    Permission {
        /// Read published items and guides.
        ReadGuide => "看办事指南",
        /// Hand in an application.
        Apply => "提交申请",
        /// See a case, personal data masked.
        ViewCase => "查看办件",
        /// Supply what was asked for.
        SupplementCase => "补充材料",
        /// Take an application back.
        WithdrawCase => "撤回申请",
        /// Rate a service.
        RateService => "评价服务",
        /// Receive material 收件.
        ReceiveCase => "收件",
        /// Accept, ask for supplements, or refuse acceptance.
        AcceptCase => "受理",
        /// Examine 审核.
        ReviewCase => "审核",
        /// Stop and start the clock by a special procedure.
        StopClock => "特别程序",
        /// Decide 决定, extend the limit.
        DecideCase => "作出决定",
        /// Hand over the result 送达.
        DeliverResult => "送达结果",
        /// See a masked value in full, with a reason, logged.
        RevealPersonalData => "查看完整个人信息",
        /// Take a list out of the system.
        ExportCases => "导出办件清单",
        /// Urge, warn, ask for an explanation.
        SuperviseCase => "督办",
        /// See figures.
        ViewStatistics => "查看统计",
        /// Handle bad ratings and complaints.
        HandleComplaint => "处理差评和投诉",
        /// Call and pass queue numbers.
        CallTicket => "叫号",
        /// Set up windows, queue, rota and booking.
        ManageHall => "管理大厅",
        /// Draft changes of items and guides.
        EditCatalogue => "编辑事项",
        /// Review a drafted change.
        ReviewCatalogue => "审核事项变更",
        /// Confirm and publish a change.
        ConfirmCatalogue => "确认事项变更",
        /// Open and close accounts.
        ManageAccounts => "管理账号",
        /// Change settings, calendar and connections.
        ConfigureSystem => "系统设置",
        /// Give and take posts.
        GrantRoles => "分配岗位",
        /// Read the log of what was done.
        ReadAuditLog => "查看审计日志",
    }
}

/// A post held at an organisation, which gives its rights there and below.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The post.
    pub role: Role,
    /// Where; `None` for people who belong to no organisation, citizens and visitors.
    pub at: Option<OrgPath>,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The id of the member of staff or the citizen; `None` for a visitor.
    pub id: Option<Uuid>,
    /// All posts held.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Somebody who has not logged in.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { id: None, grants: vec![Grant { role: Role::Anonymous, at: None }] }
    }

    /// A person on their own affairs.
    #[must_use]
    pub fn citizen(id: Uuid) -> Self {
        Self { id: Some(id), grants: vec![Grant { role: Role::Citizen, at: None }] }
    }

    /// A member of staff with one post; more are pushed to `grants`.
    #[must_use]
    pub fn staff(id: Uuid, role: Role, at: OrgPath) -> Self {
        Self { id: Some(id), grants: vec![Grant { role, at: Some(at) }] }
    }

    /// Whether a post is held, anywhere.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|g| g.role == role)
    }
}

/// How the actor stands to the thing asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The actor has no part in it.
    Stranger,
    /// It is the actor's own: they applied, or they file it as the agent of the applicant.
    Own,
}

/// Two posts that one person must not hold together, or `None`. Posts of citizens and visitors go with any.
///
/// An administrator of one kind is none of another kind and does no work with cases: who can give himself rights must
/// not use them, and who reads the log must not write it.
#[must_use]
pub fn incompatible(roles: &[Role]) -> Option<(Role, Role)> {
    let works = |r: &Role| !matches!(r, Role::Anonymous | Role::Citizen);
    let admin = roles.iter().copied().find(|r| is_administrator(*r))?;
    roles.iter().copied().filter(works).find(|r| *r != admin).map(|other| (admin, other))
}

/// Whether a post is one of the three administrators 三员.
#[must_use]
pub const fn is_administrator(role: Role) -> bool {
    matches!(role, Role::SystemAdministrator | Role::SecurityAdministrator | Role::AuditAdministrator)
}
