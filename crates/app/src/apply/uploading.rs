//! Files that people send: read out of the form, kept one by one, answered to the script or by the page.

use crate::intake::IntakeError;
use crate::web::Fault;
use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use ui::Upload;

/// What the picker offers; the server looks at the content.
pub(super) const ACCEPT: &str = "image/*,.pdf";

/// What became of the files.
pub(super) enum Taken {
    /// The script that sent them is answered.
    Answered(Response),
    /// All are kept.
    Kept,
    /// One is not taken; those before it are kept.
    Refused(String),
}

/// Keeps the files of a posted form with `keep`, up to the first that is not taken.
///
/// # Errors
/// A fault when the form is broken or empty, when there is no such place, and for the script when a file is not taken.
pub(super) async fn take<F>(
    form: Multipart,
    headers: &HeaderMap,
    mut keep: impl FnMut(String, Bytes) -> F,
) -> Result<Taken, Fault>
where
    F: Future<Output = Result<Upload, IntakeError>>,
{
    let by_script = headers.contains_key("x-upload");
    let mut kept = String::new();
    for (name, bytes) in files(form).await? {
        match keep(name, bytes).await {
            Ok(upload) => kept.push_str(&upload.to_string()),
            Err(error @ (IntakeError::Absent | IntakeError::Store(_))) => return Err(error.into()),
            Err(error) if by_script => return Err(error.into()),
            Err(error) => return Ok(Taken::Refused(error.to_string())),
        }
    }
    Ok(if by_script { Taken::Answered(Html(kept).into_response()) } else { Taken::Kept })
}

/// The files of a posted form, and the sentence for what could not be read.
async fn files(mut form: Multipart) -> Result<Vec<(String, Bytes)>, Fault> {
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|e| unreadable(&e))? {
        let name = field.file_name().unwrap_or_default().to_owned();
        if field.name() != Some("file") || name.is_empty() {
            continue;
        }
        files.push((name, field.bytes().await.map_err(|e| unreadable(&e))?));
    }
    if files.is_empty() {
        let say = "还没有选文件，请先选照片或 PDF，再点上传。";
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "no_file", "没有选文件", say));
    }
    Ok(files)
}

fn unreadable(error: &MultipartError) -> Fault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Fault::of_status(StatusCode::PAYLOAD_TOO_LARGE)
    } else {
        let say = "文件只传来了一部分，多半是网络断了。已经传好的还在，请再传一次这一份。";
        Fault::new(StatusCode::BAD_REQUEST, "incomplete", "文件没有传完", say)
    }
}
