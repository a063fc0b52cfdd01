//! The files of a case, for whoever may see the case.

use super::materials::shown;
use crate::Ctx;
use crate::cases::{self, ActError, By, StaffActor};
use crate::identity::{Citizen, Staff};
use crate::web::Fault;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::kernel::CaseId;
use store::files::Digest;
use uuid::Uuid;

/// `GET /cases/{id}/files/{digest}`.
pub(super) async fn read(
    State(ctx): State<Ctx>,
    staff: Option<Staff>,
    citizen: Option<Citizen>,
    Path((id, digest)): Path<(Uuid, String)>,
) -> Result<Response, Fault> {
    let digest: Digest = digest.parse().map_err(|_| Fault::not_found())?;
    let as_staff = staff.map(|s| By::Staff(StaffActor { id: s.id, rights: s.actor }));
    let as_citizen = citizen.map(|c| By::Citizen(c.id));
    for by in as_staff.into_iter().chain(as_citizen) {
        match cases::read_file(&ctx, CaseId(id), &digest, &by).await {
            Ok((file, bytes)) => return Ok(shown(&file.content_type, bytes)),
            Err(ActError::Absent) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Fault::not_found())
}
