//! Guides drawn once for everybody. A guide changes when the catalogue does, or when the halls open and close; until
//! then all who are not signed in get the same bytes.

use crate::catalogue::Catalogue;
use bytes::Bytes;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Which guide: the item's number in annex 1, and whether for the elder edition. There are twice as many as items.
type Which = (u16, bool);

/// The guides as they were last drawn.
#[derive(Default)]
pub struct Drawn(Mutex<HashMap<Which, Kept>>);

struct Kept {
    of: Arc<Catalogue>,
    open: String,
    html: Bytes,
}

impl Drawn {
    /// The guide as it was drawn of this very catalogue, with these words about the hours.
    pub(super) fn get(&self, which: Which, of: &Arc<Catalogue>, open: &str) -> Option<Bytes> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |kept: &&Kept| Arc::ptr_eq(&kept.of, of) && kept.open == open;
        kept.get(&which).filter(same).map(|kept| kept.html.clone())
    }

    /// Keeps it in place of what was drawn before.
    pub(super) fn keep(&self, which: Which, of: &Arc<Catalogue>, open: String, html: Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(which, Kept { of: Arc::clone(of), open, html });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::world;

    #[tokio::test]
    async fn a_guide_is_drawn_anew_when_the_catalogue_the_hours_or_the_edition_differ() {
        let world = world().await;
        let (drawn, now) = (Drawn::default(), world.catalogue());
        drawn.keep((101, false), &now, "办公时间".to_owned(), Bytes::from_static(b"guide"));
        assert_eq!(drawn.get((101, false), &now, "办公时间").as_deref(), Some(&b"guide"[..]));
        assert_eq!(drawn.get((101, false), &now, "午间休息"), None);
        assert_eq!(drawn.get((101, true), &now, "办公时间"), None);
        world.take_over((*world.city()).clone());
        assert_eq!(drawn.get((101, false), &world.catalogue(), "办公时间"), None);
    }
}
