//! Reading a CSV file into rows that know their line.

use super::CityError;
use serde::de::DeserializeOwned;

/// All rows with the line each one begins at.
///
/// # Errors
/// The first row that does not fit, with its line.
pub(super) fn rows<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<Vec<(u64, T)>, CityError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|cause| fault(file, &cause))?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|cause| fault(file, &cause))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = record.deserialize(Some(&headers)).map_err(|cause| fault(file, &cause))?;
        rows.push((line, row));
    }
    Ok(rows)
}

fn fault(file: &'static str, cause: &csv::Error) -> CityError {
    let line = cause.position().map(csv::Position::line);
    let message = match cause.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("应有{expected_len}列，实际有{len}列，请检查逗号和引号")
        }
        csv::ErrorKind::Deserialize { err, .. } => match err.field() {
            Some(field) => format!("第{}列的内容不对，请改正（{}）", field + 1, err.kind()),
            None => format!("缺少必需的列，请检查表头（{}）", err.kind()),
        },
        _ => format!("格式不对，请按CSV格式改正（{cause}）"),
    };
    CityError { file, line, message }
}
