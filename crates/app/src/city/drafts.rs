//! Guide drafts: one JSON object a line, each sentence with what it rests on.

use super::CityError;
use serde::Deserialize;
use std::collections::BTreeMap;

const FILE: &str = "guides_draft.jsonl";

/// The guide of one item as drafted.
#[derive(Deserialize)]
pub(super) struct Draft {
    pub seq: u16,
    pub name: String,
    pub handling: String,
    pub handling_basis: String,
    pub conditions: Vec<DraftText>,
    pub materials: Vec<DraftMaterial>,
    pub statutory_limit: DraftLimit,
    pub promised_limit: DraftLimit,
    pub fee: DraftFee,
    pub steps: Vec<DraftStep>,
    pub channels: Vec<String>,
    pub result: DraftResult,
    pub legal_basis: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct DraftText {
    pub text: String,
    pub basis: String,
}

#[derive(Deserialize)]
pub(super) struct DraftMaterial {
    pub name: String,
    pub form: String,
    pub copies: u8,
    pub source: String,
    pub required: bool,
    pub note: String,
    pub basis: String,
}

#[derive(Deserialize)]
pub(super) struct DraftLimit {
    pub days: Option<u16>,
    pub unit: Option<String>,
    pub basis: String,
}

#[derive(Deserialize)]
pub(super) struct DraftFee {
    pub amount_yuan: u32,
    pub text: String,
    pub basis: String,
}

#[derive(Deserialize)]
pub(super) struct DraftStep {
    pub no: u16,
    pub name: String,
    pub actor: String,
}

#[derive(Deserialize)]
pub(super) struct DraftResult {
    pub name: String,
    pub delivery: String,
}

/// The drafts by number of the item, with their lines.
pub(super) fn parse(text: &str) -> Result<BTreeMap<u16, (u64, Draft)>, CityError> {
    let mut drafts = BTreeMap::new();
    for (line, row) in (1..).zip(text.lines()).filter(|(_, row)| !row.trim().is_empty()) {
        let draft: Draft = serde_json::from_str(row)
            .map_err(|cause| CityError::at(FILE, line, format!("不是完整的办事指南，请改正（{cause}）")))?;
        let seq = draft.seq;
        if drafts.insert(seq, (line, draft)).is_some() {
            return Err(CityError::at(FILE, line, format!("事项{seq}的指南写了两次，请删去一行")));
        }
    }
    Ok(drafts)
}

/// A fault in the draft at this line.
pub(super) fn fault(line: u64, message: impl Into<String>) -> CityError {
    CityError::at(FILE, line, message)
}
