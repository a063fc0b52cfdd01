//! When the halls are open (附件3第十四条: 工作日9:00—12:00，13:00—17:00), said for this minute.

use domain::kernel::time::{WorkCalendar, legal_day};
use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp};

/// The hours as the city's rules print them.
pub(super) const PRINTED: &str = "工作日 9:00—12:00、13:00—17:00";

/// Minutes after midnight at which the halls open and close.
const OPENINGS: [(i64, i64); 2] = [(9 * 60, 12 * 60), (13 * 60, 17 * 60)];

/// What somebody who wants to come now should know.
pub(super) fn now_in_words(calendar: &WorkCalendar, now: Timestamp) -> String {
    let today = legal_day(now);
    if calendar.is_beyond(today) {
        return format!("{} 年的放假安排还没有录入，去之前请先打 12345 问清楚", today.year());
    }
    if !calendar.is_working(today) {
        let why = calendar.holiday_name(today).map(|name| format!("（{name}）")).unwrap_or_default();
        return format!("今天休息{why}，{}开门", day_in_words(calendar.next_working(today), today));
    }
    let start = domain::kernel::time::day_start(today);
    let minute = now.duration_since(start).as_mins();
    match OPENINGS.iter().find(|(_, closes)| minute < *closes) {
        Some((opens, closes)) if minute >= *opens => format!("现在是办公时间，{} 结束", clock(*closes)),
        Some((opens, _)) if *opens == OPENINGS[0].0 => format!("还没到办公时间，今天 {} 开始", clock(*opens)),
        Some((opens, _)) => format!("午间休息，{} 继续办理", clock(*opens)),
        None => {
            let next = calendar.add_working(today, 1);
            format!("今天的办公时间已经结束，{}开门", day_in_words(next, today))
        }
    }
}

fn clock(minute: i64) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}

/// A coming day with its distance: 明天（11 月 24 日，周二）9:00.
fn day_in_words(day: Date, today: Date) -> String {
    let far = today.duration_until(day).as_hours() / SignedDuration::from_hours(24).as_hours();
    let word = match far {
        1 => "明天".to_owned(),
        2 => "后天".to_owned(),
        days => format!("{days} 天后"),
    };
    format!(
        "{word}（{} 月 {} 日，{}）{} ",
        day.month(),
        day.day(),
        weekday(day.weekday()),
        clock(OPENINGS[0].0)
    )
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::City;

    #[test]
    fn the_hours_are_those_of_article_14() {
        let city = City::embedded().unwrap();
        let rule = city.management_rules.iter().find(|rule| rule.article == 14).unwrap();
        for (opens, closes) in OPENINGS {
            for minute in [opens, closes] {
                assert!(rule.text.contains(&clock(minute)), "{} is not in {}", clock(minute), rule.text);
                assert!(PRINTED.contains(&clock(minute)));
            }
        }
    }

    #[test]
    fn each_minute_of_a_day_is_told_truly() {
        let calendar = City::embedded().unwrap().calendar;
        let at = |instant: &str| now_in_words(&calendar, instant.parse().unwrap());
        assert_eq!(at("2026-03-02T00:59:59Z"), "还没到办公时间，今天 9:00 开始");
        assert_eq!(at("2026-03-02T01:00:00Z"), "现在是办公时间，12:00 结束");
        assert_eq!(at("2026-03-02T04:00:00Z"), "午间休息，13:00 继续办理");
        assert_eq!(at("2026-03-02T05:00:00Z"), "现在是办公时间，17:00 结束");
        assert_eq!(at("2026-03-02T09:00:00Z"), "今天的办公时间已经结束，明天（3 月 3 日，周二）9:00 开门");
        assert_eq!(at("2026-03-06T09:00:00Z"), "今天的办公时间已经结束，3 天后（3 月 9 日，周一）9:00 开门");
    }

    #[test]
    fn days_off_name_the_holiday_and_the_next_working_day() {
        let calendar = City::embedded().unwrap().calendar;
        let at = |instant: &str| now_in_words(&calendar, instant.parse().unwrap());
        assert_eq!(at("2026-02-17T02:00:00Z"), "今天休息（春节），7 天后（2 月 24 日，周二）9:00 开门");
        assert_eq!(at("2026-03-07T02:00:00Z"), "今天休息，后天（3 月 9 日，周一）9:00 开门");
        assert_eq!(at("2026-02-28T02:00:00Z"), "现在是办公时间，12:00 结束", "a Saturday that is worked");
        assert!(at("2027-03-02T02:00:00Z").contains("还没有录入"));
    }
}
