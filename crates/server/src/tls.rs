//! Listening with TLS by rustls: certificate and key come from files and are read again on SIGHUP, so that a renewed
//! certificate needs no restart.

use crate::config::Config;
use anyhow::{Context, ensure};
use app::Live;
use axum::serve::Listener;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

/// A caller who has not finished the handshake by then is let go.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Handshakes under way at most: who opens connections and says nothing cannot take all the memory.
const HANDSHAKES: usize = 512;
/// The pause after the machine could not accept a connection, mostly because too many files are open.
const PAUSE: Duration = Duration::from_millis(500);

/// The certificate in use; replaced as a whole.
pub type Acceptor = Arc<Live<TlsAcceptor>>;

/// Reads the certificate and the key that the configuration names; none when it names none.
///
/// # Errors
/// When only one is named, a file cannot be read, or the two do not belong together.
pub fn acceptor(config: &Config) -> anyhow::Result<Option<TlsAcceptor>> {
    match (&config.tls_cert, &config.tls_key) {
        (None, None) => Ok(None),
        (Some(cert), Some(key)) => read(cert, key).map(Some),
        _ => anyhow::bail!("tls_cert and tls_key belong together; set both or none."),
    }
}

fn read(cert: &Path, key: &Path) -> anyhow::Result<TlsAcceptor> {
    refuse_open(key)?;
    let named = |what: &str, path: &Path| format!("{what} {} cannot be read", path.display());
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect)
        .with_context(|| named("The certificate tls_cert", cert))?;
    ensure!(!chain.is_empty(), "There is no certificate in tls_cert {}.", cert.display());
    let key = PrivateKeyDer::from_pem_file(key).with_context(|| named("The key tls_key", key))?;
    let mut tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("tls_cert and tls_key do not belong together")?;
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(tls)))
}

fn refuse_open(key: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let about = std::fs::metadata(key)
            .with_context(|| format!("The key tls_key {} cannot be read", key.display()))?;
        ensure!(
            about.permissions().mode() & 0o007 == 0,
            "Everybody on this machine can read the key {0}; run: chmod o-rwx {0}",
            key.display()
        );
    }
    Ok(())
}

/// Reads both files again whenever the machine sends SIGHUP. Files that cannot be used leave the old ones in use.
pub async fn renew_on_hangup<T>(config: Config, acceptor: Acceptor) -> T {
    #[cfg(unix)]
    if let Ok(mut hangup) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()) {
        while hangup.recv().await.is_some() {
            match self::acceptor(&config) {
                Ok(Some(fresh)) => {
                    acceptor.replace(fresh);
                    tracing::info!("the certificate was read again");
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(error = format!("{error:#}"), "the old certificate stays in use");
                }
            }
        }
    }
    std::future::pending().await
}

/// Accepts connections and makes handshakes side by side, so that a slow caller holds up nobody.
pub struct TlsListener {
    raw: TcpListener,
    acceptor: Acceptor,
    handshakes: JoinSet<Option<(TlsStream<TcpStream>, SocketAddr)>>,
}

impl TlsListener {
    /// Over a listener that is bound already.
    pub fn new(raw: TcpListener, acceptor: Acceptor) -> Self {
        Self { raw, acceptor, handshakes: JoinSet::new() }
    }

    fn shake(&mut self, raw: TcpStream, from: SocketAddr) {
        let acceptor = self.acceptor.get();
        self.handshakes.spawn(async move {
            let shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(raw)).await;
            shaken.ok()?.ok().map(|tls| (tls, from))
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let room = self.handshakes.len() < HANDSHAKES;
            tokio::select! {
                Some(done) = self.handshakes.join_next() => {
                    if let Ok(Some(connection)) = done {
                        return connection;
                    }
                }
                accepted = TcpListener::accept(&self.raw), if room => match accepted {
                    Ok((raw, from)) => self.shake(raw, from),
                    Err(_) => tokio::time::sleep(PAUSE).await,
                },
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.raw.local_addr()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio_rustls::TlsConnector;
    use tokio_rustls::rustls::pki_types::ServerName;
    use tokio_rustls::rustls::{ClientConfig, RootCertStore};

    /// A certificate of the tests' own authority, signed for `localhost`.
    fn file(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/src/pg/tls").join(name)
    }

    /// The key where only this account can read it, as an operator must keep it.
    fn config(folder: &Path, cert: &str) -> Config {
        let key = folder.join("key.pem");
        std::fs::copy(file("test-server-key.pem"), &key).unwrap();
        mode(&key, 0o600);
        Config { tls_cert: Some(file(cert)), tls_key: Some(key), ..Config::default() }
    }

    fn mode(path: &Path, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_key_that_is_open_to_all_or_belongs_to_another_certificate_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let good = config(folder.path(), "test-server.pem");
        assert!(acceptor(&good).unwrap().is_some());
        let error = acceptor(&config(folder.path(), "test-ca.pem")).err().unwrap().to_string();
        assert!(error.contains("do not belong together"), "{error}");
        mode(good.tls_key.as_ref().unwrap(), 0o644);
        let error = acceptor(&good).err().unwrap().to_string();
        assert!(error.contains("chmod"), "{error}");
        let half = Config { tls_key: None, ..good };
        assert!(acceptor(&half).err().unwrap().to_string().contains("belong together"));
    }

    #[tokio::test]
    async fn pages_come_over_tls_while_another_caller_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let acceptor = acceptor(&config(folder.path(), "test-server.pem")).unwrap().unwrap();
        let raw = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = raw.local_addr().unwrap();
        let world = app::testing::world().await;
        let listener = TlsListener::new(raw, Arc::new(Live::new(acceptor)));
        let serving =
            tokio::spawn(async move { axum::serve(listener, app::router(world.ctx.clone())).await });
        let _silent = TcpStream::connect(address).await.unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(file("test-ca.pem")).unwrap()).unwrap();
        let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let raw = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let mut tls = TlsConnector::from(Arc::new(client)).connect(name, raw).await.unwrap();
        tls.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        let mut answer = String::new();
        tls.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        serving.abort();
    }
}
