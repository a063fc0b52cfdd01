//! Files in a real S3 server, over a way that can be encrypted or cut.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::testing::S3Server;

/// A file of some megabytes that looks like no other part of itself.
fn large(megabytes: usize) -> Vec<u8> {
    (0..megabytes << 18).flat_map(|n: usize| (n as u32).wrapping_mul(2_654_435_761).to_be_bytes()).collect()
}

#[tokio::test]
async fn what_was_put_is_got_back_and_what_was_not_is_not_found() {
    let Some(server) = S3Server::start() else { return };
    let files = Files::s3(&server.place()).unwrap();
    files.reach().await.unwrap();
    for content in [b"abc".to_vec(), large(20), b"abc".to_vec()] {
        let digest = files.put(content.clone()).await.unwrap();
        assert_eq!(digest, Digest::of(&content));
        assert!(files.get(&digest).await.unwrap() == content, "other bytes came back");
    }
    assert_eq!(files.get(&Digest::of(b"abd")).await, Err(Error::NotFound));
}

#[tokio::test]
async fn another_secret_and_a_bucket_that_was_never_made_are_told_and_nothing_is_taken_for_missing() {
    let Some(server) = S3Server::start() else { return };
    let stranger = Files::s3(&S3 { secret: "guessed".into(), ..server.place() }).unwrap();
    let lost = Files::s3(&S3 { bucket: "jinban-fields".into(), ..server.place() }).unwrap();
    for files in [stranger, lost] {
        assert!(matches!(files.reach().await, Err(Error::Files(_))));
        assert!(matches!(files.put("abc").await, Err(Error::Files(_))));
    }
}

#[tokio::test]
async fn a_file_that_was_changed_in_the_store_is_refused_until_it_is_put_again() {
    let Some(server) = S3Server::start() else { return };
    let files = Files::s3(&server.place()).unwrap();
    let digest = files.put("abc").await.unwrap();
    files.store.put(&digest.place(), "abd".into()).await.unwrap();
    assert!(matches!(files.get(&digest).await, Err(Error::Corrupt(_))));
    files.put("abc").await.unwrap();
    assert_eq!(files.get(&digest).await.unwrap(), "abc");
}

#[tokio::test]
async fn a_server_that_dies_in_the_middle_of_an_upload_keeps_nothing_of_it_and_takes_it_the_next_time() {
    let Some(mut server) = S3Server::start() else { return };
    let content = Bytes::from(large(24));
    let digest = Digest::of(&content);
    let passed = Arc::new(AtomicUsize::new(0));
    let port = way(server.port(), None, usize::MAX, Arc::clone(&passed)).await;
    let endpoint = format!("http://127.0.0.1:{port}");
    let files = Files::s3(&S3 { endpoint, ..server.place() }).unwrap();
    let uploading = tokio::spawn({
        let (files, content) = (files.clone(), content.clone());
        async move { files.put(content).await }
    });
    while passed.load(Ordering::Relaxed) < 4 << 20 {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    server.kill();
    assert!(matches!(uploading.await.unwrap(), Err(Error::Files(_))));
    server.go_on();
    assert_eq!(files.get(&digest).await, Err(Error::NotFound), "half a file was kept");
    assert_eq!(files.put(content.clone()).await.unwrap(), digest);
    assert!(files.get(&digest).await.unwrap() == content, "other bytes came back");
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_middle_of_an_upload_is_made_again_by_itself() {
    let Some(server) = S3Server::start() else { return };
    let passed = Arc::new(AtomicUsize::new(0));
    let port = way(server.port(), None, 6 << 20, Arc::clone(&passed)).await;
    let endpoint = format!("http://127.0.0.1:{port}");
    let files = Files::s3(&S3 { endpoint, ..server.place() }).unwrap();
    let digest = files.put(large(8)).await.unwrap();
    assert!(passed.load(Ordering::Relaxed) > 13 << 20, "the connection did not break");
    assert!(Files::s3(&server.place()).unwrap().get(&digest).await.is_ok());
}

#[tokio::test]
async fn only_an_encrypted_server_with_a_certificate_from_the_authority_is_spoken_to() {
    let Some(server) = S3Server::start() else { return };
    let port = way(server.port(), Some(encrypted()), usize::MAX, Arc::default()).await;
    let of = |authority: &str| {
        let authority = Some(certificate(authority));
        Files::s3(&S3 { endpoint: format!("https://localhost:{port}"), authority, ..server.place() }).unwrap()
    };
    let digest = of("test-ca.pem").put("abc").await.unwrap();
    assert_eq!(of("test-ca.pem").get(&digest).await.unwrap(), "abc");
    assert!(matches!(of("test-other-ca.pem").put("abc").await, Err(Error::Files(_))));
}

#[test]
fn the_way_is_private_when_it_is_encrypted_or_stays_on_this_machine() {
    let at = |endpoint: &str| S3 {
        endpoint: endpoint.into(),
        bucket: "b".into(),
        region: "r".into(),
        key_id: "id".into(),
        secret: "hidden".into(),
        path_style: true,
        authority: None,
    };
    for private in
        ["https://oss.city", "http://127.0.0.1:9000/", "http://localhost:9000", "http://[::1]:9000"]
    {
        assert_eq!(at(private).is_private(), Ok(true), "{private}");
    }
    assert_eq!(at("http://10.0.0.7:9000").is_private(), Ok(false));
    for bad in ["oss.city", "ftp://oss.city", "https://u:p@oss.city", "https://oss.city/bucket", ""] {
        assert!(at(bad).is_private().is_err() && Files::s3(&at(bad)).is_err(), "{bad}");
    }
    assert!(!format!("{:?}", at("https://oss.city")).contains("hidden"));
    let other_style = S3 { path_style: false, ..at("https://oss.city:443/") };
    assert_eq!(other_style.base(), "https://b.oss.city:443");
}

#[test]
fn an_authority_without_a_certificate_is_refused_by_name() {
    let place = S3 {
        endpoint: "https://oss.city".into(),
        bucket: "b".into(),
        region: "r".into(),
        key_id: "id".into(),
        secret: "s".into(),
        path_style: true,
        authority: Some(certificate("test-server-key.pem")),
    };
    let error = Files::s3(&place).err().unwrap().to_string();
    assert!(error.contains("test-server-key.pem"), "{error}");
}

fn certificate(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pg/tls").join(name)
}

fn encrypted() -> TlsAcceptor {
    let chain = vec![CertificateDer::from_pem_file(certificate("test-server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(certificate("test-server-key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// A way to the server on a port of its own, which counts the bytes that pass and breaks the first connection after
/// `cut` of them.
async fn way(to: u16, encrypted: Option<TlsAcceptor>, cut: usize, passed: Arc<AtomicUsize>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let (encrypted, passed) = (encrypted.clone(), Arc::clone(&passed));
            tokio::spawn(async move {
                let Ok(far) = TcpStream::connect(("127.0.0.1", to)).await else { return };
                match encrypted {
                    Some(tls) => {
                        if let Ok(near) = tls.accept(near).await {
                            pass(near, far, cut, &passed).await;
                        }
                    }
                    None => pass(near, far, cut, &passed).await,
                }
            });
        }
    });
    port
}

async fn pass(near: impl AsyncRead + AsyncWrite, far: TcpStream, cut: usize, passed: &AtomicUsize) {
    let (mut from, mut back) = tokio::io::split(near);
    let (mut answers, mut to) = far.into_split();
    let there = async {
        let mut piece = vec![0; 1 << 16];
        loop {
            let n = from.read(&mut piece).await.unwrap_or(0);
            let before = passed.fetch_add(n, Ordering::Relaxed);
            let breaks = before < cut && before + n >= cut;
            if n == 0 || breaks || to.write_all(&piece[..n]).await.is_err() {
                return;
            }
        }
    };
    let here = tokio::io::copy(&mut answers, &mut back);
    tokio::select! {
        () = there => {}
        _ = here => {}
    }
}
