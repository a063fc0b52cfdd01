//! The standard of a hall and the rules it is run by, as the city's document prints them.

use serde::Deserialize;

/// One line of the table in annex 2: what a hall must have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HallRequirement {
    /// Number in the table.
    pub seq: u16,
    /// 建筑要求, 大厅布局, 窗口设置, 办公设备, 便民措施, 公开设施.
    pub group: String,
    /// 内容.
    pub content: String,
    /// 功能.
    pub function: String,
    /// 指标.
    pub indicator: String,
    /// 备注.
    pub note: String,
}

/// One article of annex 3.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ManagementRule {
    /// Number of the article.
    pub article: u16,
    /// Chapter with its number.
    pub chapter: String,
    /// Its text.
    pub text: String,
}
