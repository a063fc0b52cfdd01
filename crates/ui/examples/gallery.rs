//! Writes the gallery as static pages into a folder, for looking at it in a browser.

use std::fs;

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
    Ok(())
}
