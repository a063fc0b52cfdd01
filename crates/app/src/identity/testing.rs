//! Signed-in people for tests: the same rows as a sign-in makes, without the pages.

use super::persons::{Assurance, NewPerson, register};
use super::session::{self, Step};
use super::token::{Side, TokenHash};
use super::{By, account, clients, token};
use crate::Ctx;
use domain::identity::{ClientCommand, ClientScope, Document, DocumentKind, StaffCommand};
use domain::kernel::identity::Phone;
use domain::kernel::{CitizenId, OrgId, StaffId};
use domain::rights::{Role, is_administrator};
use jiff::Timestamp;
use jiff::civil::Date;
use store::{Tx, Work};
use uuid::Uuid;

struct Open(Side, Uuid, TokenHash, Timestamp);

impl Work for Open {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        session::open(tx, self.0, self.1, Step::Full, &self.2, self.3).await
    }
}

async fn signed_in(ctx: &Ctx, side: Side, subject: Uuid) -> String {
    let (token, hash) = session::new_token(ctx);
    ctx.db.write(Open(side, subject, hash, ctx.now())).await.expect("a session opens");
    let cookie = token::give(side, ctx.site.https, &token);
    cookie.split(';').next().expect("a cookie has a value").to_owned()
}

/// A member of staff with one post, past the first password and the second factor, signed in.
pub async fn staff(ctx: &Ctx, role: Role, org: OrgId) -> (StaffId, String) {
    let by = By::system("test");
    let login = format!("t{}", ctx.new_uuid().simple());
    let new = account::create_staff(ctx, &login[..32], role.label(), &[(role, org)], by.clone())
        .await
        .expect("staff");
    let own = By::account(new.id, "test");
    account::act(ctx, new.id, StaffCommand::ChangePassword, own.clone()).await.expect("a changed password");
    if is_administrator(role) {
        account::act(ctx, new.id, StaffCommand::SetSecondFactor, own).await.expect("a second factor");
    }
    (new.id, signed_in(ctx, Side::Staff, new.id.uuid()).await)
}

/// A person of the sample region 110101, one for each `n`.
#[must_use]
pub fn person(n: u32) -> NewPerson {
    let body = format!("11010119900101{:03}", n % 1000);
    let parse = |c: char| Document::parse(DocumentKind::IdCard, &format!("{body}{c}"), Date::MAX).ok();
    NewPerson {
        document: "0123456789X".chars().find_map(parse).expect("one of them fits"),
        name: "王小明".to_owned(),
        phone: Some(Phone::parse(&format!("1380000{:04}", n % 10_000)).expect("a phone")),
        address: None,
        handler: None,
        assurance: Assurance::Declared,
        as_issued: None,
    }
}

/// A citizen, signed in.
pub async fn citizen(ctx: &Ctx, n: u32) -> (CitizenId, String) {
    let made = register(ctx, &person(n), By::system("test")).await.expect("a person");
    (CitizenId(made.id), signed_in(ctx, Side::Citizen, made.id).await)
}

/// A client with these scopes and a token that has all of them.
pub async fn client(ctx: &Ctx, org: OrgId, scopes: &[ClientScope]) -> (Uuid, String) {
    let by = By::system("test");
    let scopes = scopes.iter().copied().collect();
    let new = clients::open(ctx, "测试系统", org, &scopes, by.clone()).await.expect("a client");
    let wide = ClientCommand::SetLimits { per_second: 1000, per_day: 1_000_000 };
    clients::act(ctx, new.record.id, wide, by).await.expect("limits");
    let granted = clients::grant(ctx, &new.record.id.to_string(), &new.secret, "").await;
    (new.record.id, granted.expect("a token").token)
}
