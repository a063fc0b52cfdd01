//! How pages look: the document, components, form fields, icons, elder and print variants.
//!
//! Everything here takes view structs and gives HTML; nothing here knows a case, a database or a request.
//! A page is made in two steps: a capability renders its own body template, using the components below as
//! values (`{{ field }}` — they are HTML-safe and escape their own texts), then hands it to [`Page`].

pub mod assets;
mod form;
mod gallery;
mod html;
mod list;
mod notice;
mod page;
#[cfg(test)]
mod tests;
mod upload;

pub use askama::Template;
pub use assets::{Asset, asset_path};
pub use form::{Button, ButtonKind, Choice, Control, ErrorSummary, Field, FieldError, TextKind, Width};
pub use gallery::{gallery, gallery_body};
pub use html::SafeHtml;
pub use list::{
    Cell, Column, Dialog, Empty, Moment, Pager, Row, Step, StepState, Steps, Summary, SummaryRow, Table,
    Timeline,
};
pub use notice::{BackLink, Crumb, Icon, Light, LightState, Note, NoteKind, Tag, TagKind, Trail};
pub use page::{
    Chrome, Device, Link, Mode, Page, PageHead, PortalHeader, Shape, Size, StaffBar, Surface, User,
};
pub use upload::{Upload, UploadState};
