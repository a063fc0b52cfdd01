//! The text format of Prometheus: each metric is introduced once, whatever the order in which its series come.

use std::collections::HashSet;
use std::fmt::{Display, Write as _};
use store::meter::Spread;

/// The labels of one series.
pub(super) type Labels<'a> = [(&'a str, &'a str)];

/// The page while it is being written. Series of one metric must come together.
#[derive(Default)]
pub(super) struct Text {
    out: String,
    introduced: HashSet<String>,
}

impl Text {
    /// A value that goes up and down.
    pub(super) fn gauge(&mut self, name: &str, help: &str, labels: &Labels<'_>, value: i64) {
        self.introduce(name, help, "gauge");
        self.series(name, labels, value);
    }

    /// A value that only rises until the node starts anew.
    pub(super) fn counter(&mut self, name: &str, help: &str, labels: &Labels<'_>, value: u64) {
        self.introduce(name, help, "counter");
        self.series(name, labels, value);
    }

    /// How values are spread; they were counted in units of which `unit` make the metric's own (1,000,000 for
    /// microseconds shown as seconds).
    pub(super) fn histogram(
        &mut self,
        name: &str,
        help: &str,
        labels: &Labels<'_>,
        spread: &Spread,
        unit: u32,
    ) {
        self.introduce(name, help, "histogram");
        let unit = f64::from(unit);
        let mut below = 0;
        let bounds = spread.bounds.iter().map(|bound| (*bound as f64 / unit).to_string());
        for (bound, count) in bounds.chain(["+Inf".to_owned()]).zip(&spread.counts) {
            below += count;
            let mut labels = labels.to_vec();
            labels.push(("le", &bound));
            self.series(&format!("{name}_bucket"), &labels, below);
        }
        self.series(&format!("{name}_sum"), labels, spread.sum as f64 / unit);
        self.series(&format!("{name}_count"), labels, below);
    }

    /// The whole page.
    pub(super) fn end(self) -> String {
        self.out
    }

    fn introduce(&mut self, name: &str, help: &str, kind: &str) {
        if self.introduced.insert(name.to_owned()) {
            let _ = writeln!(self.out, "# HELP {name} {help}\n# TYPE {name} {kind}");
        }
    }

    fn series(&mut self, name: &str, labels: &Labels<'_>, value: impl Display) {
        self.out.push_str(name);
        for (n, (label, of)) in labels.iter().enumerate() {
            let of = of.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let open = if n == 0 { '{' } else { ',' };
            let _ = write!(self.out, "{open}{label}=\"{of}\"");
        }
        let close = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.out, "{close} {value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_introduced_once_and_its_buckets_add_up() {
        let mut text = Text::default();
        let spread = Spread { bounds: &[1_000, 5_000_000], counts: vec![2, 1, 1], sum: 9_500_000 };
        text.histogram("wait_seconds", "How long.", &[("route", "/a\"b")], &spread, 1_000_000);
        text.gauge("depth", "How many.", &[], 3);
        text.gauge("depth", "How many.", &[("state", "x")], 4);
        let expected = "\
# HELP wait_seconds How long.
# TYPE wait_seconds histogram
wait_seconds_bucket{route=\"/a\\\"b\",le=\"0.001\"} 2
wait_seconds_bucket{route=\"/a\\\"b\",le=\"5\"} 3
wait_seconds_bucket{route=\"/a\\\"b\",le=\"+Inf\"} 4
wait_seconds_sum{route=\"/a\\\"b\"} 9.5
wait_seconds_count{route=\"/a\\\"b\"} 4
# HELP depth How many.
# TYPE depth gauge
depth 3
depth{state=\"x\"} 4
";
        assert_eq!(text.end(), expected);
    }
}
