//! The doors of this node: the pages, over TLS or plain, and the operator's own address.

use crate::config::Config;
use crate::stop::door_closed;
use crate::tls::{self, Acceptor, TlsListener};
use anyhow::Context;
use app::{Ctx, Live};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Listeners that are bound and not served yet.
pub struct Doors {
    /// Where the pages are.
    pub address: SocketAddr,
    pages: TcpListener,
    figures: Option<TcpListener>,
    secured: Option<Acceptor>,
    config: Config,
}

impl Doors {
    /// Binds every address of the configuration.
    ///
    /// # Errors
    /// When an address is taken or a certificate cannot be used.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        let secured = tls::acceptor(config)?.map(|acceptor| Arc::new(Live::new(acceptor)));
        let pages = bind(config.listen).await?;
        let figures = match config.metrics_listen {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        Ok(Self { address: pages.local_addr()?, pages, figures, secured, config: config.clone() })
    }

    /// Serves until the doors are closed and every request under way has been answered.
    ///
    /// # Errors
    /// When the network fails.
    pub async fn serve(self, ctx: &Ctx, closed: watch::Receiver<bool>) -> io::Result<()> {
        let (router, door) = (app::router(ctx.clone()), door_closed(closed.clone()));
        let pages = async {
            match self.secured {
                Some(acceptor) => {
                    let listener = TlsListener::new(self.pages, Arc::clone(&acceptor));
                    tokio::select! {
                        served = axum::serve(listener, router).with_graceful_shutdown(door).into_future() => served,
                        never = tls::renew_on_hangup(self.config, acceptor) => never,
                    }
                }
                None => axum::serve(self.pages, router).with_graceful_shutdown(door).await,
            }
        };
        let figures = async {
            match self.figures {
                Some(listener) => {
                    let router = app::operator_router(ctx.clone());
                    axum::serve(listener, router).with_graceful_shutdown(door_closed(closed)).await
                }
                None => Ok(()),
            }
        };
        tokio::try_join!(pages, figures).map(drop)
    }
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("Cannot listen on {address}; another program may be using it"))
}
