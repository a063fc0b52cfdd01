//! Brings a bare Debian 12 to where the checks can run; installs only what is missing.

use std::path::Path;
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
];

/// Installs missing packages and the browser harness's two libraries.
pub fn install(root: &Path) -> Result<()> {
    let missing: Vec<&str> =
        PACKAGES.iter().filter(|(_, sign)| !succeeds(sign)).map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        say(&format!("installing {}", missing.join(", ")));
        let list = missing.join(" ");
        let script = format!(
            "export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && \
             apt-get install -y -qq --no-install-recommends {list} >/dev/null"
        );
        let status = Command::new("sh").args(["-c", &script]).status()?;
        ensure!(status.success(), "could not install {list}");
    }
    let e2e = root.join("e2e");
    let ready =
        ["playwright-core", "axe-core"].iter().all(|name| e2e.join("node_modules").join(name).is_dir());
    if !ready {
        let args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved"];
        let status = Command::new("npm").args(args).current_dir(&e2e).status()?;
        ensure!(status.success(), "npm ci failed in e2e");
    }
    Ok(())
}

fn succeeds(script: &str) -> bool {
    Command::new("sh").args(["-c", script]).output().is_ok_and(|out| out.status.success())
}
