//! Writes the gallery as static pages into a folder, for looking at it in a browser.

use std::fs;

use ui::Template;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::path::PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    for asset in ui::assets::all() {
        let path = out.join("static").join(asset.name);
        fs::create_dir_all(path.parent().ok_or("no parent")?)?;
        fs::write(path, asset.bytes)?;
    }
    for (name, mode, size) in
        [("gallery", None, None), ("gallery-elder", Some("elder"), None), ("gallery-large", None, Some("l"))]
    {
        fs::write(out.join(format!("{name}.html")), ui::gallery(ui::Mode::from_cookies(mode, size), "")?)?;
    }
    let bar = ui::StaffBar {
        org: "青龙街道为民服务中心".to_owned(),
        place: "3 号窗口 · 李敏（0312）".to_owned(),
        nav: vec![
            ui::Link::new("待办", "#").current(true),
            ui::Link::new("叫号", "#"),
            ui::Link::new("统计", "#"),
        ],
        devices: vec![
            ui::Device { text: "读卡器".to_owned(), ok: true },
            ui::Device { text: "打印机 缺纸".to_owned(), ok: false },
        ],
        user: Some(ui::User { name: "李敏".to_owned(), href: "#".to_owned(), sign_out: "#".to_owned() }),
        workstation: false,
    };
    fs::write(out.join("staff.html"), ui::Page::staff("待办", bar, ui::gallery_body("")?).render()?)?;
    Ok(())
}
