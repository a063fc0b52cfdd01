//! Who took a result at the window 领取人: noted and sealed beside the case, because a signature on paper proves nothing
//! without the name under it.

use domain::cases::{Delivery, Event, Happened};
use domain::kernel::ReceiverId;
use serde::{Deserialize, Serialize};
use store::{Tx, Work};

use super::party::mask_name;
use super::sql;
use crate::Ctx;

/// The sealed column that holds a [`Receiver`].
pub const RECEIVER_FIELD: &str = "receiver.told";

/// Who took a result.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receiver {
    /// Their name.
    pub name: String,
    /// What they are to the applicant: 本人, 近亲属 ….
    pub relation: String,
    /// The last four characters of the number of the document they showed; may be empty where they signed on a scan.
    pub document_tail: String,
}

impl Receiver {
    /// The same with the name masked; four characters of a number identify nobody by themselves.
    #[must_use]
    pub fn masked(&self) -> Self {
        Self { name: mask_name(&self.name), ..self.clone() }
    }

    /// `王小明（本人，证件号码后四位 4516）`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let tail = match self.document_tail.as_str() {
            "" => String::new(),
            tail => format!("，证件号码后四位 {tail}"),
        };
        format!("{}（{}{tail}）", self.name, self.relation)
    }
}

struct Note {
    id: ReceiverId,
    told: Vec<u8>,
    now: jiff::Timestamp,
}

impl Work for Note {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let row = [self.id.uuid().into(), (&self.told).into(), self.now.into()];
        tx.exec(sql::NOTE_RECEIVER, &row).await.map(drop)
    }
}

/// Notes who takes a result, for the command that names the note.
///
/// # Errors
/// When the data cannot be written.
pub async fn note_receiver(ctx: &Ctx, receiver: &Receiver) -> store::Result<ReceiverId> {
    let json = serde_json::to_string(receiver).map_err(|e| store::Error::Other(e.to_string()))?;
    let id = ReceiverId(ctx.new_uuid());
    ctx.db.write(Note { id, told: ctx.seal(RECEIVER_FIELD, &json), now: ctx.now() }).await?;
    Ok(id)
}

/// The sealed note that the delivery among these events names.
pub(super) async fn sealed(tx: &Tx, events: &[Event]) -> store::Result<Option<Vec<u8>>> {
    let named = events.iter().rev().find_map(|event| match &event.what {
        Happened::Delivered { how: Delivery::Window { receiver, .. } } => *receiver,
        _ => None,
    });
    match named {
        Some(id) => read(tx, id).await,
        None => Ok(None),
    }
}

async fn read(tx: &Tx, id: ReceiverId) -> store::Result<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>,)> = tx.opt(sql::RECEIVER, &[id.uuid().into()]).await?;
    Ok(row.map(|(told,)| told))
}

/// Opens a note.
pub(super) fn open(ctx: &Ctx, sealed: &[u8]) -> store::Result<Receiver> {
    // The fault's own text would quote what was sealed.
    let corrupt = |_| store::Error::Corrupt("who took a result".to_owned());
    serde_json::from_str(&ctx.sealer.open(RECEIVER_FIELD, sealed)?).map_err(corrupt)
}

struct ById(ReceiverId);

impl Work for ById {
    type Out = Option<Vec<u8>>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        read(tx, self.0).await
    }
}

/// Who took a result, in full: for the delivery record, which names them. Whether anybody may see it is the caller's to ask.
///
/// # Errors
/// When the data cannot be read or opened.
pub async fn find_receiver(ctx: &Ctx, id: ReceiverId) -> store::Result<Option<Receiver>> {
    ctx.db.read(ById(id)).await?.map(|sealed| open(ctx, &sealed)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_both;

    #[tokio::test]
    async fn a_receiver_is_sealed_where_it_is_kept_and_masked_where_it_is_shown() {
        on_both(|world| async move {
            let told =
                Receiver {
                    name: "王小明".into(), relation: "本人".into(), document_tail: "4516".into()
                };
            let id = note_receiver(&world, &told).await.unwrap();
            let sealed = world.db.read(ById(id)).await.unwrap().unwrap();
            assert!(!String::from_utf8_lossy(&sealed).contains("王小明"));
            let read = find_receiver(&world, id).await.unwrap().unwrap();
            assert_eq!(read.sentence(), "王小明（本人，证件号码后四位 4516）");
            assert_eq!(read.masked().sentence(), "王*明（本人，证件号码后四位 4516）");
            assert_eq!(find_receiver(&world, ReceiverId(uuid::Uuid::nil())).await.unwrap(), None);
        })
        .await;
    }
}
