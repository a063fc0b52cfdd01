//! Departments which implement items, and the service office 政务办.

use super::{CityError, table};
use domain::org::{DepartmentKey, OrgKind};
use serde::Deserialize;

const FILE: &str = "departments.csv";

/// A department with its names at the two levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Key, the same at both levels.
    pub key: DepartmentKey,
    /// [`OrgKind::Department`] or [`OrgKind::ServiceOffice`].
    pub kind: OrgKind,
    /// Short name as the list of items has it: 公安局.
    pub short: String,
    /// Full name at the city: 常州市公安局.
    pub city_name: String,
    /// Pattern of its name in a district 区; empty when it has no office there.
    pub district_pattern: String,
    /// Pattern of its name in a county-level city 县级市; empty when it has no office there.
    pub county_city_pattern: String,
}

impl Department {
    /// Its name in a district: `{市}`, `{区}` and `{简称}` (the district without 区) filled in; nothing when it has no office there.
    #[must_use]
    pub fn name_in(&self, city: &str, district: &str) -> Option<String> {
        let pattern =
            if district.ends_with('市') { &self.county_city_pattern } else { &self.district_pattern };
        let brief = district.trim_end_matches(['区', '县', '市']);
        (!pattern.is_empty())
            .then(|| pattern.replace("{市}", city).replace("{区}", district).replace("{简称}", brief))
    }
}

#[derive(Deserialize)]
struct Row {
    key: String,
    kind: String,
    short: String,
    city_name: String,
    district_pattern: String,
    county_city_pattern: String,
}

pub(super) fn parse(text: &str) -> Result<Vec<Department>, CityError> {
    let mut departments: Vec<Department> = Vec::new();
    for (line, row) in table::rows::<Row>(FILE, text)? {
        let kind = match row.kind.as_str() {
            "department" => OrgKind::Department,
            "service_office" => OrgKind::ServiceOffice,
            other => {
                return Err(CityError::at(
                    FILE,
                    line,
                    format!("kind“{other}”不对，请写department（部门）或service_office（政务办）"),
                ));
            }
        };
        if row.key.is_empty() || !row.key.bytes().all(|b| b.is_ascii_lowercase()) {
            return Err(CityError::at(FILE, line, "key只能是小写字母，请改正"));
        }
        if departments.iter().any(|known| known.key.0 == row.key || known.short == row.short) {
            return Err(CityError::at(FILE, line, format!("部门“{}”重复，请删去一行", row.short)));
        }
        departments.push(Department {
            key: DepartmentKey(row.key),
            kind,
            short: row.short,
            city_name: row.city_name,
            district_pattern: row.district_pattern,
            county_city_pattern: row.county_city_pattern,
        });
    }
    Ok(departments)
}
