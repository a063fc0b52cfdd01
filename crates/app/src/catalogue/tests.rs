//! The catalogue of the embedded city.

use super::{Catalogue, Filter};
use crate::city::City;

fn catalogue() -> Catalogue {
    Catalogue::from_city(&City::embedded().unwrap())
}

#[test]
fn an_item_is_found_by_its_number_and_by_both_of_its_codes() {
    let all = catalogue();
    for entry in all.items() {
        let basic = entry.item.identity.basic_code.value.as_str();
        for code in [entry.slug().as_str(), entry.code.as_str(), basic] {
            assert_eq!(all.item(code).map(|found| found.no()), Some(entry.no()), "{code}");
        }
    }
    for nothing in ["", "1", "0088", "999", "000000000000", "８８"] {
        assert!(all.item(nothing).is_none(), "{nothing}");
    }
}

#[test]
fn a_made_up_code_says_so() {
    let all = catalogue();
    assert!(all.items().iter().all(super::Entry::has_made_up_code));
}

#[test]
fn every_town_has_its_hall_under_its_district() {
    let all = catalogue();
    assert_eq!(all.districts().len(), 6);
    let halls: Vec<_> = all.districts().iter().flat_map(|district| &district.halls).collect();
    assert_eq!(halls.iter().filter(|hall| !hall.zone_only).count(), 62);
    assert_eq!(halls.iter().filter(|hall| hall.zone_only).count(), 1);
    assert_eq!(halls.iter().map(|hall| hall.villages.len()).sum::<usize>(), 1035);
    let first = &all.districts()[0].halls[0];
    assert_eq!((first.code.as_str(), first.name.as_str()), ("320402001", "雕庄街道为民服务中心"));
    assert!(first.villages.iter().any(|village| village.name == "朝阳村便民服务中心"));
}

#[test]
fn a_list_goes_on_after_its_last_number_and_stays_in_its_department() {
    let all = catalogue();
    let wanted = Filter { department: "残联", ..Filter::default() };
    let first = all.list(wanted, 0, 3);
    assert_eq!(first.rows.iter().map(|entry| entry.no()).collect::<Vec<_>>(), [167, 168, 169]);
    assert_eq!(first.next, Some(169));
    let rest = all.list(wanted, 169, 3);
    assert_eq!((rest.rows.len(), rest.next), (1, None));
}

#[test]
fn a_search_stays_in_the_department_and_the_theme_it_is_asked_for() {
    let all = catalogue();
    let numbers = |typed: &str, wanted: Filter| -> Vec<u16> {
        all.search(typed, wanted).matches.iter().map(|found| found.entry.no()).collect()
    };
    let anywhere = numbers("信息查询", Filter::default());
    let police = numbers("信息查询", Filter { department: "公安局", ..Filter::default() });
    assert!(anywhere.len() > police.len() && police.iter().all(|no| *no <= 100));
    let firms = numbers("参保登记", Filter { theme: "社会保障", firms: true, ..Filter::default() });
    assert!(firms.contains(&163) && !firms.contains(&149), "{firms:?}");
}

#[test]
fn no_theme_is_asked_for_in_vain() {
    let all = catalogue();
    for entry in all.items() {
        let themes = &entry.item.guide.themes;
        for (of, firms) in [(&themes.personal, false), (&themes.corporate, true)] {
            for theme in of {
                let listed = all.list(Filter { theme, firms, ..Filter::default() }, entry.no() - 1, 1);
                assert_eq!(listed.rows[0].no(), entry.no());
            }
        }
    }
}
