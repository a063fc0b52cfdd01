//! A real ClamAV daemon for tests, with one signature of its own: that of the EICAR test file.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::free_port;
use crate::scan::Scanner;

/// The text of the EICAR test file, which every scanner knows and which does nothing. It stands here in two parts, so that
/// a scanner that looks at this source finds none.
#[must_use]
pub fn eicar() -> Vec<u8> {
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].concat().into_bytes()
}

/// A daemon that runs until it is dropped.
pub struct Clamd {
    folder: tempfile::TempDir,
    port: u16,
    running: Child,
}

impl Clamd {
    /// A fresh one; none, and a line that says so, where the program is not installed.
    #[expect(clippy::print_stdout, reason = "a skipped test must be visible in the output")]
    pub async fn start() -> Option<Self> {
        let Some(program) =
            ["/usr/sbin/clamd", "/usr/bin/clamd"].into_iter().find(|p| std::path::Path::new(p).exists())
        else {
            println!("skipped: ClamAV (install clamav-daemon)");
            return None;
        };
        let (folder, port) = (tempfile::tempdir().expect("a folder for the daemon"), free_port());
        let at = folder.path().display().to_string();
        std::fs::create_dir(folder.path().join("signatures")).expect("a folder for signatures");
        let signature = format!("Eicar-Test-Signature:0:*:{}\n", crate::hex::encode(&eicar()));
        std::fs::write(folder.path().join("signatures/eicar.ndb"), signature).expect("a signature");
        let settings = format!(
            "Foreground yes\nDatabaseDirectory {at}/signatures\nTemporaryDirectory {at}\nLocalSocket {at}/clamd.ctl\n\
             TCPSocket {port}\nTCPAddr 127.0.0.1\nStreamMaxLength 30M\n"
        );
        std::fs::write(folder.path().join("clamd.conf"), settings).expect("its settings");
        let running = Command::new(program)
            .arg("-c")
            .arg(folder.path().join("clamd.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the daemon starts");
        let clamd = Self { folder, port, running };
        for _ in 0..600 {
            if clamd.unix().reach().await.is_ok() && clamd.tcp().reach().await.is_ok() {
                return Some(clamd);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the daemon does not answer");
    }

    /// By its socket in the file system.
    #[must_use]
    pub fn unix(&self) -> Scanner {
        Scanner::Unix(self.folder.path().join("clamd.ctl"))
    }

    /// By its port.
    #[must_use]
    pub fn tcp(&self) -> Scanner {
        Scanner::Tcp(([127, 0, 0, 1], self.port).into())
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        let _ = self.running.kill();
        let _ = self.running.wait();
    }
}
