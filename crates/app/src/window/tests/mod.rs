//! The window as a clerk and a browser see it, on both databases.

mod agents;
mod counter;
mod handing_out;
mod hostile;
mod lost_session;
mod outcomes;
mod paper_trail;
mod seen_in_full;
mod together;

use crate::testing::World;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::kernel::{CaseId, OrgId, StaffId};
use domain::org::Level;
use domain::rights::Role;
use uuid::Uuid;

/// A person who lives nowhere but in tests.
const NUMBER: &str = "320402199003074516";
/// 生育登记 of annex 1: done at once, one paper.
const AT_ONCE: &str = "101";
/// 社会保障卡申请: promised, one paper.
const PROMISED: &str = "157";
/// 残疾儿童康复救助: reported up, two papers, of which one may follow.
const UPWARDS: &str = "167";
/// The smallest PNG.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

fn hall(world: &World) -> OrgId {
    let city = world.city();
    city.halls().find(|hall| hall.level == Level::Town).expect("a town").id
}

/// A browser of one clerk.
#[derive(Clone)]
struct Browser {
    world: World,
    staff: StaffId,
    cookie: String,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn to(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |to| to.to_str().unwrap())
    }

    /// The value of the hidden field with that name.
    fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.text.split(&mark).nth(1).unwrap_or_else(|| panic!("no field {name}: {}", self.text));
        rest.split('"').next().unwrap().to_owned()
    }
}

impl Browser {
    async fn clerk(world: &World) -> Self {
        let (staff, cookie) = world.staff(Role::WindowClerk, hall(world)).await;
        Self { world: world.clone(), staff, cookie }
    }

    async fn get(&self, path: &str) -> Answer {
        let (status, headers, text) = self.world.get_as(&self.cookie, path).await;
        Answer { status, headers, text }
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let (status, headers, text) = self.world.post_as(&self.cookie, path, form).await;
        Answer { status, headers, text }
    }

    /// A form with files, as a browser without scripts sends it.
    async fn send(&self, path: &str, form: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        self.parts(path, form, files, "X-Plain").await
    }

    /// A file as the script of the page sends it.
    async fn upload(&self, path: &str, file: (&str, &str, &[u8])) -> Answer {
        self.parts(path, &[], &[file], "X-Upload").await
    }

    async fn parts(
        &self,
        path: &str,
        form: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
        mark: &str,
    ) -> Answer {
        let mut body: Vec<u8> = Vec::new();
        for (name, value) in form {
            body.extend(
                format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        for (field, name, bytes) in files {
            let head = format!(
                "--X\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 Content-Type: image/png\r\n\r\n"
            );
            body.extend(head.bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--X--\r\n");
        let request = Request::post(path)
            .header(CONTENT_TYPE, "multipart/form-data; boundary=X")
            .header(mark, "1")
            .header(HOST, "localhost")
            .header(COOKIE, &self.cookie)
            .body(Body::from(body))
            .unwrap();
        let (status, headers, text) = self.world.ask(request).await;
        Answer { status, headers, text }
    }

    /// Opens a tab; answers its address.
    async fn open(&self) -> String {
        let id = Uuid::from_u128(u128::from_be_bytes(*self.world.new_uuid().as_bytes()));
        let answer = self.post("/window/new", &[("tab", &id.to_string())]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        answer.to().to_owned()
    }

    /// Sends a form of the workstation as the page that stands there now.
    async fn press(&self, tab: &str, word: &str, more: &[(&str, &str)]) -> Answer {
        let page = self.get(tab).await;
        let (mark, version) = (page.hidden("page"), page.hidden("version"));
        let mut form = vec![("page", mark.as_str()), ("version", version.as_str()), ("do", word)];
        form.extend(more);
        self.post(tab, &form).await
    }

    /// Registers the person and chooses the item; answers the tab.
    async fn begin(&self, item: &str) -> String {
        let tab = self.open().await;
        let who = [("kind", "id_card"), ("document", NUMBER)];
        let found = self.press(&tab, "find_person", &who).await;
        if found.to().ends_with("#name") {
            let more = [("name", "王小明"), ("phone", "13812345678"), ("address", "红梅新村")];
            let registered = self.press(&tab, "register_person", &more).await;
            assert_eq!(registered.status, StatusCode::SEE_OTHER, "{}", registered.text);
        }
        let chosen = self.press(&tab, &format!("item:{item}"), &[]).await;
        assert_eq!(chosen.to(), format!("{tab}#form"));
        tab
    }

    /// Ticks every paper that is asked for.
    async fn tick(&self, tab: &str) {
        let page = self.get(tab).await;
        let mut form: Vec<(String, String)> = Vec::new();
        for part in page.text.split("name=\"paper.").skip(1) {
            let code = part.split('"').next().unwrap();
            form.push((format!("paper.{code}"), "1".to_owned()));
            form.push((format!("copies.{code}"), "1".to_owned()));
        }
        assert!(!form.is_empty(), "no checklist");
        let form: Vec<(&str, &str)> =
            form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let saved = self.press(tab, "save", &form).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    }

    /// The case that a press led to.
    fn case(answer: &Answer) -> CaseId {
        let rest = answer.to().strip_prefix("/window/cases/").unwrap_or_else(|| panic!("{}", answer.text));
        rest.split('?').next().unwrap().parse().unwrap()
    }
}
