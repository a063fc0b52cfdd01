//! Who works beside somebody: the people to whom a piece of work can be given.

use super::sql;
use crate::Ctx;
use domain::kernel::{OrgId, StaffId};
use store::{Tx, Work};
use uuid::Uuid;

/// Posts at any of these.
struct At(Vec<OrgId>);

impl Work for At {
    type Out = Vec<(Uuid, String)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let mut all: Vec<(Uuid, String)> = Vec::new();
        for org in &self.0 {
            let row = [org.uuid().into(), "reviewer".into(), "approver".into()];
            for one in tx.all::<(Uuid, String)>(sql::COLLEAGUES, &row).await? {
                if all.iter().all(|(id, _)| *id != one.0) {
                    all.push(one);
                }
            }
        }
        Ok(all)
    }
}

/// The reviewers and approvers whose posts reach this organisation: its own, then those of the organisations above it.
///
/// # Errors
/// When the data cannot be read.
pub async fn colleagues(ctx: &Ctx, org: OrgId) -> store::Result<Vec<(StaffId, String)>> {
    let city = ctx.city();
    let path = city.org(org).map(|at| at.path.clone());
    let above =
        city.orgs.iter().filter(|o| o.id != org && path.as_ref().is_some_and(|at| o.path.contains(at)));
    let reach = std::iter::once(org).chain(above.map(|o| o.id)).collect();
    let rows = ctx.db.read(At(reach)).await?;
    Ok(rows.into_iter().map(|(id, name)| (StaffId(id), name)).collect())
}
