//! The people of the year: made up, with numbers that are well formed and belong to nobody (region 110101 and births on
//! days that the sample numbers of GB 11643 use).

use crate::dice::Dice;
use domain::identity::{Document, DocumentKind};
use domain::kernel::identity::Phone;
use jiff::ToSpan;
use jiff::civil::Date;

/// Common surnames and given names.
const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何",
    "高", "林", "罗",
];
const GIVEN: [&str; 20] = [
    "桂兰", "小明", "建国", "秀英", "伟", "芳", "志强", "丽华", "国庆", "春梅", "海燕", "文军", "玉珍",
    "晓东", "静", "永福", "雪梅", "金花", "立平", "红霞",
];
/// Birthdays spread over so many days.
const DAYS: u64 = 25_000;
/// Serials of one birthday.
const SERIALS: u64 = 1000;

/// Somebody.
#[derive(Debug, Clone)]
pub struct Somebody {
    /// The name.
    pub name: String,
    /// The identity card.
    pub document: Document,
    /// The phone.
    pub phone: Phone,
}

/// The `n`-th person; each `n` below 25 million is another one. `None` beyond.
pub fn somebody(n: u64) -> Option<Somebody> {
    let mut dice = Dice::for_case(0x5EED, n);
    let born = Date::constant(1935, 1, 1).checked_add(i64::try_from(n % DAYS).ok()?.days()).ok()?;
    let serial = (n / DAYS).checked_rem(SERIALS).filter(|_| n < DAYS * SERIALS)?;
    let body = format!("110101{:04}{:02}{:02}{serial:03}", born.year(), born.month(), born.day());
    let parse =
        |check: char| Document::parse(DocumentKind::IdCard, &format!("{body}{check}"), Date::MAX).ok();
    let pick = |list: [&'static str; 20], draw: u64| list[usize::try_from(draw).unwrap_or(0)];
    let name = format!("{}{}", pick(SURNAMES, dice.below(20)), pick(GIVEN, dice.below(20)));
    Some(Somebody {
        name,
        document: "0123456789X".chars().find_map(parse)?,
        phone: Phone::parse(&format!("139{:08}", n % 100_000_000)).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_somebody_else_and_has_a_valid_number() {
        let people: Vec<Somebody> =
            [0, 1, 24_999, 25_000, 24_999_999].map(|n| somebody(n).expect("somebody")).into();
        let mut numbers: Vec<&str> = people.iter().map(|p| p.document.as_str()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), people.len());
        assert!(somebody(25_000_000).is_none());
    }
}
