//! Who stands behind a paper: the word of an organisation in document numbers, and where whoever disagrees can turn.

use ::papers::{Matter, Remedies};
use domain::catalogue::BodyNature;
use domain::org::{Level, Org, OrgKind, OrgPath};

use crate::city::City;

/// The organisation at a place in the tree.
fn at<'a>(city: &'a City, path: &OrgPath) -> Option<&'a Org> {
    city.orgs.iter().find(|org| org.path == *path)
}

/// What a document number begins with: the short names from the district down, so that no two organisations share it.
/// A department has its full name.
pub fn word(city: &City, org: &Org) -> String {
    if !org.kind.is_hall() {
        return org.name.clone();
    }
    let mut names = vec![org.short.as_str()];
    let mut path = org.path.parent();
    while let Some(above) =
        path.as_ref().and_then(|path| at(city, path)).filter(|org| org.level != Level::City)
    {
        names.push(above.short.as_str());
        path = above.path.parent();
    }
    names.iter().rev().copied().collect()
}

/// The organ of reconsideration 复议机关 by 行政复议法 (2023) art. 24: for a department the government of its level, for a
/// government (and for what acts at a town) the government above. Above the city nobody is known by name.
fn review_organ(city: &City, org: Option<&Org>) -> String {
    let government = |path: Option<OrgPath>| {
        let mut path = path;
        while let Some(here) = path {
            match at(city, &here) {
                Some(org) if org.kind == OrgKind::Government => return Some(org.name.clone()),
                _ => path = here.parent(),
            }
        }
        None
    };
    let above = org.and_then(|org| government(org.path.parent()));
    above.unwrap_or_else(|| "上一级人民政府".to_owned())
}

/// The remedies told with a refusal. A service of a body that is neither organ nor authorised by law has no administrative
/// remedy; any other service may be an administrative act in the single case.
pub fn remedies(
    city: &City,
    org: Option<&Org>,
    matter: Matter,
    nature: Option<BodyNature>,
    told: domain::cases::Remedies,
    contact: &str,
) -> Remedies {
    let name = org.map_or("办理机构", |org| org.name.as_str());
    let contact = if contact.is_empty() { String::new() } else { format!("（{contact}）") };
    let complain_to = format!("{name}{contact}");
    match matter {
        Matter::Service if nature == Some(BodyNature::Other) => Remedies::Complaint { complain_to },
        Matter::Service => {
            Remedies::Service { complain_to, review_days: told.review_days, suit_months: told.suit_months }
        }
        _ => Remedies::Act {
            review_organ: review_organ(city, org),
            review_days: told.review_days,
            court: "有管辖权的人民法院".to_owned(),
            suit_months: told.suit_months,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::cases::REMEDIES;

    fn by_name<'a>(city: &'a City, name: &str) -> &'a Org {
        city.orgs.iter().find(|org| org.name == name).expect("an organisation of the city")
    }

    #[test]
    fn who_disagrees_turns_to_the_government_of_the_level_or_the_one_above() {
        let city = City::embedded().expect("the embedded city");
        let organ = |name: &str| match remedies(
            &city,
            Some(by_name(&city, name)),
            Matter::Payment,
            Some(BodyNature::StatutoryOrgan),
            REMEDIES,
            "",
        ) {
            Remedies::Act { review_organ, review_days: 60, suit_months: 6, .. } => review_organ,
            other => panic!("{other:?}"),
        };
        assert_eq!(organ("常州市民政局"), "常州市人民政府");
        assert_eq!(organ("天宁区民政局"), "天宁区人民政府");
        assert_eq!(organ("雕庄街道为民服务中心"), "天宁区人民政府");
        assert_eq!(organ("天宁区人民政府"), "常州市人民政府");
        assert_eq!(organ("常州市人民政府"), "上一级人民政府");
    }

    #[test]
    fn a_body_without_power_tells_of_complaints_only() {
        let city = City::embedded().expect("the embedded city");
        let union = Some(by_name(&city, "常州市总工会"));
        let told = remedies(&city, union, Matter::Service, Some(BodyNature::Other), REMEDIES, "电话12345");
        assert_eq!(told, Remedies::Complaint { complain_to: "常州市总工会（电话12345）".into() });
    }

    #[test]
    fn no_two_organisations_share_the_word_in_their_numbers() {
        let city = City::embedded().expect("the embedded city");
        let mut words: Vec<String> = city.orgs.iter().map(|org| word(&city, org)).collect();
        assert!(words.contains(&"天宁区雕庄街道".to_owned()), "{:?}", &words[..40]);
        let all = words.len();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), all);
    }
}
