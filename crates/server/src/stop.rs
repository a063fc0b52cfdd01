//! Ending well: new work is sent elsewhere, what is under way is finished, what waits is written, all within a limit.

use std::time::Duration;
use tokio::sync::watch;

/// How an end is told to everybody, in this order.
pub struct Ending {
    /// Time between `/readyz` saying no and the door closing, for balancers to notice.
    pub notice: Duration,
    /// How long requests under way may take after the door has closed.
    pub limit: Duration,
}

impl Ending {
    /// Waits until the machine asks to stop, says so at once by `noticed`, and after the notice closes the door: `closed`
    /// becomes true. A second request to stop cuts the notice short.
    pub async fn watch(&self, noticed: impl FnOnce(), closed: &watch::Sender<bool>) {
        asked().await;
        tracing::info!("asked to stop");
        noticed();
        tokio::select! {
            () = tokio::time::sleep(self.notice) => {}
            () = asked() => {}
        }
        let _ = closed.send(true);
    }

    /// Waits for the work to end; gives up when the door has been closed for longer than the limit, or when the machine
    /// asks again.
    pub async fn finish<T>(
        &self,
        mut closed: watch::Receiver<bool>,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let too_long = async {
            let _ = closed.wait_for(|closed| *closed).await;
            tokio::select! {
                () = tokio::time::sleep(self.limit) => {}
                () = asked() => {}
            }
        };
        tokio::select! {
            done = work => Some(done),
            () = too_long => None,
        }
    }
}

/// Waits until the door is closed.
pub async fn door_closed(mut closed: watch::Receiver<bool>) {
    let _ = closed.wait_for(|closed| *closed).await;
}

/// Waits for Ctrl+C or the stop signal of the service manager.
async fn asked() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn work_that_does_not_end_is_given_up_only_after_the_limit() {
        let ending = Ending { notice: Duration::ZERO, limit: Duration::from_secs(10) };
        let (door, closed) = watch::channel(false);
        let slow = tokio::time::sleep(Duration::from_secs(3600));
        assert!(ending.finish(closed.clone(), slow).await.is_some(), "nobody asked to stop");
        door.send(true).unwrap();
        assert!(ending.finish(closed.clone(), tokio::time::sleep(Duration::from_secs(9))).await.is_some());
        assert!(ending.finish(closed, tokio::time::sleep(Duration::from_secs(11))).await.is_none());
    }
}
