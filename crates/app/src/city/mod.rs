//! The reference data of one city: divisions, halls, departments, items, guides, working days, standards, with what
//! administrators have changed since laid over them.
//!
//! The binary carries one city; [`City::from_folder`] loads another from a folder with the same files. Loading checks what
//! the files promise each other and says in a sentence which file and line to correct.

mod changes;
mod departments;
mod divisions;
mod drafts;
mod error;
mod forms;
mod items;
mod materials;
mod orgs;
mod rules;
mod table;
#[cfg(test)]
mod tests;
mod themes;
mod words;

pub use changes::Changes;
pub use departments::Department;
pub use divisions::{Division, DivisionKind};
pub use error::CityError;
pub use forms::{Field, FieldKind, Form, why_not};
pub use rules::{HallRequirement, ManagementRule};

use domain::{
    cases::Channel,
    catalogue::Item,
    kernel::{
        ItemId, OrgId,
        time::{CalendarRow, WorkCalendar},
    },
    org::{DepartmentKey, Org, OrgKind, RegionCode, Workdays},
};
use std::{collections::HashMap, path::Path, sync::Arc};

/// Everything the files of one city say.
#[derive(Debug, Clone)]
pub struct City {
    /// Its name: 常州市.
    pub name: String,
    /// Its division code: 320400.
    pub code: RegionCode,
    /// Divisions that have a hall or a government, parents before children.
    pub divisions: Vec<Division>,
    /// Divisions that exist for statistics only (prisons, industrial parks): nobody is served there.
    pub skipped: Vec<Division>,
    /// Departments and the service office, in the order of the file.
    pub departments: Vec<Department>,
    /// All organisations, parents before children.
    pub orgs: Vec<Org>,
    /// All items in the order of the city's list.
    pub items: Vec<Item>,
    /// Working days.
    pub calendar: WorkCalendar,
    /// The notices that administrators have entered; [`Self::calendar`] has them in it.
    pub notices: Workdays,
    /// Which state of the administrators' changes this is; 0 before the first.
    pub changes: i64,
    /// What a hall must have (附件2 附表).
    pub hall_standard: Vec<HallRequirement>,
    /// How a hall is run (附件3).
    pub management_rules: Vec<ManagementRule>,
    /// What people say for what the lists call otherwise.
    pub lexicon: search::Lexicon,
    org_at: HashMap<OrgId, usize>,
    item_at: HashMap<ItemId, usize>,
    seq_at: HashMap<u16, usize>,
    base: Arc<changes::Base>,
    forms: Arc<forms::Forms>,
}

/// The texts of the files.
struct Sources {
    divisions: String,
    divisions_meta: String,
    established_towns: String,
    departments: String,
    items: String,
    handling: String,
    guides: String,
    forms: String,
    workdays: String,
    hall_standard: String,
    management_rules: String,
    synonyms: String,
    elsewhere: String,
}

/// Names of the files, and which text each one fills.
macro_rules! sources {
    ($read:ident) => {
        Sources {
            divisions: $read!("divisions.csv"),
            divisions_meta: $read!("divisions_meta.csv"),
            established_towns: $read!("divisions_mca_towns.csv"),
            departments: $read!("departments.csv"),
            items: $read!("items.csv"),
            handling: $read!("items_handling_draft.csv"),
            guides: $read!("guides_draft.jsonl"),
            forms: $read!("forms.json"),
            workdays: $read!("workdays.csv"),
            hall_standard: $read!("hall_standard.csv"),
            management_rules: $read!("management_rules.csv"),
            synonyms: $read!("synonyms.csv"),
            elsewhere: $read!("elsewhere.csv"),
        }
    };
}

impl City {
    /// The city the binary carries.
    ///
    /// # Errors
    /// Names file and line when the embedded data contradicts itself.
    pub fn embedded() -> Result<Self, CityError> {
        macro_rules! embed {
            ($name:literal) => {
                include_str!(concat!("../../../../data/", $name)).to_owned()
            };
        }
        Self::parse(&sources!(embed))
    }

    /// Another city, from a folder with the same files.
    ///
    /// # Errors
    /// Names the file which is missing or unreadable, or file and line of what contradicts itself.
    pub fn from_folder(folder: &Path) -> Result<Self, CityError> {
        macro_rules! load {
            ($name:literal) => {
                std::fs::read_to_string(folder.join($name))
                    .map_err(|cause| CityError::whole($name, format!("读不出来（{cause}），请检查文件是否存在、是否为UTF-8编码")))?
            };
        }
        Self::parse(&sources!(load))
    }

    fn parse(sources: &Sources) -> Result<Self, CityError> {
        let (divisions, skipped) =
            divisions::parse(&sources.divisions, &sources.divisions_meta, &sources.established_towns)?;
        let root =
            divisions.first().ok_or_else(|| CityError::whole("divisions.csv", "没有市一级，请补上"))?;
        let (name, code) = (root.name.clone(), root.code.clone());
        let departments = departments::parse(&sources.departments)?;
        let orgs = orgs::build(&divisions, &departments)?;
        let items = items::parse(&sources.items, &sources.handling, &sources.guides, &departments, &code)?;
        let calendar = WorkCalendar::new(
            table::rows::<CalendarRow>("workdays.csv", &sources.workdays)?.into_iter().map(|(_, row)| row),
        );
        Ok(Self {
            org_at: orgs.iter().enumerate().map(|(at, org)| (org.id, at)).collect(),
            item_at: items.iter().enumerate().map(|(at, item)| (item.id, at)).collect(),
            seq_at: items.iter().enumerate().map(|(at, item)| (item.seq, at)).collect(),
            forms: Arc::new(forms::Forms::parse(&sources.forms, &items)?),
            lexicon: words::parse(&sources.synonyms, &sources.elsewhere)?,
            name,
            code,
            divisions,
            skipped,
            departments,
            items,
            base: Arc::new(changes::Base { orgs: orgs.clone(), calendar: calendar.clone() }),
            notices: Workdays::default(),
            changes: 0,
            calendar,
            orgs,
            hall_standard: table::rows("hall_standard.csv", &sources.hall_standard)?
                .into_iter()
                .map(|(_, row)| row)
                .collect(),
            management_rules: table::rows("management_rules.csv", &sources.management_rules)?
                .into_iter()
                .map(|(_, row)| row)
                .collect(),
        })
    }

    /// The organisation with this id.
    #[must_use]
    pub fn org(&self, id: OrgId) -> Option<&Org> {
        self.org_at.get(&id).map(|at| &self.orgs[*at])
    }

    /// The item with this id.
    #[must_use]
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.item_at.get(&id).map(|at| &self.items[*at])
    }

    /// The item with this number in the city's list.
    #[must_use]
    pub fn item_by_seq(&self, seq: u16) -> Option<&Item> {
        self.seq_at.get(&seq).map(|at| &self.items[*at])
    }

    /// The form of an application for these items on this channel.
    #[must_use]
    pub fn form(&self, items: &[&Item], channel: Channel) -> Arc<Form> {
        self.forms.of(items, channel)
    }

    /// The division with this code, if anybody is served there.
    #[must_use]
    pub fn division(&self, code: &RegionCode) -> Option<&Division> {
        self.divisions.iter().find(|division| division.code == *code)
    }

    /// The divisions directly under this one.
    pub fn divisions_under<'a>(&'a self, code: &'a RegionCode) -> impl Iterator<Item = &'a Division> {
        self.divisions.iter().filter(move |division| division.parent.as_ref() == Some(code))
    }

    /// All halls of towns and villages.
    pub fn halls(&self) -> impl Iterator<Item = &Org> {
        self.orgs.iter().filter(|org| org.kind.is_hall())
    }

    /// The hall of this town or village.
    #[must_use]
    pub fn hall_of(&self, code: &RegionCode) -> Option<&Org> {
        self.halls().find(|org| org.region == *code)
    }

    /// The department in this city or district; a department without an office in the district answers at the city.
    #[must_use]
    pub fn department_at(&self, key: &DepartmentKey, region: &RegionCode) -> Option<&Org> {
        let find = |region: &RegionCode| {
            self.orgs.iter().find(|org| {
                matches!(org.kind, OrgKind::Department | OrgKind::ServiceOffice)
                    && org.department.as_ref() == Some(key)
                    && org.region == *region
            })
        };
        find(region).or_else(|| find(&self.code))
    }

    /// The items of one department.
    pub fn items_of<'a>(&'a self, key: &'a DepartmentKey) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(move |item| item.subject.department == *key)
    }
}
