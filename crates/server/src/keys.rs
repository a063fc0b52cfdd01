//! The keys file by hand: made once, and given another key when the old one is to be retired. Each answers a sentence
//! that says what comes next.

use crate::world::SystemEntropy;
use app::Entropy as _;
use std::path::Path;
use store::seal::{KeyId, Keys};
use store::sign::SigningKey;

/// Writes a new keys file from the system's randomness.
///
/// # Errors
/// When there is one already or it cannot be written.
pub fn new(file: &Path) -> anyhow::Result<String> {
    let mut random = [0; 48];
    SystemEntropy.fill(&mut random);
    Keys::generate(&random).write_new(file)?;
    Ok(format!("New keys are in {}; keep a copy in a safe, apart from the backups.", file.display()))
}

/// Writes a new signing key from the system's randomness.
///
/// # Errors
/// When there is one already or it cannot be written.
pub fn new_signing_key(file: &Path) -> anyhow::Result<String> {
    let mut random = [0; 32];
    SystemEntropy.fill(&mut random);
    let key = SigningKey::generate(&random)?;
    key.write_new(file)?;
    Ok(format!(
        "A new signing key is in {}; keep a copy in a safe. Make its public half known where nobody of this house can change \
         it:\n{}",
        file.display(),
        key.public()
    ))
}

/// Adds a key that does not seal yet.
///
/// # Errors
/// When the file cannot be read or written, or is open to other accounts.
pub fn add(file: &Path) -> anyhow::Result<String> {
    let mut random = [0; 16];
    SystemEntropy.fill(&mut random);
    let (keys, id) = Keys::read(file)?.with_one_more(&random)?;
    keys.replace(file)?;
    Ok(format!(
        "Key {id} was added. Copy {0} to the safe and to every node, restart the nodes one by one, then run: jinban admin \
         use-key {0} {id}",
        file.display()
    ))
}

/// Lets a key seal from now on.
///
/// # Errors
/// As with [`add`], or when there is no such key.
pub fn make_current(file: &Path, key: u16) -> anyhow::Result<String> {
    Keys::read(file)?.make_current(KeyId(key))?.replace(file)?;
    Ok(format!(
        "Key {key} seals from the next start on. Copy {} to the safe and to every node and restart the nodes; what older \
         keys sealed is renewed while they serve.",
        file.display()
    ))
}

/// Takes an old key out.
///
/// # Errors
/// As with [`make_current`], or when the key is the current one.
pub fn take_out(file: &Path, key: u16) -> anyhow::Result<String> {
    Keys::read(file)?.without(KeyId(key))?.replace(file)?;
    Ok(format!(
        "Key {key} was taken out of {}. Keep the old file in the safe as long as backups from its time are kept.",
        file.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::seal::Sealer;

    #[test]
    fn a_signing_key_is_made_once_and_its_public_half_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("signing-key");
        let told = new_signing_key(&file).unwrap();
        assert!(told.ends_with(&SigningKey::read(&file).unwrap().public().to_string()), "{told}");
        assert!(new_signing_key(&file).is_err(), "a second one would lose the first");
    }

    #[test]
    fn a_key_is_retired_step_by_step_and_no_step_leaves_a_value_that_cannot_be_opened() {
        let folder = std::env::temp_dir().join(format!("jinban-keys-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("keys");
        let _ = std::fs::remove_file(&file);
        let sealer = || Sealer::new(Keys::read(&file).unwrap());
        new(&file).unwrap();
        assert!(new(&file).is_err(), "a second one would lose the first");
        let old = sealer().seal("person.name", "张三", [1; 12]);
        assert!(add(&file).unwrap().contains("use-key"));
        assert_eq!((sealer().current(), sealer().needs_reseal(&old)), (KeyId(1), false));
        make_current(&file, 2).unwrap();
        assert_eq!((sealer().current(), sealer().needs_reseal(&old)), (KeyId(2), true));
        assert_eq!(sealer().open("person.name", &old).unwrap(), "张三");
        assert!(
            make_current(&file, 3).is_err() && take_out(&file, 3).is_err() && take_out(&file, 2).is_err()
        );
        take_out(&file, 1).unwrap();
        assert!(sealer().open("person.name", &old).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
