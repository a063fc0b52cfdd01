//! Some of the loaded cases, by which pages are looked at.

use serde::{Deserialize, Serialize};
use std::path::Path;
use uuid::Uuid;

/// One loaded case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sample {
    /// Its id.
    pub case: Uuid,
    /// Its number.
    pub number: String,
    /// Its query code.
    pub code: String,
}

/// Every so many cases are kept as a sample, so that there are about a thousand.
#[must_use]
pub fn stride(count: u64) -> u64 {
    (count / 1000).max(1)
}

/// Writes the samples beside the data.
///
/// # Errors
/// When the file cannot be written.
pub fn keep(data: &Path, samples: &[Sample]) -> anyhow::Result<()> {
    Ok(std::fs::write(data.join("samples.json"), serde_json::to_vec(samples)?)?)
}

/// Reads what the loading kept.
///
/// # Errors
/// When nothing was loaded.
pub fn kept(data: &Path) -> anyhow::Result<Vec<Sample>> {
    Ok(serde_json::from_slice(&std::fs::read(data.join("samples.json"))?)?)
}
