//! The whole document: head, header, elder switch, body, footer. For citizens, for staff, for devices.

use crate::{Icon, SafeHtml};
use askama::Template;

/// A link in a menu.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// What it says.
    pub text: String,
    /// Where it goes.
    pub href: String,
    /// Icon of the sprite (used by the tab bar of phones only); empty for none.
    pub icon: &'static str,
    /// Whether the page shown is this one.
    pub current: bool,
}

impl Link {
    /// A link without an icon.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), icon: "", current: false }
    }
    /// Marks it as the page shown, when `current`.
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
    /// With an icon of the sprite.
    pub fn icon(mut self, icon: &'static str) -> Self {
        self.icon = icon;
        self
    }
}

/// Size of letters beyond the usual one of the mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// 16 px; 22 px for elders.
    #[default]
    Usual,
    /// 18 px; 26 px for elders.
    Large,
    /// 22 px; 30 px for elders.
    Largest,
}

/// How a person wants to read, from the cookies `zw_mode` and `zw_size` or from their profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mode {
    /// 长辈版: large letters, large targets, one column, help always in sight.
    pub elder: bool,
    /// Size of letters.
    pub size: Size,
}

impl Mode {
    /// Reads the values of the cookies `zw_mode` (`elder`) and `zw_size` (`l`, `xl`); anything else is the usual.
    pub fn from_cookies(mode: Option<&str>, size: Option<&str>) -> Self {
        let size = match size {
            Some("l") => Size::Large,
            Some("xl") => Size::Largest,
            _ => Size::Usual,
        };
        Self { elder: mode == Some("elder"), size }
    }
    fn size_name(self) -> &'static str {
        match self.size {
            Size::Usual => "",
            Size::Large => "l",
            Size::Largest => "xl",
        }
    }
}

/// Ground of the page: grey for hubs and lists, white for form flows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Surface {
    /// Grey ground with cards.
    #[default]
    Gray,
    /// White ground.
    White,
}

/// How wide the body stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// 1120 px: hubs, lists.
    #[default]
    Wide,
    /// 860 px: check pages, long texts.
    Middle,
    /// 760 px: form steps.
    Narrow,
    /// The body brings its own `zw-wrap` elements (a hero over the whole width, a dashboard).
    Own,
}

impl Shape {
    fn class(self) -> &'static str {
        match self {
            Self::Wide => "zw-wrap pt5",
            Self::Middle => "zw-wrap zw-wrap--m pt4",
            Self::Narrow => "zw-wrap zw-wrap--s pt4",
            Self::Own => "",
        }
    }
}

/// Who is signed in.
#[derive(Clone, Debug, Default)]
pub struct User {
    /// Shown name, masked as the page asks: 王女士 or 李敏（0312）.
    pub name: String,
    /// Where a click on the name leads (我的空间).
    pub href: String,
    /// Where the sign-out form posts to.
    pub sign_out: String,
}

/// Header of the pages for citizens.
#[derive(Clone, Debug, Default)]
pub struct PortalHeader {
    /// Name of the service: 政务服务.
    pub brand: String,
    /// The place shown: 青龙街道.
    pub place: String,
    /// The places above it, joined: 常州市 · 天宁区; empty for the city itself.
    pub above: String,
    /// Where 切换地区 leads; empty hides it.
    pub change_place: String,
    /// Main menu.
    pub nav: Vec<Link>,
    /// Bottom tabs of phones; only on hub pages, empty in form flows.
    pub tabs: Vec<Link>,
    /// Who is signed in.
    pub user: Option<User>,
    /// Where 登录 leads when nobody is.
    pub sign_in: String,
    /// Where 找代办员 leads (always shown in elder mode).
    pub find_help: String,
    /// Where 无障碍说明 leads; empty hides it.
    pub accessibility: String,
    /// Links at the foot: 办不成事反映, 服务评价, 投诉举报, 隐私说明.
    pub foot: Vec<Link>,
}

/// State of a device of the window.
#[derive(Clone, Debug)]
pub struct Device {
    /// 读卡器, 高拍仪, 打印机 缺纸.
    pub text: String,
    /// Whether it works.
    pub ok: bool,
}

/// Header bar of the pages for staff.
#[derive(Clone, Debug, Default)]
pub struct StaffBar {
    /// The organisation: 青龙街道为民服务中心.
    pub org: String,
    /// Window and person: 3 号窗口 · 李敏（0312）.
    pub place: String,
    /// Menu.
    pub nav: Vec<Link>,
    /// Devices of the window.
    pub devices: Vec<Device>,
    /// Who is signed in.
    pub user: Option<User>,
    /// `true`: the body is the rest of a `c-app` workstation (queue, case, documents, action bar) and brings its own `<main id="main">`.
    pub workstation: bool,
}

/// What stands around the body.
#[derive(Clone, Debug)]
pub enum Chrome {
    /// Pages for citizens.
    Portal(Box<PortalHeader>),
    /// Pages for staff, compact.
    Staff(Box<StaffBar>),
    /// Nothing: call displays, kiosks, papers. The theme is for far reading when `tv`.
    Bare {
        /// Dark ground, very large letters.
        tv: bool,
    },
}

/// What the head says besides the title.
#[derive(Clone, Debug, Default)]
pub struct PageHead {
    /// One sentence for search engines and previews; empty for none.
    pub description: String,
    /// Keeps the page out of search engines (everything behind a sign-in).
    pub no_index: bool,
    /// Loads htmx and its SSE extension; only pages that use them pay for them.
    pub live: bool,
    /// Loads anew after so many seconds; 0 never. For displays without JavaScript.
    pub refresh_seconds: u32,
}

/// The document around a body.
#[derive(Clone, Debug, Template)]
#[template(path = "page.html")]
pub struct Page {
    /// What the page is: 您的工作情况. The document's title is `title - place`.
    pub title: String,
    /// Where it is: 灵活就业人员社保补贴申请; empty for none.
    pub place: String,
    /// Whether a form came back with errors (the title then starts with 错误：).
    pub has_errors: bool,
    /// What the head says besides.
    pub head: PageHead,
    /// How the person wants to read.
    pub mode: Mode,
    /// The ground.
    pub surface: Surface,
    /// How wide the body stands.
    pub shape: Shape,
    /// What stands around the body.
    pub chrome: Chrome,
    /// This page's own path, for coming back after the elder switch; a POST answer gives the path of its form.
    pub here: String,
    /// The body: holds the only `<h1>`.
    pub body: SafeHtml,
}

impl Page {
    /// A page for citizens.
    pub fn portal(title: impl Into<String>, header: PortalHeader, body: SafeHtml) -> Self {
        Self::new(title, Chrome::Portal(Box::new(header)), body)
    }
    /// A page for staff; kept out of search engines.
    pub fn staff(title: impl Into<String>, bar: StaffBar, body: SafeHtml) -> Self {
        let mut page = Self::new(title, Chrome::Staff(Box::new(bar)), body);
        page.head.no_index = true;
        page
    }
    /// A page of a device: one message, no menus.
    pub fn bare(title: impl Into<String>, tv: bool, body: SafeHtml) -> Self {
        let mut page = Self::new(title, Chrome::Bare { tv }, body);
        page.shape = Shape::Own;
        page
    }
    fn new(title: impl Into<String>, chrome: Chrome, body: SafeHtml) -> Self {
        Self {
            title: title.into(),
            place: String::new(),
            has_errors: false,
            head: PageHead::default(),
            mode: Mode::default(),
            surface: Surface::default(),
            shape: Shape::default(),
            chrome,
            here: "/".to_owned(),
            body,
        }
    }
    fn compact(&self) -> bool {
        matches!(self.chrome, Chrome::Staff(_)) && !self.mode.elder
    }
    fn tv(&self) -> bool {
        matches!(self.chrome, Chrome::Bare { tv: true })
    }
}
