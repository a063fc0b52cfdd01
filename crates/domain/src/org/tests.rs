//! Division codes, paths and stable ids.

use super::{Level, OrgPath, RegionCode, stable_id};
use proptest::prelude::*;

fn region(text: &str) -> RegionCode {
    text.parse().unwrap()
}

#[test]
fn a_village_climbs_to_its_province() {
    let village = region("320402001001");
    assert_eq!(village.level(), Some(Level::Village));
    let town = village.parent().unwrap();
    assert_eq!((town.as_str(), town.level()), ("320402001", Some(Level::Town)));
    let district = town.parent().unwrap();
    assert_eq!((district.as_str(), district.level()), ("320402", Some(Level::District)));
    let city = district.parent().unwrap();
    assert_eq!((city.as_str(), city.level()), ("320400", Some(Level::City)));
    let province = city.parent().unwrap();
    assert_eq!((province.as_str(), province.level(), province.parent()), ("320000", None, None));
}

#[test]
fn a_code_filled_with_zeros_is_the_same_division() {
    assert_eq!(region("320402000000"), region("320402"));
    assert_eq!(region("320402001000"), region("320402001"));
    assert_eq!(region("320402001").padded(), "320402001000");
}

#[test]
fn what_is_no_division_code_is_refused_with_a_sentence() {
    for text in ["", "3204", "32040a", "３２０４０２", "020402", "320400001", "3204020010011"] {
        let refused = text.parse::<RegionCode>().unwrap_err();
        assert!(refused.to_string().contains("区划代码"), "{text}");
    }
}

#[test]
fn a_subtree_contains_itself_and_what_is_below_but_no_neighbour() {
    let city = OrgPath::root("320400");
    let town = city.child("320402").child("320402001");
    assert_eq!(town.as_str(), "320400/320402/320402001/");
    assert!(city.contains(&town) && town.contains(&town) && !town.contains(&city));
    assert!(!city.child("32040").contains(&town));
    assert_eq!(town.parent(), Some(city.child("320402")));
    assert_eq!((city.parent(), city.depth(), town.depth()), (None, 0, 2));
    assert_eq!(OrgPath::from_stored("320400/320402"), city.child("320402"));
}

#[test]
fn a_stable_id_never_changes_and_says_it_is_our_own_scheme() {
    let id = stable_id("org", "320402001");
    assert_eq!(id, stable_id("org", "320402001"));
    assert_ne!(id, stable_id("item", "320402001"));
    assert_ne!(stable_id("a", "bc"), stable_id("ab", "c"));
    assert_eq!(id.get_version_num(), 8);
    assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
}

proptest! {
    #[test]
    fn parsing_any_text_answers_without_a_panic(text in "\\PC{0,14}|[0-9]{0,14}") {
        if let Ok(code) = text.parse::<RegionCode>() {
            prop_assert_eq!(code.as_str().parse::<RegionCode>().unwrap(), code);
        }
    }
}
