//! Cleans up behind us whatever happens: a small shell that waits for our end of a pipe to close.
//!
//! The pipe closes when we are done, when a step panics, on ctrl-c and on kill -9 alike.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// Stops the database in the folder, if there is one, ends whatever else still works in it, and removes it.
const SCRIPT: &str = r#"trap '' INT TERM HUP
read -r _
if [ -f "$1/pg/postmaster.pid" ]; then
  kill -QUIT "$(head -n 1 "$1/pg/postmaster.pid")" 2>/dev/null
  n=0
  while [ -f "$1/pg/postmaster.pid" ] && [ "$n" -lt 50 ]; do sleep 0.1; n=$((n + 1)); done
fi
for process in /proc/[0-9]*; do
  case "$(readlink "$process/cwd" 2>/dev/null)" in "$1"|"$1"/*) kill -9 "${process#/proc/}" 2>/dev/null;; esac
done
rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }"#;

/// Holds the temporary folder of one run.
pub struct Caretaker {
    folder: PathBuf,
    shell: Child,
}

impl Caretaker {
    /// Makes the folder and starts the shell that will remove it.
    pub fn hire() -> Result<Caretaker> {
        let folder = std::env::temp_dir().join(format!("jinban-ci-{}", std::process::id()));
        std::fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let shell = Command::new("sh")
            .args(["-c", SCRIPT, "caretaker"])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .context("sh is needed")?;
        Ok(Caretaker { folder, shell })
    }

    /// The folder that is removed at the end.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Closes the pipe and waits until everything is gone.
    pub fn dismiss(mut self) -> Result<()> {
        drop(self.shell.stdin.take());
        self.shell.wait()?;
        ensure!(!self.folder.exists(), "{} is still there", self.folder.display());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_gone_after_dismissal() {
        let caretaker = Caretaker::hire().unwrap();
        let folder = caretaker.folder().to_path_buf();
        std::fs::write(folder.join("file"), "x").unwrap();
        let mut left = Command::new("sleep").arg("600").current_dir(&folder).spawn().unwrap();
        caretaker.dismiss().unwrap();
        assert!(!folder.exists());
        assert!(!left.wait().unwrap().success(), "what still worked in it has ended");
    }
}
