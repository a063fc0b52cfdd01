//! The words of the domain as the API writes them, with the list of them for the description.

use crate::cases::Nearness;
use crate::web::Fault;
use domain::cases::{Channel, Status, WorkKind};
use domain::catalogue::Regime;
use domain::org::{Level, OrgKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::schema::{Object, Type};

/// The stable word of a value, as JSON and rows have it.
pub(super) fn word(value: &impl Serialize) -> Result<String, Fault> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(Fault::internal(format!("a word was expected, found {other:?}"))),
    }
}

/// The value of a word; nothing when there is none.
pub(super) fn value<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// The value of a word that a program sent for this parameter or field.
pub(super) fn known<T: DeserializeOwned>(field: &'static str, word: &str) -> Result<T, Fault> {
    value(word).ok_or_else(|| {
        Fault::bad_request(field, format!("{field} 没有“{}”这个值，请从接口说明列出的值里选。", cut(word)))
    })
}

fn cut(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// The description of a text that is one of these words.
pub(super) fn one_of(words: Vec<String>, about: &str) -> Object {
    let text = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
    text.description(Some(about)).build()
}

fn all<T: Serialize>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().filter_map(|value| word(&value).ok()).collect()
}

/// The regimes.
pub(super) fn regime() -> Object {
    let regimes = all([Regime::Immediate, Regime::Promised, Regime::ReportUp]);
    one_of(regimes, "immediate 即办件、promised 承诺件、report_up 上报件。")
}

/// The states of a case.
pub(super) fn status() -> Object {
    one_of(STATUSES.iter().map(|status| status.as_str().to_owned()).collect(), "办件状态。")
}

/// Every state a case that was submitted can be in.
pub(super) const STATUSES: [Status; 14] = [
    Status::Submitted,
    Status::Received,
    Status::Correcting,
    Status::InReview,
    Status::Suspended,
    Status::Granted,
    Status::Denied,
    Status::ResultReady,
    Status::Delivered,
    Status::NotRequired,
    Status::Refused,
    Status::Withdrawn,
    Status::Terminated,
    Status::Archived,
];

/// The channels.
pub(super) fn channel() -> Object {
    let channels =
        [Channel::Online, Channel::Window, Channel::Agent, Channel::Kiosk, Channel::Post, Channel::BackEntry];
    one_of(
        all(channels),
        "online 网上、window 窗口、agent 代办、kiosk 自助终端、post 邮寄、back_entry 补录。",
    )
}

/// The kinds of work.
pub(super) fn work() -> Object {
    one_of(WorkKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect(), "等着办的是哪一种。")
}

/// The words for how near the due day is.
pub(super) const NEARNESS: [(&str, Nearness); 6] = [
    ("late", Nearness::Late),
    ("today", Nearness::Today),
    ("soon", Nearness::Soon),
    ("calm", Nearness::Calm),
    ("standing", Nearness::Standing),
    ("done", Nearness::Done),
];

/// How near the due day is.
pub(super) fn nearness() -> Object {
    let words = NEARNESS.iter().map(|(word, _)| (*word).to_owned()).collect();
    one_of(
        words,
        "late 已超期、today 今天到期、soon 三个工作日内到期、calm 期限内、standing 暂停计时、done 已结束。",
    )
}

/// The kinds of organisations.
pub(super) fn org_kind() -> Object {
    let kinds = [
        OrgKind::Government,
        OrgKind::Department,
        OrgKind::ServiceOffice,
        OrgKind::TownHall,
        OrgKind::VillageHall,
    ];
    one_of(
        all(kinds),
        "government 政府、department 部门、service_office 政务办、town_hall 镇（街道）为民服务中心、village_hall 村（社区）便民服务中心。",
    )
}

/// The levels.
pub(super) fn level() -> Object {
    one_of(
        all([Level::City, Level::District, Level::Town, Level::Village]),
        "city 市、district 辖市区、town 镇（街道）、village 村（社区）。",
    )
}

/// The actions that can be asked for.
pub(super) fn action() -> Object {
    one_of(all(super::actions::OFFERED.iter().map(|(action, ..)| *action)), "操作。")
}
