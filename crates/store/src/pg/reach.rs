//! Connecting to the host that takes writes, one host after the other: one that takes a connection and then says nothing, as a
//! server does whose disk hangs, holds nobody up.

use std::future::pending;
use std::pin::Pin;
use std::time::Duration;

use deadpool_postgres::Connect;
use tokio::task::JoinHandle;
use tokio_postgres::config::Host;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, Error, Socket};

/// How long one host may take from the first packet to being ready; three of them fit into the patience of the pool.
const ONE_HOST: Duration = Duration::from_millis(1600);

/// Connects as the configuration says, host by host.
pub(super) struct Reach<T> {
    /// How a connection is encrypted.
    pub(super) tls: T,
}

type Reached = Result<(Client, JoinHandle<()>), Error>;

impl<T> Connect for Reach<T>
where
    T: MakeTlsConnect<Socket> + Clone + Sync + Send + 'static,
    T::Stream: Sync + Send,
    T::TlsConnect: Sync + Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    fn connect(&self, config: &Config) -> Pin<Box<dyn Future<Output = Reached> + Send + '_>> {
        let each: Vec<Config> = (0..config.get_hosts().len()).map(|at| of_host(config, at)).collect();
        Box::pin(async move {
            let mut refused = None;
            for host in each {
                match tokio::time::timeout(ONE_HOST, host.connect(self.tls.clone())).await {
                    Ok(Ok((client, connection))) => {
                        let running = tokio::spawn(async move {
                            // What is asked on a connection that ends is told that it ended.
                            let _ = connection.await;
                        });
                        return Ok((client, running));
                    }
                    Ok(Err(why)) => refused = Some(why),
                    Err(_) => {}
                }
            }
            match refused {
                Some(why) => Err(why),
                // All are silent: the pool's patience says so.
                None => pending().await,
            }
        })
    }
}

/// The same configuration with one of its hosts.
fn of_host(config: &Config, at: usize) -> Config {
    let mut one = Config::new();
    match config.get_hosts().get(at) {
        Some(Host::Tcp(name)) => one.host(name),
        #[cfg(unix)]
        Some(Host::Unix(path)) => one.host_path(path),
        None => &mut one,
    };
    // One port stands for all hosts.
    if let Some(port) = config.get_ports().get(at).or(config.get_ports().first()) {
        one.port(*port);
    }
    if let Some(address) = config.get_hostaddrs().get(at) {
        one.hostaddr(*address);
    }
    if let Some(user) = config.get_user() {
        one.user(user);
    }
    if let Some(password) = config.get_password() {
        one.password(password);
    }
    if let Some(name) = config.get_dbname() {
        one.dbname(name);
    }
    if let Some(options) = config.get_options() {
        one.options(options);
    }
    if let Some(name) = config.get_application_name() {
        one.application_name(name);
    }
    if let Some(limit) = config.get_connect_timeout() {
        one.connect_timeout(*limit);
    }
    if let Some(limit) = config.get_tcp_user_timeout() {
        one.tcp_user_timeout(*limit);
    }
    if let Some(every) = config.get_keepalives_interval() {
        one.keepalives_interval(every);
    }
    if let Some(times) = config.get_keepalives_retries() {
        one.keepalives_retries(times);
    }
    one.keepalives(config.get_keepalives()).keepalives_idle(config.get_keepalives_idle());
    one.ssl_mode(config.get_ssl_mode()).ssl_negotiation(config.get_ssl_negotiation());
    one.channel_binding(config.get_channel_binding()).target_session_attrs(config.get_target_session_attrs());
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_keeps_everything_that_was_said_for_all() {
        let said = "postgres://u:p@db1:5433,db2:5434/city?connect_timeout=3&application_name=jinban&options=-c%20a%3D1\
                    &target_session_attrs=read-write&keepalives_idle=20&sslmode=disable";
        let all: Config = said.parse().unwrap();
        for (at, alone) in [(0, "db1:5433"), (1, "db2:5434")] {
            let one: Config = said.replace("db1:5433,db2:5434", alone).parse().unwrap();
            assert_eq!(of_host(&all, at), one);
        }
        let one_port: Config = "host=db1,db2 port=6000 user=u".parse().unwrap();
        assert_eq!(of_host(&one_port, 1).get_ports(), [6000]);
    }
}
