//! The configuration: one file, replaced by the environment (`JINBAN_*`), replaced by flags; unknown keys are refused.

mod files;

pub use files::FOLDER;

use crate::stop::Ending;
use anyhow::{Context, ensure};
use app::publishing::Publishing;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::sign::SigningKey;

/// How this node serves.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Folder for the data.
    pub data: PathBuf,
    /// A proxy in front ends TLS, so plain HTTP may leave this machine and cookies are marked Secure.
    pub behind_tls_proxy: bool,
    /// File with the certificate and those that lead to its authority (PEM); with `tls_key` this program itself ends TLS.
    pub tls_cert: Option<PathBuf>,
    /// File with the key of the certificate (PEM); closed to other accounts.
    pub tls_key: Option<PathBuf>,
    /// Address of a PostgreSQL database (`postgres://user:password@host:port/name`, several hosts with commas,
    /// `?sslrootcert=/path/ca.pem` for a database on another machine); without it the data lies in one SQLite file in
    /// the data folder.
    pub database: Option<String>,
    /// Connections to PostgreSQL that this node may hold.
    pub pool: usize,
    /// Folder with the reference data of another city; without it the city inside the program.
    pub city: Option<PathBuf>,
    /// File with the keys that seal personal fields; readable by the service account alone.
    pub keys: Option<PathBuf>,
    /// Address of a store that speaks S3, such as `https://oss.example.gov.cn`; without it files lie in the data folder.
    pub files_endpoint: Option<String>,
    /// The bucket there, which exists.
    pub files_bucket: Option<String>,
    /// The region that requests are signed for.
    pub files_region: String,
    /// File with the access key and, on the next line, its secret; readable by the service account alone.
    pub files_key_file: Option<PathBuf>,
    /// The access key, for the environment; with `files_key_secret`, instead of the file.
    pub files_key_id: Option<String>,
    /// Its secret, for the environment.
    pub files_key_secret: Option<String>,
    /// `endpoint/bucket/file`, as stores of one's own want it; `false` for `bucket.endpoint/file`.
    pub files_path_style: bool,
    /// File with the certificate (PEM) of the authority that signed the store's; without it those of this machine.
    pub files_ca: Option<PathBuf>,
    /// Where a ClamAV daemon looks at uploads: `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`. Once set, nothing is
    /// taken that it has not looked at.
    pub scanner: Option<String>,
    /// File with the SM2 key that signs the head of the journal each day; without it nothing is published.
    pub signing_key: Option<PathBuf>,
    /// Folder for the signed heads, to be copied away by others; without it `heads` in the data folder.
    pub heads: Option<PathBuf>,
    /// Another address, of the operator's network, that answers `/metrics`, `/readyz` and `/healthz` and nothing else.
    pub metrics_listen: Option<SocketAddr>,
    /// Who brings this token may read `/metrics` on the public address; without it the page does not exist there.
    pub metrics_token: Option<String>,
    /// Seconds between `/readyz` saying no and the end of listening, so that a balancer sends new requests elsewhere.
    pub stop_notice: u64,
    /// Seconds that requests under way may still take.
    pub stop_limit: u64,
    /// Start although the newest entry of the journal lies ahead of the machine's clock, because those entries were made
    /// under a wrong one.
    pub accept_earlier_clock: bool,
    /// How people reach the site, such as `https://zwfw.example.gov.cn`: QR codes on papers lead there. Without it the
    /// address listened on.
    pub public_url: Option<String>,
    /// What is logged, in the notation of `tracing` (`info`, `app=debug,info`).
    pub log: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            data: PathBuf::from("jinban-data"),
            behind_tls_proxy: false,
            tls_cert: None,
            tls_key: None,
            database: None,
            pool: 16,
            city: None,
            keys: None,
            files_endpoint: None,
            files_bucket: None,
            files_region: "us-east-1".to_owned(),
            files_key_file: None,
            files_key_id: None,
            files_key_secret: None,
            files_path_style: true,
            files_ca: None,
            scanner: None,
            signing_key: None,
            heads: None,
            metrics_listen: None,
            metrics_token: None,
            stop_notice: 5,
            stop_limit: 30,
            accept_earlier_clock: false,
            public_url: None,
            log: "info".to_owned(),
        }
    }
}

impl fmt::Debug for Config {
    /// For people and logs: where the keys lie and how the database is entered is told to nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("data", &self.data)
            .field("behind_tls_proxy", &self.behind_tls_proxy)
            .field("tls_cert", &self.tls_cert)
            .field("tls_key", &self.tls_key.as_ref().map(|_| "(set, not shown)"))
            .field("database", &self.database.as_ref().map(|_| "(set, not shown)"))
            .field("pool", &self.pool)
            .field("city", &self.city)
            .field("keys", &self.keys.as_ref().map(|_| "(set, not shown)"))
            .field("files_endpoint", &self.files_endpoint)
            .field("files_bucket", &self.files_bucket)
            .field("files_region", &self.files_region)
            .field("files_key_file", &self.files_key_file.as_ref().map(|_| "(set, not shown)"))
            .field("files_key_id", &self.files_key_id.as_ref().map(|_| "(set, not shown)"))
            .field("files_key_secret", &self.files_key_secret.as_ref().map(|_| "(set, not shown)"))
            .field("files_path_style", &self.files_path_style)
            .field("files_ca", &self.files_ca)
            .field("scanner", &self.scanner)
            .field("signing_key", &self.signing_key.as_ref().map(|_| "(set, not shown)"))
            .field("heads", &self.heads)
            .field("metrics_listen", &self.metrics_listen)
            .field("metrics_token", &self.metrics_token.as_ref().map(|_| "(set, not shown)"))
            .field("stop_notice", &self.stop_notice)
            .field("stop_limit", &self.stop_limit)
            .field("accept_earlier_clock", &self.accept_earlier_clock)
            .field("public_url", &self.public_url)
            .field("log", &self.log)
            .finish()
    }
}

impl Config {
    /// The configuration of the demo: this machine only.
    ///
    /// # Errors
    /// When the address is not one of this machine.
    pub fn demo(listen: SocketAddr, data: PathBuf) -> anyhow::Result<Self> {
        ensure!(
            listen.ip().is_loopback(),
            "The demo listens on this machine only, because it has no TLS; use --listen 127.0.0.1:PORT, or `jinban serve`."
        );
        Ok(Self { listen, data, stop_notice: 0, stop_limit: 5, ..Self::default() })
    }

    /// Where the keys are: the demo's lie beside its data.
    pub fn keys_file(&self) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| self.data.join("keys"))
    }

    /// Whether browsers reach the site over TLS, ended here or by the proxy in front.
    pub fn https(&self) -> bool {
        self.behind_tls_proxy || self.tls_cert.is_some()
    }

    /// How this node ends.
    pub fn ending(&self) -> Ending {
        Ending { notice: Duration::from_secs(self.stop_notice), limit: Duration::from_secs(self.stop_limit) }
    }

    /// What signs the head of the journal, if a key is set, and where the heads are written.
    ///
    /// # Errors
    /// When the key cannot be used, with a sentence.
    pub fn publishing(&self) -> anyhow::Result<Option<Publishing>> {
        let Some(file) = &self.signing_key else {
            ensure!(
                self.heads.is_none(),
                "heads is set, but nothing signs them: set signing_key = \"/path\" (`jinban admin new-signing-key` makes one)."
            );
            return Ok(None);
        };
        let key = SigningKey::read(file).context("signing_key cannot be used")?;
        let folder = self.heads.clone().unwrap_or_else(|| self.data.join("heads"));
        Ok(Some(Publishing { key, folder }))
    }

    /// How people reach the site.
    pub fn url(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// Refuses what would put people's data at risk, with a sentence that says what to change.
    ///
    /// # Errors
    /// The first reason found.
    pub fn refuse_unsafe(&self) -> anyhow::Result<()> {
        ensure!(
            self.listen.ip().is_loopback() || self.https(),
            "{} can be reached from other machines without TLS; set tls_cert and tls_key, put a TLS proxy in front and set \
             behind_tls_proxy = true, or listen on 127.0.0.1.",
            self.listen
        );
        ensure!(
            crate::open::place(self).is_private()?,
            "The database is on another machine and the way there is not encrypted; add ?sslrootcert=/path/to/ca.pem (the \
             authority that signed its certificate) to `database`."
        );
        self.refuse_open_metrics()?;
        self.refuse_open_files()?;
        self.publishing()?;
        crate::tls::acceptor(self)?;
        let keys = self.keys.as_ref().context(
            "No keys file is set; personal fields could not be sealed. Set keys = \"/path/to/keys\" (readable by the service only).",
        )?;
        let size = std::fs::metadata(keys)
            .context("The keys file cannot be read; check its path and its owner.")?
            .len();
        ensure!(size > 0, "The keys file is empty; restore it from the safe copy.");
        Ok(())
    }

    fn refuse_open_metrics(&self) -> anyhow::Result<()> {
        if let Some(address) = self.metrics_listen {
            ensure!(
                address.ip().is_loopback() && address != self.listen,
                "metrics_listen = \"{address}\" is not an address of this machine's own; use 127.0.0.1 with another port \
                 than `listen`, or set metrics_token and read /metrics on the public address."
            );
        }
        ensure!(
            self.metrics_token.as_ref().is_none_or(|token| token.len() >= SHORTEST_TOKEN),
            "metrics_token is shorter than {SHORTEST_TOKEN} characters and could be guessed; make one with `openssl rand -hex 16`."
        );
        Ok(())
    }
}

/// A shorter token could be guessed.
const SHORTEST_TOKEN: usize = 20;

/// Reads `file`, then the environment, then the flags.
///
/// # Errors
/// When the file is missing, a key is unknown or a value cannot be understood.
pub fn load(file: &Path, listen: Option<SocketAddr>, data: Option<&Path>) -> anyhow::Result<Config> {
    ensure!(file.is_file(), "The configuration file {} does not exist.", file.display());
    let mut figment = Figment::from(Serialized::defaults(Config::default()))
        .merge(Toml::file_exact(file))
        .merge(Env::prefixed("JINBAN_"));
    if let Some(listen) = listen {
        figment = figment.merge(Serialized::default("listen", listen));
    }
    if let Some(data) = data {
        figment = figment.merge(Serialized::default("data", data));
    }
    figment.extract().context("The configuration cannot be used")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of this test's own with a configuration and a keys file.
    fn written(name: &str, text: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("jinban-config-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("keys"), "k1").unwrap();
        let text = text.replace("KEYS", &folder.join("keys").display().to_string());
        std::fs::write(folder.join("jinban.toml"), text).unwrap();
        folder.join("jinban.toml")
    }

    #[test]
    fn flags_go_before_the_file() {
        let file = written("order", "listen = \"127.0.0.1:9000\"\nlog = \"warn\"\n");
        let config = load(&file, None, None).unwrap();
        assert_eq!((config.listen.port(), config.log.as_str()), (9000, "warn"));
        let listen = "127.0.0.1:9001".parse().unwrap();
        assert_eq!(load(&file, Some(listen), None).unwrap().listen.port(), 9001);
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let error = load(&written("unknown", "lisen = \"127.0.0.1:1\"\n"), None, None).unwrap_err();
        assert!(format!("{error:#}").contains("lisen"), "{error:#}");
    }

    #[test]
    fn listening_beyond_this_machine_needs_a_tls_proxy() {
        let text = "listen = \"0.0.0.0:80\"\nkeys = \"KEYS\"\n";
        let error = load(&written("open", text), None, None).unwrap().refuse_unsafe().unwrap_err();
        assert!(error.to_string().contains("behind_tls_proxy"), "{error}");
        let proxied = format!("{text}behind_tls_proxy = true\n");
        load(&written("proxied", &proxied), None, None).unwrap().refuse_unsafe().unwrap();
    }

    #[test]
    fn serving_without_keys_is_refused() {
        let error =
            load(&written("nokeys", "log = \"info\"\n"), None, None).unwrap().refuse_unsafe().unwrap_err();
        assert!(error.to_string().contains("keys"), "{error}");
        let missing = load(&written("lost", "keys = \"/nowhere/keys\"\n"), None, None).unwrap();
        assert!(missing.refuse_unsafe().is_err());
    }

    #[test]
    fn the_printed_configuration_does_not_tell_where_the_keys_are() {
        let shown = format!("{:?}", load(&written("shown", "keys = \"KEYS\"\n"), None, None).unwrap());
        assert!(shown.contains("not shown") && !shown.contains("jinban-config"), "{shown}");
    }

    #[test]
    fn a_database_on_another_machine_needs_encryption() {
        let refused = |name: &str, address: &str| {
            let text = format!("keys = \"KEYS\"\ndatabase = \"{address}\"\n");
            load(&written(name, &text), None, None).unwrap().refuse_unsafe().err().map(|e| e.to_string())
        };
        let error = refused("d1", "postgres://u:secret@db.city/jinban").unwrap();
        assert!(error.contains("sslrootcert") && !error.contains("secret"), "{error}");
        assert_eq!(refused("d2", "postgres://u@127.0.0.1/jinban"), None);
        assert_eq!(refused("d3", "postgres://u@db.city/jinban?sslrootcert=/etc/ca.pem"), None);
    }

    #[test]
    fn figures_are_for_this_machine_or_for_who_has_a_good_token() {
        let refused = |name: &str, line: &str| {
            let text = format!("keys = \"KEYS\"\n{line}\n");
            load(&written(name, &text), None, None).unwrap().refuse_unsafe().err().map(|e| e.to_string())
        };
        assert!(refused("m1", "metrics_listen = \"10.0.0.1:9\"").unwrap().contains("metrics_listen"));
        assert!(refused("m2", "metrics_listen = \"127.0.0.1:8080\"").unwrap().contains("metrics_listen"));
        assert!(refused("m3", "metrics_token = \"short\"").unwrap().contains("metrics_token"));
        assert_eq!(refused("m4", "metrics_listen = \"127.0.0.1:9180\""), None);
        assert_eq!(refused("m5", "metrics_token = \"0123456789abcdef0123\""), None);
    }

    #[test]
    fn the_demo_stays_on_this_machine() {
        assert!(Config::demo("0.0.0.0:8080".parse().unwrap(), PathBuf::new()).is_err());
        assert!(Config::demo("127.0.0.1:8080".parse().unwrap(), PathBuf::new()).is_ok());
    }
}
