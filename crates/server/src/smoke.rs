//! `jinban smoke`: one case of each regime through a running server, over HTTP as people do it. Operators run it after an
//! upgrade; it says each step and stops at the first that does not work.

use crate::demo::{self, Person};
use crate::serve::say;
use anyhow::{Context, bail, ensure};
use std::path::Path;
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::unversioned::multipart::{Form, Part};

/// The smallest picture that says it is one.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\0IEND\xaeB`\x82";

/// The regimes with the words that an item's page says.
const REGIMES: [(&str, &str); 3] = [("即办", "当场办"), ("承诺", "按承诺时限办"), ("上报", "受理后报上级办")];

/// Walks one case of each regime.
///
/// # Errors
/// The first step that did not work, with what the server answered.
pub fn run(url: &str, people: &Path) -> anyhow::Result<()> {
    let all = demo::kept(people)?;
    ensure!(
        !all.is_empty(),
        "{} has no people to sign in as; give the folder with --data, or write such a file.",
        demo::file(people).display()
    );
    let begun = Instant::now();
    let town = Town { url: url.trim_end_matches('/').to_owned(), people: all };
    let public = town.browser();
    public.get("/healthz").context("The server does not answer")?;
    say("server: answers");
    for (regime, words) in REGIMES {
        let item = town.item(&public, words)?;
        walk(&town, regime, &item).with_context(|| format!("The {regime} case did not get through"))?;
    }
    say(&format!("smoke: all three regimes work ({} s)", begun.elapsed().as_secs()));
    Ok(())
}

/// The server and who can sign in there.
struct Town {
    url: String,
    people: Vec<Person>,
}

/// A browser of one person.
struct Browser {
    agent: Agent,
    url: String,
}

impl Browser {
    fn get(&self, path: &str) -> anyhow::Result<String> {
        let answer = self.agent.get(format!("{}{path}", self.url)).call();
        let mut answer = answer.with_context(|| format!("GET {path}"))?;
        Ok(answer.body_mut().read_to_string()?)
    }

    /// Posts a form; answers where it leads to.
    fn post(&self, path: &str, form: &[(&str, &str)]) -> anyhow::Result<String> {
        let answer = self.agent.post(format!("{}{path}", self.url)).send_form(form.iter().copied());
        let mut answer = answer.with_context(|| format!("POST {path}"))?;
        let status = answer.status().as_u16();
        let to = answer.headers().get("location").and_then(|to| to.to_str().ok()).map(str::to_owned);
        match to {
            Some(to) if (300..400).contains(&status) => Ok(to),
            _ => bail!("POST {path} answered {status}: {}", told(&answer.body_mut().read_to_string()?)),
        }
    }

    fn upload(&self, path: &str) -> anyhow::Result<()> {
        let part = Part::bytes(PNG).file_name("smoke.png").mime_str("image/png")?;
        let request = self.agent.post(format!("{}{path}", self.url)).header("x-upload", "1");
        let mut answer = request.send(Form::new().part("file", part))?;
        let status = answer.status().as_u16();
        ensure!(status == 200, "POST {path} answered {status}: {}", answer.body_mut().read_to_string()?);
        Ok(())
    }

    /// Does something with the case as it is now.
    fn act(&self, page: &str, path: &str, form: &[(&str, &str)]) -> anyhow::Result<()> {
        let version = between(&self.get(page)?, "name=\"version\" value=\"", "\"")
            .with_context(|| format!("{page} has no form"))?;
        let mut pairs = vec![("version", version.as_str())];
        pairs.extend_from_slice(form);
        self.post(path, &pairs).map(drop)
    }
}

/// What stands between two marks, the first time.
fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let from = text.find(before)? + before.len();
    Some(text[from..].split(after).next()?.to_owned())
}

/// The sentence of an error page.
fn told(page: &str) -> String {
    let summary = between(page, "data-error-summary", "</div>").or_else(|| between(page, "<main", "</main>"));
    let text = summary.unwrap_or_default();
    let bare = text.split('<').filter_map(|part| part.split_once('>')).map(|(_, words)| words.trim());
    bare.filter(|words| !words.is_empty()).take(8).collect::<Vec<_>>().join(" ")
}

impl Town {
    fn browser(&self) -> Browser {
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)));
        Browser { agent: config.build().into(), url: self.url.clone() }
    }

    fn signed_in(&self, person: &Person) -> anyhow::Result<Browser> {
        let browser = self.browser();
        browser
            .post(&person.page, &[("name", &person.login), ("password", &person.password)])
            .with_context(|| format!("{} cannot sign in", person.login))?;
        Ok(browser)
    }

    fn person(&self, login: &str) -> anyhow::Result<&Person> {
        self.people
            .iter()
            .find(|p| p.login == login)
            .with_context(|| format!("There is nobody called {login}"))
    }

    fn citizen(&self) -> anyhow::Result<&Person> {
        self.people.iter().rfind(|p| p.page == "/login").context("There is no citizen to apply as")
    }

    /// An item of the regime that a person applies for online.
    fn item(&self, public: &Browser, words: &str) -> anyhow::Result<String> {
        let list: serde_json::Value =
            serde_json::from_str(&public.get("/api/v1/items?first_batch=true&limit=200")?)?;
        let numbers =
            list["items"].as_array().into_iter().flatten().filter_map(|i| i["first_batch_no"].as_u64());
        for no in numbers {
            let page = public.get(&format!("/items/{no:03}"))?;
            if page.contains(words) && page.contains("href=\"/apply/") && page.contains("个人") {
                return Ok(format!("{no:03}"));
            }
        }
        bail!("No item that people apply for online is “{words}”")
    }
}

/// From the application to the result in the hands of the applicant.
fn walk(town: &Town, regime: &str, item: &str) -> anyhow::Result<()> {
    let step = |what: &str| say(&format!("{regime} {item}: {what}"));
    let citizen = town.signed_in(town.citizen()?)?;
    let clerk = town.person("clerk")?;
    let case = apply(&citizen, item, &clerk.place)?;
    step("submitted online");
    let window = town.signed_in(clerk)?;
    let (desk, page) = (format!("/window/cases/{case}"), format!("/review/{case}"));
    window.act(&desk, &desk, &[("do", "receive")])?;
    window.act(&desk, &desk, &[("do", "accept")])?;
    step("received and accepted at the window");
    decide(town, regime, &case, &page)?;
    step("decided");
    let form = [("document_no", "冒烟测试1号")];
    let made = window.act(&desk, &format!("{desk}/do/make_result"), &form);
    made.or_else(|_| {
        let approver = town.signed_in(town.person("approver")?)?;
        approver.act(&page, &format!("{page}/make-result"), &form)
    })?;
    let handout = format!("/window/handout/{case}");
    window.act(&handout, &handout, &[("how", "electronic")])?;
    ensure!(
        citizen.get(&format!("/me/cases/{case}"))?.contains("已经办完"),
        "The applicant does not see the end"
    );
    step("result made and delivered; the applicant sees it");
    Ok(())
}

/// Applies as people do; answers the id of the case.
fn apply(citizen: &Browser, item: &str, hall: &str) -> anyhow::Result<String> {
    let begun = citizen.post(&format!("/apply/{item}"), &[])?;
    let draft =
        begun.strip_suffix("/info").context("Applying does not begin with the first step")?.to_owned();
    let info = format!("{draft}/info");
    let mut answers = first_choices(&citizen.get(&info)?);
    answers.push(("matter".to_owned(), "升级后的冒烟测试".to_owned()));
    let answers: Vec<(&str, &str)> = answers.iter().map(|(name, value)| (&**name, &**value)).collect();
    citizen.post(&info, &answers)?;
    let materials = citizen.get(&format!("{draft}/materials"))?;
    for part in materials.split(&format!("data-upload=\"{draft}/materials/")).skip(1) {
        let code = part.split('"').next().unwrap_or_default();
        citizen.upload(&format!("{draft}/materials/{code}"))?;
    }
    let accepting = hall_named(citizen, &draft, hall)?;
    let form = [("accepting", accepting.as_str()), ("delivery", "electronic")];
    citizen.post(&format!("{draft}/place"), &form)?;
    let done = citizen.post(&format!("{draft}/check"), &[("true", "1")])?;
    between(&citizen.get(&done)?, "/me/cases/", "\"").context("The page of the numbers names no case")
}

/// The first choice of every question of a page that is answered by choosing: what an item asks of its own.
fn first_choices(page: &str) -> Vec<(String, String)> {
    let mut answers: Vec<(String, String)> = Vec::new();
    for input in page.split("type=\"radio\" ").skip(1) {
        let pair = between(input, "name=\"", "\"").zip(between(input, "value=\"", "\""));
        if let Some((name, value)) = pair.filter(|(name, _)| answers.iter().all(|(known, _)| known != name)) {
            answers.push((name, value));
        }
    }
    answers
}

/// The value of the hall's choice, looked for in every district.
fn hall_named(citizen: &Browser, draft: &str, hall: &str) -> anyhow::Result<String> {
    let page = citizen.get(&format!("{draft}/place"))?;
    for part in page.split("href=\"?district=").skip(1) {
        let code = part.split('"').next().unwrap_or_default();
        let page = citizen.get(&format!("{draft}/place?district={code}"))?;
        let choice = page
            .split("name=\"accepting\"")
            .skip(1)
            .find(|choice| choice.split("</label>").next().is_some_and(|label| label.contains(hall)));
        if let Some(choice) = choice {
            return between(choice, "value=\"", "\"").context("A hall has no value");
        }
    }
    bail!("{hall} is no hall one can choose")
}

/// The back office: whoever of the demo reaches the step does it.
fn decide(town: &Town, regime: &str, case: &str, page: &str) -> anyhow::Result<()> {
    if regime == "即办" {
        let clerk = town.signed_in(town.person("clerk")?)?;
        return clerk.act(page, &format!("{page}/grant"), &[("opinion", "材料齐全，当场办理")]);
    }
    let reviewers = ["reviewer", "city-reviewer"];
    let mut step = 0;
    if regime == "上报" {
        review(town, &reviewers, page, step)?;
        let form = [("opinion", "初审同意，上报")];
        any(town, &reviewers, page, &format!("{page}/report-up"), &form)?;
        step += 1;
    }
    review(town, &reviewers, page, step)?;
    any(town, &["approver", "city-approver"], page, &format!("{page}/grant"), &[("opinion", "同意")])
        .with_context(|| format!("case {case}"))
}

fn review(town: &Town, reviewers: &[&str], page: &str, step: usize) -> anyhow::Result<()> {
    let no = step.to_string();
    any(town, reviewers, page, &format!("{page}/claim"), &[("step", &no)])?;
    let form = [("step", no.as_str()), ("favourable", "yes"), ("opinion", "材料齐全，符合条件")];
    any(town, reviewers, page, &format!("{page}/pass"), &form)
}

/// The first of these people whose post reaches the case does it.
fn any(town: &Town, logins: &[&str], page: &str, path: &str, form: &[(&str, &str)]) -> anyhow::Result<()> {
    let mut last = None;
    for login in logins {
        match town.signed_in(town.person(login)?)?.act(page, path, form) {
            Ok(()) => return Ok(()),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| anyhow::anyhow!("Nobody reaches the case")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_every_question_the_first_choice_is_taken() {
        let page = r#"<input type="radio" name="a" id="a-0" value="x"><input type="radio" name="a" id="a-1" value="y">
            <input type="text" name="t" value="z"><input type="radio" name="b" id="b-0" value="v">"#;
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(first_choices(page), [pair("a", "x"), pair("b", "v")]);
    }

    #[test]
    fn what_a_page_says_is_found_between_its_marks() {
        assert_eq!(between("a name=\"v\" value=\"7\" b", "value=\"", "\"").as_deref(), Some("7"));
        assert_eq!(between("nothing", "value=\"", "\""), None);
        assert_eq!(told("<main id=\"m\"><h1>不行</h1><p>请再试</p></main>"), "不行 请再试");
    }
}
