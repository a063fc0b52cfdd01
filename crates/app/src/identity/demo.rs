//! People for the demonstration: every post at a sensible place of the city, two citizens, one firm. Their passwords are
//! random and told once; whoever exists already stays as they are.

use super::By;
use super::account::{self, create_staff};
use super::citizen::{NewAccount, OpenError, open_account, open_firm};
use crate::Ctx;
use crate::city::City;
use crate::web::{Fault, Trace};
use domain::identity::{Document, DocumentKind, StaffCommand};
use domain::kernel::CitizenId;
use domain::kernel::identity::Phone;
use domain::kernel::time::legal_day;
use domain::org::{Level, Org, OrgKind};
use domain::rights::Role;

/// Somebody to sign in as.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    /// What is typed to sign in: a login name, or a phone.
    pub login: String,
    /// The password; `None` for who existed already.
    pub password: Option<String>,
    /// What they are: 窗口人员, 群众.
    pub what: String,
    /// Where they work; empty for citizens.
    pub place: String,
    /// Where they sign in: `/staff/login` or `/login`.
    pub page: &'static str,
}

/// Where the posts of the demonstration are held.
struct Places<'a> {
    city: &'a Org,
    office: &'a Org,
    district: &'a Org,
    department: &'a Org,
    town: &'a Org,
    village: &'a Org,
}

fn places(city: &City) -> Option<Places<'_>> {
    let find = |test: &dyn Fn(&Org) -> bool| city.orgs.iter().find(|org| test(org));
    let top = find(&|org| org.kind == OrgKind::Government && org.level == Level::City)?;
    let town = {
        let first = find(&|org| org.kind == OrgKind::TownHall)?;
        let above = first.path.parent()?;
        let mut beside = city.halls().filter(|hall| hall.level == Level::Town && above.contains(&hall.path));
        beside.nth(1).unwrap_or(first)
    };
    let above = town.path.parent()?;
    let civil = |org: &Org| org.department.as_ref().is_some_and(|key| key.as_str() == "civil");
    let of_district = |org: &Org| org.kind == OrgKind::Department && above.contains(&org.path);
    Some(Places {
        city: top,
        office: find(&|org| org.kind == OrgKind::ServiceOffice && org.level == Level::City).unwrap_or(top),
        district: find(&|org| org.path == above)?,
        department: find(&|org| of_district(org) && civil(org)).or_else(|| find(&of_district))?,
        town,
        village: find(&|org| org.kind == OrgKind::VillageHall && town.path.contains(&org.path))?,
    })
}

/// Makes the people of the demonstration who do not exist yet, and lists all of them.
///
/// # Errors
/// [`Fault`] when the data cannot be written or the city lacks a district, a town or a village.
pub async fn people(ctx: &Ctx) -> Result<Vec<DemoPerson>, Fault> {
    let city = ctx.city();
    let at = places(&city).ok_or_else(|| Fault::internal("the city has no town with a village"))?;
    let staff: [(&str, &str, Role, &Org); 16] = [
        ("clerk", "李敏", Role::WindowClerk, at.town),
        ("clerk2", "周洁", Role::WindowClerk, at.town),
        ("village", "陈刚", Role::WindowClerk, at.village),
        ("agent", "吴芳", Role::Agent, at.village),
        ("hall", "郑强", Role::HallManager, at.town),
        ("reviewer", "王磊", Role::Reviewer, at.district),
        ("approver", "赵静", Role::Approver, at.district),
        ("dept-reviewer", "孙丽", Role::Reviewer, at.department),
        ("dept-approver", "钱伟", Role::Approver, at.department),
        ("city-reviewer", "冯涛", Role::Reviewer, at.city),
        ("city-approver", "褚红", Role::Approver, at.city),
        ("supervisor", "卫平", Role::Supervisor, at.city),
        ("editor", "蒋云", Role::CatalogueEditor, at.city),
        ("sysadmin", "沈浩", Role::SystemAdministrator, at.office),
        ("secadmin", "韩雪", Role::SecurityAdministrator, at.office),
        ("auditor", "杨帆", Role::AuditAdministrator, at.office),
    ];
    let mut all = Vec::with_capacity(staff.len() + 2);
    for (login, name, role, org) in staff {
        // A clerk who may settle 即办 cases alone holds the post of an approver of the hall too.
        let posts: &[Role] = if login == "clerk" { &[Role::WindowClerk, Role::Approver] } else { &[role] };
        let password = member(ctx, login, name, posts, org).await?;
        let (what, place) = (role.label().to_owned(), org.name.clone());
        all.push(DemoPerson { login: login.to_owned(), password, what, place, page: "/staff/login" });
    }
    for (n, name) in [(1, "王小明"), (2, "张桂兰")] {
        all.push(citizen(ctx, n, name).await?);
    }
    Ok(all)
}

/// One member of staff; the password when the account was made now.
async fn member(
    ctx: &Ctx,
    login: &str,
    name: &str,
    posts: &[Role],
    org: &Org,
) -> Result<Option<String>, Fault> {
    let by = By::system("demo");
    if super::people::id_of(ctx, login).await?.is_some() {
        return Ok(None);
    }
    let posts: Vec<_> = posts.iter().map(|role| (*role, org.id)).collect();
    let new = create_staff(ctx, login, name, &posts, by).await?;
    // The password was drawn for this person and told to nobody else: it need not be changed first.
    let own = By::account(new.id, "demo");
    account::act(ctx, new.id, StaffCommand::ChangePassword, own).await?;
    Ok(Some(new.password))
}

/// A citizen with a sample document; the first one also acts for a firm.
async fn citizen(ctx: &Ctx, n: u32, name: &str) -> Result<DemoPerson, Fault> {
    let today = legal_day(ctx.now());
    let number = |check: char| {
        Document::parse(DocumentKind::IdCard, &format!("11010119700101{:03}{check}", 900 + n), today).ok()
    };
    let document =
        "0123456789X".chars().find_map(number).ok_or_else(|| Fault::internal("no sample number fits"))?;
    let phone = Phone::parse(&format!("1390000{n:04}")).map_err(Fault::internal)?;
    let trace = Trace::draw(ctx);
    let login = phone.as_str().to_owned();
    let password = super::secret::draw(ctx);
    let new = NewAccount { document, name: name.to_owned(), phone };
    let made = match open_account(ctx, &new, &password, &trace).await {
        Ok(proven) => Some(proven.person),
        Err(OpenError::Known | OpenError::Wait(_)) => None,
        Err(error) => return Err(Fault::internal(error)),
    };
    if let (Some(person), 1) = (made, n) {
        let firm =
            Document::parse(DocumentKind::Uscc, "91320402MA1N002100", today).map_err(Fault::internal)?;
        match open_firm(ctx, CitizenId(person), firm, "常州市示例有限公司".to_owned(), &trace).await
        {
            Ok(_) | Err(OpenError::Known) => {}
            Err(error) => return Err(Fault::internal(error)),
        }
    }
    let what = if n == 1 { "群众，也是一家公司的经办人" } else { "群众" };
    Ok(DemoPerson {
        login,
        password: made.map(|_| password),
        what: what.to_owned(),
        place: String::new(),
        page: "/login",
    })
}
