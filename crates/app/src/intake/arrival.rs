//! How an application came in, as the window says it: over the counter, by an agent, by post, or entered later.

use domain::cases::Channel;
use store::{Tx, Work};
use uuid::Uuid;

use super::draft::{Draft, Owner, open, to_json};
use super::{IntakeError, sql};
use crate::Ctx;

struct Arrive {
    draft: Uuid,
    channel: String,
}

impl Work for Arrive {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        tx.exec(sql::ARRIVED_BY, &[self.draft.into(), (&self.channel).into()]).await.map(drop)
    }
}

/// Notes how the application of a draft came in; only staff say so, a citizen's is always online.
///
/// # Errors
/// [`IntakeError::Absent`], [`IntakeError::Submitted`], [`IntakeError::Store`].
pub async fn arrived_by(ctx: &Ctx, owner: Owner, draft: Uuid, channel: Channel) -> Result<(), IntakeError> {
    let found: Draft = open(ctx, owner, draft).await?;
    if found.application.is_some() {
        return Err(IntakeError::Submitted);
    }
    if matches!(owner, Owner::Citizen(_)) || found.channel == channel {
        return Ok(());
    }
    let channel = to_json(&channel)?.trim_matches('"').to_owned();
    Ok(ctx.db.write(Arrive { draft, channel }).await?)
}
