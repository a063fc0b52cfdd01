//! How the posts of an account lie in rows of their own, for those who look for who works where.

use super::account::AccountRecord;
use domain::identity::Post;
use domain::rights::Role;
use uuid::Uuid;

/// A row of `staff_post`: id, account, role, organisation, path.
pub(super) type PostRow = (Uuid, Uuid, String, Uuid, String);

impl AccountRecord {
    /// The rows of the posts held, in the order of their ids.
    pub(super) fn post_rows(&self) -> store::Result<Vec<PostRow>> {
        let row = |post: &Post| {
            let (role, path) = (role_word(post.role)?, post.at.as_str().to_owned());
            Ok((post.id, self.id.uuid(), role, post.org.uuid(), path))
        };
        let mut rows = self.account.posts.iter().map(row).collect::<store::Result<Vec<PostRow>>>()?;
        rows.sort();
        Ok(rows)
    }
}

/// The role as stored: `window_clerk`.
fn role_word(role: Role) -> store::Result<String> {
    match serde_json::to_value(role) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(store::Error::Other(format!("a role is no word: {other:?}"))),
    }
}
