//! A real S3 server for tests: the gateway of JuiceFS, which checks signatures as any store does, over a folder of its own.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::files::S3;

/// The environment variable with the path of the program `juicefs`.
pub const S3_PROGRAM: &str = "TEST_S3_PROGRAM";

const KEY_ID: &str = "jinban-test";
const SECRET: &str = "a-secret-of-the-tests";
const BUCKET: &str = "jinban-files";

/// A server that runs until it is dropped.
pub struct S3Server {
    program: String,
    folder: tempfile::TempDir,
    port: u16,
    running: Option<Child>,
}

impl S3Server {
    /// A fresh one; none, and a line that says so, when the program is not given.
    #[must_use]
    #[expect(clippy::print_stdout, reason = "a skipped test must be visible in the output")]
    pub fn start() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this")]
        let Some(program) = std::env::var(S3_PROGRAM).ok().filter(|path| !path.is_empty()) else {
            println!("skipped: S3 (set {S3_PROGRAM})");
            return None;
        };
        let mut server = Self {
            program,
            folder: tempfile::tempdir().expect("a folder for the S3 server"),
            port: free_port(),
            running: None,
        };
        let kept = server.folder.path().join("kept");
        std::fs::create_dir(&kept).expect("a folder for its files");
        let made = server
            .command("format")
            .args(["--storage", "file", "--trash-days", "0", "--bucket"])
            .arg(format!("{}/", kept.display()))
            .args([&server.database(), BUCKET])
            .status();
        assert!(made.expect("the S3 program starts").success(), "no bucket was made");
        server.go_on();
        Some(server)
    }

    /// Ends it from one moment to the next.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Lets it serve again, what it keeps, at the same address.
    pub fn go_on(&mut self) {
        let cache = self.folder.path().join("cache");
        let child = self
            .command("gateway")
            .args(["--no-banner", "--no-usage-report", "--backup-meta", "0", "--metrics", "127.0.0.1:0"])
            .arg("--log")
            .arg(self.folder.path().join("log"))
            .arg("--cache-dir")
            .arg(cache)
            .args([&self.database(), &format!("127.0.0.1:{}", self.port)])
            .env("MINIO_ROOT_USER", KEY_ID)
            .env("MINIO_ROOT_PASSWORD", SECRET)
            .spawn();
        self.running = Some(child.expect("the S3 program starts"));
        let open = || TcpStream::connect(("127.0.0.1", self.port)).is_ok();
        for _ in 0..600 {
            if open() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the S3 server does not listen");
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its bucket, and how it is entered.
    #[must_use]
    pub fn place(&self) -> S3 {
        S3 {
            endpoint: format!("http://127.0.0.1:{}", self.port),
            bucket: BUCKET.into(),
            region: "us-east-1".into(),
            key_id: KEY_ID.into(),
            secret: SECRET.into(),
            path_style: true,
            authority: None,
        }
    }

    fn database(&self) -> String {
        format!("sqlite3://{}", self.folder.path().join("meta.db").display())
    }

    fn command(&self, what: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(what).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A port that nobody listens on.
///
/// # Panics
/// When the machine has none.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its number").port()
}
