//! A browser, where the machine has one.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use super::command::run;

const DEADLINE: Duration = Duration::from_mins(2);
/// Without a network, a desktop or a user of its own.
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--window-size=1440,1000",
    "--virtual-time-budget=5000",
];

/// Chromium with a profile of its own.
#[derive(Debug)]
pub(crate) struct Chromium {
    profile: TempDir,
}

/// What became of a page.
#[derive(Debug)]
pub(crate) struct Visit {
    /// The document once its scripts have run.
    pub(crate) document: String,
    /// What the browser complained of or was told to say.
    pub(crate) console: Vec<String>,
}

impl Chromium {
    /// Chromium if it is installed; if not, says so loudly, or panics where `CI` is `true`.
    pub(crate) fn find() -> Option<Self> {
        let mut command = Command::new("chromium");
        command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        if command.status().is_ok_and(|status| status.success()) {
            return Some(Self { profile: tempfile::tempdir().unwrap() });
        }
        let missing = "chromium is not installed (apt-get install -y chromium)";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
        eprintln!("NOT RUN: {missing}");
        None
    }

    /// The document that `page` has become once its scripts have run.
    pub(crate) fn document(&self, page: &Path) -> String {
        run(self.command().arg("--dump-dom").arg(address(page)), DEADLINE).expect_success().stdout
    }

    /// What becomes of the page at `address`, for somebody who likes it dark or does not.
    pub(crate) fn visit(&self, address: &str, dark: bool) -> Visit {
        let scheme = format!("--blink-settings=preferredColorScheme={}", u8::from(!dark));
        let mut command = self.command();
        let ended = run(command.args(["--enable-logging=stderr", &scheme, "--dump-dom", address]), DEADLINE);
        let ended = ended.expect_success();
        let console = ended.stderr.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned);
        Visit { document: ended.stdout, console: console.collect() }
    }

    /// A picture of `page`, as PNG.
    pub(crate) fn picture(&self, page: &Path) -> Vec<u8> {
        let file = self.profile.path().join("picture.png");
        let flag = format!("--screenshot={}", file.display());
        run(self.command().arg(flag).arg(address(page)), DEADLINE).expect_success();
        fs::read(file).unwrap()
    }

    fn command(&self) -> Command {
        let mut command = Command::new("chromium");
        command.args(FLAGS).arg(format!("--user-data-dir={}", self.profile.path().join("profile").display()));
        command
    }
}

fn address(page: &Path) -> String {
    format!("file://{}", page.display())
}
