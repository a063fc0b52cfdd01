//! Markup, SQL and ten thousand characters in every field a citizen can type into: nothing breaks, nothing runs, nothing
//! that was typed is lost, and whoever typed it reads what to do.

use super::*;

const MARKUP: &str = "\"><script>alert('x')</script><img src=x onerror=alert(1)>";
const SQL: &str = "'; DROP TABLE draft; DELETE FROM person WHERE '1'='1' --";

/// What people could type, and what could be typed by somebody who is not nice.
fn texts() -> [String; 4] {
    [MARKUP.to_owned(), SQL.to_owned(), "王".repeat(10_000), "𠮷·\u{202e}龘\u{0}".to_owned()]
}

/// An answer in Chinese that is no fault of ours and in which nothing that was typed has become markup.
fn is_sound(place: &str, answer: &(StatusCode, HeaderMap, String)) {
    let (status, _, text) = answer;
    assert!(!status.is_server_error(), "{place}: {status} {text}");
    assert!(!text.contains("<script>alert") && !text.contains("<img src=x"), "{place}: markup runs");
    if *status != StatusCode::SEE_OTHER && *status != StatusCode::NO_CONTENT {
        assert!(text.chars().any(|c| ('一'..='龥').contains(&c)), "{place}: {status} {text}");
    }
}

/// The names of the fields of a page that take any text.
fn fields(page: &str) -> Vec<String> {
    let named = page.split(['<']).filter(|tag| tag.starts_with("input") || tag.starts_with("textarea"));
    let wanted = named.filter(|tag| {
        !["type=\"hidden\"", "type=\"file\"", "type=\"checkbox\""].iter().any(|not| tag.contains(not))
    });
    let mut names: Vec<String> =
        wanted.filter_map(|tag| tag.split(" name=\"").nth(1)?.split('"').next().map(str::to_owned)).collect();
    names.dedup();
    names
}

#[tokio::test]
async fn every_field_of_every_step_of_an_application_stands_markup_sql_and_ten_thousand_characters() {
    let world = world().await;
    let (citizen, cookie) = world.citizen(1).await;
    // Items with as many questions of their own as possible.
    for item in ["013", "127", "141", "167", "179"] {
        let (_, headers, _) = world.post_as(&cookie, &format!("/apply/{item}"), &[]).await;
        let info = to(&headers);
        let draft = info.strip_suffix("/info").unwrap();
        for step in ["info", "place?district=320402"] {
            let path = format!("{draft}/{step}");
            let names = fields(&world.get_as(&cookie, &path).await.2);
            assert!(names.len() >= 2, "{step}: {names:?}");
            for name in names {
                for text in texts() {
                    let place = format!("{item} {step} {name}");
                    let path = format!("{draft}/{}", step.split('?').next().unwrap());
                    is_sound(&place, &world.post_as(&cookie, &path, &[(&name, &text)]).await);
                    let kept = world.get_as(&cookie, &path).await;
                    is_sound(&place, &kept);
                    is_sound(&place, &world.get_as(&cookie, &format!("{draft}/check")).await);
                }
            }
        }
        let (status, _, told) = world.post_as(&cookie, &format!("{draft}/check"), &[("true", "1")]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{told}");
        for text in texts() {
            is_sound("items", &world.post_as(&cookie, &format!("{draft}/items"), &[("join", &text)]).await);
            let asked = serde_urlencoded::to_string([("q", &text)]).unwrap();
            if asked.len() < 8_000 {
                is_sound("search", &world.get_as(&cookie, &format!("{draft}/items?{asked}")).await);
            }
        }
    }
    assert!(cases::mine(&world.ctx, citizen, None, 1).await.unwrap().0.is_empty(), "nothing was submitted");
}

#[tokio::test]
async fn what_is_too_long_says_how_long_it_may_be_and_stays_typed() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let (_, headers, _) = world.post_as(&cookie, "/apply/167", &[]).await;
    let info = to(&headers);
    let long = "王".repeat(10_000);
    for (name, most) in [("child_name", 100), ("contact", 100), ("address", 200), ("matter", 1000)] {
        let (status, _, page) = world.post_as(&cookie, &info, &[(name, &long)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.contains(&format!("最多 {most} 个字，现在有 10000 个字")), "{name}");
        assert!(page.contains(&long), "what was typed into {name} is still there");
        world.post_as(&cookie, &info, &[(name, "王小明")]).await;
    }
    let heap = "王".repeat(70_000);
    let form = [("matter", heap.as_str()), ("address", &heap), ("contact", &heap)];
    let (status, _, page) = world.post_as(&cookie, &info, &form).await;
    assert!(status.is_client_error() && (page.contains("太长") || page.contains("太大")), "{status}");
}

#[tokio::test]
async fn forms_without_signing_in_stand_the_same() {
    let world = world().await;
    let pages: [(&str, &[&str]); 4] = [
        ("/register", &["name", "document", "phone", "password", "again", "document_kind", "back"]),
        ("/login", &["name", "password", "back", "to", "keep.matter"]),
        ("/track", &["number", "code"]),
        ("/mode", &["mode", "back"]),
    ];
    for (path, names) in pages {
        for name in names {
            for text in texts() {
                is_sound(&format!("{path} {name}"), &world.post_as("", path, &[(name, &text)]).await);
            }
        }
    }
    for text in texts() {
        for path in ["/items", "/halls", "/verify", "/login", "/register"] {
            for name in ["q", "department", "theme", "after", "code", "back", "district"] {
                let query = serde_urlencoded::to_string([(name, &text)]).unwrap();
                if query.len() < 8_000 {
                    is_sound(&format!("{path}?{name}"), &world.fetch(&format!("{path}?{query}")).await);
                }
            }
        }
    }
}

#[tokio::test]
async fn the_account_a_firm_a_withdrawal_and_a_file_stand_the_same() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let draft = complete(&world, &cookie, Regime::Promised).await;
    let code = asked(&world, &cookie, &draft).await.remove(0);
    for name in [MARKUP, SQL, &"长".repeat(3_000), "..\\..\\etc\\passwd", "\u{202e}gnp.exe"] {
        let name = name.replace('"', "'");
        is_sound(
            "file",
            &upload(&world, &cookie, &format!("{draft}/materials/{code}"), &name, PNG, false).await,
        );
    }
    let materials = world.get_as(&cookie, &format!("{draft}/materials")).await;
    is_sound("materials", &materials);
    assert!(!materials.2.contains(&"长".repeat(300)), "a file's name is cut");
    let id = case_id(&submitted(&world, &cookie, &draft).await);
    let case = format!("/me/cases/{id}");
    for text in texts() {
        for name in ["name", "document"] {
            is_sound("firm", &world.post_as(&cookie, "/register/firm", &[(name, &text)]).await);
        }
        for name in ["old", "new", "again"] {
            is_sound("password", &world.post_as(&cookie, "/me/account/password", &[(name, &text)]).await);
        }
        is_sound("act", &world.post_as(&cookie, "/me/act", &[("firm", &text)]).await);
        for name in ["reason", "version"] {
            let form = [("version", "999"), (name, &text)];
            is_sound("withdraw", &world.post_as(&cookie, &format!("{case}/withdraw"), &form).await);
        }
        is_sound("correct", &world.post_as(&cookie, &format!("{case}/correct"), &[("version", &text)]).await);
    }
    is_sound("case", &world.get_as(&cookie, &case).await);
}

#[tokio::test]
async fn a_step_sent_after_the_session_has_ended_is_sent_again_after_signing_in_with_all_that_was_typed() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let draft = begun(&world, &cookie, Regime::Promised).await;
    let info = format!("{draft}/info");
    let typed = "旧卡丢了<b>，要换一张";
    let (status, _, page) = world.post_as("", &info, &[("matter", typed), ("phone", "13800000001")]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(page.contains("登录已经过期") && page.contains("您填写的内容都在"));
    assert!(page.contains(&format!("name=\"to\" value=\"{info}\"")));
    assert!(page.contains(ui::SafeHtml::text(typed).as_str()), "{page}");
    let path = format!("{draft}/materials/any");
    let file = upload(&world, "", &path, "1.png", PNG, true).await;
    assert_eq!(file.0, StatusCode::UNAUTHORIZED, "the script says that one must sign in");
    let file = upload(&world, "", &path, "1.png", PNG, false).await;
    assert!(file.2.contains("刚才选的文件没有收到"));
}

#[tokio::test]
async fn a_page_left_open_while_the_case_went_on_changes_nothing_and_says_so() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let (draft, id) = without_papers(&world, &cookie).await;
    asked_by_a_clerk(&world, id).await;
    let form = [("version", "1"), ("reason", "不办了")];
    let (status, _, page) = world.post_as(&cookie, &format!("/me/cases/{id}/withdraw"), &form).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("已经有了变化") && page.contains("不办了"), "{page}");
    for step in ["info", "materials", "place", "check", "items"] {
        let (status, headers, _) = world.get_as(&cookie, &format!("{draft}/{step}")).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "the back button leads to the numbers from {step}");
        assert!(to(&headers).contains("/apply/done/"));
        let sent = world.post_as(&cookie, &format!("{draft}/{step}"), &[("join", "138")]).await;
        assert_eq!(sent.0, StatusCode::SEE_OTHER, "{step}");
    }
}
