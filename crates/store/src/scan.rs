//! The scanner of uploads 病毒检查: a ClamAV daemon on this machine, asked by its own protocol (`INSTREAM`) on a socket.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};

use crate::{Error, Result};

/// A scan that takes longer has failed; the daemon's own limit lies beyond it.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes sent at a time.
const PIECE: usize = 1 << 16;
/// No answer is longer.
const ANSWER: u64 = 4096;

/// What the scanner says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// Something was, by this name of its signature.
    Infected(String),
}

/// Where the daemon listens: `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanner {
    /// A socket in the file system.
    Unix(PathBuf),
    /// An address; what is sent there is not encrypted.
    Tcp(SocketAddr),
}

impl FromStr for Scanner {
    type Err = Error;

    /// The notation of the configuration; otherwise a sentence that says what it is.
    fn from_str(text: &str) -> Result<Self> {
        let refused =
            || Error::Other(format!("\"{text}\" is neither unix:/path/of/clamd.ctl nor tcp:127.0.0.1:3310"));
        match text.split_once(':') {
            Some(("unix", path)) if path.starts_with('/') => Ok(Self::Unix(path.into())),
            Some(("tcp", address)) => address.parse().map(Self::Tcp).map_err(|_| refused()),
            _ => Err(refused()),
        }
    }
}

impl fmt::Display for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Tcp(address) => write!(f, "tcp:{address}"),
        }
    }
}

impl Scanner {
    /// Whether what is sent stays on this machine.
    #[must_use]
    pub fn is_private(&self) -> bool {
        match self {
            Self::Unix(_) => true,
            Self::Tcp(address) => address.ip().is_loopback(),
        }
    }

    /// Lets the daemon look at the content.
    ///
    /// # Errors
    /// [`Error::Files`] when it does not answer, or could not look to the end: then nobody knows.
    pub async fn scan(&self, content: &Bytes) -> Result<Verdict> {
        let said = self.ask(Some(content)).await?;
        match said.strip_prefix("stream: ").unwrap_or(&said) {
            "OK" => Ok(Verdict::Clean),
            found => match found.strip_suffix(" FOUND") {
                Some(name) => Ok(Verdict::Infected(name.to_owned())),
                None => Err(self.failed(&said)),
            },
        }
    }

    /// Whether the daemon is there.
    ///
    /// # Errors
    /// [`Error::Files`] when it is not.
    pub async fn reach(&self) -> Result<()> {
        match self.ask(None).await?.as_str() {
            "PONG" => Ok(()),
            other => Err(self.failed(other)),
        }
    }

    async fn ask(&self, content: Option<&Bytes>) -> Result<String> {
        let asking = async {
            match self {
                Self::Unix(path) => converse(UnixStream::connect(path).await?, content).await,
                Self::Tcp(address) => converse(TcpStream::connect(address).await?, content).await,
            }
        };
        match tokio::time::timeout(PATIENCE, asking).await {
            Ok(said) => said.map_err(|e| self.failed(&e.to_string())),
            Err(_) => Err(self.failed(&format!("no answer within {} s", PATIENCE.as_secs()))),
        }
    }

    fn failed(&self, why: &str) -> Error {
        Error::Files(format!("the scanner {self}: {why}"))
    }
}

/// One question and its answer. A daemon that has heard enough answers and closes before everything was sent: then its
/// answer says more than the broken connection.
async fn converse(
    mut way: impl AsyncRead + AsyncWrite + Unpin,
    content: Option<&Bytes>,
) -> std::io::Result<String> {
    let sent = match content {
        Some(content) => send(&mut way, content).await,
        None => way.write_all(b"zPING\0").await,
    };
    let mut answer = Vec::new();
    let read = way.take(ANSWER).read_to_end(&mut answer).await;
    if answer.is_empty() {
        sent?;
        read?;
    }
    let text = String::from_utf8_lossy(&answer).into_owned();
    Ok(text.trim_matches(['\0', '\n', ' ']).to_owned())
}

async fn send(way: &mut (impl AsyncWrite + Unpin), content: &Bytes) -> std::io::Result<()> {
    way.write_all(b"zINSTREAM\0").await?;
    for piece in content.chunks(PIECE) {
        let size = u32::try_from(piece.len()).unwrap_or(u32::MAX);
        way.write_all(&size.to_be_bytes()).await?;
        way.write_all(piece).await?;
    }
    way.write_all(&[0; 4]).await?;
    way.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Clamd, eicar};

    /// The EICAR text behind the beginning of a picture, as somebody would hide it.
    fn disguised() -> Bytes {
        [b"\x89PNG\r\n\x1a\n".as_slice(), &[7; 200_000], &eicar()].concat().into()
    }

    #[tokio::test]
    async fn the_daemon_finds_what_it_knows_and_lets_the_rest_pass() {
        let Some(clamd) = Clamd::start().await else { return };
        for scanner in [clamd.unix(), clamd.tcp()] {
            scanner.reach().await.unwrap();
            assert_eq!(scanner.scan(&Bytes::from_static(b"abc")).await, Ok(Verdict::Clean));
            assert_eq!(scanner.scan(&Bytes::from(vec![7; 3 << 20])).await, Ok(Verdict::Clean));
            for bad in [eicar().into(), disguised()] {
                let verdict = scanner.scan(&bad).await.unwrap();
                assert!(
                    matches!(&verdict, Verdict::Infected(name) if name.starts_with("Eicar")),
                    "{verdict:?}"
                );
            }
        }
    }

    #[tokio::test]
    async fn a_file_larger_than_the_daemon_takes_is_not_called_clean() {
        let Some(clamd) = Clamd::start().await else { return };
        let error = clamd.unix().scan(&Bytes::from(vec![7; 32 << 20])).await.unwrap_err();
        assert!(error.to_string().contains("size limit"), "{error}");
    }

    #[tokio::test]
    async fn a_daemon_that_is_away_is_an_error_and_not_a_clean_file() {
        let folder = tempfile::tempdir().unwrap();
        let nobody = format!("tcp:127.0.0.1:{}", crate::testing::free_port());
        let nowhere = format!("unix:{}", folder.path().join("clamd.ctl").display());
        for address in [nobody, nowhere] {
            let scanner: Scanner = address.parse().unwrap();
            assert!(matches!(scanner.scan(&Bytes::from_static(b"abc")).await, Err(Error::Files(_))));
            assert!(matches!(scanner.reach().await, Err(Error::Files(_))));
        }
    }

    #[test]
    fn only_a_socket_or_an_address_of_this_machine_is_private() {
        let read = |text: &str| text.parse::<Scanner>();
        for private in ["unix:/run/clamav/clamd.ctl", "tcp:127.0.0.1:3310", "tcp:[::1]:3310"] {
            let scanner = read(private).unwrap();
            assert!(scanner.is_private() && scanner.to_string() == private, "{private}");
        }
        assert!(!read("tcp:10.0.0.7:3310").unwrap().is_private());
        for bad in ["", "/run/clamav/clamd.ctl", "unix:clamd.ctl", "tcp:clamd:3310", "tcp:127.0.0.1"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
