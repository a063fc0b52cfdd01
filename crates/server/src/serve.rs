//! Wiring and listening, until the machine asks to stop.

use crate::config::Config;
use crate::open;
use anyhow::Context;
use std::io::Write;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Serves until SIGINT or SIGTERM; requests under way are finished.
///
/// # Errors
/// When the data cannot be read or the address cannot be listened on.
pub fn run(config: &Config, demo: bool) -> anyhow::Result<()> {
    start_log(&config.log)?;
    block_on(listen(config, demo))
}

/// Brings the tables of the configured database up to date.
///
/// # Errors
/// When the database cannot be opened or changed.
pub fn migrate(config: &Config) -> anyhow::Result<()> {
    let done = block_on(async { open::migrate(&open::database(config)?).await })?;
    say(&format!("The tables are up to date; {done} changes were made."));
    Ok(())
}

/// Runs the work on a runtime of its own.
pub fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

async fn listen(config: &Config, demo: bool) -> anyhow::Result<()> {
    let db = open::database(config)?;
    if demo {
        open::migrate(&db).await?;
    } else {
        open::refuse_outdated(&db).await?;
    }
    let ctx = open::context(config, db, demo)?;
    app::org::refresh(&ctx).await.context("What was changed of the city cannot be read")?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("Cannot listen on {}; another program may be using it", config.listen))?;
    let address = listener.local_addr()?;
    tracing::info!(%address, "ready");
    if demo {
        say(&format!(
            "近办 demo: http://{address}/\n\
             Three things to try:\n  \
             1. http://{address}/items?q=sbk  finds 社保卡 by its initials\n  \
             2. http://{address}/items/088    shows what to bring for a residence permit\n  \
             3. http://{address}/halls        lists the halls; press 长辈版 for large letters\n\
             Stop with Ctrl+C."
        ));
    }
    axum::serve(listener, app::router(ctx)).with_graceful_shutdown(asked_to_stop()).await?;
    tracing::info!("stopped");
    Ok(())
}

/// JSON lines on standard error. A panic is logged with its place only: its message may hold personal data.
fn start_log(filter: &str) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_new(filter).context("`log` cannot be understood; write for example log = \"info\"")?;
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
    Ok(())
}

/// Waits for Ctrl+C or the stop signal of the service manager.
async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

/// Writes a line for the person at the terminal; a closed terminal is no reason to stop serving.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a line to standard error.
pub fn say_error(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
