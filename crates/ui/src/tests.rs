//! Walks the whole gallery, in every mode, with harmless and with hostile texts.

use std::collections::BTreeSet;

use crate::*;

const HOSTILE: &str = "<script>alert('1')</script>\"'&";

fn modes() -> [Mode; 3] {
    [Mode::default(), Mode::from_cookies(Some("elder"), None), Mode::from_cookies(Some("elder"), Some("xl"))]
}

/// Start tags of a page: `(name, whole tag)`. Good enough because attribute values are escaped (`>` never stands in one).
fn tags(html: &str) -> Vec<(&str, &str)> {
    html.split('<')
        .skip(1)
        .filter(|piece| piece.starts_with(|c: char| c.is_ascii_alphabetic()))
        .map(|piece| {
            let tag = piece.split('>').next().unwrap();
            (tag.split([' ', '\n']).next().unwrap(), tag)
        })
        .collect()
}

fn attr<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let key = format!(" {name}=\"");
    let start = tag.find(&key)? + key.len();
    tag[start..].split('"').next()
}

#[test]
fn every_text_is_escaped_wherever_it_stands() {
    for mode in modes() {
        let harmless = gallery(mode, "好").unwrap();
        let hostile = gallery(mode, HOSTILE).unwrap();
        assert!(!hostile.contains("<script>alert"), "a text came through as markup");
        assert!(!hostile.contains("&amp;#60;") && !hostile.contains("&#38;#60;"), "a text was escaped twice");
        let shape = |html: &str| tags(html).iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(shape(&harmless), shape(&hostile), "a hostile text changed the elements of the page");
        assert!(hostile.matches("&#60;script").count() > 60, "the hostile text reached too few places");
    }
}

#[test]
fn ids_are_unique_and_everything_that_is_named_exists() {
    for t in ["", HOSTILE] {
        let html = gallery(Mode::default(), t).unwrap();
        let mut ids = BTreeSet::new();
        for (_, tag) in tags(&html) {
            if let Some(id) = attr(tag, "id") {
                assert!(ids.insert(id.to_owned()), "id {id} stands twice");
            }
        }
        for (_, tag) in tags(&html) {
            for name in ["for", "aria-describedby", "aria-labelledby", "data-upload-list", "data-open"] {
                for id in attr(tag, name).unwrap_or_default().split_whitespace() {
                    assert!(ids.contains(id), "{name}=\"{id}\" leads nowhere in <{tag}>");
                }
            }
        }
    }
}

#[test]
fn every_input_has_a_label() {
    let html = gallery(Mode::default(), "").unwrap();
    let all = tags(&html);
    let labelled: BTreeSet<_> =
        all.iter().filter(|(name, _)| *name == "label").filter_map(|(_, tag)| attr(tag, "for")).collect();
    let mut seen = 0;
    for (name, tag) in &all {
        if !["input", "textarea", "select"].contains(name) || attr(tag, "type") == Some("hidden") {
            continue;
        }
        let id = attr(tag, "id").unwrap_or_else(|| panic!("no id: <{tag}>"));
        assert!(labelled.contains(id), "no label for <{tag}>");
        seen += 1;
    }
    assert!(seen >= 13, "the gallery shows only {seen} inputs");
}

#[test]
fn one_h1_and_the_four_landmarks_stand_on_a_page() {
    for mode in modes() {
        let html = gallery(mode, "").unwrap();
        for name in ["h1", "main", "header", "footer"] {
            assert_eq!(tags(&html).iter().filter(|(tag, _)| *tag == name).count(), 1, "<{name}>");
        }
    }
}

#[test]
fn nothing_needs_an_inline_style_or_script() {
    let staff = Page::staff("待办", StaffBar::default(), gallery_body("").unwrap()).render().unwrap();
    for html in [gallery(Mode::default(), "").unwrap(), staff] {
        for (name, tag) in tags(&html) {
            assert!(attr(tag, "style").is_none(), "style in <{tag}>");
            assert!(
                !tag.contains(" on") && !tag.contains("javascript:") && !tag.contains("hx-on"),
                "handler in <{tag}>"
            );
            assert_ne!(name, "style");
            if name == "script" {
                assert!(attr(tag, "src").is_some(), "inline script");
            }
        }
    }
}

#[test]
fn every_static_path_of_a_page_is_an_embedded_file() {
    let mut page = Page::bare("叫号", true, SafeHtml::text("A023"));
    page.head.live = true;
    let html = page.render().unwrap() + &gallery(Mode::default(), "").unwrap();
    let mut seen = 0;
    for (_, tag) in tags(&html) {
        for name in ["href", "src"] {
            let Some(path) = attr(tag, name).filter(|path| path.starts_with("/static/")) else { continue };
            let file = path.trim_start_matches("/static/").split('?').next().unwrap();
            let asset = assets::find(file).unwrap_or_else(|| panic!("{path} is not embedded"));
            assert!(path.starts_with(&asset.path), "{path} lacks the hash");
            seen += 1;
        }
    }
    assert!(seen > 25);
}

#[test]
fn every_icon_that_is_drawn_is_in_the_sprite() {
    let sprite = std::str::from_utf8(assets::find("icons.svg").unwrap().bytes).unwrap();
    for (name, tag) in tags(&gallery(Mode::default(), "").unwrap()) {
        if name == "use" {
            let id = tag.split('#').nth(1).unwrap().trim_end_matches('"');
            assert!(sprite.contains(&format!("id=\"{id}\"")), "no icon {id}");
        }
    }
}

#[test]
fn every_class_of_a_component_stands_in_the_style_sheet() {
    let css = std::str::from_utf8(assets::find("zw.css").unwrap().bytes).unwrap();
    let bar = StaffBar {
        devices: vec![Device { text: "打印机 缺纸".to_owned(), ok: false }],
        ..StaffBar::default()
    };
    let staff = Page::staff("待办", bar, gallery_body("").unwrap()).render().unwrap();
    let html = staff + &gallery(Mode::default(), "").unwrap();
    for (_, tag) in tags(&html) {
        for class in attr(tag, "class").unwrap_or_default().split_whitespace() {
            assert!(css.contains(&format!(".{class}")), "no rule for .{class}");
        }
    }
}

#[test]
fn files_keep_within_what_a_slow_line_carries() {
    let size = |name: &str| assets::find(name).unwrap().bytes.len();
    assert!(size("zw.css") <= 40 * 1024, "zw.css {}", size("zw.css"));
    assert!(size("zw.js") <= 16 * 1024, "zw.js {}", size("zw.js"));
}

#[test]
fn names_of_files_change_with_their_content() {
    let hashes: BTreeSet<_> = assets::all().iter().map(|asset| asset.hash.clone()).collect();
    assert_eq!(hashes.len(), assets::all().len());
    assert!(assets::find("../Cargo.toml").is_none());
    assert_eq!(asset_path("nothing.css"), "/static/missing");
}

#[test]
fn a_field_with_an_error_says_it_at_the_input_and_in_the_summary() {
    let field = Field::text("phone", "手机号码", TextKind::Tel, "138")
        .hint("发短信用")
        .error("手机号码要有 11 位数字");
    let html = field.to_string();
    assert!(html.contains("aria-describedby=\"phone-hint phone-err\" aria-invalid=\"true\""), "{html}");
    assert!(html.contains("value=\"138\""), "what was typed is kept");
    let summary = ErrorSummary::of([&field]).to_string();
    assert!(
        summary.contains("<a href=\"#phone\">手机号码要有 11 位数字</a>") && summary.contains("还有 1 处"),
        "{summary}"
    );
    let radio =
        Field::new("emp", "工作", Control::Radio(vec![Choice::new("a", "有", false)])).error("请选择");
    assert!(ErrorSummary::of([&radio]).to_string().contains("href=\"#emp-0\""), "leads to the first choice");
    assert_eq!(ErrorSummary::of([&Field::date("d", "日期", "")]).to_string(), "");
}

#[test]
fn a_password_is_never_sent_back() {
    let html = Field::text("p", "密码", TextKind::Password, "geheim").to_string();
    assert!(!html.contains("geheim") && html.contains("type=\"password\""), "{html}");
}

#[test]
fn a_blocked_button_stays_focusable_and_says_why() {
    let html = Button::submit("受理").blocked("why", "缺“承诺书”").to_string();
    assert!(
        html.contains("aria-disabled=\"true\" aria-describedby=\"why\"")
            && html.contains("id=\"why\">缺“承诺书”"),
        "{html}"
    );
    assert!(!html.contains(" disabled"));
}

#[test]
fn a_light_always_has_a_word() {
    assert!(Light::new(LightState::Stopped, " ").to_string().contains(">暂停计时<"));
}

#[test]
fn the_elder_switch_is_a_form_that_works_without_scripts() {
    let html = gallery(Mode::default(), "").unwrap();
    assert!(html.contains("action=\"/mode\"") && html.contains("name=\"mode\" value=\"elder\""));
    let elder = gallery(Mode::from_cookies(Some("elder"), Some("l")), "").unwrap();
    assert!(elder.contains("<html lang=\"zh-CN\" data-mode=\"elder\" data-size=\"l\">"));
    assert!(
        elder.contains("name=\"mode\" value=\"standard\"")
            && elder.contains("找代办员")
            && elder.contains("tel:12345")
    );
}

#[test]
fn a_title_begins_with_error_when_the_form_came_back() {
    let mut page = Page::bare("您的工作情况", false, SafeHtml::default());
    page.has_errors = true;
    page.place = "社保补贴".to_owned();
    assert!(page.render().unwrap().contains("<title>错误：您的工作情况 - 社保补贴</title>"));
}

#[test]
fn a_table_without_rows_says_why_and_one_with_rows_has_headed_columns() {
    let table = Table::new("待办", ["号", ">份数"]).empty(Empty::new("没有待办", "休息一下"));
    assert!(table.to_string().contains("没有待办") && !table.to_string().contains("<table"));
    let row = Row { cells: vec!["1".into(), "2".into()], href: "/c/1".to_owned(), next: true };
    let html =
        table.rows(vec![row]).pager(Pager { first: String::new(), next: "?after=1".to_owned() }).to_string();
    assert!(
        html.contains("<th scope=\"col\" class=\"r\">份数</th>") && html.contains("<td class=\"r\">2</td>"),
        "{html}"
    );
    assert!(html.contains("rel=\"next\"") && !html.contains("回到第一页"), "{html}");
}

#[test]
fn the_current_step_is_said_in_words() {
    assert!(Steps::new(["已提交", "已受理"], 1).to_string().contains("第 2 步，共 2 步：已受理"));
    assert!(!Steps::new(["已提交", "已受理"], 2).to_string().contains("共 2 步"));
}

#[test]
fn the_staff_bar_escapes_and_a_workstation_brings_its_own_main() {
    let text = || HOSTILE.to_owned();
    let bar = StaffBar {
        org: text(),
        place: text(),
        nav: vec![Link::new(text(), text())],
        devices: vec![Device { text: text(), ok: true }],
        user: Some(User { name: text(), href: text(), sign_out: text() }),
        workstation: false,
    };
    let list = Page::staff(HOSTILE, bar.clone(), SafeHtml::default()).render().unwrap();
    assert!(!list.contains("<script>alert") && list.matches("&#60;script").count() == 9, "{list}");
    assert_eq!(tags(&list).iter().filter(|(name, _)| *name == "main").count(), 1);
    assert!(list.contains("data-density=\"compact\"") && list.contains("content=\"noindex\""));
    let desk =
        Page::staff("A023", StaffBar { workstation: true, ..bar }, SafeHtml::default()).render().unwrap();
    assert!(desk.contains("<div class=\"c-app\">") && !desk.contains("<main"));
}
