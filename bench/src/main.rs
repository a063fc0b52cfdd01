//! Measuring: data like a real city's year, the floors that Jinban is compared with, and the comparison.

mod dice;
mod life;
mod year;

use app::city::City;
use std::time::Instant;
use year::Year;

fn main() -> anyhow::Result<()> {
    let count: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let city = City::embedded()?;
    let year = Year::new(&city, 1, jiff::civil::date(2025, 1, 1), jiff::civil::date(2025, 12, 31));
    let start = Instant::now();
    let mut events = 0;
    for n in 0..count {
        events += year.case(n).map_err(anyhow::Error::msg)?.events.len();
    }
    let seconds = start.elapsed().as_secs_f64();
    eprintln!("{count} cases, {events} events in {seconds:.2} s: {:.0} cases/s", count as f64 / seconds);
    Ok(())
}
