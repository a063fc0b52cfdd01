//! A city's year of cases: which item, at which hall, on which day; the same for the same seed.

use crate::dice::Dice;
use crate::life::{Life, World, live};
use app::city::City;
use domain::cases::{Places, Terms, terms_of};
use domain::kernel::time::{WorkCalendar, day_start};
use domain::kernel::{CitizenId, OrgId};
use domain::org::{Level, RegionCode};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// An item at a hall.
struct Offer {
    accepting: OrgId,
    terms: Terms,
}

/// The year of a city.
pub struct Year<'a> {
    city: &'a City,
    calendar: &'a WorkCalendar,
    days: Vec<Date>,
    halls: Vec<(OrgId, RegionCode)>,
    people: &'a [CitizenId],
    seed: u64,
    now: Timestamp,
}

impl<'a> Year<'a> {
    /// The cases that these people hand in from `first` to `last`, both included.
    pub fn new(city: &'a City, seed: u64, first: Date, last: Date, people: &'a [CitizenId]) -> Self {
        let calendar = &city.calendar;
        let days = first.series(jiff::ToSpan::days(1)).take_while(|day| *day <= last);
        let days = days.filter(|day| calendar.is_working(*day)).collect();
        // A town's hall takes ten times as many as a village's: it stands in the list ten times.
        let halls = city.halls().flat_map(|hall| {
            let times = if hall.level == Level::Village { 1 } else { 10 };
            std::iter::repeat_n((hall.id, hall.region.clone()), times)
        });
        let now = day_start(last) + SignedDuration::from_hours(18);
        Self { city, calendar, days, halls: halls.collect(), people, seed, now }
    }

    /// The `n`-th case.
    ///
    /// # Errors
    /// With the law's words when the generator did something illegal.
    pub fn case(&self, n: u64) -> Result<Life, String> {
        let mut dice = Dice::for_case(self.seed, n);
        let offer = self.offer(&mut dice);
        let world = World { calendar: self.calendar, now: self.now };
        let at = self.moment(&mut dice);
        let who = usize::try_from(dice.below(self.people.len() as u64)).unwrap_or(0);
        live(&world, offer.terms, offer.accepting, at, (who, self.people[who]), dice)
    }

    /// Few items make most of the cases: the square of an even draw prefers the front of the list.
    fn offer(&self, dice: &mut Dice) -> Offer {
        let count = self.city.items.len() as u64;
        let draw = dice.below(count);
        let item = &self.city.items[usize::try_from(draw * draw / count).unwrap_or(0)];
        let (hall, region) = &self.halls[usize::try_from(dice.below(self.halls.len() as u64)).unwrap_or(0)];
        let district = std::iter::successors(Some(region.clone()), RegionCode::parent)
            .find(|code| code.level() == Some(Level::District))
            .unwrap_or_else(|| self.city.code.clone());
        let office = self.city.department_at(&item.subject.department, &district);
        let deciding = office.map_or(*hall, |org| org.id);
        let places = Places { accepting: *hall, first_review: *hall, deciding };
        Offer { accepting: *hall, terms: terms_of(item, places) }
    }

    /// A working day, nine to five.
    fn moment(&self, dice: &mut Dice) -> Timestamp {
        let day = self.days[usize::try_from(dice.below(self.days.len() as u64)).unwrap_or(0)];
        let seconds = i64::try_from(9 * 3600 + dice.below(8 * 3600)).unwrap_or(0);
        day_start(day) + SignedDuration::from_secs(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::cases::fold;
    use std::collections::BTreeMap;

    const PEOPLE: [CitizenId; 2] = [CitizenId(uuid::Uuid::from_u128(1)), CitizenId(uuid::Uuid::from_u128(2))];

    fn year(city: &City, seed: u64) -> Year<'_> {
        Year::new(city, seed, jiff::civil::date(2025, 1, 1), jiff::civil::date(2025, 12, 31), &PEOPLE)
    }

    #[test]
    fn every_life_is_legal_and_the_year_looks_like_one() {
        let city = City::embedded().unwrap();
        let year = year(&city, 1);
        let (mut events, mut statuses) = (0, BTreeMap::new());
        for n in 0..2000 {
            let life = year.case(n).unwrap();
            events += life.events.len();
            *statuses.entry(format!("{:?}", fold(&life.events).status)).or_insert(0) += 1;
        }
        assert!((12_000..20_000).contains(&events), "{events}");
        for status in ["Archived", "Delivered", "Withdrawn", "NotRequired", "InReview", "ResultReady"] {
            assert!(statuses.contains_key(status), "{statuses:?}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_year_and_another_seed_another() {
        let city = City::embedded().unwrap();
        let lives = |seed| (0..50).map(|n| year(&city, seed).case(n).unwrap().events).collect::<Vec<_>>();
        assert_eq!(lives(7), lives(7));
        assert_ne!(lives(7), lives(8));
    }
}
