//! What is done with each case of an application after its material was taken in: the same with all, or with each what its
//! item calls for.

use super::ask::{self, Subject};
use super::deed::Deed;
use super::delivery;
use super::posted::Posted;
use crate::Ctx;
use crate::web::Fault;
use domain::cases::{Command, ToCorrect};
use domain::catalogue::Regime;
use domain::kernel::ItemId;
use ui::{Choice, Control, Field, FieldError};

/// One item as a deed sees it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub item: ItemId,
    pub name: String,
    pub regime: Regime,
    /// It could be accepted as it lies.
    pub ready: bool,
    /// The materials it asks for.
    pub codes: Vec<String>,
    /// Those of them it cannot do without.
    pub wanted: Vec<String>,
}

impl Part {
    /// It is finished on the spot.
    pub fn at_once(&self) -> bool {
        self.regime == Regime::Immediate
    }

    /// Its word in forms.
    pub fn key(&self) -> String {
        self.item.to_string()
    }

    /// What the names of its own fields end in; nothing where only one item has such fields.
    pub fn suffix(&self, subject: &Subject) -> String {
        let several = subject.parts.iter().filter(|part| part.at_once()).count() > 1;
        if several { format!(".{}", self.key()) } else { String::new() }
    }
}

/// What is done with the cases of an application.
#[derive(Debug, Clone)]
pub(super) enum Orders {
    /// Nothing: the window takes them in later.
    Leave,
    /// The same with each.
    Each(Vec<Command>),
    /// With each what its item calls for.
    Own(Vec<(ItemId, Vec<Command>)>),
}

impl Orders {
    /// What a press alone does; nothing for a deed that asks first, and for handing in, after which the window takes it in.
    pub fn at_one_press(deed: Deed) -> Self {
        match deed {
            Deed::Accept => Self::Each(vec![Command::Accept]),
            Deed::Receive => Self::Each(Vec::new()),
            _ => Self::Leave,
        }
    }

    /// What is done with the case of an item.
    pub fn with(&self, item: ItemId) -> Vec<Command> {
        match self {
            Self::Leave => Vec::new(),
            Self::Each(commands) => commands.clone(),
            Self::Own(all) => all
                .iter()
                .find(|(own, _)| *own == item)
                .map(|(_, commands)| commands.clone())
                .unwrap_or_default(),
        }
    }
}

/// What a page of questions says of the items that the questions are not about; empty for one item.
pub(super) fn beside(deed: Deed, subject: &Subject) -> String {
    let all_ready = subject.parts.iter().all(|part| part.ready);
    let others: String = subject
        .parts
        .iter()
        .filter(|part| deed.of_one(part.regime, part.ready, all_ready) != deed)
        .map(|part| format!("“{}”", part.name))
        .collect();
    match (others.is_empty(), deed) {
        (true, _) => String::new(),
        (false, Deed::AtOnce) => format!("{others}不是当场办的，同时受理，按承诺的时间办。"),
        (false, _) => format!("{others}的材料齐全，同时受理。"),
    }
}

/// The orders that the answers make, or what is wrong with them.
///
/// # Errors
/// A fault when a file cannot be kept.
pub(super) async fn of(
    ctx: &Ctx,
    deed: Deed,
    subject: &Subject,
    posted: &Posted,
) -> Result<Result<Orders, Vec<FieldError>>, Fault> {
    if subject.parts.len() < 2 {
        return Ok(ask::commands(ctx, deed, subject, posted).await?.map(Orders::Each));
    }
    if deed == Deed::AtOnce {
        return at_once(ctx, subject, posted).await;
    }
    let chosen = match named(deed, subject, posted) {
        Ok(chosen) => chosen,
        Err(why) => return Ok(Err(vec![why])),
    };
    let commands = match ask::commands(ctx, deed, subject, posted).await? {
        Ok(commands) => commands,
        Err(faults) => return Ok(Err(faults)),
    };
    let own = |part: &Part| (part.item, own(deed, subject, part, &commands, &chosen));
    Ok(Ok(Orders::Own(subject.parts.iter().map(own).collect())))
}

/// Of several items, which one is turned away.
pub(super) fn which(deed: Deed, subject: &Subject, posted: &Posted, faults: &[FieldError]) -> Option<Field> {
    let choice = |part: &Part| {
        let ticked = posted.under(WHICH).any(|(_, value)| value == part.key());
        Choice::new(part.key(), part.name.as_str(), ticked)
    };
    let choices: Vec<Choice> = subject.parts.iter().map(choice).collect();
    (choices.len() > 1).then(|| {
        Field::new(WHICH, format!("{}的是哪一件", deed.label()), Control::Check(choices))
            .hint("没有勾的，材料齐全的同时受理，不齐的先收件")
            .error(ask::errors(faults, "which-0"))
    })
}

/// The field in which those of several items are named that are turned away.
const WHICH: &str = "which";

/// The items that are turned away; all of them for other deeds.
fn named(deed: Deed, subject: &Subject, posted: &Posted) -> Result<Vec<ItemId>, FieldError> {
    let ticked =
        |part: &&Part| !deed.turns_away() || posted.under(WHICH).any(|(_, value)| value == part.key());
    let chosen: Vec<ItemId> = subject.parts.iter().filter(ticked).map(|part| part.item).collect();
    if chosen.is_empty() {
        return Err(ask::wrong("which-0", format!("请勾选要{}的是哪一件", deed.label())));
    }
    Ok(chosen)
}

/// What is done with one of several items.
fn own(deed: Deed, subject: &Subject, part: &Part, commands: &[Command], chosen: &[ItemId]) -> Vec<Command> {
    let all_ready = subject.parts.iter().all(|part| part.ready);
    // What is not spoken of is accepted, or only taken in where that is not possible yet.
    let otherwise = || if part.ready { vec![Command::Accept] } else { Vec::new() };
    match commands.first() {
        Some(Command::AskCorrection { items, until }) => {
            let asked = |to: &&ToCorrect| {
                let brought = subject.pieces.iter().any(|piece| piece.code == to.code && !piece.missing);
                part.wanted.contains(&to.code) || (brought && part.codes.contains(&to.code))
            };
            let items: Vec<ToCorrect> = items.iter().filter(asked).cloned().collect();
            if items.is_empty() {
                return otherwise();
            }
            vec![Command::AskCorrection { items, until: *until }]
        }
        Some(Command::AcceptDeferring { missing, until }) => {
            let missing: Vec<String> =
                missing.iter().filter(|code| part.wanted.contains(code)).cloned().collect();
            if missing.is_empty() {
                return otherwise();
            }
            vec![Command::AcceptDeferring { missing, until: *until }]
        }
        _ if deed.of_one(part.regime, part.ready, all_ready) != deed => otherwise(),
        _ if !chosen.contains(&part.item) => otherwise(),
        _ => commands.to_vec(),
    }
}

/// Of several items those finished on the spot, each with its decision; all handed over together, the others accepted.
async fn at_once(
    ctx: &Ctx,
    subject: &Subject,
    posted: &Posted,
) -> Result<Result<Orders, Vec<FieldError>>, Fault> {
    let mut faults = Vec::new();
    let mut decided = Vec::new();
    for part in &subject.parts {
        if !part.at_once() {
            decided.push((part.item, vec![Command::Accept]));
            continue;
        }
        match ask::decision(posted, &part.suffix(subject)) {
            Ok(commands) => decided.push((part.item, commands)),
            Err(more) => faults.extend(more),
        }
    }
    let how = match delivery::how(ctx, posted, faults.is_empty()).await? {
        Ok(how) => how,
        Err(more) => {
            faults.extend(more);
            return Ok(Err(faults));
        }
    };
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    for (item, commands) in &mut decided {
        if subject.parts.iter().any(|part| part.item == *item && part.at_once()) {
            commands.push(Command::Deliver { how: how.clone() });
        }
    }
    Ok(Ok(Orders::Own(decided)))
}
