//! Where files are kept and who looks at uploads, from the configuration to the store.

use super::Config;
use anyhow::{Context, bail, ensure};
use std::path::Path;
use store::files::{Files, S3};
use store::scan::Scanner;

/// The folder of files in a data folder.
pub const FOLDER: &str = "files";

impl Config {
    /// Where the files are kept, with the scanner of uploads if one is set.
    ///
    /// # Errors
    /// With a sentence that says what to change.
    pub fn files(&self) -> anyhow::Result<Files> {
        let files = match self.s3()? {
            Some(place) => Files::s3(&place).context("The store of files cannot be used")?,
            None => Files::local(&self.data.join(FOLDER)).context("The folder of files cannot be opened")?,
        };
        Ok(match self.scanner()? {
            Some(scanner) => files.scanned_by(scanner),
            None => files,
        })
    }

    /// The same configuration with the files in the data folder.
    pub fn with_files_in_folder(self) -> Self {
        Self {
            files_endpoint: None,
            files_bucket: None,
            files_key_file: None,
            files_key_id: None,
            files_key_secret: None,
            ..self
        }
    }

    /// Refuses a way on which files could be read by others.
    pub(super) fn refuse_open_files(&self) -> anyhow::Result<()> {
        if let Some(place) = self.s3()? {
            ensure!(
                place.is_private().context("files_endpoint")?,
                "files_endpoint = \"{}\" leads to another machine without TLS: everybody on the way could read the files. \
                 Write https://…, with files_ca = \"/path/to/ca.pem\" when the authority is your own.",
                place.endpoint
            );
            Files::s3(&place).context("The store of files cannot be used")?;
        }
        if let Some(scanner) = self.scanner()? {
            ensure!(
                scanner.is_private(),
                "scanner = \"{scanner}\" is on another machine and the way there is not encrypted; run clamd on this machine \
                 and write unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310."
            );
        }
        Ok(())
    }

    fn scanner(&self) -> anyhow::Result<Option<Scanner>> {
        self.scanner.as_ref().map(|text| text.parse().context("scanner")).transpose()
    }

    fn s3(&self) -> anyhow::Result<Option<S3>> {
        let Some(endpoint) = self.files_endpoint.clone() else {
            ensure!(
                self.files_bucket.is_none() && self.files_key_file.is_none() && self.files_key_id.is_none(),
                "A bucket or an access key for files is set, but not where: set files_endpoint too."
            );
            return Ok(None);
        };
        let bucket = self.files_bucket.clone();
        let bucket = bucket.context("files_endpoint is set, but not in which bucket: set files_bucket.")?;
        let (key_id, secret) = self.access()?;
        Ok(Some(S3 {
            endpoint,
            bucket,
            region: self.files_region.clone(),
            key_id,
            secret,
            path_style: self.files_path_style,
            authority: self.files_ca.clone(),
        }))
    }

    fn access(&self) -> anyhow::Result<(String, String)> {
        match (&self.files_key_file, &self.files_key_id, &self.files_key_secret) {
            (Some(file), None, None) => access_in(file),
            (None, Some(id), Some(secret)) => Ok((id.clone(), secret.clone())),
            _ => bail!(
                "files_endpoint is set, but not how it is entered: set files_key_file = \"/path\" (two lines: the access key \
                 and its secret), or both JINBAN_FILES_KEY_ID and JINBAN_FILES_KEY_SECRET."
            ),
        }
    }
}

/// The access key and its secret, on a line each, in a file that only this account reads.
fn access_in(file: &Path) -> anyhow::Result<(String, String)> {
    let told = || format!("files_key_file {} cannot be read; check its path and its owner", file.display());
    let text = std::fs::read_to_string(file).with_context(told)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(file).with_context(told)?.permissions().mode();
        ensure!(
            mode & 0o077 == 0,
            "files_key_file {0} can be read by other accounts of this machine; close it: chmod 600 {0}",
            file.display()
        );
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines[..] {
        [id, secret] => Ok((id.to_owned(), secret.to_owned())),
        _ => bail!("files_key_file {} has two lines: the access key, and its secret.", file.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(config: &Config) -> Option<String> {
        config.refuse_open_files().err().map(|error| format!("{error:#}"))
    }

    fn at(endpoint: &str) -> Config {
        Config {
            files_endpoint: Some(endpoint.into()),
            files_bucket: Some("files".into()),
            files_key_id: Some("id".into()),
            files_key_secret: Some("hidden".into()),
            ..Config::default()
        }
    }

    #[test]
    fn files_go_to_another_machine_only_by_an_encrypted_way() {
        let error = refused(&at("http://oss.city")).unwrap();
        assert!(error.contains("https") && !error.contains("hidden"), "{error}");
        assert_eq!(refused(&at("https://oss.city")), None);
        assert_eq!(refused(&at("http://127.0.0.1:9000")), None);
        let without = Config { files_ca: Some("/nowhere/ca.pem".into()), ..at("https://oss.city") };
        assert!(refused(&without).unwrap().contains("/nowhere/ca.pem"));
        assert!(refused(&at("oss.city")).unwrap().contains("oss.city"));
        assert!(!format!("{:?}", at("https://oss.city")).contains("hidden"));
    }

    #[test]
    fn half_of_a_store_of_files_is_refused_with_what_is_missing() {
        let without_bucket = Config { files_bucket: None, ..at("https://oss.city") };
        assert!(refused(&without_bucket).unwrap().contains("files_bucket"));
        let without_secret = Config { files_key_secret: None, ..at("https://oss.city") };
        assert!(refused(&without_secret).unwrap().contains("files_key_file"));
        let without_place = Config { files_endpoint: None, ..at("https://oss.city") };
        assert!(refused(&without_place).unwrap().contains("files_endpoint"));
    }

    #[test]
    fn the_access_key_is_read_from_a_file_that_is_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("access");
        let config = Config {
            files_key_id: None,
            files_key_secret: None,
            files_key_file: Some(file.clone()),
            ..at("https://oss.city")
        };
        assert!(refused(&config).unwrap().contains("cannot be read"));
        std::fs::write(&file, "key\n secret \n").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let set = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            set(0o640);
            assert!(refused(&config).unwrap().contains("chmod 600"));
            set(0o600);
        }
        assert_eq!(refused(&config), None);
        let place = config.s3().unwrap().unwrap();
        assert_eq!((place.key_id.as_str(), place.secret.as_str()), ("key", "secret"));
        std::fs::write(&file, "key\n").unwrap();
        assert!(refused(&config).unwrap().contains("two lines"));
    }

    #[test]
    fn uploads_are_scanned_on_this_machine_only() {
        let with = |scanner: &str| refused(&Config { scanner: Some(scanner.into()), ..Config::default() });
        assert!(with("tcp:10.0.0.7:3310").unwrap().contains("another machine"));
        assert!(with("clamd").unwrap().contains("unix:/path"));
        assert_eq!(with("unix:/run/clamav/clamd.ctl"), None);
        assert_eq!(with("tcp:127.0.0.1:3310"), None);
    }
}
