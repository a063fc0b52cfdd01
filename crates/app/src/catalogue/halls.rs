//! The halls: one 为民服务中心 in every town and street that is a service unit (管理规则; divisions of 2023).

use super::read::{BadData, rows};
use serde::Deserialize;
use std::collections::HashSet;

const DIVISIONS: &str = include_str!("../../../../data/divisions.csv");
const META: &str = include_str!("../../../../data/divisions_meta.csv");

/// A district 区 / 县级市 with its halls.
#[derive(Debug)]
pub struct District {
    /// Six digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The halls of its towns, by code.
    pub halls: Vec<Hall>,
}

/// The hall of one town or street.
#[derive(Debug)]
pub struct Hall {
    /// The nine digits of the town.
    pub code: String,
    /// Town or street.
    pub town: String,
    /// Its standard name.
    pub name: String,
    /// The villages and communities 村（社区） it serves, by name.
    pub villages: Vec<String>,
}

#[derive(Deserialize)]
struct Division {
    code: String,
    parent: String,
    level: String,
    name: String,
}

#[derive(Deserialize)]
struct Meta {
    code: String,
    service_unit: u8,
}

/// The districts in the order of their codes.
pub(super) fn read() -> Result<Vec<District>, BadData> {
    let idle: HashSet<String> = rows::<Meta>("divisions_meta.csv", META)?
        .into_iter()
        .filter(|meta| meta.service_unit == 0)
        .map(|meta| meta.code)
        .collect();
    let mut all: Vec<Division> = rows("divisions.csv", DIVISIONS)?;
    all.retain(|division| !idle.contains(&division.code));
    all.sort_by(|a, b| a.code.cmp(&b.code));
    let of = |level: &'static str, parent: &str| {
        let parent = parent.to_owned();
        all.iter().filter(move |division| division.level == level && division.parent == parent)
    };
    let hall = |town: &Division| Hall {
        code: town.code.clone(),
        town: town.name.clone(),
        name: format!("{}为民服务中心", town.name),
        villages: of("village", &town.code).map(|village| village.name.clone()).collect(),
    };
    let districts = all.iter().filter(|division| division.level == "district");
    Ok(districts
        .map(|district| District {
            code: district.code.clone(),
            name: district.name.clone(),
            halls: of("town", &district.code).map(hall).collect(),
        })
        .collect())
}
