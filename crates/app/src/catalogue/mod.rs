//! The items 事项 and the halls 服务大厅 of the city, read once at the start and kept in memory.

mod find;
mod guide;
mod halls;
mod read;

pub use guide::{Condition, Fee, Guide, Limit, Material, Step};
pub use halls::{District, Hall};
pub use read::BadData;

use find::Words;

/// How an item is handled (附件2第四条).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handling {
    /// 即办件: decided at the window at once.
    Immediate,
    /// 承诺件: decided within a promised number of days.
    Promised,
    /// 上报件: the hall receives it, a department above decides.
    ReportUp,
}

impl Handling {
    /// What a citizen reads.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Immediate => "当场办",
            Self::Promised => "按承诺时限办",
            Self::ReportUp => "受理后报上级部门办",
        }
    }
}

/// One item of the first batch (附件1).
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its number in annex 1, from 1.
    pub no: u16,
    /// Its code in addresses: the number in three digits.
    pub code: String,
    /// Its name as printed.
    pub name: String,
    /// The department, by its short name as printed.
    pub department: String,
    /// Only a part of the towns offers it (部分覆盖).
    pub partial: bool,
    /// How it is handled; a draft until the department confirms it.
    pub handling: Handling,
    /// The guide, where one has been drafted.
    pub guide: Option<Guide>,
    words: Words,
}

/// All items and halls; read with [`Catalogue::embedded`].
#[derive(Debug)]
pub struct Catalogue {
    items: Vec<Entry>,
    departments: Vec<(String, usize)>,
    districts: Vec<District>,
}

/// One page of a list, with the key the next page starts after.
#[derive(Debug)]
pub struct Slice<'a, T> {
    /// The rows, at most as many as asked for.
    pub rows: Vec<&'a T>,
    /// The number of the last row when more follow.
    pub next: Option<u16>,
}

impl Catalogue {
    /// Reads the data that is embedded in the binary.
    ///
    /// # Errors
    /// When a file cannot be understood; the message names file and row.
    pub fn embedded() -> Result<Self, BadData> {
        let items = read::items()?;
        let mut departments: Vec<(String, usize)> = Vec::new();
        for item in &items {
            match departments.iter_mut().find(|(name, _)| *name == item.department) {
                Some((_, count)) => *count += 1,
                None => departments.push((item.department.clone(), 1)),
            }
        }
        Ok(Self { items, departments, districts: halls::read()? })
    }

    /// All items in the order of annex 1.
    pub fn items(&self) -> &[Entry] {
        &self.items
    }

    /// The departments in the order of annex 1, each with the number of its items.
    pub fn departments(&self) -> &[(String, usize)] {
        &self.departments
    }

    /// The districts with their halls.
    pub fn districts(&self) -> &[District] {
        &self.districts
    }

    /// The item with this code.
    pub fn item(&self, code: &str) -> Option<&Entry> {
        self.items.iter().find(|item| item.code == code)
    }

    /// At most `limit` items of `department` (all when empty) whose number is greater than `after`.
    pub fn list(&self, department: &str, after: u16, limit: usize) -> Slice<'_, Entry> {
        let mut rest = self
            .items
            .iter()
            .filter(|item| item.no > after && (department.is_empty() || item.department == department));
        let rows: Vec<&Entry> = rest.by_ref().take(limit).collect();
        let next = rest.next().and(rows.last().map(|last| last.no));
        Slice { rows, next }
    }

    /// The items that match what a person typed, best first: words, pinyin (`shebaoka`) or initials (`sbk`).
    pub fn find(&self, typed: &str, department: &str) -> Vec<&Entry> {
        let pool = self.items.iter().filter(|item| department.is_empty() || item.department == department);
        find::best(typed, pool.map(|item| (item, &item.words)))
    }
}
