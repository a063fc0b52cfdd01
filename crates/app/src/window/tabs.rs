//! The pages of a tab: opening, looking, and everything a form of the workstation asks for.

use super::deed::Deed;
use super::desk::{self, Show, said};
use super::frame::{Clerk, address, go, outcome};
use super::orders::Orders;
use super::posted::Posted;
use super::sheet::{self, Sheet};
use super::tab::{self, Opened, Tab};
use super::who::{self, Found, Who};
use super::{enact, home, materials, reasons};
use crate::Ctx;
use crate::cases;
use crate::identity::Staff;
use crate::intake::{self, IntakeError, Owner};
use crate::web::{Fault, Mode, Trace};
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::kernel::FileId;
use serde::Deserialize;
use ui::NoteKind;
use uuid::Uuid;

/// `GET /window/new`: a tab is opened by the button, not by looking.
pub(super) async fn new(State(ctx): State<Ctx>, staff: Staff, mode: Mode) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    home::draw(&ctx, &clerk, mode, &home::Ask::default(), None).await
}

/// `POST /window/new`: opens a tab under the id that the page drew.
pub(super) async fn open(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    posted: Posted,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let id = posted.get("tab").parse().unwrap_or_else(|_| ctx.new_uuid());
    match tab::open(&ctx, clerk.staff.id, id, &tab::Typed::default()).await? {
        Opened::Here => Ok(go(&address(id))),
        Opened::Full => {
            let note =
                said(NoteKind::Warn, "三件都开着", "同时最多开三件。请先办完或关掉一件，填好的内容都还在。");
            home::draw(&ctx, &clerk, mode, &home::Ask::default(), Some(note)).await
        }
    }
}

/// The tab with that id, when it is this clerk's.
pub(super) async fn own(ctx: &Ctx, clerk: &Clerk, id: Uuid) -> Result<Tab, Fault> {
    tab::find(ctx, clerk.staff.id, id).await?.ok_or_else(Fault::not_found)
}

/// What a look at a tab asks for.
#[derive(Deserialize)]
pub(super) struct Look {
    /// The page of a material to look at.
    see: Option<Uuid>,
    /// Say at every field what is wrong.
    check: Option<u8>,
}

/// `GET /window/tabs/{id}`.
pub(super) async fn show(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    Path(id): Path<Uuid>,
    Query(look): Query<Look>,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let tab = own(&ctx, &clerk, id).await?;
    if let Some(case) = tab.case {
        return Ok(go(&outcome(&tab, case)));
    }
    let show = Show { see: look.see.map(FileId), check: look.check == Some(1), ..Show::default() };
    desk::draw(&ctx, &clerk, mode, &tab, show).await
}

/// `GET /window/tabs/{id}/state`: what stands in the way now, and the bar.
pub(super) async fn state(
    State(ctx): State<Ctx>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    desk::state(&ctx, &clerk, &own(&ctx, &clerk, id).await?).await
}

/// How often a tab is written that others write at the same time.
const TRIES: usize = 8;

const STALE: &str = "这一件刚才在另一个页面里改过。您刚填的内容还在下面：核对以后再按一次，就以您填的为准。";

/// `POST /window/tabs/{id}`: keeps what was typed, then does what was asked for.
pub(super) async fn act(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    Extension(trace): Extension<Trace>,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let mut tab = own(&ctx, &clerk, id).await?;
    if let Some(case) = tab.case {
        return Ok(go(&outcome(&tab, case)));
    }
    let alone = headers.contains_key("x-autosave");
    let version = posted.get("version").parse().unwrap_or(0);
    if !tab.takes(version, posted.get("page")) {
        if alone {
            return Err(Fault::new(StatusCode::CONFLICT, "stale", "还没有保存", STALE));
        }
        return stale(&ctx, &clerk, mode, tab, &posted).await;
    }
    who::take(&mut tab.typed, &posted);
    if posted.has("find") {
        tab.typed.find = posted.get("find").chars().take(60).collect();
    }
    if !sheet::keep(&ctx, &clerk, &mut tab, &posted).await? {
        // Another press of the same form submitted it in this instant, or the program stopped just after.
        let orders = Deed::from_word(posted.get("do")).map_or(Orders::Leave, Orders::at_one_press);
        return enact::answer(&ctx, &clerk, mode, tab, orders, &trace).await;
    }
    let desk = Doing { ctx: &ctx, clerk: &clerk, mode, trace: &trace, posted: &posted };
    if alone {
        desk.save(tab).await?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    if let Some(why) = desk.take_files(&tab).await? {
        let tab = desk.save(tab).await?;
        return desk.back(&tab, Some(why), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    desk.asked(tab).await
}

/// The form of a page that somebody else has overtaken comes back with everything that was typed.
async fn stale(
    ctx: &Ctx,
    clerk: &Clerk,
    mode: Mode,
    mut tab: Tab,
    posted: &Posted,
) -> Result<Response, Fault> {
    who::take(&mut tab.typed, posted);
    materials::take(&mut tab.typed, posted);
    if posted.has("memo") {
        tab.typed.memo = posted.get("memo").to_owned();
    }
    let show = Show {
        note: Some(said(NoteKind::Warn, "还没有保存", STALE)),
        status: Some(StatusCode::CONFLICT),
        overlay: Some(posted.clone()),
        ..Show::default()
    };
    desk::draw(ctx, clerk, mode, &tab, show).await
}

/// One form of the workstation being answered.
pub(super) struct Doing<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) clerk: &'a Clerk,
    pub(super) mode: Mode,
    trace: &'a Trace,
    posted: &'a Posted,
}

impl Doing<'_> {
    /// Writes the tab. Another page or press of the same clerk may write in the same instant: field by field this form goes
    /// on top, but a tab that has become a case stays one.
    pub(super) async fn save(&self, mut tab: Tab) -> Result<Tab, Fault> {
        for _ in 0..TRIES {
            match tab::save(self.ctx, tab.clone(), self.posted.get("page")).await {
                Err(store::Error::Conflict(_)) => {
                    let now = own(self.ctx, self.clerk, tab.id).await?;
                    let (version, slot, case) = (now.version, now.slot, now.case);
                    tab = Tab { version, slot, case, draft: tab.draft.or(now.draft), ..tab };
                }
                done => return Ok(done?),
            }
        }
        Err(Fault::busy())
    }

    async fn back(&self, tab: &Tab, why: Option<String>, status: StatusCode) -> Result<Response, Fault> {
        let note = why.map(|why| said(NoteKind::Error, "没有办成", &why));
        let show = Show { note, status: Some(status), check: true, ..Show::default() };
        desk::draw(self.ctx, self.clerk, self.mode, tab, show).await
    }

    /// Keeps the files of a form that was sent as a whole; a sentence when one of them is not taken.
    async fn take_files(&self, tab: &Tab) -> Result<Option<String>, Fault> {
        let Some(draft) = tab.draft else { return Ok(None) };
        for file in &self.posted.files {
            let Some(code) = file.field.strip_prefix("file.") else { continue };
            let owner = Owner::Staff(self.clerk.staff.id);
            match intake::attach(self.ctx, owner, draft, code, &file.name, file.bytes.clone()).await {
                Ok(_) => {}
                Err(IntakeError::Store(error)) => return Err(error.into()),
                Err(why) => return Ok(Some(format!("“{}”没有收下：{why}", short(&file.name)))),
            }
        }
        Ok(None)
    }

    async fn asked(&self, tab: Tab) -> Result<Response, Fault> {
        let here = address(tab.id);
        let (word, rest) = self.posted.get("do").split_once(':').unwrap_or((self.posted.get("do"), ""));
        match word {
            "find_person" => self.find_person(tab).await,
            "register_person" => self.register_person(tab).await,
            "other_person" => {
                let mut tab = tab;
                (tab.typed.person, tab.typed.firm, tab.typed.unknown) = (None, None, false);
                tab.typed.who.clear();
                self.save(tab).await?;
                Ok(go(&format!("{here}#document")))
            }
            "item" => self.choose(tab, rest).await,
            "leave" => self.leave(tab, rest).await,
            "detach" => {
                let file: Option<Uuid> = rest.parse().ok();
                if let Some((draft, file)) = tab.draft.zip(file) {
                    let owner = Owner::Staff(self.clerk.staff.id);
                    intake::detach(self.ctx, owner, draft, FileId(file)).await?;
                }
                self.save(tab).await?;
                Ok(go(&format!("{here}#main")))
            }
            "see" => {
                let see: Option<Uuid> = rest.parse().ok();
                self.save(tab).await?;
                Ok(go(&see.map_or(here.clone(), |id| format!("{here}?see={id}"))))
            }
            "reveal" => self.reveal(tab).await,
            "reuse" => self.reuse(tab, rest).await,
            "drop" => {
                tab::discard(self.ctx, self.clerk.staff.id, tab.id).await?;
                Ok(go("/window"))
            }
            "find_item" => {
                self.save(tab).await?;
                Ok(go(&format!("{here}#item")))
            }
            word => match Deed::from_word(word) {
                Some(deed) => self.deed(tab, deed).await,
                None => {
                    self.save(tab).await?;
                    Ok(go(&format!("{here}?check=1#why")))
                }
            },
        }
    }

    /// The person at the counter in full, after a reason; nothing of it stands in an address or is kept.
    async fn reveal(&self, tab: Tab) -> Result<Response, Fault> {
        let tab = self.save(tab).await?;
        let Some(person) = tab.typed.person else { return Ok(go(&address(tab.id))) };
        let (reason, firm) = (self.posted.get("reason"), tab.typed.firm);
        let full =
            cases::see_person_in_full(self.ctx, &self.clerk.staff, person, firm, reason, self.trace).await?;
        match full {
            Ok(full) => {
                let show = Show { full: Some(full), ..Show::default() };
                desk::draw(self.ctx, self.clerk, self.mode, &tab, show).await
            }
            Err(why) => self.back(&tab, Some(why), StatusCode::UNPROCESSABLE_ENTITY).await,
        }
    }

    /// Takes over what the applicant handed in before: one material by its code, or all that are still open.
    async fn reuse(&self, tab: Tab, code: &str) -> Result<Response, Fault> {
        let tab = self.save(tab).await?;
        let Some(draft) = tab.draft else { return Ok(go(&address(tab.id))) };
        let owner = Owner::Staff(self.clerk.staff.id);
        let mut found = intake::reusable(self.ctx, owner, draft).await?;
        if code.is_empty() {
            let sheet = Sheet::of(self.ctx, self.clerk, &tab, false, None).await?;
            let open = |code: &str| {
                sheet
                    .as_ref()
                    .is_some_and(|s| s.rows.iter().any(|row| row.code == code && row.pages.is_empty()))
            };
            found.retain(|one| open(&one.material));
        } else {
            found.retain(|one| one.material == code);
        }
        for one in found {
            match intake::reuse(self.ctx, owner, draft, &one.material).await {
                Ok(()) => {}
                Err(IntakeError::Store(error)) => return Err(error.into()),
                Err(why) => {
                    return self.back(&tab, Some(why.to_string()), StatusCode::UNPROCESSABLE_ENTITY).await;
                }
            }
        }
        Ok(go(&format!("{}#mt", address(tab.id))))
    }

    async fn find_person(&self, mut tab: Tab) -> Result<Response, Fault> {
        match who::look_up(self.ctx, &tab.typed).await? {
            Found::Wrong(faults) => {
                let tab = self.save(tab).await?;
                self.wrong_person(&tab, faults).await
            }
            Found::Nobody => {
                tab.typed.unknown = true;
                let tab = self.save(tab).await?;
                Ok(go(&format!("{}#name", address(tab.id))))
            }
            Found::Known(view) => match Who::of(&view) {
                Some(who) => self.chosen(tab, who).await,
                None => {
                    tab.typed.unknown = true;
                    let tab = self.save(tab).await?;
                    Ok(go(&format!("{}#handler", address(tab.id))))
                }
            },
        }
    }

    async fn wrong_person(&self, tab: &Tab, faults: who::Faults) -> Result<Response, Fault> {
        let status = Some(StatusCode::UNPROCESSABLE_ENTITY);
        let show = Show { who: faults, status, ..Show::default() };
        desk::draw(self.ctx, self.clerk, self.mode, tab, show).await
    }

    async fn register_person(&self, tab: Tab) -> Result<Response, Fault> {
        match who::register(self.ctx, &self.clerk.staff, &tab.typed, self.trace).await? {
            Ok(who) => self.chosen(tab, who).await,
            Err(faults) => {
                let tab = self.save(tab).await?;
                self.wrong_person(&tab, faults).await
            }
        }
    }

    /// The person is known: their number is not needed any more and is not kept.
    async fn chosen(&self, mut tab: Tab, who: Who) -> Result<Response, Fault> {
        (tab.typed.person, tab.typed.firm, tab.typed.unknown) = (Some(who.person), who.firm, false);
        if let Some(why) = sheet::follow(self.ctx, self.clerk, &mut tab).await? {
            (tab.typed.person, tab.typed.firm) = (None, None);
            let tab = self.save(tab).await?;
            return self.back(&tab, Some(why), StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        tab.typed.who.clear();
        let at = if tab.typed.item.is_empty() { "item" } else { "form" };
        let tab = self.save(tab).await?;
        Ok(go(&format!("{}#{at}", address(tab.id))))
    }

    async fn deed(&self, tab: Tab, deed: Deed) -> Result<Response, Fault> {
        let tab = self.save(tab).await?;
        let sheet = Sheet::of(self.ctx, self.clerk, &tab, true, None).await?;
        let submitted = sheet.as_ref().is_some_and(|sheet| sheet.draft.application.is_some());
        if submitted || tab.case.is_some() {
            // Another press of the same form was faster.
            let orders = Orders::at_one_press(deed);
            return enact::answer(self.ctx, self.clerk, self.mode, tab, orders, self.trace).await;
        }
        if let Some(why) = reasons::refusal(self.ctx, self.clerk, &tab, sheet.as_ref(), deed).await? {
            return self.back(&tab, Some(why), StatusCode::CONFLICT).await;
        }
        if deed.asks() {
            return Ok(go(&format!("{}/do/{}", address(tab.id), deed.word())));
        }
        enact::answer(self.ctx, self.clerk, self.mode, tab, Orders::at_one_press(deed), self.trace).await
    }
}

/// The beginning of a name, for a sentence.
fn short(name: &str) -> String {
    name.chars().take(30).collect()
}
