//! The style sheet, the script, the icons and the vendored libraries, embedded and named by their content.

use std::sync::OnceLock;

/// One embedded file.
#[derive(Clone, Debug)]
pub struct Asset {
    /// The name it is served under, after `/static/`.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
    /// Its media type, with the charset for texts.
    pub mime: &'static str,
    /// 16 hex digits of its content; changes when a byte changes.
    pub hash: String,
    /// The hash as a strong entity tag, quoted.
    pub etag: String,
    /// `/static/NAME?v=HASH`: may be cached for ever.
    pub path: String,
}

const JS: &str = "text/javascript; charset=utf-8";

macro_rules! file {
    ($name:literal, $mime:expr) => {
        ($name, include_bytes!(concat!("../../../assets/", $name)).as_slice(), $mime)
    };
}

const FILES: &[(&str, &[u8], &str)] = &[
    file!("zw.css", "text/css; charset=utf-8"),
    file!("zw.js", JS),
    file!("icons.svg", "image/svg+xml"),
    file!("vendor/htmx/htmx.min.js", JS),
    file!("vendor/htmx-ext-sse/sse.min.js", JS),
];

/// FNV-1a, 64 bits: a name for a content, no defence against forgery (nothing here is untrusted).
fn content_name(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Every embedded file, in the order of the table.
pub fn all() -> &'static [Asset] {
    static ALL: OnceLock<Vec<Asset>> = OnceLock::new();
    ALL.get_or_init(|| {
        let asset = |&(name, bytes, mime): &(&'static str, &'static [u8], &'static str)| {
            let hash = format!("{:016x}", content_name(bytes));
            let etag = format!("\"{hash}\"");
            let path = format!("/static/{name}?v={hash}");
            Asset { name, bytes, mime, hash, etag, path }
        };
        FILES.iter().map(asset).collect()
    })
}

/// The file served under `/static/{name}`, if there is one.
pub fn find(name: &str) -> Option<&'static Asset> {
    all().iter().find(|asset| asset.name == name)
}

/// Where a page points to for this file: `/static/{name}?v={hash}`. A name that is not embedded comes back as the
/// fixed path of a missing file, which a test of the pages finds.
pub fn asset_path(name: &str) -> &'static str {
    find(name).map_or("/static/missing", |asset| asset.path.as_str())
}
