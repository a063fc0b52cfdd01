//! Halls as people look for them: by district, by town, with the villages and communities each one serves.

use crate::city::{City, DivisionKind};
use domain::org::Level;

/// A district 区 or county-level city 县级市 with its halls.
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
    /// A functional zone that no list of towns names: people there ask first which hall is theirs.
    pub zone_only: bool,
    /// The zone without a code of its own that runs the town, such as 经开区.
    pub run_by: Option<String>,
    /// The halls of its villages and communities 村（社区）.
    pub villages: Vec<VillageHall>,
}

/// The hall of a village or community.
#[derive(Debug)]
pub struct VillageHall {
    /// The village or community.
    pub village: String,
    /// The standard name of its hall.
    pub name: String,
}

/// The districts in the order of their codes.
pub(super) fn of(city: &City) -> Vec<District> {
    let mut districts: Vec<District> = city
        .divisions
        .iter()
        .filter(|division| division.level == Level::District)
        .map(|district| District {
            code: district.code.to_string(),
            name: district.name.clone(),
            halls: halls(city, &district.code),
        })
        .collect();
    districts.sort_by(|a, b| a.code.cmp(&b.code));
    districts
}

fn halls(city: &City, district: &domain::org::RegionCode) -> Vec<Hall> {
    let mut halls: Vec<Hall> = city
        .divisions_under(district)
        .filter_map(|town| {
            Some(Hall {
                code: town.code.to_string(),
                town: town.name.clone(),
                name: city.hall_of(&town.code)?.name.clone(),
                zone_only: town.kind == DivisionKind::FunctionalZone,
                run_by: town.zone.clone(),
                villages: villages(city, &town.code),
            })
        })
        .collect();
    halls.sort_by(|a, b| a.code.cmp(&b.code));
    halls
}

fn villages(city: &City, town: &domain::org::RegionCode) -> Vec<VillageHall> {
    let below = city.divisions_under(town);
    below
        .filter_map(|village| {
            let name = city.hall_of(&village.code)?.name.clone();
            Some(VillageHall { village: village.name.clone(), name })
        })
        .collect()
}
