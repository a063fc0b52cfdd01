//! Reading the embedded item files; a row that cannot be understood stops the start with a sentence.

use super::{Entry, Guide, Handling, find::Words};
use serde::Deserialize;

const ITEMS: &str = include_str!("../../../../data/items.csv");
const HANDLING: &str = include_str!("../../../../data/items_handling_draft.csv");
const GUIDES: &str = include_str!("../../../../data/guides_draft.jsonl");

/// A data file that cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("{file}, row {row}: {problem}")]
pub struct BadData {
    /// The file.
    pub file: &'static str,
    /// The row, from 1, without the header.
    pub row: usize,
    /// What is wrong.
    pub problem: String,
}

#[derive(Deserialize)]
struct ItemRow {
    seq: u16,
    department: String,
    name: String,
    coverage: String,
}

#[derive(Deserialize)]
struct HandlingRow {
    seq: u16,
    handling: String,
}

/// All rows of a CSV text.
pub(super) fn rows<T: for<'de> Deserialize<'de>>(file: &'static str, text: &str) -> Result<Vec<T>, BadData> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .enumerate()
        .map(|(at, row)| row.map_err(|error| BadData { file, row: at + 1, problem: error.to_string() }))
        .collect()
}

fn handling(row: &HandlingRow) -> Result<Handling, BadData> {
    match row.handling.as_str() {
        "即办件" => Ok(Handling::Immediate),
        "承诺件" => Ok(Handling::Promised),
        "上报件" => Ok(Handling::ReportUp),
        other => Err(BadData {
            file: "items_handling_draft.csv",
            row: row.seq.into(),
            problem: format!("unknown handling {other}"),
        }),
    }
}

/// All items with their guides.
pub(super) fn items() -> Result<Vec<Entry>, BadData> {
    let handlings: Vec<HandlingRow> = rows("items_handling_draft.csv", HANDLING)?;
    let mut guides = GUIDES
        .lines()
        .enumerate()
        .map(|(at, line)| {
            serde_json::from_str(line).map_err(|error| BadData {
                file: "guides_draft.jsonl",
                row: at + 1,
                problem: error.to_string(),
            })
        })
        .collect::<Result<Vec<Guide>, _>>()?;
    rows::<ItemRow>("items.csv", ITEMS)?
        .into_iter()
        .map(|row| {
            let found = handlings.iter().find(|handling| handling.seq == row.seq);
            let found = found.ok_or_else(|| BadData {
                file: "items_handling_draft.csv",
                row: row.seq.into(),
                problem: "no row for this item".to_owned(),
            })?;
            let guide = guides.iter().position(|guide| guide.seq == row.seq).map(|at| guides.swap_remove(at));
            Ok(Entry {
                no: row.seq,
                code: format!("{:03}", row.seq),
                words: Words::of(&format!("{}{}", row.name, row.department)),
                partial: row.coverage == "部分覆盖",
                handling: handling(found)?,
                name: row.name,
                department: row.department,
                guide,
            })
        })
        .collect()
}
