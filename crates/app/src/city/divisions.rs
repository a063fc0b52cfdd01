//! Divisions of the city: the statistics office's list, joined with what each unit means for service.
//!
//! The list has units that nobody is served at (prisons, parks: `service_unit=0`), and towns under another name and code
//! than the ministry of civil affairs gives them (西湖街道 stands there as 武进经济开发区). People see the established name.

use super::{CityError, table};
use domain::org::{Level, RegionCode};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

const LIST: &str = "divisions.csv";
const META: &str = "divisions_meta.csv";
const TOWNS: &str = "divisions_mca_towns.csv";

/// What a division is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DivisionKind {
    /// 地级市.
    City,
    /// 区.
    District,
    /// 县级市.
    CountyLevelCity,
    /// 镇.
    Town,
    /// 街道.
    Street,
    /// A functional zone at town level which the ministry does not list 功能区.
    FunctionalZone,
    /// 村.
    Village,
    /// 社区.
    Community,
    /// A unit that only statistics know.
    StatisticalOnly,
}

/// One division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// Code in the statistics office's list, which is the key everywhere in the product.
    pub code: RegionCode,
    /// The division above; none for the city.
    pub parent: Option<RegionCode>,
    /// City, district, town or village.
    pub level: Level,
    /// What it is.
    pub kind: DivisionKind,
    /// The name people use: 雕庄街道, 朝阳花园社区, 朝阳村, 西湖街道.
    pub name: String,
    /// The name in the list, brackets included: 朝阳花园社区居委会, 武进经济开发区.
    pub listed_name: String,
    /// Code which the ministry of civil affairs gives to the same unit, often another one.
    pub mca_code: Option<RegionCode>,
    /// The functional zone without a code of its own that runs it, such as 经开区.
    pub zone: Option<String>,
    /// Explanation; may be empty.
    pub note: String,
}

#[derive(Deserialize)]
struct ListRow {
    code: RegionCode,
    parent: Option<RegionCode>,
    level: Level,
    name: String,
}

#[derive(Deserialize)]
struct MetaRow {
    code: RegionCode,
    kind: String,
    service_unit: u8,
    mca_code: Option<RegionCode>,
    zone: Option<String>,
    note: String,
}

#[derive(Deserialize)]
struct TownRow {
    code: RegionCode,
    name: String,
    nbs_code: Option<RegionCode>,
}

/// Served divisions (parents first) and those for statistics only.
pub(super) fn parse(
    list: &str,
    meta: &str,
    towns: &str,
) -> Result<(Vec<Division>, Vec<Division>), CityError> {
    let mut meta: HashMap<RegionCode, MetaRow> =
        table::rows::<MetaRow>(META, meta)?.into_iter().map(|(_, row)| (row.code.clone(), row)).collect();
    let towns = table::rows::<TownRow>(TOWNS, towns)?;
    let established: HashMap<&RegionCode, &str> =
        towns.iter().map(|(_, row)| (&row.code, row.name.as_str())).collect();
    let (mut served, mut skipped): (Vec<Division>, Vec<Division>) = (Vec::new(), Vec::new());
    let mut known: HashMap<RegionCode, bool> = HashMap::new();
    for (line, row) in table::rows::<ListRow>(LIST, list)? {
        let meta = meta.remove(&row.code).ok_or_else(|| {
            CityError::at(LIST, line, format!("{}在{META}里没有对应的行，请补上", row.code))
        })?;
        let above = check_place(&row, line, &known)?;
        let serves = above && meta.service_unit == 1;
        if known.insert(row.code.clone(), serves).is_some() {
            return Err(CityError::at(LIST, line, format!("代码{}重复，请删去一行", row.code)));
        }
        let division = join(row, meta, &established, line)?;
        if serves { served.push(division) } else { skipped.push(division) }
    }
    if let Some(code) = meta.keys().next() {
        return Err(CityError::whole(META, format!("{code}在{LIST}里没有，请删去或补上")));
    }
    let listed: HashSet<&RegionCode> = served.iter().map(|division| &division.code).collect();
    let lost =
        towns.iter().find(|(_, town)| town.nbs_code.as_ref().is_some_and(|code| !listed.contains(code)));
    if let Some((line, town)) = lost {
        return Err(CityError::at(
            TOWNS,
            *line,
            format!("{}对应的统计代码在{LIST}里没有，请核对", town.name),
        ));
    }
    served.sort_by_key(|division| division.level);
    Ok((served, skipped))
}

/// Whether the division above is served; a city has none and is.
fn check_place(row: &ListRow, line: u64, known: &HashMap<RegionCode, bool>) -> Result<bool, CityError> {
    if row.code.level() != Some(row.level) {
        return Err(CityError::at(LIST, line, format!("代码{}的位数与级别不符，请核对", row.code)));
    }
    match (&row.parent, row.level) {
        (None, Level::City) if known.is_empty() => Ok(true),
        (Some(parent), _) if row.code.parent().as_ref() == Some(parent) => known
            .get(parent)
            .copied()
            .ok_or_else(|| CityError::at(LIST, line, format!("上级{parent}没有写在前面，请先写上级"))),
        _ => Err(CityError::at(LIST, line, format!("{}的上级代码不对，请核对", row.code))),
    }
}

fn join(
    row: ListRow,
    meta: MetaRow,
    established: &HashMap<&RegionCode, &str>,
    line: u64,
) -> Result<Division, CityError> {
    let official = meta.mca_code.as_ref().and_then(|code| established.get(code)).copied();
    let kind = match meta.kind.as_str() {
        _ if meta.service_unit == 0 => DivisionKind::StatisticalOnly,
        "city" => DivisionKind::City,
        "district" => DivisionKind::District,
        "county_level_city" => DivisionKind::CountyLevelCity,
        "town" => DivisionKind::Town,
        "street" => DivisionKind::Street,
        "quasi_town" => match official {
            Some(name) if name.ends_with("街道") => DivisionKind::Street,
            Some(_) => DivisionKind::Town,
            None => DivisionKind::FunctionalZone,
        },
        "village" => DivisionKind::Village,
        "community" => DivisionKind::Community,
        other => return Err(CityError::at(LIST, line, format!("{META}里的类型“{other}”不认识，请核对"))),
    };
    let name = match row.level {
        Level::Village => village_name(&row.name),
        _ => official.unwrap_or(&row.name).to_owned(),
    };
    Ok(Division {
        code: row.code,
        parent: row.parent,
        level: row.level,
        kind,
        name,
        listed_name: row.name,
        mca_code: meta.mca_code,
        zone: meta.zone,
        note: meta.note,
    })
}

/// The village or community without its committee: 朝阳村村委会 → 朝阳村, 东青社区居委会（含东青村村委） → 东青社区,
/// 河滨居委会 → 河滨社区, 阖闾城村委会 → 阖闾城村.
pub(super) fn village_name(listed: &str) -> String {
    let plain = listed.split('（').next().unwrap_or(listed).trim();
    for suffix in ["居民委员会", "居委会"] {
        if let Some(stem) = plain.strip_suffix(suffix) {
            return if stem.ends_with("社区") { stem.to_owned() } else { format!("{stem}社区") };
        }
    }
    for suffix in ["村民委员会", "村委会"] {
        if let Some(stem) = plain.strip_suffix(suffix) {
            return if stem.ends_with('村') { stem.to_owned() } else { format!("{stem}村") };
        }
    }
    plain.to_owned()
}
