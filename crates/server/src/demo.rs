//! The demonstration: its people with passwords drawn for this data folder, told on the terminal and kept beside the data.

use crate::serve::say;
use anyhow::Context;
use app::Ctx;
use app::identity::demo::{DemoPerson, people};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Somebody to sign in as.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Person {
    /// What is typed to sign in.
    pub login: String,
    /// The password.
    pub password: String,
    /// What they are.
    pub what: String,
    /// Where they work; empty for citizens.
    pub place: String,
    /// Where they sign in.
    pub page: String,
}

/// The file with the people of the demonstration.
pub fn file(data: &Path) -> PathBuf {
    data.join("demo-people.json")
}

/// Who is in the file; nobody when there is none.
///
/// # Errors
/// When the file cannot be read or is no list of people.
pub fn kept(data: &Path) -> anyhow::Result<Vec<Person>> {
    let file = file(data);
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text =
        std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not what the demo wrote", file.display()))
}

/// Shows on the terminal how far the loading is.
pub struct Loading(ProgressBar);

impl Loading {
    /// Of so many parts.
    pub fn of(parts: u64) -> Self {
        let bar = ProgressBar::new(parts);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// The next part begins.
    pub fn next(&self, what: impl Into<String>) {
        self.0.inc(1);
        self.0.set_message(what.into());
    }

    /// All parts are done.
    pub fn done(self) {
        self.0.finish_and_clear();
    }
}

/// Makes the people who do not exist yet, keeps their passwords in the data folder, and answers all.
///
/// # Errors
/// When the data or the file cannot be written.
pub async fn load(ctx: &Ctx, data: &Path) -> anyhow::Result<Vec<Person>> {
    let made = people(ctx).await.map_err(|fault| {
        anyhow::anyhow!("The people of the demo cannot be made: {}", fault.cause.unwrap_or_default())
    })?;
    let mut all = kept(data)?;
    let before = all.len();
    all.extend(made.into_iter().filter_map(with_password));
    if all.len() > before {
        keep(data, &all)?;
    }
    Ok(all)
}

fn with_password(person: DemoPerson) -> Option<Person> {
    let password = person.password?;
    let DemoPerson { login, what, place, page, .. } = person;
    Some(Person { login, password, what, place, page: page.to_owned() })
}

/// Only this account of the machine may read it.
fn keep(data: &Path, people: &[Person]) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = file(data);
    let failed = || format!("{} cannot be written", file.display());
    let mut out = options.open(&file).with_context(failed)?;
    out.write_all(&serde_json::to_vec_pretty(people)?).and_then(|()| out.sync_all()).with_context(failed)
}

/// What a newcomer reads on the terminal.
pub fn greet(address: SocketAddr, people: &[Person], data: &Path) {
    let line = |p: &Person| {
        let place = if p.place.is_empty() { String::new() } else { format!("  {}", p.place) };
        format!("  {:<14} {:<18} {}{place}  http://{address}{}\n", p.login, p.password, p.what, p.page)
    };
    let list: String = people.iter().map(line).collect();
    say(&format!(
        "近办 demo: http://{address}/\n\n\
         Demo people (login, password, post, place, where to sign in); also in {}:\n{list}\n\
         Three things to try:\n  \
         1. http://{address}/items?q=sbk  find 社保卡 by its initials, apply as 群众, look it up at /track\n  \
         2. http://{address}/window       as clerk: take a case in, accept it, finish it at once (即办)\n  \
         3. http://{address}/review       as dept-reviewer and dept-approver: examine and decide\n\
         Stop with Ctrl+C.",
        file(data).display()
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back_and_nobody_else_may_read_it() {
        let folder = std::env::temp_dir().join(format!("jinban-demo-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        assert!(kept(&folder).unwrap().is_empty());
        let person = Person {
            login: "clerk".into(),
            password: "p".into(),
            what: "窗口人员".into(),
            place: String::new(),
            page: "/staff/login".into(),
        };
        keep(&folder, &[person]).unwrap();
        assert_eq!(kept(&folder).unwrap()[0].login, "clerk");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(file(&folder)).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
