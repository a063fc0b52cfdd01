//! Life events 人生大事 on the home page: the themes people think in, each a door to its items.

use ui::Icon;

/// One tile.
pub(super) struct Event {
    /// Its picture.
    pub icon: Icon,
    /// What it is called.
    pub name: &'static str,
    /// What stands behind it.
    pub hint: &'static str,
    /// 自然人主题 or 法人主题 of the catalogue.
    pub theme: &'static str,
    /// Whether the theme is one for organisations.
    pub firms: bool,
}

const EVENTS: [(&str, &str, &str, &str, bool); 8] = [
    ("baby", "生育收养", "出生申报、生育登记", "生育收养", false),
    ("work", "就业创业", "失业登记、社保补贴", "就业创业", false),
    ("card", "社会保障", "社保卡、参保、养老", "社会保障", false),
    ("home", "公积金", "提取、还贷、公租房", "住房保障", false),
    ("id", "户籍身份", "落户、居住证、迁移", "户籍办理", false),
    ("care", "救助帮扶", "低保、困难补助", "社会救助", false),
    ("elder", "离职退休", "退休提取、体检通知", "离职退休", false),
    ("biz", "企业服务", "参保登记、缴费申报", "社会保障", true),
];

/// All tiles, in the order shown.
pub(super) fn all() -> Vec<Event> {
    EVENTS
        .into_iter()
        .map(|(icon, name, hint, theme, firms)| Event { icon: Icon::new(icon), name, hint, theme, firms })
        .collect()
}

impl Event {
    /// Where the tile leads.
    pub(super) fn href(&self) -> String {
        let firms = if self.firms { "&for=firms" } else { "" };
        format!("/items?theme={}{firms}", super::percent(self.theme))
    }
}
