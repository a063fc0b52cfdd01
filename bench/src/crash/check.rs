//! The comparison after a restart: what was acknowledged is there, as it was told.

use super::book::{Case, Draft};
use super::load::{Load, Sent, content};
use crate::http::Client;
use anyhow::{Context, ensure};
use hyper::Method;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Sends what was never answered again, each under its key; says how many are answered now.
///
/// # Errors
/// When the server refuses what it has to take, or contradicts itself.
pub async fn settle(load: &Load, client: &mut Client) -> anyhow::Result<u64> {
    let open = std::mem::take(&mut load.book().open);
    let mut settled = 0;
    for request in open {
        if let Sent::Noted(_) = load.send(client, request).await? {
            settled += 1;
        }
    }
    Ok(settled)
}

/// Compares what is new since the last time, or with `all` everything; says how many applications and cases that were.
///
/// # Errors
/// With the first that is missing or different.
pub async fn compare(load: &Load, client: &mut Client, all: bool) -> anyhow::Result<usize> {
    let mut touched = std::mem::take(&mut load.book().touched);
    if all {
        let book = load.book();
        touched.extend(book.drafts.iter().filter(|(_, draft)| draft.case.is_none()).map(|(id, _)| *id));
        touched.extend(book.cases.keys());
    }
    for id in &touched {
        let (draft, case) = {
            let book = load.book();
            let case = book.cases.get(id).cloned();
            let draft = case.as_ref().map_or(*id, |case| case.draft);
            (book.drafts.get(&draft).cloned().unwrap_or_default(), case)
        };
        match case {
            Some(case) => is_there(client, *id, &case, &draft).await?,
            None if draft.case.is_none() => draft_is_there(client, *id, &draft).await?,
            None => {}
        }
    }
    Ok(touched.len())
}

async fn draft_is_there(client: &mut Client, id: Uuid, draft: &Draft) -> anyhow::Result<()> {
    let answer = client.get(&format!("/api/v1/applications/{id}")).await;
    let text = answer.with_context(|| format!("application {id} is lost"))?.text();
    for file in &draft.files {
        ensure!(text.contains(&file.id), "application {id} has lost its file {}", file.id);
    }
    Ok(())
}

async fn is_there(client: &mut Client, id: Uuid, case: &Case, draft: &Draft) -> anyhow::Result<()> {
    let lost = || format!("case {id}, number {}, is lost", case.number);
    let now = client.get(&format!("/api/v1/cases/{id}")).await.with_context(lost)?.json()?;
    ensure!(now["number"] == case.number.as_str(), "case {id} has the number {}", now["number"]);
    let version = now["version"].as_i64().unwrap_or_default();
    ensure!(
        version == case.version && now["status"] == case.status.as_str(),
        "case {id} was told to be {} at version {}, and is {} at {version}",
        case.status,
        case.version,
        now["status"]
    );
    let events =
        client.get(&format!("/api/v1/cases/{id}/events?limit=200")).await.with_context(lost)?.json()?;
    let seen = events["events"].as_array().map_or(0, Vec::len);
    ensure!(i64::try_from(seen) == Ok(version), "case {id} at version {version} has {seen} events");
    for file in &draft.files {
        let path = format!("/api/v1/cases/{id}/files/{}", file.digest);
        let got = client.send(Method::GET, &path, &[], "").await?;
        let whole = got.status == 200 && got.body == content(file.number);
        ensure!(whole, "file {} of case {id} is lost or another one ({})", file.digest, got.status);
    }
    Ok(())
}

/// Reads the list of all cases that were filed, after everything was settled: each is one that somebody was told of, and none
/// is missing.
///
/// # Errors
/// When a case is too many or too few.
pub async fn count(load: &Load, client: &mut Client) -> anyhow::Result<usize> {
    let mut listed = BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("/api/v1/filed-cases?limit=200{cursor}")).await?.json()?;
        for case in page["cases"].as_array().into_iter().flatten() {
            listed.insert(case["id"].as_str().context("no id")?.parse::<Uuid>()?);
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let known: BTreeSet<Uuid> = load.book().cases.keys().copied().collect();
    if let Some(extra) = listed.difference(&known).next() {
        anyhow::bail!("case {extra} is there, and nobody was told of it");
    }
    if let Some(lost) = known.difference(&listed).next() {
        anyhow::bail!("case {lost} is not in the list of all");
    }
    Ok(listed.len())
}
