//! The world as a decision sees it: who acts, when it happened, when it is entered, which days are worked.

use crate::kernel::{
    CitizenId, OrgId, StaffId,
    time::{WorkCalendar, legal_day},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// What a member of staff may do in the post held now. Which cases a post reaches is decided by the rights module.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    /// 窗口人员: receives, accepts, hands out.
    pub window: bool,
    /// 审核人员: claims and passes steps.
    pub reviewer: bool,
    /// 审批人员: decides, grants extensions.
    pub approver: bool,
    /// 监督人员: releases second notices, reassigns, ends cases.
    pub supervisor: bool,
    /// 代办员: submits for others.
    pub agent: bool,
    /// Authorised in writing to decide 即办 cases alone.
    pub decides_at_once: bool,
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A member of staff in a post.
    Staff {
        /// Who.
        id: StaffId,
        /// The organisation of the post.
        org: OrgId,
        /// What the post may do.
        roles: Roles,
    },
    /// The applicant or the person who applies for a firm.
    Citizen {
        /// Who.
        id: CitizenId,
    },
    /// The program itself, for what the law orders to happen by itself.
    System,
}

/// Who did something, as kept in an event: ids only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum Who {
    /// A member of staff.
    Staff {
        /// Who.
        id: StaffId,
        /// In which organisation's post.
        org: OrgId,
    },
    /// An applicant.
    Citizen {
        /// Who.
        id: CitizenId,
    },
    /// The program.
    System,
}

impl Who {
    /// The member of staff, if it was one.
    #[must_use]
    pub const fn staff(self) -> Option<StaffId> {
        if let Self::Staff { id, .. } = self { Some(id) } else { None }
    }
}

/// Everything a decision may look at besides the case and the command.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// When it happened 发生时间.
    pub at: Timestamp,
    /// When it is entered 录入时间; the same instant except for 补录.
    pub entered_at: Timestamp,
    /// Who acts.
    pub actor: Actor,
    /// The days worked, as known now.
    pub calendar: &'a WorkCalendar,
    /// The applicant has no record that excludes 容缺 and 告知承诺 (国办发〔2020〕42号).
    pub applicant_trusted: bool,
}

impl Facts<'_> {
    /// The legal day on which it happened.
    #[must_use]
    pub fn day(&self) -> Date {
        legal_day(self.at)
    }

    /// The roles of the actor; none for citizens and the program.
    #[must_use]
    pub fn roles(&self) -> Roles {
        if let Actor::Staff { roles, .. } = self.actor { roles } else { Roles::default() }
    }

    /// The acting member of staff.
    #[must_use]
    pub const fn staff(&self) -> Option<StaffId> {
        if let Actor::Staff { id, .. } = self.actor { Some(id) } else { None }
    }

    /// The organisation of the acting member of staff.
    #[must_use]
    pub const fn org(&self) -> Option<OrgId> {
        if let Actor::Staff { org, .. } = self.actor { Some(org) } else { None }
    }

    /// The actor as an event keeps it.
    #[must_use]
    pub const fn who(&self) -> Who {
        match self.actor {
            Actor::Staff { id, org, .. } => Who::Staff { id, org },
            Actor::Citizen { id } => Who::Citizen { id },
            Actor::System => Who::System,
        }
    }
}
