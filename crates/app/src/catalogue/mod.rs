//! The items 事项 and the halls 服务大厅 as people look for them, made from the city's data and kept in memory.

mod districts;
#[cfg(test)]
mod tests;

pub use districts::{District, Hall, VillageHall};

use crate::city::City;
use domain::catalogue::{Coverage, ImplementationCode, Item};
use search::Index;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// One item with the codes it is known by.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The item as the city has it now.
    pub item: Item,
    /// 实施编码, 31 characters; a placeholder when its parts are.
    pub code: ImplementationCode,
}

impl Entry {
    fn of(item: &Item) -> Self {
        let code = ImplementationCode::new(
            &item.subject.unit_code.value,
            item.identity.level,
            &item.identity.basic_code.value,
        );
        Self { item: item.clone(), code }
    }

    /// Its number in the city's list (annex 1), from 1.
    pub fn no(&self) -> u16 {
        self.item.seq
    }

    /// The number in three digits: how addresses name the item.
    pub fn slug(&self) -> String {
        format!("{:03}", self.item.seq)
    }

    /// Its name as printed.
    pub fn name(&self) -> &str {
        &self.item.identity.name
    }

    /// Its department, by the short name as printed.
    pub fn department(&self) -> &str {
        &self.item.subject.short_name
    }

    /// Only a part of the towns offers it 部分覆盖.
    pub fn is_partial(&self) -> bool {
        self.item.coverage == Coverage::Partial
    }

    /// Whether no authority has given its codes yet.
    pub fn has_made_up_code(&self) -> bool {
        self.item.identity.basic_code.basis.is_placeholder()
            || self.item.subject.unit_code.basis.is_placeholder()
    }
}

/// All items and halls; made by [`Catalogue::from_city`].
#[derive(Debug)]
pub struct Catalogue {
    items: Arc<Items>,
    districts: Vec<District>,
}

/// The items with the ways to find them.
#[derive(Debug)]
struct Items {
    all: Vec<Entry>,
    at: HashMap<String, usize>,
    departments: Vec<(String, usize)>,
    index: Index,
}

/// Which items are wanted; empty texts ask for all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// Short name of a department.
    pub department: &'a str,
    /// A theme 自然人主题, or 法人主题 with `firms`.
    pub theme: &'a str,
    /// Items for organisations only.
    pub firms: bool,
}

impl Filter<'_> {
    fn takes(&self, entry: &Entry) -> bool {
        let themes = &entry.item.guide.themes;
        let of_audience = if self.firms { &themes.corporate } else { &themes.personal };
        let by_theme = self.theme.is_empty() || of_audience.iter().any(|theme| theme == self.theme);
        let by_audience = !self.firms || !themes.corporate.is_empty();
        let by_department = self.department.is_empty() || self.department == entry.department();
        by_theme && by_audience && by_department
    }
}

/// An item that a search found.
#[derive(Debug)]
pub struct Match<'a> {
    /// The item.
    pub entry: &'a Entry,
    /// The characters of its name that match.
    pub marks: Vec<Range<usize>>,
    /// It answers what was typed; otherwise it is perhaps related.
    pub strong: bool,
}

/// What a search found.
#[derive(Debug)]
pub struct Found<'a> {
    /// Best first.
    pub matches: Vec<Match<'a>>,
    /// The word that was probably meant.
    pub meant: Option<String>,
    /// The matches are those of the word that was meant.
    pub instead: bool,
    /// Where to go when it is not done here.
    pub elsewhere: Option<String>,
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
    /// The catalogue of a city.
    pub fn from_city(city: &City) -> Self {
        Self { items: Arc::new(Items::of(city)), districts: districts::of(city) }
    }

    /// The same items with the halls as they are in this city, which differs from the one before in what
    /// administrators change only.
    #[must_use]
    pub fn following(&self, city: &City) -> Self {
        Self { items: Arc::clone(&self.items), districts: districts::of(city) }
    }

    /// All items in the order of annex 1.
    pub fn items(&self) -> &[Entry] {
        &self.items.all
    }

    /// The departments in the order of annex 1, each with the number of its items.
    pub fn departments(&self) -> &[(String, usize)] {
        &self.items.departments
    }

    /// The districts with their halls.
    pub fn districts(&self) -> &[District] {
        &self.districts
    }

    /// The item which a person or a program names: by its number in annex 1 in three digits (`088`), by its 基本编码
    /// (12 digits) or by its 实施编码 (31 characters).
    pub fn item(&self, code: &str) -> Option<&Entry> {
        self.items.all.get(*self.items.at.get(code)?)
    }

    /// At most `limit` of the wanted items whose number is greater than `after`.
    pub fn list(&self, wanted: Filter, after: u16, limit: usize) -> Slice<'_, Entry> {
        let mut rest = self.items().iter().filter(|entry| entry.no() > after && wanted.takes(entry));
        let rows: Vec<&Entry> = rest.by_ref().take(limit).collect();
        let next = rest.next().and(rows.last().map(|last| last.no()));
        Slice { rows, next }
    }

    /// The wanted items that fit what a person typed: everyday words, pinyin (`shebaoka`), initials (`sbk`), slips.
    pub fn search(&self, typed: &str, wanted: Filter) -> Found<'_> {
        let answer = self.items.index.find(typed);
        let found = answer.hits.into_iter().filter_map(|hit| {
            let entry = self.items().get(hit.at)?;
            wanted.takes(entry).then_some(Match { entry, marks: hit.marks, strong: hit.strong })
        });
        Found {
            matches: found.collect(),
            meant: answer.meant,
            instead: answer.instead,
            elsewhere: answer.elsewhere,
        }
    }
}

impl Items {
    fn of(city: &City) -> Self {
        let items: Vec<Entry> = city.items.iter().map(Entry::of).collect();
        let mut departments: Vec<(String, usize)> = Vec::new();
        let mut at = HashMap::new();
        for (place, entry) in items.iter().enumerate() {
            match departments.iter_mut().find(|(name, _)| name == entry.department()) {
                Some((_, count)) => *count += 1,
                None => departments.push((entry.department().to_owned(), 1)),
            }
            at.insert(entry.slug(), place);
            at.insert(entry.code.to_string(), place);
            at.insert(entry.item.identity.basic_code.value.to_string(), place);
        }
        let searched: Vec<search::Entry> = items
            .iter()
            .map(|entry| search::Entry {
                title: entry.name().to_owned(),
                around: entry.department().to_owned(),
            })
            .collect();
        let index = Index::new(&searched, city.lexicon.clone());
        Self { all: items, at, departments, index }
    }
}
