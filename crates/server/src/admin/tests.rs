//! What the command line does, as an operator would.

use super::*;
use crate::config::Config;
use crate::world::SystemClock;
use std::path::PathBuf;

/// A data folder with its tables and keys.
fn installed(folder: &std::path::Path) -> Config {
    let config = Config { data: folder.to_owned(), ..Config::default() };
    block_on(async {
        let db = open::database(&config)?;
        open::migrate(&db).await?;
        open::context(&config, db, SystemClock::default(), false)
    })
    .unwrap();
    config
}

fn place(folder: &std::path::Path) -> Place {
    Place { config: None, data: Some(PathBuf::from(folder)) }
}

/// Does something with the data as the running program sees it.
fn inside<T>(config: &Config, work: impl AsyncFnOnce(Ctx) -> T) -> T {
    block_on(async {
        let ctx = open::context(config, open::database(config)?, SystemClock::default(), false)?;
        Ok(work(ctx).await)
    })
    .unwrap()
}

#[test]
fn an_account_is_found_by_its_login_name_and_a_slip_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    installed(folder.path());
    run(Admin::AddStaff {
        place: place(folder.path()),
        login: "wang".into(),
        name: "王芳".into(),
        role: "系统管理员".into(),
        org: "常州市政务服务管理办公室".into(),
    })
    .unwrap();
    run(Admin::ResetPassword { place: place(folder.path()), login: "wang".into() }).unwrap();
    run(Admin::Unlock { place: place(folder.path()), login: "wang".into() }).unwrap();
    let error =
        run(Admin::Unlock { place: place(folder.path()), login: "li".into() }).unwrap_err().to_string();
    assert!(error.contains("no account li"), "{error}");
}

#[test]
fn data_is_not_touched_with_keys_other_than_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let config = installed(folder.path());
    run(Admin::SealJournal(place(folder.path()))).unwrap();
    std::fs::remove_file(config.keys_file()).unwrap();
    keys::new(&config.keys_file()).unwrap();
    let error = run(Admin::SealJournal(place(folder.path()))).unwrap_err().to_string();
    assert!(error.contains("not the one"), "{error}");
}

#[test]
fn a_job_that_was_given_up_is_listed_and_tried_anew_once() {
    struct GiveUp;
    impl Work for GiveUp {
        type Out = i64;
        type Err = store::Error;
        async fn run(&self, tx: &Tx) -> store::Result<i64> {
            let (now, once) =
                (jiff::Timestamp::UNIX_EPOCH, store::Retries { most: 1, ..store::Retries::USUAL });
            jobs::push(tx, "papers", "a", "{}", now).await?;
            let job = jobs::claim(tx, "papers", now, &once, 1).await?.remove(0);
            jobs::fail(tx, &job, "no font", now, &once).await?;
            Ok(job.id)
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let config = installed(folder.path());
    let id = inside(&config, async |ctx| ctx.db.write(GiveUp).await.unwrap());
    let list = inside(&config, async |ctx| failed(&ctx).await.unwrap());
    assert!(list.contains("1 jobs") && list.contains("no font"), "{list}");
    run(Admin::RetryJob { place: place(folder.path()), id }).unwrap();
    let error = run(Admin::RetryJob { place: place(folder.path()), id }).unwrap_err().to_string();
    assert!(error.contains("jobs") || error.contains("job"), "{error}");
    let list = inside(&config, async |ctx| failed(&ctx).await.unwrap());
    assert!(list.starts_with("0 jobs"), "{list}");
}
