//! What people and programs send that nobody meant: markup, endless names, foreign files, addresses of others.

use super::*;
use crate::cases;
use crate::testing::on_both;

const EVIL: &str = "'; DROP TABLE window_tab; --<script>alert(1)</script>\"><img src=x onerror=alert(1)>";

#[tokio::test]
async fn sql_and_markup_in_every_field_stay_text() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(PROMISED).await;
        let page = clerk.get(&tab).await;
        let names: Vec<String> = page
            .text
            .split(" name=\"")
            .skip(1)
            .map(|part| part.split('"').next().unwrap().to_owned())
            .filter(|name| !matches!(name.as_str(), "page" | "version" | "do" | "viewport" | "robots"))
            .collect();
        assert!(names.len() > 8, "{names:?}");
        let form: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), EVIL)).collect();
        let saved = clerk.press(&tab, "save", &form).await;
        assert!(saved.status.is_redirection(), "{} {}", saved.status, saved.text);
        let page = clerk.get(&format!("{tab}?check=1")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text.contains("<script>alert") && !page.text.contains("<img src=x"), "escaped");
        assert!(page.text.contains("DROP TABLE"), "what was typed is still there");
        assert!(clerk.get("/window").await.status.is_success());
    })
    .await;
}

#[tokio::test]
async fn a_name_of_ten_thousand_characters_is_refused_with_a_sentence_and_kept() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.open().await;
        clerk.press(&tab, "find_person", &[("document", NUMBER)]).await;
        let long = "王".repeat(10_000);
        let answer = clerk.press(&tab, "register_person", &[("name", &long), ("phone", "13812345678")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("姓名最多 100 个字"), "what to do is said");
        assert!(answer.text.contains(&"王".repeat(300)), "and the text is still there");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_number_is_told_at_its_field() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.open().await;
        let answer = clerk.press(&tab, "find_person", &[("document", "320402199003074510")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("id=\"document-err\"") && answer.text.contains("href=\"#document\""));
        assert!(answer.text.contains("<title>错误："));
    })
    .await;
}

#[tokio::test]
async fn a_file_is_what_its_bytes_say_and_not_too_large() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(PROMISED).await;
        let code = clerk
            .get(&tab)
            .await
            .text
            .split("name=\"copies.")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let path = format!("{tab}/upload/{code}");
        let field = format!("file.{code}");
        let taken = clerk.upload(&path, (&field, "申请表.png", PNG)).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
        assert!(taken.text.starts_with("<li") && taken.text.contains("申请表.png"));
        let program = clerk.upload(&path, (&field, "申请表.png", b"MZ\x90\0program")).await;
        assert_eq!(program.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert!(program.text.starts_with("只收照片"), "a sentence and no page: {}", program.text);
        let large = vec![0u8; 26 * 1024 * 1024];
        let refused = clerk.upload(&path, (&field, "大.png", &large)).await;
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(refused.text.contains("25 MB"), "{}", refused.text);
        let foreign = clerk.upload(&format!("{tab}/upload/m000000000000"), (&field, "a.png", PNG)).await;
        assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = clerk.get(&tab).await;
        let file = page.text.split("see:").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let shown = clerk.get(&format!("{tab}/files/{file}")).await;
        assert_eq!(shown.headers[CONTENT_TYPE], "image/png");
        let other = Browser::clerk(&world).await;
        assert_eq!(other.get(&format!("{tab}/files/{file}")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn without_scripts_a_form_carries_its_files_along() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(PROMISED).await;
        let page = clerk.get(&tab).await;
        let code = page.text.split("name=\"copies.").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let (mark, version) = (page.hidden("page"), page.hidden("version"));
        let form = [("page", mark.as_str()), ("version", version.as_str()), ("do", "accept")];
        let done = clerk.send(&tab, &form, &[(&format!("file.{code}"), "申请表.png", PNG)]).await;
        let record = cases::find(&world.db, Browser::case(&done)).await.unwrap().unwrap();
        assert_eq!(record.case.materials[0].files.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn addresses_that_nobody_gave_out_answer_not_found() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let nobody = Uuid::from_u128(404);
        for path in [
            format!("/window/tabs/{nobody}"),
            format!("/window/tabs/{nobody}/state"),
            format!("/window/tabs/{nobody}/do/refuse"),
            format!("/window/tabs/{nobody}/files/{nobody}"),
            format!("/window/cases/{nobody}"),
            format!("/window/cases/{nobody}/do/refuse"),
            format!("/window/handout/{nobody}"),
        ] {
            assert_eq!(clerk.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let tab = clerk.begin(PROMISED).await;
        assert_eq!(clerk.get(&format!("{tab}/do/accept")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(clerk.get(&format!("{tab}/do/drop")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
