//! What is wrong with the files of a city, in a sentence that says what to correct.

/// A fault in the reference data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("数据文件{file}{}：{message}", line.map(|n| format!("第{n}行")).unwrap_or_default())]
pub struct CityError {
    /// Name of the file.
    pub file: &'static str,
    /// Line in the file, counted from 1 with the header.
    pub line: Option<u64>,
    /// What is wrong and what to do.
    pub message: String,
}

impl CityError {
    /// A fault of the whole file.
    pub(super) fn whole(file: &'static str, message: impl Into<String>) -> Self {
        Self { file, line: None, message: message.into() }
    }

    /// A fault at one line.
    pub(super) fn at(file: &'static str, line: u64, message: impl Into<String>) -> Self {
        Self { file, line: Some(line), message: message.into() }
    }
}
