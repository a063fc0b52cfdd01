//! Files in a store that speaks S3, on other machines. A file is put by one signed request that carries the digest of its
//! bytes: the server keeps all of it or nothing.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::{BackoffConfig, Certificate, ClientOptions, RetryConfig};

use super::Files;
use crate::{Error, Result};

/// A server that does not take the connection within this time is away.
const CONNECTING: Duration = Duration::from_secs(3);
/// One request may take so long, with a file of 25 MB in it.
const REQUEST: Duration = Duration::from_secs(15);
/// Requests after the first, and the time after which none is begun: whoever waits on a page is told in good time.
const RETRIES: usize = 2;
const RETRYING: Duration = Duration::from_secs(8);

/// Where the store is and how it is entered.
#[derive(Clone, PartialEq, Eq)]
pub struct S3 {
    /// Its address, such as `https://oss.example.gov.cn` or `http://127.0.0.1:9000`.
    pub endpoint: String,
    /// The bucket, which exists.
    pub bucket: String,
    /// The region that requests are signed for; most stores of one's own take any.
    pub region: String,
    /// Name of the access key.
    pub key_id: String,
    /// Its secret.
    pub secret: String,
    /// `endpoint/bucket/file` instead of `bucket.endpoint/file`.
    pub path_style: bool,
    /// File with the certificates (PEM) of the authority that signed the server's; without it those of this machine.
    pub authority: Option<PathBuf>,
}

impl fmt::Debug for S3 {
    /// Where it is, and nothing of how it is entered.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { endpoint, bucket, .. } = self;
        f.debug_struct("S3").field("endpoint", endpoint).field("bucket", bucket).finish_non_exhaustive()
    }
}

impl S3 {
    /// Whether nobody on the way can read the files: the way is encrypted, or does not leave this machine.
    ///
    /// # Errors
    /// When the address cannot be understood, with a sentence.
    pub fn is_private(&self) -> Result<bool> {
        let (scheme, host) = self.address()?;
        let local = || host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        Ok(scheme == "https" || local())
    }

    /// Scheme and host of the endpoint.
    fn address(&self) -> Result<(String, String)> {
        let refused = |why: &str| Error::Other(format!("the address \"{}\" {why}", self.endpoint));
        let url = reqwest::Url::parse(&self.endpoint).map_err(|e| refused(&format!("is no address: {e}")))?;
        let host = url.host_str().ok_or_else(|| refused("names no machine"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused("must begin with https:// (http:// on this machine only)"));
        }
        if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.path() != "/"
        {
            return Err(refused("must end after the name and the port; bucket and keys are set beside it"));
        }
        Ok((url.scheme().to_owned(), host.trim_matches(['[', ']']).to_owned()))
    }

    /// The address of the bucket, as the client wants it.
    pub(super) fn base(&self) -> String {
        let endpoint = self.endpoint.trim_end_matches('/');
        match endpoint.split_once("://") {
            Some((scheme, rest)) if !self.path_style => format!("{scheme}://{}.{rest}", self.bucket),
            _ => endpoint.to_owned(),
        }
    }
}

impl Files {
    /// In a bucket of a store that speaks S3. Nothing is asked of it yet.
    ///
    /// # Errors
    /// When the address or the file of the authority cannot be used, with a sentence.
    pub fn s3(place: &S3) -> Result<Self> {
        place.address()?;
        // The client takes the cryptography of the process; that is ring, as everywhere else. Set already is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let backoff = BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        };
        let store = AmazonS3Builder::new()
            .with_endpoint(place.base())
            .with_bucket_name(&place.bucket)
            .with_region(&place.region)
            .with_access_key_id(&place.key_id)
            .with_secret_access_key(&place.secret)
            .with_virtual_hosted_style_request(!place.path_style)
            .with_allow_http(place.endpoint.starts_with("http://"))
            .with_client_options(client(place)?)
            .with_retry(RetryConfig { backoff, max_retries: RETRIES, retry_timeout: RETRYING })
            .build()
            .map_err(|e| Error::Other(format!("the store of files {}: {e}", place.endpoint)))?;
        Ok(Self::over(Arc::new(store)))
    }
}

fn client(place: &S3) -> Result<ClientOptions> {
    let mut options = ClientOptions::new()
        .with_timeout(REQUEST)
        .with_connect_timeout(CONNECTING)
        .with_allow_http(place.endpoint.starts_with("http://"));
    if let Some(file) = &place.authority {
        for certificate in certificates(file)? {
            options = options.with_root_certificate(certificate);
        }
        options = options.with_no_system_certificates(true);
    }
    Ok(options)
}

fn certificates(file: &Path) -> Result<Vec<Certificate>> {
    let refused = |why: String| Error::Other(format!("the authority {}: {why}", file.display()));
    let text = std::fs::read(file).map_err(|e| refused(e.to_string()))?;
    let found = Certificate::from_pem_bundle(&text).map_err(|e| refused(e.to_string()))?;
    if found.is_empty() {
        return Err(refused("there is no certificate in it".into()));
    }
    Ok(found)
}
