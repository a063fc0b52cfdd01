//! `cargo xtask deb`: the Debian package, put together with dpkg-deb and nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::say;

/// What lies where in the package: from the project, to the machine, with which rights.
const FILES: &[(&str, &str, u32)] = &[
    ("packaging/jinban.toml", "etc/jinban/jinban.toml", 0o640),
    ("packaging/jinban.service", "usr/lib/systemd/system/jinban.service", 0o644),
    ("docs/runbook.md", "usr/share/doc/jinban/runbook.md", 0o644),
    ("docs/scaling.md", "usr/share/doc/jinban/scaling.md", 0o644),
    ("CHANGELOG.md", "usr/share/doc/jinban/CHANGELOG.md", 0o644),
    ("NOTICE", "usr/share/doc/jinban/NOTICE", 0o644),
    ("LICENSE", "usr/share/doc/jinban/copyright", 0o644),
    ("packaging/debian/conffiles", "DEBIAN/conffiles", 0o644),
    ("packaging/debian/postinst", "DEBIAN/postinst", 0o755),
    ("packaging/debian/prerm", "DEBIAN/prerm", 0o755),
    ("packaging/debian/postrm", "DEBIAN/postrm", 0o755),
];
/// What the program itself writes: its arguments, and where it goes.
const WRITTEN: &[(&[&str], &str)] = &[
    (&["man"], "usr/share/man/man1/jinban.1"),
    (&["completions", "bash"], "usr/share/bash-completion/completions/jinban"),
    (&["completions", "zsh"], "usr/share/zsh/vendor-completions/_jinban"),
    (&["completions", "fish"], "usr/share/fish/vendor_completions.d/jinban.fish"),
];

/// Builds the package: `deb [--profile NAME] [--root FOLDER]`; with a root it is installed there and tried.
pub fn command(root: &Path, words: &[String]) -> Result<bool> {
    let (mut profile, mut try_in) = ("dist".to_owned(), None);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let value = words.next().with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--profile" => profile.clone_from(value),
            "--root" => try_in = Some(PathBuf::from(value)),
            _ => bail!("usage: cargo xtask deb [--profile dist|release|dev] [--root CLEAN_DEBIAN]"),
        }
    }
    let program = build(root, &profile)?;
    let package = assemble(root, &program)?;
    say(&format!("{} is ready", package.display()));
    if let Some(clean) = try_in {
        try_out(&clean, &package)?;
        say("the package was installed, configured, served and removed in the clean root");
    }
    Ok(true)
}

fn build(root: &Path, profile: &str) -> Result<PathBuf> {
    run(Command::new("cargo").current_dir(root).args([
        "build",
        "--package",
        "server",
        "--profile",
        profile,
    ]))?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(root.join("target").join(folder).join("jinban"))
}

fn assemble(root: &Path, program: &Path) -> Result<PathBuf> {
    let version = output(Command::new(program).arg("version"))?;
    let version = version.trim().rsplit(' ').next().unwrap_or_default().to_owned();
    let architecture = output(Command::new("dpkg").arg("--print-architecture"))?.trim().to_owned();
    let out = root.join("target").join("deb");
    let tree = out.join("tree");
    if tree.exists() {
        fs::remove_dir_all(&tree)?;
    }
    put(&tree, "usr/bin/jinban", &fs::read(program)?, 0o755)?;
    for (from, to, mode) in FILES {
        let bytes = fs::read(root.join(from)).with_context(|| format!("{from} is missing"))?;
        put(&tree, to, &bytes, *mode)?;
    }
    for (arguments, to) in WRITTEN {
        let text = output(Command::new(program).args(*arguments))?;
        put(&tree, to, text.as_bytes(), 0o644)?;
    }
    run(Command::new("gzip").args(["-9n"]).arg(tree.join("usr/share/man/man1/jinban.1")))?;
    let control = fs::read_to_string(root.join("packaging/debian/control"))?;
    let control = control
        .replace("@VERSION@", &version)
        .replace("@ARCHITECTURE@", &architecture)
        .replace("@SIZE@", &(size(&tree)? / 1024).to_string())
        .replace("@DEPENDS@", &depends(program)?);
    put(&tree, "DEBIAN/control", control.as_bytes(), 0o644)?;
    let package = out.join(format!("jinban_{version}_{architecture}.deb"));
    run(Command::new("dpkg-deb").args(["--root-owner-group", "--build"]).arg(&tree).arg(&package))?;
    Ok(package)
}

/// The C library the program was linked against: no older one has all the functions it calls.
fn depends(program: &Path) -> Result<String> {
    let symbols = output(Command::new("objdump").arg("-T").arg(program))
        .or_else(|_| output(Command::new("readelf").args(["--dyn-syms", "--wide"]).arg(program)))?;
    Ok(format!(
        "libc6 (>= {}), libgcc-s1",
        newest_glibc(&symbols).context("no GLIBC version in the program")?
    ))
}

/// The highest `GLIBC_2.N` that is named.
fn newest_glibc(symbols: &str) -> Option<String> {
    let version = |rest: &str| -> Option<(u32, u32)> {
        let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let (major, minor) = digits.split_once('.')?;
        Some((major.parse().ok()?, minor.split('.').next()?.parse().ok()?))
    };
    let newest = symbols.split("GLIBC_").skip(1).filter_map(version).max()?;
    Some(format!("{}.{}", newest.0, newest.1))
}

fn put(tree: &Path, to: &str, bytes: &[u8], mode: u32) -> Result<()> {
    let path = tree.join(to);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, bytes)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
    Ok(())
}

fn size(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        sum += if about.is_dir() { size(&entry.path())? } else { about.len() };
    }
    Ok(sum)
}

/// What an operator does with it, in a root made by debootstrap: install, migrate, check, serve, ask, remove.
const TRIAL: &str = r#"set -e
apt-get install -y --no-install-recommends adduser >/dev/null
dpkg -i /tmp/jinban.deb
test "$(stat -c '%a %U' /etc/jinban/keys)" = "600 jinban"
as() { runuser -u jinban -- jinban "$@"; }
as check-config --config /etc/jinban/jinban.toml
as migrate --config /etc/jinban/jinban.toml
setpriv --reuid=jinban --regid=jinban --init-groups jinban serve --config /etc/jinban/jinban.toml 2>/tmp/log &
serving=$!
for n in $(seq 50); do
  perl -MIO::Socket::INET -e '
    my $s = IO::Socket::INET->new("127.0.0.1:9180") or exit 1;
    print $s "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"; exit(<$s> =~ / 200 / ? 0 : 1)' && break
  sleep 0.2
done
test "$n" -lt 50
as backup --config /etc/jinban/jinban.toml --to /var/lib/jinban/backup
kill -TERM $serving
wait $serving
as verify --config /etc/jinban/jinban.toml
gzip -t /usr/share/man/man1/jinban.1.gz
dpkg -r jinban
test ! -e /usr/bin/jinban && test -e /var/lib/jinban/jinban.db && test -e /etc/jinban/keys
"#;

fn try_out(clean: &Path, package: &Path) -> Result<()> {
    ensure!(
        clean.join("etc/debian_version").is_file(),
        "{} is no Debian; make it with debootstrap",
        clean.display()
    );
    fs::copy(package, clean.join("tmp/jinban.deb"))?;
    run(Command::new("chroot").arg(clean).args(["sh", "-c", TRIAL]))
}

fn output(command: &mut Command) -> Result<String> {
    let out =
        command.output().with_context(|| format!("{:?} could not be started", command.get_program()))?;
    ensure!(out.status.success(), "{command:?} ended with {}", out.status);
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

fn run(command: &mut Command) -> Result<()> {
    let status =
        command.status().with_context(|| format!("{:?} could not be started", command.get_program()))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_c_library_named_is_the_one_that_is_needed() {
        let symbols = "(GLIBC_2.2.5) malloc\n(GLIBC_2.34) pthread_create\n(GLIBC_2.9) pipe2\n(GCC_3.0) x\n";
        assert_eq!(newest_glibc(symbols).as_deref(), Some("2.34"));
        assert_eq!(newest_glibc("nothing"), None);
    }
}
