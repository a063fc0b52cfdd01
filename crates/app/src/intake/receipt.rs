//! 收件回执: the numbers and query codes of a submitted application, told to whoever submitted it.

use domain::kernel::{ApplicationId, CaseId};
use serde::{Deserialize, Serialize};

use super::draft::to_json;
use crate::Ctx;

/// The sealed column that holds a receipt.
pub const RECEIPT_FIELD: &str = "draft.receipt";

/// What whoever submits is told once; submitting the same draft again tells the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The application.
    pub application: ApplicationId,
    /// Its cases.
    pub cases: Vec<Told>,
}

/// One case of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Which.
    pub id: CaseId,
    /// Its number, to store and scan; [`crate::cases::read_number`] groups it.
    pub number: String,
    /// 查询码; kept nowhere but in the sealed receipt, and that only for some days.
    pub query_code: String,
    /// The item's name.
    pub item_name: String,
}

impl Receipt {
    pub(super) fn seal(&self, ctx: &Ctx) -> store::Result<Vec<u8>> {
        Ok(ctx.seal(RECEIPT_FIELD, &to_json(self)?))
    }

    pub(super) fn open(ctx: &Ctx, sealed: &[u8]) -> store::Result<Self> {
        let json = ctx.sealer.open(RECEIPT_FIELD, sealed)?;
        serde_json::from_str(&json)
            .map_err(|e| store::Error::Corrupt(format!("a receipt: {:?}", e.classify())))
    }
}
