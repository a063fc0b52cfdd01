//! Who works beside somebody: the people to whom a piece of work can be given.

use super::sql;
use crate::Ctx;
use domain::kernel::{OrgId, StaffId};
use store::{Tx, Work};
use uuid::Uuid;

struct At(OrgId);

impl Work for At {
    type Out = Vec<(Uuid, String)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.all(sql::COLLEAGUES, &[self.0.uuid().into(), "reviewer".into(), "approver".into()]).await
    }
}

/// The reviewers and approvers with a post at this organisation.
///
/// # Errors
/// When the data cannot be read.
pub async fn colleagues(ctx: &Ctx, org: OrgId) -> store::Result<Vec<(StaffId, String)>> {
    let rows = ctx.db.read(At(org)).await?;
    Ok(rows.into_iter().map(|(id, name)| (StaffId(id), name)).collect())
}
