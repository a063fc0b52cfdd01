//! The table of rights as data: one row a post and permission, how far it reaches, and why.

use super::{
    Permission::{self, *},
    Role::{self, *},
};

/// How far a row reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Everything in the city.
    All,
    /// What belongs to the organisation of the post and those below it.
    Subtree,
    /// What is the actor's own.
    Own,
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Who.
    pub role: Role,
    /// What.
    pub permission: Permission,
    /// How far.
    pub reach: Reach,
    /// Why, in the words shown to an auditor.
    pub reason: &'static str,
}

const fn rule(role: Role, permission: Permission, reach: Reach, reason: &'static str) -> Rule {
    Rule { role, permission, reach, reason }
}

const PUBLIC: &str = "办事指南向社会公开";
const OWN: &str = "本人办理自己的事";
const AGENT: &str = "受申请人委托代办";
const WINDOW: &str = "窗口统一收件、受理和出件";
const REVIEW: &str = "后台分类审核";
const DECIDE: &str = "审批人员对决定负责";
const HALL: &str = "大厅负责人管理本大厅";
const EDITOR: &str = "事项由事项管理员维护";
const SUPERVISE: &str = "效能监督员监督时限和服务";
const THREE: &str = "三员分立：系统、安全、审计各管一项，互相制约";

/// The whole table. What stands in no row is refused.
pub const MATRIX: &[Rule] = &[
    rule(Anonymous, ReadGuide, Reach::All, PUBLIC),
    rule(Citizen, ReadGuide, Reach::All, PUBLIC),
    rule(Citizen, Apply, Reach::All, "全城通办：可以向任何一个服务点申请"),
    rule(Citizen, ViewCase, Reach::Own, OWN),
    rule(Citizen, SupplementCase, Reach::Own, OWN),
    rule(Citizen, WithdrawCase, Reach::Own, OWN),
    rule(Citizen, RateService, Reach::Own, OWN),
    rule(Agent, ReadGuide, Reach::All, PUBLIC),
    rule(Agent, Apply, Reach::All, "全城通办：可以向任何一个服务点代为申请"),
    rule(Agent, ViewCase, Reach::Own, AGENT),
    rule(Agent, SupplementCase, Reach::Own, AGENT),
    rule(Agent, WithdrawCase, Reach::Own, AGENT),
    rule(WindowClerk, ReadGuide, Reach::All, PUBLIC),
    rule(WindowClerk, ViewCase, Reach::Subtree, WINDOW),
    rule(WindowClerk, ReceiveCase, Reach::Subtree, WINDOW),
    rule(WindowClerk, AcceptCase, Reach::Subtree, WINDOW),
    rule(WindowClerk, SupplementCase, Reach::Subtree, "窗口代群众录入补来的材料"),
    rule(WindowClerk, DeliverResult, Reach::Subtree, WINDOW),
    rule(WindowClerk, RevealPersonalData, Reach::Subtree, "窗口要核对证件，查看须写明理由并留痕"),
    rule(WindowClerk, CallTicket, Reach::Subtree, WINDOW),
    rule(Reviewer, ReadGuide, Reach::All, PUBLIC),
    rule(Reviewer, ViewCase, Reach::Subtree, REVIEW),
    rule(Reviewer, ReviewCase, Reach::Subtree, REVIEW),
    rule(Reviewer, StopClock, Reach::Subtree, "审核中需要听证、检测等特别程序（行政许可法第四十五条）"),
    rule(Reviewer, RevealPersonalData, Reach::Subtree, "审核要核对证件，查看须写明理由并留痕"),
    rule(Approver, ReadGuide, Reach::All, PUBLIC),
    rule(Approver, ViewCase, Reach::Subtree, DECIDE),
    rule(Approver, DecideCase, Reach::Subtree, DECIDE),
    rule(Approver, StopClock, Reach::Subtree, DECIDE),
    rule(Approver, RevealPersonalData, Reach::Subtree, "决定前核对证件，查看须写明理由并留痕"),
    rule(Approver, ConfirmCatalogue, Reach::Subtree, "事项变更由主管部门确认"),
    rule(Approver, ViewStatistics, Reach::Subtree, DECIDE),
    rule(HallManager, ReadGuide, Reach::All, PUBLIC),
    rule(HallManager, ViewCase, Reach::Subtree, HALL),
    rule(HallManager, CallTicket, Reach::Subtree, HALL),
    rule(HallManager, ManageHall, Reach::Subtree, HALL),
    rule(HallManager, HandleComplaint, Reach::Subtree, "现场投诉先由大厅处理"),
    rule(HallManager, ViewStatistics, Reach::Subtree, HALL),
    rule(CatalogueEditor, ReadGuide, Reach::All, PUBLIC),
    rule(CatalogueEditor, EditCatalogue, Reach::Subtree, EDITOR),
    rule(Supervisor, ReadGuide, Reach::All, PUBLIC),
    rule(Supervisor, ViewCase, Reach::Subtree, SUPERVISE),
    rule(Supervisor, SuperviseCase, Reach::Subtree, SUPERVISE),
    rule(Supervisor, HandleComplaint, Reach::Subtree, SUPERVISE),
    rule(Supervisor, ViewStatistics, Reach::Subtree, SUPERVISE),
    rule(Supervisor, ExportCases, Reach::Subtree, "监督取证需要清单，导出须写明理由并留痕"),
    rule(Supervisor, ReviewCatalogue, Reach::Subtree, "事项变更由辖市区政务办审核"),
    rule(SystemAdministrator, ManageAccounts, Reach::All, THREE),
    rule(SystemAdministrator, ConfigureSystem, Reach::All, THREE),
    rule(SecurityAdministrator, GrantRoles, Reach::All, THREE),
    rule(AuditAdministrator, ReadAuditLog, Reach::All, THREE),
    rule(DepartmentSystem, ReadGuide, Reach::All, PUBLIC),
    rule(
        DepartmentSystem,
        ViewCase,
        Reach::Subtree,
        "部门系统读取本单位及下级的办件；其他权限按安全管理员给的授权范围",
    ),
];
