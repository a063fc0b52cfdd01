//! An encrypted way to PostgreSQL, by rustls: the server must show a certificate for its name from the given authority.

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::TlsConnector;

use crate::{Error, Result};

/// Makes encrypted connections to servers that one authority signs for.
#[derive(Clone)]
pub(super) struct Encrypted {
    connector: TlsConnector,
}

impl Encrypted {
    /// With the certificates of the file, in PEM.
    ///
    /// # Errors
    /// When the file cannot be read or holds no certificate.
    pub(super) fn signed_by(authority: &Path) -> Result<Self> {
        let refused = |why: String| Error::Other(format!("sslrootcert {}: {why}", authority.display()));
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(authority).map_err(|e| refused(e.to_string()))? {
            let certificate = certificate.map_err(|e| refused(e.to_string()))?;
            roots.add(certificate).map_err(|e| refused(e.to_string()))?;
        }
        if roots.is_empty() {
            return Err(refused("there is no certificate in it".into()));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| refused(e.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { connector: TlsConnector::from(Arc::new(config)) })
    }
}

impl<S: Raw> MakeTlsConnect<S> for Encrypted {
    type Stream = Stream<S>;
    type TlsConnect = Handshake;
    type Error = rustls::pki_types::InvalidDnsNameError;

    fn make_tls_connect(&mut self, host: &str) -> Result<Handshake, Self::Error> {
        let name = ServerName::try_from(host)?.to_owned();
        Ok(Handshake { connector: self.connector.clone(), name })
    }
}

/// A connection below the encryption.
pub(super) trait Raw: AsyncRead + AsyncWrite + Unpin + Send + 'static {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Raw for S {}

/// One handshake that is still to be made.
pub(super) struct Handshake {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl<S: Raw> TlsConnect<S> for Handshake {
    type Stream = Stream<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream<S>>> + Send>>;

    fn connect(self, raw: S) -> Self::Future {
        Box::pin(
            async move { self.connector.connect(self.name, raw).await.map(|open| Stream(Box::new(open))) },
        )
    }
}

/// An encrypted connection.
pub(super) struct Stream<S>(Box<tokio_rustls::client::TlsStream<S>>);

impl<S: Raw> TlsStream for Stream<S> {
    /// None: the password is protected by the certificate, which is always checked.
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: Raw> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_read(cx, into)
    }
}

impl<S: Raw> AsyncWrite for Stream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::ServerConfig;
    use rustls::pki_types::PrivateKeyDer;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio_rustls::TlsAcceptor;

    fn file(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pg/tls").join(name)
    }

    /// A server that encrypts, as PostgreSQL does, and then says that it is starting up.
    async fn server() -> u16 {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let chain = vec![CertificateDer::from_pem_file(file("test-server.pem")).unwrap()];
        let key = PrivateKeyDer::from_pem_file(file("test-server-key.pem")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tokio::spawn(async move {
            while let Ok((mut raw, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let mut asked = [0; 8];
                    raw.read_exact(&mut asked).await.unwrap();
                    assert_eq!(
                        asked,
                        [0, 0, 0, 8, 4, 210, 22, 47],
                        "a request to encrypt, before anything else"
                    );
                    raw.write_all(b"S").await.unwrap();
                    let Ok(mut tls) = acceptor.accept(raw).await else { return };
                    let mut start = [0; 4];
                    tls.read_exact(&mut start).await.unwrap();
                    let said = b"SFATAL\0C57P03\0Mstarting up\0\0";
                    let mut message = vec![b'E'];
                    message.extend((said.len() as u32 + 4).to_be_bytes());
                    message.extend(said);
                    tls.write_all(&message).await.unwrap();
                    let _ = tls.shutdown().await;
                });
            }
        });
        port
    }

    async fn told(host: &str, port: u16, authority: &str) -> String {
        let config: tokio_postgres::Config =
            format!("host={host} hostaddr=127.0.0.1 port={port} user=u sslmode=require").parse().unwrap();
        match config.connect(Encrypted::signed_by(&file(authority)).unwrap()).await {
            Ok(_) => "connected".into(),
            Err(e) => match e.as_db_error() {
                Some(db) => db.message().to_owned(),
                None => e.to_string(),
            },
        }
    }

    #[tokio::test]
    async fn only_a_server_with_a_certificate_for_its_name_from_the_authority_is_spoken_to() {
        let port = server().await;
        assert_eq!(told("localhost", port, "test-ca.pem").await, "starting up");
        assert_eq!(told("elsewhere", port, "test-ca.pem").await, "error performing TLS handshake");
        assert_eq!(told("localhost", port, "test-other-ca.pem").await, "error performing TLS handshake");
    }

    #[test]
    fn a_file_without_a_certificate_is_refused_by_name() {
        let error = Encrypted::signed_by(&file("test-server-key.pem")).err().unwrap().to_string();
        assert!(error.contains("test-server-key.pem"), "{error}");
    }
}
