//! The guide 办事指南 of an item as it stands in the drafts, each sentence with what it rests on.

use serde::Deserialize;

/// Whether a sentence still has to be confirmed by a department.
fn is_draft(basis: &str) -> bool {
    !basis.starts_with("law") || basis.contains("凭记忆")
}

macro_rules! drafted {
    ($($name:ident),*) => {$(
        impl $name {
            /// Whether a department still has to confirm this.
            pub fn is_draft(&self) -> bool {
                is_draft(&self.basis)
            }
        }
    )*};
}
drafted!(Condition, Material, Limit, Fee);

/// A condition of the applicant.
#[derive(Debug, Clone, Deserialize)]
pub struct Condition {
    /// The sentence.
    pub text: String,
    basis: String,
}

/// A material to bring.
#[derive(Debug, Clone, Deserialize)]
pub struct Material {
    /// Its name.
    pub name: String,
    /// 原件, 复印件 …
    pub form: String,
    /// How many.
    pub copies: u8,
    source: String,
    /// Needed from everybody.
    pub required: bool,
    /// A remark.
    pub note: String,
    basis: String,
}

impl Material {
    /// Fetched from other departments' data, so that people need not bring it (免交).
    pub fn is_waived(&self) -> bool {
        self.source == "数据共享"
    }
}

/// A time limit.
#[derive(Debug, Clone, Deserialize)]
pub struct Limit {
    days: Option<u16>,
    unit: Option<String>,
    basis: String,
}

impl Limit {
    /// The limit in words, or nothing where none is known; 0 days mean at once.
    pub fn words(&self) -> Option<String> {
        let unit = match self.unit.as_deref()? {
            "working_day" => "个工作日",
            _ => "天（自然日）",
        };
        self.days.map(|days| if days == 0 { "当场办结".to_owned() } else { format!("{days} {unit}") })
    }
}

/// What it costs.
#[derive(Debug, Clone, Deserialize)]
pub struct Fee {
    /// In words.
    pub text: String,
    basis: String,
}

/// One step of the process.
#[derive(Debug, Clone, Deserialize)]
pub struct Step {
    /// What happens.
    pub name: String,
    /// Who does it.
    pub actor: String,
}

/// What comes out.
#[derive(Debug, Clone, Deserialize)]
pub struct Outcome {
    /// The paper or the effect.
    pub name: String,
    /// How it is handed over.
    pub delivery: String,
}

/// The guide of one item.
#[derive(Debug, Clone, Deserialize)]
pub struct Guide {
    pub(super) seq: u16,
    /// Who may apply.
    pub conditions: Vec<Condition>,
    /// What to bring.
    pub materials: Vec<Material>,
    /// The limit set by law.
    pub statutory_limit: Limit,
    /// The limit promised.
    pub promised_limit: Limit,
    /// What it costs.
    pub fee: Fee,
    /// How it goes.
    pub steps: Vec<Step>,
    /// Where: window, online …
    pub channels: Vec<String>,
    /// What comes out.
    pub result: Outcome,
    /// Citations.
    pub legal_basis: Vec<String>,
}
