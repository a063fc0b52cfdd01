//! The API against the real program: the examples of its guide as they stand there, and schemathesis over its description.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use super::tally::Tally;
use crate::say;

/// The version whose findings are understood; a newer one is tried before it is written here.
const SCHEMATHESIS: &str = "4.32.5";
/// Seconds of one run; there are two.
const SECONDS: &str = "45";
const GUIDE: &str = "docs/api.md";
/// Every scope, for a client that may try everything.
const SCOPES: &str = "catalogue:read orgs:read calendar:read cases:read cases:lookup applications:write files:write \
                      cases:accept cases:review cases:decide";
/// The organisation of that client: all cases of the city are within its reach.
const ROOT: &str = "常州市人民政府";

/// The demonstration on a free port over a folder of its own; killed when dropped.
struct Demo {
    child: Child,
    address: String,
    program: PathBuf,
    data: PathBuf,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Demo {
    fn start(root: &Path, folder: &Path) -> Result<Demo> {
        let (program, data) = (root.join("target/debug/jinban"), folder.join("api-data"));
        let log = std::fs::File::create(folder.join("api.log"))?;
        let mut child = Command::new(&program)
            .args(["demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        let out = child.stdout.take().context("the program has no output")?;
        let mut lines = BufReader::new(out).lines();
        let address = loop {
            let Some(line) = lines.next() else { bail!("the program ended before it said its address") };
            let line = line?;
            if let Some(at) = line.find("http://127.0.0.1:") {
                break line[at..].trim_end_matches('/').to_owned();
            }
        };
        // What else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Demo { child, address, program, data })
    }

    /// A token for a client that may do everything.
    fn token(&self) -> Result<String> {
        let made = Command::new(&self.program)
            .args(["admin", "add-client", "--name", "检查", "--org", ROOT, "--scope", SCOPES])
            .args(["--per-second", "1000", "--per-day", "10000000", "--data"])
            .arg(&self.data)
            .output()?;
        let told = String::from_utf8_lossy(&made.stdout).into_owned();
        let value = |name: &str| told.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
        let (id, secret) = (value("CLIENT_ID="), value("CLIENT_SECRET="));
        let pair = id.zip(secret).with_context(|| String::from_utf8_lossy(&made.stderr).into_owned())?;
        let asked = Command::new("curl")
            .args(["-fsS", "-u", &format!("{}:{}", pair.0, pair.1), "-d", "grant_type=client_credentials"])
            .arg(format!("{}/api/v1/oauth/token", self.address))
            .output()?;
        let answer = String::from_utf8_lossy(&asked.stdout).into_owned();
        let token = answer.split("\"access_token\":\"").nth(1).and_then(|rest| rest.split('"').next());
        token.map(str::to_owned).with_context(|| format!("no token: {answer}"))
    }
}

/// Runs both against one program: first whatever comes to mind, then with what the guide has made, so that the answers to
/// things that are there are looked at too.
pub fn check(root: &Path, folder: &Path) -> Result<Tally> {
    let venv = installed(root)?;
    let demo = Demo::start(root, folder)?;
    let token = demo.token()?;
    let (mut tally, real) = guide(root, folder, &demo, &token)?;
    let tool = Tool { venv, address: demo.address.clone(), token };
    tally.add(&tool.run(&folder.join("any"), "", &[])?);
    let only = ["--include-path-regex", r"\{(id|code)\}"];
    tally.add(&tool.run(&folder.join("real"), &settings(&real)?, &only)?);
    Ok(tally)
}

/// What is added to the examples: an application that can still be changed, and the names of what there is.
const MADE: &str = r#"
NEW=$(curl -fsS "$BASE/api/v1/applications" -H "Authorization: Bearer $CHECKER" -H "Idempotency-Key: $(key)" \
  -H "Content-Type: application/json" -d '{"items": ["157"]}' | jq -r .id)
echo "made $CASE $NEW $MATERIAL $HALL"
"#;

/// The settings that put what was made into addresses.
fn settings(made: &str) -> Result<String> {
    let words: Vec<&str> = made.split_whitespace().collect();
    let [case, application, material, hall] = words[..] else { bail!("the examples made nothing: {made:?}") };
    let part = |path: &str, parameters: &str| {
        format!("[[operations]]\ninclude-path-regex = \"{path}\"\nparameters = {{ {parameters} }}\n")
    };
    Ok([
        part("/cases/", &format!("\"path.id\" = \"{case}\"")),
        part(
            "/applications/",
            &format!("\"path.id\" = \"{application}\", \"path.material\" = \"{material}\""),
        ),
        part("/organisations/", &format!("\"path.id\" = \"{hall}\"")),
        part("/items/", "\"path.code\" = \"157\""),
    ]
    .concat())
}

/// The shell examples of the guide, in order.
fn examples(text: &str) -> Vec<&str> {
    let block = |rest: &str| rest.find("\n```").map(|end| end + 1);
    text.split("```sh\n").skip(1).filter_map(|rest| Some(&rest[..block(rest)?])).collect()
}

/// Runs the examples of the guide in one shell, one after the other; each is a check of its own. Answers also what they made.
fn guide(root: &Path, folder: &Path, demo: &Demo, checker: &str) -> Result<(Tally, String)> {
    let text = std::fs::read_to_string(root.join(GUIDE))?;
    let examples = examples(&text);
    ensure!(!examples.is_empty(), "{GUIDE} has no examples");
    let mut script = "set -euo pipefail\n".to_owned();
    for (n, example) in examples.iter().enumerate() {
        script.push_str(&format!("echo '-- example {}'\n{example}\necho 'example {} done'\n", n + 1, n + 1));
    }
    script.push_str(MADE);
    let mut child = Command::new("bash")
        .current_dir(folder)
        .env("CHECKER", checker)
        .env("BASE", &demo.address)
        .env("JINBAN", &demo.program)
        .env("DATA", &demo.data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(mut shell) = child.stdin.take() {
        shell.write_all(script.as_bytes())?;
    }
    let out = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    let passed = said.lines().filter(|line| line.starts_with("example ") && line.ends_with(" done")).count();
    if passed < examples.len() {
        say(&said);
        say(&format!("{GUIDE}: example {} does not work:\n{}", passed + 1, examples[passed]));
    }
    let made = said.lines().find_map(|line| line.strip_prefix("made ")).unwrap_or_default().to_owned();
    Ok((Tally { passed, failed: examples.len() - passed }, made))
}

/// The folder of the tool; made when it is not there.
fn installed(root: &Path) -> Result<PathBuf> {
    let venv = root.join(format!("target/schemathesis-{SCHEMATHESIS}"));
    if venv.join("bin/schemathesis").exists() {
        return Ok(venv);
    }
    say(&format!("installing schemathesis {SCHEMATHESIS}"));
    let made = Command::new("python3").args(["-m", "venv"]).arg(&venv).status()?;
    ensure!(made.success(), "python3 could not make a folder for schemathesis");
    let wanted = format!("schemathesis=={SCHEMATHESIS}");
    let pip = venv.join("bin/pip");
    let done =
        Command::new(pip).args(["install", "--quiet", "--disable-pip-version-check", &wanted]).status()?;
    ensure!(done.success(), "{wanted} could not be installed");
    Ok(venv)
}

/// Tries operations of the description: no server error, no answer outside the description.
struct Tool {
    venv: PathBuf,
    address: String,
    token: String,
}

impl Tool {
    /// One run with these settings in a folder of its own.
    fn run(&self, folder: &Path, settings: &str, more: &[&str]) -> Result<Tally> {
        std::fs::create_dir(folder)?;
        std::fs::write(folder.join("schemathesis.toml"), settings)?;
        let report = folder.join("report.xml");
        let status = Command::new(self.venv.join("bin/schemathesis"))
            .current_dir(folder)
            .args(["run", &format!("{}/api/v1/openapi.json", self.address)])
            .args(["-H", &format!("Authorization: Bearer {}", self.token)])
            // What fits the description is still refused where there is no such person, item or day.
            .args(["--checks", "all", "--exclude-checks", "positive_data_acceptance", "--warnings", "off"])
            // One worker: Python 3.11 loses count when two threads parse at the same time, and the tool ends with an error.
            .args(["--workers", "1", "--seed", "1", "--max-time", SECONDS])
            .args(more)
            .args(["--report", "junit", "--report-junit-path"])
            .arg(&report)
            .status()?;
        let text = std::fs::read_to_string(&report).context("schemathesis wrote no report")?;
        Ok(counted(&text).ended(status.success()))
    }
}

/// What the report counts: operations tried, and those among them that failed.
fn counted(report: &str) -> Tally {
    let tested = report.matches("<testcase ").count();
    let failed = report.split("<testcase ").skip(1).filter(|case| {
        let own = case.split("</testcase>").next().unwrap_or_default();
        own.contains("<failure") || own.contains("<error")
    });
    let failed = failed.count();
    Tally { passed: tested - failed, failed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_a_guide_are_its_shell_blocks() {
        let text = "# A\n```sh\none\n```\ntext\n```\nno\n```\n```sh\ntwo\nthree\n```\n";
        assert_eq!(examples(text), ["one\n", "two\nthree\n"]);
    }

    #[test]
    fn what_the_examples_made_stands_in_the_settings() {
        let text = settings("c a m h").unwrap();
        assert!(text.contains("\"path.id\" = \"a\", \"path.material\" = \"m\"") && text.contains("\"h\""));
        assert!(settings("").is_err());
    }

    #[test]
    fn the_operations_of_a_report_are_counted_and_so_are_those_that_failed() {
        let report = "<testsuite><testcase name=\"a\"/><testcase name=\"b\"><failure>x</failure></testcase>\
                      <testcase name=\"c\"></testcase></testsuite>";
        assert_eq!(counted(report), Tally { passed: 2, failed: 1 });
    }
}
