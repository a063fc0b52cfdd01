//! What of a person is sealed, under which names, and by what it is found again.

use super::NewPerson;
use super::record::Sealed;
use crate::Ctx;
use domain::identity::DocumentKind;
use domain::kernel::identity::{PersonName, Phone};
use store::seal::Sealer;

pub(super) const DOCUMENT: &str = "person.document";
pub(super) const NAME: &str = "person.name";
pub(super) const PHONE: &str = "person.phone";
pub(super) const ADDRESS: &str = "person.address";

/// The index of a document, whatever the field it was typed into.
pub(super) fn document_index(sealer: &Sealer, kind: DocumentKind, number: &str) -> Vec<u8> {
    sealer.index(DOCUMENT, &format!("{}:{number}", kind.word()))
}

/// The index of a phone.
pub(in crate::identity) fn phone_index(ctx: &Ctx, phone: &Phone) -> Vec<u8> {
    ctx.sealer.index(PHONE, phone.as_str())
}

/// `王*明` for people; the whole name for firms, whose names are public.
pub(super) fn mask_name(kind: DocumentKind, name: &str) -> String {
    if kind == DocumentKind::Uscc {
        return name.to_owned();
    }
    PersonName::parse(name).map_or_else(|_| "*".to_owned(), |name| name.masked())
}

pub(super) fn sealed(ctx: &Ctx, new: &NewPerson) -> Sealed {
    Sealed {
        document: ctx.seal(DOCUMENT, new.document.as_str()),
        document_index: document_index(&ctx.sealer, new.document.kind(), new.document.as_str()),
        name: ctx.seal(NAME, &new.name),
        name_index: ctx.sealer.index(NAME, &new.name),
        phone: new.phone.as_ref().map(|phone| ctx.seal(PHONE, phone.as_str())),
        phone_index: new.phone.as_ref().map(|phone| phone_index(ctx, phone)),
        address: new.address.as_ref().map(|address| ctx.seal(ADDRESS, address)),
    }
}
