//! Every component with samples on one page: what developers look at and what the tests walk.

use crate::{
    BackLink, Button, Choice, Control, Dialog, Empty, ErrorSummary, Field, Icon, Light, LightState, Link,
    Mode, Moment, Note, NoteKind, Page, Pager, PortalHeader, Row, SafeHtml, Shape, StepState, Steps, Summary,
    SummaryRow, Table, Tag, TagKind, TextKind, Timeline, Trail, Upload, UploadState, User, Width,
};
use askama::Template;

#[derive(Template)]
#[template(path = "gallery.html")]
struct Gallery {
    trail: Trail,
    back: BackLink,
    errors: ErrorSummary,
    icons: Vec<(&'static str, Icon)>,
    tags: Vec<Tag>,
    lights: Vec<Light>,
    notes: Vec<Note>,
    buttons: Vec<Button>,
    fields: Vec<Field>,
    uploads: Vec<Upload>,
    steps: Vec<Steps>,
    timeline: Timeline,
    summary: Summary,
    tables: Vec<Table>,
    dialog: Dialog,
}

const ICONS: [&str; 20] = [
    "baby", "work", "card", "home", "id", "care", "elder", "biz", "search", "list", "clock", "user", "check",
    "warn", "pin", "cam", "print", "sound", "help", "phone",
];

fn buttons(t: &str) -> Vec<Button> {
    vec![
        Button::submit(format!("确认并提交{t}")).primary().large().named("do", t),
        Button::submit("先存着，以后再办").large().form_action("/save"),
        Button::link(format!("查看{t}"), "#a").small().about(t).icon("list"),
        Button::submit("撤回申请").danger().key("Ctrl+B"),
        Button::print("打印这一页"),
        Button::submit("受理")
            .key("Ctrl+Enter")
            .blocked("why-accept", format!("还不能受理：缺“灵活就业承诺书”{t}")),
    ]
}

fn fields(t: &str) -> Vec<Field> {
    let work = vec![
        Choice::new("flex", format!("灵活就业{t}"), false).hint(format!("没有固定单位，自己缴社会保险{t}")),
        Choice::new("self", "个体经营", true),
    ];
    let months = vec![Choice::new("7", "7 月", true), Choice::new("8", "8 月", false)];
    let banks =
        vec![Choice::new("a", format!("江南农村商业银行{t}"), true), Choice::new("b", "常州农商", false)];
    vec![
        Field::text("phone", format!("手机号码{t}"), TextKind::Tel, format!("1381234567{t}"))
            .hint(format!("办理结果会发短信到这个号码{t}"))
            .error(format!("手机号码要有 11 位数字，现在只有 10 位{t}"))
            .width(Width::Medium)
            .autocomplete("tel"),
        Field::text("id_number", "身份证号码", TextKind::IdNumber, "").width(Width::Medium).max_length(18),
        Field::text("secret", "密码", TextKind::Password, t)
            .width(Width::Medium)
            .autocomplete("current-password"),
        Field::text("amount", "金额（元）", TextKind::Decimal, "1200.00").width(Width::Short),
        Field::area("reason", format!("说明情况{t}"), format!("想请人上门{t}")).optional().max_length(500),
        Field::date("day", "想哪天来", "2026-11-27").hint("周一到周五"),
        Field::new("emp", format!("您现在的工作属于哪一种？{t}"), Control::Radio(work))
            .error(format!("请选择您现在的工作情况{t}")),
        Field::new("month", "申请哪几个月？", Control::Check(months)),
        Field::new("bank", "收款银行", Control::Select(banks)).width(Width::Medium),
        Field::new(
            "photo",
            format!("《就业创业证》照片{t}"),
            Control::File { accept: "image/*,.pdf", multiple: true, upload_url: "/upload".to_owned() },
        )
        .hint("手机拍照就行，四个角都要拍到"),
        Field::text("find", "找办件", TextKind::Search, "").hot_search().width(Width::Long),
    ]
}

fn uploads(t: &str) -> Vec<Upload> {
    let file = |name: &str, state| Upload {
        name: format!("{name}{t}"),
        size: format!("1.2 MB{t}"),
        state,
        view: "#view".to_owned(),
        remove: "#remove".to_owned(),
    };
    vec![
        file("封面.jpg", UploadState::Kept),
        file("内页.jpg", UploadState::Doubtful(format!("第 2 页模糊，建议重拍{t}"))),
        file("合同.exe", UploadState::Refused(format!("只收照片和 PDF，请换一份{t}"))),
    ]
}

fn timeline(t: &str) -> Timeline {
    let moment = |what: &str, when: &str, state| Moment {
        what: format!("{what}{t}"),
        when: when.to_owned(),
        who: format!("青龙街道为民服务中心{t}"),
        more: SafeHtml::text(t),
        state,
    };
    Timeline::new(vec![
        moment("已提交", "11 月 20 日 09:12", StepState::Done),
        moment("已受理", "11 月 20 日 15:40", StepState::Done),
        moment("正在审核", "11 月 23 日 10:42", StepState::Now),
        moment("办结", "", StepState::Ahead),
    ])
}

fn tables(t: &str) -> Vec<Table> {
    let row = |no: &str, light: Light, next: bool| Row {
        cells: vec![
            SafeHtml::text(&format!("{no}{t}")),
            SafeHtml::text("灵活就业人员社保补贴申请"),
            SafeHtml::of(&light),
            SafeHtml::of(&Button::link("办理", "#case").small().about(no)),
        ],
        href: format!("#case-{no}"),
        next,
    };
    let columns = ["办件号", "事项", "时限", ">操作"];
    vec![
        Table::new(format!("待办{t}"), columns)
            .rows(vec![
                row("3204 0011", Light::new(LightState::Overdue, "超期 2 天"), true),
                row("3204 0012", Light::new(LightState::OnTime, "剩 6 天"), false),
            ])
            .pager(Pager { first: "?".to_owned(), next: "?after=12".to_owned() }),
        Table::new("已办", columns).empty(
            Empty::new(format!("今天还没有办完的件{t}"), format!("从“待办”里打开一件就可以开始{t}"))
                .button(Button::link("去待办", "#todo")),
        ),
    ]
}

fn notes(t: &str) -> Vec<Note> {
    let note = |kind, title: &str| {
        Note::new(kind, format!("{title}{t}")).body(format!("这里说清楚发生了什么、接着做什么。{t}").as_str())
    };
    vec![
        note(NoteKind::Info, "这件事可以全程网上办"),
        note(NoteKind::Warn, "有 1 件事等您补材料").action(format!("去补交{t}"), "#fix"),
        note(NoteKind::Error, "短信没有发出去"),
        note(NoteKind::Ok, "已经提交"),
    ]
}

fn summary(t: &str) -> Summary {
    Summary::new(vec![
        SummaryRow::new(format!("姓名{t}"), format!("王*明{t}").as_str())
            .source(format!("来自实名认证{t}"))
            .fixed(),
        SummaryRow::new("手机号码", "138 **** 5678").change("#phone"),
        SummaryRow::new("补贴标准", "每月 600 元"),
    ])
}

/// The body of the gallery; `t` is put behind every text (empty for looking, hostile for tests).
///
/// # Errors
/// Passes on the error of a template.
pub fn gallery_body(t: &str) -> Result<SafeHtml, askama::Error> {
    let fields = fields(t);
    let tag = |kind, text: &str| Tag::new(kind, format!("{text}{t}"));
    let light = |state, text: &str| Light::new(state, format!("{text}{t}"));
    SafeHtml::render(&Gallery {
        trail: Trail::new([("首页", "/"), (format!("办事{t}").as_str(), "/items")], format!("组件{t}")),
        back: BackLink::named(format!("返回{t}"), "/"),
        errors: ErrorSummary::of(&fields),
        icons: ICONS.into_iter().map(|name| (name, Icon::new(name))).collect(),
        tags: vec![
            tag(TagKind::Plain, "可容缺"),
            tag(TagKind::Blue, "就近办"),
            tag(TagKind::Green, "已核验"),
            tag(TagKind::Amber, "第 2 页模糊"),
            tag(TagKind::Red, "必交，缺"),
            tag(TagKind::Violet, "优先"),
        ],
        lights: vec![
            light(LightState::OnTime, "剩 6 天"),
            light(LightState::Warning, "剩 1 天"),
            light(LightState::Overdue, "超期 2 天"),
            light(LightState::Stopped, "暂停计时（等补材料）"),
        ],
        notes: notes(t),
        buttons: buttons(t),
        uploads: uploads(t),
        steps: vec![
            Steps::new(["已提交", "已受理", format!("审核中{t}").as_str(), "办结"], 2),
            Steps::new(["已提交", "办结"], 2),
        ],
        timeline: timeline(t),
        summary: summary(t),
        tables: tables(t),
        dialog: Dialog::new("ask", format!("真的要撤回吗？{t}"), SafeHtml::text(t)),
        fields,
    })
}

fn header(t: &str) -> PortalHeader {
    let nav = ["首页", "个人办事", "企业办事", "就近办", "办件进度", "我的空间"];
    let tabs = [("首页", "home"), ("办事", "list"), ("进度", "clock"), ("我的", "user")];
    PortalHeader {
        brand: format!("政务服务{t}"),
        place: format!("青龙街道{t}"),
        above: format!("常州市 · 天宁区{t}"),
        change_place: "/place".to_owned(),
        nav: nav
            .iter()
            .enumerate()
            .map(|(i, text)| Link::new(format!("{text}{t}"), "#").current(i == 0))
            .collect(),
        tabs: tabs.iter().map(|(text, icon)| Link::new(*text, "#").icon(icon)).collect(),
        user: Some(User {
            name: format!("王女士（已实名）{t}"),
            href: "/my".to_owned(),
            sign_out: "/sign-out".to_owned(),
        }),
        sign_in: "/sign-in".to_owned(),
        find_help: "/helpers".to_owned(),
        accessibility: "/accessibility".to_owned(),
        foot: vec![Link::new(format!("办不成事反映{t}"), "#"), Link::new("隐私说明", "#")],
    }
}

/// The gallery as a whole page in a mode; `t` is put behind every text.
///
/// # Errors
/// Passes on the error of a template.
pub fn gallery(mode: Mode, t: &str) -> Result<String, askama::Error> {
    let mut page = Page::portal(format!("组件{t}"), header(t), gallery_body(t)?);
    page.mode = mode;
    page.place = format!("设计{t}");
    page.shape = Shape::Middle;
    page.head.description = format!("全部组件{t}");
    page.here = format!("/design{t}");
    page.render()
}
