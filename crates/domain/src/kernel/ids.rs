//! Typed ids: a case id cannot be passed where an organisation id is wanted.
//!
//! All ids are UUIDs made by the application's id source (version 7, so they sort by the time they were made).

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// A text which is not an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadId {
    /// Which kind of id was wanted.
    pub kind: &'static str,
}

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "编号（{}）格式不对，请从列表里重新打开", self.kind)
    }
}

impl std::error::Error for BadId {}

/// Declares id newtypes over [`Uuid`].
#[macro_export]
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id as stored: 16 bytes, big endian.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Uuid::from_str(text).map(Self).map_err(|_| BadId { kind: stringify!($name) })
            }
        }
    )*};
}

id! {
    /// A case 办件.
    CaseId,
    /// An application 申请, before it is received as a case.
    ApplicationId,
    /// An organisation 机构: city, district, town or village unit, department.
    OrgId,
    /// A member of staff 工作人员.
    StaffId,
    /// A citizen 自然人 with an account or a file.
    CitizenId,
    /// A legal person 法人 or other organisation that applies.
    LegalPersonId,
    /// A stored file 文件.
    FileId,
    /// Who took a result at the window 领取人, as noted there.
    ReceiverId,
    /// A service item 事项.
    ItemId,
    /// One published version of an item 事项版本.
    ItemVersionId,
    /// One material 材料 of a guide.
    MaterialId,
    /// A hall 服务大厅 (town or village centre).
    HallId,
    /// A service window 窗口 of a hall.
    WindowId,
    /// A queue ticket 排队号.
    TicketId,
    /// A booking 预约.
    BookingId,
    /// A licence 证照.
    LicenceId,
    /// A rating 评价.
    RatingId,
    /// A work order 工单 (bad rating, complaint, supervision).
    WorkOrderId,
    /// A legal document 文书 issued in a case.
    DocumentId,
    /// A login session.
    SessionId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_text_and_json() {
        let id = CaseId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
        assert_eq!(id.to_string().parse::<CaseId>(), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<CaseId>(&json).unwrap(), id);
    }

    #[test]
    fn a_text_that_is_no_id_is_refused_with_a_sentence() {
        let refused = "办件".parse::<CaseId>().unwrap_err();
        assert_eq!(refused.kind, "CaseId");
        assert!(refused.to_string().contains("请从列表里重新打开"));
    }
}
