//! A year of working days, month by month, for a table that reads the same with eyes and with a screen reader.

use domain::kernel::time::{DayKind, WorkCalendar};
use domain::org::Workdays;
use jiff::civil::{Date, date};

/// One month.
pub(super) struct Month {
    /// `5 月`.
    pub name: String,
    /// Weeks from Monday to Sunday; a place outside the month is empty.
    pub weeks: Vec<Vec<Option<Day>>>,
}

/// One day.
pub(super) struct Day {
    /// Its number in the month.
    pub number: i8,
    /// ISO 8601, for the address of the form.
    pub date: String,
    /// 休, 班 or nothing for an ordinary day.
    pub mark: &'static str,
    /// What it is in words.
    pub words: String,
    /// The class that colours it.
    pub class: &'static str,
}

/// The months of a year.
pub(super) fn months(calendar: &WorkCalendar, notices: &Workdays, year: i16, today: Date) -> Vec<Month> {
    (1..=12).map(|month| one(calendar, notices, date(year, month, 1), today)).collect()
}

fn one(calendar: &WorkCalendar, notices: &Workdays, first: Date, today: Date) -> Month {
    let before = first.weekday().to_monday_zero_offset();
    let mut places: Vec<Option<Day>> = (0..before).map(|_| None).collect();
    for number in 1..=first.days_in_month() {
        places.push(Some(day(calendar, notices, date(first.year(), first.month(), number), today)));
    }
    while !places.len().is_multiple_of(7) {
        places.push(None);
    }
    let mut weeks = Vec::new();
    while !places.is_empty() {
        weeks.push(places.drain(..7).collect());
    }
    Month { name: format!("{} 月", first.month()), weeks }
}

fn day(calendar: &WorkCalendar, notices: &Workdays, date: Date, today: Date) -> Day {
    let working = calendar.is_working(date);
    let (mark, what) = match calendar.deviation(date) {
        Some((DayKind::Holiday, name)) => ("休", format!("放假（{name}）")),
        Some((DayKind::Workday, name)) => ("班", format!("上班（{name}调休）")),
        None if working => ("", "上班".to_owned()),
        None => ("", "休息".to_owned()),
    };
    let now = if date == today { "今天，" } else { "" };
    let source = notices.about(date).map(|notice| format!("，依据{}", notice.source)).unwrap_or_default();
    Day {
        number: date.day(),
        date: date.to_string(),
        mark,
        words: format!("{now}{what}{source}"),
        class: match (mark, working, date == today) {
            (_, _, true) => "is-today",
            ("休", ..) => "is-off",
            ("班", ..) => "is-worked",
            (_, false, _) => "is-weekend",
            _ => "",
        },
    }
}

/// How many days of a year are worked and how many are off.
pub(super) fn totals(calendar: &WorkCalendar, year: i16) -> (u32, u32) {
    let eve = date(year - 1, 12, 31);
    let worked = calendar.working_between(eve, date(year, 12, 31));
    let all = if date(year, 1, 1).in_leap_year() { 366 } else { 365 };
    (worked, all - worked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::City;

    #[test]
    fn the_year_2026_reads_as_the_notice_of_the_state_council_says() {
        let calendar = City::embedded().unwrap().calendar;
        let months = months(&calendar, &Workdays::default(), 2026, date(2026, 3, 2));
        assert_eq!(months.len(), 12);
        let days: Vec<&Day> =
            months.iter().flat_map(|month| &month.weeks).flatten().filter_map(Option::as_ref).collect();
        assert_eq!(days.len(), 365);
        let at = |date: &str| *days.iter().find(|day| day.date == date).unwrap();
        assert_eq!(at("2026-02-17").mark, "休");
        assert!(at("2026-02-17").words.contains("春节"));
        assert_eq!((at("2026-02-28").mark, at("2026-02-28").class), ("班", "is-worked"));
        assert_eq!(at("2026-03-02").class, "is-today");
        assert!(at("2026-03-02").words.starts_with("今天，上班"));
        assert_eq!(at("2026-03-07").class, "is-weekend");
        let (worked, off) = totals(&calendar, 2026);
        assert_eq!((worked + off, worked), (365, 248));
    }

    #[test]
    fn every_month_begins_on_its_day_of_the_week() {
        let calendar = City::embedded().unwrap().calendar;
        for month in months(&calendar, &Workdays::default(), 2027, date(2026, 3, 2)) {
            assert!(month.weeks.iter().all(|week| week.len() == 7));
            let first = month.weeks[0].iter().position(Option::is_some).unwrap();
            let day = month.weeks[0][first].as_ref().unwrap();
            let date: Date = day.date.parse().unwrap();
            assert_eq!(usize::try_from(date.weekday().to_monday_zero_offset()).unwrap(), first);
        }
    }
}
