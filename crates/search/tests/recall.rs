//! How well people find what they mean: judged queries over the real list of items, and promises for any query.

#![allow(clippy::unwrap_used, reason = "a test stops where its data cannot be read")]

use proptest::prelude::*;
use search::{Entry, Force, Index, Lexicon, Row};
use serde::Deserialize;
use std::sync::OnceLock;

const ITEMS: &str = include_str!("../../../data/items.csv");
const SYNONYMS: &str = include_str!("../../../data/synonyms.csv");
const ELSEWHERE: &str = include_str!("../../../data/elsewhere.csv");
const QUERIES: &str = include_str!("../../../data/search_queries_dev.csv");
const OWN: &str = include_str!("../../../data/search_queries_own.csv");
const NEGATIVE: &str = include_str!("../../../data/search_queries_negative.csv");

#[derive(Deserialize)]
struct Item {
    department: String,
    name: String,
}

#[derive(Deserialize)]
struct Said {
    said: String,
    official: String,
    force: String,
}

#[derive(Deserialize)]
struct Elsewhere {
    said: String,
    r#where: String,
}

#[derive(Deserialize)]
struct Judged {
    query: String,
    expected_seq: String,
    kind: String,
}

fn rows<T: for<'a> Deserialize<'a>>(text: &str) -> Vec<T> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

fn titles() -> &'static [Entry] {
    static TITLES: OnceLock<Vec<Entry>> = OnceLock::new();
    TITLES.get_or_init(|| {
        rows::<Item>(ITEMS)
            .into_iter()
            .map(|item| Entry { title: item.name, around: item.department })
            .collect()
    })
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let said = rows::<Said>(SYNONYMS).into_iter().map(|row| Row {
            said: row.said,
            official: row.official,
            force: match row.force.as_str() {
                "full" => Force::Full,
                "soft" => Force::Soft,
                "none" => Force::None,
                other => panic!("{other}"),
            },
        });
        let elsewhere = rows::<Elsewhere>(ELSEWHERE).into_iter().map(|row| (row.said, row.r#where));
        Index::new(titles(), Lexicon::new(said).unwrap().with_elsewhere(elsewhere).unwrap())
    })
}

/// Recall at five (some acceptable item is among the first five) and mean reciprocal rank of the best answer.
struct Figures {
    recall: f64,
    reciprocal: f64,
    missed: Vec<String>,
}

fn measure(judged: &[Judged]) -> Figures {
    let (mut found, mut reciprocal, mut missed) = (0.0, 0.0, Vec::new());
    for query in judged {
        let accepted: Vec<usize> =
            query.expected_seq.split('|').map(|seq| seq.parse::<usize>().unwrap() - 1).collect();
        let hits = index().find(&query.query).hits;
        let rank = hits.iter().position(|hit| accepted.contains(&hit.at));
        if rank.is_some_and(|rank| rank < 5) {
            found += 1.0;
        }
        if rank != Some(0) {
            let first: Vec<usize> = hits.iter().take(5).map(|hit| hit.at + 1).collect();
            missed
                .push(format!("{} wants {}, got {first:?}, rank {rank:?}", query.query, query.expected_seq));
        }
        reciprocal += rank.map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0));
    }
    let all = judged.len() as f64;
    Figures { recall: found / all, reciprocal: reciprocal / all, missed }
}

fn assert_figures(name: &str, text: &str, recall: f64, reciprocal: f64) {
    let judged = rows::<Judged>(text);
    let figures = measure(&judged);
    let kinds: std::collections::BTreeSet<&str> = judged.iter().map(|one| one.kind.as_str()).collect();
    eprintln!("{name}: {} queries ({kinds:?})", judged.len());
    eprintln!("recall@5 {:.3}, MRR {:.3}\n{}", figures.recall, figures.reciprocal, figures.missed.join("\n"));
    assert!(figures.recall >= recall && figures.reciprocal >= reciprocal, "{:?}", figures.missed);
}

#[test]
fn the_judged_queries_find_their_item_among_the_first_five() {
    assert_figures("judged by hand", QUERIES, 0.95, 0.85);
}

#[test]
fn queries_of_our_own_find_their_item_too() {
    assert_figures("our own", OWN, 0.85, 0.7);
}

#[test]
fn what_is_not_done_here_finds_nothing_sure() {
    #[derive(Deserialize)]
    struct Query {
        query: String,
    }
    for row in rows::<Query>(NEGATIVE) {
        let answer = index().find(&row.query);
        assert!(answer.hits.iter().all(|hit| !hit.strong), "{}: {:?}", row.query, answer.hits.first());
    }
    for query in ["买火箭", "天气预报", "asdfghjkl", "zzzzqqqq", "12345678", "🙂"] {
        let answer = index().find(query);
        assert!(answer.hits.iter().all(|hit| !hit.strong), "{query}: {:?}", answer.hits.first());
    }
}

#[test]
fn every_item_is_found_first_by_its_full_name() {
    for (at, entry) in titles().iter().enumerate() {
        let hits = index().find(&entry.title).hits;
        assert_eq!(hits.first().map(|hit| hit.at), Some(at), "{}", entry.title);
    }
}

#[test]
fn what_matches_is_marked_in_the_title_as_it_is_printed() {
    let marked = |typed: &str, at: usize| -> Vec<String> {
        let answer = index().find(typed);
        let hit = answer.hits.into_iter().find(|hit| hit.at == at).unwrap();
        let title: Vec<char> = titles()[at].title.chars().collect();
        hit.marks.into_iter().map(|range| title[range].iter().collect()).collect()
    };
    assert_eq!(marked("独生子女证丢了", 101), ["补办", "独生子女父母光荣证"]);
    assert_eq!(marked("shiyedengji", 137), ["失业登记"]);
    assert_eq!(marked("zhuxue", 169), ["助学"]);
    assert_eq!(marked("失业登计", 137), ["失业登记"]);
}

#[test]
fn a_slip_leads_to_the_word_that_was_meant() {
    for (typed, meant) in [("shebaika", "社保卡"), ("juzhuzhemg", "居住证")] {
        let answer = index().find(typed);
        assert_eq!(answer.meant.as_deref(), Some(meant), "{typed}");
        assert!(answer.instead && !answer.hits.is_empty());
    }
    let right = index().find("社保卡");
    assert_eq!((right.meant, right.instead), (None, false));
}

#[test]
fn what_is_done_elsewhere_says_where() {
    assert!(index().find("驾驶证换证").elsewhere.unwrap().contains("12123"));
    assert_eq!(index().find("没领结婚证生的孩子").elsewhere, None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_typed_breaks_the_search(typed in ".{0,80}") {
        let answer = index().find(&typed);
        for hit in &answer.hits {
            let len = titles()[hit.at].title.chars().count();
            prop_assert!(hit.marks.iter().all(|range| range.start < range.end && range.end <= len));
            prop_assert!(hit.score.is_finite());
        }
        prop_assert_eq!(answer, index().find(&typed));
    }

    #[test]
    fn letters_in_any_order_break_nothing(typed in "[a-z ]{0,60}") {
        prop_assert_eq!(index().find(&typed), index().find(&typed));
    }

    #[test]
    fn a_part_of_a_name_finds_it(at in 0usize..182, start in 0usize..20, len in 4usize..12) {
        let part: String = titles()[at].title.chars().skip(start).take(len).collect();
        if part.chars().filter(|c| c.is_alphanumeric()).count() >= 4 {
            let hits = index().find(&part).hits;
            prop_assert!(hits.iter().any(|hit| titles()[hit.at].title.contains(&part)), "{}", part);
        }
    }
}
