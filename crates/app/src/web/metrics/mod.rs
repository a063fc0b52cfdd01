//! `/metrics`: figures in the text format of Prometheus (0.0.4). Routes appear by pattern, so nothing here can name a
//! person; whoever may read them is decided by [`Access`].

mod duties;
mod requests;
mod text;

pub use duties::{Duties, Duty};
pub use requests::Requests;

use super::Fault;
use crate::Ctx;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use store::figures::Figures;
use store::jobs;
use store::meter::Meter;
use text::Text;

/// Who may read the metrics on the address that serves the pages.
#[derive(Clone, PartialEq, Eq)]
pub enum Access {
    /// Nobody: the page does not exist there.
    Closed,
    /// Everybody who reaches the address, which is one of this machine.
    Open,
    /// Who brings this token as `Authorization: Bearer …`.
    Token(String),
}

impl std::fmt::Debug for Access {
    /// Without the token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Closed => "Closed",
            Self::Open => "Open",
            Self::Token(_) => "Token(…)",
        })
    }
}

impl Access {
    /// Whether a request with these headers may read them.
    fn allows(&self, headers: &HeaderMap) -> bool {
        match self {
            Self::Closed => false,
            Self::Open => true,
            Self::Token(token) => {
                let brought =
                    headers.get(AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
                brought.is_some_and(|brought| same(brought, token.as_bytes()))
            }
        }
    }
}

/// Compares in a time that does not tell how much was right.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (x, y)| differ | (x ^ y)) == 0
}

/// The page on the public address.
pub(super) async fn guarded(State(ctx): State<Ctx>, headers: HeaderMap) -> Result<Response, Fault> {
    if !ctx.ops.access.allows(&headers) {
        return Err(Fault::not_found());
    }
    Ok(shown(State(ctx)).await)
}

/// The page for an address that only the operator reaches.
pub async fn shown(State(ctx): State<Ctx>) -> Response {
    let figures = store::figures::read(&ctx.db).await;
    if let Err(error) = &figures {
        tracing::warn!(%error, "the database gave no figures");
    }
    let body = page(&ctx, figures.ok().as_ref());
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], body).into_response()
}

fn page(ctx: &Ctx, figures: Option<&Figures>) -> String {
    let mut text = Text::default();
    text.gauge("jinban_build_info", "The version that runs.", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    let started = ctx.ops.started_at.as_second();
    text.gauge("jinban_start_time_seconds", "When this node started, in seconds since 1970.", &[], started);
    let behind = "Seconds by which the machine's clock is behind this node's time, having been set back.";
    text.gauge("jinban_clock_behind_seconds", behind, &[], ctx.clock.behind().as_secs());
    text.gauge(
        "jinban_stopping",
        "1 once the node has been asked to stop.",
        &[],
        ctx.ops.is_stopping().into(),
    );
    if let Some(bytes) = resident_memory() {
        text.gauge("process_resident_memory_bytes", "Memory this process holds.", &[], bytes);
    }
    ctx.ops.requests.write(&mut text);
    ctx.ops.duties.write(&mut text);
    let infected = "Uploads refused because the scanner found something in them.";
    text.counter("jinban_uploads_infected_total", infected, &[], ctx.ops.infected_uploads());
    database(&mut text, &ctx.db.meter(), figures.is_some());
    if let Some(figures) = figures {
        waiting(&mut text, figures, ctx.now().as_second());
    }
    text.end()
}

fn database(text: &mut Text, meter: &Meter, up: bool) {
    text.gauge("jinban_database_up", "1 when the database answered just now.", &[], up.into());
    let waiting = "Works waiting for the writer (SQLite) or for a connection (PostgreSQL).";
    text.gauge("jinban_database_waiting", waiting, &[], meter.waiting as i64);
    let bound = "Works that may wait; the next is refused with 503.";
    text.gauge("jinban_database_waiting_bound", bound, &[], meter.bound as i64);
    let refused = "Works refused because too many were waiting.";
    text.counter("jinban_database_refused_total", refused, &[], meter.refused);
    let help = "Connections to the database (readers on SQLite) by state.";
    text.gauge("jinban_database_connections", help, &[("state", "open")], meter.connections as i64);
    text.gauge("jinban_database_connections", help, &[("state", "busy")], meter.busy as i64);
    text.gauge("jinban_database_connections", help, &[("state", "limit")], meter.limit as i64);
    if let Some(batches) = &meter.batches {
        text.histogram(
            "jinban_write_batch_size",
            "Works committed together by the writer of SQLite.",
            &[],
            batches,
            1,
        );
    }
}

fn waiting(text: &mut Text, figures: &Figures, now: i64) {
    let (count, lag) = ("Jobs by queue and state.", "Seconds by which the oldest waiting job is overdue.");
    for jobs in &figures.jobs {
        let labels = [("queue", jobs.queue.as_str()), ("state", jobs.state.word())];
        text.gauge("jinban_jobs", count, &labels, jobs.count);
    }
    for jobs in figures.jobs.iter().filter(|jobs| jobs.state == jobs::State::Waiting) {
        let late = jobs.earliest.map_or(0, |due| (now - due.as_second()).max(0));
        text.gauge("jinban_job_lag_seconds", lag, &[("queue", &jobs.queue)], late);
    }
    let outbox = "Messages in the outbox by state.";
    text.gauge("jinban_outbox_messages", outbox, &[("state", "waiting")], figures.outbox_waiting);
    text.gauge("jinban_outbox_messages", outbox, &[("state", "poisoned")], figures.outbox_poisoned);
    let unsealed = "Appends to the journal that no block has taken in yet.";
    text.gauge("jinban_journal_unsealed", unsealed, &[], figures.journal_unsealed);
    if let Some((no, sealed_at)) = figures.newest_block {
        text.gauge("jinban_journal_block", "Number of the newest block of the journal.", &[], no);
        let age = (now - sealed_at.as_second()).max(0);
        text.gauge("jinban_journal_head_age_seconds", "Age of the newest block of the journal.", &[], age);
    }
}

/// From what Linux tells about this process; none elsewhere.
fn resident_memory() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<i64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests;
