//! What the embedded city holds, and that another folder of the same files works.

use super::{City, DivisionKind, divisions::village_name};
use domain::{
    catalogue::{CaseCode, Coverage, ImplementationCode, Regime, Severity, lint},
    org::{Level, NameSource, OrgKind, RegionCode},
};
use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

fn city() -> City {
    City::embedded().unwrap()
}

fn code(text: &str) -> RegionCode {
    text.parse().unwrap()
}

#[test]
fn the_city_has_182_items_of_9_departments_and_32_of_them_only_at_some_halls() {
    let city = city();
    assert_eq!((city.name.as_str(), city.code.as_str()), ("常州市", "320400"));
    assert_eq!(city.items.iter().map(|item| item.seq).collect::<Vec<_>>(), (1..=182).collect::<Vec<_>>());
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for item in &city.items {
        *counts.entry(item.subject.short_name.as_str()).or_default() += 1;
    }
    let expected = [
        ("公安局", 100),
        ("公积金", 13),
        ("卫计委", 10),
        ("人社局", 28),
        ("总工会", 14),
        ("房管局", 1),
        ("档案局", 8),
        ("残联", 4),
        ("民政局", 4),
    ];
    assert_eq!(counts, expected.into_iter().collect());
    assert_eq!(city.items.iter().filter(|item| item.coverage == Coverage::Partial).count(), 32);
    let regimes = |regime| city.items.iter().filter(|item| item.regime.value == regime).count();
    assert_eq!(regimes(Regime::Immediate) + regimes(Regime::Promised) + regimes(Regime::ReportUp), 182);
    assert_eq!(city.items.iter().filter(|item| item.guide.written).count(), 25);
}

#[test]
fn six_districts_have_62_established_towns_and_one_functional_zone() {
    let city = city();
    let count = |level| city.divisions.iter().filter(|division| division.level == level).count();
    assert_eq!((count(Level::City), count(Level::District)), (1, 6));
    let towns: Vec<_> = city.divisions.iter().filter(|division| division.level == Level::Town).collect();
    let zones: Vec<_> = towns
        .iter()
        .filter(|town| town.kind == DivisionKind::FunctionalZone)
        .map(|town| town.name.as_str())
        .collect();
    assert_eq!((towns.len() - zones.len(), zones), (62, vec!["茅山旅游度假区"]));
    let kinds = |kind| towns.iter().filter(|town| town.kind == kind).count();
    assert_eq!((kinds(DivisionKind::Street), kinds(DivisionKind::Town)), (29, 33));
    let skipped: Vec<_> = city
        .skipped
        .iter()
        .filter(|division| division.level == Level::Town)
        .map(|town| town.name.as_str())
        .collect();
    assert_eq!(skipped, ["西太湖生态休闲区", "太湖旅游度假区", "常州监狱", "溧阳监狱"]);
}

#[test]
fn four_streets_that_statistics_list_as_zones_carry_their_established_names() {
    let city = city();
    let pairs = [
        ("320412411", "南夏墅街道", "高新区"),
        ("320412400", "西湖街道", "武进经济开发区"),
        ("320413400", "东城街道", "经济开发区"),
        ("320413402", "尧塘街道", "华罗庚高新区"),
    ];
    for (at, name, listed) in pairs {
        let town = city.division(&code(at)).unwrap();
        assert_eq!(
            (town.name.as_str(), town.listed_name.as_str(), town.kind),
            (name, listed, DivisionKind::Street)
        );
    }
}

#[test]
fn every_district_has_its_villages_and_communities() {
    let city = city();
    let count = |list: &[super::Division], district: &str| {
        list.iter()
            .filter(|division| {
                division.level == Level::Village && division.code.as_str().starts_with(district)
            })
            .count()
    };
    // (listed by the statistics office, of which for statistics only)
    let expected = [
        ("320402", 125, 1),
        ("320404", 105, 1),
        ("320411", 147, 7),
        ("320412", 297, 3),
        ("320413", 131, 0),
        ("320481", 244, 2),
    ];
    for (district, listed, skipped) in expected {
        assert_eq!(
            (count(&city.divisions, district), count(&city.skipped, district)),
            (listed - skipped, skipped),
            "{district}"
        );
    }
}

#[test]
fn every_town_and_village_has_one_hall_named_by_the_standard() {
    let city = city();
    let served = city.divisions.iter().filter(|division| division.level >= Level::Town).count();
    assert_eq!((served, city.halls().count()), (63 + 1035, 63 + 1035));
    let regions: HashSet<_> = city.halls().map(|hall| &hall.region).collect();
    assert_eq!(regions.len(), served);
    let name = |at: &str| city.hall_of(&code(at)).unwrap().name.clone();
    assert_eq!(name("320402001"), "雕庄街道为民服务中心");
    assert_eq!(name("320412400"), "西湖街道为民服务中心");
    assert_eq!(name("320402001001"), "朝阳花园社区便民服务中心");
    assert_eq!(name("320402001204"), "朝阳村便民服务中心");
    assert_eq!(
        city.hall_of(&code("320402001001")).unwrap().path.as_str(),
        "320400/320402/320402001/320402001001/"
    );
    assert!(city.hall_of(&code("320481400")).is_none(), "a prison has no hall");
}

#[test]
fn village_names_lose_their_committee_and_keep_what_tells_them_apart() {
    let pairs = [
        ("东青社区居委会（含东青村村委）", "东青社区"),
        ("河滨居委会", "河滨社区"),
        ("阖闾城村委会", "阖闾城村"),
        ("东头村社区居民委员会", "东头村社区"),
        ("濑江新村居委会", "濑江新村社区"),
        ("方麓茶场村委会", "方麓茶场村"),
        ("创意产业园社区", "创意产业园社区"),
    ];
    for (listed, name) in pairs {
        assert_eq!(village_name(listed), name);
    }
}

#[test]
fn the_development_zone_without_a_code_runs_six_towns() {
    let city = city();
    let towns: Vec<_> = city
        .divisions
        .iter()
        .filter(|division| {
            division.level == Level::Town
                && division.zone.as_deref().is_some_and(|zone| zone.contains("经开区"))
        })
        .collect();
    assert!(towns.iter().all(|town| town.code.as_str().starts_with("320412")));
    assert_eq!(towns.len(), 6, "three streets and three towns: {towns:?}");
}

#[test]
fn departments_have_full_names_at_the_city_and_marked_ones_in_the_districts() {
    let city = city();
    let at = |key: &str, region: &str| {
        city.department_at(&domain::org::DepartmentKey(key.to_owned()), &code(region))
            .map(|org| (org.name.as_str(), org.name_source))
            .unwrap()
    };
    assert_eq!(at("health", "320400"), ("常州市卫生和计划生育委员会", NameSource::Given));
    assert_eq!(at("police", "320402"), ("常州市公安局天宁分局", NameSource::Pattern));
    assert_eq!(at("police", "320481"), ("溧阳市公安局", NameSource::Pattern));
    assert_eq!(
        at("fund", "320402"),
        ("常州市住房公积金管理中心", NameSource::Given),
        "the fund answers at the city only"
    );
    assert_eq!(city.orgs.iter().filter(|org| org.kind == OrgKind::ServiceOffice).count(), 7);
    assert_eq!(city.orgs.iter().filter(|org| org.kind == OrgKind::Department).count(), 9 + 6 * 8);
    assert_eq!(city.orgs.iter().filter(|org| org.kind == OrgKind::Government).count(), 7);
}

#[test]
fn no_code_and_no_id_is_there_twice() {
    let city = city();
    let unique = |all: Vec<String>| all.iter().collect::<HashSet<_>>().len() == all.len();
    assert!(unique(
        city.divisions.iter().chain(&city.skipped).map(|division| division.code.to_string()).collect()
    ));
    assert!(unique(city.orgs.iter().map(|org| org.id.to_string()).collect()));
    assert!(unique(city.items.iter().map(|item| item.id.to_string()).collect()));
    assert!(unique(city.items.iter().map(|item| item.identity.basic_code.value.to_string()).collect()));
    for org in &city.orgs {
        assert_eq!(city.org(org.id), Some(org));
        assert!(
            org.path.parent().is_none_or(|above| city.orgs.iter().any(|other| other.path == above)),
            "{}",
            org.name
        );
    }
}

#[test]
fn exchange_codes_can_be_made_and_say_that_they_are_made_up() {
    let city = city();
    let item = city.item_by_seq(13).unwrap();
    assert!(item.identity.basic_code.basis.is_placeholder() && item.subject.unit_code.basis.is_placeholder());
    let code = ImplementationCode::new(
        &item.subject.unit_code.value,
        item.identity.level,
        &item.identity.basic_code.value,
    );
    assert_eq!(code.as_str().len(), 31);
    assert_eq!(CaseCode::new(&code, jiff::civil::date(2026, 3, 2), 1).unwrap().as_str().len(), 43);
}

#[test]
fn a_written_guide_keeps_law_apart_from_examples() {
    let city = city();
    let birth = city.item_by_seq(13).unwrap();
    assert!(birth.guide.written && birth.regime.value == Regime::Immediate);
    assert!(
        !birth.guide.process.conditions[1].basis.is_placeholder()
            && birth.guide.process.conditions[0].basis.is_placeholder()
    );
    let card = city.item_by_seq(83).unwrap();
    assert_eq!(card.guide.time.statutory.as_ref().unwrap().value.to_string(), "60 日");
    assert_eq!(card.guide.fee.rows[0].fen, Some(2000));
    let outline = city.item_by_seq(1).unwrap();
    assert!(
        !outline.guide.written
            && outline.guide.materials.iter().all(|material| material.basis.is_placeholder())
    );
}

#[test]
fn the_lint_finds_in_the_drafts_only_what_departments_have_to_fill_in() {
    for item in city().items {
        let errors: Vec<_> =
            lint(&item).into_iter().filter(|f| f.severity == Severity::Error).map(|f| f.message).collect();
        let known =
            |message: &String| message.contains("咨询电话") || message.contains("行政许可事项的办理流程");
        assert!(errors.iter().all(known), "{} {}: {errors:?}", item.seq, item.identity.name);
    }
}

#[test]
fn every_item_can_be_found_under_a_theme() {
    let lost: Vec<_> = city()
        .items
        .into_iter()
        .filter(|item| {
            item.guide.themes.personal.iter().chain(&item.guide.themes.corporate).all(|theme| theme == "其他")
        })
        .map(|item| item.identity.name)
        .collect();
    assert_eq!(lost, Vec::<String>::new());
}

#[test]
fn the_calendar_and_the_printed_rules_are_there() {
    let city = city();
    assert_eq!(city.calendar.known_until(), Some(2026));
    assert!(city.calendar.is_working(jiff::civil::date(2026, 2, 14)), "a Saturday worked for 春节");
    assert_eq!((city.hall_standard.len(), city.management_rules.len()), (27, 24));
}

#[test]
fn the_embedded_city_loads_in_a_blink() {
    let start = std::time::Instant::now();
    assert_eq!(city().items.len(), 182);
    // 300 ms is the aim on a quiet machine; the bound leaves room for a busy one and still catches a quadratic slip.
    assert!(start.elapsed().as_millis() < 1500, "{:?}", start.elapsed());
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}

/// A copy of the reference data in which one file is changed.
fn changed(test: &str, file: &str, change: impl Fn(String) -> String) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/city-tests").join(test);
    std::fs::create_dir_all(&folder).unwrap();
    for entry in std::fs::read_dir(data()).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    std::fs::write(folder.join(file), change(text)).unwrap();
    folder
}

#[test]
fn another_folder_with_the_same_files_is_another_city() {
    let folder = changed("renamed", "divisions.csv", |text| text.replace("常州市", "近办市"));
    let city = City::from_folder(&folder).unwrap();
    assert_eq!((city.name.as_str(), city.orgs[0].name.as_str()), ("近办市", "近办市人民政府"));
    assert_eq!(
        city.orgs.iter().find(|org| org.region.as_str() == "320402" && org.short == "公安局").unwrap().name,
        "近办市公安局天宁分局"
    );
}

#[test]
fn a_fault_names_the_file_and_the_line_to_correct() {
    let cases: [(&str, &str, &str, &str, &str); 5] = [
        ("department", "items.csv", "13,公安局", "13,不存在局", "数据文件items.csv第14行：部门“不存在局”"),
        (
            "regime",
            "items_handling_draft.csv",
            "1,即办件",
            "1,快办件",
            "数据文件items_handling_draft.csv第2行：办件类型“快办件”不对",
        ),
        ("double", "divisions.csv", "320404,320400", "320402,320400", "数据文件divisions.csv第4行"),
        ("columns", "items.csv", "2,公安局,", "2,公安局,多,", "数据文件items.csv第3行：应有4列"),
        ("json", "guides_draft.jsonl", "{\"seq\": 13", "{\"seq\": 十三", "数据文件guides_draft.jsonl第1行"),
    ];
    for (test, file, from, to, sentence) in cases {
        let folder = changed(test, file, |text| text.replacen(from, to, 1));
        let fault = City::from_folder(&folder).unwrap_err().to_string();
        assert!(fault.starts_with(sentence), "{fault}");
    }
    let missing = City::from_folder(Path::new("/nowhere")).unwrap_err().to_string();
    assert!(missing.starts_with("数据文件divisions.csv：读不出来"), "{missing}");
}
