//! What people look at, measured at two sizes of the city: a page must not become slower because more is kept.

use crate::http::Client;
use crate::sample::Sample;
use crate::server::Server;
use crate::timing::Times;
use anyhow::ensure;
use std::time::Instant;

/// Clients that look at the same time.
const CLIENTS: usize = 2;

/// What is looked at.
#[derive(Debug, Clone)]
pub enum Look {
    /// A page.
    Page(String),
    /// 进度查询 by number and code.
    Track(Sample),
}

/// Something that is looked at again and again.
pub struct Reading {
    /// As the report calls it.
    pub name: &'static str,
    client: Client,
    looks: Vec<Look>,
}

/// Everything that is measured.
///
/// # Errors
/// When somebody cannot sign in.
pub async fn readings(server: &Server, samples: &[Sample]) -> anyhow::Result<Vec<Reading>> {
    let reviewer = server.signed_in("reviewer").await?;
    let supervisor = server.signed_in("supervisor").await?;
    let auditor = server.signed_in("auditor").await?;
    let page = |name, client: &Client, path: &str| Reading {
        name,
        client: client.another(),
        looks: vec![Look::Page(path.to_owned())],
    };
    let cases = samples.iter().map(|s| Look::Page(format!("/review/{}", s.case)));
    let tracks = samples.iter().cloned().map(Look::Track);
    let searches = samples.iter().map(|s| Look::Page(format!("/admin/journal?number={}", s.number)));
    Ok(vec![
        page("worklist page", &reviewer, "/review"),
        Reading { name: "case page", client: supervisor.another(), looks: cases.collect() },
        Reading { name: "look-up by number", client: Client::new(server.address), looks: tracks.collect() },
        Reading { name: "journal search", client: auditor, looks: searches.collect() },
        page("dashboard counts", &supervisor, "/supervision"),
    ])
}

impl Reading {
    /// Looks so many times, and says how long each took.
    ///
    /// # Errors
    /// When something is not shown.
    pub async fn run(&self, times: usize) -> anyhow::Result<Times> {
        let tasks: Vec<_> = (0..CLIENTS)
            .map(|n| {
                let (client, looks) = (self.client.another(), self.looks.clone());
                tokio::spawn(look(client, looks, n, times / CLIENTS))
            })
            .collect();
        let mut all = Times::default();
        for task in tasks {
            all.add(task.await??);
        }
        Ok(all)
    }
}

async fn look(mut client: Client, looks: Vec<Look>, from: usize, times: usize) -> anyhow::Result<Times> {
    let mut noted = Times::default();
    for n in 0..times {
        let begun = Instant::now();
        match &looks[(from + n * CLIENTS) % looks.len()] {
            Look::Page(path) => drop(client.get(path).await?),
            Look::Track(sample) => {
                let form = [("number", sample.number.as_str()), ("code", &sample.code)];
                let answer = client.form("/track", &form).await?;
                ensure!(answer.status == 200, "the look-up answered {}", answer.status);
            }
        }
        noted.note(begun.elapsed());
    }
    Ok(noted)
}
