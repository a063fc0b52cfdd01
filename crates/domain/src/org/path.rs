//! The place of an organisation in the tree, as text that a prefix search can use.

use serde::{Deserialize, Serialize};
use std::fmt;

/// `320400/320402/320402001/`: the keys from the city down, each followed by a slash.
///
/// The closing slash makes "is in the subtree of" the same as "starts with", also in SQL, and keeps `…/32040/` from
/// matching `…/320402/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrgPath(String);

impl OrgPath {
    /// The path of the root with this key.
    #[must_use]
    pub fn root(key: &str) -> Self {
        Self(format!("{key}/"))
    }

    /// The path of a child with this key.
    #[must_use]
    pub fn child(&self, key: &str) -> Self {
        Self(format!("{}{key}/", self.0))
    }

    /// The path as stored text. A text without the closing slash gets it.
    #[must_use]
    pub fn from_stored(text: &str) -> Self {
        if text.ends_with('/') { Self(text.to_owned()) } else { Self(format!("{text}/")) }
    }

    /// The stored text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this organisation or stands under it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The path of the organisation above, if there is one.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let cut = self.0.trim_end_matches('/').rfind('/')?;
        Some(Self(self.0[..=cut].to_owned()))
    }

    /// How many organisations stand above it.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.0.matches('/').count().saturating_sub(1)
    }
}

impl fmt::Display for OrgPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
