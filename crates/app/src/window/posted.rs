//! What a form of the workstation sends: pairs from the autosave, parts with files from a browser without scripts.

use crate::Ctx;
use crate::web::Fault;
use axum::extract::{Form, FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use ui::FieldError;

/// The most fields a form of the workstation has; what is beyond is nobody's form.
const MOST_FIELDS: usize = 600;
/// The longest value that is taken over, in characters; longer ones are cut and the field's own check says so.
const LONGEST: usize = 20_000;

/// The longest answer of a page that asks something, in characters.
const MOST_READ: usize = 2000;

/// A file of a form.
#[derive(Debug, Clone)]
pub(super) struct PostedFile {
    /// The field.
    pub field: String,
    /// The name the browser gives.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// The fields and files of a form, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Posted {
    pairs: Vec<(String, String)>,
    /// The files that were chosen; a file field left empty is none.
    pub files: Vec<PostedFile>,
}

impl Posted {
    #[cfg(test)]
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { pairs, files: Vec::new() }
    }

    /// The first value of a field, without blanks around it; empty when the form has none.
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// Whether the form has the field, even empty.
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == name)
    }

    /// What is longer than anybody reads, with a sentence at each field.
    pub fn too_long(&self) -> Vec<FieldError> {
        let long = |(name, value): &(String, String)| {
            let count = value.chars().count();
            let text = format!("写得太长了：最多 {MOST_READ} 个字，现在有 {count} 个字，请删短一些");
            (count > MOST_READ).then(|| FieldError { id: name.clone(), text })
        };
        self.pairs.iter().filter_map(long).collect()
    }

    /// The fields whose names begin with `prefix`, with the rest of their names.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.pairs.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }

    fn push(&mut self, name: String, value: &str) -> Result<(), Fault> {
        if self.pairs.len() >= MOST_FIELDS {
            return Err(Fault::bad_request("form", "这张表的内容太多，请回到窗口页面重新打开这一件。"));
        }
        // U+0000 cannot be kept by PostgreSQL and means nothing in a form.
        let value: String = value.chars().filter(|c| *c != '\0').take(LONGEST).collect();
        self.pairs.push((name, value));
        Ok(())
    }
}

impl FromRequest<Ctx> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, ctx: &Ctx) -> Result<Self, Response> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let mut posted = Self::default();
        if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            let parts = Multipart::from_request(request, ctx).await.map_err(IntoResponse::into_response)?;
            read_parts(parts, &mut posted).await?;
            return Ok(posted);
        }
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, ctx)
            .await
            .map_err(IntoResponse::into_response)?;
        for (name, value) in pairs {
            posted.push(name, &value).map_err(IntoResponse::into_response)?;
        }
        Ok(posted)
    }
}

async fn read_parts(mut parts: Multipart, posted: &mut Posted) -> Result<(), Response> {
    while let Some(part) = parts.next_field().await.map_err(IntoResponse::into_response)? {
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(name) => {
                let bytes = part.bytes().await.map_err(IntoResponse::into_response)?;
                if !name.is_empty() || !bytes.is_empty() {
                    posted.files.push(PostedFile { field, name, bytes });
                }
            }
            None => {
                let value = part.text().await.map_err(IntoResponse::into_response)?;
                posted.push(field, &value).map_err(IntoResponse::into_response)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_by_name_and_by_what_their_names_begin_with() {
        let posted = Posted::of(&[("do", " save "), ("paper.m1", "1"), ("paper.m2", ""), ("memo", "")]);
        assert_eq!(posted.get("do"), "save");
        assert!(posted.has("memo") && !posted.has("channel"));
        assert_eq!(posted.under("paper.").collect::<Vec<_>>(), [("m1", "1"), ("m2", "")]);
    }

    #[test]
    fn an_answer_of_ten_thousand_characters_is_named_with_its_field_and_its_length() {
        let posted = Posted::of(&[("reason", &"王".repeat(10_000)), ("competent", "常州市民政局")]);
        let faults = posted.too_long();
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].id, "reason");
        assert!(faults[0].text.contains("最多 2000 个字，现在有 10000 个字"), "{}", faults[0].text);
    }

    #[test]
    fn a_form_without_end_is_refused_and_a_text_without_end_is_cut() {
        let mut posted = Posted::default();
        let mut last = Ok(());
        for n in 0..=MOST_FIELDS {
            last = posted.push(format!("f{n}"), &"x".repeat(LONGEST + 1));
        }
        assert!(last.is_err());
        assert_eq!(posted.get("f0").chars().count(), LONGEST);
    }
}
