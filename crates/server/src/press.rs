//! The press: sets papers with Typst on a thread that may be kept busy.

use app::{Typeset, TypesetError};
use futures_util::future::BoxFuture;
use papers::{Paper, Typesetter};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Makes PDFs; its fonts are parsed when the first paper is set.
pub struct Press {
    fonts: PathBuf,
    setter: Arc<OnceLock<Result<Typesetter, String>>>,
}

impl Press {
    /// One that also uses the fonts (`.ttf`, `.otf`, `.ttc`) in this folder, if there is one, for characters that the
    /// embedded fonts lack.
    pub fn new(fonts: PathBuf) -> Self {
        Self { fonts, setter: Arc::default() }
    }
}

impl Typeset for Press {
    fn pdf(&self, paper: Paper) -> BoxFuture<'static, Result<Vec<u8>, TypesetError>> {
        let (fonts, setter) = (self.fonts.clone(), Arc::clone(&self.setter));
        Box::pin(async move {
            tokio::task::spawn_blocking(move || {
                let made =
                    setter.get_or_init(|| Typesetter::with_fonts(further(&fonts)).map_err(|e| e.to_string()));
                let setter = made.as_ref().map_err(|e| TypesetError(e.clone()))?;
                setter.render(&paper).map_err(|e| TypesetError(e.to_string()))
            })
            .await
            .unwrap_or_else(|_| Err(TypesetError("the typesetter panicked".to_owned())))
        })
    }
}

/// The fonts in the folder, in the order of their names; what cannot be read is passed over with a line in the log.
fn further(folder: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let is_font = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        ["ttf", "otf", "ttc"].contains(&ending.to_ascii_lowercase().as_str())
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_font).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        std::fs::read(path)
            .inspect_err(|error| tracing::warn!(path = %path.display(), %error, "a font cannot be read"))
            .ok()
    };
    paths.iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_press_makes_a_real_pdf_of_every_paper() {
        let press = Press::new(PathBuf::from("/nowhere"));
        for paper in papers::samples() {
            let kind = paper.kind();
            let pdf = press.pdf(paper).await.unwrap();
            assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 5_000, "{kind:?}: {} bytes", pdf.len());
        }
    }

    #[test]
    fn only_fonts_are_taken_from_the_folder() {
        let folder = std::env::temp_dir().join(format!("jinban-fonts-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, content) in [("b.ttf", "b"), ("a.OTF", "a"), ("readme.txt", "no")] {
            std::fs::write(folder.join(name), content).unwrap();
        }
        let found = further(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, [b"a".to_vec(), b"b".to_vec()]);
    }
}
