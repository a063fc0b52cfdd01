//! What was saved comes back, on either engine, and what was damaged is refused.

use super::*;
use store::testing::{S3Server, create_database, postgres_server};
use store::{Tx, Work, journal};

/// One event and one file.
struct Fill;

impl Work for Fill {
    type Out = ();
    type Err = store::Error;
    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let stamp = journal::Stamp { actor: "test".into(), org: None, trace: "t".into(), entered_at: now };
        let event =
            journal::NewEvent { kind: "made".into(), body_json: "{}".into(), happened_at: now, ground: None };
        let stream = journal::Stream { kind: "thing", id: uuid::Uuid::from_bytes([7; 16]) };
        journal::append(tx, stream, 0, &stamp, &[event]).await?;
        store::files::register(tx, &store::files::Digest::of(b"paper"), 5, now).await?;
        journal::seal_block(tx, now).await.map(drop)
    }
}

/// Configurations over each engine that is there, with data folders of their own.
fn configs(folder: &Path, name: &str) -> Vec<Config> {
    let of = |engine: &str, database| Config {
        data: folder.join(format!("{name}-{engine}")),
        database,
        ..Config::default()
    };
    let mut list = vec![of("sqlite", None)];
    if let Some(server) = postgres_server() {
        let (_, url) = block_on(async { Ok(create_database(&server).await) }).unwrap();
        list.push(of("postgres", Some(url)));
    }
    list
}

/// A served installation with one event and one file; it stays open, as a running server is.
fn served(config: &Config) -> Db {
    block_on(async {
        open::make_private(&config.data)?;
        let db = open::database(config)?;
        open::migrate(&db).await?;
        db.write(Fill).await?;
        config.files()?.put("paper").await?;
        Ok(db)
    })
    .unwrap()
}

fn sums(config: &Config) -> Vec<TableSum> {
    block_on(async { Ok(transfer::sums(&open::place(config)).await?) }).unwrap()
}

#[test]
fn a_backup_of_either_engine_comes_back_on_either_engine_and_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for (n, from) in configs(folder.path(), "from").iter().enumerate() {
        let _open = served(from);
        let to = folder.path().join(format!("backup{n}"));
        backup(from, &to).unwrap();
        let names = |path: &Path| -> Vec<String> {
            let mut names: Vec<String> = fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        };
        assert_eq!(names(&to), ["files", "jinban.db", "manifest.json"]);
        assert!(backup(from, &to).is_err(), "a second backup must not write over the first");
        for target in configs(folder.path(), &format!("back{n}")) {
            restore(&target, &to).unwrap();
            assert_eq!(sums(from), sums(&target));
            assert!(target.data.join(FILES).is_dir());
            assert!(!target.data.join("restoring.db").exists());
            let again = restore(&target, &to).unwrap_err().to_string();
            assert!(again.contains("already holds data"), "{again}");
        }
    }
}

#[test]
fn a_backup_that_was_cut_short_or_damaged_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let from = configs(folder.path(), "from").remove(0);
    let _open = served(&from);
    let (to, target) = (folder.path().join("backup"), configs(folder.path(), "back").remove(0));
    backup(&from, &to).unwrap();
    let whole = fs::read(to.join(DATABASE)).unwrap();
    let mut bent = whole.clone();
    bent[5000] ^= 1;
    fs::write(to.join(DATABASE), bent).unwrap();
    let error = restore(&target, &to).unwrap_err().to_string();
    assert!(error.contains("not what was saved"), "{error}");
    fs::write(to.join(DATABASE), whole).unwrap();
    fs::remove_file(to.join(MANIFEST)).unwrap();
    let error = restore(&target, &to).unwrap_err().to_string();
    assert!(error.contains("not finished"), "{error}");
    assert!(!target.data.join(DATABASE).exists());
}

#[test]
fn an_installation_moves_to_the_other_engine_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let from = configs(folder.path(), "from").remove(0);
    let _open = served(&from);
    for target in configs(folder.path(), "to") {
        import(&target, &from.data).unwrap();
        assert_eq!(sums(&from), sums(&target));
        let back = folder.path().join(format!("back-{}", target.database.is_some()));
        export(&target, &back).unwrap();
        let back = Config { data: back, ..Config::default() };
        assert_eq!(sums(&from), sums(&back));
        let files = Files::local(&back.data.join(FILES)).unwrap();
        let damaged =
            block_on(async { Ok(transfer::damaged_file(&open::place(&back), &files).await?) }).unwrap();
        assert_eq!(damaged, (1, None));
    }
}

#[test]
fn files_in_an_s3_store_are_saved_brought_back_moved_and_missed_like_those_in_a_folder() {
    let Some(server) = S3Server::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let place = server.place();
    let of = |name: &str| Config {
        data: folder.path().join(name),
        files_endpoint: Some(place.endpoint.clone()),
        files_bucket: Some(place.bucket.clone()),
        files_key_id: Some(place.key_id.clone()),
        files_key_secret: Some(place.secret.clone()),
        ..Config::default()
    };
    let from = of("from");
    let _open = served(&from);
    assert!(!from.data.join(FILES).exists(), "the files are not in the folder");
    let (to, back, moved) = (folder.path().join("backup"), of("back"), folder.path().join("moved"));
    backup(&from, &to).unwrap();
    assert_eq!(fs::read_dir(to.join(FILES)).unwrap().count(), 1, "the backup holds the file itself");
    export(&from, &moved).unwrap();
    let moved = Config { data: moved, ..Config::default() };
    restore(&back, &to).unwrap();
    crate::verify::run(&back, None).unwrap();
    crate::verify::run(&moved, None).unwrap();
    import(&of("again"), &moved.data).unwrap();
    drop(server);
    let error = format!("{:#}", crate::verify::run(&back, None).unwrap_err());
    assert!(error.contains("does not answer"), "{error}");
}
