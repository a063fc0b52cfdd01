//! Files 文件: materials, papers and pictures, each kept once under the SM3 digest of its content, in a folder of this
//! machine or in a store that speaks S3.
//!
//! First the bytes are put and are durable, then the digest is registered in the transaction that refers to it: a
//! reference without a file cannot be, and a file without a reference is only a place lost.

mod s3;
#[cfg(test)]
mod s3_tests;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt as _;
use jiff::Timestamp;
use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt as _};
use sm3::{Digest as _, Sm3};

pub use s3::S3;

use crate::scan::{Scanner, Verdict};
use crate::value::{Cell, Column, Val};
use crate::{Error, Result, Tx, hex};

crate::statements! {
    REGISTER = "INSERT INTO file (digest, size, stored_at) VALUES ($1, $2, $3) ON CONFLICT (digest) DO NOTHING";
    SIZE = "SELECT size FROM file WHERE digest = $1";
}

/// The SM3 digest of a file, which is its name; 64 hexadecimal digits as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of this content.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sm3::digest(bytes).into())
    }

    /// Its bytes, as columns keep them.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Where it lies: 256 folders, so that none grows beyond what people and tools can list.
    fn place(&self) -> object_store::path::Path {
        let text = self.to_string();
        object_store::path::Path::from_iter([&text[..2], &text[2..]])
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl FromStr for Digest {
    type Err = Error;
    /// 64 hexadecimal digits; anything else is [`Error::NotFound`], because no file has such a name.
    fn from_str(text: &str) -> Result<Self> {
        hex::decode(text).map(Self).ok_or(Error::NotFound)
    }
}

impl<'a> From<&'a Digest> for Val<'a> {
    fn from(digest: &'a Digest) -> Self {
        Self::B(&digest.0)
    }
}

impl Column for Digest {
    fn from_cell(c: Cell<'_>) -> Result<Self> {
        <[u8; 32]>::from_cell(c).map(Self)
    }
}

/// Where files are kept; clones share it.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    scanner: Option<Arc<Scanner>>,
}

impl Files {
    /// In this folder, made when it does not exist, closed to other accounts of the machine.
    pub fn local(folder: &std::path::Path) -> Result<Self> {
        let failed = |e: String| Error::Files(format!("the folder {}: {e}", folder.display()));
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt as _;
            builder.mode(0o700);
        }
        builder.create(folder).map_err(|e| failed(e.to_string()))?;
        // A file and its name are on the disk before `put` answers: the reference that follows must not outlive them.
        let store =
            LocalFileSystem::new_with_prefix(folder).map_err(|e| failed(e.to_string()))?.with_fsync(true);
        Ok(Self::over(Arc::new(store)))
    }

    /// In a store made elsewhere, which must be durable when a put has answered.
    #[must_use]
    pub fn over(store: Arc<dyn ObjectStore>) -> Self {
        Self { store, scanner: None }
    }

    /// The same, with a scanner that looks at uploads.
    #[must_use]
    pub fn scanned_by(self, scanner: Scanner) -> Self {
        Self { scanner: Some(Arc::new(scanner)), ..self }
    }

    /// The scanner, if there is one.
    #[must_use]
    pub fn scanner(&self) -> Option<&Scanner> {
        self.scanner.as_deref()
    }

    /// What the scanner says of something that came from outside, to be asked before it is put; without a scanner
    /// everything is clean.
    ///
    /// # Errors
    /// [`Error::Files`] when the scanner does not answer: what nobody has looked at is not taken.
    pub async fn scan(&self, bytes: &Bytes) -> Result<Verdict> {
        match &self.scanner {
            Some(scanner) => scanner.scan(bytes).await,
            None => Ok(Verdict::Clean),
        }
    }

    /// Keeps the content and answers its digest once it is durable. Putting it again changes nothing, and mends a copy
    /// that was damaged meanwhile.
    pub async fn put(&self, bytes: impl Into<Bytes>) -> Result<Digest> {
        let bytes = bytes.into();
        let digest = digest_of(bytes.clone()).await?;
        // Not found is here the place and not the file: a bucket that was never made.
        let put = self.store.put(&digest.place(), bytes.into()).await;
        put.map_err(|e| Error::Files(format!("file {digest}: {e}")))?;
        Ok(digest)
    }

    /// Whether the place answers at all, before files are missed one by one.
    ///
    /// # Errors
    /// [`Error::Files`] when it does not: away, not entered with this key, or never made.
    pub async fn reach(&self) -> Result<()> {
        match self.store.list(None).next().await {
            None | Some(Ok(_)) => Ok(()),
            Some(Err(e)) => Err(Error::Files(e.to_string())),
        }
    }

    /// The content; [`Error::NotFound`] when there is none, [`Error::Corrupt`] when it is not what was put.
    pub async fn get(&self, digest: &Digest) -> Result<Bytes> {
        let found = self.store.get(&digest.place()).await.map_err(|e| failed(digest, e))?;
        let bytes = found.bytes().await.map_err(|e| failed(digest, e))?;
        match digest_of(bytes.clone()).await? {
            is if is == *digest => Ok(bytes),
            _ => Err(Error::Corrupt(format!("file {digest} is not what was put"))),
        }
    }
}

/// On a blocking thread: a large file takes a twentieth of a second, in which others want to be answered.
async fn digest_of(bytes: Bytes) -> Result<Digest> {
    let digest = tokio::task::spawn_blocking(move || Digest::of(&bytes)).await;
    digest.map_err(|_| Error::Unavailable("the runtime is shutting down".into()))
}

fn failed(digest: &Digest, e: object_store::Error) -> Error {
    match e {
        object_store::Error::NotFound { .. } => Error::NotFound,
        e => Error::Files(format!("file {digest}: {e}")),
    }
}

/// Notes, in the transaction that refers to a file, that it is kept; once is enough, more does no harm.
pub async fn register(tx: &Tx, digest: &Digest, size: u64, stored_at: Timestamp) -> Result<()> {
    let size = i64::try_from(size).map_err(|_| Error::Other(format!("a file of {size} bytes")))?;
    tx.exec(REGISTER, &[digest.into(), size.into(), stored_at.into()]).await.map(drop)
}

/// The size in bytes of a registered file; none when no transaction has registered it.
pub async fn size(tx: &Tx, digest: &Digest) -> Result<Option<u64>> {
    let row = tx.opt::<(i64,)>(SIZE, &[digest.into()]).await?;
    row.map(|(n,)| u64::try_from(n).map_err(|_| Error::Corrupt(format!("file {digest} has size {n}"))))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Work, testing::on_both};

    /// GB/T 32905, appendix A.1.
    const ABC: &str = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";

    #[tokio::test]
    async fn a_file_is_found_by_its_digest_and_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::local(&folder.path().join("deep/files")).unwrap();
        let digest = files.put("abc").await.unwrap();
        assert_eq!(digest.to_string(), ABC);
        assert_eq!(files.put("abc").await.unwrap(), digest);
        assert_eq!(files.get(&ABC.parse().unwrap()).await.unwrap(), "abc");
        let kept = folder.path().join("deep/files/66");
        assert_eq!(std::fs::read_dir(kept).unwrap().count(), 1, "no copy and nothing half written");
        assert_eq!(files.get(&Digest::of(b"abd")).await, Err(Error::NotFound));
    }

    #[tokio::test]
    async fn a_damaged_file_is_refused_until_it_is_put_again() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::local(folder.path()).unwrap();
        let digest = files.put("abc").await.unwrap();
        std::fs::write(folder.path().join("66").join(&ABC[2..]), "abd").unwrap();
        assert!(matches!(files.get(&digest).await, Err(Error::Corrupt(_))));
        files.put("abc").await.unwrap();
        assert_eq!(files.get(&digest).await.unwrap(), "abc");
    }

    #[test]
    fn a_folder_of_files_is_written_through_to_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let shown = format!("{:?}", Files::local(folder.path()).unwrap());
        assert!(shown.contains("fsync: true"), "{shown}");
    }

    #[cfg(unix)]
    #[test]
    fn a_new_folder_of_files_is_closed_to_other_accounts() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("files");
        Files::local(&path).unwrap();
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_name_that_is_no_digest_leads_nowhere() {
        for bad in ["", "../../etc/passwd", &ABC[1..], &format!("{ABC}0"), &ABC.replace('6', "g")] {
            assert_eq!(bad.parse::<Digest>(), Err(Error::NotFound), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_file_is_registered_with_its_reference_and_twice_is_once() {
        struct Register;
        impl Work for Register {
            type Out = (Option<u64>, Option<u64>);
            type Err = Error;
            async fn run(&self, tx: &Tx) -> Result<Self::Out> {
                let digest = Digest::of(b"abc");
                let before = size(tx, &digest).await?;
                for _ in 0..2 {
                    register(tx, &digest, 3, Timestamp::UNIX_EPOCH).await?;
                }
                Ok((before, size(tx, &digest).await?))
            }
        }
        on_both(|db| async move { assert_eq!(db.write(Register).await.unwrap(), (None, Some(3))) }).await;
    }
}
