//! Notices about working days: what counts, what is refused, and what they do to due days.

use super::*;
use crate::kernel::time::{CalendarRow, DayKind, WorkCalendar};
use jiff::Timestamp;
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 3, 2);

fn at() -> Timestamp {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

fn enter(text: &str) -> WorkdaysCommand {
    WorkdaysCommand::Enter {
        source: "国办发明电〔2026〕2 号".into(),
        issued_on: TODAY,
        days: parse_days(text).unwrap(),
    }
}

fn after(book: Workdays, command: &WorkdaysCommand) -> Workdays {
    let events = book.decide(command, at(), TODAY).unwrap();
    events.iter().fold(book, Workdays::apply)
}

fn refused(command: &WorkdaysCommand) -> Vec<WorkdaysRefusal> {
    Workdays::default().decide(command, at(), TODAY).unwrap_err()
}

fn base() -> WorkCalendar {
    let off = |date, name: &str| CalendarRow { date, kind: DayKind::Holiday, name: name.into() };
    WorkCalendar::new([off(date(2026, 5, 1), "劳动节"), off(date(2026, 10, 1), "国庆节")])
}

#[test]
fn the_later_notice_counts_and_withdrawing_it_brings_the_earlier_back() {
    let monday = date(2026, 5, 4);
    let first = after(Workdays::default(), &enter("2026-05-04 放假 劳动节"));
    let second = after(first, &enter("2026-05-04 平常\n2026-05-09 上班 劳动节"));
    assert!(second.over(&base()).is_working(monday));
    assert!(second.over(&base()).is_working(date(2026, 5, 9)));
    assert_eq!(second.about(monday).map(|notice| notice.no), Some(2));
    let back = after(second, &WorkdaysCommand::Withdraw { no: 2, reason: "录错".into() });
    assert!(!back.over(&base()).is_working(monday));
    assert!(!back.over(&base()).is_working(date(2026, 5, 9)));
    assert_eq!(back.about(monday).map(|notice| notice.no), Some(1));
    assert_eq!(back.about(date(2026, 5, 9)), None);
}

#[test]
fn an_ordinary_day_undoes_what_the_base_data_say() {
    let book = after(Workdays::default(), &enter("2026-05-01 平常"));
    assert!(book.over(&base()).is_working(date(2026, 5, 1)));
    assert_eq!(book.over(&base()).deviation(date(2026, 5, 1)), None);
}

#[test]
fn a_notice_with_the_national_day_of_a_year_makes_that_year_known() {
    let before = base();
    assert_eq!(before.known_until(), Some(2026));
    let book = after(Workdays::default(), &enter("2027-10-01至2027-10-07 放假 国庆节"));
    assert_eq!(book.over(&before).known_until(), Some(2027));
    let partly = after(Workdays::default(), &enter("2027-01-01 放假 元旦"));
    assert_eq!(partly.over(&before).known_until(), Some(2026), "one row proves nothing");
}

#[test]
fn a_notice_without_source_days_or_names_is_refused_with_every_reason() {
    let command = WorkdaysCommand::Enter {
        source: " ".into(),
        issued_on: date(2026, 3, 3),
        days: parse_days("2026-05-01 放假\n2026-05-01 上班 劳动节\n2016-05-01 放假 劳动节").unwrap(),
    };
    assert_eq!(
        refused(&command),
        [
            WorkdaysRefusal::SourceMissing,
            WorkdaysRefusal::IssuedInFuture,
            WorkdaysRefusal::NameMissing(date(2026, 5, 1)),
            WorkdaysRefusal::Twice(date(2026, 5, 1)),
            WorkdaysRefusal::FarAway(date(2016, 5, 1)),
        ]
    );
    let empty = WorkdaysCommand::Enter { source: "x".into(), issued_on: TODAY, days: vec![] };
    assert_eq!(refused(&empty), [WorkdaysRefusal::NoDays]);
}

#[test]
fn only_a_notice_that_counts_is_withdrawn_and_only_with_a_reason() {
    let withdraw = |no, reason: &str| WorkdaysCommand::Withdraw { no, reason: reason.into() };
    assert_eq!(refused(&withdraw(1, "录错")), [WorkdaysRefusal::NoSuchNotice]);
    let book = after(Workdays::default(), &enter("2026-05-04 放假 劳动节"));
    assert_eq!(book.decide(&withdraw(1, ""), at(), TODAY), Err(vec![WorkdaysRefusal::ReasonMissing]));
    let book = after(book, &withdraw(1, "录错"));
    assert_eq!(book.decide(&withdraw(1, "录错"), at(), TODAY), Err(vec![WorkdaysRefusal::NoSuchNotice]));
}

#[test]
fn events_and_notices_survive_being_stored() {
    let book = after(Workdays::default(), &enter("2026-05-04 放假 劳动节\n2026-05-05 平常"));
    let withdraw = WorkdaysCommand::Withdraw { no: 1, reason: "录错".into() };
    let events = [
        Workdays::default().decide(&enter("2026-05-04 放假 劳动节"), at(), TODAY).unwrap(),
        book.decide(&withdraw, at(), TODAY).unwrap(),
    ]
    .concat();
    for event in events {
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<WorkdaysEvent>(&json).unwrap(), event, "{json}");
    }
    let json = serde_json::to_string(&book).unwrap();
    assert_eq!(serde_json::from_str::<Workdays>(&json).unwrap(), book);
}
