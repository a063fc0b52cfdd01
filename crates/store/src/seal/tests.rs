//! The ciphers give the published results; what was altered, moved or stolen does not open.

use aes_gcm::{AeadInOut, KeyInit};
use hmac::Mac;
use proptest::prelude::*;

use super::software::{HmacSm3, Sm4Gcm};
use super::*;
use crate::testing::on_both;
use crate::{Db, Tx, Val, Work, hex};

const NAME: &str = "person.name";
const PHONE: &str = "person.phone";

fn keys() -> Keys {
    Keys::generate(&std::array::from_fn(|i| i as u8))
}

/// The same with a second key that is current.
fn rotated() -> Keys {
    let (keys, id) = keys().with_one_more(&[9; 16]).unwrap();
    keys.make_current(id).unwrap()
}

/// RFC 8998, appendix A.1.
#[test]
fn sm4_gcm_gives_the_published_ciphertext_and_tag() {
    let cipher = Sm4Gcm::new(&hex::decode::<16>("0123456789ABCDEFFEDCBA9876543210").unwrap().into());
    let nonce = hex::decode::<12>("00001234567800000000ABCD").unwrap();
    let bound = hex::decode::<20>("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2").unwrap();
    let mut text = hex::decode_any(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD\
         EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA",
    )
    .unwrap();
    let tag = cipher.encrypt_inout_detached(&nonce.into(), &bound, text.as_mut_slice().into()).unwrap();
    let expected = "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
                    d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d";
    assert_eq!(hex::encode(&text), expected);
    assert_eq!(hex::encode(&tag), "83de3541e4c2b58177e065a9bf7b62ec");
}

/// GM/T 0042-2015, appendix D.3, the first two.
#[test]
fn hmac_sm3_gives_the_published_digests() {
    let text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".repeat(2).into_bytes();
    let key: Vec<u8> = (1..=37).collect();
    let expected = [
        (32, text, "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"),
        (37, vec![0xcd; 50], "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae"),
    ];
    for (length, message, digest) in expected {
        let mut mac = HmacSm3::new_from_slice(&key[..length]).unwrap();
        mac.update(&message);
        assert_eq!(hex::encode(&mac.finalize().into_bytes()), digest);
    }
}

/// The first of the vectors above, through the keys file.
#[test]
fn the_blind_index_is_hmac_sm3_under_the_index_key() {
    let index: String = (1..=32).map(|n| format!("{n:02x}")).collect();
    let keys = Keys::parse(&format!("index {index}\nkey 1 {} current\n", "0".repeat(32))).unwrap();
    let text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".repeat(2);
    let digest = software::Software::new(&keys).index(text.as_bytes());
    assert_eq!(hex::encode(&digest), "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a");
}

#[test]
fn a_value_opens_in_its_field_only_and_equal_values_look_different() {
    let sealer = Sealer::new(keys());
    let (one, two) = (sealer.seal(NAME, "张三", [1; 12]), sealer.seal(NAME, "张三", [2; 12]));
    assert_ne!(one[PREFIX..], two[PREFIX..]);
    assert_eq!(sealer.open(NAME, &one).unwrap(), "张三");
    assert!(matches!(sealer.open(PHONE, &one), Err(Error::Corrupt(_))));
}

#[test]
fn an_index_finds_equal_values_of_one_field_and_joins_no_two_fields() {
    let sealer = Sealer::new(keys());
    assert_eq!(sealer.index(PHONE, "13800000000"), sealer.index(PHONE, "13800000000"));
    assert_ne!(sealer.index(PHONE, "13800000000"), sealer.index(PHONE, "13800000001"));
    assert_ne!(sealer.index(PHONE, "1"), sealer.index(NAME, "1"));
    assert_ne!(sealer.index("a", "bc"), sealer.index("ab", "c"));
}

#[test]
fn after_a_rotation_old_values_open_and_want_renewal_while_indexes_stay() {
    let old = Sealer::new(keys());
    let new = Sealer::new(rotated());
    let sealed = old.seal(NAME, "李四", [3; 12]);
    assert!(!old.needs_reseal(&sealed) && new.needs_reseal(&sealed));
    assert_eq!(new.open(NAME, &sealed).unwrap(), "李四");
    assert!(!new.needs_reseal(&new.seal(NAME, "李四", [4; 12])));
    assert_eq!(old.index(NAME, "李四"), new.index(NAME, "李四"));
    let late = Sealer::new(rotated().without(KeyId(1)).unwrap());
    assert!(late.open(NAME, &sealed).unwrap_err().to_string().contains("key 1"));
    assert!(keys().without(KeyId(1)).is_err());
    assert!(keys().make_current(KeyId(2)).is_err());
    let (announced, id) = keys().with_one_more(&[9; 16]).unwrap();
    assert_eq!((Sealer::new(announced).current(), id), (KeyId(1), KeyId(2)));
}

#[test]
fn a_keys_file_is_read_as_it_was_written_and_a_faulty_one_is_refused_without_repeating_it() {
    let keys = rotated();
    assert_eq!(Keys::parse(&keys.print()).unwrap(), keys);
    let (index, key) = ("a1".repeat(32), "b2".repeat(16));
    let faulty = [
        (String::new(), "no index key"),
        (format!("index {index}"), "no key marked as current"),
        (format!("index {index}\nkey 1 {key}"), "no key marked as current"),
        (format!("index {index}\nindex {index}\nkey 1 {key} current"), "line 2: there is a second index key"),
        (format!("index {key}\nkey 1 {key} current"), "line 1: an index key has 64"),
        (format!("index {index}\nkey 1 {index} current"), "line 2: a key has 32"),
        (format!("index {index}\nkey 70000 {key} current"), "line 2: a key's number"),
        (format!("index {index}\nkey 1 {key} current\nkey 1 {key}"), "line 3: this key's number"),
        (format!("index {index}\nkey 1 {key} current\nkey 2 {key} current"), "line 3: another key"),
        (format!("index {index}\nkey 1 {key} curent"), "line 2: expected"),
    ];
    for (text, says) in faulty {
        let error = Keys::parse(&text).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
        assert!(!error.contains("a1a1") && !error.contains("b2b2"), "{error}");
    }
    assert!(!format!("{keys:?} {:?}", Sealer::new(keys.clone())).contains("0909"));
}

#[cfg(unix)]
#[test]
fn a_keys_file_that_others_may_read_is_refused_with_the_way_to_mend_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    keys().write_new(&path).unwrap();
    assert_eq!(Keys::read(&path).unwrap(), keys());
    assert!(keys().write_new(&path).is_err(), "a second one would replace the first");
    rotated().replace(&path).unwrap();
    assert_eq!(Keys::read(&path).unwrap(), rotated());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    for mode in [0o640, 0o604, 0o620, 0o601] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let error = Keys::read(&path).unwrap_err().to_string();
        assert!(error.contains("chmod 600"), "{error}");
    }
}

proptest! {
    #[test]
    fn what_is_sealed_opens_and_one_changed_bit_is_refused(
        text in ".{0,40}", nonce: [u8; 12], at: prop::sample::Index, bit in 0..8u8,
    ) {
        let sealer = Sealer::new(keys());
        let mut sealed = sealer.seal(NAME, &text, nonce);
        prop_assert_eq!(sealer.open(NAME, &sealed).unwrap(), text);
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert!(sealer.open(NAME, &sealed).is_err());
        sealed[at] ^= 1 << bit;
        for length in 0..sealed.len() {
            prop_assert!(sealer.open(NAME, &sealed[..length]).is_err());
        }
    }
}

const COLUMN: SealedColumn = SealedColumn { table: "holder", key: "id", column: "name", field: NAME };

struct Script(&'static str);
impl Work for Script {
    type Out = ();
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<()> {
        tx.exec(&tx.engine().render(self.0).replace(';', ""), &[]).await.map(drop)
    }
}

struct Put(u32, Option<Vec<u8>>);
impl Work for Put {
    type Out = ();
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<()> {
        let key = self.0.to_be_bytes();
        let sql = "INSERT INTO holder (id, name) VALUES ($1, $2)";
        tx.exec(sql, &[(&key).into(), self.1.as_ref().map_or(Val::Null, Val::from)]).await.map(drop)
    }
}

struct All;
impl Work for All {
    type Out = Vec<(Option<Vec<u8>>,)>;
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<Self::Out> {
        tx.all("SELECT name FROM holder ORDER BY id", &[]).await
    }
}

fn nonces(n: u8) -> Nonces {
    Arc::new(move || [n; 12])
}

async fn held(db: &Db, old: &Sealer) {
    db.write(Script("CREATE TABLE holder (id {BYTES} PRIMARY KEY, name {BYTES})")).await.unwrap();
    for n in 0..450u32 {
        let sealed = (n != 5).then(|| old.seal(NAME, &n.to_string(), [8; 12]));
        db.write(Put(n, sealed)).await.unwrap();
    }
}

#[tokio::test]
async fn resealing_goes_on_where_it_stopped_and_leaves_no_value_under_the_old_key() {
    on_both(|db| async move {
        let (old, new) = (Sealer::new(keys()), Sealer::new(rotated()));
        held(&db, &old).await;
        let mut pages = Vec::new();
        // Each page stands for another start of the program.
        for page in 0..3u8 {
            let progress = reseal(&db, &new.clone(), COLUMN, &nonces(page)).await.unwrap();
            pages.push((progress.seen, progress.renewed, progress.done));
        }
        assert_eq!(pages, [(200, 199, false), (200, 200, false), (50, 50, true)]);
        let rows = db.read(All).await.unwrap();
        for (n, (sealed,)) in rows.iter().enumerate().filter(|(n, _)| *n != 5) {
            let sealed = sealed.as_ref().unwrap();
            assert!(!new.needs_reseal(sealed));
            assert_eq!(new.open(NAME, sealed).unwrap(), n.to_string());
        }
        assert_eq!(rows[5], (None,));
        let again = reseal(&db, &new, COLUMN, &nonces(0)).await.unwrap();
        assert_eq!(again, Progress { seen: 450, renewed: 0, done: true });
        // Somebody whose program did not know the new key yet.
        db.write(Put(1000, Some(old.seal(NAME, "late", [7; 12])))).await.unwrap();
        let late = reseal(&db, &new, COLUMN, &nonces(0)).await.unwrap();
        assert_eq!(late, Progress { seen: 451, renewed: 1, done: true });
    })
    .await;
}

#[tokio::test]
async fn a_damaged_value_stops_resealing_and_a_strange_table_is_refused() {
    on_both(|db| async move {
        let new = Sealer::new(rotated());
        db.write(Script("CREATE TABLE holder (id {BYTES} PRIMARY KEY, name {BYTES})")).await.unwrap();
        db.write(Put(1, Some(vec![1, 0, 1]))).await.unwrap();
        assert!(matches!(reseal(&db, &new, COLUMN, &nonces(0)).await, Err(Error::Corrupt(_))));
        let strange = SealedColumn { table: "holder; DROP TABLE meta", ..COLUMN };
        assert!(reseal(&db, &new, strange, &nonces(0)).await.unwrap_err().to_string().contains("no table"));
    })
    .await;
}
