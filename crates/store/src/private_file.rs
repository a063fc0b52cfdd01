//! Files that hold secrets: read only when no other account can, written once and closed.

use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::path::Path;

use crate::{Error, Result};

/// Reads `what` (such as `the keys file`), refusing one that other accounts of the machine may read or write.
pub(crate) fn read(what: &str, path: &Path) -> Result<String> {
    let at = path.display();
    let failed = |e: std::io::Error| Error::Unavailable(format!("{what} {at} cannot be read: {e}"));
    let mut file = std::fs::File::open(path).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(Error::Other(format!(
                "{what} {at} is open to other accounts (mode {mode:03o}); run: chmod 600 {at}"
            )));
        }
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

/// Writes a new file that only this account can read; one that exists already is left alone and refused.
pub(crate) fn write_new(what: &str, path: &Path, text: &str) -> Result<()> {
    let failed =
        |e: std::io::Error| Error::Unavailable(format!("{what} {} cannot be written: {e}", path.display()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}
