//! The clock against the published calendars of 2018–2026.

use super::*;
use jiff::civil::date;
use proptest::prelude::*;
use std::sync::LazyLock;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The reference calendar, read once.
fn china() -> &'static WorkCalendar {
    static CHINA: LazyLock<WorkCalendar> = LazyLock::new(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/workdays.csv");
        let mut reader = csv::Reader::from_path(path).unwrap();
        WorkCalendar::new(reader.deserialize::<CalendarRow>().map(Result::unwrap))
    });
    &CHINA
}

#[test]
fn working_days_end_where_the_published_calendar_says() {
    let cal = china();
    for (accepted, promised, due) in [
        ("2018-09-28", 5, "2018-10-10"),
        ("2018-12-28", 1, "2018-12-29"),
        ("2020-01-23", 1, "2020-02-03"),
        ("2024-02-08", 5, "2024-02-21"),
        ("2025-01-24", 3, "2025-02-05"),
        ("2025-09-28", 20, "2025-10-31"),
        ("2026-02-12", 5, "2026-02-26"),
        ("2026-02-13", 20, "2026-03-19"),
        ("2026-04-30", 3, "2026-05-08"),
        ("2026-09-18", 20, "2026-10-22"),
        ("2026-09-30", 5, "2026-10-13"),
    ] {
        let clock = LegalClock::new(day(accepted), Days::Working(promised));
        let expected = Due { date: day(due), beyond_calendar: false };
        assert_eq!(clock.due(cal), Some(expected), "{accepted} + {promised}");
        assert_eq!(cal.add_working(day(accepted), promised), day(due));
        assert_eq!(cal.working_between(day(accepted), day(due)), u32::from(promised));
        assert_eq!(clock.left(day(due), cal), 0);
        assert_eq!(clock.left(day(accepted), cal), i32::from(promised));
    }
}

#[test]
fn a_special_procedure_moves_the_due_day_by_the_days_it_took() {
    let cal = china();
    let mut clock = LegalClock::new(day("2026-03-02"), Days::Working(10));
    assert_eq!(clock.due(cal).unwrap().date, day("2026-03-16"));
    clock.stops.push(Stop { from: day("2026-03-05"), until: Some(day("2026-03-12")) });
    assert_eq!(clock.due(cal).unwrap().date, day("2026-03-23"));
    assert_eq!(clock.used(day("2026-03-04"), cal), 2);
    assert_eq!(clock.used(day("2026-03-11"), cal), 2);
    assert_eq!(clock.used(day("2026-03-12"), cal), 3);
    assert!(!clock.is_running(day("2026-03-05")) && !clock.is_running(day("2026-03-11")));
    assert!(clock.is_running(day("2026-03-12")));
}

#[test]
fn each_year_has_the_published_number_of_working_days() {
    let cal = china();
    for (year, days) in [
        (2018, 250),
        (2019, 250),
        (2020, 249),
        (2021, 250),
        (2022, 249),
        (2023, 249),
        (2024, 251),
        (2025, 248),
        (2026, 248),
    ] {
        assert_eq!(cal.working_between(date(year - 1, 12, 31), date(year, 12, 31)), days, "{year}");
    }
}

#[test]
fn a_date_after_the_last_notice_is_marked() {
    let cal = china();
    assert_eq!(cal.known_until(), Some(2026));
    let clock = LegalClock::new(day("2026-12-30"), Days::Working(5));
    assert!(clock.due(cal).unwrap().beyond_calendar);
    assert!(WorkCalendar::default().is_beyond(day("2018-01-01")));
}

#[test]
fn natural_days_that_end_on_a_day_off_end_on_the_next_working_day() {
    let cal = china();
    // The 30th natural day after 2026-09-01 is 10-01; the holiday lasts to 10-07.
    assert_eq!(
        LegalClock::new(day("2026-09-01"), Days::Natural(30)).due(cal).unwrap().date,
        day("2026-10-08")
    );
    // A Saturday on which people work is a proper last day.
    assert_eq!(
        LegalClock::new(day("2026-10-05"), Days::Natural(5)).due(cal).unwrap().date,
        day("2026-10-10")
    );
    let clock = LegalClock::new(day("2026-09-01"), Days::Natural(30));
    assert_eq!(clock.left(day("2026-10-05"), cal), 0);
    assert!(!clock.is_over(day("2026-10-08"), cal));
    assert_eq!(clock.left(day("2026-10-09"), cal), -1);
}

#[test]
fn a_clock_that_stands_has_no_due_day_and_loses_none() {
    let cal = china();
    let mut clock = LegalClock::new(day("2026-03-02"), Days::Working(10));
    clock.stops.push(Stop { from: day("2026-03-05"), until: None });
    assert_eq!(clock.due(cal), None);
    assert_eq!(clock.left(day("2026-03-04"), cal), 8);
    assert_eq!(clock.left(day("2026-06-04"), cal), 8);
    assert!(!clock.is_over(day("2030-01-01"), cal));
    assert_eq!(clock.due_if_resumed_after(day("2026-03-11"), cal).date, day("2026-03-23"));
    // A stop that opens only after the last day changes nothing.
    clock.stops = vec![Stop { from: day("2026-03-17"), until: None }];
    assert_eq!(clock.due(cal).unwrap().date, day("2026-03-16"));
}

#[test]
fn an_extension_follows_the_allowance() {
    let cal = china();
    let mut clock = LegalClock::new(day("2026-02-13"), Days::Working(20));
    clock.extension = Some(Days::Working(10));
    assert_eq!(clock.due(cal).unwrap().date, cal.add_working(day("2026-02-13"), 30));
    assert_eq!(clock.left(day("2026-03-19"), cal), 10);
    assert_eq!(clock.left(day("2026-04-02"), cal), 0);
    clock.extension = Some(Days::Natural(2));
    // 20 working days end on Thursday 03-19; two natural days later is Saturday 03-21, so Monday 03-23.
    assert_eq!(clock.due(cal).unwrap().date, day("2026-03-23"));
    assert_eq!(clock.left(day("2026-03-20"), cal), 1);
}

#[test]
fn silence_for_five_working_days_accepts_from_the_day_of_receipt() {
    let cal = china();
    let received = day("2026-09-30");
    assert_eq!(notice_due(received, cal).date, day("2026-10-13"));
    assert_eq!(deemed_accepted(received, day("2026-10-13"), cal), None);
    assert_eq!(deemed_accepted(received, day("2026-10-14"), cal), Some(received));
}

#[test]
fn a_legal_day_begins_at_midnight_in_shanghai() {
    assert_eq!(legal_day("2026-03-01T15:59:59Z".parse().unwrap()), day("2026-03-01"));
    assert_eq!(legal_day("2026-03-01T16:00:00Z".parse().unwrap()), day("2026-03-02"));
    assert_eq!(day_start(day("2026-03-02")), "2026-03-01T16:00:00Z".parse().unwrap());
    assert_eq!(legal_day(day_start(day("2026-03-02"))), day("2026-03-02"));
}

#[test]
fn a_clock_is_stored_in_words() {
    let clock = LegalClock::new(day("2026-03-02"), Days::Working(10));
    let json = serde_json::to_string(&clock).unwrap();
    assert!(json.contains(r#""allowance":{"unit":"working","n":10}"#), "{json}");
    assert_eq!(serde_json::from_str::<LegalClock>(&json).unwrap(), clock);
}

fn any_day() -> impl Strategy<Value = Date> {
    (0i32..700).prop_map(|n| date(2024, 6, 1).checked_add(jiff::Span::new().days(n)).unwrap())
}

fn any_days() -> impl Strategy<Value = Days> {
    prop_oneof![(0u16..40).prop_map(Days::Working), (0u16..60).prop_map(Days::Natural)]
}

fn any_stop() -> impl Strategy<Value = Stop> {
    (any_day(), 0i32..30)
        .prop_map(|(from, n)| Stop { from, until: Some(from.saturating_add(jiff::Span::new().days(n))) })
}

prop_compose! {
    fn any_clock()(started in any_day(), allowance in any_days(), extension in prop::option::of(any_days()),
        stops in prop::collection::vec(any_stop(), 0..5)) -> LegalClock {
        LegalClock { started, allowance, stops, extension }
    }
}

#[test]
fn the_wall_clock_of_shanghai_is_read_and_set_without_a_file_of_time_zones() {
    let instant: jiff::Timestamp = "2026-03-01T16:00:05Z".parse().unwrap();
    let shown = super::wall_clock(instant);
    assert_eq!(shown.to_string(), "2026-03-02T00:00:05");
    assert_eq!(super::instant_of(shown), instant);
    assert_eq!(super::day_start(shown.date()), "2026-03-01T16:00:00Z".parse().unwrap());
    assert_eq!(super::instant_of(jiff::civil::DateTime::MAX), jiff::Timestamp::MAX);
}

proptest! {
    #[test]
    fn a_suspension_never_shortens_what_is_left(clock in any_clock(), stop in any_stop(), at in any_day()) {
        let cal = china();
        let mut longer = clock.clone();
        longer.stops.push(stop);
        prop_assert!(longer.due(cal) >= clock.due(cal));
        prop_assert!(longer.left(at, cal) >= clock.left(at, cal));
        prop_assert!(longer.used(at, cal) <= clock.used(at, cal));
    }

    #[test]
    fn splitting_a_suspension_changes_nothing(clock in any_clock(), stop in any_stop(), cut in 0i32..30, at in any_day()) {
        let cal = china();
        let until = stop.until.unwrap();
        let middle = stop.from.saturating_add(jiff::Span::new().days(cut)).min(until);
        let mut whole = clock.clone();
        whole.stops.push(stop);
        let mut halves = clock;
        halves.stops.push(Stop { from: middle, until: Some(until) });
        halves.stops.push(Stop { from: stop.from, until: Some(middle) });
        prop_assert_eq!(whole.due(cal), halves.due(cal));
        prop_assert_eq!(whole.left(at, cal), halves.left(at, cal));
    }

    #[test]
    fn the_order_of_stops_does_not_matter(clock in any_clock(), at in any_day()) {
        let cal = china();
        let mut backwards = clock.clone();
        backwards.stops.reverse();
        prop_assert_eq!(clock.due(cal), backwards.due(cal));
        prop_assert_eq!(clock.left(at, cal), backwards.left(at, cal));
    }

    #[test]
    fn a_due_day_is_worked_and_runs(clock in any_clock()) {
        prop_assume!(clock.allowance.number() > 0);
        let cal = china();
        let due = clock.due(cal).unwrap().date;
        prop_assert!(cal.is_working(due) && clock.is_running(due) && due > clock.started);
        prop_assert_eq!(clock.left(due, cal), 0);
        prop_assert!(!clock.is_over(due, cal) && clock.is_over(due.tomorrow().unwrap(), cal));
    }

    #[test]
    fn used_and_left_make_the_allowance(clock in any_clock(), at in any_day()) {
        prop_assume!(clock.extension.is_none() && clock.allowance.is_working());
        let cal = china();
        let total = i32::from(clock.allowance.number());
        let used = i32::try_from(clock.used(at, cal)).unwrap();
        prop_assert_eq!(clock.left(at, cal), total - used);
    }
}
