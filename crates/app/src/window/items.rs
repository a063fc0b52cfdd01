//! The items of an application that is being made at the counter 一件事: shown, added, taken out.

use super::desk::{self, Show, said};
use super::find;
use super::frame::{address, go};
use super::sheet::{self, Sheet};
use super::tab::{Tab, Typed};
use super::tabs::Doing;
use crate::Ctx;
use crate::intake;
use crate::web::Fault;
use axum::http::StatusCode;
use axum::response::Response;
use domain::catalogue::Item;
use domain::kernel::time::Days;
use ui::{Light, LightState, NoteKind, Tag};

/// Items that are proposed beside those that were chosen.
const PROPOSED: usize = 3;

/// An item as the workstation shows it.
pub(super) struct ItemView {
    /// Its place, from 1.
    pub no: usize,
    /// Its number in three digits.
    pub slug: String,
    pub name: String,
    pub department: String,
    pub regime: &'static str,
    pub guide: String,
    pub light: Light,
    /// Of several items, whether it could be accepted.
    pub state: Option<Tag>,
}

fn slug(item: &Item) -> String {
    format!("{:03}", item.seq)
}

/// The items of a tab; `states` says how each stands when there are several.
pub(super) fn views(ctx: &Ctx, typed: &Typed, sheet: Option<&Sheet>, states: Vec<Tag>) -> Vec<ItemView> {
    let city = ctx.city();
    if typed.item.is_empty() {
        return Vec::new();
    }
    // What would be handed in; without a draft what was chosen.
    let items: Vec<&Item> = match sheet {
        Some(sheet) => sheet.draft.items_in(&city),
        None => typed.items().filter_map(|no| city.item_by_seq(no.parse().ok()?)).collect(),
    };
    let mut states = states.into_iter();
    items.into_iter().enumerate().map(|(at, item)| view(at + 1, item, states.next())).collect()
}

fn view(no: usize, item: &Item, state: Option<Tag>) -> ItemView {
    let promised = item.guide.time.promised.value;
    let light = if matches!(promised, Days::Working(0) | Days::Natural(0)) {
        "当场办结".to_owned()
    } else {
        format!("承诺 {promised}")
    };
    ItemView {
        no,
        slug: slug(item),
        name: item.identity.name.clone(),
        department: item.subject.name.clone(),
        regime: find::regime_word(item.regime.value),
        guide: format!("/items/{}", slug(item)),
        light: Light::new(LightState::OnTime, light),
        state,
    }
}

/// Whether another item may be added to so many, and those that are proposed: number and name.
pub(super) fn more(ctx: &Ctx, chosen: usize, sheet: Option<&Sheet>) -> (bool, Vec<(String, String)>) {
    let room = chosen < intake::MOST_ITEMS;
    (room, if room { along(ctx, sheet) } else { Vec::new() })
}

/// What hands in the same papers and so is done in the same go, each with its number and name.
fn along(ctx: &Ctx, sheet: Option<&Sheet>) -> Vec<(String, String)> {
    let Some(sheet) = sheet else { return Vec::new() };
    let city = ctx.city();
    let here = |item: &&Item| match sheet.draft.accepting {
        Some(org) => intake::not_taken_at(&city, &[item], org).is_empty(),
        None => false,
    };
    let own = sheet.draft.items_in(&city);
    let found = intake::companions(&city, &sheet.draft, 2 * PROPOSED).into_iter().filter(here);
    let found = found.filter(|item| intake::in_common(&own, item) > 0);
    found.take(PROPOSED).map(|i| (slug(i), i.identity.name.clone())).collect()
}

impl Doing<'_> {
    /// Chooses an item, or adds one to those that were chosen; pressed twice it is there once.
    pub(super) async fn choose(&self, mut tab: Tab, no: &str) -> Result<Response, Fault> {
        let city = self.ctx.city();
        let Some(item) = no.parse().ok().and_then(|seq| city.item_by_seq(seq)) else {
            return self.not_so(tab, "没有这个事项，请从列表里重新选").await;
        };
        let chosen = slug(item);
        let first = tab.typed.item.is_empty();
        if tab.typed.items().all(|known| known != chosen) {
            if let Some(why) = sheet::apart(self.ctx, self.clerk, &tab.typed, item) {
                return self.not_so(tab, &why).await;
            }
            tab.typed.add(&chosen);
            if let Some(why) = sheet::follow(self.ctx, self.clerk, &mut tab).await? {
                tab.typed.leave(&chosen);
                return self.not_so(tab, &why).await;
            }
        }
        tab.typed.find.clear();
        let at = match (tab.typed.person, first) {
            (None, _) => "document",
            (Some(_), true) => "form",
            (Some(_), false) => "item",
        };
        let tab = self.save(tab).await?;
        Ok(go(&format!("{}#{at}", address(tab.id))))
    }

    /// Takes an item out; the draft keeps the last one until another is chosen.
    pub(super) async fn leave(&self, mut tab: Tab, no: &str) -> Result<Response, Fault> {
        tab.typed.leave(no);
        // What is left went together before.
        sheet::follow(self.ctx, self.clerk, &mut tab).await?;
        let tab = self.save(tab).await?;
        Ok(go(&format!("{}#item", address(tab.id))))
    }

    /// What was typed is kept; the workstation says why an item was not taken.
    async fn not_so(&self, tab: Tab, why: &str) -> Result<Response, Fault> {
        let tab = self.save(tab).await?;
        let note = Some(said(NoteKind::Error, "没有加进来", why));
        let status = Some(StatusCode::UNPROCESSABLE_ENTITY);
        let show = Show { note, status, ..Show::default() };
        desk::draw(self.ctx, self.clerk, self.mode, &tab, show).await
    }
}
