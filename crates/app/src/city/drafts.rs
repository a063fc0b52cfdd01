//! Guide drafts: one JSON object a line, each sentence with what it rests on.

use super::CityError;
use domain::catalogue::{Addresses, Handling, MaterialDetails, Powers};
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
    /// 时限说明.
    #[serde(default)]
    pub limit_note: String,
    /// Whose power it is.
    #[serde(default)]
    pub powers: Powers,
    /// 办理规则: joint departments, own limits of steps, own grounds for stopping the clock.
    #[serde(default)]
    pub rules: Handling,
    /// 网办地址.
    #[serde(default)]
    pub addresses: Addresses,
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
    /// 受理标准.
    #[serde(default)]
    pub standard: String,
    #[serde(default)]
    pub details: MaterialDetails,
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::catalogue::PowerSource;
    use domain::kernel::time::Days;

    /// The first draft of the city with more said of it.
    fn with(more: &serde_json::Value) -> Result<Draft, CityError> {
        let first = include_str!("../../../../data/guides_draft.jsonl").lines().next().unwrap();
        let mut row: serde_json::Value = serde_json::from_str(first).unwrap();
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        parse(&row.to_string()).map(|mut drafts| drafts.pop_first().unwrap().1.1)
    }

    #[test]
    fn a_city_says_in_its_files_who_joins_how_long_steps_take_and_whose_power_it_is() {
        let draft = with(&serde_json::json!({
            "powers": {"source": "entrusted", "entrusting": "市民政局"},
            "rules": {"joint": ["police"], "review": {"unit": "working", "n": 3}, "separate_decider": true,
                "stops": [{"code": "notice", "name": "公示", "basis": "某办法第九条"}]},
            "limit_note": "不含公示时间", "addresses": {"web": "https://zwfw.example.gov.cn/1"},
        }))
        .unwrap();
        assert_eq!(draft.powers.source, Some(PowerSource::Entrusted));
        assert_eq!((draft.rules.joint.len(), draft.rules.review), (1, Some(Days::Working(3))));
        assert!(draft.rules.separate_decider && draft.rules.stops[0].name == "公示");
        let silent = with(&serde_json::json!({})).unwrap();
        assert_eq!(
            (silent.rules, silent.powers),
            (Handling::default(), Powers::default()),
            "nothing is made up"
        );
    }

    #[test]
    fn a_rule_that_cannot_be_read_names_its_line() {
        let wrong = with(&serde_json::json!({"rules": {"review": "三天"}})).err().unwrap();
        assert!(wrong.to_string().contains("不是完整的办事指南"), "{wrong}");
    }
}
