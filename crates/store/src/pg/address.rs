//! The address of a PostgreSQL server or cluster as the operator writes it, and what is safe when nothing is said:
//! a host that is gone is noticed within seconds, of several hosts the one that takes writes is used, and a connection
//! over a network is encrypted and its other end known.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use crate::{Error, Result};

/// How long one host may take to answer a new connection.
const CONNECT: Duration = Duration::from_secs(2);
/// Silence after which the other end of a connection is asked whether it is there.
const QUIET: Duration = Duration::from_secs(15);
/// How long sent bytes may stay unacknowledged.
const UNACKNOWLEDGED: Duration = Duration::from_secs(10);

/// Where a database is and how it is entered.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    /// What the driver takes.
    pub(crate) config: Config,
    /// The authority that signs the server's certificate; with it every connection is encrypted.
    pub(crate) authority: Option<PathBuf>,
}

impl Address {
    /// Reads `postgres://user:password@host1:port,host2:port/name?sslmode=require&sslrootcert=/path/ca.pem`.
    ///
    /// # Errors
    /// When it cannot be understood, or asks for encryption to an unknown other end.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let (text, authority) = take_authority(text);
        // The driver's own words repeat nothing of the address, which may hold a password.
        let refused = |e: tokio_postgres::Error| {
            let why = std::error::Error::source(&e).map(ToString::to_string).unwrap_or_default();
            Error::Other(format!("the database's address cannot be understood: {why}"))
        };
        let mut config: Config = text.parse().map_err(refused)?;
        match (&authority, config.get_ssl_mode()) {
            (None, SslMode::Require) => {
                return Err(Error::Other(
                    "sslmode=require needs sslrootcert=/path/to/ca.pem too, the authority that signed the database's \
                     certificate; otherwise anybody could pretend to be the database"
                        .into(),
                ));
            }
            (Some(_), SslMode::Disable) => {
                return Err(Error::Other("sslrootcert and sslmode=disable contradict each other".into()));
            }
            (Some(_), _) => {
                config.ssl_mode(SslMode::Require);
            }
            (None, _) => {}
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(UNACKNOWLEDGED);
        }
        if config.get_keepalives_idle() >= Duration::from_secs(7200) {
            config.keepalives_idle(QUIET);
        }
        if config.get_hosts().len() > 1 && config.get_target_session_attrs() == TargetSessionAttrs::Any {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        Ok(Self { config, authority })
    }

    /// Whether nobody on a network can listen in: it is encrypted, or never leaves this machine.
    pub(crate) fn is_private(&self) -> bool {
        let local = |host: &Host| match host {
            #[cfg(unix)]
            Host::Unix(_) => true,
            Host::Tcp(name) => {
                name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
            }
        };
        self.authority.is_some()
            || (self.config.get_hosts().iter().all(local)
                && self.config.get_hostaddrs().iter().all(IpAddr::is_loopback))
    }
}

/// Takes `sslrootcert`, which the driver does not know, out of an address in either notation.
fn take_authority(text: &str) -> (String, Option<PathBuf>) {
    const NAME: &str = "sslrootcert=";
    let (head, list, mark) = match text.split_once('?') {
        Some((head, query)) if text.contains("://") => {
            (Some(head), query.split('&').collect::<Vec<_>>(), "&")
        }
        _ if text.contains("://") => return (text.to_owned(), None),
        _ => (None, text.split_whitespace().collect(), " "),
    };
    let found = list.iter().find_map(|part| part.strip_prefix(NAME));
    let path = found.map(|path| PathBuf::from(path.replace("%2F", "/").replace("%20", " ")));
    let rest: Vec<&str> = list.into_iter().filter(|part| !part.starts_with(NAME)).collect();
    let rest = rest.join(mark);
    match head {
        Some(head) if rest.is_empty() => (head.to_owned(), path),
        Some(head) => (format!("{head}?{rest}"), path),
        None => (rest, path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_hosts_the_one_that_takes_writes_is_used() {
        let one = Address::parse("postgres://u@db/jinban").unwrap().config;
        assert_eq!(one.get_target_session_attrs(), TargetSessionAttrs::Any);
        let two = Address::parse("postgres://u@db1:5432,db2:5433/jinban").unwrap().config;
        assert_eq!(two.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
        assert_eq!((two.get_ports(), two.get_connect_timeout()), (&[5432, 5433][..], Some(&CONNECT)));
        let said = Address::parse("postgres://u@db1,db2/jinban?connect_timeout=9&keepalives_idle=60")
            .unwrap()
            .config;
        assert_eq!(said.get_connect_timeout(), Some(&Duration::from_secs(9)));
        assert_eq!(said.get_keepalives_idle(), Duration::from_secs(60));
    }

    #[test]
    fn encryption_asks_who_signs_for_the_other_end() {
        let error = Address::parse("postgres://u:secret@db/j?sslmode=require").unwrap_err().to_string();
        assert!(error.contains("sslrootcert") && !error.contains("secret"), "{error}");
        for text in [
            "postgres://u@db/j?sslrootcert=/etc/ca.pem",
            "postgres://u@db/j?sslmode=require&sslrootcert=/etc/ca.pem&application_name=x",
            "host=db user=u sslrootcert=/etc/ca.pem sslmode=require",
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address.authority, Some(PathBuf::from("/etc/ca.pem")), "{text}");
            assert_eq!(address.config.get_ssl_mode(), SslMode::Require);
        }
        assert!(Address::parse("postgres://u@db/j?sslmode=disable&sslrootcert=/etc/ca.pem").is_err());
    }

    #[test]
    fn what_cannot_be_understood_is_told_without_the_password() {
        let error = Address::parse("postgres://u:secret@db/j?colour=red").unwrap_err().to_string();
        assert!(error.contains("colour") && !error.contains("secret"), "{error}");
    }

    #[test]
    fn only_this_machine_or_an_encrypted_connection_is_private() {
        let private = |text: &str| Address::parse(text).unwrap().is_private();
        assert!(private("postgres://u@127.0.0.1,localhost,[::1]/j"));
        assert!(private("host=/run/postgresql user=u"));
        assert!(private("postgres://u@10.0.0.7/j?sslrootcert=/etc/ca.pem"));
        assert!(!private("postgres://u@127.0.0.1,10.0.0.7/j"));
        assert!(!private("host=localhost hostaddr=10.0.0.7 user=u"));
    }
}
