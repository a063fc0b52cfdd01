//! The first members of staff of an installation, made from the command line before anybody can sign in.

use crate::config::Config;
use crate::world::SystemClock;
use crate::{open, serve};
use anyhow::anyhow;

/// Opens an account with one post and yields the sentence with its first password, which is kept nowhere.
///
/// # Errors
/// A sentence that says which word is not known, or why the account cannot be opened.
pub fn add(config: &Config, login: &str, name: &str, role: &str, org: &str) -> anyhow::Result<String> {
    serve::block_on(async {
        let db = open::database(config)?;
        open::refuse_outdated(&db).await?;
        let ctx = open::context(config, db, SystemClock::default(), false)?;
        let made = app::identity::create_named(&ctx, login, name, role, org).await;
        ctx.db.close().await;
        let made = made.map_err(|fault| match fault.cause {
            Some(cause) => anyhow!("{} ({cause})", fault.say),
            None => anyhow!("{}", fault.say),
        })?;
        Ok(format!(
            "{} can sign in at /staff/login with the password {} and must change it there. It is shown only now.",
            made.login, made.password
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_opens_the_first_account_once_and_is_told_what_is_wrong_with_the_words() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data: folder.path().to_owned(), ..Config::default() };
        let add = |login, role| add(&config, login, "沈浩", role, "常州市政务服务管理办公室");
        assert!(add("root", "系统管理员").unwrap_err().to_string().contains("jinban migrate"));
        serve::migrate(&config).unwrap();
        assert!(add("root", "系统管理员").unwrap().starts_with("root can sign in"));
        assert!(add("root", "系统管理员").unwrap_err().to_string().contains("已经有人用"));
        assert!(add("boss", "老板").unwrap_err().to_string().contains("没有岗位“老板”"));
    }
}
