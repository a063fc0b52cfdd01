//! The light of a case 期限灯: how near its day is, by shape, colour and words.

use domain::cases::Status;
use domain::kernel::time::WorkCalendar;
use jiff::civil::Date;
use ui::{Light, LightState};

use super::Nearness;

/// The light of the day people work against; without one, why none runs.
#[must_use]
pub fn light(due: Option<Date>, status: Status, today: Date, calendar: &WorkCalendar) -> Light {
    let Some(due) = due else { return Light::new(LightState::Stopped, standing(status)) };
    let near = Nearness::of(due, today, calendar);
    match near {
        Nearness::Late => {
            let days = calendar.working_between(due, today);
            // On the weekend after its day it is late by no working day yet.
            let words =
                if days == 0 { "已超期".to_owned() } else { format!("超期 {days} 个工作日") };
            Light::new(LightState::Overdue, words)
        }
        Nearness::Today => Light::new(LightState::Warning, "今天到期"),
        near => {
            let days = calendar.working_between(today, due);
            let state = if near == Nearness::Soon { LightState::Warning } else { LightState::OnTime };
            Light::new(state, format!("剩 {days} 个工作日"))
        }
    }
}

const fn standing(status: Status) -> &'static str {
    match status {
        Status::Suspended => "特别程序，暂停计时",
        Status::Correcting => "等申请人补正，不计时",
        status if status.is_closed() => "已经结束，不再计时",
        _ => "没有期限",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_light_says_in_words_how_many_working_days_are_left_or_why_none_runs() {
        let calendar = WorkCalendar::new([]);
        let today = Date::constant(2026, 3, 2);
        let words = |due: Option<&str>, status| {
            light(due.map(|day| day.parse().unwrap()), status, today, &calendar).to_string()
        };
        let review = |due| words(Some(due), Status::InReview);
        assert!(review("2026-02-27").contains("超期 1 个工作日"), "{}", review("2026-02-27"));
        assert!(review("2026-03-02").contains("今天到期"));
        assert!(review("2026-03-05").contains("剩 3 个工作日") && review("2026-03-05").contains("amber"));
        assert!(review("2026-03-16").contains("剩 10 个工作日") && review("2026-03-16").contains("green"));
        assert!(words(None, Status::Suspended).contains("暂停计时"));
        assert!(words(None, Status::Delivered).contains("不再计时"));
    }
}
