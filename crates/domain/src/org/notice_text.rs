//! The days of a notice as an administrator types them, one line a day or a run of days:
//! `2027-01-01至2027-01-03 放假 元旦`.

use super::workdays::{DayChange, DayMeaning};
use jiff::civil::Date;
use std::fmt;

/// The longest run of days in one line; holidays are shorter.
const LONGEST_RUN: i32 = 31;
/// The most days in one notice.
const MOST_DAYS: usize = 200;

/// A line that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong and how to write it.
    pub why: &'static str,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第 {} 行{}", self.line, self.why)
    }
}

const SHAPE: &str = "看不懂，请写成“日期 放假”或“日期 上班”再加节日名称，例如 2027-01-01 放假 元旦";
const DATE: &str = "的日期看不懂，请写成 2027-01-01，一段日子写成 2027-01-01至2027-01-03";
const RUN: &str = "的日期前后颠倒，或者超过一个月，请核对";
const MEANING: &str = "没有写明“放假”“上班”或“平常”，请在日期后面补上";
const MANY: &str = "起超过了 200 天，请分成几份通知录入";

/// Reads the lines; empty ones are left out.
///
/// # Errors
/// Every line that cannot be understood.
pub fn parse_days(text: &str) -> Result<Vec<DayChange>, Vec<BadLine>> {
    let (mut days, mut bad) = (Vec::new(), Vec::new());
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match parse_line(line) {
            Ok(more) if days.len() + more.len() > MOST_DAYS => {
                bad.push(BadLine { line: n + 1, why: MANY });
                break;
            }
            Ok(more) => days.extend(more),
            Err(why) => bad.push(BadLine { line: n + 1, why }),
        }
    }
    if bad.is_empty() { Ok(days) } else { Err(bad) }
}

/// The line that [`parse_days`] reads as this day.
#[must_use]
pub fn line_of(day: &DayChange) -> String {
    format!("{} {} {}", day.date, day.meaning.label(), day.name).trim_end().to_owned()
}

fn parse_line(line: &str) -> Result<Vec<DayChange>, &'static str> {
    let line = line.trim();
    let (at, meaning) = [DayMeaning::Holiday, DayMeaning::Workday, DayMeaning::Ordinary]
        .into_iter()
        .filter_map(|meaning| line.find(meaning.label()).map(|at| (at, meaning)))
        .min_by_key(|(at, _)| *at)
        .ok_or(if line.starts_with(|c: char| c.is_ascii_digit()) { MEANING } else { SHAPE })?;
    let name = line[at + meaning.label().len()..].trim_matches([' ', '\u{3000}', '：', ':', '，', ',']);
    let dates = line[..at].trim_matches([' ', '\u{3000}', '：', ':', '，', ',']);
    let (from, to) = match dates.split_once(['至', '到', '~', '～', '—']) {
        Some((from, to)) => (date(from)?, date(to.trim_start_matches('—'))?),
        None => (date(dates)?, date(dates)?),
    };
    if !(0..LONGEST_RUN).contains(&(to - from).get_days()) {
        return Err(RUN);
    }
    let run = from.series(jiff::Span::new().days(1)).take_while(|day| *day <= to);
    Ok(run.map(|date| DayChange { date, meaning, name: name.to_owned() }).collect())
}

/// `2027-01-01`, `2027/1/1` or `2027年1月1日`.
fn date(text: &str) -> Result<Date, &'static str> {
    let mut numbers = text.trim().trim_end_matches('日').split(['-', '/', '.', '年', '月']).map(str::trim);
    let mut next = || numbers.next().filter(|n| !n.is_empty() && n.len() <= 4)?.parse::<i16>().ok();
    let (year, month, day) = (next(), next(), next());
    let small = |n: Option<i16>| n.and_then(|n| i8::try_from(n).ok());
    match (year, small(month), small(day), numbers.next()) {
        (Some(year @ 2000..), Some(month), Some(day), None) => Date::new(year, month, day).map_err(|_| DATE),
        _ => Err(DATE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_lines_of_a_notice_become_its_days() {
        let days = parse_days(
            "2027-01-01至2027-01-03 放假 元旦\n\n2027/2/6 上班 春节\n2027年3月2日：平常\n  2027.5.1 放假：劳动节",
        )
        .unwrap();
        let told: Vec<String> = days.iter().map(line_of).collect();
        assert_eq!(
            told,
            [
                "2027-01-01 放假 元旦",
                "2027-01-02 放假 元旦",
                "2027-01-03 放假 元旦",
                "2027-02-06 上班 春节",
                "2027-03-02 平常",
                "2027-05-01 放假 劳动节"
            ]
        );
    }

    #[test]
    fn each_line_that_cannot_be_understood_is_named_with_its_number() {
        let text = "元旦放假\n2027-02-30 放假 春节\n2027-01-03至2027-01-01 放假 元旦\n2027-01-01 元旦\n你好\n1027-01-01 放假 元旦";
        let lines: Vec<String> = parse_days(text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(lines.len(), 6);
        assert!(lines[0].starts_with("第 1 行的日期看不懂"), "{}", lines[0]);
        assert!(lines[1].starts_with("第 2 行的日期看不懂"));
        assert!(lines[2].contains("前后颠倒"));
        assert!(lines[3].contains("没有写明"));
        assert!(lines[4].starts_with("第 5 行看不懂"));
    }

    #[test]
    fn more_days_than_a_notice_has_are_refused() {
        let text = "2027-01-01至2027-01-31 放假 元旦\n".repeat(7);
        assert!(parse_days(&text).unwrap_err()[0].to_string().contains("200"));
    }

    proptest! {
        #[test]
        fn any_text_is_answered_without_a_panic(text in "\\PC{0,40}|[0-9至放假 -]{0,40}") {
            if let Ok(days) = parse_days(&text) {
                let again: Vec<String> = days.iter().map(line_of).collect();
                prop_assert_eq!(parse_days(&again.join("\n")).unwrap().len(), days.len());
            }
        }
    }
}
