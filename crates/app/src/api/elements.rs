//! The elements of an item 事项要素 with the codes of GB/T 39046—2020, for systems that keep a directory of their own.

use super::item::Said;
use domain::catalogue::{Based, Item};
use serde::Serialize;
use utoipa::ToSchema;

/// 一个有代码的值（GB/T 39046—2020 附录A）。
#[derive(Serialize, ToSchema)]
pub(super) struct CodedView {
    /// 代码。
    code: &'static str,
    /// 名称。
    name: &'static str,
}

/// The view of a member of a code set.
macro_rules! coded {
    ($member:expr) => {{
        let member = $member;
        CodedView { code: member.code(), name: member.label() }
    }};
}

/// 一个有代码的值，和它有没有经主管部门确认。
#[derive(Serialize, ToSchema)]
pub(super) struct CodedSaid {
    /// 值。
    value: CodedView,
    /// 没有经主管部门确认，是示例。
    placeholder: bool,
}

/// 办理流程的一个环节。
#[derive(Serialize, ToSchema)]
pub(super) struct ItemStep {
    /// 从 1 开始。
    no: u16,
    /// 环节名称。
    name: String,
    /// 谁来做。
    actor: String,
}

/// 一项收费。
#[derive(Serialize, ToSchema)]
pub(super) struct ItemFee {
    /// 收费项目名称。
    name: String,
    /// 收费标准，单位是分；标准另有规定的是 null。
    fen: Option<u64>,
    /// 是否允许减免。
    reducible: bool,
}

/// 怎么申请。
#[derive(Serialize, ToSchema)]
pub(super) struct ItemChannels {
    /// 窗口、网上、移动端、自助终端、全程代办。
    names: Vec<String>,
    /// 可以网上办理。
    online: bool,
    /// 从申请到结果都不用到现场。
    fully_online: bool,
    /// 进驻大厅。
    in_hall: bool,
    /// 支持物流快递。
    by_post: bool,
    /// 支持网上支付。
    pay_online: bool,
    /// 支持预约。
    booking: bool,
    /// 支持自助终端。
    terminal: bool,
    /// 没有经主管部门确认，是示例。
    placeholder: bool,
}

/// 事项要素。
#[derive(Serialize, ToSchema)]
pub(super) struct ItemElements {
    /// 事项类型。
    item_type: CodedSaid,
    /// 行使层级。
    level: CodedView,
    /// 实施主体名称。
    subject: String,
    /// 实施主体性质。
    nature: CodedSaid,
    /// 受理机构。
    accepted_at: String,
    /// 服务对象。
    audience: Vec<CodedView>,
    /// 办理形式。
    forms: Vec<CodedView>,
    /// 通办范围。
    area: CodedView,
    /// 特别程序种类。
    special_procedures: Vec<CodedView>,
    /// 办理流程。
    steps: Vec<ItemStep>,
    /// 办理流程没有经主管部门确认，是示例。
    steps_are_placeholder: bool,
    /// 到办事现场几次。
    visits: u8,
    /// 数量限制；没有限制的是空的。
    quota: String,
    /// 中介服务；没有的是空的。
    intermediary: String,
    /// 怎么申请。
    channels: ItemChannels,
    /// 办理时间。
    hours: Said,
    /// 收费项目。
    fees: Vec<ItemFee>,
    /// 结果怎么送达。
    delivery: String,
    /// 监督投诉电话。
    complaints: Said,
}

impl From<&Item> for ItemElements {
    fn from(item: &Item) -> Self {
        let (identity, subject, guide) = (&item.identity, &item.subject, &item.guide);
        let process = &guide.process;
        Self {
            item_type: CodedSaid {
                value: coded!(identity.item_type.value),
                placeholder: is_placeholder(&identity.item_type),
            },
            level: coded!(identity.level),
            subject: subject.name.clone(),
            nature: CodedSaid {
                value: coded!(subject.nature.value),
                placeholder: is_placeholder(&subject.nature),
            },
            accepted_at: subject.accepted_at.clone(),
            audience: process.audience.iter().map(|one| coded!(one)).collect(),
            forms: process.forms.iter().map(|one| coded!(one)).collect(),
            area: coded!(process.area),
            special_procedures: guide.time.special.iter().map(|one| coded!(one)).collect(),
            steps: process.steps.iter().map(ItemStep::from).collect(),
            steps_are_placeholder: process.steps_basis.is_placeholder(),
            visits: process.visits.value.times,
            quota: process.quota.clone(),
            intermediary: process.intermediary.clone(),
            channels: ItemChannels::from(&guide.channels),
            hours: Said::of(&guide.channels.hours),
            fees: guide.fee.rows.iter().map(ItemFee::from).collect(),
            delivery: guide.outcome.delivery.clone(),
            complaints: Said::of(&guide.contact.complaints),
        }
    }
}

fn is_placeholder<T>(said: &Based<T>) -> bool {
    said.basis.is_placeholder()
}

impl From<&domain::catalogue::Step> for ItemStep {
    fn from(step: &domain::catalogue::Step) -> Self {
        Self { no: step.no, name: step.name.clone(), actor: step.actor.clone() }
    }
}

impl From<&domain::catalogue::FeeRow> for ItemFee {
    fn from(row: &domain::catalogue::FeeRow) -> Self {
        Self { name: row.name.clone(), fen: row.fen, reducible: row.reducible }
    }
}

impl From<&domain::catalogue::Channels> for ItemChannels {
    fn from(channels: &domain::catalogue::Channels) -> Self {
        Self {
            names: channels.names.clone(),
            online: channels.online,
            fully_online: channels.fully_online,
            in_hall: channels.in_hall,
            by_post: channels.by_post,
            pay_online: channels.pay_online,
            booking: channels.booking,
            terminal: channels.terminal,
            placeholder: channels.basis.is_placeholder(),
        }
    }
}
