//! What people say for what the lists call otherwise, and what is done elsewhere: the words of the search.

use super::{CityError, table};
use search::{Force, Lexicon, Row};
use serde::Deserialize;

const SYNONYMS: &str = "synonyms.csv";
const ELSEWHERE: &str = "elsewhere.csv";

#[derive(Deserialize)]
struct SynonymRow {
    said: String,
    official: String,
    force: String,
}

#[derive(Deserialize)]
struct ElsewhereRow {
    said: String,
    #[serde(rename = "where")]
    place: String,
}

pub(super) fn parse(synonyms: &str, elsewhere: &str) -> Result<Lexicon, CityError> {
    let mut rows = Vec::new();
    for (line, row) in table::rows::<SynonymRow>(SYNONYMS, synonyms)? {
        let force = match row.force.as_str() {
            "full" => Force::Full,
            "soft" => Force::Soft,
            "none" => Force::None,
            other => {
                return Err(CityError::at(
                    SYNONYMS,
                    line,
                    format!("分量“{other}”不对，请写full（算数）、soft（只作参考）或none（不算）"),
                ));
            }
        };
        rows.push(Row { said: row.said, official: row.official, force });
    }
    let places = table::rows::<ElsewhereRow>(ELSEWHERE, elsewhere)?;
    let places = places.into_iter().map(|(_, row)| (row.said, row.place));
    Lexicon::new(rows)
        .map_err(|bad| CityError::whole(SYNONYMS, sentence(&bad)))?
        .with_elsewhere(places)
        .map_err(|bad| CityError::whole(ELSEWHERE, sentence(&bad)))
}

fn sentence(bad: &search::BadRow) -> String {
    format!("第{}条写得不全（{}），请补上或删去", bad.row, bad.problem)
}
