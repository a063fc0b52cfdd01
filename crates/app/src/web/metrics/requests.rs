//! Requests by method, route pattern and outcome, and how long they took.

use super::text::Text;
use axum::http::Method;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use store::meter::Histogram;

/// Upper bounds of latencies in microseconds: from a cached file to the time limit.
const LATENCIES: &[u64] = &[
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000,
    30_000_000,
];
/// The classes of answers, by the first digit of the status.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// What was asked of this node since it started.
#[derive(Default)]
pub struct Requests {
    routes: RwLock<BTreeMap<(String, &'static str), Arc<Route>>>,
    under_way: AtomicI64,
}

struct Route {
    answers: [AtomicU64; CLASSES.len()],
    took: Histogram,
}

/// A request under way; it is counted as such until this is dropped, even when its caller goes away.
pub struct UnderWay<'a>(&'a Requests);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Requests {
    /// Notes that a request has begun.
    pub fn begin(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(self)
    }

    /// How many are under way.
    pub fn under_way(&self) -> i64 {
        self.under_way.load(Ordering::Relaxed)
    }

    /// Notes an answer. `route` is the pattern (`/cases/{id}`), never the path.
    pub fn ended(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let route = self.route(route, method_name(method));
        let class = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
        route.answers[class].fetch_add(1, Ordering::Relaxed);
        route.took.observe(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    fn route(&self, route: &str, method: &'static str) -> Arc<Route> {
        let key = (route.to_owned(), method);
        if let Some(found) = self.routes.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(found);
        }
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Route { answers: Default::default(), took: Histogram::new(LATENCIES) });
        Arc::clone(routes.entry(key).or_insert_with(new))
    }

    pub(super) fn write(&self, text: &mut Text) {
        text.gauge("jinban_http_requests_under_way", "Requests being answered now.", &[], self.under_way());
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        for ((route, method), seen) in routes.iter() {
            for (class, answers) in CLASSES.iter().zip(&seen.answers) {
                let count = answers.load(Ordering::Relaxed);
                if count > 0 {
                    let labels = [("method", *method), ("route", route.as_str()), ("status", *class)];
                    text.counter("jinban_http_requests_total", "Requests answered.", &labels, count);
                }
            }
        }
        for ((route, method), seen) in routes.iter() {
            let labels = [("method", *method), ("route", route.as_str())];
            let help = "How long requests took.";
            text.histogram("jinban_http_request_seconds", help, &labels, &seen.took.read(), 1_000_000);
        }
    }
}

/// A method by name; what a stranger invents is one name, so that nobody can fill the memory with new ones.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "OTHER",
    }
}
