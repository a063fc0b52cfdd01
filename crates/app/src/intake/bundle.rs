//! 一件事: which items can go into one application, why others cannot, and which go well together.

use std::collections::BTreeSet;

use domain::cases::{Applicant, Channel, material_code};
use domain::catalogue::{Audience, Item, MaterialSource};
use domain::kernel::OrgId;

use super::Draft;
use super::place::terms_at;
use crate::city::{City, Field};

/// Items of one application.
pub const MOST_ITEMS: usize = 10;

fn is_for(item: &Item, firm: bool) -> bool {
    let audience = &item.guide.process.audience;
    audience.is_empty() || audience.iter().any(|a| (*a == Audience::NaturalPerson) != firm)
}

fn name(item: &Item) -> &str {
    &item.identity.name
}

/// Why these items cannot be one application, in a sentence that says what to do; nothing when they can.
#[must_use]
pub fn apart(items: &[&Item], channel: Channel, applicant: Option<Applicant>) -> Option<String> {
    if items.len() > MOST_ITEMS {
        return Some(format!("一次最多一起办 {MOST_ITEMS} 件事，请先提交这一份，其余的再申请一次"));
    }
    let twice = |(n, item): (usize, &&Item)| items[..n].iter().any(|before| before.id == item.id);
    if items.iter().enumerate().any(twice) {
        return Some("这件事已经在这次申请里了".to_owned());
    }
    if items.len() < 2 {
        return None;
    }
    if let Some(item) = items.iter().find(|item| channel == Channel::Online && !item.guide.channels.online) {
        return Some(format!("“{}”不能在网上申请，请到就近的服务大厅办理", name(item)));
    }
    let otherwise = |who: &str| match channel {
        Channel::Online => format!("请换{who}账号另外申请"),
        _ => format!("请给{who}另开一件"),
    };
    match applicant {
        Some(Applicant::Person { .. }) => items
            .iter()
            .find(|item| !is_for(item, false))
            .map(|item| format!("“{}”由单位申请，{}", name(item), otherwise("单位"))),
        Some(Applicant::Firm { .. }) => items
            .iter()
            .find(|item| !is_for(item, true))
            .map(|item| format!("“{}”由个人申请，{}", name(item), otherwise("个人"))),
        None => {
            let (person, firm) =
                (items.iter().find(|i| !is_for(i, true))?, items.iter().find(|i| !is_for(i, false))?);
            Some(format!("“{}”由个人申请，“{}”由单位申请，请分开申请", name(person), name(firm)))
        }
    }
}

/// Those of the items that nobody decides when they are handed in here.
#[must_use]
pub fn not_taken_at<'a>(city: &City, items: &[&'a Item], accepting: OrgId) -> Vec<&'a Item> {
    items.iter().filter(|item| terms_at(city, item, accepting).is_none()).copied().collect()
}

/// The names of the items of an application that ask for a material.
#[must_use]
pub fn needed_by(city: &City, draft: &Draft, code: &str) -> Vec<String> {
    let asks = |item: &&Item| item.guide.materials.iter().any(|m| material_code(&m.name) == code);
    draft.items_in(city).into_iter().filter(asks).map(|item| item.identity.name.clone()).collect()
}

/// Which items ask a question of the form, in words for beside it; empty when all of the application do.
#[must_use]
pub fn asked_for(city: &City, field: &Field) -> String {
    let names: String = field
        .asked_by
        .iter()
        .filter_map(|id| city.item(*id))
        .map(|item| format!("“{}”", item.identity.name))
        .collect();
    if names.is_empty() { names } else { format!("办{names}要填") }
}

/// The materials somebody brings for an item; what the authority looks up itself is no trouble to anybody.
fn brought(item: &Item) -> BTreeSet<String> {
    let own = item.guide.materials.iter().filter(|m| m.source != MaterialSource::Shared);
    own.map(|m| material_code(&m.name)).collect()
}

/// How many materials an item has in common with these, each of which is handed in once.
#[must_use]
pub fn in_common(items: &[&Item], other: &Item) -> usize {
    let known: BTreeSet<String> = items.iter().flat_map(|item| brought(item)).collect();
    brought(other).intersection(&known).count()
}

/// Items that people might do in the same go: those with most in common, then those of the same theme.
#[must_use]
pub fn companions<'a>(city: &'a City, draft: &Draft, most: usize) -> Vec<&'a Item> {
    let items = draft.items_in(city);
    let themes: BTreeSet<&String> = items.iter().flat_map(|item| &item.guide.themes.personal).collect();
    let fits = |other: &&Item| {
        let all: Vec<&Item> = items.iter().copied().chain([*other]).collect();
        apart(&all, draft.channel, draft.applicant).is_none()
    };
    let worth = |other: &Item| {
        let theme = other.guide.themes.personal.iter().any(|theme| themes.contains(theme));
        2 * in_common(&items, other) + usize::from(theme)
    };
    let mut found: Vec<(usize, &Item)> =
        city.items.iter().filter(fits).map(|item| (worth(item), item)).filter(|(w, _)| *w > 0).collect();
    found.sort_by_key(|(worth, item)| (usize::MAX - worth, item.seq));
    found.into_iter().take(most).map(|(_, item)| item).collect()
}
