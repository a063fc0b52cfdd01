//! Organisations of a city and how they stand under one another: city ▸ district ▸ town ▸ village.
//!
//! Rights are given for a subtree, so every organisation carries its [`OrgPath`]. Names are data: this module knows the
//! kinds and the levels, never the name of a city or of a department.

mod hours;
mod notice_text;
mod office;
#[cfg(test)]
mod office_tests;
mod path;
mod region;
mod stable;
#[cfg(test)]
mod tests;
mod workdays;
#[cfg(test)]
mod workdays_tests;

pub use hours::{Hours, HoursError, Span};
pub use notice_text::{BadLine, line_of, parse_days};
pub use office::{
    Closure, Description, LONGEST_ADDRESS, LONGEST_BASIS, LONGEST_NAME, LONGEST_SHORT, Office, OfficeChange,
    OfficeCommand, OfficeEvent, OfficeFacts, OfficeRefusal, decide_office,
};
pub use path::OrgPath;
pub use region::{BadRegion, RegionCode};
pub use stable::stable_id;
pub use workdays::{
    DayChange, DayMeaning, Notice, Withdrawal, Workdays, WorkdaysChange, WorkdaysCommand, WorkdaysEvent,
    WorkdaysRefusal,
};

use crate::kernel::OrgId;
use serde::{Deserialize, Serialize};

/// The four levels of government service in a city 四级.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 市.
    City,
    /// 辖市、区.
    District,
    /// 镇（街道）.
    Town,
    /// 村（社区）.
    Village,
}

impl Level {
    /// The word people use for the level.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::City => "市",
            Self::District => "辖市、区",
            Self::Town => "镇（街道）",
            Self::Village => "村（社区）",
        }
    }

    /// Code of 行使层级 in GB/T 39046—2020 annex A: 3 city, 4 county, 5 town, 6 village.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::City => "3",
            Self::District => "4",
            Self::Town => "5",
            Self::Village => "6",
        }
    }
}

/// What an organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrgKind {
    /// The government of a city or district 人民政府.
    Government,
    /// A department which implements items 部门.
    Department,
    /// The office which runs government service 政务办: reviews and confirms changes of the catalogue.
    ServiceOffice,
    /// The hall of a town or street 镇（街道）为民服务中心.
    TownHall,
    /// The hall of a village or community 村（社区）便民服务中心.
    VillageHall,
}

impl OrgKind {
    /// Whether people come to it to have something handled.
    #[must_use]
    pub const fn is_hall(self) -> bool {
        matches!(self, Self::TownHall | Self::VillageHall)
    }
}

/// The key of a department, the same at all levels: `police` for 公安局. Given by the city's data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DepartmentKey(pub String);

impl DepartmentKey {
    /// The key as text, as it stands in addresses and in paths.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the name of an organisation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameSource {
    /// Given in the data of the city.
    Given,
    /// Made by a naming pattern; a city checks it before it goes on paper.
    Pattern,
}

/// One organisation 机构.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Org {
    /// The same in every installation that loads the same data; see [`stable_id`].
    pub id: OrgId,
    /// Its place in the tree.
    pub path: OrgPath,
    /// Full name as it stands on the door: 雕庄街道为民服务中心.
    pub name: String,
    /// Short name for narrow columns: 雕庄街道, 公安局.
    pub short: String,
    /// What it is.
    pub kind: OrgKind,
    /// Its level.
    pub level: Level,
    /// The division it serves.
    pub region: RegionCode,
    /// Its department, for [`OrgKind::Department`] and [`OrgKind::ServiceOffice`].
    pub department: Option<DepartmentKey>,
    /// The functional zone without a code of its own that runs it, such as 经开区.
    pub zone: Option<String>,
    /// Where the name comes from.
    pub name_source: NameSource,
    /// What administrators keep about it: hours, telephone, whether it serves.
    #[serde(default)]
    pub office: Office,
}

impl Org {
    /// The organisation with what administrators keep about it.
    #[must_use]
    pub fn with_office(&self, office: &Office) -> Self {
        let mut org = self.clone();
        if let Some(name) = &office.name {
            org.name.clone_from(name);
            org.name_source = NameSource::Given;
        }
        if let Some(short) = &office.short {
            org.short.clone_from(short);
        }
        org.office = office.clone();
        org
    }

    /// Whether it serves anybody at present.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.office.closed.is_none()
    }
}
