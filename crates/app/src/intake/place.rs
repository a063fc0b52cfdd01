//! Where an application goes: the hall that takes it in, who reviews first, and the office that decides.

use domain::cases::{Places, Terms, joined, terms_of};
use domain::catalogue::Item;
use domain::kernel::OrgId;
use domain::org::RegionCode;

use crate::city::City;

/// The hall of a town or village 受理单位; nothing where nobody is served.
#[must_use]
pub fn hall_at(city: &City, place: &RegionCode) -> Option<OrgId> {
    city.hall_of(place).map(|hall| hall.id)
}

/// The organisations of a case of this item that this organisation accepts. The first review of a 上报件 is the town's; the
/// decision lies with the nearest office of the department: in the district, and where it has none there, in the city.
#[must_use]
pub fn places(city: &City, item: &Item, accepting: OrgId) -> Option<Places> {
    let org = city.org(accepting)?;
    let cut = |len: usize| org.region.as_str().get(..len).and_then(|code| code.parse::<RegionCode>().ok());
    let town_hall = cut(9).and_then(|town| city.hall_of(&town)).map(|hall| hall.id);
    let district = cut(6).unwrap_or_else(|| city.code.clone());
    let office = city.department_at(&item.subject.department, &district)?;
    Some(Places { accepting, first_review: town_hall.unwrap_or(accepting), deciding: office.id })
}

/// The offices of the departments 联办机构 that review side by side: the nearest ones, as for the implementing department.
fn joint(city: &City, item: &Item, accepting: OrgId) -> Vec<OrgId> {
    let place = city.org(accepting).and_then(|org| org.region.as_str().get(..6)?.parse().ok());
    let district = place.unwrap_or_else(|| city.code.clone());
    let offices = item.handling.joint.iter().filter_map(|key| city.department_at(key, &district));
    offices.map(|office| office.id).collect()
}

/// The terms of a case of this item that this organisation accepts, with what it may decide on the spot; nothing when
/// the department has no office.
#[must_use]
pub fn terms_at(city: &City, item: &Item, accepting: OrgId) -> Option<Terms> {
    let terms = joined(terms_of(item, places(city, item, accepting)?), &joint(city, item, accepting));
    Some(Terms {
        immediate_authorised: terms.immediate_authorised && city.decides_at_once(accepting, item.id),
        ..terms
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::org::Level;

    #[test]
    fn every_item_of_the_city_has_somebody_who_decides_wherever_it_is_handed_in() {
        let city = City::embedded().unwrap();
        let village = city.halls().find(|hall| hall.level == Level::Village).unwrap();
        let town = city.halls().find(|hall| hall.level == Level::Town).unwrap();
        for item in &city.items {
            for hall in [village, town] {
                let terms = terms_at(&city, item, hall.id).unwrap();
                assert!(
                    terms.steps.iter().all(|step| city.org(step.org).is_some()),
                    "{}",
                    item.identity.name
                );
            }
        }
    }

    #[test]
    fn what_a_village_hands_in_is_reviewed_by_its_town_and_decided_in_its_district() {
        let city = City::embedded().unwrap();
        let village = city.halls().find(|hall| hall.level == Level::Village).unwrap();
        let with_office = |item: &&Item| {
            let at = places(&city, item, village.id).unwrap();
            city.org(at.deciding).unwrap().level == Level::District
        };
        let item = city.items.iter().find(with_office).expect("some department has offices in the districts");
        let at = places(&city, item, village.id).unwrap();
        let (first, office) = (city.org(at.first_review).unwrap(), city.org(at.deciding).unwrap());
        assert_eq!(first.level, Level::Town);
        assert!(village.region.as_str().starts_with(first.region.as_str()));
        assert!(village.region.as_str().starts_with(office.region.as_str()));
    }

    #[test]
    fn departments_named_beside_the_implementing_one_review_side_by_side_with_it() {
        let city = City::embedded().unwrap();
        let town = city.halls().find(|hall| hall.level == Level::Town).unwrap();
        let promised = |item: &&Item| item.regime.value == domain::catalogue::Regime::Promised;
        let item = city.items.iter().find(promised).unwrap();
        let other =
            city.items.iter().map(|i| &i.subject.department).find(|key| **key != item.subject.department);
        let mut joint = item.clone();
        joint.handling.joint = vec![other.unwrap().clone()];
        let alone = terms_at(&city, item, town.id).unwrap();
        let together = terms_at(&city, &joint, town.id).unwrap();
        assert_eq!(together.steps.len(), alone.steps.len() + 1);
        let first = together.steps.iter().map(|step| step.stage).min().unwrap();
        let beside: Vec<_> = together.steps.iter().filter(|step| step.stage == first).collect();
        assert_eq!(beside.len(), 2);
        assert!(beside[0].org != beside[1].org && city.org(beside[1].org).is_some());
    }
}
