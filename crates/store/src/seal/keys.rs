//! The keys file: a few lines of text beside the database, never inside it and never in the same backup.
//!
//! ```text
//! index <64 hexadecimal digits>
//! key 1 <32 hexadecimal digits>
//! key 2 <32 hexadecimal digits> current
//! ```

use std::fmt;
use std::path::Path;

use super::KeyId;
use crate::{Error, Result, hex, private_file};

const WHAT: &str = "the keys file";
const HEAD: &str = "\
# The keys of Jinban. Whoever has this file and the database can read everything; whoever loses it loses every
# sealed value for good. Keep a copy in a safe, apart from the backups of the database.
";

/// Random bytes that [`Keys::generate`] takes.
const INDEX: usize = 32;
const KEY: usize = 16;

/// The index key, which never changes, and sealing keys, one of which is current.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    index: [u8; INDEX],
    /// Rising ids; never empty.
    keys: Vec<(KeyId, [u8; KEY])>,
    /// Position in `keys`.
    current: usize,
}

impl fmt::Debug for Keys {
    /// Which keys there are, and nothing of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<u16> = self.keys.iter().map(|(id, _)| id.0).collect();
        f.debug_struct("Keys").field("keys", &ids).finish_non_exhaustive()
    }
}

impl Keys {
    /// The first keys of an installation, from random bytes fit for keys.
    #[must_use]
    pub fn generate(entropy: &[u8; INDEX + KEY]) -> Self {
        let (mut index, mut key) = ([0; INDEX], [0; KEY]);
        index.copy_from_slice(&entropy[..INDEX]);
        key.copy_from_slice(&entropy[INDEX..]);
        Self { index, keys: vec![(KeyId(1), key)], current: 0 }
    }

    /// The same with one more key, and its number. It opens and does not seal yet: every node must know it first.
    pub fn with_one_more(mut self, entropy: &[u8; KEY]) -> Result<(Self, KeyId)> {
        let newest = self.keys.iter().map(|(id, _)| id.0).max().unwrap_or(0);
        let next =
            newest.checked_add(1).ok_or_else(|| Error::Other("no key number is left after 65535".into()))?;
        self.keys.push((KeyId(next), *entropy));
        Ok((self, KeyId(next)))
    }

    /// The same with this key sealing from now on; the others stay, to open what they sealed.
    pub fn make_current(mut self, id: KeyId) -> Result<Self> {
        let place = self.keys.iter().position(|(other, _)| *other == id);
        self.current = place.ok_or_else(|| Error::Other(format!("there is no key {id}")))?;
        Ok(self)
    }

    /// The same without a key that nothing is under any more, see [`super::reseal`]; the current one stays.
    pub fn without(mut self, id: KeyId) -> Result<Self> {
        let current = self.current().0;
        if id == current {
            return Err(Error::Other(format!("key {id} is the current one and cannot be taken out")));
        }
        if self.keys.iter().all(|(other, _)| *other != id) {
            return Err(Error::Other(format!("there is no key {id}")));
        }
        self.keys.retain(|(other, _)| *other != id);
        self.current = self.keys.iter().position(|(other, _)| *other == current).unwrap_or(0);
        Ok(self)
    }

    /// Reads the text of a keys file. An error names the line and repeats nothing of it.
    pub fn parse(text: &str) -> Result<Self> {
        let (mut index, mut current) = (None, None);
        let mut keys: Vec<(KeyId, [u8; KEY])> = Vec::new();
        for (no, line) in (1..).zip(text.lines()) {
            let refused = |why: &str| Error::Other(format!("the keys file, line {no}: {why}"));
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                [] => {}
                [first, ..] if first.starts_with('#') => {}
                ["index", _] if index.is_some() => return Err(refused("there is a second index key")),
                ["index", digits] => {
                    let key = hex::decode(digits);
                    index = Some(key.ok_or_else(|| refused("an index key has 64 hexadecimal digits"))?);
                }
                ["key", id, digits, ref rest @ ..] if matches!(rest, [] | ["current"]) => {
                    let id = id.parse().map(KeyId).map_err(|_| refused("a key's number is 0 to 65535"))?;
                    let key = hex::decode(digits);
                    let key = key.ok_or_else(|| refused("a key has 32 hexadecimal digits"))?;
                    if keys.iter().any(|(other, _)| *other == id) {
                        return Err(refused("this key's number was given before"));
                    }
                    if !rest.is_empty() && current.replace(keys.len()).is_some() {
                        return Err(refused("another key is marked as current too"));
                    }
                    keys.push((id, key));
                }
                _ => {
                    return Err(refused(
                        "expected `index DIGITS` or `key NUMBER DIGITS`, one with `current`",
                    ));
                }
            }
        }
        let missing = |what: &str| Error::Other(format!("the keys file has no {what}"));
        let index = index.ok_or_else(|| missing("index key"))?;
        let current = current.ok_or_else(|| missing("key marked as current"))?;
        Ok(Self { index, keys, current })
    }

    /// The text of the keys file.
    #[must_use]
    pub fn print(&self) -> String {
        let mut text = format!("{HEAD}index {}\n", hex::encode(&self.index));
        for (n, (id, key)) in self.keys.iter().enumerate() {
            let mark = if n == self.current { " current" } else { "" };
            text += &format!("key {id} {}{mark}\n", hex::encode(key));
        }
        text
    }

    /// Reads a keys file, refusing one that other accounts of the machine may read or write.
    pub fn read(path: &Path) -> Result<Self> {
        Self::parse(&private_file::read(WHAT, path)?)
    }

    /// Writes a new keys file that only this account can read; one that exists already is left alone and refused.
    pub fn write_new(&self, path: &Path) -> Result<()> {
        private_file::write_new(WHAT, path, &self.print())
    }

    /// Puts these keys in the place of a keys file, all at once: a power cut leaves the old file or the new one.
    pub fn replace(&self, path: &Path) -> Result<()> {
        let beside = path.with_extension("new");
        self.write_new(&beside)?;
        let failed = |e: std::io::Error| {
            Error::Unavailable(format!("the keys file {} cannot be replaced: {e}", path.display()))
        };
        std::fs::rename(&beside, path).map_err(failed)?;
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        }
        Ok(())
    }

    pub(super) fn index(&self) -> &[u8; INDEX] {
        &self.index
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (KeyId, &[u8; KEY])> {
        self.keys.iter().map(|(id, key)| (*id, key))
    }

    pub(super) fn current(&self) -> (KeyId, &[u8; KEY]) {
        let (id, key) = &self.keys[self.current];
        (*id, key)
    }
}
