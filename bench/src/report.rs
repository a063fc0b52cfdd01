//! What was measured, as a table for people, as JSON for programs, and as docs/performance.md.

use serde::Serialize;
use std::fmt::Write as _;
use std::path::Path;

/// What a figure has to reach.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The ratio to the floor is at least this.
    RatioAtLeast(f64),
    /// The ratio to the floor is at most this.
    RatioAtMost(f64),
    /// The value is at least this.
    AtLeast(f64),
    /// The value is at most this.
    AtMost(f64),
}

/// One figure.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// How much it was.
    pub value: f64,
    /// Of what.
    pub unit: &'static str,
    /// The same measure of the floor, in the same run.
    pub floor: Option<f64>,
    /// Value by floor.
    pub ratio: Option<f64>,
    /// What it has to reach.
    pub target: Option<String>,
    /// Whether it does.
    #[serde(skip)]
    pub reached: Option<bool>,
}

impl Figure {
    /// A figure without a floor.
    pub fn plain(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, floor: None, ratio: None, target: None, reached: None }
    }

    /// With its floor.
    #[must_use]
    pub fn over(mut self, floor: f64) -> Self {
        self.floor = Some(floor);
        self.ratio = (floor > 0.0).then_some(self.value / floor);
        self
    }

    /// With its target.
    #[must_use]
    pub fn target(mut self, target: Target) -> Self {
        let ratio = self.ratio.unwrap_or(f64::NAN);
        let (text, reached) = match target {
            Target::RatioAtLeast(least) => (format!("ratio ≥ {least}"), ratio >= least),
            Target::RatioAtMost(most) => (format!("ratio ≤ {most}"), ratio <= most),
            Target::AtLeast(least) => (format!("≥ {least}"), self.value >= least),
            Target::AtMost(most) => (format!("≤ {most}"), self.value <= most),
        };
        (self.target, self.reached) = (Some(text), Some(reached));
        self
    }

    fn cells(&self) -> [String; 6] {
        let number = |n: f64| if n.abs() >= 100.0 { format!("{n:.0}") } else { format!("{n:.2}") };
        [
            self.name.clone(),
            format!("{} {}", number(self.value), self.unit),
            self.floor.map(number).unwrap_or_default(),
            self.ratio.map(number).unwrap_or_default(),
            self.target.clone().unwrap_or_default(),
            self.reached.map_or("", |yes| if yes { "yes" } else { "NO" }).to_owned(),
        ]
    }
}

/// The table, as Markdown: readable on a terminal too.
#[must_use]
pub fn table(figures: &[Figure]) -> String {
    let head = ["measured", "value", "floor", "ratio", "target", "reached"].map(str::to_owned);
    let rows: Vec<[String; 6]> = figures.iter().map(Figure::cells).collect();
    let width =
        |at: usize| rows.iter().chain([&head]).map(|row| row[at].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..6).map(width).collect();
    let mut text = String::new();
    let mut line = |cells: &[String; 6]| {
        for (cell, width) in cells.iter().zip(&widths) {
            let _ = write!(text, "| {cell:width$} ");
        }
        text.push_str("|\n");
    };
    line(&head);
    line(&std::array::from_fn(|at| "-".repeat(widths[at])));
    rows.iter().for_each(line);
    text
}

/// Writes the figures as JSON.
///
/// # Errors
/// When the file cannot be written.
pub fn json(figures: &[Figure], file: &Path) -> anyhow::Result<()> {
    Ok(std::fs::write(file, serde_json::to_vec_pretty(figures)?)?)
}

/// Puts the table between the marks of docs/performance.md; what people wrote around it stays.
///
/// # Errors
/// When the file has no marks or cannot be written.
pub fn document(file: &Path, said: &str, figures: &[Figure]) -> anyhow::Result<()> {
    const BEGIN: &str = "<!-- measured: begin -->";
    const END: &str = "<!-- measured: end -->";
    let text = std::fs::read_to_string(file)?;
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = parts else { anyhow::bail!("{} has no marks", file.display()) };
    let table = table(figures);
    Ok(std::fs::write(file, format!("{before}{BEGIN}\n{said}\n\n{table}{END}{after}"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_reaches_its_target_or_says_that_it_does_not() {
        let figure = Figure::plain("pages", 60.0, "per s").over(100.0);
        assert_eq!(figure.clone().target(Target::RatioAtLeast(0.5)).reached, Some(true));
        assert_eq!(figure.clone().target(Target::RatioAtLeast(0.7)).reached, Some(false));
        assert_eq!(figure.target(Target::AtMost(59.0)).reached, Some(false));
        let lost = Figure::plain("pages", 1.0, "per s").over(0.0).target(Target::RatioAtLeast(0.0));
        assert_eq!(lost.reached, Some(false), "a floor of nothing proves nothing");
    }

    #[test]
    fn the_table_stands_between_its_marks_and_nothing_else_changes() {
        let file = std::env::temp_dir().join(format!("jinban-report-{}.md", std::process::id()));
        std::fs::write(&file, "above\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nbelow\n")
            .unwrap();
        document(&file, "said", &[Figure::plain("x", 1.0, "s")]).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("above\n") && text.ends_with("below\n"), "{text}");
        assert!(text.contains("| x ") && !text.contains("old"), "{text}");
        std::fs::remove_file(&file).unwrap();
    }
}
