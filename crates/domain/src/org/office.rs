//! What administrators keep about an organisation beside the data it came with: its name when that changed, hours,
//! telephone, address, whether it serves anybody, and which 即办件 it may decide on the spot.

use super::{Hours, NameSource, Org, OrgKind};
use crate::kernel::ItemId;
use crate::kernel::identity::Phone;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The longest full name, in characters.
pub const LONGEST_NAME: usize = 60;
/// The longest short name, in characters.
pub const LONGEST_SHORT: usize = 20;
/// The longest address, in characters.
pub const LONGEST_ADDRESS: usize = 100;
/// The longest reason or name of a document, in characters.
pub const LONGEST_BASIS: usize = 200;

/// What is kept about one organisation. Where a field is empty, the city's data stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Office {
    /// Full name, once an administrator has changed or checked it.
    pub name: Option<String>,
    /// Short name, likewise.
    pub short: Option<String>,
    /// Hours on working days.
    pub hours: Option<Hours>,
    /// Hours on days off (延时服务).
    pub hours_off: Option<Hours>,
    /// The telephone people may call.
    pub phone: Option<Phone>,
    /// Where the door is.
    pub address: Option<String>,
    /// Serves nobody for the time being.
    pub closed: Option<Closure>,
    /// Items whose authorisation for a decision on the spot differs from the catalogue's.
    pub immediate: BTreeMap<ItemId, bool>,
}

/// An organisation that serves nobody for the time being.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    /// Since when.
    pub since: Timestamp,
    /// Why, in words that people at the door may read.
    pub reason: String,
}

/// What an administrator wants to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfficeCommand {
    /// Name, hours and where to find it; what equals the present is left alone.
    Describe(Box<Description>),
    /// Serves nobody until further notice.
    Close {
        /// Why.
        reason: String,
    },
    /// Serves again.
    Reopen {
        /// Why.
        reason: String,
    },
    /// May or may not decide this 即办件 on the spot.
    Authorise {
        /// The item.
        item: ItemId,
        /// Whether it may.
        allowed: bool,
        /// The document that says so 授权依据.
        basis: String,
    },
}

/// The form of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Full name.
    pub name: String,
    /// Short name.
    pub short: String,
    /// A name made by a pattern has been compared with the real one.
    pub name_checked: bool,
    /// Hours on working days.
    pub hours: Option<Hours>,
    /// Hours on days off.
    pub hours_off: Option<Hours>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Address.
    pub address: Option<String>,
    /// The document behind a new name; may be empty when the name stays.
    pub basis: String,
}

/// What happened to an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeEvent {
    /// When.
    pub at: Timestamp,
    /// The reason or the document behind it; empty where none is needed.
    #[serde(default)]
    pub basis: String,
    /// What.
    #[serde(flatten)]
    pub what: OfficeChange,
}

/// What happened, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OfficeChange {
    /// It is called otherwise, or its name was checked.
    Renamed {
        /// Full name.
        name: String,
        /// Short name.
        short: String,
    },
    /// It opens at other times.
    HoursChanged {
        /// On working days.
        hours: Option<Hours>,
        /// On days off.
        hours_off: Option<Hours>,
    },
    /// It is found elsewhere.
    ContactChanged {
        /// Telephone.
        phone: Option<Phone>,
        /// Address.
        address: Option<String>,
    },
    /// It serves nobody for the time being.
    Closed,
    /// It serves again.
    Reopened,
    /// It may or may not decide an item on the spot.
    ImmediateAuthorised {
        /// The item.
        item: ItemId,
        /// Whether it may.
        allowed: bool,
    },
}

impl OfficeEvent {
    /// The kind as stored beside the body.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.what {
            OfficeChange::Renamed { .. } => "renamed",
            OfficeChange::HoursChanged { .. } => "hours_changed",
            OfficeChange::ContactChanged { .. } => "contact_changed",
            OfficeChange::Closed => "closed",
            OfficeChange::Reopened => "reopened",
            OfficeChange::ImmediateAuthorised { .. } => "immediate_authorised",
        }
    }
}

/// Why a change is refused, as a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfficeRefusal {
    /// No name.
    NameEmpty,
    /// A name too long or with signs that cannot be printed.
    NameUnfit,
    /// Another organisation beside it has the name.
    NameTaken,
    /// No short name.
    ShortEmpty,
    /// A short name too long or with signs that cannot be printed.
    ShortUnfit,
    /// An address too long or with signs that cannot be printed.
    AddressUnfit,
    /// Neither reason nor document.
    BasisMissing,
    /// A reason that is too long or cannot be printed.
    BasisUnfit,
    /// Everything is as it was.
    NothingChanged,
    /// It is closed already.
    ClosedAlready,
    /// It is open.
    NotClosed,
    /// Governments are not closed.
    Government,
    /// Only halls decide 即办件 on the spot.
    NoHall,
    /// The item is not handled on the spot.
    NotImmediate,
    /// It is authorised so already.
    AuthorisedAlready,
}

impl OfficeRefusal {
    /// The field of the form it speaks of; empty for the whole.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::NameEmpty | Self::NameUnfit | Self::NameTaken => "name",
            Self::ShortEmpty | Self::ShortUnfit => "short",
            Self::AddressUnfit => "address",
            Self::BasisMissing | Self::BasisUnfit => "basis",
            Self::NotImmediate => "item",
            Self::NothingChanged
            | Self::ClosedAlready
            | Self::NotClosed
            | Self::Government
            | Self::NoHall
            | Self::AuthorisedAlready => "",
        }
    }
}

impl fmt::Display for OfficeRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let long = |what: &str, most: usize| format!("{what}最多 {most} 个字，不能换行，请改短一点");
        f.write_str(&match self {
            Self::NameEmpty => "请填写机构的全称，例如 雕庄街道为民服务中心".into(),
            Self::NameUnfit => long("机构全称", LONGEST_NAME),
            Self::NameTaken => "同一上级下已经有叫这个名字的机构，请换一个名字".into(),
            Self::ShortEmpty => "请填写简称，列表里要用".into(),
            Self::ShortUnfit => long("简称", LONGEST_SHORT),
            Self::AddressUnfit => long("地址", LONGEST_ADDRESS),
            Self::BasisMissing => "请写明依据或原因，例如 常政发〔2026〕3 号".into(),
            Self::BasisUnfit => long("依据或原因", LONGEST_BASIS),
            Self::NothingChanged => "没有改动任何内容，所以没有保存".into(),
            Self::ClosedAlready => "这个机构已经暂停服务，不用再停".into(),
            Self::NotClosed => "这个机构正在服务，不用恢复".into(),
            Self::Government => "人民政府不能暂停服务，请选它下面的机构".into(),
            Self::NoHall => "只有服务大厅才能当场决定，请从大厅里选".into(),
            Self::NotImmediate => "这个事项不是即办件，不用授权当场决定".into(),
            Self::AuthorisedAlready => "已经是这样授权的，不用再改".into(),
        })
    }
}

impl std::error::Error for OfficeRefusal {}

/// What deciding needs to know besides the office itself.
#[derive(Debug, Clone, Copy)]
pub struct OfficeFacts<'a> {
    /// The organisation as the city shows it now.
    pub org: &'a Org,
    /// The instant of the change.
    pub at: Timestamp,
    /// Another organisation under the same one has the new name.
    pub name_taken: bool,
    /// The item of [`OfficeCommand::Authorise`] is an 即办件.
    pub item_is_immediate: bool,
}

/// What happens when an administrator wants this.
///
/// # Errors
/// Every reason against it.
pub fn decide_office(
    office: &Office,
    command: &OfficeCommand,
    facts: &OfficeFacts<'_>,
) -> Result<Vec<OfficeEvent>, Vec<OfficeRefusal>> {
    let one = |basis: &str, what| vec![OfficeEvent { at: facts.at, basis: basis.trim().to_owned(), what }];
    match command {
        OfficeCommand::Describe(wish) => describe(office, wish, facts),
        OfficeCommand::Close { reason } => {
            refuse(&[
                (facts.org.kind == OrgKind::Government, OfficeRefusal::Government),
                (office.closed.is_some(), OfficeRefusal::ClosedAlready),
            ])?;
            basis(reason)?;
            Ok(one(reason, OfficeChange::Closed))
        }
        OfficeCommand::Reopen { reason } => {
            refuse(&[(office.closed.is_none(), OfficeRefusal::NotClosed)])?;
            basis(reason)?;
            Ok(one(reason, OfficeChange::Reopened))
        }
        OfficeCommand::Authorise { item, allowed, basis: ground } => {
            refuse(&[
                (!facts.org.kind.is_hall(), OfficeRefusal::NoHall),
                (!facts.item_is_immediate, OfficeRefusal::NotImmediate),
                (office.decides_at_once(*item) == *allowed, OfficeRefusal::AuthorisedAlready),
            ])?;
            basis(ground)?;
            Ok(one(ground, OfficeChange::ImmediateAuthorised { item: *item, allowed: *allowed }))
        }
    }
}

fn describe(
    office: &Office,
    wish: &Description,
    facts: &OfficeFacts<'_>,
) -> Result<Vec<OfficeEvent>, Vec<OfficeRefusal>> {
    let (name, short, ground) = (wish.name.trim(), wish.short.trim(), wish.basis.trim());
    let address = wish.address.as_deref().map(str::trim).filter(|a| !a.is_empty()).map(str::to_owned);
    let renamed = name != facts.org.name || short != facts.org.short;
    refuse(&[
        (name.is_empty(), OfficeRefusal::NameEmpty),
        (!fits(name, LONGEST_NAME), OfficeRefusal::NameUnfit),
        (facts.name_taken, OfficeRefusal::NameTaken),
        (short.is_empty(), OfficeRefusal::ShortEmpty),
        (!fits(short, LONGEST_SHORT), OfficeRefusal::ShortUnfit),
        (address.as_ref().is_some_and(|a| !fits(a, LONGEST_ADDRESS)), OfficeRefusal::AddressUnfit),
        (renamed && ground.is_empty(), OfficeRefusal::BasisMissing),
        (!fits(ground, LONGEST_BASIS), OfficeRefusal::BasisUnfit),
    ])?;
    let mut changes = Vec::new();
    if renamed || wish.name_checked && facts.org.name_source == NameSource::Pattern {
        changes.push(OfficeChange::Renamed { name: name.to_owned(), short: short.to_owned() });
    }
    if (&wish.hours, &wish.hours_off) != (&office.hours, &office.hours_off) {
        let (hours, hours_off) = (wish.hours.clone(), wish.hours_off.clone());
        changes.push(OfficeChange::HoursChanged { hours, hours_off });
    }
    if (&wish.phone, &address) != (&office.phone, &office.address) {
        changes.push(OfficeChange::ContactChanged { phone: wish.phone.clone(), address });
    }
    refuse(&[(changes.is_empty(), OfficeRefusal::NothingChanged)])?;
    let event = |what| OfficeEvent { at: facts.at, basis: ground.to_owned(), what };
    Ok(changes.into_iter().map(event).collect())
}

fn refuse(checks: &[(bool, OfficeRefusal)]) -> Result<(), Vec<OfficeRefusal>> {
    let against: Vec<_> = checks.iter().filter(|(holds, _)| *holds).map(|(_, why)| *why).collect();
    if against.is_empty() { Ok(()) } else { Err(against) }
}

fn basis(text: &str) -> Result<(), Vec<OfficeRefusal>> {
    refuse(&[
        (text.trim().is_empty(), OfficeRefusal::BasisMissing),
        (!fits(text.trim(), LONGEST_BASIS), OfficeRefusal::BasisUnfit),
    ])
}

/// Short enough for one printed line, without signs that cannot be printed.
pub(super) fn fits(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.chars().any(char::is_control)
}

impl Office {
    /// What it is after the event.
    #[must_use]
    pub fn apply(mut self, event: &OfficeEvent) -> Self {
        match &event.what {
            OfficeChange::Renamed { name, short } => {
                (self.name, self.short) = (Some(name.clone()), Some(short.clone()));
            }
            OfficeChange::HoursChanged { hours, hours_off } => {
                (self.hours, self.hours_off) = (hours.clone(), hours_off.clone());
            }
            OfficeChange::ContactChanged { phone, address } => {
                (self.phone, self.address) = (phone.clone(), address.clone());
            }
            OfficeChange::Closed => {
                self.closed = Some(Closure { since: event.at, reason: event.basis.clone() });
            }
            OfficeChange::Reopened => self.closed = None,
            OfficeChange::ImmediateAuthorised { item, allowed } => {
                self.immediate.insert(*item, *allowed);
            }
        }
        self
    }

    /// Whether it may decide this 即办件 on the spot; every hall may until an administrator says otherwise.
    #[must_use]
    pub fn decides_at_once(&self, item: ItemId) -> bool {
        self.immediate.get(&item).copied().unwrap_or(true)
    }
}
