//! What lies on the disk after real submissions tells nobody who the people are: the bytes themselves are looked through.

use super::*;
use crate::MIGRATIONS;
use std::path::PathBuf;
use store::testing::{create_database, postgres_server, sqlite};
use store::{Db, DbConfig};

const NAME: &str = "欧阳望舒";
const DOCUMENT: &str = "11010519491231002X";
const PHONE: &str = "13987654321";
const ADDRESS: &str = "延陵西路六十六号丙单元";
/// Typed into a draft that is never submitted.
const PARCEL: &str = "和平北路五弄七幢";
/// Somebody who only tries to sign in.
const TRIED: &str = "13711112222";

/// Somebody registers, applies and submits, begins another draft, and fails to sign in; answers the page of the numbers.
async fn people_come(world: &World) -> String {
    let form = [
        ("name", NAME),
        ("document_kind", "id_card"),
        ("document", DOCUMENT),
        ("phone", PHONE),
        ("password", "sunny7days"),
        ("again", "sunny7days"),
        ("agree", "yes"),
    ];
    let (status, headers, text) = world.post_as("", "/register", &form).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    let cookie = headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let draft = complete(world, &cookie, Regime::Promised).await;
    let typed = [&[("address", ADDRESS)], &ANSWERS[..]].concat();
    let (status, _, text) = world.post_as(&cookie, &format!("{draft}/info"), &typed).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    let shown = world.get_as(&cookie, &format!("{draft}/info")).await.2;
    assert!(shown.contains(ADDRESS), "the address was not taken: {shown}");
    let done = submitted(world, &cookie, &draft).await;
    let other = begun(world, &cookie, Regime::Immediate).await;
    let half = [("address", PARCEL), ("phone", "139")];
    world.post_as(&cookie, &format!("{other}/info"), &half).await;
    let shown = world.get_as(&cookie, &format!("{other}/info")).await.2;
    assert!(shown.contains(PARCEL), "the draft was not kept: {shown}");
    for name in [TRIED, PHONE, DOCUMENT] {
        let form = [("name", name), ("password", "another1")];
        assert_ne!(world.post_as("", "/login", &form).await.0, StatusCode::SEE_OTHER);
    }
    done
}

/// A number that the page tells and that is no secret, to show that the search finds what is there.
fn case_number(page: &str) -> String {
    let after = page.split("受理编号").nth(1).expect("a number is told");
    let mut words = after.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let is_number = |word: &&str| word.len() >= 8 && word.bytes().any(|c| c.is_ascii_digit());
    words.find(is_number).expect("a number is told").to_owned()
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    let hex: String = needle.bytes().map(|byte| format!("{byte:02x}")).collect();
    [needle.as_bytes(), hex.as_bytes()].iter().any(|n| bytes.windows(n.len()).any(|part| part == *n))
}

fn look_through(bytes: &[u8], number: &str) {
    assert!(holds(bytes, number), "{number} is not found: the search would find nothing");
    for secret in [NAME, DOCUMENT, PHONE, ADDRESS, PARCEL, TRIED] {
        assert!(!holds(bytes, secret), "{secret} lies there for everybody to read");
    }
}

#[tokio::test]
async fn a_stolen_sqlite_file_and_its_log_name_nobody() {
    let (db, folder) = sqlite();
    store::migrate(&db, MIGRATIONS).await.unwrap();
    let world = World::over(db, Box::new(()));
    let number = case_number(&people_come(&world).await);
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    look_through(&bytes, &number);
}

#[tokio::test]
async fn a_stolen_dump_of_postgresql_names_nobody() {
    let Some(server) = postgres_server() else {
        println!("skipped: PostgreSQL");
        return;
    };
    let (_, url) = create_database(&server).await;
    let db = Db::open(&DbConfig::Postgres { url: url.clone(), pool: 4 }).unwrap();
    store::migrate(&db, MIGRATIONS).await.unwrap();
    let world = World::over(db, Box::new(()));
    let number = case_number(&people_come(&world).await);
    let dump = std::process::Command::new(pg_dump()).arg("--dbname").arg(url).output().unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    look_through(&dump.stdout, &number);
}

/// The newest on this machine.
fn pg_dump() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.map(|version| version.path()).max();
    newest.map_or_else(|| "pg_dump".into(), |version| version.join("bin/pg_dump"))
}
