//! Typesetting: a closed Typst world, fonts parsed once, PDF out.

use std::collections::HashMap;
use std::io::Read;

use flate2::read::GzDecoder;
use qrcode::{EcLevel, QrCode, render::svg};
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Dict, Duration, IntoValue},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, pdf};

use crate::{Paper, legible};

/// Packed by gzip: as they are they would be a quarter of the program.
static REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSerifSC-Regular.ttf.gz");
static BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSerifSC-Bold.ttf.gz");

const TEMPLATES: &[(&str, &str)] = &[
    ("base", include_str!("templates/base.typ")),
    ("receipt", include_str!("templates/receipt.typ")),
    ("acceptance", include_str!("templates/acceptance.typ")),
    ("correction", include_str!("templates/correction.typ")),
    ("not_required", include_str!("templates/not_required.typ")),
    ("not_accepted", include_str!("templates/not_accepted.typ")),
    ("special_procedure", include_str!("templates/special_procedure.typ")),
    ("extension", include_str!("templates/extension.typ")),
    ("grant", include_str!("templates/grant.typ")),
    ("denial", include_str!("templates/denial.typ")),
    ("fee", include_str!("templates/fee.typ")),
    ("delivery", include_str!("templates/delivery.typ")),
    ("transfer", include_str!("templates/transfer.typ")),
    ("deferral", include_str!("templates/deferral.typ")),
    ("termination", include_str!("templates/termination.typ")),
];

/// Why a paper could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// A font or template that is part of the program is damaged.
    #[error("the typesetter is incomplete: {0}")]
    Incomplete(String),
    /// The data could not be written as JSON.
    #[error("the data of the paper could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The template refused the data.
    #[error("the template could not be set: {0}")]
    Typeset(String),
}

fn unpacked(font: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut data = Vec::new();
    GzDecoder::new(font).read_to_end(&mut data)?;
    Ok(data)
}

/// Makes papers. Costly to build (two fonts of 15 MB are unpacked and parsed), cheap to use; share one per process.
pub struct Typesetter {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    /// How many of the fonts are the embedded ones, in which every weight has the same characters.
    own: usize,
    sources: HashMap<FileId, Source>,
    ids: HashMap<&'static str, FileId>,
}

impl Typesetter {
    /// Parses the embedded fonts and templates.
    ///
    /// # Errors
    /// [`PaperError::Incomplete`] when an embedded part is damaged.
    pub fn new() -> Result<Self, PaperError> {
        Self::with_fonts(Vec::new())
    }

    /// The same, with further fonts for characters that the embedded ones lack. What is no font is passed over.
    ///
    /// # Errors
    /// [`PaperError::Incomplete`] when an embedded part is damaged.
    pub fn with_fonts(further: Vec<Vec<u8>>) -> Result<Self, PaperError> {
        let mut fonts = Vec::new();
        for packed in [REGULAR, BOLD] {
            let font = unpacked(packed).ok().and_then(|data| Font::new(Bytes::new(data), 0));
            fonts.push(font.ok_or_else(|| PaperError::Incomplete("font".into()))?);
        }
        let own = fonts.len();
        fonts.extend(further.into_iter().flat_map(|data| Font::iter(Bytes::new(data))));
        let mut sources = HashMap::new();
        let mut ids = HashMap::new();
        for (name, text) in TEMPLATES {
            let path = VirtualPath::new(format!("/{name}.typ"))
                .map_err(|_| PaperError::Incomplete((*name).to_owned()))?;
            let id = RootedPath::new(VirtualRoot::Project, path).intern();
            sources.insert(id, Source::new(id, (*text).to_owned()));
            ids.insert(*name, id);
        }
        Ok(Self { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts, own, sources, ids })
    }

    /// Whether the fonts have a character.
    fn has(&self, c: char) -> bool {
        let covers = |font: &Font| font.info().coverage.contains(u32::from(c));
        let (own, further) = self.fonts.split_at(self.own);
        own.iter().all(covers) || further.iter().any(covers)
    }

    /// Sets one paper and returns the bytes of a tagged PDF. The same paper gives the same bytes.
    ///
    /// An address beyond the capacity of a QR code is printed instead of drawn.
    ///
    /// # Errors
    /// A defect of a template: no text makes it fail.
    pub fn render(&self, paper: &Paper) -> Result<Vec<u8>, PaperError> {
        let name = paper.template();
        let main = *self.ids.get(name).ok_or_else(|| PaperError::Incomplete(name.to_owned()))?;
        let mut inputs = Dict::new();
        let mut data = serde_json::to_value(paper)?;
        legible::every_text(&mut data, &|c| self.has(c));
        inputs.insert("data".into(), data.to_string().into_value());
        inputs.insert("title".into(), paper.title().into_value());
        inputs.insert("qr".into(), qr_svg(&paper.head().verify_url).unwrap_or_default().into_value());
        let world = Closed {
            setter: self,
            standard: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            main,
        };
        let made = typst::compile::<PagedDocument>(&world)
            .output
            .and_then(|document| pdf(&document, &PdfOptions::default()));
        comemo::evict(10);
        made.map_err(|errors| {
            PaperError::Typeset(
                errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join("; "),
            )
        })
    }
}

/// The code as a picture; `None` when the address is too long for one.
fn qr_svg(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    Some(code.render::<svg::Color<'_>>().quiet_zone(true).build())
}

/// The world of one paper: own templates and fonts, no files, no packages, no clock.
struct Closed<'a> {
    setter: &'a Typesetter,
    standard: LazyHash<Library>,
    main: FileId,
}

impl World for Closed<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.standard
    }
    fn book(&self) -> &LazyHash<FontBook> {
        &self.setter.book
    }
    fn main(&self) -> FileId {
        self.main
    }
    fn source(&self, id: FileId) -> FileResult<Source> {
        self.setter.sources.get(&id).cloned().ok_or(FileError::AccessDenied)
    }
    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }
    fn font(&self, index: usize) -> Option<Font> {
        self.setter.fonts.get(index).cloned()
    }
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
