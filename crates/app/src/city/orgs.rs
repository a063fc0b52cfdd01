//! The tree of organisations: government and departments at city and district, a hall in every town and village.

use super::{CityError, Department, Division};
use domain::{
    kernel::OrgId,
    org::{Level, NameSource, Office, Org, OrgKind, OrgPath, RegionCode, stable_id},
};
use std::collections::{HashMap, HashSet};

pub(super) fn build(divisions: &[Division], departments: &[Department]) -> Result<Vec<Org>, CityError> {
    let mut paths: HashMap<&RegionCode, OrgPath> = HashMap::new();
    let mut orgs = Vec::with_capacity(divisions.len() + 100);
    let city = divisions.first().map(|division| division.name.as_str()).unwrap_or_default();
    for division in divisions {
        let key = division.code.as_str();
        let path = match &division.parent {
            None => OrgPath::root(key),
            Some(parent) => paths.get(parent).map(|path| path.child(key)).ok_or_else(|| {
                CityError::whole("divisions.csv", format!("{key}的上级{parent}不设服务机构，请核对"))
            })?,
        };
        paths.insert(&division.code, path.clone());
        orgs.push(unit(division, &path));
        if matches!(division.level, Level::City | Level::District) {
            orgs.extend(
                departments.iter().filter_map(|department| office(department, division, &path, city)),
            );
        }
    }
    let mut seen = HashSet::new();
    match orgs.iter().find(|org| !seen.insert(org.id)) {
        Some(org) => Err(CityError::whole(
            "divisions.csv",
            format!("机构“{}”的编号与别的机构相同，请核对代码", org.name),
        )),
        None => Ok(orgs),
    }
}

/// The government of a city or district, or the hall of a town or village; hall names as the city's document has them
/// (镇、街道为民服务中心, 村、社区便民服务中心).
fn unit(division: &Division, path: &OrgPath) -> Org {
    let (kind, suffix, name_source) = match division.level {
        Level::City | Level::District => (OrgKind::Government, "人民政府", NameSource::Pattern),
        Level::Town => (OrgKind::TownHall, "为民服务中心", NameSource::Given),
        Level::Village => (OrgKind::VillageHall, "便民服务中心", NameSource::Given),
    };
    Org {
        id: OrgId(stable_id("org", path.as_str())),
        path: path.clone(),
        name: format!("{}{suffix}", division.name),
        short: division.name.clone(),
        kind,
        level: division.level,
        region: division.code.clone(),
        department: None,
        zone: division.zone.clone(),
        name_source,
        office: Office::default(),
    }
}

/// A department's office in a city or district, where it has one.
fn office(department: &Department, division: &Division, above: &OrgPath, city: &str) -> Option<Org> {
    let (name, name_source) = match division.level {
        Level::City if department.kind == OrgKind::Department => {
            (department.city_name.clone(), NameSource::Given)
        }
        Level::City => (department.city_name.clone(), NameSource::Pattern),
        _ => (department.name_in(city, &division.name)?, NameSource::Pattern),
    };
    let path = above.child(department.key.as_str());
    Some(Org {
        id: OrgId(stable_id("org", path.as_str())),
        path,
        name,
        short: department.short.clone(),
        kind: department.kind,
        level: division.level,
        region: division.code.clone(),
        department: Some(department.key.clone()),
        zone: None,
        name_source,
        office: Office::default(),
    })
}
