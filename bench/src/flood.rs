//! As many requests as the server answers: a closed loop of many clients for some seconds.

use crate::http::Client;
use std::time::{Duration, Instant};

/// Clients of a flood.
pub const CLIENTS: usize = 64;

/// Requests of one page answered per second.
///
/// # Errors
/// When one is not answered with the page.
pub async fn page(client: &Client, path: &str, lasting: Duration) -> anyhow::Result<f64> {
    let until = Instant::now() + lasting;
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (mut client, path) = (client.another(), path.to_owned());
            tokio::spawn(async move {
                let mut done = 0_u64;
                while Instant::now() < until {
                    client.get(&path).await?;
                    done += 1;
                }
                anyhow::Ok(done)
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += task.await??;
    }
    Ok(done as f64 / lasting.as_secs_f64())
}
