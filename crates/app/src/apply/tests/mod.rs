//! A citizen's way, seen from outside: from the guide to the numbers, and back to what is missing.

mod bundles;
mod files;
mod hostile;
mod raw;

use crate::cases::{self, StaffActor};
use crate::testing::{World, on_both, world};
use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::cases::{Command, ToCorrect};
use domain::catalogue::{Audience, Regime};
use domain::kernel::CaseId;
use domain::org::Level;
use domain::rights::Role;
use uuid::Uuid;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// An item that people apply for online and that asks for something, by its address.
fn item(world: &World, regime: Regime) -> String {
    let fits = |entry: &&crate::catalogue::Entry| {
        let guide = &entry.item.guide;
        entry.item.regime.value == regime
            && guide.channels.online
            && guide.process.audience.contains(&Audience::NaturalPerson)
            && guide
                .materials
                .iter()
                .any(|m| m.required && m.source != domain::catalogue::MaterialSource::Shared)
    };
    world.catalogue().items().iter().find(fits).expect("an item").slug()
}

fn to(headers: &HeaderMap) -> String {
    headers["location"].to_str().unwrap().to_owned()
}

/// Begins a draft and answers its address without the step.
async fn begun(world: &World, cookie: &str, regime: Regime) -> String {
    let path = format!("/apply/{}", item(world, regime));
    assert_eq!(world.get_as(cookie, &path).await.0, StatusCode::OK);
    let (status, headers, _) = world.post_as(cookie, &path, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    to(&headers).strip_suffix("/info").expect("the first step").to_owned()
}

async fn upload(
    world: &World,
    cookie: &str,
    path: &str,
    name: &str,
    bytes: &[u8],
    script: bool,
) -> (StatusCode, HeaderMap, String) {
    let head = format!(
        "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--B--\r\n"].concat();
    let mut request = Request::post(path)
        .header(CONTENT_TYPE, "multipart/form-data; boundary=B")
        .header(HOST, "localhost")
        .header(CONTENT_LENGTH, body.len())
        .header(COOKIE, cookie);
    if script {
        request = request.header("x-upload", "1");
    }
    world.ask(request.body(Body::from(body)).unwrap()).await
}

/// The codes of the materials that a draft's page asks for.
async fn asked(world: &World, cookie: &str, draft: &str) -> Vec<String> {
    let text = world.get_as(cookie, &format!("{draft}/materials")).await.2;
    let cut = |part: &str| part.split(['"', '/']).next().unwrap_or_default().to_owned();
    let mut codes: Vec<String> =
        text.split(&format!("data-upload=\"{draft}/materials/")).skip(1).map(cut).collect();
    codes.dedup();
    codes
}

/// What the items of these tests must be told; who is not asked, is not told.
const ANSWERS: [(&str, &str); 3] = [("matter", ""), ("living_ground", "work"), ("reporter_is", "kin")];

fn hall(world: &World) -> String {
    world.city().halls().find(|hall| hall.level == Level::Town).unwrap().id.to_string()
}

/// A draft with everything, ready to be submitted.
async fn complete(world: &World, cookie: &str, regime: Regime) -> String {
    let draft = begun(world, cookie, regime).await;
    let (status, headers, text) = world.post_as(cookie, &format!("{draft}/info"), &ANSWERS).await;
    assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, format!("{draft}/materials")), "{text}");
    for code in asked(world, cookie, &draft).await {
        let done = upload(world, cookie, &format!("{draft}/materials/{code}"), "身份证.png", PNG, true).await;
        assert_eq!(done.0, StatusCode::OK, "{}", done.2);
        assert!(done.2.contains("身份证.png"));
    }
    let place = [("accepting", hall(world)), ("delivery", "window".to_owned())];
    let place: Vec<(&str, &str)> = place.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let (status, headers, text) = world.post_as(cookie, &format!("{draft}/place"), &place).await;
    assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, format!("{draft}/check")), "{text}");
    draft
}

/// Submits and answers the page of the numbers.
async fn submitted(world: &World, cookie: &str, draft: &str) -> String {
    let (status, headers, text) = world.post_as(cookie, &format!("{draft}/check"), &[("true", "1")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    world.get_as(cookie, &to(&headers)).await.2
}

fn case_id(text: &str) -> Uuid {
    let at = text.find("/me/cases/").expect("a case") + "/me/cases/".len();
    text[at..at + 36].parse().expect("an id")
}

#[tokio::test]
async fn each_regime_can_be_applied_for_and_followed() {
    on_both(|world| async move {
        let (_, cookie) = world.citizen(1).await;
        for regime in [Regime::Immediate, Regime::Promised, Regime::ReportUp] {
            let draft = complete(&world, &cookie, regime).await;
            let check = world.get_as(&cookie, &format!("{draft}/check")).await.2;
            assert!(check.contains("现在还没有提交") && check.contains("来自实名认证"));
            assert!(!check.contains("王小明"), "the page masks what it need not show");
            let done = submitted(&world, &cookie, &draft).await;
            assert!(done.contains("受理编号") && done.contains("查询码"));
            let id = case_id(&done);
            let (status, _, page) = world.get_as(&cookie, &format!("/me/cases/{id}")).await;
            assert_eq!(status, StatusCode::OK);
            assert!(page.contains("正在看材料齐不齐") && page.contains("没有答复，就算受理了"));
            assert!(world.get_as(&cookie, "/me").await.2.contains(&format!("/me/cases/{id}")));
        }
    })
    .await;
}

#[tokio::test]
async fn submitting_twice_makes_one_case_and_tells_the_same_numbers() {
    let world = world().await;
    let (citizen, cookie) = world.citizen(1).await;
    let draft = complete(&world, &cookie, Regime::Promised).await;
    let path = format!("{draft}/check");
    let go = || world.post_as(&cookie, &path, &[("true", "1")]);
    let (first, second) = tokio::join!(go(), go());
    assert_eq!((first.0, second.0), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(to(&first.1), to(&second.1));
    let (mine, _) = cases::mine(&world.ctx, citizen, None, 10).await.unwrap();
    assert_eq!(mine.len(), 1);
    let back = world.get_as(&cookie, &path).await;
    assert_eq!(
        (back.0, to(&back.1)),
        (StatusCode::SEE_OTHER, to(&first.1)),
        "the back button leads to the numbers"
    );
}

#[tokio::test]
async fn nothing_is_submitted_without_the_declaration() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let draft = complete(&world, &cookie, Regime::Promised).await;
    let (status, _, text) = world.post_as(&cookie, &format!("{draft}/check"), &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("请先勾选") && text.contains("<title>错误："));
}

#[tokio::test]
async fn what_is_half_filled_in_is_kept_and_what_is_wrong_is_said_beside_its_field() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let draft = begun(&world, &cookie, Regime::Promised).await;
    let info = format!("{draft}/info");
    let long = "长".repeat(10_000);
    for (name, value, sentence) in [
        ("phone", "12", "电话"),
        ("contact", long.as_str(), "最多 100 个字"),
        ("contact", "'; DROP TABLE draft; --", ""),
        ("matter", "<script>alert(1)</script>", ""),
    ] {
        let (status, _, text) = world.post_as(&cookie, &info, &[(name, value)]).await;
        if sentence.is_empty() {
            assert!(status == StatusCode::SEE_OTHER || text.contains("还有"), "{name}");
        } else {
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert!(text.contains(sentence), "{name}: {text}");
        }
        let page = world.get_as(&cookie, &info).await.2;
        assert!(!page.contains("<script>alert"), "{name}");
        let escaped = ui::SafeHtml::text(value);
        assert!(page.contains(escaped.as_str()), "what was typed into {name} is still there");
    }
}

#[tokio::test]
async fn autosave_answers_nothing_and_refuses_nothing() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let draft = begun(&world, &cookie, Regime::Promised).await;
    let request = Request::post(format!("{draft}/info"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(HOST, "localhost")
        .header(COOKIE, &cookie)
        .header("x-autosave", "1");
    assert_eq!(world.ask(request.body(Body::from("phone=1")).unwrap()).await.0, StatusCode::NO_CONTENT);
    assert!(world.get_as(&cookie, &format!("{draft}/info")).await.2.contains("value=\"1\""));
}

#[tokio::test]
async fn a_file_is_judged_by_its_content_and_its_size() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let draft = begun(&world, &cookie, Regime::Promised).await;
    let code = asked(&world, &cookie, &draft).await.remove(0);
    let path = format!("{draft}/materials/{code}");
    let program = upload(&world, &cookie, &path, "photo.png", b"MZ\x90\0 this is a program", true).await;
    assert_eq!(program.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(program.2.contains("只收照片") && !program.2.contains('<'), "{}", program.2);
    let mut large = PNG.to_vec();
    large.resize(25 * 1024 * 1024 + 10, 0);
    let told = upload(&world, &cookie, &path, "large.png", &large, false).await;
    assert!(told.2.contains("最大 25 MB"), "{}", told.0);
    large.resize(33 * 1024 * 1024, 0);
    let told = upload(&world, &cookie, &path, "huge.png", &large, true).await;
    assert_eq!(told.0, StatusCode::PAYLOAD_TOO_LARGE);
    let page = world.get_as(&cookie, &format!("{draft}/materials")).await.2;
    assert!(!page.contains("已上传</span>") && !page.contains("large.png"), "nothing was kept");
    let kept = upload(&world, &cookie, &path, "../../<b>身份证</b>.png", PNG, false).await;
    assert_eq!(kept.0, StatusCode::SEE_OTHER);
    assert!(!world.get_as(&cookie, &format!("{draft}/materials")).await.2.contains("<b>身份证"));
}

#[tokio::test]
async fn somebody_elses_draft_and_case_are_not_there() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let (_, other) = world.citizen(2).await;
    let draft = complete(&world, &cookie, Regime::Promised).await;
    let nowhere = world.get_as(&other, &format!("/apply/draft/{}/info", Uuid::nil())).await;
    let theirs = world.get_as(&other, &format!("{draft}/info")).await;
    assert_eq!((theirs.0, nowhere.0), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    let id = case_id(&submitted(&world, &cookie, &draft).await);
    for path in
        [format!("/me/cases/{id}"), format!("/me/cases/{id}/withdraw"), format!("/me/cases/{id}/correct")]
    {
        assert_eq!(world.get_as(&other, &path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn number_and_code_show_where_a_case_stands_and_five_wrong_codes_close_the_door() {
    let world = world().await;
    let (citizen, cookie) = world.citizen(1).await;
    let draft = complete(&world, &cookie, Regime::Promised).await;
    let done = submitted(&world, &cookie, &draft).await;
    let cell = |n: usize| done.split("<strong>").nth(n).and_then(|s| s.split('<').next()).unwrap().to_owned();
    let number = cases::mine(&world.ctx, citizen, None, 1).await.unwrap().0.remove(0).number;
    let code = (1..8).map(cell).find(|text| text.len() == 6).expect("a query code");
    let (status, _, page) = world.post_as("", "/track", &[("number", &number), ("code", &code)]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("正在看材料齐不齐") && !page.contains("王*明") && !page.contains("撤回申请"));
    for _ in 0..5 {
        let (status, _, page) = world.post_as("", "/track", &[("number", &number), ("code", "AAAAAA")]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("value=\""), "what was typed is still there");
    }
    let page = world.post_as("", "/track", &[("number", &number), ("code", &code)]).await.2;
    assert!(page.contains("15 分钟后再试"));
}

/// Hands in an application without a single material: the draft and its case.
async fn without_papers(world: &World, cookie: &str) -> (String, CaseId) {
    let draft = begun(world, cookie, Regime::Promised).await;
    world.post_as(cookie, &format!("{draft}/info"), &ANSWERS).await;
    let hall = hall(world);
    let place = [("accepting", hall.as_str()), ("delivery", "window")];
    world.post_as(cookie, &format!("{draft}/place"), &place).await;
    let id = case_id(&submitted(world, cookie, &draft).await);
    (draft, CaseId(id))
}

/// A clerk receives the case and asks for everything that is missing; answers the codes.
async fn asked_by_a_clerk(world: &World, id: CaseId) -> Vec<String> {
    let record = cases::find(&world.ctx.db, id).await.unwrap().unwrap();
    let org = record.case.submission.as_ref().unwrap().org;
    let (clerk, _) = world.staff(Role::WindowClerk, org).await;
    let path = world.city().org(org).unwrap().path.clone();
    let rights = domain::rights::Actor::staff(clerk.uuid(), Role::WindowClerk, path);
    let clerk = StaffActor { id: clerk, rights };
    let receive = Command::Receive { materials: vec![] };
    let received = cases::act_as_staff(&world.ctx, &clerk, id, record.version, receive, "t").await.unwrap();
    let missing: Vec<String> = received.case.missing().into_iter().map(str::to_owned).collect();
    let reason = || "照片看不清<b>请重拍</b>".to_owned();
    let items = missing.iter().map(|code| ToCorrect { code: code.clone(), reason: reason() }).collect();
    let ask = Command::AskCorrection { items, until: jiff::civil::date(2026, 3, 31) };
    cases::act_as_staff(&world.ctx, &clerk, id, received.version, ask, "t").await.unwrap();
    missing
}

#[tokio::test]
async fn only_what_is_missing_is_asked_for_and_can_be_handed_in() {
    on_both(|world| async move {
        let (_, cookie) = world.citizen(1).await;
        let (_, id) = without_papers(&world, &cookie).await;
        let missing = asked_by_a_clerk(&world, id).await;
        assert!(world.get_as(&cookie, "/me").await.2.contains("去补材料"));
        let correct = format!("/me/cases/{id}/correct");
        let page = world.get_as(&cookie, &correct).await.2;
        assert!(page.contains("照片看不清") && !page.contains("<b>请重拍") && page.contains("3 月 31 日"));
        let version =
            page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let stale = world.post_as(&cookie, &correct, &[("version", "1")]).await;
        assert!(stale.2.contains("已经有了变化"), "{}", stale.2);
        let early = world.post_as(&cookie, &correct, &[("version", &version)]).await;
        assert_eq!(early.0, StatusCode::UNPROCESSABLE_ENTITY);
        for code in missing {
            let path = format!("/me/cases/{id}/materials/{code}");
            assert_eq!(upload(&world, &cookie, &path, "补.png", PNG, true).await.0, StatusCode::OK, "{code}");
        }
        let page = world.get_as(&cookie, &correct).await.2;
        let cut =
            page.split(&format!("href=\"/me/cases/{id}/files/")).nth(1).and_then(|s| s.split('"').next());
        let staged = format!("/me/cases/{id}/files/{}", cut.expect("a page to look at"));
        assert_eq!(world.get_as(&cookie, &staged).await.0, StatusCode::OK);
        let (_, stranger) = world.citizen(3).await;
        assert_eq!(world.get_as(&stranger, &staged).await.0, StatusCode::NOT_FOUND);
        let sent = world.post_as(&cookie, &correct, &[("version", &version)]).await;
        assert_eq!(sent.0, StatusCode::SEE_OTHER, "{}", sent.2);
        let after = cases::find(&world.ctx.db, id).await.unwrap().unwrap();
        assert!(after.case.missing().is_empty());
        let file = after.case.materials.iter().flat_map(|m| &m.files).next().copied().unwrap();
        let page = world.get_as(&cookie, &format!("/me/cases/{id}")).await.2;
        let href =
            page.split(&format!("/cases/{id}/files/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
        let path = format!("/cases/{id}/files/{href}");
        let (status, headers, _) = world.get_as(&cookie, &path).await;
        assert_eq!(status, StatusCode::OK, "{file}");
        assert!(headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        let (_, other) = world.citizen(2).await;
        assert_eq!(world.get_as(&other, &path).await.0, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn an_application_can_be_withdrawn_with_a_reason_once() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let draft = complete(&world, &cookie, Regime::Promised).await;
    let id = case_id(&submitted(&world, &cookie, &draft).await);
    let path = format!("/me/cases/{id}/withdraw");
    let page = world.get_as(&cookie, &path).await.2;
    let version =
        page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let empty = world.post_as(&cookie, &path, &[("version", &version), ("reason", " ")]).await;
    assert_eq!(empty.0, StatusCode::UNPROCESSABLE_ENTITY);
    let form = [("version", version.as_str()), ("reason", "以后再办")];
    assert_eq!(world.post_as(&cookie, &path, &form).await.0, StatusCode::SEE_OTHER);
    let again = world.post_as(&cookie, &path, &form).await;
    assert_eq!(again.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.2.contains("以后再办"), "what was typed is still there");
    assert!(world.get_as(&cookie, &format!("/me/cases/{id}")).await.2.contains("您已经撤回了这个申请"));
}
