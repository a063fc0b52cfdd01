//! How papers are issued, made, handed out, verified and declared void, on both databases.

mod story;

use ::papers::samples;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::cases::{Actor, Applicant, Channel, Handed, MaterialTerms, Places, Submit, terms_of};
use domain::kernel::{ApplicationId, CaseId, CitizenId, OrgId, StaffId};
use domain::org::OrgPath;
use domain::rights::{self, Role};
use jiff::civil::date;
use store::{Db, Tx, Work};
use uuid::Uuid;

use super::code::Code;

use super::issue::{IssueAll, Numbering, Planned};
use super::of_case;
use crate::Ctx;
use crate::cases::{self, By, FORM_FIELD, Moment, PARTY_FIELD, Party};

use crate::identity::Staff;
use crate::proof;
use crate::testing::{MONDAY_NINE, World, on_both, world};

const CITIZEN: CitizenId = CitizenId(Uuid::from_u128(2));

fn planned(ctx: &Ctx, seq: i64, which: usize) -> Planned {
    let mut paper = samples().remove(which);
    paper.head_mut().recipient = "张三丰".into();
    let numbering = Numbering::Next { org: OrgId(Uuid::from_u128(5)), word: "天宁区雕庄街道".into() };
    let (id, code) = (ctx.new_uuid(), Code::new(ctx));
    Planned { id, seq, on: date(2026, 3, 2), code, nonce: [seq.unsigned_abs() as u8; 12], numbering, paper }
}

const CASE: CaseId = CaseId(Uuid::from_u128(1));

async fn issued(world: &World, list: &[(i64, usize)]) -> Vec<Uuid> {
    let planned = list.iter().map(|(seq, which)| planned(world, *seq, *which)).collect();
    let work = IssueAll { ctx: world.ctx.clone(), case: CASE, planned, now: world.now() };
    world.db.write(work).await.unwrap()
}

async fn code_of(world: &World, id: Uuid) -> String {
    world.db.read(super::issue::ById(id)).await.unwrap().unwrap().code
}

#[tokio::test]
async fn one_paper_of_a_kind_is_issued_for_an_event_however_often_it_is_asked_for() {
    on_both(|world| async move {
        assert_eq!(issued(&world, &[(1, 0), (2, 1)]).await.len(), 2);
        assert!(issued(&world, &[(1, 0), (2, 1)]).await.is_empty());
        assert_eq!(issued(&world, &[(3, 1)]).await.len(), 1, "the same kind for a later event");
        let list = of_case(&world, CASE).await.unwrap();
        let numbers: Vec<&str> = list.iter().map(|paper| paper.number.as_str()).collect();
        assert_eq!(
            numbers,
            ["天宁区雕庄街道收〔2026〕1号", "天宁区雕庄街道受〔2026〕1号", "天宁区雕庄街道受〔2026〕2号"]
        );
        assert!(list.iter().all(|paper| !paper.ready && paper.voided.is_none()));
        assert_all_proven(&world.db).await;
    })
    .await;
}

async fn assert_all_proven(db: &Db) {
    assert!(proof::prove(db).await.unwrap().holds());
}

#[tokio::test]
async fn a_paper_is_set_once_and_its_file_is_kept_under_its_digest() {
    on_both(|world| async move {
        let id = issued(&world, &[(1, 1)]).await[0];
        super::make(&world, id).await.unwrap();
        super::make(&world, id).await.unwrap();
        let record = world.db.read(super::issue::ById(id)).await.unwrap().unwrap();
        assert_eq!(record.version, 2, "issued and made, and nothing the second time");
        let pdf = world.files.get(&record.file().unwrap().unwrap()).await.unwrap();
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.starts_with("受理通知书") && text.contains("张三丰") && text.contains("受〔2026〕1号"));
        assert!(text.contains(&format!("https://jinban.test/verify/{}", record.code)), "{text}");
        let sealed = String::from_utf8_lossy(&record.content).into_owned();
        assert!(!sealed.contains("张三丰"), "what names people lies sealed");
        assert!(of_case(&world, CASE).await.unwrap()[0].ready);
        assert_all_proven(&world.db).await;
    })
    .await;
}

#[tokio::test]
async fn whoever_holds_a_paper_learns_whether_it_is_genuine_and_nobody_learns_the_name() {
    let world = world().await;
    let id = issued(&world, &[(1, 1)]).await[0];
    let code = code_of(&world, id).await;
    let (status, _, before) = world.fetch(&format!("/verify/{code}")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(before.contains("文件正在制作") && before.contains("现在有效"), "{before}");
    super::make(&world, id).await.unwrap();
    let digest = world.db.read(super::issue::ById(id)).await.unwrap().unwrap().state.file.unwrap();
    let (_, headers, page) = world.fetch(&format!("/verify/{}", code.to_lowercase())).await;
    assert!(page.contains("受理通知书") && page.contains("张*丰") && page.contains(&digest[..8]), "{page}");
    assert!(!page.contains("张三丰"));
    assert_eq!(headers["x-robots-tag"], "noindex");
}

async fn compared(world: &World, code: &str, file: &str) -> String {
    let body = format!(
        "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n{file}\r\n--B--\r\n"
    );
    let request = Request::post(format!("/verify/{code}"))
        .header("content-type", "multipart/form-data; boundary=B")
        .header("host", "localhost")
        .body(Body::from(body));
    world.ask(request.unwrap()).await.2
}

#[tokio::test]
async fn whoever_has_the_file_learns_whether_it_is_the_one_that_was_issued() {
    let world = world().await;
    let id = issued(&world, &[(1, 1)]).await[0];
    super::make(&world, id).await.unwrap();
    let record = world.db.read(super::issue::ById(id)).await.unwrap().unwrap();
    let pdf = world.files.get(&record.file().unwrap().unwrap()).await.unwrap();
    let pdf = String::from_utf8(pdf.to_vec()).unwrap();
    let same = compared(&world, &record.code, &pdf).await;
    assert!(same.contains("完全一样") && !same.contains("不一样"), "{same}");
    let altered = compared(&world, &record.code, &pdf.replacen("受理", "准予", 1)).await;
    assert!(altered.contains("不一样") && !altered.contains("完全一样"), "{altered}");
}

#[tokio::test]
async fn a_code_that_is_none_and_a_code_of_nothing_are_told_what_to_do() {
    let world = world().await;
    let (status, _, page) = world.fetch("/verify").await;
    assert!(status == StatusCode::OK && page.contains("name=\"code\"") && !page.contains("role=\"alert\""));
    let (_, _, page) = world.fetch("/verify?code=%3Cb%3E1").await;
    assert!(page.contains("核验码是 16 位") && page.contains("value=\"&#60;b&#62;1\""), "{page}");
    let (status, headers, _) = world.fetch("/verify?code=k7m2-9qxt-4hpa-w8rd").await;
    assert_eq!(
        (status, &headers["location"]),
        (StatusCode::SEE_OTHER, &"/verify/K7M29QXT4HPAW8RD".parse().unwrap())
    );
    for path in ["/verify/K7M29QXT4HPAW8RD", "/verify/1", "/verify/%00"] {
        let (status, _, page) = world.fetch(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.contains("name=\"code\"") && page.contains("role=\"alert\""), "{path}: {page}");
    }
}

/// Opens an online case of the citizen at a hall.
struct Open {
    ctx: Ctx,
    citizen: CitizenId,
    hall: OrgId,
}

impl Work for Open {
    type Out = CaseId;
    type Err = cases::ActError;

    async fn run(&self, tx: &Tx) -> Result<CaseId, cases::ActError> {
        let (ctx, city, now) = (&self.ctx, self.ctx.city(), self.ctx.now());
        let item = city.items.iter().find(|item| item.guide.written).unwrap();
        let at = Places { accepting: self.hall, first_review: self.hall, deciding: self.hall };
        let terms = terms_of(item, at);
        let handed = |m: &MaterialTerms| Handed { code: m.code.clone(), paper: 1, files: vec![] };
        let submit = Submit {
            case: CASE,
            application: ApplicationId(Uuid::from_u128(3)),
            applicant: Applicant::Person { id: self.citizen },
            channel: Channel::Online,
            org: self.hall,
            form_digest: None,
            given: None,
            materials: terms.materials.iter().map(handed).collect(),
            terms: Box::new(terms),
        };
        let party = serde_json::to_string(&Party { name: "张三丰".into(), ..Party::default() }).unwrap();
        let application = cases::Application {
            id: submit.application,
            applicant: submit.applicant,
            channel: submit.channel,
            party: ctx.sealer.seal(PARTY_FIELD, &party, [1; 12]),
            form: ctx.sealer.seal(FORM_FIELD, "[]", [2; 12]),
            submitted_at: now,
            entered_at: now,
        };
        cases::add_application(tx, &application).await?;
        let opening = cases::Opening { submit, query_index: vec![7; 32], entered_by: None };
        let (by, actor) = (By::Citizen(self.citizen), Actor::Citizen { id: self.citizen });
        let moment = Moment::now(ctx, "t");
        Ok(cases::open_case(tx, &city, &by, actor, &opening, &moment).await?.id)
    }
}

#[tokio::test]
async fn papers_follow_the_case_and_only_the_applicant_and_staff_of_the_case_get_them() {
    on_both(|world| async move {
        let (citizen, cookie) = world.citizen(1).await;
        let halls: Vec<OrgId> = world.city().halls().map(|hall| hall.id).take(2).collect();
        let open = Open { ctx: world.ctx.clone(), citizen, hall: halls[0] };
        let case = world.db.write(open).await.unwrap();
        let made = super::issue(&world, case).await.unwrap();
        assert_eq!(made.len(), 1, "the receipt");
        assert!(super::issue(&world, case).await.unwrap().is_empty());
        let path = of_case(&world, case).await.unwrap()[0].href.clone();
        let (status, _, page) = world.get_as(&cookie, &path).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(page.contains("正在制作"), "{page}");
        super::make(&world, made[0]).await.unwrap();
        let (status, headers, pdf) = world.get_as(&cookie, &path).await;
        assert_eq!((status, &headers["content-type"]), (StatusCode::OK, &"application/pdf".parse().unwrap()));
        assert!(headers["content-disposition"].to_str().unwrap().contains("%E6%8E%A5%E6%94%B6"));
        assert!(pdf.contains("接收回执") && pdf.contains("张三丰"), "{pdf}");
        let (_, here) = world.staff(Role::WindowClerk, halls[0]).await;
        assert_eq!(world.get_as(&here, &path).await.0, StatusCode::OK);
        let paper = world.db.read(super::issue::ById(made[0])).await.unwrap().unwrap();
        let (_, _, proof) = world.fetch(&format!("/verify/{}", paper.code)).await;
        assert!(proof.contains("已提交"), "where the case stands now: {proof}");
        let (_, stranger) = world.citizen(2).await;
        let (_, elsewhere) = world.staff(Role::WindowClerk, halls[1]).await;
        for who in [&stranger, &elsewhere] {
            let (status, _, body) = world.get_as(who, &path).await;
            assert_eq!(status, StatusCode::NOT_FOUND);
            assert!(!body.contains("张三丰"));
        }
        let absent = format!("/cases/{case}/papers/{}", Uuid::from_u128(9));
        assert_eq!(world.get_as(&cookie, &absent).await.0, StatusCode::NOT_FOUND);
        assert_ne!(world.fetch(&path).await.0, StatusCode::OK, "nobody without signing in");
        assert_all_proven(&world.db).await;
    })
    .await;
}

#[tokio::test]
async fn a_void_paper_says_so_with_the_reason_and_a_reason_is_asked_for() {
    on_both(|world| async move {
        let id = issued(&world, &[(1, 1)]).await[0];
        let org = OrgId(Uuid::from_u128(5));
        let at = OrgPath::root("320400");
        let staff = Staff {
            id: StaffId(Uuid::from_u128(7)),
            login: "a".into(),
            name: "李明".into(),
            actor: rights::Actor::staff(Uuid::from_u128(7), rights::Role::Approver, at.clone()),
            posts: vec![],
            org,
            at,
            org_name: String::new(),
        };
        let refused = super::void(&world, id, "  ", &staff, "t").await.unwrap_err();
        assert_eq!(refused.field, Some("reason"));
        super::void(&world, id, "材料造假，受理撤销", &staff, "t").await.unwrap();
        let (_, _, page) = world.fetch(&format!("/verify/{}", code_of(&world, id).await)).await;
        assert!(
            page.contains("已经作废") && page.contains("材料造假") && !page.contains("现在有效"),
            "{page}"
        );
        assert_all_proven(&world.db).await;
    })
    .await;
}

struct Messages;

impl Work for Messages {
    type Out = Vec<store::outbox::Message>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        store::outbox::take(tx, MONDAY_NINE.parse().unwrap(), &store::Retries::USUAL, 10).await
    }
}

struct Order(store::outbox::Message, cases::Reaction);

impl Work for Order {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let now = MONDAY_NINE.parse().unwrap();
        let events = self.1.run(tx).await?;
        super::order(tx, &self.0, &events, now).await?;
        super::order(tx, &self.0, &[], now).await
    }
}

struct Claim;

impl Work for Claim {
    type Out = Vec<store::jobs::Job>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let now = MONDAY_NINE.parse().unwrap();
        store::jobs::claim(tx, super::QUEUE, now, &store::Retries::USUAL, 10).await
    }
}

#[tokio::test]
async fn a_change_of_a_case_orders_its_papers_once_and_the_job_issues_and_sets_them() {
    on_both(|world| async move {
        let hall = world.city().halls().next().unwrap().id;
        let open = Open { ctx: world.ctx.clone(), citizen: CITIZEN, hall };
        let case = world.db.write(open).await.unwrap();
        let messages = world.db.write(Messages).await.unwrap();
        let message = messages.iter().find(|message| message.topic == "case").unwrap();
        for _ in 0..2 {
            let reaction = cases::reaction(&world, message).unwrap();
            world.db.write(Order(message.clone(), reaction)).await.unwrap();
        }
        let jobs = world.db.write(Claim).await.unwrap();
        assert_eq!(jobs.len(), 1);
        super::run(&world, &jobs[0]).await.unwrap();
        let list = of_case(&world, case).await.unwrap();
        assert!(list.len() == 1 && list[0].ready, "{list:?}");
        assert!(world.db.write(Claim).await.unwrap().is_empty());
    })
    .await;
}
